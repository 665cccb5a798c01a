import type { AuditEntry } from '@/api/nouns'

/** What the subject of an entry is, by the first word of its action. */
export function subjectKind(action: string): 'user' | 'class' | 'thread' | 'message' | 'token' | undefined {
  switch (action.split('.')[0]) {
    case 'user':
    case 'member':
      return 'user'
    case 'class':
      return 'class'
    case 'thread':
      return 'thread'
    case 'message':
      return 'message'
    case 'token':
      return 'token'
    default:
      return undefined
  }
}

/** The users whose names an entry needs. */
export function peopleIn(entry: AuditEntry): number[] {
  return subjectKind(entry.action) === 'user' && entry.subject_id !== undefined ? [entry.actor_id, entry.subject_id] : [entry.actor_id]
}

/** The key of an entry's sentence. */
export function audited({ action }: AuditEntry): string {
  return `audit.act_${action.replaceAll('.', '_')}`
}
