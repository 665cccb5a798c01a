import { useElementSize } from '@vueuse/core'
import { nextTick, onMounted, watch, type Ref } from 'vue'

/** Lets a text field grow with its text, up to so many lines. */
export function useGrowing(field: Ref<HTMLTextAreaElement | undefined>, text: Ref<string>, lines: number): void {
  function fit(): void {
    const element = field.value
    if (!element) return
    const style = getComputedStyle(element)
    const most = Number.parseFloat(style.lineHeight) * lines + Number.parseFloat(style.paddingTop) + Number.parseFloat(style.paddingBottom)
    element.style.height = 'auto'
    const border = element.offsetHeight - element.clientHeight
    element.style.height = `${Math.min(element.scrollHeight, most) + border}px`
    element.style.overflowY = element.scrollHeight > most ? 'auto' : 'hidden'
  }
  onMounted(fit)
  watch(text, () => nextTick(fit), { flush: 'post' })
  // A narrower field breaks its lines elsewhere.
  const { width } = useElementSize(field)
  watch(width, fit, { flush: 'post' })
}
