import type { Message } from '@/api/nouns'
import type { Entry } from '@/outbox/entry'

interface Placed {
  key: string
  /** The first of its speaker's group: it shows who speaks. */
  head: boolean
  /** The first of its day. */
  day: boolean
  /** What the reader has not seen begins here. */
  fresh: boolean
}

export interface StartRow {
  kind: 'start'
  key: string
}
export interface MessageRow extends Placed {
  kind: 'message'
  message: Message
}
export interface EntryRow extends Placed {
  kind: 'entry'
  entry: Entry
}
export type Row = StartRow | MessageRow | EntryRow

// Messages of one speaker within this long are one group.
const groupMs = 5 * 60_000

interface Before {
  speaker: number
  at: number
  reply: boolean
}

export interface Scene {
  messages: readonly Message[]
  entries: readonly Entry[]
  /** The whole thread is here from its beginning. */
  complete: boolean
  /** The new line stands after this number; nothing for no line. */
  freshAfter: number | undefined
  me: number
}

/** Lays out a thread: what stands in which row, and what is shown around it. */
export function rows(scene: Scene): Row[] {
  const { messages, entries, complete, freshAfter, me } = scene
  const result: Row[] = complete ? [{ kind: 'start', key: 'start' }] : []
  const stored = new Set<string>()
  let before: Before | undefined
  let drawn = freshAfter === undefined

  function place(speaker: number, written: string, reply: boolean, fresh: boolean): Omit<Placed, 'key'> {
    const at = Date.parse(written)
    const day = !before || !sameDay(before.at, at)
    const head = day || fresh || reply || before?.speaker !== speaker || at - (before?.at ?? 0) > groupMs
    before = { speaker, at, reply }
    return { head, day, fresh }
  }

  for (const message of messages) {
    if (message.client_id && message.speaker_id === me) stored.add(message.client_id)
    const fresh = !drawn && message.seq > (freshAfter ?? 0) && message.speaker_id !== me
    drawn ||= fresh
    const placed = place(message.speaker_id, message.created_at, message.reply_to !== undefined, fresh)
    result.push({ kind: 'message', key: keyOf(message, me), message, ...placed })
  }
  for (const entry of entries) {
    if (stored.has(entry.client_id)) continue
    result.push({ kind: 'entry', key: entry.client_id, entry, ...place(me, entry.written_at, entry.reply_to !== undefined, false) })
  }
  return result
}

/** One's own keep their row when they are stored. */
function keyOf(message: Message, me: number): string {
  return message.client_id && message.speaker_id === me ? message.client_id : `m${message.id}`
}

let dayStart = 0
let dayEnd = 0

/** Whether both fall on one local day; the last day is kept, since most rows share it. */
function sameDay(a: number, b: number): boolean {
  if (b < dayStart || b >= dayEnd) {
    const day = new Date(b)
    dayStart = new Date(day.getFullYear(), day.getMonth(), day.getDate()).getTime()
    dayEnd = new Date(day.getFullYear(), day.getMonth(), day.getDate() + 1).getTime()
  }
  return a >= dayStart && a < dayEnd
}
