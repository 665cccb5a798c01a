export interface Composition {
  /** Whether the key belongs to the input method and not to us. */
  composing(event: KeyboardEvent): boolean
  ended(): void
}

/**
 * Tells the keys of an input method (Chinese, Japanese, Korean) from the
 * reader's. Chrome and Firefox mark them; Safari ends the composition before
 * it reports the Enter that ended it, in the same turn of the event loop.
 */
export function useComposition(): Composition {
  let justEnded = false
  return {
    composing: (event) => event.isComposing || event.keyCode === 229 || justEnded,
    ended() {
      justEnded = true
      setTimeout(() => (justEnded = false))
    },
  }
}
