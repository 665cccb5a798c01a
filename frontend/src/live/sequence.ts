import type { EventFrame } from './frames'

/**
 * What has been applied of each class, and what came before its turn. Pure:
 * the timers and the socket are elsewhere.
 */
export interface Sequence {
  /** The last number applied, by class. */
  readonly heads: ReadonlyMap<number, number>
  /** Events that came early, by class and in order, until those before them are here. */
  readonly early: ReadonlyMap<number, readonly EventFrame[]>
}

export interface Step {
  readonly sequence: Sequence
  /** What may be applied now, in order. */
  readonly deliver: readonly EventFrame[]
  /** A number is missing: ask again if it does not come by itself. */
  readonly gap: boolean
  /** The event is of a class that nobody has told us of. */
  readonly stranger: boolean
}

// More than this is cheaper asked again than kept.
const earlyMost = 200

export const nothing: Sequence = { heads: new Map(), early: new Map() }

/** From now on events of the class count from `head`. */
export function begin(sequence: Sequence, classId: number, head: number): Step {
  const heads = new Map(sequence.heads)
  heads.set(classId, Math.max(head, heads.get(classId) ?? 0))
  return drain({ heads, early: sequence.early }, classId)
}

/** As begin, but whatever was known of the class is void. */
export function restart(sequence: Sequence, classId: number, head: number): Step {
  return begin(forget(sequence, classId), classId, head)
}

export function forget(sequence: Sequence, classId: number): Sequence {
  const heads = new Map(sequence.heads)
  const early = new Map(sequence.early)
  heads.delete(classId)
  early.delete(classId)
  return { heads, early }
}

/** Takes an event: the next is applied, a lower one ignored, a later one kept. */
export function receive(sequence: Sequence, event: EventFrame): Step {
  const head = sequence.heads.get(event.class_id)
  if (head === undefined) return { sequence, deliver: [], gap: false, stranger: true }
  if (event.seq <= head) return { sequence, deliver: [], gap: has(sequence, event.class_id), stranger: false }

  const waiting = sequence.early.get(event.class_id) ?? []
  if (event.seq !== head + 1 && waiting.length >= earlyMost) return { sequence, deliver: [], gap: true, stranger: false }
  const early = new Map(sequence.early)
  early.set(event.class_id, insert(waiting, event))
  return drain({ heads: sequence.heads, early }, event.class_id)
}

/** The classes of which the server has told us more than has arrived. */
export function behind(sequence: Sequence, heads: ReadonlyMap<number, number>): number[] {
  return [...heads].filter(([classId, head]) => head > (sequence.heads.get(classId) ?? Infinity)).map(([classId]) => classId)
}

function has(sequence: Sequence, classId: number): boolean {
  return (sequence.early.get(classId)?.length ?? 0) > 0
}

function insert(waiting: readonly EventFrame[], event: EventFrame): readonly EventFrame[] {
  const at = waiting.findIndex((other) => other.seq >= event.seq)
  if (at < 0) return [...waiting, event]
  if (waiting[at]?.seq === event.seq) return waiting
  return [...waiting.slice(0, at), event, ...waiting.slice(at)]
}

/** Takes from what came early whatever has its turn now. */
function drain(sequence: Sequence, classId: number): Step {
  let head = sequence.heads.get(classId) ?? 0
  const deliver: EventFrame[] = []
  const rest: EventFrame[] = []
  for (const event of sequence.early.get(classId) ?? []) {
    if (event.seq === head + 1) {
      deliver.push(event)
      head = event.seq
    } else if (event.seq > head) rest.push(event)
  }
  const heads = new Map(sequence.heads)
  heads.set(classId, head)
  const early = new Map(sequence.early)
  if (rest.length) early.set(classId, rest)
  else early.delete(classId)
  return { sequence: { heads, early }, deliver, gap: rest.length > 0, stranger: false }
}
