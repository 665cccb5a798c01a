import { defineStore } from 'pinia'
import { shallowReactive } from 'vue'
import { Fault, faultOf } from '@/api/fault'
import * as api from '@/api/files'
import type { ClassFile } from '@/api/nouns'
import type { EventFrame } from '@/live/frames'
import { applyFiled, newer, type Shelf } from '@/timeline/filed'
import { clearedWithAll, toldWithAll } from './pages'

export interface Filed extends Shelf {
  readonly files: readonly ClassFile[]
  readonly next?: string
  readonly loaded: boolean
  readonly loading: boolean
  readonly fault?: Fault
}

// Few at first: the members stand below them.
const first = 5
const more = 30

const keyOf = ({ classId, threadId }: Shelf) => `${classId}.${threadId ?? ''}`

/** What was sent in classes and threads, as far as somebody has looked. */
export const useFiles = defineStore('files', () => {
  const shelves = shallowReactive(new Map<string, Filed>())
  // What is told while a page is on its way may be newer than the page.
  const meanwhile = new Map<string, (EventFrame | undefined)[]>()

  const of = (shelf: Shelf): Filed => shelves.get(keyOf(shelf)) ?? { ...shelf, files: [], loaded: false, loading: false }

  function put(shelf: Shelf, by: Partial<Filed>): void {
    shelves.set(keyOf(shelf), { ...of(shelf), ...by })
  }

  async function ask(shelf: Shelf, cursor: string | undefined): Promise<void> {
    const key = keyOf(shelf)
    if (of(shelf).loading) return
    const heard: (EventFrame | undefined)[] = []
    meanwhile.set(key, heard)
    put(shelf, { loading: true, fault: undefined })
    const query = { thread_id: shelf.threadId, after: cursor, limit: cursor === undefined ? first : more }
    const page = await api.page(shelf.classId, query).catch(faultOf)
    // Cleared since: it was for who was here before.
    if (meanwhile.get(key) !== heard) return
    meanwhile.delete(key)
    const missed = heard.includes(undefined)
    if (page instanceof Fault) put(shelf, { fault: page, loading: false })
    else {
      const before = cursor === undefined ? [] : of(shelf).files
      const known = new Set(before.map((file) => file.id))
      const files: readonly ClassFile[] = [...before, ...page.items.filter((file) => !known.has(file.id))].sort(newer)
      put(shelf, { files: heard.reduce((list, event) => (event ? applyFiled(list, shelf, event) : list), files), next: page.next, loaded: !missed, loading: false })
    }
    if (missed) await load(shelf)
  }

  /** Reads the newest; what is shown stays until they are here. */
  const load = (shelf: Shelf) => ask(shelf, undefined)

  async function loadMore(shelf: Shelf): Promise<void> {
    const { next } = of(shelf)
    if (next !== undefined) await ask(shelf, next)
  }

  /** Nothing stands for events that were missed: what is looked at is then read anew, after a page that is on its way. */
  function told(event: EventFrame | undefined): void {
    for (const [key, shelf] of shelves) {
      meanwhile.get(key)?.push(event)
      if (!event) {
        put(shelf, { loaded: false })
        continue
      }
      const files = applyFiled(shelf.files, shelf, event)
      if (files !== shelf.files) put(shelf, { files })
    }
  }

  function clear(): void {
    shelves.clear()
    meanwhile.clear()
  }

  clearedWithAll(clear)
  toldWithAll(told)
  return { shelves, of, load, loadMore, told, clear }
})
