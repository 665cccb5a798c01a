/** Whether the text holds code in a named language. */
export function hasCode(text: string): boolean {
  return /^ {0,3}(?:```|~~~)\s*[\w+#.-]+/m.test(text)
}

// Whatever could mean something in Markdown. A text without any of it reads the
// same with and without the renderer, which can then stay unloaded.
const marks = /[*_~`#>[\]!|\\<&\0]|\/\/|mailto:|^[^\S\n]|^(?:[-+=]|\d{1,9}[.)])/m

/** The paragraphs of a text that is no Markdown, as lines; undefined for Markdown. */
export function paragraphs(text: string): string[][] | undefined {
  const clean = text.replace(/\r\n?/g, '\n').trim()
  if (marks.test(text)) return undefined
  return clean
    .split(/\n{2,}/)
    .map((paragraph) => paragraph.split('\n').map((line) => line.trimEnd()))
    .filter((lines) => lines.some(Boolean))
}
