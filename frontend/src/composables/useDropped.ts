import { useEventListener } from '@vueuse/core'
import { ref, type Ref } from 'vue'

const brings = (event: DragEvent) => event.dataTransfer?.types.includes('Files') === true

/** Takes the files that are dropped on an element; true while some are held over it. */
export function useDropped(target: Ref<HTMLElement | undefined>, may: () => boolean, dropped: (files: File[]) => void): Ref<boolean> {
  const over = ref(false)
  let leaving: ReturnType<typeof setTimeout> | undefined

  // A file that misses would take the place of the page, with all that is typed in it.
  useEventListener(window, ['dragover', 'drop'], (event: DragEvent) => {
    if (!brings(event)) return
    clearTimeout(leaving)
    const here = may() && target.value?.contains(event.target as Node) === true
    event.preventDefault()
    if (event.dataTransfer) event.dataTransfer.dropEffect = here ? 'copy' : 'none'
    over.value = here && event.type === 'dragover'
    if (here && event.type === 'drop') dropped([...(event.dataTransfer?.files ?? [])])
  })
  useEventListener(window, 'dragleave', (event: DragEvent) => {
    // Within the page one element is left for the next. Not every browser says for
    // which: then the next dragover tells that they are still here.
    if (!event.relatedTarget) leaving = setTimeout(() => (over.value = false), 120)
  })
  return over
}
