import type { ClassFile, Message, MessagePage } from '@/api/nouns'
import type { EventFrame } from '@/live/frames'
import type { Chance } from './random'

export const classId = 1
export const threadId = 7
const at = '2026-03-02T09:00:00.000Z'

export function message(id: number, seq: number, more: Partial<Message> = {}): Message {
  return {
    id,
    class_id: classId,
    thread_id: threadId,
    seq,
    speaker_id: 2,
    speaker_name: 'Bob',
    speaker_role: 'student',
    content: `message ${id}`,
    created_at: at,
    reactions: [],
    files: [],
    ...more,
  }
}

export function file(id: number, more: Partial<ClassFile> = {}): ClassFile {
  return {
    id,
    class_id: classId,
    user_id: 2,
    name: `sheet ${id}.pdf`,
    media_type: 'application/pdf',
    size: 1000,
    received: 1000,
    ready: true,
    created_at: at,
    ...more,
  }
}

export const picture = (id: number, more: Partial<ClassFile> = {}) => file(id, { name: `photo ${id}.jpg`, media_type: 'image/jpeg', width: 1600, height: 1200, ...more })

type Changed = { type: 'created' | 'edited' | 'deleted'; id: number } | { type: 'added' | 'removed'; id: number; emoji: string; user: number } | { type: 'hidden' }

/**
 * The promises of the server, without a server: changes numbered without
 * holes, told as the rows are when they are told, replayed or resynced.
 */
export class FakeServer {
  private readonly rows: Message[] = []
  private readonly log: Changed[] = []
  private files = 0

  constructor(
    private readonly chance: Chance,
    private readonly replayMost = 20,
  ) {}

  get head(): number {
    return this.log.length
  }

  all(): Message[] {
    return structuredClone(this.rows)
  }

  /** Anything that may happen in a class. */
  change(): void {
    const row = this.rows.length ? this.chance.pick(this.rows) : undefined
    const what = this.chance.next()
    const seq = this.head + 1
    if (!row || what < 0.55) {
      const id = this.rows.length + 1
      const files = Array.from({ length: this.chance.happens(0.2) ? 1 + this.chance.below(3) : 0 }, () => {
        const one = this.chance.happens(0.5) ? picture : file
        return one(++this.files, { message_id: id, thread_id: threadId })
      })
      this.rows.push(message(id, seq, { files }))
      this.log.push({ type: 'created', id })
    } else if (what < 0.68) {
      row.content = `edited ${seq}`
      row.edited_at = at
      this.log.push({ type: 'edited', id: row.id })
    } else if (what < 0.74) {
      row.content = ''
      row.deleted_at = at
      row.reactions = []
      row.files = []
      this.log.push({ type: 'deleted', id: row.id })
    } else if (what < 0.94) this.react(row)
    else this.log.push({ type: 'hidden' })
  }

  private react(row: Message): void {
    const emoji = this.chance.pick(['👍', '🎉'])
    const user = this.chance.below(4)
    const reaction = row.reactions.find((one) => one.emoji === emoji)
    if (reaction?.user_ids.includes(user)) {
      reaction.user_ids = reaction.user_ids.filter((one) => one !== user)
      row.reactions = row.reactions.filter((one) => one.user_ids.length)
      this.log.push({ type: 'removed', id: row.id, emoji, user })
    } else {
      if (reaction) reaction.user_ids.push(user)
      else row.reactions.push({ emoji, user_ids: [user] })
      this.log.push({ type: 'added', id: row.id, emoji, user })
    }
  }

  /** The event as it is told now: of the row as it is now. */
  event(seq: number): EventFrame {
    const changed = this.log[seq - 1]
    if (!changed) throw new Error(`no event ${seq}`)
    const frame = { op: 'event' as const, class_id: classId, seq, at }
    if (changed.type === 'hidden') return { ...frame, type: 'hidden' }
    if (changed.type === 'added' || changed.type === 'removed') {
      return {
        ...frame,
        type: changed.type === 'added' ? 'reaction.added' : 'reaction.removed',
        data: { message_id: changed.id, thread_id: threadId, emoji: changed.emoji, user_id: changed.user },
      }
    }
    const row = this.rows.find((one) => one.id === changed.id)
    if (!row) throw new Error('no row')
    const type = ({ created: 'message.created', edited: 'message.edited', deleted: 'message.deleted' } as const)[changed.type]
    return { ...frame, type, data: structuredClone(row) }
  }

  /** What answers hello: the missed events, or that there are too many. */
  since(seq: number): EventFrame[] | 'resync' {
    if (this.head - seq > this.replayMost) return 'resync'
    return Array.from({ length: this.head - seq }, (_, n) => this.event(seq + n + 1))
  }

  /** What was sent and not deleted, the newest first. */
  filed(): ClassFile[] {
    return structuredClone(this.rows.flatMap((row) => row.files)).toSorted((a, b) => b.id - a.id)
  }

  page(before?: number, limit = 10): MessagePage {
    const older = this.rows.filter((row) => before === undefined || row.id < before)
    return {
      items: structuredClone(older.slice(-limit)),
      has_older: older.length > limit,
      has_newer: before !== undefined,
      seq: this.head,
    }
  }
}
