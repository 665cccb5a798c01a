import { defineStore } from 'pinia'
import { shallowReactive, shallowRef } from 'vue'
import type { Message } from '@/api/nouns'

/** What is being answered in each thread, and which message is being rewritten. */
export const useComposing = defineStore('composing', () => {
  const replies = shallowReactive(new Map<number, Message>())
  const editing = shallowRef<number>()
  /** Counts up whenever the field should take the focus. */
  const focus = shallowRef(0)

  function reply(message: Message): void {
    replies.set(message.thread_id, message)
    editing.value = undefined
    focus.value++
  }

  function drop(threadId: number): void {
    replies.delete(threadId)
  }

  function edit(id: number | undefined): void {
    editing.value = id
    if (id === undefined) focus.value++
  }

  function clear(): void {
    replies.clear()
    editing.value = undefined
  }

  return { replies, editing, focus, reply, drop, edit, clear }
})
