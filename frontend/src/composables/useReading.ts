import { useDocumentVisibility, useWindowFocus } from '@vueuse/core'
import { computed, onScopeDispose, ref, watch, type ComputedRef, type Ref } from 'vue'
import { useMessages } from '@/stores/messages'
import { useThreads } from '@/stores/threads'

export interface Reading {
  /** The new line stands after this number. */
  freshAfter: Ref<number | undefined>
  unread: ComputedRef<number>
}

/**
 * Notes what has been read: the end of the thread, when it is in view of
 * somebody who is looking. What came while nobody looked stands under the new
 * line, which stays until the thread is left.
 */
export function useReading(classId: () => number, threadId: () => number, atEnd: Ref<boolean>): Reading {
  const threads = useThreads()
  const messages = useMessages()
  const visibility = useDocumentVisibility()
  const focused = useWindowFocus()

  const thread = computed(() => threads.get(classId(), threadId()))
  const timeline = computed(() => messages.of(threadId()))
  const unread = computed(() => thread.value?.unread ?? 0)
  const looking = computed(() => visibility.value === 'visible' && focused.value)
  const lastSeq = computed(() => (timeline.value.loaded && !timeline.value.hasNewer ? (timeline.value.messages.at(-1)?.seq ?? 0) : 0))
  const freshAfter = ref<number>()
  let timer: ReturnType<typeof setTimeout> | undefined
  onScopeDispose(() => clearTimeout(timer))

  watch(
    [threadId, () => thread.value !== undefined],
    () => (freshAfter.value = unread.value > 0 ? (thread.value?.read_seq ?? 0) : undefined),
    { immediate: true },
  )

  watch(
    [looking, atEnd, lastSeq, unread],
    ([looks, end, seq], before) => {
      const mark = thread.value?.read_seq ?? 0
      if (looks && end && seq > mark) {
        // A moment later, so that a thread only passed over is not read.
        timer ??= setTimeout(() => {
          timer = undefined
          if (looking.value && atEnd.value && lastSeq.value > 0) void threads.read(classId(), threadId(), lastSeq.value, 0)
        }, 250)
        return
      }
      const wasRead = (before?.[3] ?? 0) === 0
      if (wasRead && unread.value > 0 && !(looks && end)) freshAfter.value = mark
    },
    { immediate: true },
  )

  return { freshAfter, unread }
}
