import { defineStore } from 'pinia'
import { shallowReactive, shallowRef } from 'vue'
import type { Message } from '@/api/nouns'
import { clearedWithAll } from './pages'

/** What is being answered in each thread, and which message is being rewritten. */
export const useComposing = defineStore('composing', () => {
  const replies = shallowReactive(new Map<number, Message>())
  /** Another object whenever it is asked for, so that it is shown again. */
  const editing = shallowRef<{ readonly id: number }>()
  /** What messages are to become, until that is saved or given up. */
  const edits = shallowReactive(new Map<number, string>())
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

  function edit(id: number): void {
    editing.value = { id }
  }

  /** The message is as it should be: its new text is saved, or given up. */
  function leave(id: number): void {
    edits.delete(id)
    if (editing.value?.id !== id) return
    editing.value = undefined
    focus.value++
  }

  function clear(): void {
    replies.clear()
    editing.value = undefined
    edits.clear()
  }

  clearedWithAll(clear)
  return { replies, editing, edits, focus, reply, drop, edit, leave }
})
