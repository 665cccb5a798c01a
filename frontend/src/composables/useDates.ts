import { computed, type ComputedRef } from 'vue'
import { useSettings } from '@/stores/settings'
import { dates, type Dates } from '@/text/dates'
import { useClock } from './useClock'

const made = new Map<string, Dates>()
let madeOn = 0

/** The locale to write dates in: the reader's region when it speaks the chosen language. */
function region(locale: string): string {
  const language = locale.slice(0, 2)
  return navigator.languages.find((one) => one.startsWith(language)) ?? locale
}

/** The locale that dates and numbers are written in. */
export function useRegion(): ComputedRef<string> {
  const settings = useSettings()
  return computed(() => region(settings.locale))
}

/** Dates in the reader's locale, following the language setting and the change of the day. */
export function useDates(): ComputedRef<Dates> {
  const settings = useSettings()
  const { today } = useClock()
  return computed(() => {
    if (madeOn !== today.value) made.clear()
    madeOn = today.value
    const locale = region(settings.locale)
    const known = made.get(locale)
    if (known) return known
    const fresh = dates(locale)
    made.set(locale, fresh)
    return fresh
  })
}
