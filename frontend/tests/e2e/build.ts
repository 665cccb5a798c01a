import { execFileSync } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Builds the server once for all tests, unless HOMEROOM_BIN names one. */
export default function build(): void {
  if (process.env['HOMEROOM_BIN']) return
  const binary = join(mkdtempSync(join(tmpdir(), 'homeroom-e2e-')), 'homeroom')
  const root = fileURLToPath(new URL('../../..', import.meta.url))
  execFileSync('go', ['build', '-o', binary, './cmd/homeroom'], { cwd: root, stdio: 'inherit' })
  process.env['HOMEROOM_BIN'] = binary
}
