import { describe, expect, it } from 'vitest'
import { rows, type Row, type Scene } from '@/timeline/rows'
import type { Entry } from '@/outbox/entry'
import { classId, message, threadId } from './server'

const scene = (more: Partial<Scene>): Scene => ({ messages: [], entries: [], complete: false, freshAfter: undefined, me: 2, ...more })
const marks = (list: Row[]) =>
  list.map((row) => (row.kind === 'start' ? 'start' : `${row.day ? 'day ' : ''}${row.fresh ? 'new ' : ''}${row.head ? 'head' : 'more'}`))
const entry: Entry = {
  order: 1,
  user_id: 2,
  class_id: classId,
  thread_id: threadId,
  client_id: 'c9',
  content: 'on its way',
  written_at: '2026-03-03T09:01:00.000Z',
  state: 'waiting',
}

describe('the rows of a conversation', () => {
  it('group what one speaker says within five minutes, and divide days', () => {
    const list = rows(
      scene({
        complete: true,
        messages: [
          message(1, 10, { created_at: '2026-03-02T09:00:00.000Z' }),
          message(2, 20, { created_at: '2026-03-02T09:04:00.000Z' }),
          message(3, 30, { created_at: '2026-03-02T09:10:00.000Z' }),
          message(4, 40, { created_at: '2026-03-02T09:10:10.000Z', speaker_id: 3 }),
          message(5, 50, { created_at: '2026-03-03T09:10:00.000Z', speaker_id: 3 }),
        ],
      }),
    )
    expect(marks(list)).toEqual(['start', 'day head', 'more', 'head', 'head', 'day head'])
  })

  it('draw the new line once, before the first unread message of somebody else', () => {
    const messages = [message(1, 10, { speaker_id: 3 }), message(2, 20), message(3, 30, { speaker_id: 3 }), message(4, 40, { speaker_id: 3 })]
    expect(marks(rows(scene({ messages, freshAfter: 10 })))).toEqual(['day head', 'head', 'new head', 'more'])
    expect(marks(rows(scene({ messages, freshAfter: undefined }))).join()).not.toContain('new')
  })

  it('show what is on its way at the end, until it is stored', () => {
    const before = rows(scene({ messages: [message(1, 10)], entries: [entry] }))
    expect(before.map((row) => row.kind)).toEqual(['message', 'entry'])
    const after = rows(scene({ messages: [message(1, 10), message(2, 20, { client_id: 'c9' })], entries: [entry] }))
    expect(after.map((row) => row.kind)).toEqual(['message', 'message'])
    // The row is the same one, so it does not blink.
    expect(after[1]?.key).toBe(before[1]?.key)
  })

  it('are laid out quickly for ten thousand messages', () => {
    const messages = Array.from({ length: 10_000 }, (_, n) => message(n, n * 10, { created_at: new Date(1.7e12 + n * 90_000).toISOString() }))
    const times = Array.from({ length: 5 }, () => {
      const start = performance.now()
      rows(scene({ messages }))
      return performance.now() - start
    })
    expect(Math.min(...times)).toBeLessThan(150) // the machine may do something else in between
  })
})
