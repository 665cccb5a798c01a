import { useEventListener } from '@vueuse/core'
import type { Ref } from 'vue'

/** Arrows go through the links and buttons of a list, Home and End to its ends. */
export function useArrows(container: Ref<HTMLElement | undefined>, selector = 'a, button:not(:disabled)'): void {
  useEventListener(container, 'keydown', (event: KeyboardEvent) => {
    const items = [...(container.value?.querySelectorAll<HTMLElement>(selector) ?? [])]
    const at = items.indexOf(document.activeElement as HTMLElement)
    if (at < 0) return
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key]
    if (to === undefined) return
    event.preventDefault()
    items[Math.max(0, Math.min(to, items.length - 1))]?.focus()
  })
}
