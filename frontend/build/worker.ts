import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Plugin } from 'vite'

const template = new URL('./worker.template.js', import.meta.url)

// Large, and of use only with a network or to few.
const left = /\/data-[\w-]+\.js$/

/** Writes sw.js, which knows the files of this very build. */
export function worker(): Plugin {
  return {
    name: 'worker',
    apply: 'build',
    enforce: 'post',
    generateBundle(_options, bundle) {
      const assets = Object.keys(bundle)
        .filter((name) => /\.(?:js|css)$/.test(name))
        .map((name) => `/${name}`)
        .filter((name) => !left.test(name))
        .sort()
      const files = ['/', '/icon.svg', ...assets]
      const version = createHash('sha256').update(files.join('\n')).digest('hex').slice(0, 12)
      const source = readFileSync(template, 'utf8').replace('__VERSION__', version).replace('__FILES__', JSON.stringify(files, undefined, 2))
      this.emitFile({ type: 'asset', fileName: 'sw.js', source })
    },
  }
}
