/** A value out of the part of the address after "#", which no server and no log gets to see. */
export function fromFragment(hash: string, key: string): string {
  return new URLSearchParams(hash.replace(/^#/, '')).get(key) ?? ''
}
