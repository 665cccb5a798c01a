const units = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
] as const

/** "3 minutes ago", "in 2 days": the largest unit that fits. */
export function fromNow(locale: string, at: string, now: number = Date.now()): string {
  const seconds = Math.round((Date.parse(at) - now) / 1000)
  const format = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })
  for (const [unit, size] of units) {
    if (Math.abs(seconds) >= size) return format.format(Math.trunc(seconds / size), unit)
  }
  return format.format(0, 'minute')
}

/** "28 seconds", "12 minutes": how long to wait, rounded up. */
export function lasting(locale: string, seconds: number): string {
  const [unit, size] = seconds > 90 * 60 ? (['hour', 3600] as const) : seconds > 90 ? (['minute', 60] as const) : (['second', 1] as const)
  return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }).format(Math.ceil(seconds / size))
}

/** The time of an instant to come, with its day where that is not today. */
export function until(locale: string, at: string, now: number = Date.now()): string {
  const when = new Date(at)
  const time = { hour: 'numeric', minute: '2-digit' } as const
  const today = when.toDateString() === new Date(now).toDateString()
  return new Intl.DateTimeFormat(locale, today ? time : { ...time, weekday: 'short', month: 'short', day: 'numeric' }).format(when)
}

/** A day without ceremony, for a column of many. */
export const shortDate = (locale: string, at: string) => new Intl.DateTimeFormat(locale, { dateStyle: 'medium' }).format(new Date(at))
