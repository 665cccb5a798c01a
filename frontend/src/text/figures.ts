import type { Stats, StatsStep } from '@/api/nouns'

export const figures = ['connections', 'sends', 'deliveries', 'commit', 'commitSize', 'lag', 'tooSlow', 'signInsFailed', 'memory', 'goroutines'] as const
export type Figure = (typeof figures)[number]
export type Unit = 'count' | 'rate' | 'milliseconds' | 'bytes'

export const unitOf: Record<Figure, Unit> = {
  connections: 'count',
  sends: 'rate',
  deliveries: 'rate',
  commit: 'milliseconds',
  commitSize: 'rate',
  lag: 'milliseconds',
  tooSlow: 'count',
  signInsFailed: 'count',
  memory: 'bytes',
  goroutines: 'count',
}

function valueOf(step: StatsStep, figure: Figure): number | null {
  switch (figure) {
    // Where nothing was stored or told, nothing took any time.
    case 'commit':
      return step.commit_ms || null
    case 'commitSize':
      return step.commit_size || null
    case 'lag':
      return step.lag_ms || null
    case 'tooSlow':
      return step.too_slow
    case 'signInsFailed':
      return step.sign_ins_failed
    case 'connections':
    case 'sends':
    case 'deliveries':
    case 'memory':
    case 'goroutines':
      return step[figure]
    default:
      return figure satisfies never
  }
}

/** A figure over time: the seconds since 1970, and what it was then. */
export interface Series {
  at: number[]
  values: (number | null)[]
}

export function seriesOf(stats: Stats, figure: Figure): Series {
  return {
    at: stats.steps.map((step) => Date.parse(step.at) / 1000),
    values: stats.steps.map((step) => valueOf(step, figure)),
  }
}

/** What there is to say of a series without a picture; undefined where there was nothing. */
export function summaryOf({ values }: Series): { now: number | undefined; mean: number; highest: number } | undefined {
  const known = values.filter((value) => value !== null)
  if (!known.length) return undefined
  return {
    now: values.at(-1) ?? undefined,
    mean: known.reduce((sum, value) => sum + value, 0) / known.length,
    highest: known.reduce((most, value) => Math.max(most, value), 0),
  }
}
