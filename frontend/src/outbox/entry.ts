import type { ClassFile } from '@/api/nouns'

/** A message on its way: written, and not yet known to be stored. */
export interface Entry {
  /** Gives the order in which they were written, in all tabs together. */
  readonly order: number
  readonly user_id: number
  readonly class_id: number
  readonly thread_id: number
  /** Made once; every try carries it, so that however many arrive, one is stored. */
  readonly client_id: string
  readonly content: string
  readonly reply_to?: number
  /** On the server already, and not of any message yet. */
  readonly files?: readonly ClassFile[]
  readonly written_at: string
  readonly state: 'waiting' | 'failed'
  /** Why it failed: the code, and what the server said of it. */
  readonly code?: number
  readonly detail?: string
}

export type Draft = Omit<Entry, 'order'>

/** What a try came to. */
export type Outcome =
  | { kind: 'stored' }
  /** Not now: the same again after `wait` milliseconds. */
  | { kind: 'again'; wait: number }
  /** Nobody there: the same again when somebody is. */
  | { kind: 'away' }
  /** Never: tell the writer why. */
  | { kind: 'refused'; code: number; detail: string }

export interface Reply {
  status: boolean
  code: number
  msg?: string
  retry_after?: number
}

/** Reads the server's answer to a try. */
export function outcome(reply: Reply, tries: number): Outcome {
  if (reply.status) return { kind: 'stored' }
  switch (reply.code) {
    case 120: // too many messages
    case 138:
      return { kind: 'again', wait: Math.max(250, (reply.retry_after ?? 1) * 1000) }
    case 128: // storage unavailable
    case 140: // busy
      return { kind: 'again', wait: Math.max((reply.retry_after ?? 0) * 1000, Math.min(15_000, 1000 * 2 ** tries)) }
    case 129: // internal error: perhaps this very message's fault, so not for ever
      if (tries < 4) return { kind: 'again', wait: 1000 * 2 ** tries }
      break
    case 130: // signed out: it is sent when the same user is back
      return { kind: 'away' }
  }
  return { kind: 'refused', code: reply.code, detail: reply.msg ?? '' }
}

/** The next to send: the first written that still waits. */
export function next(entries: readonly Entry[]): Entry | undefined {
  let first: Entry | undefined
  for (const entry of entries) {
    if (entry.state === 'waiting' && (!first || entry.order < first.order)) first = entry
  }
  return first
}

/** A random id, also where the page is not a secure context (plain http in a school's LAN). */
export function clientId(source: Pick<Crypto, 'getRandomValues'> & Partial<Pick<Crypto, 'randomUUID'>> = crypto): string {
  if (typeof source.randomUUID === 'function') return source.randomUUID()
  const bytes = source.getRandomValues(new Uint8Array(16))
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
