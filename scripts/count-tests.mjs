// count-tests.mjs go FILE: reads `go test -json`, prints a line for each package
// and all that a failed test said, and writes "passed failed" to FILE.
// count-tests.mjs vitest|playwright FILE REPORT: counts in a JSON report.
import { readFileSync, writeFileSync } from 'node:fs'
import { createInterface } from 'node:readline'

const [kind, file, report] = process.argv.slice(2)
let passed = 0
let failed = 0

async function go() {
  const said = new Map() // of each test and package, until it ends
  for await (const line of createInterface({ input: process.stdin })) {
    let event
    try {
      event = JSON.parse(line)
    } catch {
      console.log(line) // what the go command itself says
      continue
    }
    const of = `${event.ImportPath ?? event.Package} ${event.Test ?? ''}`
    if (event.Output !== undefined) {
      if (event.Output.startsWith('figures: ')) process.stdout.write(`    ${event.Output}`)
      const lines = said.get(of) ?? []
      lines.push(event.Output)
      said.set(of, lines)
    }
    if (!['pass', 'fail', 'skip', 'build-fail'].includes(event.Action)) continue
    if (event.Action === 'pass' && event.Test) passed++
    if (event.Action === 'fail' && event.Test) failed++
    if (event.Action === 'build-fail' || (event.Action === 'fail' && !event.Test && event.FailedBuild)) failed++
    if (event.Action.endsWith('fail')) {
      console.log(`FAIL ${of}`)
      process.stdout.write((said.get(of) ?? []).join(''))
    } else if (!event.Test && event.Action === 'pass') {
      console.log(`ok   ${event.Package} ${event.Elapsed} s`)
    } else if (event.Test && event.Action === 'skip') {
      console.log(`skip ${of}: ${(said.get(of) ?? []).slice(1, -1).join('').trim()}`)
    }
    said.delete(of)
  }
}

function vitest() {
  const result = JSON.parse(readFileSync(report, 'utf8'))
  passed = result.numPassedTests
  failed = result.numFailedTests + result.testResults.filter((one) => one.status === 'failed' && one.assertionResults.length === 0).length
}

function playwright() {
  const { stats, errors } = JSON.parse(readFileSync(report, 'utf8'))
  passed = stats.expected
  failed = stats.unexpected + stats.flaky + errors.length
}

await { go, vitest, playwright }[kind]()
writeFileSync(file, `${passed} ${failed}\n`)
