import { defineStore } from 'pinia'
import type { ClassFile } from '@/api/nouns'
import { draftKey } from '@/text/draft'
import { useSession } from './session'

/** What is typed or attached and not sent, per thread, also after a reload. */
export const useDrafts = defineStore('drafts', () => {
  const key = (threadId: number) => draftKey(useSession().user?.id ?? 0, threadId)

  function get(threadId: number): string {
    return localStorage.getItem(key(threadId)) ?? ''
  }

  function put(name: string, text: string): void {
    // A field writes late: after its user has signed out it is nobody's.
    if (!useSession().user) return
    try {
      if (text) localStorage.setItem(name, text)
      else localStorage.removeItem(name)
    } catch {
      // The disk is full; the text is still in the field.
    }
  }

  const set = (threadId: number, text: string) => put(key(threadId), text)

  const filesKey = (threadId: number) => `${key(threadId)}.files`

  /** Those that the server has, for the next message of the thread. */
  const files = (threadId: number) => JSON.parse(localStorage.getItem(filesKey(threadId)) ?? '[]') as ClassFile[]

  const setFiles = (threadId: number, kept: readonly ClassFile[]) => put(filesKey(threadId), kept.length ? JSON.stringify(kept) : '')

  return { get, set, files, setFiles }
})
