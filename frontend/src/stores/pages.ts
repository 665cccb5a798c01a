import type { EventFrame } from '@/live/frames'

const clears = new Set<() => void>()

/**
 * Lets a store that only some pages use be cleared with the others when nobody
 * is signed in any more. It asks by itself: the chat need not load it for that.
 */
export function clearedWithAll(clear: () => void): void {
  clears.add(clear)
}

/** Clears what asked for it. */
export function clearPages(): void {
  for (const clear of clears) clear()
}

const listeners = new Set<(event: EventFrame | undefined) => void>()

/** Lets such a store hear what is told; nothing stands for events that were missed. */
export function toldWithAll(listener: (event: EventFrame | undefined) => void): void {
  listeners.add(listener)
}

export function tellPages(event?: EventFrame): void {
  for (const listener of listeners) listener(event)
}
