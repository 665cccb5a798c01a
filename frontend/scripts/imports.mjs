// Keeps the directions in which the source may import:
//   views → components → composables → stores → (live ∥ api) → generated schema
// A component never touches the socket; a rule in plain TypeScript never touches Vue.
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const src = fileURLToPath(new URL('../src', import.meta.url))

// Each folder, and the folders of ours that it may import from.
const may = {
  '.': ['views', 'components', 'composables', 'stores', 'api', 'locales', 'styles', 'text', '.'],
  views: ['views', 'components', 'composables', 'stores', 'api', 'text', '.'],
  components: ['components', 'composables', 'stores', 'text', 'outbox', 'timeline', '.'],
  composables: ['composables', 'stores', 'text', 'outbox', 'timeline', '.'],
  stores: ['stores', 'live', 'api', 'outbox', 'upload', 'timeline', 'text', '.'],
  live: ['live'],
  api: ['api'],
  timeline: ['timeline', 'live', 'outbox'],
  outbox: ['outbox'],
  upload: ['upload'],
  text: ['text'],
}
// Everybody may name a noun or a fault of the API: they are the product's words.
const words = new Set(['api/nouns', 'api/fault', 'api/schema'])
const plain = new Set(['live', 'timeline', 'outbox', 'upload'])
// Who opens a socket of their own has gone around all of this.
const sockets = new Set(['live', 'stores'])

function* sources(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) yield* sources(path)
    else if (/\.(ts|vue)$/.test(entry.name) && !entry.name.endsWith('.d.ts')) yield path
  }
}

const wrong = []
for (const path of sources(src)) {
  const name = relative(src, path)
  const from = name.includes('/') ? name.split('/')[0] : '.'
  const text = readFileSync(path, 'utf8')
  if (!sockets.has(from) && /new WebSocket\b/.test(text)) wrong.push(`${name} must not open a socket`)
  for (const [, target] of text.matchAll(/(?:from|import)\s*\(?\s*['"]([^'"]+)['"]/g)) {
    if (plain.has(from) && /^(vue|pinia|@vueuse)/.test(target)) wrong.push(`${name}: ${target} (plain TypeScript only)`)
    if (!target.startsWith('.') && !target.startsWith('@/')) continue
    const full = target.startsWith('@/') ? target.slice(2) : relative(src, resolve(dirname(path), target))
    const to = full.includes('/') ? full.split('/')[0] : '.'
    if (words.has(full) || to === from) continue
    if (!may[from]?.includes(to)) wrong.push(`${name} must not import ${full}`)
  }
}

for (const line of wrong) console.error(line)
process.exitCode = wrong.length ? 1 : 0
