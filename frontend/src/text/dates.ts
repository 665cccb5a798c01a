/** Writes instants as the reader's locale does. */
export interface Dates {
  time(at: string): string
  /** "Today", "Yesterday", a weekday within the week, else the date. */
  day(at: string): string
  /** Everything, for a tooltip. */
  exact(at: string): string
  /** As short as it can be for a list: the time today, a day this week, else the date. */
  brief(at: string): string
  date(at: string): string
  /** Until when something lasts: the time today, else with its day. */
  until(at: string): string
}

const dayMs = 86_400_000

/** Local midnight before the instant, so that days can be compared. */
export function midnight(at: Date): number {
  return new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime()
}

/** How many calendar days lie between the two, also over a change of the clock. */
export function daysBetween(at: Date, now: Date): number {
  return Math.round((midnight(now) - midnight(at)) / dayMs)
}

export function dates(locale: string, now: () => Date = () => new Date()): Dates {
  const time = new Intl.DateTimeFormat(locale, { hour: 'numeric', minute: '2-digit' })
  const weekday = new Intl.DateTimeFormat(locale, { weekday: 'long' })
  const thisYear = new Intl.DateTimeFormat(locale, { weekday: 'long', month: 'long', day: 'numeric' })
  const otherYear = new Intl.DateTimeFormat(locale, { year: 'numeric', month: 'long', day: 'numeric' })
  const exact = new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'medium' })
  const shortWeekday = new Intl.DateTimeFormat(locale, { weekday: 'short' })
  const shortDate = new Intl.DateTimeFormat(locale, { month: 'numeric', day: 'numeric' })
  const shortOther = new Intl.DateTimeFormat(locale, { year: '2-digit', month: 'numeric', day: 'numeric' })
  const until = new Intl.DateTimeFormat(locale, { weekday: 'long', month: 'long', day: 'numeric', hour: 'numeric', minute: '2-digit' })
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })

  function capital(text: string): string {
    return text.charAt(0).toLocaleUpperCase(locale) + text.slice(1)
  }

  return {
    time: (at) => time.format(new Date(at)),
    exact: (at) => exact.format(new Date(at)),
    date: (at) => otherYear.format(new Date(at)),
    until: (at) => (daysBetween(new Date(at), now()) === 0 ? time : until).format(new Date(at)),
    day(at) {
      const when = new Date(at)
      const days = daysBetween(when, now())
      if (days === 0 || days === 1) return capital(relative.format(-days, 'day'))
      if (days > 1 && days < 7) return weekday.format(when)
      return (when.getFullYear() === now().getFullYear() ? thisYear : otherYear).format(when)
    },
    brief(at) {
      const when = new Date(at)
      const days = daysBetween(when, now())
      if (days <= 0) return time.format(when)
      if (days === 1) return capital(relative.format(-1, 'day'))
      if (days < 7) return shortWeekday.format(when)
      return (when.getFullYear() === now().getFullYear() ? shortDate : shortOther).format(when)
    },
  }
}
