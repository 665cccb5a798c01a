import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import { faultOf, type Fault } from '@/api/fault'
import type { Message, ReadMark, Thread } from '@/api/nouns'
import * as api from '@/api/threads'
import { useClasses } from './classes'
import { useSession } from './session'

const unreadMost = 1000
// Several messages are often deleted in a row.
const countPause = 500

/** The threads of each class, and what is unread in them. */
export const useThreads = defineStore('threads', () => {
  const byClass = shallowRef<ReadonlyMap<number, ReadonlyMap<number, Thread>>>(new Map())
  const faults = shallowRef<ReadonlyMap<number, Fault>>(new Map())
  const loading = new Map<number, Promise<void>>()
  // What is told while a list is on its way may be newer than the list: it is
  // done once more when the list is here.
  const meanwhile = new Map<number, (() => void)[]>()
  const counting = new Map<number, ReturnType<typeof setTimeout>>()

  const loaded = (classId: number) => byClass.value.has(classId)
  const get = (classId: number | undefined, id: number | undefined) =>
    classId === undefined || id === undefined ? undefined : byClass.value.get(classId)?.get(id)

  /** The newest talk first; those put away last. */
  function list(classId: number): Thread[] {
    return [...(byClass.value.get(classId)?.values() ?? [])].sort(
      (a, b) => Number(!!a.archived_at) - Number(!!b.archived_at) || b.last_seq - a.last_seq || b.id - a.id,
    )
  }

  /** What is unread in a class: by its threads once they are here, else as the server counted. */
  function unread(classId: number): number {
    const threads = byClass.value.get(classId)
    if (!threads) return useClasses().get(classId)?.unread ?? 0
    let sum = 0
    for (const thread of threads.values()) if (!thread.archived_at) sum += thread.unread ?? 0
    return Math.min(sum, unreadMost)
  }

  function load(classId: number): Promise<void> {
    const running = loading.get(classId)
    if (running) return running
    const started = fetchAll(classId).finally(() => loading.delete(classId))
    loading.set(classId, started)
    return started
  }

  async function fetchAll(classId: number): Promise<void> {
    const told: (() => void)[] = []
    meanwhile.set(classId, told)
    try {
      const [open, archived] = await Promise.all([api.list(classId), api.list(classId, { archived: true })])
      meanwhile.delete(classId)
      set(classId, new Map([...open, ...archived].map((thread) => [thread.id, thread])))
      for (const again of told) again()
      setFault(classId, undefined)
    } catch (thrown) {
      setFault(classId, faultOf(thrown))
    } finally {
      meanwhile.delete(classId)
    }
  }

  function setFault(classId: number, fault: Fault | undefined): void {
    const next = new Map(faults.value)
    if (fault) next.set(classId, fault)
    else next.delete(classId)
    faults.value = next
  }

  function set(classId: number, threads: ReadonlyMap<number, Thread>): void {
    byClass.value = new Map(byClass.value).set(classId, threads)
  }

  function put(thread: Thread): void {
    const threads = byClass.value.get(thread.class_id)
    if (threads) set(thread.class_id, new Map(threads).set(thread.id, thread))
  }

  /** Takes a thread out of an event, which knows nothing of who is asking. */
  function changed(next: Thread): void {
    meanwhile.get(next.class_id)?.push(() => changed(next))
    const old = get(next.class_id, next.id)
    put({
      ...next,
      last_seq: Math.max(next.last_seq, old?.last_seq ?? 0),
      read_seq: old?.read_seq ?? 0,
      unread: old?.unread ?? 0,
      // Without an id the last message is gone, and no other has come.
      last_message: next.last_message_id === undefined ? undefined : old?.last_message,
    })
  }

  function drop(classId: number, id?: number): void {
    meanwhile.get(classId)?.push(() => drop(classId, id))
    if (id === undefined) {
      const next = new Map(byClass.value)
      next.delete(classId)
      byClass.value = next
      return
    }
    const threads = byClass.value.get(classId)
    if (!threads) return
    const next = new Map(threads)
    next.delete(id)
    set(classId, next)
  }

  const ofOthers = (message: Message) => message.speaker_id !== useSession().user?.id

  /** A message came: it is the thread's last, and unread unless it is one's own or deleted already. */
  function said(message: Message): void {
    const counts = ofOthers(message) && !message.deleted_at
    meanwhile.get(message.class_id)?.push(() => said(message))
    if (!loaded(message.class_id)) {
      if (counts) useClasses().unreadBy(message.class_id, 1)
      return
    }
    const thread = get(message.class_id, message.thread_id)
    // Not newer than what the list already counted.
    if (!thread || message.seq <= thread.last_seq) return
    put({
      ...thread,
      last_seq: message.seq,
      last_message_id: message.id,
      last_message: message,
      unread: counts ? Math.min((thread.unread ?? 0) + 1, unreadMost) : thread.unread,
    })
  }

  function rewritten(message: Message): void {
    meanwhile.get(message.class_id)?.push(() => rewritten(message))
    const thread = get(message.class_id, message.thread_id)
    if (thread?.last_message?.id === message.id) put({ ...thread, last_message: message })
    if (message.deleted_at && ofOthers(message) && message.seq > (thread?.read_seq ?? 0)) recount(message.class_id, message.thread_id)
  }

  /** Has the server count the unread of a thread, a moment later: only it knows whether what was deleted was counted. */
  function recount(classId: number, id: number): void {
    if (counting.has(id)) return
    const timer = setTimeout(() => {
      counting.delete(id)
      // What cannot be read now is right again with the next mark.
      void count(classId, id).catch(() => {})
    }, countPause)
    counting.set(id, timer)
  }

  async function count(classId: number, id: number): Promise<void> {
    if (!loaded(classId)) return useClasses().recount(classId)
    const before = get(classId, id)
    if (!before) return
    const thread = await api.get(classId, id)
    const now = get(classId, id)
    if (now === before) put(thread)
    // What was told meanwhile may be newer than the answer.
    else if (now) recount(classId, id)
  }

  /** How far the user has read, as another tab or the server says. */
  function marked(mark: ReadMark): void {
    meanwhile.get(mark.class_id)?.push(() => {
      // The list may know of this mark, and of messages behind it.
      if (mark.seq > (get(mark.class_id, mark.thread_id)?.read_seq ?? 0)) marked(mark)
    })
    const thread = get(mark.class_id, mark.thread_id)
    if (!thread) {
      // Not listed yet: the class's count is only known to the server.
      void useClasses().recount(mark.class_id).catch(() => {})
      return
    }
    if (mark.seq < (thread.read_seq ?? 0)) return
    put({ ...thread, read_seq: mark.seq, unread: mark.unread })
  }

  /** Notes that the user has read up to `seq`, with `left` unread behind it as far as is known here. */
  async function read(classId: number, id: number, seq: number, left: number): Promise<void> {
    const thread = get(classId, id)
    if (!thread || seq <= (thread.read_seq ?? 0)) return
    put({ ...thread, read_seq: seq, unread: left })
    try {
      marked(await api.read(classId, id, seq))
    } catch {
      // The next mark moves it as well; at worst a count stays until then.
      const now = get(classId, id)
      if (now && now.read_seq === seq) put({ ...now, read_seq: thread.read_seq })
    }
  }

  async function add(classId: number, name: string): Promise<Thread> {
    const thread = await api.add(classId, { name })
    changed(thread)
    return thread
  }

  async function change(classId: number, id: number, body: { name?: string; locked?: boolean; archived?: boolean }): Promise<void> {
    changed(await api.change(classId, id, body))
  }

  async function remove(classId: number, id: number): Promise<void> {
    await api.remove(classId, id)
    drop(classId, id)
  }

  async function pin(classId: number, id: number, messageId: number | undefined): Promise<void> {
    const answer = messageId === undefined ? await api.unpin(classId, id) : await api.pin(classId, id, messageId)
    changed(answer)
  }

  function restore(classId: number, threads: readonly Thread[]): void {
    set(classId, new Map(threads.map((thread) => [thread.id, thread])))
  }

  function clear(): void {
    byClass.value = new Map()
    faults.value = new Map()
    for (const timer of counting.values()) clearTimeout(timer)
    counting.clear()
  }

  return { byClass, faults, loaded, get, list, unread, load, changed, drop, said, rewritten, marked, read, add, change, remove, pin, restore, clear }
})
