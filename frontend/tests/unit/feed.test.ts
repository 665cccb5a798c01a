import { flushPromises } from '@vue/test-utils'
import { createPinia, getActivePinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Class, Message, Thread, User } from '@/api/nouns'
import { remove as removeMessage } from '@/api/messages'
import { Disk } from '@/outbox/shelf'
import { useClasses } from '@/stores/classes'
import { useComposing } from '@/stores/composing'
import { useConfirmation } from '@/stores/confirmation'
import { useConnection } from '@/stores/connection'
import { useFeed } from '@/stores/feed'
import { useMessages } from '@/stores/messages'
import { useOutbox } from '@/stores/outbox'
import { useOverlay } from '@/stores/overlay'
import { useSession } from '@/stores/session'
import { useThreads } from '@/stores/threads'
import { message } from './server'
import { FakeSocket } from './socket'

const at = '2026-03-02T09:00:00.000Z'
const ann: User = { id: 11, name: 'Ann', role: 'student', hue: 0, locale: '', created_at: at }
const bob: User = { ...ann, id: 12, name: 'Bob' }
const thread: Thread = { id: 7, class_id: 1, name: 'Homework', created_by: 1, created_at: at, last_seq: 0 }
const group = (seq: number): Class => ({ id: 1, name: 'Physics', description: '', hue: 1, students_open_threads: false, students_see_presence: false, seq, created_by: 1, created_at: at, role: 'student' })
const stretch = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => message(from + n, from + n))
const created = (seq: number) => ({ op: 'event', class_id: 1, seq, at, type: 'message.created', data: message(seq, seq) })

/** What REST answers; whom it takes the page for is decided by the cookie. */
class Rest {
  cookie = ann
  head = 10
  /** The newest of the thread. */
  newest: Message[] = stretch(1, 10)
  refuse: (path: string) => boolean = () => false
  /** What is asked now is answered once this lets it. */
  gate: Promise<void> = Promise.resolve()

  /** It wants the password once more. */
  unconfirmed = false
  /** Why nothing is told of the class any more: its fault. */
  shut: { code: number; status: number } | undefined

  readonly fetch = async (request: Request): Promise<Response> => {
    const path = new URL(request.url).pathname.replace('/api/v1', '')
    const answer = this.answer(path)
    await this.gate
    if (this.unconfirmed) return Response.json({ code: 141, title: 'confirm', status: 403 }, { status: 403 })
    if (this.shut && path.startsWith('/classes/1')) return Response.json({ ...this.shut, title: 'shut' }, { status: this.shut.status })
    if (this.refuse(path)) throw new TypeError('Failed to fetch')
    return Response.json(answer)
  }

  private answer(path: string): unknown {
    if (path === '/session') return { user: this.cookie, session: { my_device: false } }
    if (path === '/classes') return { items: [group(this.head)] }
    if (path === '/classes/1') return group(this.head)
    if (path === '/classes/1/threads') return { items: [thread] }
    if (path.endsWith('/messages')) return { items: this.newest, has_older: (this.newest[0]?.seq ?? 1) > 1, has_newer: false, seq: this.head }
    return { items: [] }
  }
}

let rest: Rest
let sockets: FakeSocket[]
const socket = () => {
  const last = sockets.at(-1)
  if (!last) throw new Error('no socket')
  return last
}

beforeEach(() => {
  setActivePinia(createPinia())
  rest = new Rest()
  sockets = []
  vi.stubGlobal('fetch', rest.fetch)
  vi.stubGlobal(
    'WebSocket',
    class extends FakeSocket {
      static readonly CONNECTING = 0
      static readonly OPEN = 1
      static readonly CLOSED = 3
      constructor() {
        super()
        sockets.push(this)
      }
    },
  )
})
afterEach(() => {
  useFeed().stop()
  vi.useRealTimers()
  vi.unstubAllGlobals()
  sessionStorage.clear()
  localStorage.clear()
})

/** Ann looks at the thread, over a connection that is up. */
async function look(): Promise<void> {
  useSession().user = ann
  await Promise.all([useFeed().start(), greeted(ann)])
  await useMessages().open(1, 7)
  useFeed().look(1, 7)
}

/** The next connection is up, for whom the cookie says. */
async function greeted(user: User): Promise<void> {
  await vi.waitFor(() => expect(socket().readyState).toBe(WebSocket.CONNECTING), { timeout: 3000 })
  socket().open()
  socket().greet({ 1: rest.head }, user)
  await flushPromises()
}

