import { defineStore } from 'pinia'
import { draftKey } from '@/text/draft'
import { useSession } from './session'

/** What is typed and not sent, per thread, also after a reload. */
export const useDrafts = defineStore('drafts', () => {
  const key = (threadId: number) => draftKey(useSession().user?.id ?? 0, threadId)

  function get(threadId: number): string {
    return localStorage.getItem(key(threadId)) ?? ''
  }

  function set(threadId: number, text: string): void {
    // A field writes late: after its user has signed out it is nobody's.
    if (!useSession().user) return
    try {
      if (text) localStorage.setItem(key(threadId), text)
      else localStorage.removeItem(key(threadId))
    } catch {
      // The disk is full; the text is still in the field.
    }
  }

  return { get, set }
})
