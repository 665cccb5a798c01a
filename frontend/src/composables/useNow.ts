import { onScopeDispose, ref, type Ref } from 'vue'

/** The time, told anew every half minute: what is "2 minutes ago" grows older on the page. */
export function useNow(every = 30_000): Ref<number> {
  const now = ref(Date.now())
  const timer = setInterval(() => (now.value = Date.now()), every)
  onScopeDispose(() => clearInterval(timer))
  return now
}
