import { defineStore } from 'pinia'
import { shallowReactive } from 'vue'
import type { Person } from '@/api/nouns'
import * as api from '@/api/users'
import { clearedWithAll } from './pages'

const unknown = Symbol('unknown')

/** Users by number, for pages that hold only the number; each is asked for once. */
export const usePeople = defineStore('people', () => {
  const byId = shallowReactive(new Map<number, Person | typeof unknown>())

  function get(id: number | undefined): Person | undefined {
    const person = id === undefined ? undefined : byId.get(id)
    return person === unknown ? undefined : person
  }

  const take = (person: Person) => byId.set(person.id, person)

  async function know(ids: readonly number[]): Promise<void> {
    const missing = [...new Set(ids)].filter((id) => id > 0 && !byId.has(id))
    await Promise.all(
      missing.map(async (id) => {
        byId.set(id, unknown)
        try {
          take(await api.get(id))
        } catch {
          // Its number stands in its place; the next page may ask again.
          byId.delete(id)
        }
      }),
    )
  }

  /** Those whose name begins so; nobody where the asker may not look. */
  async function suggest(query: string, limit = 8): Promise<Person[]> {
    try {
      return (await api.list({ query, limit })).items
    } catch {
      return []
    }
  }

  const clear = () => byId.clear()

  clearedWithAll(clear)
  return { clear, get, take, know, suggest }
})
