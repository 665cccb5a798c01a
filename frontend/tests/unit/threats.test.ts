import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { gist } from '@/text/gist'
import { highlight } from '@/text/highlight'
import { render } from '@/text/markdown'
import { hasCode, paragraphs } from '@/text/plain'
import { facts } from '@/text/push'
import { Chance } from './random'

// The numbers are those of the threats in docs/security.md.

/** The regular expressions that stand in a file. */
function patterns(path: string): RegExp[] {
  const text = readFileSync(path, 'utf8')
  const script = path.endsWith('.vue') ? (/<script[^>]*>([^]*?)<\/script>/.exec(text)?.[1] ?? '') : text
  const found: RegExp[] = []
  const walk = (node: ts.Node): void => {
    if (ts.isRegularExpressionLiteral(node)) {
      const end = node.text.lastIndexOf('/')
      found.push(new RegExp(node.text.slice(1, end), node.text.slice(end + 1)))
    }
    ts.forEachChild(node, walk)
  }
  walk(ts.createSourceFile(path, script, ts.ScriptTarget.Latest))
  return found
}

/** How many milliseconds of the processor it takes, at its best. */
function least(work: () => unknown): number {
  let best = Infinity
  for (let tries = 0; tries < 3 && best > 20; tries++) {
    const before = process.cpuUsage()
    work()
    best = Math.min(best, process.cpuUsage(before).user / 1000)
  }
  return best
}

const most = 10_000
const languages = ['bash', 'c', 'cpp', 'csharp', 'css', 'go', 'java', 'javascript', 'json', 'latex', 'python', 'r', 'rust', 'sql', 'typescript', 'xml']

describe('threat 37', () => {
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((one) => /\.(ts|vue)$/.test(one) && !one.endsWith('.d.ts'))
  const all = files.flatMap((file) => patterns(join('src', file)).map((pattern) => ({ file, pattern })))

  it('the measure sees an expression that is slow', () => {
    expect(least(() => /^(a|a)*$/.test(`${'a'.repeat(25)}!`))).toBeGreaterThan(100)
  })

  it('no regular expression of the pages takes long, whatever the longest message says', () => {
    expect(all.length).toBeGreaterThan(20)
    for (const { file, pattern } of all) {
      const letters = [...new Set([...pattern.source.replaceAll(/\\[pu]\{[^}]*\}/gi, '漢'), 'a', 'Z', '0', ' ', '\n', '\t', '#'])]
      for (const first of letters) {
        for (const second of letters) {
          const text = `${(first + second).repeat(most / 2)}\u0000`
          const took = least(() => text.replace(pattern, ''))
          expect(took, `${file}: ${pattern} on ${JSON.stringify(first + second)}`).toBeLessThan(150)
        }
      }
    }
  })

  it('no code takes long to colour, and none in lines that nobody reads is coloured', () => {
    const line = 200
    for (const language of languages) {
      for (const piece of ['a', 'a ', 'a(', 'a.', '(', '<', '"', "'", '0', ' ', '\\']) {
        const code = Array.from({ length: 8000 / line }, () => piece.repeat(line / piece.length)).join('\n')
        expect(least(() => highlight(code, language)), `${language}: ${piece}`).toBeLessThan(1000)
      }
    }
    const fence = (code: string) => render(`\`\`\`js\n${code}\n\`\`\``, highlight)
    expect(fence(`let ${'a'.repeat(line - 4)}`)).toContain('hljs-keyword')
    expect(fence(`let ${'a'.repeat(line - 3)}`)).not.toContain('hljs-keyword')
  })
})

describe('threat 36', () => {
  const pieces = [
    '*', '**', '_', '__', '~~', '`', '```', '```js\n', '```klingon\n', '\n', '\n\n', '> ', '- ', '1. ', '99999999999. ', '# ', '|', '|---|', '[', '](', ')', '![', '<', '>', '&', '&#x0;', '&#xd800;', '&amp;', '\\', '---', '===',
    'https://a.example/', 'mailto:', 'www.', 'javascript:', '://', '@', '\u0000', '\ufeff', '\u202e', '\u2066', '\u200d', '\u0301', '😀', '👩‍👩‍👧', '\ud83d', '\udc00', '漢字', '“', '，', 'ﷺ', 'word', ' ', '    ', '\t', '[x]: y\n', '[^1]', ':::', '{{', '$', '__proto__', 'constructor',
  ]

  it('of five thousand messages none breaks a page', () => {
    for (let seed = 1; seed <= 5000; seed++) {
      const chance = new Chance(seed)
      let text = ''
      for (let n = 1 + chance.below(8); n > 0; n--) text += chance.pick(pieces).repeat(chance.happens(0.002) ? 500 : 1)
      text = text.slice(0, most)
      const element = document.createElement('div')
      element.innerHTML = render(text, hasCode(text) ? highlight : undefined)
      for (const one of element.querySelectorAll('*')) {
        expect(one.matches('p,br,strong,em,s,code,pre,blockquote,ul,ol,li,a,hr,span,h1,h2,h3,h4,h5,h6,table,thead,tbody,tr,th,td'), JSON.stringify(text)).toBe(true)
        for (const { name, value } of one.attributes) {
          expect(['href', 'class', 'start', 'rel', 'target'], JSON.stringify(text)).toContain(name)
          if (name === 'href') expect(value).toMatch(/^(?:https?:|mailto:|$)/)
        }
      }
      expect(typeof gist(text)).toBe('string')
      for (const lines of paragraphs(text) ?? []) for (const line of lines) expect(typeof line).toBe('string')
      expect(facts({ id: '1', at: '', data: { [text]: text, deep: [[text]] } }).length).toBeLessThanOrEqual(280)
    }
  })
})
