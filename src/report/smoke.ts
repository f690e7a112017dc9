// The results of a smoke test as text, JSON and JUnit.
import { clean } from '../core/clean.ts'
import { escapeXml } from './shared/escape.ts'

/** One step: `seen` is what was seen at its last try, `ms` how long that took. */
export type SmokeResult = { name: string; url: string; passed: boolean; seen: string; tries: number; ms: number }

/** One line a step, then the verdict. */
export const printText = (results: readonly SmokeResult[], commit: string | null): string => {
  const width = Math.max(...results.map(({ name }) => name.length))
  const rows = results.map(
    ({ name, passed, seen, tries }) =>
      `  ${passed ? 'ok   ' : 'FAIL '} ${name.padEnd(width)}  ${clean(seen)}${tries > 1 ? ` (try ${tries})` : ''}`,
  )
  const failed = results.filter(({ passed }) => !passed)
  const deployed = commit ? ` for ${commit.slice(0, 12)}` : ''
  const verdict =
    failed.length === 0
      ? `${results.length === 1 ? 'The one step' : `All ${results.length} steps`} passed${deployed}.`
      : `${failed.length} of ${results.length} ${results.length === 1 ? 'step' : 'steps'} failed${deployed}: take the release back.`
  return `${rows.join('\n')}\n\n${verdict}\n`
}

/** `schemaVersion: 1`. */
export const printJson = (results: readonly SmokeResult[], commit: string | null): string =>
  `${JSON.stringify({ schemaVersion: 1, commit, passed: results.every(({ passed }) => passed), steps: results }, null, 2)}\n`

/** Seconds with three digits. */
const seconds = (milliseconds: number): string => (milliseconds / 1000).toFixed(3)

/** JUnit as CI systems read it: a test case a step. */
export const printJunit = (results: readonly SmokeResult[]): string => {
  const failures = results.filter(({ passed }) => !passed).length
  const counts = `tests="${results.length}" failures="${failures}"`
  const time = `time="${seconds(results.reduce((sum, { ms }) => sum + ms, 0))}"`
  const cases = results.map(({ name, url, passed, seen, ms }) => {
    const words = clean(seen)
    const failure = passed
      ? ''
      : `<failure message="${escapeXml(words)}">${escapeXml(`${clean(url)} ${words}`)}</failure>`
    return `    <testcase classname="smoke" name="${escapeXml(clean(name))}" time="${seconds(ms)}">${failure}</testcase>`
  })
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${counts} ${time}>`,
    `  <testsuite name="launch-ready deploy smoke" ${counts} errors="0" skipped="0" ${time}>`,
    ...cases,
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n')
}
