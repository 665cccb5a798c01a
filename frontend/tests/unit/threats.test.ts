import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createPinia } from 'pinia'
import { check } from 'recheck'
import { TooltipProvider } from 'reka-ui'
import ts from 'typescript'
import { flushPromises } from '@vue/test-utils'
import { describe, expect, it, vi } from 'vitest'
import { createApp, h } from 'vue'
import { createMemoryHistory, createRouter } from 'vue-router'
import type { Message } from '@/api/nouns'
import MessageRow from '@/components/conversation/MessageRow.vue'
import { i18n, speak } from '@/i18n'
import { gist } from '@/text/gist'
import { highlight } from '@/text/highlight'
import { render } from '@/text/markdown'
import { hasCode, paragraphs } from '@/text/plain'
import { facts } from '@/text/push'
import { Chance } from './random'
import { message } from './server'

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
  // The worker, which sees every address, is made of what lies in build.
  const files = ['src', 'build'].flatMap((folder) => readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file)))
  const all = files.filter((one) => /\.(js|ts|vue)$/.test(one) && !one.endsWith('.d.ts')).flatMap((file) => patterns(file).map((pattern) => ({ file, pattern })))

  it('the check sees an expression that is slow', async () => {
    expect((await check('^(a|a)*$', '')).status).toBe('vulnerable')
    expect((await check('\\s+$', '')).status).toBe('vulnerable')
  })

  it('no regular expression of the pages takes more time than the text is long', { timeout: 120_000 }, async () => {
    expect(all.length).toBeGreaterThan(20)
    expect(all.map(({ file }) => file)).toContain(join('build', 'worker.template.js'))
    for (const { file, pattern } of all) {
      const { status } = await check(pattern.source, pattern.flags, { timeout: null })
      expect(status, `${file}: ${pattern}`).toBe('safe')
    }
    console.log(`figures: T37 expressions=${all.length} vulnerable=0 unknown=0`)
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

  function nonsense(chance: Chance): string {
    let text = ''
    for (let n = 1 + chance.below(8); n > 0; n--) text += chance.pick(pieces).repeat(chance.happens(0.002) ? 500 : 1)
    return text.slice(0, most)
  }

  it('of five thousand messages none breaks a page', () => {
    for (let seed = 1; seed <= 5000; seed++) {
      const text = nonsense(new Chance(seed))
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

  it('of a message that cannot be shown only its own row is missing', async () => {
    const wrong: Error[] = []
    const broken = (id: number, more: object) => ({ ...message(id, id), ...more }) as unknown as Message
    const many = process.env['HOMEROOM_CHAOS'] === 'full' ? 5000 : 100
    const odd = [{ content: null }, { content: 7 }, { content: {} }, { reactions: null }, { reactions: [null] }, { speaker_name: null }, { speaker_role: 'x' }, { created_at: 'never' }, { reply_to: {} }]
    const told = Array.from({ length: many }, (_, n) => broken(n + 1, n % 10 === 0 ? (odd[(n / 10) % odd.length] ?? {}) : { content: nonsense(new Chance(n)) }))
    await speak('en')
    const shown = new Set<string | undefined>()
    // A page holds no more of them at a time.
    for (let from = 0; from < many; from += 250) {
      const rows = () => told.slice(from, from + 250).map((one) => h(MessageRow, { key: one.id, row: { kind: 'message', key: `m${one.id}`, head: true, day: false, fresh: false, message: one }, flashed: false, tabindex: -1 }))
      // Not mounted as the other tests do: that throws, a page in use goes on.
      const page = createApp({ render: () => h(TooltipProvider, null, { default: rows }) })
      page.config.errorHandler = (error) => void wrong.push(error as Error)
      page.config.warnHandler = () => {}
      page.use(createPinia()).use(i18n).use(createRouter({ history: createMemoryHistory(), routes: [] }))
      const element = document.createElement('div')
      page.mount(element)
      await vi.dynamicImportSettled()
      await flushPromises()
      for (const one of element.querySelectorAll<HTMLElement>('[data-key]')) shown.add(one.dataset['key'])
      page.unmount()
    }
    for (let n = 0; n < many; n++) if (n % 10 !== 0) expect(shown.has(`m${n + 1}`), `${n}`).toBe(true)
    expect(wrong.length).toBeGreaterThan(0)
    console.log(`figures: T36 messages=${many} that_cannot_be_shown=${many / 10} rows_missing_of_others=0`)
  })
})
