/** How well a name fits what was typed; 0 for not at all. */
export function rank(name: string, typed: string): number {
  const where = name.toLocaleLowerCase()
  const what = typed.toLocaleLowerCase().trim()
  if (!what) return 0
  if (where === what) return 5
  if (where.startsWith(what)) return 4
  if (where.split(/[\s\-_.,:/()（）·]+/).some((word) => word.startsWith(what))) return 3
  if (where.includes(what)) return 2
  return inOrder(where, what) ? 1 : 0
}

/** Whether the letters stand in the name in this order, with others between. */
function inOrder(where: string, what: string): boolean {
  let at = 0
  for (const letter of what) {
    if (letter === ' ') continue
    at = where.indexOf(letter, at)
    if (at < 0) return false
    at += letter.length
  }
  return true
}
