// Fetches RapiDoc and puts it, compressed too, where the server embeds it.
// Run by `make docs-page`; its output is committed. Another folder may be named.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

const version = '9.3.8'
const target = process.argv[2] ?? new URL('../static/docs/', import.meta.url).pathname

const folder = mkdtempSync(join(tmpdir(), 'rapidoc-'))
try {
  execFileSync('npm', ['pack', '--silent', `rapidoc@${version}`], { cwd: folder })
  execFileSync('tar', ['xzf', `rapidoc-${version}.tgz`], { cwd: folder })
  const read = (name) => readFileSync(join(folder, 'package', name), 'utf8')
  // The source map is not served.
  const script = read('dist/rapidoc-min.js').replace(/\n\/\/# sourceMappingURL=.*\s*$/, '\n')
  const notice = `RapiDoc ${version}\n\n${read('LICENSE.txt')}\n\nIt contains:\n\n${read('dist/rapidoc-min.js.LICENSE.txt')}`
  writeFileSync(join(target, 'LICENSE.txt'), notice)
  writeFileSync(join(target, 'rapidoc-min.js'), script)
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: script.length }
  writeFileSync(join(target, 'rapidoc-min.js.br'), brotliCompressSync(script, { params }))
  writeFileSync(join(target, 'rapidoc-min.js.gz'), gzipSync(script, { level: 9 }))
} finally {
  rmSync(folder, { recursive: true })
}
