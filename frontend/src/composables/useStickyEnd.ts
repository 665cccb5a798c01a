import { nextTick, ref, shallowRef, type Ref, type ShallowRef } from 'vue'
import type { VirtualizerHandle } from 'virtua/vue'

// So close to the end counts as the end.
const near = 48
const foot = 12

export interface StickyEnd {
  list: ShallowRef<VirtualizerHandle | undefined>
  /** The reader is at the end: what comes is followed. */
  atEnd: Ref<boolean>
  scrolled(offset: number): void
  resized(): void
  toEnd(): void
  toRow(index: number, align: 'start' | 'center' | 'nearest'): void
}

/** Keeps the end in view for a reader who is there, and leaves all others alone. */
export function useStickyEnd(scroller: Ref<HTMLElement | undefined>, count: () => number): StickyEnd {
  const list = shallowRef<VirtualizerHandle>()
  const atEnd = ref(true)
  let lastOffset = 0
  let lastSize = 0

  function scrolled(offset: number): void {
    const handle = list.value
    if (!handle) return
    const size = handle.scrollSize
    const left = size - offset - handle.viewportSize
    if (left <= near) atEnd.value = true
    // Rows that are measured anew move the offset too; only a reader moves up
    // while nothing gets shorter.
    else if (offset < lastOffset - 1 && size >= lastSize) atEnd.value = false
    lastOffset = offset
    lastSize = size
  }

  function toEnd(): void {
    atEnd.value = true
    void nextTick(() => {
      if (count()) list.value?.scrollToIndex(count() - 1, { align: 'end', offset: foot })
      // The list scrolls as soon as a row has grown, when it is not yet longer itself.
      requestAnimationFrame(() => {
        if (atEnd.value && scroller.value) scroller.value.scrollTop = scroller.value.scrollHeight
      })
    })
  }

  function resized(): void {
    if (atEnd.value) toEnd()
  }

  function toRow(index: number, align: 'start' | 'center' | 'nearest'): void {
    atEnd.value = false
    void nextTick(() => list.value?.scrollToIndex(index, { align, offset: align === 'start' ? -56 : 0 }))
  }

  return { list, atEnd, scrolled, resized, toEnd, toRow }
}
