import { useEventListener } from '@vueuse/core'
import { useOverlay } from '@/stores/overlay'

function typing(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(input|textarea|select)$/i.test(target.tagName))
}

/** The keys that work everywhere in the chat. */
export function useKeys(escape: () => void): void {
  const overlay = useOverlay()
  useEventListener(window, 'keydown', (event: KeyboardEvent) => {
    if (event.isComposing || event.defaultPrevented) return
    if ((event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === 'k') {
      event.preventDefault()
      if (overlay.shown?.kind === 'palette') overlay.close()
      else overlay.open({ kind: 'palette' })
    } else if (event.key === '?' && !typing(event.target) && !overlay.shown) {
      event.preventDefault()
      overlay.open({ kind: 'keys' })
    } else if (event.key === 'Escape' && !overlay.shown) escape()
  })
}
