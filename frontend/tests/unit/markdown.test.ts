import { describe, expect, it } from 'vitest'
import { gist } from '@/text/gist'
import { highlight } from '@/text/highlight'
import { render } from '@/text/markdown'
import { hasCode, paragraphs } from '@/text/plain'
import { Chance } from './random'

function dom(html: string): HTMLElement {
  const element = document.createElement('div')
  element.innerHTML = html
  return element
}

describe('a message', () => {
  it('shows Markdown', () => {
    const element = dom(render('**bold** and `code`\n\n- one\n- two\n\n> said'))
    expect(element.querySelector('strong')?.textContent).toBe('bold')
    expect(element.querySelectorAll('li')).toHaveLength(2)
    expect(element.querySelector('blockquote')?.textContent?.trim()).toBe('said')
  })

  it('shows emphasis beside Chinese punctuation', () => {
    expect(dom(render('**“重要”**通知')).querySelector('strong')?.textContent).toBe('“重要”')
  })

  it('keeps the number at which a list begins', () => {
    expect(dom(render('7. seven\n8. eight')).querySelector('ol')?.getAttribute('start')).toBe('7')
  })

  it('breaks lines where the writer did', () => {
    expect(dom(render('*a*\nb')).querySelectorAll('br')).toHaveLength(1)
  })

  it('gives links that tell their target nothing', () => {
    const link = dom(render('see https://example.org/a?b=c and [here](http://example.org)')).querySelectorAll('a')
    expect([...link].map((one) => one.getAttribute('href'))).toEqual(['https://example.org/a?b=c', 'http://example.org'])
    for (const one of link) {
      expect(one.getAttribute('rel')).toBe('noopener noreferrer nofollow')
      expect(one.getAttribute('target')).toBe('_blank')
    }
  })

  it('fetches no picture and links to it instead', () => {
    const element = dom(render('![a cat](https://example.org/cat.png)'))
    expect(element.querySelector('img')).toBeNull()
    expect(element.querySelector('a')?.getAttribute('href')).toBe('https://example.org/cat.png')
    expect(element.textContent?.trim()).toBe('a cat')
  })

  it('makes no link of what only looks like one', () => {
    expect(dom(render('read notes.md and ask ann@school.example *now*')).querySelector('a')).toBeNull()
  })

  it('colours code of a known language and no other', () => {
    expect(dom(render('```python\ndef f(): pass\n```', highlight)).querySelector('.hljs-keyword')?.textContent).toBe('def')
    const unknown = dom(render('```klingon\ntlhIngan <b>maH</b>\n```', highlight))
    expect(unknown.querySelector('code')?.textContent).toContain('<b>maH</b>')
    expect(hasCode('```js\n1\n```')).toBe(true)
    expect(hasCode('plain ``` js')).toBe(false)
  })

  const attacks = [
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '<svg/onload=alert(1)>',
    '<iframe src="javascript:alert(1)"></iframe>',
    '[x](javascript:alert(1))',
    '[x](JaVaScRiPt:alert(1))',
    '[x](java\nscript:alert(1))',
    '[x](&#106;avascript:alert(1))',
    '[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)',
    '[x](vbscript:msgbox(1))',
    '![x](javascript:alert(1))',
    '![x"onerror="alert(1)](https://e.org/"onload="alert(1))',
    '<javascript:alert(1)>',
    '[x](https://e.org "title\\"onmouseover=\\"alert(1)")',
    '```<img src=x onerror=alert(1)>\ncode\n```',
    '```" onclick="alert(1)\ncode\n```',
    '<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>',
    '<a href="https://e.org" style="position:fixed;inset:0">x</a>',
    '<form action="https://e.org"><input name=password></form>',
    '<style>*{display:none}</style>',
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    '[x]: javascript:alert(1)\n[x]',
    '&lt;img src=x onerror=alert(1)&gt;',
    '| a |\n|---|\n| <img src=x onerror=alert(1)> |',
  ]
  it.each(attacks)('runs and hides nothing: %s', (attack) => {
    for (const html of [render(attack), render(attack, highlight)]) {
      const element = dom(html)
      for (const one of element.querySelectorAll('*')) {
        expect(['P', 'BR', 'STRONG', 'EM', 'S', 'CODE', 'PRE', 'BLOCKQUOTE', 'UL', 'OL', 'LI', 'A', 'HR', 'SPAN', 'TABLE', 'THEAD', 'TBODY', 'TR', 'TH', 'TD', 'H1', 'H2']).toContain(one.tagName)
        for (const { name, value } of one.attributes) {
          expect(['href', 'class', 'start', 'rel', 'target']).toContain(name)
          if (name === 'href') expect(value).toMatch(/^(?:https?:|mailto:)/)
        }
      }
    }
  })

  it('borrows no look of the page', () => {
    const element = dom(render('```button main jump\nx\n```'))
    expect(element.querySelector('.button, .main, .jump')).toBeNull()
  })

  it('of ten thousand nested marks renders in reasonable time', () => {
    const start = performance.now()
    for (const text of ['*'.repeat(10_000), '['.repeat(10_000), '> '.repeat(5000), '`'.repeat(9_999), '_a'.repeat(5000), '|'.repeat(10_000), '(http://'.repeat(1200)]) render(text)
    expect(performance.now() - start).toBeLessThan(6000)
  })
})

describe('a text without Markdown', () => {
  const words = ['Good', 'morning', '你好，', '第4题', '3.5', 'is', 'it', '10:30?', 'a-b', 'x=y', "it's", '"so"', '(yes)', '…', 'd’accord', '50%', 'a/b', '\n', '\n\n', '\n\n\n', '😀', 'ann@school.example', 'www.example.org', '+1', '2.', '-']

  it('looks the same without the renderer', () => {
    let plain = 0
    for (let seed = 1; seed < 1500; seed++) {
      const chance = new Chance(seed)
      const text = Array.from({ length: 1 + chance.below(10) }, () => chance.pick(words))
        .join(' ')
        .replace(/ ?\n ?/g, '\n')
      const mine = paragraphs(text)
      if (!mine) continue
      plain++
      const theirs = [...dom(render(text)).children].map((one) => {
        expect(one.tagName).toBe('P')
        expect(one.querySelector(':not(br)')).toBeNull()
        return one.innerHTML.split(/<br>\n?/).map((line) => dom(line).textContent)
      })
      expect(mine, JSON.stringify(text)).toEqual(theirs)
    }
    expect(plain).toBeGreaterThan(500)
  }, 60_000)

  it.each(['**b**', '# t', '- a', '1. a', '> q', '`c`', 'https://a.b', '    code', '| a |', 'a\n===', '<b>', '\\*', '&amp;', 'mailto:a@b.c', '~~x~~'])('is not %s', (text) => {
    expect(paragraphs(text)).toBeUndefined()
  })
})

describe('the gist of a message', () => {
  it('is its words on one line', () => {
    expect(gist('# Title\n\n**Read** [chapter 4](https://example.org)\n\n- one\n- two')).toBe('Title Read chapter 4 one two')
    expect(gist('before\n```js\nlet a\n```\nafter')).toBe('before … after')
  })
  it('is cut between characters', () => {
    expect(gist('😀'.repeat(30), 5)).toBe('😀😀😀😀😀…')
  })
})
