export interface components {
  schemas: {
    User: { id: number; name: string; role: 'admin' | 'teacher' | 'student'; hue: number; locale: '' | 'en' | 'zh-CN'; email?: string; created_at: string; disabled_at?: string }
    Session: { id: number; user_id: number; my_device: boolean; agent: string; created_at: string; last_seen_at: string; expires_at: string; current: boolean }
    Token: { id: number; user_id: number; name: string; scopes: ('read' | 'write' | 'push' | 'manage')[]; class_ids: number[]; created_at: string; expires_at?: string; last_used_at?: string; secret?: string }
    Class: {
      id: number; name: string; description: string; hue: number; students_open_threads: boolean; students_see_presence: boolean
      seq: number; created_by: number; created_at: string; archived_at?: string; deleted_at?: string
      role?: 'owner' | 'teacher' | 'assistant' | 'student'; member_count?: number; unread?: number
    }
    Member: { class_id: number; user_id: number; name: string; hue: number; role: 'owner' | 'teacher' | 'assistant' | 'student'; joined_at: string; muted_until?: string; left_at?: string }
    JoinCode: { id: number; class_id: number; code: string; role: 'teacher' | 'assistant' | 'student'; created_by: number; created_at: string; expires_at: string; max_uses: number; uses: number; revoked_at?: string }
    Thread: {
      id: number; class_id: number; name: string; created_by: number; created_at: string; last_seq: number; last_message_id?: number; pinned_message_id?: number
      locked_at?: string; archived_at?: string; deleted_at?: string; read_seq?: number; unread?: number; last_message?: components['schemas']['Message']
    }
    Message: {
      id: number; class_id: number; thread_id: number; seq: number; speaker_id: number; speaker_name: string; speaker_role: 'owner' | 'teacher' | 'assistant' | 'student'
      content: string; client_id?: string; reply_to?: number; created_at: string; edited_at?: string; deleted_at?: string; deleted_by?: number; reactions: components['schemas']['Reaction'][]
    }
    Reaction: { emoji: string; user_ids: number[] }
    ReactionChange: { message_id: number; thread_id: number; emoji: string; user_id: number }
    MessageVersion: { id: number; message_id: number; content: string; written_at: string; replaced_at: string; replaced_by: number; reason: 'edited' | 'deleted' }
    AuditEntry: { id: number; at: string; actor_id: number; action: string; class_id?: number; subject_id?: number; detail: string }
    Problem: { type?: string; title?: string; status?: number; detail?: string; code: number; request_id?: string; retry_after?: number; errors?: { location?: string; message?: string }[] }
  }
}
