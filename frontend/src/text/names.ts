/** A name as names are compared: in any case and width. */
export const fold = (name: string) => name.normalize('NFKC').toLocaleLowerCase()

/**
 * The names of a pasted list, one a line: without numbering, blank lines and
 * doubles. The cells of a spreadsheet's row are one name.
 */
export function namesIn(text: string): string[] {
  const names = new Map<string, string>()
  for (const line of text.split(/[\r\n]+/)) {
    const name = line
      .replace(/^\s*\d+(?:[.)、]|\t)\s*/, '')
      .replace(/\s+/g, ' ')
      .trim()
    const key = fold(name)
    if (name && !names.has(key)) names.set(key, name)
  }
  return [...names.values()]
}
