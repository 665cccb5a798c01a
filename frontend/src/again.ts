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

/** Chromium and Firefox tell which module it was. */
const addressIn = (error: unknown) => /https?:\/\/\S+?\.js/.exec(String(error))?.[0]
