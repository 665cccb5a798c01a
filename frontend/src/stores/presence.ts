import { defineStore } from 'pinia'
import { shallowReactive } from 'vue'
import type { Telling } from '@/live/frames'
import { useSession } from './session'

export interface Crowd {
  count: number
  userIds: ReadonlySet<number>
}

interface Typist {
  id: number
  name: string
  timer: ReturnType<typeof setTimeout>
}

// A little longer than the pause between two tellings.
const typingLasts = 5000

/** Who is here and who is typing: told while it lasts, and never stored. */
export const usePresence = defineStore('presence', () => {
  const typists = shallowReactive(new Map<number, readonly Typist[]>())
  const viewers = shallowReactive(new Map<number, Crowd>())
  const online = shallowReactive(new Map<number, Crowd>())

  function stopped(threadId: number, userId: number): void {
    const here = typists.get(threadId)
    if (!here) return
    for (const typist of here) if (typist.id === userId) clearTimeout(typist.timer)
    typists.set(threadId, here.filter((typist) => typist.id !== userId))
  }

  function told(frame: Telling): void {
    switch (frame.op) {
      case 'typing': {
        if (frame.user_id === useSession().user?.id) return
        stopped(frame.thread_id, frame.user_id)
        const timer = setTimeout(() => stopped(frame.thread_id, frame.user_id), typingLasts)
        const here = typists.get(frame.thread_id) ?? []
        typists.set(frame.thread_id, [...here, { id: frame.user_id, name: frame.name, timer }])
        return
      }
      case 'presence':
        viewers.set(frame.thread_id, { count: frame.count, userIds: new Set(frame.user_ids ?? []) })
        return
      case 'online':
        online.set(frame.class_id, { count: frame.count, userIds: new Set(frame.user_ids ?? []) })
        return
      case 'read':
      case 'push':
      case 'reports':
        return
      default:
        frame satisfies never
    }
  }

  const typing = (threadId: number) => typists.get(threadId)?.map((typist) => typist.name) ?? []

  function clear(): void {
    viewers.clear()
    online.clear()
    typists.clear()
  }

  return { viewers, online, typing, stopped, told, clear }
})
