import { computed, onScopeDispose, toValue, watch, type ComputedRef, type MaybeRefOrGetter } from 'vue'
import { useNotices, type Notice } from '@/stores/notices'
import { useWatches } from '@/stores/watches'

/** Watches a task while the page that asks for it is there, and gives what it told last. */
export function useWatch(task: MaybeRefOrGetter<string | undefined>): ComputedRef<Notice | undefined> {
  const notices = useNotices()
  const watches = useWatches()
  let now: string | undefined

  function change(next: string | undefined): void {
    const before = now
    now = next || undefined
    if (now) void watches.hold(now).catch(() => {})
    if (before) watches.release(before)
  }
  watch(() => toValue(task), change, { immediate: true })
  onScopeDispose(() => change(undefined))

  return computed(() => {
    const name = toValue(task)
    return name ? notices.ofTask(name) : undefined
  })
}
