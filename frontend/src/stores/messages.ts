import { defineStore } from 'pinia'
import { reactive, shallowReactive } from 'vue'
import { faultOf, type Fault } from '@/api/fault'
import * as api from '@/api/messages'
import type { Message, MessageVersion } from '@/api/nouns'
import type { EventFrame } from '@/live/frames'
import { Recent } from '@/timeline/recent'
import { apply, blank, find, merge, put, type Side, type Timeline } from '@/timeline/timeline'

const pageSize = 50
// Messages known by themselves, because others answer them or a thread pins them.
const keptSingles = 200
// Threads kept ready besides the open one, and how much of each.
const keptThreads = 12
const keptMessages = 200

type Busy = Partial<Record<Side, boolean>>

/** A page that could not be read, and why. */
export interface Missed {
  readonly side: Side
  readonly place: api.Place
  readonly fault: Fault
}

/** Whether a page still lies where it was asked for. */
function fits({ messages }: Timeline, side: Side, { before, after }: api.Place): boolean {
  if (side === 'anew') return true
  return side === 'older' ? messages[0]?.id === before : messages.at(-1)?.id === after
}

/** What has been read of each thread; the rules are in timeline/. */
export const useMessages = defineStore('messages', () => {
  const timelines = shallowReactive(new Map<number, Timeline>())
  const busy = reactive(new Map<number, Busy>())
  const missed = shallowReactive(new Map<number, Missed>())
  const classOf = new Map<number, number>()
  const asked = new Map<number, AbortController>()
  const recent = new Recent()
  const singles = shallowReactive(new Map<number, Message>())
  const seeking = new Set<number>()

  const of = (threadId: number): Timeline => timelines.get(threadId) ?? blank(threadId)
  const isBusy = (threadId: number, side: Side) => busy.get(threadId)?.[side] === true

  function set(timeline: Timeline): void {
    if (timelines.get(timeline.threadId) !== timeline) timelines.set(timeline.threadId, timeline)
  }

  async function fetch(classId: number, threadId: number, side: Side, place: api.Place): Promise<void> {
    classOf.set(threadId, classId)
    if (side === 'anew') {
      asked.get(threadId)?.abort()
      asked.set(threadId, new AbortController())
      // What was on its way is void, and does not say that it has ended.
      busy.delete(threadId)
    } else if (isBusy(threadId, side) || isBusy(threadId, 'anew')) return
    const signal = asked.get(threadId)?.signal
    busy.set(threadId, { ...busy.get(threadId), [side]: true })
    missed.delete(threadId)
    try {
      const page = await api.page(classId, threadId, place, pageSize, signal)
      // What it was asked for may have been let go meanwhile: it would stand before a hole.
      if (!signal?.aborted && fits(of(threadId), side, place)) set(merge(of(threadId), page, side, recent.of(classId)))
    } catch (thrown) {
      if (!signal?.aborted) missed.set(threadId, { side, place, fault: faultOf(thrown) })
    } finally {
      if (!signal?.aborted) busy.set(threadId, { ...busy.get(threadId), [side]: false })
    }
  }

  /** Makes the newest of a thread ready, or what is around a message. */
  async function open(classId: number, threadId: number, around?: number): Promise<void> {
    const timeline = of(threadId)
    if (timeline.loaded && (around === undefined ? !timeline.hasNewer : find(timeline, around))) return
    await fetch(classId, threadId, 'anew', around === undefined ? {} : { around })
  }

  /** Throws away what is there and reads the newest. */
  const newest = (classId: number, threadId: number) => fetch(classId, threadId, 'anew', {})

  async function older(classId: number, threadId: number): Promise<void> {
    const timeline = of(threadId)
    const first = timeline.messages[0]
    if (timeline.loaded && timeline.hasOlder && first) await fetch(classId, threadId, 'older', { before: first.id })
  }

  async function newer(classId: number, threadId: number): Promise<void> {
    const timeline = of(threadId)
    const last = timeline.messages.at(-1)
    if (timeline.loaded && timeline.hasNewer && last) await fetch(classId, threadId, 'newer', { after: last.id })
  }

  function applied(event: EventFrame): void {
    recent.add(event)
    rewrite(event)
    for (const [threadId, timeline] of timelines) {
      if (classOf.get(threadId) === event.class_id) set(apply(timeline, event))
    }
  }

  /** Takes a message that an answer brought, which may be sooner than its event. */
  function took(message: Message): void {
    const timeline = timelines.get(message.thread_id)
    if (timeline) set(put(timeline, message))
    if (singles.has(message.id)) singles.set(message.id, message)
  }

  function rewrite(event: EventFrame): void {
    if ((event.type === 'message.edited' || event.type === 'message.deleted') && singles.has(event.data.id)) singles.set(event.data.id, event.data)
  }

  /** The thread is not looked at any more: keep its end, and not all threads. */
  function leave(threadId: number): void {
    const timeline = timelines.get(threadId)
    if (timeline && timeline.messages.length > keptMessages) {
      if (timeline.hasNewer) timelines.delete(threadId)
      else set({ ...timeline, messages: timeline.messages.slice(-keptMessages), hasOlder: true })
    }
    for (const id of [...timelines.keys()].slice(0, -keptThreads)) if (id !== threadId) timelines.delete(id)
  }

  /** What is known of the class is void. What is kept in view ends in a hole, behind which nothing is put before it is read again. */
  function reset(classId: number, keep?: number): void {
    recent.forget(classId)
    for (const [id, message] of singles) if (message.class_id === classId) singles.delete(id)
    for (const [threadId, timeline] of timelines) {
      if (classOf.get(threadId) !== classId) continue
      if (threadId === keep) set({ ...timeline, hasNewer: true })
      else timelines.delete(threadId)
    }
  }

  function restore(classId: number, timeline: Timeline): void {
    classOf.set(timeline.threadId, classId)
    asked.set(timeline.threadId, new AbortController())
    set(timeline)
  }

  /** Takes the answer to a change, unless the message was changed here meanwhile: then the answer may be older, and its event tells the same. */
  async function answered({ thread_id, id }: Message, answer: Promise<Message>): Promise<void> {
    const before = one(thread_id, id)
    const message = await answer
    if (one(thread_id, id) === before) took(message)
  }

  const edit = (message: Message, content: string) => answered(message, api.edit(message.class_id, message.thread_id, message.id, content))

  const remove = (message: Message) => answered(message, api.remove(message.class_id, message.thread_id, message.id))

  function react(message: Message, emoji: string, on: boolean): Promise<void> {
    const call = on ? api.react : api.unreact
    return answered(message, call(message.class_id, message.thread_id, message.id, emoji))
  }

  function versions(message: Message): Promise<MessageVersion[]> {
    return api.versions(message.class_id, message.thread_id, message.id)
  }

  /** One message by itself, for what answers it or pins it; as it now is, once it is known. */
  const one = (threadId: number, id: number): Message | undefined => find(of(threadId), id) ?? singles.get(id)

  /** Reads a message that is not known; what cannot be read stays unknown. */
  async function seek(classId: number, threadId: number, id: number): Promise<void> {
    if (seeking.has(id) || one(threadId, id)) return
    seeking.add(id)
    try {
      singles.set(id, await api.get(classId, threadId, id))
      // It may have been changed since it was read.
      recent.of(classId).forEach(rewrite)
      for (const old of [...singles.keys()].slice(0, -keptSingles)) singles.delete(old)
    } catch {
      // Offline or gone: what asks for it shows that it is not here.
    } finally {
      seeking.delete(id)
    }
  }

  function clear(): void {
    for (const one of asked.values()) one.abort()
    asked.clear()
    timelines.clear()
    busy.clear()
    missed.clear()
    singles.clear()
    recent.forget()
  }

  return { timelines, missed, of, isBusy, open, newest, older, newer, applied, took, leave, reset, restore, edit, remove, react, versions, one, seek, clear, classOf }
})
