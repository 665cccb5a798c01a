/** Writes amounts as the reader's locale does. */
export interface Numbers {
  count(n: number): string
  /** A rate, with a digit behind the point where it is small. */
  rate(n: number): string
  /** From 0 to 100; never 100 before it is. */
  percent(n: number): string
  milliseconds(n: number): string
  bytes(n: number): string
}

const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const

export function numbers(locale: string): Numbers {
  const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 })
  const tenth = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 })
  const share = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 })
  const unit = (name: string, digits: number) =>
    // Bytes have no short form, and several of them no plural in it.
    new Intl.NumberFormat(locale, { style: 'unit', unit: name, unitDisplay: name === 'byte' ? 'long' : 'short', maximumFractionDigits: digits })
  const short = unit('millisecond', 1)
  const long = unit('second', 1)
  const sizes = units.map((name) => [unit(name, 0), unit(name, 1)] as const)

  return {
    count: (n) => whole.format(n),
    rate: (n) => (n < 100 ? tenth : whole).format(n),
    percent: (n) => share.format(Math.floor(n) / 100),
    milliseconds: (n) => (n < 1000 ? short.format(n < 100 ? n : Math.round(n)) : long.format(n / 1000)),
    bytes(n) {
      const step = n < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(n) / 3))
      const amount = n / 1000 ** step
      return sizes[step]?.[step > 0 && amount < 10 ? 1 : 0].format(amount) ?? ''
    },
  }
}
