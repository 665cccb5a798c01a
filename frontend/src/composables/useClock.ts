import { createSharedComposable } from '@vueuse/core'
import { computed } from 'vue'
import { midnight } from '@/text/dates'
import { useNow } from './useNow'

/** One clock for the whole page: what ends at a time ends while one looks, and "Today" becomes "Yesterday". */
export const useClock = createSharedComposable(() => {
  const now = useNow(5_000)
  const today = computed(() => midnight(new Date(now.value)))
  return { now, today }
})
