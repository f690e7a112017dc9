// The results of a smoke test as text, JSON and JUnit.
import type { SmokeResult } from './run.ts'

/** Control characters and marks that turn text around are taken out: the answers come from outside. */
const plain = (text: string): string =>
  text.replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, ' ')
const xml = (text: string): string =>
  plain(text).replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;')

/** One line a step, then the verdict. */
export const printText = (results: readonly SmokeResult[], commit: string | null): string => {
  const width = Math.max(...results.map(({ name }) => name.length))
  const rows = results.map(
    ({ name, passed, seen, tries }) =>
      `  ${passed ? 'ok   ' : 'FAIL '} ${name.padEnd(width)}  ${plain(seen)}${tries > 1 ? ` (try ${tries})` : ''}`,
  )
  const failed = results.filter(({ passed }) => !passed)
  const verdict =
    failed.length === 0
      ? `${results.length === 1 ? 'The one step' : `All ${results.length} steps`} passed${commit ? ` for ${commit.slice(0, 12)}` : ''}.`
      : `${failed.length} of ${results.length} ${results.length === 1 ? 'step' : 'steps'} failed${commit ? ` for ${commit.slice(0, 12)}` : ''}: take the release back.`
  return `${rows.join('\n')}\n\n${verdict}\n`
}

/** `schemaVersion: 1`. */
export const printJson = (results: readonly SmokeResult[], commit: string | null): string =>
  `${JSON.stringify({ schemaVersion: 1, commit, passed: results.every(({ passed }) => passed), steps: results }, null, 2)}\n`

/** JUnit as CI systems read it: a test case a step. */
export const printJunit = (results: readonly SmokeResult[]): string => {
  const failed = results.filter(({ passed }) => !passed).length
  const time = (results.reduce((sum, { ms }) => sum + ms, 0) / 1000).toFixed(3)
  const cases = results.map(
    ({ name, url, passed, seen, ms }) =>
      `    <testcase classname="smoke" name="${xml(name)}" time="${(ms / 1000).toFixed(3)}">${passed ? '' : `<failure message="${xml(seen)}">${xml(`${url}\n${seen}`)}</failure>`}</testcase>`,
  )
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites tests="${results.length}" failures="${failed}" time="${time}">\n  <testsuite name="launch-ready deploy smoke" tests="${results.length}" failures="${failed}" errors="0" skipped="0" time="${time}">\n${cases.join('\n')}\n  </testsuite>\n</testsuites>\n`
}
