import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type { ClassFile, Message, Thread } from '@/api/nouns'
import { clearedWithAll } from './pages'

/** What lies over the chat; one thing at a time. */
export type Overlay =
  | { kind: 'palette' }
  | { kind: 'keys' }
  | { kind: 'sign-out' }
  | { kind: 'new-class' }
  | { kind: 'new-thread'; classId: number }
  | { kind: 'rename-thread'; thread: Thread }
  | { kind: 'remove-thread'; thread: Thread }
  | { kind: 'remove'; message: Message }
  | { kind: 'versions'; message: Message }
  | { kind: 'report'; message: Message }
  | { kind: 'actions'; message: Message }
  | { kind: 'picture'; files: readonly ClassFile[]; first: number }

export const useOverlay = defineStore('overlay', () => {
  const shown = shallowRef<Overlay>()

  const open = (overlay: Overlay) => (shown.value = overlay)
  const close = () => (shown.value = undefined)
  const remove = (message: Message) => open({ kind: 'remove', message })
  const versions = (message: Message) => open({ kind: 'versions', message })
  const report = (message: Message) => open({ kind: 'report', message })
  const actions = (message: Message) => open({ kind: 'actions', message })

  const picture = (files: readonly ClassFile[], first: number) => open({ kind: 'picture', files, first })

  clearedWithAll(close)
  return { shown, open, close, remove, versions, report, actions, picture }
})
