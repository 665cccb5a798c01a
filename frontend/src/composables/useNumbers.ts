import { computed, type ComputedRef } from 'vue'
import { numbers, type Numbers } from '@/text/numbers'
import { useRegion } from './useDates'

const made = new Map<string, Numbers>()

/** Numbers in the reader's locale, following the language setting. */
export function useNumbers(): ComputedRef<Numbers> {
  const region = useRegion()
  return computed(() => {
    const known = made.get(region.value)
    if (known) return known
    const fresh = numbers(region.value)
    made.set(region.value, fresh)
    return fresh
  })
}
