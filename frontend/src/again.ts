/**
 * A part of the page that is fetched when it is needed, and again when it did not
 * come. Browsers remember of a module that it could not be fetched, and do not ask
 * for it any more under its address (https://html.spec.whatwg.org/#module-map), so
 * that it is asked for under another.
 */
export function again<T>(load: () => Promise<T>): () => Promise<T> {
  let missing: string | undefined
  let tries = 0
  return async () => {
    try {
      if (missing === undefined) return await load()
      tries++
      return (await import(/* @vite-ignore */ `${missing}?try=${tries}`)) as T
    } catch (error) {
      missing = addressIn(error) ?? missing
      throw error
    }
  }
}

/** Chromium and Firefox tell, at the end of what they say, which module it was. */
function addressIn(error: unknown): string | undefined {
  const [address] = String(error).split(' ').at(-1)?.split('?') ?? []
  return address?.startsWith('http') && address.endsWith('.js') ? address : undefined
}
