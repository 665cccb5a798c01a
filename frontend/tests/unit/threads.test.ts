import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Class, Message, Thread, User } from '@/api/nouns'
import { useClasses } from '@/stores/classes'
import { useSession } from '@/stores/session'
import { useThreads } from '@/stores/threads'
import { message } from './server'

const at = '2026-03-02T09:00:00.000Z'
const ann: User = { id: 11, name: 'Ann', role: 'student', hue: 0, locale: '', created_at: at }
const group: Class = { id: 1, name: 'Physics', description: '', hue: 1, students_open_threads: false, students_see_presence: false, seq: 5, created_by: 1, created_at: at, role: 'student', unread: 0 }
const homework: Thread = { id: 7, class_id: 1, name: 'Homework', created_by: 1, created_at: at, last_seq: 5, read_seq: 5, unread: 0 }
const said = (id: number, more: Partial<Message> = {}) => useThreads().said(message(id, id, more))
const deleted = (id: number, more: Partial<Message> = {}) => useThreads().rewritten(message(id, id, { content: '', deleted_at: at, ...more }))
const counts = (expected: number) => vi.waitFor(() => expect(useThreads().unread(1)).toBe(expected), { timeout: 5000 })

/** What the server holds, and what it was asked for. */
let server: { thread: Thread; unread: number; asked: string[]; gate: Promise<void> }
const asked = (path: string) => server.asked.filter((one) => one === path).length

beforeEach(() => {
  setActivePinia(createPinia())
  useSession().user = ann
  useClasses().take(group)
  server = { thread: homework, unread: 0, asked: [], gate: Promise.resolve() }
  vi.stubGlobal('fetch', async (request: Request) => {
    const path = new URL(request.url).pathname.replace('/api/v1', '')
    server.asked.push(path)
    const answer = path === '/classes/1' ? { ...group, unread: server.unread } : server.thread
    await server.gate
    return Response.json(answer)
  })
})
afterEach(() => {
  useThreads().clear()
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

describe('a message that is deleted', () => {
  it('is unread no more', async () => {
    useThreads().restore(1, [homework])
    for (const id of [6, 7, 8]) said(id)
    expect(useThreads().unread(1)).toBe(3)
    server.thread = { ...homework, last_seq: 8, unread: 1 }
    deleted(6)
    deleted(7)
    await counts(1)
    expect(asked('/classes/1/threads/7')).toBe(1)
  })

  it('is not counted where that is told together with it', () => {
    useThreads().restore(1, [homework])
    said(6, { content: '', deleted_at: at })
    expect(useThreads().get(1, 7)).toMatchObject({ last_seq: 6, unread: 0 })
    expect(useThreads().unread(1)).toBe(0)
  })

  it('is not counted in a class whose threads are not here', async () => {
    said(6, { content: '', deleted_at: at })
    expect(useThreads().unread(1)).toBe(0)
    said(7)
    said(8)
    expect(useThreads().unread(1)).toBe(2)
    server.unread = 1
    deleted(8)
    await counts(1)
  })

  it('is asked for by nobody who has read or said it', async () => {
    vi.useFakeTimers()
    useThreads().restore(1, [{ ...homework, last_seq: 8, unread: 1 }])
    deleted(5)
    deleted(6, { speaker_id: ann.id })
    await vi.advanceTimersByTimeAsync(60_000)
    expect(server.asked).toEqual([])
  })

  it('takes back none of what is said while the server counts', async () => {
    useThreads().restore(1, [homework])
    said(6)
    let open = () => {}
    server.gate = new Promise((resolve) => (open = resolve))
    server.thread = { ...homework, last_seq: 6, unread: 0 }
    deleted(6)
    await vi.waitFor(() => expect(asked('/classes/1/threads/7')).toBe(1), { timeout: 5000 })
    said(7)
    said(8)
    server.thread = { ...homework, last_seq: 8, unread: 2 }
    open()
    await counts(2)
    expect(useThreads().get(1, 7)?.last_seq).toBe(8)
  })
})

it('a thread that is deleted before the threads of its class are here does not stand for them', () => {
  useThreads().drop(1, 7)
  expect(useThreads().loaded(1)).toBe(false)
})
