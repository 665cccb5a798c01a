import { shallowRef, type ShallowRef } from 'vue'
import type { Highlight, Render } from '@/text/markdown'

const render = shallowRef<Render>()
const highlight = shallowRef<Highlight>()
const asked = { render: false, highlight: false }

function loadRender(): void {
  if (asked.render) return
  asked.render = true
  import('@/text/markdown').then(
    (module) => (render.value = module.render),
    // Without it the text stands as it was written, and the next message asks again.
    () => (asked.render = false),
  )
}

function loadHighlight(): void {
  if (asked.highlight) return
  asked.highlight = true
  import('@/text/highlight').then(
    (module) => (highlight.value = module.highlight),
    () => (asked.highlight = false),
  )
}

/** What renders Markdown and colours code, once it is here: most messages need neither. */
export function useLazyText(): {
  render: ShallowRef<Render | undefined>
  highlight: ShallowRef<Highlight | undefined>
  load: (code: boolean) => void
} {
  function load(code: boolean): void {
    loadRender()
    if (code) loadHighlight()
  }
  return { render, highlight, load }
}
