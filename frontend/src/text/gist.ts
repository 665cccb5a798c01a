/** The words of a message on one line, for lists and quotes. */
export function gist(text: string, most = 140): string {
  const line = text
    .slice(0, most * 4)
    .replace(/(?:```|~~~)[^`~]*(?:```|~~~|$)/g, ' … ')
    .replace(/!?\[([^[\]\n]*)\]\([^[)\n]*\)/g, '$1') // no second [ in it: else each would be tried up to the end
    .replace(/(^|\n)\s{0,3}(?:#{1,6}|>|[-*+]|\d{1,9}\.)\s+/g, '$1')
    .replace(/[*_~`]{1,3}/g, '')
    .replace(/\s+/g, ' ')
    .trim()
  const characters = [...line]
  return characters.length > most ? `${characters.slice(0, most).join('')}…` : line
}
