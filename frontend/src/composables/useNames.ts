import { computed, onScopeDispose, ref } from 'vue'
import { namesIn } from '@/text/names'

/** How many names of one list are taken. */
export const mostNames = 200

/** What was not done for a name, and why. */
export interface Refused {
  name: string
  why: string
}

/**
 * Does the same for each name of a list, one after the other. `work` returns
 * why a name was refused, or nothing. What is done leaves the list, so that
 * what is left can be put right and tried again. It ends with its component.
 */
export function useNames(start = '') {
  const text = ref(start)
  const names = computed(() => namesIn(text.value))
  const tooMany = computed(() => names.value.length > mostNames)
  const refused = ref<Refused[]>([])
  const at = ref(0)
  const all = ref(0)
  const busy = ref(false)
  const ended = ref(false)

  async function run(work: (name: string) => Promise<string | undefined>): Promise<void> {
    if (busy.value || tooMany.value) return
    const list = names.value
    busy.value = true
    refused.value = []
    all.value = list.length
    for (at.value = 0; at.value < list.length && !ended.value; at.value++) {
      const name = list[at.value] ?? ''
      const why = await work(name)
      if (why !== undefined) refused.value = [...refused.value, { name, why }]
    }
    text.value = [...refused.value.map((one) => one.name), ...list.slice(at.value)].join('\n')
    busy.value = false
  }

  /** After the name that is on its way nothing more is done. */
  const end = () => (ended.value = true)
  onScopeDispose(end, true)

  return { text, names, tooMany, refused, at, all, busy, run, end }
}
