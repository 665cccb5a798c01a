import { nextTick, watch } from 'vue'

/** Once what lay over the page is gone, the focus goes back to where it was, also where no trigger is known. */
export function useFocusBack(open: () => boolean): void {
  let before: HTMLElement | undefined
  watch(
    open,
    (now) => {
      if (now) before = document.activeElement instanceof HTMLElement ? document.activeElement : undefined
      else if (before?.isConnected) {
        const back = before
        void nextTick(() => {
          if (document.activeElement === document.body || document.activeElement === null) back.focus({ preventScroll: true })
        })
      }
    },
    { flush: 'sync' },
  )
}
