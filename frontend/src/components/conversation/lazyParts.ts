import { shallowRef, type Component, type ShallowRef } from 'vue'
import { again } from '@/again'

export interface LazyPart {
  /** Once it is here; until then the row stays as it is, so that nothing moves. */
  part: ShallowRef<Component | undefined>
  load(): Promise<void>
}

function lazily(first: () => Promise<{ default: Component }>): LazyPart {
  const bring = again(first)
  const part = shallowRef<Component>()
  let loading: Promise<void> | undefined
  function load(): Promise<void> {
    loading ??= bring().then(
      (module) => void (part.value = module.default),
      () => {
        loading = undefined
        window.addEventListener('online', () => void load(), { once: true })
      },
    )
    return loading
  }
  return { part, load }
}

// Most messages have no files, and few are rewritten.
export const { part: MessageFiles, load: loadFiles } = lazily(() => import('./MessageFiles.vue'))
export const { part: MessageEditor, load: loadEditor } = lazily(() => import('./MessageEditor.vue'))
