import { computed, reactive, watch, type ComputedRef } from 'vue'

type Fields = Record<string, string | number | boolean>

export interface Edits<T extends Fields> {
  /** What stands in the form. */
  draft: T
  /** What of it the server does not have yet. */
  changes: ComputedRef<Partial<T>>
  changed: ComputedRef<boolean>
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
  return { draft, changes, changed: computed(() => Object.keys(changes.value).length > 0) }
}
