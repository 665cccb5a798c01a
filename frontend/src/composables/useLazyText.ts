import { shallowRef, type ShallowRef } from 'vue'
import { again } from '@/again'
import type { Highlight, Render } from '@/text/markdown'
import { hasCode, paragraphs } from '@/text/plain'

const markdown = again(() => import('@/text/markdown'))
const highlighter = again(() => import('@/text/highlight'))
const render = shallowRef<Render>()
const highlight = shallowRef<Highlight>()
let rendering: Promise<void> | undefined
let highlighting: Promise<void> | undefined

/** Until then the text stands as it was written; the next message asks again as well. */
function onceOnline(load: () => Promise<void>): void {
  window.addEventListener('online', () => void load(), { once: true })
}

function loadRender(): Promise<void> {
  rendering ??= markdown().then(
    (module) => void (render.value = module.render),
    () => {
      rendering = undefined
      onceOnline(loadRender)
    },
  )
  return rendering
}

function loadHighlight(): Promise<void> {
  highlighting ??= highlighter().then(
    (module) => void (highlight.value = module.highlight),
    () => {
      highlighting = undefined
      onceOnline(loadHighlight)
    },
  )
  return highlighting
}

/** Waits for what these texts need: a list is placed by heights that do not change any more. */
export async function textReady(texts: readonly string[]): Promise<void> {
  const marked = texts.filter((text) => !paragraphs(text))
  await Promise.all([marked.length ? loadRender() : undefined, marked.some(hasCode) ? loadHighlight() : undefined])
}

/** What renders Markdown and colours code, once it is here: most messages need neither. */
export function useLazyText(): {
  render: ShallowRef<Render | undefined>
  highlight: ShallowRef<Highlight | undefined>
  load: (code: boolean) => void
} {
  function load(code: boolean): void {
    void loadRender()
    if (code) void loadHighlight()
  }
  return { render, highlight, load }
}
