import { defineStore } from 'pinia'
import { ref } from 'vue'
import { faultOf, unreachable } from '@/api/fault'
import type { Member } from '@/api/nouns'
import { final, waitAfter } from '@/live/backoff'
import type { Answer, EventFrame, Telling } from '@/live/frames'
import type { Live } from '@/live/socket'
import { useAccount } from './account'
import { useClasses } from './classes'
import { useCodes } from './codes'
import { useConnection } from './connection'
import { useMembers } from './members'
import { useMessages } from './messages'
import { useNotices } from './notices'
import { useOutbox } from './outbox'
import { clearPages, tellPages } from './pages'
import { usePresence } from './presence'
import { useReports } from './reports'
import { useSession } from './session'
import * as snapshot from './snapshot'
import { useThreads } from './threads'
import { useWatches } from './watches'

/**
 * Joins the live connection to what is known. The classes are read first, with
 * the number each stands at; events count from there, and whatever is read
 * later is at least as new.
 */
export const useFeed = defineStore('feed', () => {
  const session = useSession()
  const connection = useConnection()
  const classes = useClasses()
  const codes = useCodes()
  const threads = useThreads()
  const members = useMembers()
  const messages = useMessages()
  const presence = usePresence()
  const notices = useNotices()
  const watches = useWatches()
  const outbox = useOutbox()
  const reports = useReports()

  /** The classes are here, from the server or from before the reload. */
  const ready = ref(false)
  let live: Live | undefined
  let userId = 0
  let stale = false
  let greeted = false
  let looking: { classId: number; threadId: number } | undefined
  let doubt: ReturnType<typeof setTimeout> | undefined
  const asking = new Set<number>()

  async function start(): Promise<void> {
    const user = session.user
    if (!user || userId === user.id) return
    stop()
    userId = user.id
    notices.start(user.id)
    watches.start(user.id)
    window.addEventListener('pagehide', keep)
    const mine = connection.start({ hello, event, telling, stranger: (classId) => void fetchClass(classId), resync: (classId) => void fetchClass(classId), closed })
    live = mine
    await read()
    // Whoever it was for may have left meanwhile.
    if (live !== mine) return
    live.connect()
    await outbox.start(user.id)
  }

  function stop(): void {
    clearTimeout(doubt)
    window.removeEventListener('pagehide', keep)
    connection.stop()
    outbox.stop()
    for (const store of [classes, threads, members, codes, messages, presence, notices, watches, useAccount(), reports]) store.clear()
    clearPages()
    live = undefined
    userId = 0
    greeted = false
    looking = undefined
    ready.value = false
  }

  function keep(): void {
    snapshot.save(userId)
    notices.keep()
  }

  /** Reads the classes, or what the tab had of them when the server cannot be reached. */
  async function read(): Promise<void> {
    try {
      for (const one of await classes.load()) live?.restart(one.id, one.seq)
      stale = false
      ready.value = true
      void readThreads()
    } catch (thrown) {
      stale = true
      ready.value = ready.value || (faultOf(thrown).code === unreachable && snapshot.restore(userId))
    }
  }

  /** The threads of all classes, one class after the other: the palette and the counts need them. Again what could not be read. */
  async function readThreads(): Promise<void> {
    for (const one of classes.list) {
      if (threads.faults.has(one.id) || (!one.archived_at && !threads.loaded(one.id))) await threads.load(one.id)
    }
  }

  async function hello(answer: Answer): Promise<void> {
    if (answer.user?.id !== userId) {
      await changeUser(userId)
      return
    }
    if (stale) await refresh()
    else void readThreads()
    const heads = new Map(Object.entries(answer.heads ?? {}).map(([classId, head]) => [Number(classId), head]))
    for (const classId of classes.byId.keys()) if (!heads.has(classId)) lose(classId)
    for (const classId of heads.keys()) if (!live?.heads.has(classId)) void fetchClass(classId)
    if (looking) connection.tell({ action: 'join', class_id: looking.classId, thread_id: looking.threadId })
    // What is told once may have been told while nobody listened.
    if (greeted) reports.changed()
    greeted = true
    watches.renew()
    outbox.drain()
  }

  /**
   * Somebody else has signed in in another tab of this browser: what waits here
   * would go out under their name.
   */
  async function changeUser(before: number, attempt = 0): Promise<void> {
    stop()
    const answered = await session.check()
    // For others the app begins anew.
    if (session.user?.id !== before) return
    if (answered) await start()
    // A new connection would only say the same at once: REST is asked till it answers.
    else doubt = setTimeout(() => void changeUser(before, attempt + 1), waitAfter(1006, attempt, Math.random()))
  }

  /** What the tab shows is from before: read all of it again. */
  async function refresh(): Promise<void> {
    await read()
    if (stale) return
    live?.catchUp()
    tellPages()
    for (const one of classes.list) {
      messages.reset(one.id, looking?.threadId)
      if (threads.loaded(one.id)) void threads.load(one.id)
    }
    if (looking) {
      void members.load(looking.classId)
      await messages.newest(looking.classId, looking.threadId)
    }
  }

  /** Reads a class that is not known, or of which too much was missed: what is here of it is void. */
  async function fetchClass(classId: number): Promise<void> {
    if (asking.has(classId)) return
    asking.add(classId)
    // Until the class is here its events are nobody's; catching up brings them.
    live?.forget(classId)
    try {
      const one = await classes.fetch(classId)
      const here = looking?.classId === classId ? looking.threadId : undefined
      messages.reset(classId, here)
      live?.begin(classId, one.seq)
      live?.catchUp()
      tellPages()
      await Promise.all([
        threads.load(classId),
        members.loaded(classId) ? members.load(classId) : undefined,
        here === undefined ? undefined : messages.newest(classId, here),
      ])
    } catch (thrown) {
      const { code } = faultOf(thrown)
      // Deleted or left meanwhile: the event of that was nobody's. Where it is out
      // of reach the next event, keep or hello asks again.
      if (code === 103 || code === 107) lose(classId)
    } finally {
      asking.delete(classId)
    }
  }

  function lose(classId: number): void {
    live?.forget(classId)
    classes.drop(classId)
    threads.drop(classId)
    members.drop(classId)
    messages.reset(classId)
  }

  function event(frame: EventFrame): void {
    messages.applied(frame)
    tellPages(frame)
    switch (frame.type) {
      case 'message.created':
        presence.stopped(frame.data.thread_id, frame.data.speaker_id)
        threads.said(frame.data)
        return
      case 'message.edited':
      case 'message.deleted':
        threads.rewritten(frame.data)
        return
      case 'thread.created':
      case 'thread.changed':
        threads.changed(frame.data)
        return
      case 'thread.deleted':
        threads.drop(frame.class_id, frame.data.id)
        return
      case 'member.joined':
        joined(frame.data)
        return
      case 'member.changed':
        members.take(frame.data)
        if (frame.data.user_id === userId) classes.myRole(frame.class_id, frame.data.role)
        return
      case 'member.left':
        members.take(frame.data)
        if (frame.data.user_id === userId) lose(frame.class_id)
        else classes.counted(frame.class_id, -1)
        return
      case 'class.changed':
        classes.changed(frame.data)
        return
      case 'class.deleted':
        lose(frame.class_id)
        return
      case 'reaction.added':
      case 'reaction.removed':
      case 'hidden':
        return
      case 'code.created':
      case 'code.changed':
        codes.take(frame.data)
        return
      default:
        frame satisfies never
    }
  }

  function joined(member: Member): void {
    const old = members.get(member.class_id, member.user_id)
    members.take(member)
    if (!old || old.left_at) classes.counted(member.class_id, 1)
  }

  function telling(frame: Telling): void {
    if (frame.op === 'read') threads.marked(frame)
    else if (frame.op === 'push') notices.take(frame)
    else if (frame.op === 'reports') reports.changed(frame.class_id)
    else presence.told(frame)
  }

  function closed(code: number, attempt: number): void {
    presence.clear()
    watches.lost()
    if (code === final.signedOut || code === final.disabled) {
      session.forget()
      return
    }
    // A refused handshake looks like any other fault to a page: ask REST, which
    // says when it is the session.
    if (attempt % 3 === 2) void session.check()
  }

  /** The thread that is looked at: its typing and presence are told. */
  function look(classId: number, threadId: number): void {
    if (looking?.threadId === threadId) return
    leave()
    looking = { classId, threadId }
    connection.tell({ action: 'join', class_id: classId, thread_id: threadId })
  }

  function leave(): void {
    if (!looking) return
    connection.tell({ action: 'leave', class_id: looking.classId, thread_id: looking.threadId })
    messages.leave(looking.threadId)
    looking = undefined
  }

  return { ready, start, stop, look, leave, fetchClass, retry: refresh }
})
