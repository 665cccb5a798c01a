import { createPinia, setActivePinia } from 'pinia'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { ClassFile } from '@/api/nouns'
import type { EventFrame } from '@/live/frames'
import { useFiles } from '@/stores/files'
import { clearPages, tellPages } from '@/stores/pages'
import { box, cut, grid, kindOf } from '@/text/files'
import { applyFiled } from '@/timeline/filed'
import { Chance } from './random'
import { classId, FakeServer, file, message, picture, threadId } from './server'

const event = (frame: object) => ({ op: 'event', class_id: classId, seq: 1, at: '2026-03-02T09:00:00.000Z', ...frame }) as EventFrame

describe('the list of what was sent', () => {
  it('is after every event what a fresh fetch would give, in any of 100 histories', () => {
    for (let seed = 1; seed <= 100; seed++) {
      const server = new FakeServer(new Chance(seed))
      for (const shelf of [{ classId }, { classId, threadId }]) {
        let files: readonly ClassFile[] = server.filed()
        for (let n = 0; n < 40; n++) {
          server.change()
          files = applyFiled(files, shelf, server.event(server.head))
          expect(files, `history ${seed}`).toEqual(server.filed())
        }
      }
    }
  })

  it('follows a thread or a class that goes, and nothing of others', () => {
    const here = [file(3, { message_id: 2, thread_id: threadId }), file(2, { message_id: 1, thread_id: 8 })]
    const thread = { id: threadId, class_id: classId, name: 'Homework', created_by: 1, created_at: '', last_seq: 0 }
    expect(applyFiled(here, { classId }, event({ type: 'thread.deleted', data: thread })).map((one) => one.id)).toEqual([2])
    expect(applyFiled(here, { classId }, event({ type: 'class.deleted', data: { id: classId } }))).toEqual([])
    const sent = event({ type: 'message.created', data: message(9, 90, { thread_id: 8, files: [file(9, { message_id: 9, thread_id: 8 })] }) })
    expect(applyFiled(here, { classId, threadId }, sent)).toBe(here)
    expect(applyFiled(here, { classId: 2 }, sent)).toBe(here)
    for (const type of ['hidden', 'reaction.added', 'member.joined', 'thread.changed', 'class.changed', 'code.changed', 'message.edited'] as const) {
      expect(applyFiled(here, { classId }, event({ type, data: message(2, 20) }))).toBe(here)
    }
  })
})

