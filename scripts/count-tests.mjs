// count-tests.mjs go|vitest|playwright FILE REPORT: counts in a report of tests and
// writes "passed failed" to FILE. Of a Go report (test2json) it also prints the
// figures that tests print, and what was skipped. A test that failed once and then
// passed, alone, has passed, and is named.
import { createReadStream, readFileSync, writeFileSync } from 'node:fs'
import { createInterface } from 'node:readline'

const [kind, file, report] = process.argv.slice(2)
/** More than that in one run is no accident. */
const mostUnsteady = 2
let passed = 0
let failed = 0

async function go() {
  const ended = new Map() // how each test and package ended, at last
  const unsteady = new Set()
  const said = new Map() // by each, until it ends
  for await (const line of createInterface({ input: createReadStream(report) })) {
    const event = JSON.parse(line)
    const of = `${event.ImportPath ?? event.Package} ${event.Test ?? ''}`
    if (event.Output !== undefined) {
      if (event.Output.startsWith('figures: ')) process.stdout.write(event.Output)
      if (!said.has(of)) said.set(of, [])
      said.get(of).push(event.Output)
    }
    if (!['pass', 'fail', 'skip', 'build-fail'].includes(event.Action)) continue
    if (event.Action === 'skip' && event.Test) console.log(`skip ${of}: ${(said.get(of) ?? []).slice(1, -1).join('').trim()}`)
    if (event.Action === 'pass' && event.Test && ended.get(of) === 'fail') unsteady.add(of)
    ended.set(of, event.Action)
    said.delete(of)
  }
  for (const of of unsteady) console.log(`unsteady: ${of}`)
  for (const [of, how] of ended) {
    const isTest = !of.endsWith(' ')
    if (isTest && how === 'pass') passed++
    if ((isTest && how === 'fail') || how === 'build-fail') failed++
  }
}

function vitest() {
  const result = JSON.parse(readFileSync(report, 'utf8'))
  passed = result.numPassedTests
  failed = result.numFailedTests + result.testResults.filter((one) => one.status === 'failed' && one.assertionResults.length === 0).length
}

function playwright() {
  const { stats, errors } = JSON.parse(readFileSync(report, 'utf8'))
  passed = stats.expected + stats.flaky
  failed = stats.unexpected + errors.length
  if (stats.flaky) console.log(`unsteady: ${stats.flaky}`)
  if (stats.flaky > mostUnsteady) failed += stats.flaky
}

await { go, vitest, playwright }[kind]()
writeFileSync(file, `${passed} ${failed}\n`)
