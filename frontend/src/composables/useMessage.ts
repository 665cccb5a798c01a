import { computed, watch, type ComputedRef } from 'vue'
import type { Message } from '@/api/nouns'
import { useConnection } from '@/stores/connection'
import { useMessages } from '@/stores/messages'

/** One message by itself, wherever it lies, as it now is; undefined until it is known. */
export function useMessage(classId: () => number, threadId: () => number | undefined, id: () => number | undefined): ComputedRef<Message | undefined> {
  const messages = useMessages()
  const connection = useConnection()
  const message = computed(() => {
    const thread = threadId()
    const one = id()
    return thread === undefined || one === undefined ? undefined : messages.one(thread, one)
  })
  // Asked again when it has been forgotten, and when the server is back.
  watch(
    [threadId, id, () => message.value === undefined, () => connection.state === 'live'],
    ([thread, one]) => {
      if (thread !== undefined && one !== undefined) void messages.seek(classId(), thread, one)
    },
    { immediate: true },
  )
  return message
}
