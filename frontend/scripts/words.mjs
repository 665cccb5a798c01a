// Both languages have the same keys and the same placeholders, every key that
// the source names exists, and no template holds literal text.
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const src = fileURLToPath(new URL('../src', import.meta.url))
const read = (name) => JSON.parse(readFileSync(join(src, 'locales', name), 'utf8'))

function flat(tree, prefix = '', into = new Map()) {
  for (const [key, value] of Object.entries(tree)) {
    if (typeof value === 'string') into.set(prefix + key, value)
    else flat(value, `${prefix}${key}.`, into)
  }
  return into
}

const en = flat(read('en.json'))
const zh = flat(read('zh-CN.json'))
const wrong = []
const holes = (text) => [...new Set([...text.matchAll(/\{(\w+)\}/g)].map((m) => m[1]))].sort().join()

for (const [key, text] of en) {
  if (!zh.has(key)) wrong.push(`zh-CN.json lacks ${key}`)
  else if (holes(text) !== holes(zh.get(key))) wrong.push(`${key}: the placeholders differ`)
}
for (const key of zh.keys()) if (!en.has(key)) wrong.push(`en.json lacks ${key}`)

function* sources(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) yield* sources(path)
    else if (/\.(ts|vue)$/.test(entry.name)) yield path
  }
}

for (const path of sources(src)) {
  const name = relative(src, path)
  const text = readFileSync(path, 'utf8')
  for (const [, key] of text.matchAll(/\bt\('([^']+)'/g)) if (!en.has(key)) wrong.push(`${name}: no such key ${key}`)
  if (!name.endsWith('.vue')) continue
  const template = /<template>([\s\S]*)<\/template>/.exec(text)?.[1] ?? ''
  const bare = template
    .replace(/<!--[\s\S]*?-->/g, '')
    .replace(/\{\{[\s\S]*?\}\}/g, '')
    .replace(/<(?:"[^"]*"|'[^']*'|[^>"'])*>/g, '\n')
  for (const line of bare.split('\n')) if (/\p{L}{2,}/u.test(line)) wrong.push(`${name}: literal text "${line.trim()}"`)
  for (const [, attribute, value] of template.matchAll(/\s(title|placeholder|aria-label|alt|label)="([^"]+)"/g)) {
    if (/\p{L}{2,}/u.test(value)) wrong.push(`${name}: literal ${attribute}="${value}"`)
  }
}

for (const line of wrong) console.error(line)
process.exitCode = wrong.length ? 1 : 0
