import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const css = readFileSync('src/styles/tokens.css', 'utf8')

function block(theme: 'light' | 'dark'): Map<string, string> {
  const at = css.indexOf(theme === 'light' ? ':root[data-theme="light"] {' : ':root[data-theme="dark"] {')
  return new Map([...css.slice(at, css.indexOf('\n}', at)).matchAll(/(--[\w-]+):\s*(#[0-9a-f]{6});/g)].map((match) => [match[1] ?? '', match[2] ?? '']))
}

function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

function contrast(a: string, b: string): number {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].toSorted((x, y) => y - x)
  return (light + 0.05) / (dark + 0.05)
}

describe.each(['light', 'dark'] as const)('in the %s theme', (theme) => {
  const tokens = block(theme)
  const color = (name: string) => {
    const value = tokens.get(name)
    if (!value) throw new Error(`no ${name}`)
    return value
  }

  it('message text has the contrast of AAA on all that it stands on', () => {
    for (const back of ['--surface-0', '--surface-1', '--surface-2', '--mention']) expect(contrast(color('--text'), color(back)), back).toBeGreaterThanOrEqual(7)
  })

  it('everything else that is read has the contrast of AA', () => {
    const pairs = [
      ['--text-muted', '--surface-0'],
      ['--text-muted', '--surface-1'],
      ['--text-muted', '--surface-2'],
      ['--accent', '--surface-0'],
      ['--accent', '--surface-1'],
      ['--accent-contrast', '--accent'],
      ['--danger', '--surface-0'],
      ['--danger', '--danger-soft'],
      ['--surface-0', '--danger'],
      ['--warn', '--warn-soft'],
      ['--success', '--surface-0'],
      ['--code-comment', '--surface-1'],
      ['--code-keyword', '--surface-1'],
      ['--code-string', '--surface-1'],
      ['--code-number', '--surface-1'],
      ['--code-name', '--surface-1'],
    ] as const
    for (const [front, back] of pairs) expect(contrast(color(front), color(back)), `${front} on ${back}`).toBeGreaterThanOrEqual(4.5)
  })

  it('the twelve hues can be read, and edges of fields seen', () => {
    for (let hue = 0; hue < 12; hue++) expect(contrast(color(`--hue-${hue}-ink`), color(`--hue-${hue}`)), `hue ${hue}`).toBeGreaterThanOrEqual(4.5)
    for (const edge of ['--line-strong', '--focus']) expect(contrast(color(edge), color('--surface-0')), edge).toBeGreaterThanOrEqual(3)
  })
})

it('no other style names a colour', () => {
  const base = readFileSync('src/styles/base.css', 'utf8').replace(/@media \(prefers-color-scheme[\s\S]*?\n}\n/, '')
  expect(base).not.toMatch(/#[0-9a-f]{3,8}\b(?!-)|rgb|hsl/)
})
