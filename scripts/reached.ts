// After `npm run test:full`: every outcome of every check must have been reached by a test. Where a part of the tests was run alone, as
// by `npm test`, it says that nothing was compared.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { checks } from '../src/checks/index.generated.ts'

const root = resolve(import.meta.dirname, '..')
const folder = join(root, 'coverage/reached')

const testFiles = (readdirSync(join(root, 'test'), { recursive: true }) as string[]).filter(
  name => name.endsWith('.test.ts') && !name.endsWith('.servers.test.ts'),
)
const traces = existsSync(folder) ? readdirSync(folder) : []
if (traces.length < testFiles.length)
  console.log(`outcomes not compared: ${traces.length} of ${testFiles.length} test files were run`)
else {
  const reached = new Set(traces.flatMap(name => JSON.parse(readFileSync(join(folder, name), 'utf8')) as string[]))
  const declared = checks.flatMap(check => Object.keys(check.outcomes).map(outcome => `${check.id} ${outcome}`))
  const missed = declared.filter(outcome => !reached.has(outcome))
  console.log(`${declared.length - missed.length} of ${declared.length} outcomes are reached by a test`)
  if (missed.length) {
    console.error(`reached by no test:\n${missed.map(outcome => `  ${outcome}`).join('\n')}`)
    process.exitCode = 1
  }
}
