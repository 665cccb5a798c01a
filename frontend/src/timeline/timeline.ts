import type { Message, MessagePage, ReactionChange } from '@/api/nouns'
import type { EventFrame } from '@/live/frames'

/**
 * An unbroken stretch of a thread, oldest first, as (state, event) → state.
 * Every function gives back its argument when nothing changes.
 */
export interface Timeline {
  readonly threadId: number
  /** In the order of their numbers, without holes. */
  readonly messages: readonly Message[]
  readonly hasOlder: boolean
  /** The stretch does not reach the newest: new messages do not belong at its end. */
  readonly hasNewer: boolean
  readonly loaded: boolean
}

export function blank(threadId: number): Timeline {
  return { threadId, messages: [], hasOlder: true, hasNewer: false, loaded: false }
}

/** Where the page lies: in place of what was there, or at one of its ends. */
export type Side = 'anew' | 'older' | 'newer'

/**
 * Takes in a page. `since` holds the class's recent events: those after the
 * page's own number may not be in its rows and are applied to it again, which
 * is harmless where they are.
 */
export function merge(timeline: Timeline, page: MessagePage, side: Side, since: readonly EventFrame[]): Timeline {
  const joined = join(timeline, page, side)
  return since.filter((event) => event.seq > page.seq).reduce(apply, joined)
}

function join(timeline: Timeline, page: MessagePage, side: Side): Timeline {
  const { threadId } = timeline
  switch (side) {
    case 'anew':
      return { threadId, messages: page.items, hasOlder: page.has_older, hasNewer: page.has_newer, loaded: true }
    case 'older': {
      const first = timeline.messages[0]?.seq ?? Infinity
      const older = page.items.filter((message) => message.seq < first)
      return { ...timeline, messages: [...older, ...timeline.messages], hasOlder: page.has_older }
    }
    case 'newer': {
      const last = timeline.messages.at(-1)?.seq ?? 0
      const newer = page.items.filter((message) => message.seq > last)
      return { ...timeline, messages: [...timeline.messages, ...newer], hasNewer: page.has_newer }
    }
    default:
      return side satisfies never
  }
}

/** Applies one event of the class; those of other threads change nothing. */
export function apply(timeline: Timeline, event: EventFrame): Timeline {
  switch (event.type) {
    case 'message.created':
      return event.data.thread_id === timeline.threadId ? put(timeline, event.data) : timeline
    case 'message.edited':
    case 'message.deleted':
      return event.data.thread_id === timeline.threadId ? replace(timeline, event.data) : timeline
    case 'reaction.added':
    case 'reaction.removed':
      return event.data.thread_id === timeline.threadId ? react(timeline, event.data, event.type === 'reaction.added') : timeline
    case 'thread.created':
    case 'thread.changed':
    case 'thread.deleted':
    case 'member.joined':
    case 'member.changed':
    case 'member.left':
    case 'class.changed':
    case 'class.deleted':
    case 'code.created':
    case 'code.changed':
    case 'hidden':
      return timeline
    default:
      return (event satisfies never, timeline)
  }
}

/** Puts a message in its place; one that is there already is replaced. */
export function put(timeline: Timeline, message: Message): Timeline {
  const { messages } = timeline
  if (!timeline.loaded) return timeline
  const at = place(messages, message.seq)
  if (messages[at]?.id === message.id) return replaceAt(timeline, at, message)
  // Outside of the stretch: it comes with the page that holds its neighbours.
  if (at === messages.length && timeline.hasNewer) return timeline
  if (at === 0 && timeline.hasOlder && messages.length > 0) return timeline
  return { ...timeline, messages: [...messages.slice(0, at), message, ...messages.slice(at)] }
}

export function find(timeline: Timeline, id: number): Message | undefined {
  const at = indexOf(timeline, id)
  return at < 0 ? undefined : timeline.messages[at]
}

export function indexOf(timeline: Timeline, id: number): number {
  return timeline.messages.findLastIndex((message) => message.id === id)
}

function replace(timeline: Timeline, message: Message): Timeline {
  const at = place(timeline.messages, message.seq)
  return timeline.messages[at]?.id === message.id ? replaceAt(timeline, at, message) : timeline
}

function replaceAt(timeline: Timeline, at: number, message: Message): Timeline {
  const old = timeline.messages[at]
  // Only its speaker is told the client's own id, and not by every event.
  const next = old?.client_id && !message.client_id ? { ...message, client_id: old.client_id } : message
  return { ...timeline, messages: timeline.messages.with(at, next) }
}

function react(timeline: Timeline, change: ReactionChange, added: boolean): Timeline {
  const at = indexOf(timeline, change.message_id)
  const message = timeline.messages[at]
  if (!message) return timeline
  const reactions = reacted(message.reactions, change, added)
  return reactions === message.reactions ? timeline : { ...timeline, messages: timeline.messages.with(at, { ...message, reactions }) }
}

function reacted(reactions: Message['reactions'], { emoji, user_id }: ReactionChange, added: boolean): Message['reactions'] {
  const at = reactions.findIndex((reaction) => reaction.emoji === emoji)
  const reaction = reactions[at]
  if (!reaction) return added ? [...reactions, { emoji, user_ids: [user_id] }] : reactions
  if (reaction.user_ids.includes(user_id) === added) return reactions
  const user_ids = added ? [...reaction.user_ids, user_id] : reaction.user_ids.filter((id) => id !== user_id)
  return user_ids.length ? reactions.with(at, { emoji, user_ids }) : reactions.filter((other) => other !== reaction)
}

/** The first index whose number is not below `seq`. */
function place(messages: readonly Message[], seq: number): number {
  let low = 0
  let high = messages.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((messages[middle]?.seq ?? 0) < seq) low = middle + 1
    else high = middle
  }
  return low
}
