// same-files.mjs MADE KEPT: fails unless every file in the folder MADE is the
// same in KEPT, and with --all unless KEPT holds nothing else. Of compressed
// copies only what they unpack to counts: versions of zlib pack differently.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'

const [made, kept, all] = process.argv.slice(2)

const files = (folder) =>
  new Set(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(folder.length + 1)),
  )

const content = (path) => {
  const bytes = readFileSync(path)
  if (path.endsWith('.br')) return brotliDecompressSync(bytes)
  if (path.endsWith('.gz')) return gunzipSync(bytes)
  return bytes
}

const fresh = files(made)
const old = files(kept)
const wrong = []
for (const name of fresh) {
  if (!old.has(name)) wrong.push(`missing: ${name}`)
  else if (!content(join(made, name)).equals(content(join(kept, name)))) wrong.push(`stale: ${name}`)
}
if (all === '--all') for (const name of old) if (!fresh.has(name)) wrong.push(`left over: ${name}`)

const shown = 10
for (const line of wrong.slice(0, shown)) console.error(line)
if (wrong.length > shown) console.error(`and ${wrong.length - shown} more`)
console.log(`${fresh.size} files compared`)
process.exitCode = wrong.length ? 1 : 0
