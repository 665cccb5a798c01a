import MarkdownIt from 'markdown-it'
import cjk from 'markdown-it-cjk-friendly'
import { purify } from './purify'

/** Colours code; loaded apart, since most messages hold none. */
export type Highlight = (code: string, language: string) => string
export type Render = typeof render

const codeMost = 8000
// The grammars of some languages take the square of a line, of one without a
// space several seconds.
const lineMost = 200
const keptMost = 600

type Renderer = InstanceType<typeof MarkdownIt>

const isColourable = (code: string) => code.length <= codeMost && code.split('\n').every((line) => line.length <= lineMost)

function make(highlight: Highlight | undefined): Renderer {
  const markdown = new MarkdownIt({
    html: false,
    linkify: true,
    breaks: true,
    maxNesting: 20,
    highlight: (code, language) => (highlight && language && isColourable(code) ? highlight(code, language) : ''),
  })
  markdown.use(cjk)
  // "see notes.md" is no link, and neither is a name with an @ in it.
  markdown.linkify.set({ fuzzyLink: false, fuzzyEmail: false })
  // A picture would be fetched from a foreign host, which then knows who reads.
  markdown.renderer.rules.image = (tokens, index) => {
    const token = tokens[index]
    const source = String(token?.attrGet('src') ?? '')
    const words = token?.content || source
    const { escapeHtml } = markdown.utils
    return `<a href="${escapeHtml(source)}">${escapeHtml(words)}</a>`
  }
  return markdown
}

const plain = make(undefined)
let coloured: Renderer | undefined
const kept = new Map<string, string>()

/** Renders a message's Markdown as clean HTML. */
export function render(text: string, highlight?: Highlight): string {
  const key = highlight ? `+${text}` : `-${text}`
  const known = kept.get(key)
  if (known !== undefined) return known
  if (highlight) coloured ??= make(highlight)
  const html = purify((highlight && coloured ? coloured : plain).render(text))
  kept.set(key, html)
  if (kept.size > keptMost) for (const old of [...kept.keys()].slice(0, keptMost / 2)) kept.delete(old)
  return html
}
