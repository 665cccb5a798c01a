import { useDocumentVisibility } from '@vueuse/core'
import { onScopeDispose, watch } from 'vue'

/** Does something now and again every so often, while somebody may be looking. */
export function useEvery(milliseconds: number, run: () => void): void {
  const visibility = useDocumentVisibility()
  let timer: ReturnType<typeof setInterval> | undefined
  watch(
    visibility,
    (now) => {
      clearInterval(timer)
      if (now !== 'visible') return
      run()
      timer = setInterval(run, milliseconds)
    },
    { immediate: true },
  )
  onScopeDispose(() => clearInterval(timer))
}
