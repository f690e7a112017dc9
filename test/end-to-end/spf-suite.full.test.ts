// The conformance suite of RFC 7208 over real UDP through our own resolver: all cases through `main`, a sample through the program.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runProgram } from '../support/run-program.ts'
import { type SpfServer, startSpfServer } from '../support/spf-server.ts'
import { type SuiteCase, suiteCases, suiteIsThere } from '../support/spf-suite.ts'

type Verdict = {
  result: string
  mechanism: string | null
  lookups: number
  voids: number
  explanation: string | null
  tree: object
}

const commandLine = (item: SuiteCase, port: number): string[] => {
  const domain = item.mailfrom === '' ? item.helo : item.mailfrom.slice(item.mailfrom.lastIndexOf('@') + 1)
  return [
    'email',
    'spf',
    domain,
    '--ip',
    item.host,
    `--sender=${item.mailfrom}`,
    `--helo=${item.helo}`,
    '--resolver',
    `127.0.0.1:${port}`,
    '--timeout',
    '0.25',
    '--json',
  ]
}

const inProcess = async (argv: string[]): Promise<Verdict> => {
  const { out, err } = await runProgram(argv, { cwd: '/' })
  if (out === '') throw new Error(err)
  return JSON.parse(out) as Verdict
}

const check = (item: SuiteCase, verdict: Verdict): void => {
  expect(item.results).toContain(verdict.result)
  if (verdict.result !== 'fail' || item.explanation === null) return
  expect(verdict.explanation).toBe(item.explanation === 'DEFAULT' ? null : item.explanation)
}

describe.skipIf(!suiteIsThere)('the RFC 7208 suite over UDP (skipped where ../shared/data is not there)', () => {
  const cases = suiteIsThere ? suiteCases() : []
  let server: SpfServer
  beforeAll(async () => {
    server = await startSpfServer()
  })
  afterAll(() => server.close())

  test('has its 203 cases', () => expect(cases).toHaveLength(203))

  test.each(cases.map(item => [item.scenario, item.name, item] as const))('%s: %s', async (_scenario, _name, item) => {
    server.serve(item.zone)
    check(item, await inProcess(commandLine(item, server.port)))
  })

  const sample = cases.filter((_, at) => at % 25 === 0)
  test.each(sample.map(item => [item.name, item] as const))('through the program: %s', async (_name, item) => {
    server.serve(item.zone)
    const program = new URL('../../bin/launch-ready.js', import.meta.url).pathname
    const { stdout } = await promisify(execFile)(process.execPath, [program, ...commandLine(item, server.port)]).catch(
      (error: { stdout: string; stderr: string }) => {
        if (!error.stdout) throw new Error(error.stderr)
        return error
      },
    )
    check(item, JSON.parse(stdout) as Verdict)
  })
})