/** The numbers of what the thread shows. */
const shown = () => useMessages().of(7).messages.map((one) => one.seq)

describe('a tab of somebody who has left, in the browser of somebody else', () => {
  it('sends nothing under the name of the other', async () => {
    await look()
    socket().drop(1006)
    await useOutbox().send(1, 7, 'Ann wrote this')
    rest.cookie = bob
    await greeted(bob)
    await vi.waitFor(() => expect(useSession().user?.name).toBe('Bob'))
    expect(useMessages().of(7).loaded).toBe(false)
    await Promise.all([useFeed().start(), greeted(bob)])
    expect(sockets.flatMap((one) => one.sent).filter((frame) => frame['action'] === 'send')).toEqual([])
    expect(await new Disk().all(ann.id)).toMatchObject([{ content: 'Ann wrote this' }])
  })

  // A try that was put off went out between the opening and the answer to hello.
  it('sends what was put off only once the connection has said whose it is', async () => {
    await look()
    await useOutbox().send(1, 7, 'Ann wrote this')
    await vi.waitFor(() => expect(socket().said('send')).toBeDefined())
    socket().hear({ op: 'send', ref: socket().said('send')?.['ref'], status: false, code: 120, retry_after: 1 })
    socket().drop(1006)
    await vi.waitFor(() => expect(sockets).toHaveLength(2), { timeout: 900 })
    socket().open()
    await new Promise((resolve) => setTimeout(resolve, 1100))
    expect(socket().sent.map((frame) => frame['action'])).toEqual(['hello'])
    socket().greet({ 1: rest.head }, ann)
    await vi.waitFor(() => expect(socket().said('send')).toMatchObject({ content: 'Ann wrote this' }))
  })

  it('goes on where it is the same user again by then', async () => {
    await look()
    socket().drop(1006)
    await greeted(bob)
    await greeted(ann)
    expect(useConnection().state).toBe('live')
    expect(useClasses().list).toHaveLength(1)
  })

  // Each connection said at once that it is another's, and was closed for the next one.
  it('opens no connection after another while REST cannot say who is here', async () => {
    await look()
    socket().drop(1006)
    await vi.waitFor(() => expect(sockets).toHaveLength(2), { timeout: 3000 })
    rest.refuse = () => true
    vi.useFakeTimers()
    for (let turn = 0; turn < 600; turn++) {
      if (socket().readyState === WebSocket.CONNECTING) {
        socket().open()
        socket().greet({ 1: rest.head }, bob)
      }
      await vi.advanceTimersByTimeAsync(100)
    }
    expect(sockets).toHaveLength(2)
    rest.refuse = () => false
    for (let turn = 0; turn < 310 && sockets.length < 3; turn++) await vi.advanceTimersByTimeAsync(100)
    socket().open()
    socket().greet({ 1: rest.head }, ann)
    expect(useConnection().state).toBe('live')
  })

  it('asks no more who is here once the page has ended', async () => {
    await look()
    rest.refuse = () => true
    vi.useFakeTimers()
    socket().greet({ 1: rest.head }, bob)
    await vi.advanceTimersByTimeAsync(0)
    useFeed().stop()
    const check = vi.spyOn(rest, 'refuse')
    await vi.advanceTimersByTimeAsync(60_000)
    expect(check).not.toHaveBeenCalled()
  })

  it('connects for nobody once its user has signed out while it read', async () => {
    useSession().user = ann
    let open = () => {}
    rest.gate = new Promise((resolve) => (open = resolve))
    const started = useFeed().start()
    useSession().forget()
    useFeed().stop()
    open()
    await started
    await flushPromises()
    expect(sockets).toEqual([])
  })
})

describe('what is written in one tab', () => {
  /** Another tab of Ann's writes, with or without a connection of its own. */
  async function elsewhere(state: 'live' | 'waiting'): Promise<void> {
    const here = getActivePinia()
    setActivePinia(createPinia())
    const outbox = useOutbox()
    await outbox.start(ann.id)
    useConnection().state = state
    await outbox.send(1, 7, 'from the other tab')
    outbox.stop()
    setActivePinia(here)
  }
  const sent = () => socket().said('send')

  it('is sent by another where that one has no connection', async () => {
    await look()
    await elsewhere('waiting')
    await vi.waitFor(() => expect(sent()).toMatchObject({ content: 'from the other tab' }))
  })

  // Without a secure context nothing keeps two tabs from sending the same.
  it('is sent by no other where that one can', async () => {
    await look()
    await elsewhere('live')
    await vi.waitFor(() => expect(useOutbox().waiting).toBe(1))
    await flushPromises()
    expect(sent()).toBeUndefined()
  })
})

