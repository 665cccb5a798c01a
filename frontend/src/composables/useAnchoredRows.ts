import { nextTick, shallowRef, watch, type Ref, type ShallowRef } from 'vue'
import type { Row } from '@/timeline/rows'

export interface AnchoredRows {
  shown: ShallowRef<Row[]>
  /** True only for the change in which rows come in above: then the list keeps its place from the end. */
  shift: ShallowRef<boolean>
  /** Changes when the rows are others altogether, and old measures are worth nothing. */
  generation: ShallowRef<number>
}

/**
 * Hands rows to the virtual list so that nothing moves under the reader: what
 * comes above and what comes below are two changes, never one.
 */
export function useAnchoredRows(layout: Ref<Row[]>, changed: (appended: number) => void): AnchoredRows {
  const shown = shallowRef<Row[]>([])
  const shift = shallowRef(false)
  const generation = shallowRef(0)

  async function take(next: Row[]): Promise<void> {
    const anchor = shown.value.find((row) => row.kind !== 'start')
    const last = shown.value.at(-1)
    if (!anchor || !last) {
      shift.value = false
      if (next.length) generation.value++
      shown.value = next
      changed(0)
      return
    }
    const before = shown.value.indexOf(anchor)
    const after = next.findIndex((row) => row.key === anchor.key)
    if (after < 0) {
      generation.value++
      shift.value = false
      shown.value = next
      changed(0)
      return
    }
    const end = next.findLastIndex((row) => row.key === last.key)
    if (after !== before) {
      shift.value = true
      shown.value = end < 0 ? next : next.slice(0, end + 1)
      await nextTick()
      shift.value = false
      if (shown.value.length === next.length) return
    }
    shown.value = next
    changed(end < 0 ? 0 : next.length - 1 - end)
  }

  // One after the other: the second half of a change must not meet the next.
  let queue = Promise.resolve()
  watch(
    layout,
    (next) => {
      if (!shown.value.length) void take(next)
      else queue = queue.then(() => take(next))
    },
    { immediate: true, flush: 'pre' },
  )
  return { shown, shift, generation }
}
