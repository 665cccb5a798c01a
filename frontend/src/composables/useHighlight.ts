import { shallowRef, type ShallowRef } from 'vue'
import type { Highlight } from '@/text/markdown'

const highlight = shallowRef<Highlight>()
let asked = false

/** The highlighter once it is here; asking for it the first time loads it. */
export function useHighlight(): { highlight: ShallowRef<Highlight | undefined>; load: () => void } {
  function load(): void {
    if (asked) return
    asked = true
    import('@/text/highlight').then(
      (module) => (highlight.value = module.highlight),
      // Without it code is plain, and the next code asks again.
      () => (asked = false),
    )
  }
  return { highlight, load }
}