describe('too much was missed', () => {
  async function missed(): Promise<void> {
    await look()
    rest.head = 900
    rest.newest = stretch(851, 900)
  }
  const resync = () => socket().hear({ op: 'resync', class_id: 1, seq: 900 })
  /** A message comes, and again with what is caught up. */
  async function comes(seq: number): Promise<void> {
    rest.head = seq
    rest.newest = [...rest.newest, message(seq, seq)]
    socket().hear(created(seq))
    await flushPromises()
    socket().greet({ 1: seq }, ann)
    socket().hear(created(seq))
    await flushPromises()
  }

  it('the newest is read in place of what was there', async () => {
    await missed()
    resync()
    await flushPromises()
    expect(shown()).toEqual(stretch(851, 900).map((one) => one.seq))
  })

  it('leaves no hole where the class could not be read at first', async () => {
    await missed()
    rest.refuse = (path) => path === '/classes/1'
    resync()
    await flushPromises()
    rest.refuse = () => false
    await comes(901)
    expect(shown()).toEqual(stretch(851, 901).map((one) => one.seq))
  })

  it('is read again with the next connection, where nothing comes', async () => {
    await missed()
    rest.refuse = (path) => path === '/classes/1'
    resync()
    await flushPromises()
    rest.refuse = () => false
    socket().drop(1006)
    await greeted(ann)
    await vi.waitFor(() => expect(shown().at(-1)).toBe(900))
  })

  // Its end was nobody's event while the class was read again, and it stayed in the list.
  it.each([
    ['left', { code: 107, status: 403 }],
    ['deleted', { code: 103, status: 404 }],
  ])('a class that was %s meanwhile is gone', async (_, fault) => {
    await missed()
    rest.shut = fault
    resync()
    await flushPromises()
    expect(useClasses().list).toEqual([])
    expect(useMessages().of(7).loaded).toBe(false)
  })

  it('keeps the class where the server cannot say', async () => {
    await missed()
    rest.shut = { code: 128, status: 503 }
    resync()
    await flushPromises()
    expect(useClasses().list).toHaveLength(1)
  })

  it('puts nothing behind a hole while the newest cannot be read', async () => {
    await missed()
    rest.refuse = (path) => path.endsWith('/messages')
    resync()
    await flushPromises()
    await comes(901)
    expect(shown()).toEqual(stretch(1, 10).map((one) => one.seq))
    expect(useMessages().of(7).hasNewer).toBe(true)
  })
})

it.each([
  ['a class', undefined],
  ['an archived class that was looked at', at],
])('the threads of %s that could not be read are read with the next connection', async (_, archived_at) => {
  rest.refuse = (path) => path === '/classes/1/threads'
  await look()
  useClasses().take({ ...group(10), archived_at })
  expect(useThreads().loaded(1)).toBe(false)
  rest.refuse = () => false
  socket().drop(1006)
  await greeted(ann)
  await vi.waitFor(() => expect(useThreads().loaded(1)).toBe(true))
})

it('what somebody has asked for does not come to the next user', async () => {
  await look()
  let open = () => {}
  rest.gate = new Promise((resolve) => (open = resolve))
  const asked = useMessages().newest(1, 7)
  useFeed().stop()
  open()
  await asked
  expect(useMessages().of(7).loaded).toBe(false)
})

it('the next user of a tab finds no reply, edit or dialog of the one before', async () => {
  await look()
  useComposing().edit(4)
  useComposing().replies.set(7, message(3, 3))
  useOverlay().actions(message(3, 3))
  const asked = vi.fn()
  rest.unconfirmed = true
  void removeMessage(1, 7, 3).catch(asked)
  await vi.waitFor(() => expect(useConfirmation().asked).toBe(true))
  useSession().forget()
  useFeed().stop()
  await flushPromises()
  expect(useComposing().editing).toBeUndefined()
  expect(useComposing().replies.size).toBe(0)
  expect(useOverlay().shown).toBeUndefined()
  expect(useConfirmation().asked).toBe(false)
  expect(asked).toHaveBeenCalled()
})
