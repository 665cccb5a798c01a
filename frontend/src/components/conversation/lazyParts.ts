import { shallowRef, type Component, type ShallowRef } from 'vue'

export interface LazyPart {
  /** Once it is here; until then the row stays as it is, so that nothing moves. */
  part: ShallowRef<Component | undefined>
  load(): Promise<void>
}

function lazily(bring: () => Promise<{ default: Component }>): LazyPart {
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
