import { describe, expect, it } from 'vitest'
import type { EventFrame } from '@/live/frames'
import { waitAfter } from '@/live/backoff'
import { begin, behind, forget, nothing, receive } from '@/live/sequence'

const event = (seq: number, class_id = 1): EventFrame => ({ op: 'event', class_id, seq, type: 'hidden', at: '2026-03-02T09:00:00.000Z' })
const seqs = (events: readonly EventFrame[]) => events.map((one) => one.seq)

describe('the order of events', () => {
  const known = begin(nothing, 1, 10).sequence

  it('applies the next', () => {
    const step = receive(known, event(11))
    expect(seqs(step.deliver)).toEqual([11])
    expect(step.sequence.heads.get(1)).toBe(11)
    expect(step.gap).toBe(false)
  })

  it('ignores what was applied before', () => {
    const step = receive(known, event(10))
    expect(step.deliver).toEqual([])
    expect(step.sequence).toBe(known)
  })

  it('keeps what comes early and applies it in its turn', () => {
    const early = receive(known, event(13))
    expect(early.deliver).toEqual([])
    expect(early.gap).toBe(true)
    const still = receive(early.sequence, event(12))
    expect(still.gap).toBe(true)
    const filled = receive(still.sequence, event(11))
    expect(seqs(filled.deliver)).toEqual([11, 12, 13])
    expect(filled.gap).toBe(false)
  })

  it('knows no class that was not begun', () => {
    const step = receive(known, event(1, 2))
    expect(step.stranger).toBe(true)
    expect(step.deliver).toEqual([])
    expect(receive(forget(known, 1), event(11)).stranger).toBe(true)
  })

  it('does not keep without end what comes early', () => {
    let sequence = known
    for (let seq = 12; seq < 2000; seq++) sequence = receive(sequence, event(seq)).sequence
    expect(sequence.early.get(1)?.length).toBeLessThanOrEqual(200)
    expect(receive(sequence, event(5000)).gap).toBe(true)
  })

  it('notices from a keep frame what it never heard of', () => {
    expect(behind(known, new Map([[1, 10]]))).toEqual([])
    expect(behind(known, new Map([[1, 12]]))).toEqual([1])
    expect(behind(known, new Map([[2, 5]]))).toEqual([])
  })
})

describe('coming back', () => {
  it('never happens after the server has said not to', () => {
    for (const code of [4500, 4501, 4502, 4503]) expect(waitAfter(code, 0, 0.5)).toBeUndefined()
  })

  it('is spread over half a second to twenty seconds after a restart', () => {
    expect(waitAfter(1012, 7, 0)).toBe(500)
    expect(waitAfter(1012, 0, 0.999_999)).toBeGreaterThan(19_900)
    expect(waitAfter(1012, 0, 0.999_999)).toBeLessThanOrEqual(20_000)
  })

  it('waits thirty seconds after too many frames', () => {
    expect(waitAfter(4002, 0, 0)).toBeGreaterThanOrEqual(30_000)
  })

  it('takes longer with each try, by chance, and half a minute at most', () => {
    expect(waitAfter(1006, 0, 0.99)).toBeLessThan(700)
    expect(waitAfter(1006, 20, 0.99)).toBeGreaterThan(25_000)
    expect(waitAfter(1006, 20, 0.99)).toBeLessThanOrEqual(30_100)
    expect(waitAfter(4001, 20, 0)).toBe(100)
  })
})
