import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join, extname } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import type { Plugin } from 'vite'

const compressible = new Set(['.html', '.js', '.css', '.svg', '.json', '.webmanifest'])

// Below this a compressed copy saves no packet.
const smallest = 256

async function* files(folder: string): AsyncGenerator<string> {
  const entries = await readdir(folder, { withFileTypes: true })
  for (const entry of entries) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) yield* files(path)
    else yield path
  }
}

/**
 * Writes a .br and a .gz next to each file that shrinks, so that the server
 * compresses nothing while it answers. The same input gives the same bytes.
 */
export function precompress(): Plugin {
  let folder = ''
  return {
    name: 'precompress',
    apply: 'build',
    enforce: 'post',
    configResolved(config) {
      folder = join(config.root, config.build.outDir)
    },
    closeBundle: {
      order: 'post',
      sequential: true,
      async handler() {
        for await (const path of files(folder)) {
          if (!compressible.has(extname(path))) continue
          const raw = await readFile(path)
          if (raw.length < smallest) continue
          const br = brotliCompressSync(raw, {
            params: {
              [constants.BROTLI_PARAM_QUALITY]: 11,
              [constants.BROTLI_PARAM_SIZE_HINT]: raw.length,
            },
          })
          await writeFile(`${path}.br`, br)
          await writeFile(`${path}.gz`, gzipSync(raw, { level: 9 }))
        }
      },
    },
  }
}
