import { describe, expect, it } from 'vitest'
import type { Stats } from '@/api/nouns'
import { seriesOf, summaryOf } from '@/text/figures'
import { numbers } from '@/text/numbers'

describe('numbers', () => {
  it('are written as the reader writes them', () => {
    expect(numbers('en').count(12345)).toBe('12,345')
    expect(numbers('de').count(12345)).toBe('12.345')
    expect(numbers('en').bytes(45_300_000)).toBe('45 MB')
    expect(numbers('en').bytes(1_530_000_000)).toBe('1.5 GB')
    expect(numbers('en').bytes(0)).toBe('0 bytes')
    expect(numbers('en').milliseconds(12.34)).toBe('12.3 ms')
    expect(numbers('en').milliseconds(2500)).toBe('2.5 sec')
    expect(numbers('en').rate(0.25)).toBe('0.3')
  })
  it('do not say 100 % before it is', () => {
    expect(numbers('en').percent(99.9)).toBe('99%')
    expect(numbers('en').percent(100)).toBe('100%')
  })
})

it('a series knows nothing of steps in which nothing was stored', () => {
  const step = { connections: 1, sends: 0, deliveries: 0, lag_ms: 0, too_slow: 0, sign_ins_failed: 0, memory: 1, goroutines: 1 }
  const steps = [
    { ...step, at: '2026-03-02T09:00:00Z', commit_ms: 4, commit_size: 1.5 },
    { ...step, at: '2026-03-02T09:00:10Z', commit_ms: 0, commit_size: 0 },
    { ...step, at: '2026-03-02T09:00:20Z', commit_ms: 8, commit_size: 2 },
  ]
  const stats = { steps, step: 10 } as Stats
  expect(seriesOf(stats, 'commit').values).toEqual([4, null, 8])
  expect(seriesOf(stats, 'commitSize').values).toEqual([1.5, null, 2])
  expect(summaryOf(seriesOf(stats, 'tooSlow'))).toEqual({ now: 0, mean: 0, highest: 0 })
  expect(summaryOf(seriesOf(stats, 'commit'))).toEqual({ now: 8, mean: 6, highest: 8 })
  expect(summaryOf(seriesOf(stats, 'lag'))).toBeUndefined()
})
