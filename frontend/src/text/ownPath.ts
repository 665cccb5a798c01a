/**
 * The path to go on to, if it is one of our own: `next` comes out of an
 * address that anybody can write. Browsers read "//x", "/\x" and "/<tab>/x" as
 * another host, so the browser's own reading decides.
 */
export function ownPath(next: unknown, origin: string = location.origin): string {
  if (typeof next !== 'string' || !next.startsWith('/')) return '/'
  try {
    const url = new URL(next, origin)
    return url.origin === origin ? url.pathname + url.search + url.hash : '/'
  } catch {
    return '/'
  }
}
