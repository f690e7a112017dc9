// The composite action: its `run` steps under bash, with a launch-ready on the PATH that writes down how it was called.
import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'

type Step = { id?: string; run?: string; if?: string; uses?: string; env?: Record<string, string> }
type Action = {
  inputs: Record<string, { default: string }>
  outputs: Record<string, { value: string }>
  runs: { using: string; steps: Step[] }
}

const action = parse(readFileSync('action.yml', 'utf8')) as Action
const [run, result] = action.runs.steps.filter(step => step.run)
const root = mkdtempSync(join(tmpdir(), 'action-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

let counter = 0
/** Runs the first step with these inputs; the stub ends with `code` and writes a report with `verdict`. */
const runStep = (inputs: Record<string, string>, stub: { code?: number; verdict?: string | null } = {}) => {
  const home = join(root, String(counter++))
  mkdirSync(join(home, 'bin'), { recursive: true })
  const said = join(home, 'arguments')
  const verdict = stub.verdict === undefined ? 'not-ready' : stub.verdict
  const report = verdict === null ? '' : `echo '{"verdict":"${verdict}"}' > "$RUNNER_TEMP/launch-ready/report.json"`
  writeFileSync(
    join(home, 'bin/launch-ready'),
    `#!/usr/bin/env bash\nprintf '%s\\n' "$@" > '${said}'\n${report}\nexit ${stub.code ?? 0}\n`,
  )
  writeFileSync(
    join(home, 'bin/npx'),
    `#!/usr/bin/env bash\nprintf 'npx\\n' > '${said}'\nprintf '%s\\n' "$@" >> '${said}'\n`,
  )
  chmodSync(join(home, 'bin/launch-ready'), 0o755)
  chmodSync(join(home, 'bin/npx'), 0o755)
  const env: Record<string, string> = {
    PATH: `${join(home, 'bin')}:${process.env['PATH']}`,
    RUNNER_TEMP: home,
    GITHUB_OUTPUT: join(home, 'output'),
  }
  for (const [name, expression] of Object.entries(run!.env!)) {
    const input = /^\$\{\{ inputs\.([\w-]+) \}\}$/.exec(expression)![1]!
    env[name] = inputs[input] ?? action.inputs[input]!.default
  }
  const done = spawnSync('bash', ['--noprofile', '--norc', '-e', '-o', 'pipefail', '-c', run!.run!], {
    env,
    cwd: home,
    encoding: 'utf8',
  })
  const outputs = existsSync(join(home, 'output')) ? readFileSync(join(home, 'output'), 'utf8') : ''
  return {
    code: done.status,
    said: done.stdout + done.stderr,
    arguments: existsSync(said) ? readFileSync(said, 'utf8').trimEnd().split('\n') : null,
    outputs: Object.fromEntries(
      outputs
        .trimEnd()
        .split('\n')
        .map(line => line.split('=') as [string, string]),
    ),
    home,
  }
}

const end = (code: string, failOnUnknown = 'true'): number | null =>
  spawnSync('bash', ['-e', '-o', 'pipefail', '-c', result!.run!], {
    env: { PATH: process.env['PATH'], LR_CODE: code, LR_FAIL_ON_UNKNOWN: failOnUnknown },
  }).status

describe('the GitHub Action', () => {
  it('calls the stage with domain, threshold and the reports that are asked for', () => {
    const { arguments: given, outputs, home, code } = runStep({ domain: 'coachdash.example' })
    expect(code).toBe(0)
    const reports = (format: string, file: string): string[] => ['--report', `${format}:${home}/launch-ready/${file}`]
    expect(given).toEqual([
      'audit',
      'coachdash.example',
      '--fail-on',
      'blocker',
      '--no-progress',
      '--report',
      'github',
      ...reports('json', 'report.json'),
      ...reports('sarif', 'report.sarif'),
      ...reports('markdown', 'launch-blockers.md'),
      ...reports('html', 'report.html'),
    ])
    expect(outputs).toEqual({ 'exit-code': '0', verdict: 'not-ready', directory: `${home}/launch-ready` })
  })

  it('hands on the config and further arguments, one a line, unsplit', () => {
    const { arguments: given } = runStep({
      config: 'my config.yaml',
      args: '--only\nspf-*\n--skip\na b',
      formats: 'junit',
    })
    expect(given!.slice(0, 3)).toEqual(['audit', '--config', 'my config.yaml'])
    expect(given!.slice(-4)).toEqual(['--only', 'spf-*', '--skip', 'a b'])
    expect(given!.some(one => one.startsWith('junit:') && one.endsWith('/report.xml'))).toBe(true)
  })

  it('keeps the exit code for the last step, so that reports are uploaded first', () => {
    const { code, outputs } = runStep({ domain: 'x.example' }, { code: 1 })
    expect(code).toBe(0)
    expect(outputs['exit-code']).toBe('1')
    expect(end('1')).toBe(1)
    expect(end('0')).toBe(0)
    expect(end('3')).toBe(3)
    expect(end('3', 'false')).toBe(0)
    expect(end('')).toBe(4)
  })

  it('runs nothing of what an input says', () => {
    const { arguments: given, home } = runStep({ domain: '$(touch hacked).example', args: '`touch hacked`' })
    expect(given![1]).toBe('$(touch hacked).example')
    expect(given!.at(-1)).toBe('`touch hacked`')
    expect(existsSync(join(home, 'hacked'))).toBe(false)
    expect(action.runs.steps.filter(step => step.run?.includes('${{'))).toEqual([])
  })

  it('refuses a wrong stage, a wrong format and a domain that is an option', () => {
    const wrong: Record<string, string>[] = [{ stage: 'rm' }, { formats: 'exe' }, { domain: '--active' }]
    for (const inputs of wrong) {
      const { code, arguments: given } = runStep(inputs)
      expect(code).toBe(2)
      expect(given).toBeNull()
    }
  })

  it('takes a named version through npx, and says no verdict where there is no report', () => {
    const { arguments: given } = runStep({ version: '0.1.0' })
    expect(given!.slice(0, 4)).toEqual(['npx', '--yes', 'launch-ready@0.1.0', 'audit'])
    expect(runStep({}, { code: 2, verdict: null }).outputs['verdict']).toBe('')
  })
})
