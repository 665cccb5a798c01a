import { computed, reactive, watch, type ComputedRef } from 'vue'

type Fields = Record<string, string | number | boolean>

export interface Edits<T extends Fields> {
  /** What stands in the form. */
  draft: T
  /** Whether something of it is not on the server yet. */
  changed: ComputedRef<boolean>
  /** Does the work with what is not; then what the server made of it stands in the form. */
  send: (work: (changes: Partial<T>) => Promise<unknown>) => Promise<void>
}

// Spaces at the ends are no change: the server takes them off names.
const tidy = <V>(value: V) => (typeof value === 'string' ? (value.trim() as V) : value)

/**
 * Fields of something on the server, to be changed by hand. Those that were not
 * changed follow the server; what somebody is typing is never taken from them.
 */
export function useEdits<T extends Fields>(fields: () => T): Edits<T> {
  const draft = reactive({ ...fields() }) as T
  const keys = Object.keys(draft) as (keyof T)[]
  watch(fields, (now, before) => {
    for (const key of keys) if (tidy(draft[key]) === tidy(before[key])) draft[key] = now[key]
  })
  const changes = computed(() => {
    const saved = fields()
    const edited: Partial<T> = {}
    for (const key of keys) if (tidy(draft[key]) !== tidy(saved[key])) edited[key] = tidy(draft[key])
    return edited
  })
  async function send(work: (changes: Partial<T>) => Promise<unknown>): Promise<void> {
    const sent = changes.value
    await work(sent)
    const saved = fields() // as they were where they come as a prop: then they follow
    for (const key of keys) if (key in sent && tidy(draft[key]) === sent[key]) draft[key] = saved[key]
  }
  return { draft, changed: computed(() => Object.keys(changes.value).length > 0), send }
}