describe('the files store', () => {
  afterEach(() => {
    useFiles().clear()
    vi.unstubAllGlobals()
  })

  it('holds what is told while a page is on its way', async () => {
    setActivePinia(createPinia())
    const old = file(1, { message_id: 1, thread_id: threadId })
    const fresh = file(2, { message_id: 2, thread_id: threadId })
    let answer: (response: Response) => void = () => {}
    vi.stubGlobal('fetch', () => new Promise<Response>((resolve) => (answer = resolve)))
    const files = useFiles()
    const shelf = { classId, threadId }
    const asked = files.load(shelf)
    expect(files.of(shelf)).toMatchObject({ loading: true, loaded: false })
    await vi.waitFor(() => expect(answer.length).toBe(1))
    tellPages(event({ type: 'message.created', data: message(2, 20, { files: [fresh] }) }))
    tellPages(event({ type: 'message.deleted', data: message(1, 10) }))
    answer(Response.json({ items: [old], next: 'more' }))
    await asked
    expect(files.of(shelf)).toMatchObject({ loaded: true, next: 'more', files: [fresh] })
  })

  it('puts nothing into a list that was cleared while a page was on its way', async () => {
    setActivePinia(createPinia())
    const answers: ((response: Response) => void)[] = []
    vi.stubGlobal('fetch', () => new Promise<Response>((resolve) => answers.push(resolve)))
    const files = useFiles()
    const hers = files.load({ classId })
    await vi.waitFor(() => expect(answers).toHaveLength(1))
    clearPages()
    const his = files.load({ classId })
    await vi.waitFor(() => expect(answers).toHaveLength(2))
    answers[0]?.(Response.json({ items: [file(1, { name: 'hers.pdf', message_id: 1 })], next: 'more' }))
    await hers
    expect(files.of({ classId })).toMatchObject({ files: [], loaded: false, loading: true })
    // What is told is kept for the page of who is here now.
    const sent = file(3, { message_id: 3 })
    tellPages(event({ type: 'message.created', data: message(3, 30, { files: [sent] }) }))
    const mine = file(2, { message_id: 2 })
    answers[1]?.(Response.json({ items: [mine] }))
    await his
    expect(files.of({ classId })).toMatchObject({ files: [sent, mine], next: undefined, loaded: true, loading: false })
    const last = files.load({ classId })
    await vi.waitFor(() => expect(answers).toHaveLength(3))
    clearPages()
    answers[2]?.(Response.json({ code: 130, status: 401, title: 'signed out' }, { status: 401, headers: { 'Content-Type': 'application/problem+json' } }))
    await last
    expect(files.shelves.size).toBe(0)
  })

  it('reads anew after a page that was on its way when events were missed, be it the first, an older one or none', async () => {
    setActivePinia(createPinia())
    const [one, two, three] = [1, 2, 3].map((id) => file(id, { message_id: id }))
    const away = () => Response.json({ code: 128, status: 503, title: 'away' }, { status: 503, headers: { 'Content-Type': 'application/problem+json' } })
    const answers: ((response: Response) => void)[] = []
    const asked: (string | null)[] = []
    vi.stubGlobal('fetch', (request: Request) => {
      asked.push(new URL(request.url).searchParams.get('after'))
      return new Promise<Response>((resolve) => answers.push(resolve))
    })
    const answer = async (response: Response) => {
      await vi.waitFor(() => expect(answers).toHaveLength(1))
      answers.pop()?.(response)
    }
    const files = useFiles()
    for (const [ask, stale] of [
      [() => files.load({ classId }), Response.json({ items: [one], next: 'more' })],
      [() => files.loadMore({ classId }), Response.json({ items: [one] })],
      [() => files.load({ classId }), away()],
    ] as const) {
      const done = ask()
      await vi.waitFor(() => expect(answers).toHaveLength(1))
      tellPages()
      tellPages()
      await answer(stale)
      await answer(Response.json({ items: [three, two], next: 'more' }))
      await done
      expect(files.of({ classId })).toMatchObject({ files: [three, two], next: 'more', loaded: true, loading: false, fault: undefined })
    }
    expect(asked).toEqual([null, null, 'more', null, null, null])
  })

  it('says what went wrong, and what is shown stays', async () => {
    setActivePinia(createPinia())
    const files = useFiles()
    const one = file(1, { message_id: 1 })
    const answers = [Response.json({ items: [one] }), Response.json({ code: 128, status: 503, title: 'away' }, { status: 503, headers: { 'Content-Type': 'application/problem+json' } })]
    vi.stubGlobal('fetch', async () => answers.shift())
    await files.load({ classId })
    // Events were missed: it is read anew.
    tellPages()
    expect(files.of({ classId })).toMatchObject({ loaded: false, files: [one] })
    await files.load({ classId })
    expect(files.of({ classId }).fault?.code).toBe(128)
    expect(files.of({ classId }).files).toEqual([one])
  })
})

describe('the room of pictures', () => {
  it('is at most 400 by 300, keeps the shape, enlarges nothing and can always be hit', () => {
    expect(box({ width: 4000, height: 3000 })).toEqual({ width: 400, height: 300 })
    expect(box({ width: 3000, height: 4000 })).toEqual({ width: 225, height: 300 })
    expect(box({ width: 200, height: 100 })).toEqual({ width: 200, height: 100 })
    expect(box({ width: 4000, height: 10 })).toEqual({ width: 400, height: 48 })
    expect(box({ width: 1, height: 1 })).toEqual({ width: 48, height: 48 })
  })
  it('is made of full rows, whatever their number', () => {
    for (let n = 1; n <= 10; n++) {
      const rows = grid(n)
      expect(rows.reduce((sum, one) => sum + one, 0)).toBe(n)
      expect(Math.max(...rows)).toBeLessThanOrEqual(4)
      expect(rows).toEqual(rows.toSorted())
    }
    expect(grid(0)).toEqual([])
  })
})

it('a long name keeps its end', () => {
  expect(cut('short.pdf')).toEqual(['short.pdf', ''])
  const name = 'A very long name of a worksheet about the photoelectric effect.docx'
  expect(cut(name).join('')).toBe(name)
  expect(cut(name)[1]).toMatch(/\.docx$/)
})

it('the kind is told by the media type of a picture and else by the end of the name', () => {
  const kinds = [picture(1), file(2), ...['a.xlsx', 'b.CSV', 'c.odp', 'd.zip', 'e.txt'].map((name, n) => file(3 + n, { name }))].map(kindOf)
  expect(kinds).toEqual(['picture', 'document', 'sheet', 'sheet', 'slides', 'archive', 'document'])
})
