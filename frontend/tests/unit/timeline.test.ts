import { describe, expect, it } from 'vitest'
import type { EventFrame } from '@/live/frames'
import { apply, blank, merge, put, type Timeline } from '@/timeline/timeline'
import { classId, message, threadId } from './server'

const at = '2026-03-02T09:00:00.000Z'
const page = (ids: number[], more: { has_older?: boolean; has_newer?: boolean; seq?: number } = {}) => ({
  items: ids.map((id) => message(id, id * 10)),
  has_older: false,
  has_newer: false,
  seq: 1000,
  ...more,
})
const read = (ids: number[], more = {}): Timeline => merge(blank(threadId), page(ids, more), 'anew', [])
const ids = (timeline: Timeline) => timeline.messages.map((one) => one.id)
const created = (id: number, seq: number): EventFrame => ({ op: 'event', class_id: classId, seq, at, type: 'message.created', data: message(id, seq) })

describe('a thread', () => {
  it('puts messages in the order of their numbers, however they come', () => {
    let timeline = read([1])
    timeline = put(timeline, message(3, 30))
    timeline = put(timeline, message(2, 20))
    timeline = put(timeline, message(3, 30))
    expect(ids(timeline)).toEqual([1, 2, 3])
  })

  it('joins older pages without doubling', () => {
    const timeline = merge(read([5, 6], { has_older: true }), page([3, 4, 5], { has_older: true }), 'older', [])
    expect(ids(timeline)).toEqual([3, 4, 5, 6])
    expect(timeline.hasOlder).toBe(true)
  })

  it('does not put a new message at the end of an old stretch', () => {
    const timeline = read([1, 2], { has_newer: true })
    expect(apply(timeline, created(9, 90))).toBe(timeline)
  })

  it('applies to a page what was announced while it was on its way', () => {
    const timeline = merge(blank(threadId), page([1, 2], { seq: 20 }), 'anew', [created(2, 20), created(3, 30)])
    expect(ids(timeline)).toEqual([1, 2, 3])
  })

  it('leaves other threads alone', () => {
    const timeline = read([1])
    const other = { ...created(2, 20), data: message(2, 20, { thread_id: 8 }) } as EventFrame
    expect(apply(timeline, other)).toBe(timeline)
  })

  it('counts a reaction once and forgets one that nobody has', () => {
    const change = (type: 'reaction.added' | 'reaction.removed', user_id: number): EventFrame => ({
      op: 'event',
      class_id: classId,
      seq: 1001,
      at,
      type,
      data: { message_id: 1, thread_id: threadId, emoji: '👍', user_id },
    })
    let timeline = read([1])
    timeline = apply(apply(timeline, change('reaction.added', 4)), change('reaction.added', 4))
    expect(timeline.messages[0]?.reactions).toEqual([{ emoji: '👍', user_ids: [4] }])
    timeline = apply(timeline, change('reaction.removed', 4))
    expect(timeline.messages[0]?.reactions).toEqual([])
    expect(apply(timeline, change('reaction.removed', 4))).toBe(timeline)
  })

  it('keeps the client id that only the first telling held', () => {
    let timeline = put(read([1]), message(2, 20, { client_id: 'c2' }))
    timeline = put(timeline, message(2, 20, { content: 'edited' }))
    expect(timeline.messages[1]).toMatchObject({ content: 'edited', client_id: 'c2' })
  })

  it('stays quick with ten thousand messages', () => {
    let timeline = read(Array.from({ length: 10_000 }, (_, n) => n + 1))
    const start = performance.now()
    for (let n = 0; n < 200; n++) timeline = apply(timeline, created(20_000 + n, 200_000 + n * 10))
    expect(timeline.messages).toHaveLength(10_200)
    expect((performance.now() - start) / 200).toBeLessThan(5)
  })
})
