import { reactive, ref, shallowRef } from 'vue'
import { faultOf, type Fault } from '@/api/fault'
import type { Part } from '@/api/nouns'

/** A list that the server gives in parts. Answers that come after a newer question are dropped. */
export function usePaged<T extends { id: number }>(part: (cursor: string | undefined) => Promise<Part<T>>) {
  const items = shallowRef<readonly T[]>([])
  const next = ref<string>()
  const loading = ref(false)
  const loaded = ref(false)
  const fault = shallowRef<Fault>()
  let question = 0

  async function ask(cursor: string | undefined): Promise<void> {
    const mine = ++question
    loading.value = true
    fault.value = undefined
    try {
      const answer = await part(cursor)
      if (mine !== question) return
      items.value = cursor === undefined ? answer.items : [...items.value, ...answer.items.filter((item) => !isHere(item))]
      next.value = answer.next
      loaded.value = true
    } catch (thrown) {
      if (mine === question) fault.value = faultOf(thrown)
    } finally {
      if (mine === question) loading.value = false
    }
  }

  // What was put in front comes once more with its own part.
  const isHere = (item: T) => items.value.some((one) => one.id === item.id)

  /** Reads the first part again; what is shown stays until it is here. */
  const reload = () => ask(undefined)
  const more = () => (next.value === undefined || loading.value ? Promise.resolve() : ask(next.value))

  function replace(is: (item: T) => boolean, by: T): void {
    items.value = items.value.map((item) => (is(item) ? by : item))
  }
  function drop(is: (item: T) => boolean): void {
    items.value = items.value.filter((item) => !is(item))
  }
  const prepend = (item: T) => (items.value = [item, ...items.value])

  return reactive({ items, next, loading, loaded, fault, reload, more, replace, drop, prepend })
}
