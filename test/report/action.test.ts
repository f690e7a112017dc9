// The composite action: its `run` steps under bash, with a launch-ready on the PATH that writes down how it was called.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { stages } from '../../src/core/stage.ts'

type Step = { id?: string; run?: string; if?: string; uses?: string; env?: Record<string, string> }
type Action = {
  inputs: Record<string, { default: string; description: string }>
  outputs: Record<string, { value: string }>
  runs: { using: string; steps: Step[] }
}

const action = parse(readFileSync('action.yml', 'utf8')) as Action
const [run, result] = action.runs.steps.filter(step => step.run)
const root = mkdtempSync(join(tmpdir(), 'action-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

let counter = 0
/** Runs the first step with these inputs; the stub ends with `code` and writes a report with `verdict`. */
const runStep = (
  inputs: Record<string, string>,
  stub: { code?: number; verdict?: string | null; program?: string | null; before?: (home: string) => void } = {},
) => {
  const home = join(root, String(counter++))
  mkdirSync(join(home, 'bin'), { recursive: true })
  const said = join(home, 'arguments')
  const verdict = stub.verdict === undefined ? 'not-ready' : stub.verdict
  const report =
    verdict === null
      ? ''
      : `file="$(printf '%s\\n' "$@" | sed -n 's/^json://p')"; echo '{"verdict":"${verdict}","summary":{"blocker":2,"high":1,"medium":0,"low":4,"unknown":3}}' > "$file"`
  const program =
    stub.program ?? `#!/usr/bin/env bash\nprintf '%s\\n' "$@" > '${said}'\n${report}\nexit ${stub.code ?? 0}\n`
  // The action's own: a program that hands over to the stub.
  for (const folder of ['action/bin', 'action/dist']) mkdirSync(join(home, folder), { recursive: true })
  writeFileSync(join(home, 'stub'), program, { mode: 0o755 })
  const handOver = `const { spawnSync } = require('node:child_process'); process.exitCode = spawnSync(${JSON.stringify(join(home, 'stub'))}, process.argv.slice(2), { stdio: 'inherit' }).status`
  writeFileSync(join(home, 'action/bin/launch-ready.js'), handOver)
  if (stub.program !== null) writeFileSync(join(home, 'action/dist/main.js'), '')
  writeFileSync(
    join(home, 'bin/npm'),
    `#!/usr/bin/env bash\nprintf 'npm\\n' > '${said}'\nprintf '%s\\n' "$@" "in $(ls -A | tr '\\n' ' ')" >> '${said}'\nexit 9\n`,
    { mode: 0o755 },
  )
  // What a pull request brings along: none of it is run.
  for (const name of ['launch-ready', 'npx']) {
    mkdirSync(join(home, 'node_modules/.bin'), { recursive: true })
    writeFileSync(join(home, 'node_modules/.bin', name), `#!/usr/bin/env bash\ntouch '${join(home, 'ran')}'\n`, {
      mode: 0o755,
    })
  }
  writeFileSync(join(home, '.npmrc'), 'registry=http://127.0.0.1:9/\n')
  const env: Record<string, string> = {
    PATH: `${join(home, 'bin')}:${process.env['PATH']}`,
    RUNNER_TEMP: home,
    GITHUB_OUTPUT: join(home, 'output'),
    GITHUB_STEP_SUMMARY: join(home, 'summary.md'),
    GITHUB_ACTIONS: 'true',
  }
  for (const [name, expression] of Object.entries(run!.env!)) {
    const input = /^\$\{\{ inputs\.([\w-]+) \}\}$/.exec(expression)?.[1]
    if (input) env[name] = inputs[input] ?? action.inputs[input]!.default
    else {
      expect(expression).toBe('${{ github.action_path }}')
      env[name] = join(home, 'action')
    }
  }
  stub.before?.(home)
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
    summary: existsSync(join(home, 'summary.md')) ? readFileSync(join(home, 'summary.md'), 'utf8') : '',
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
    const { directory } = outputs
    expect(directory).toMatch(new RegExp(`^${home}/launch-ready-\\w+$`))
    const reports = (format: string, file: string): string[] => ['--report', `${format}:${directory}/${file}`]
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
    expect(outputs).toEqual({
      'exit-code': '0',
      directory,
      report: `${directory}/report.json`,
      sarif: '',
      verdict: 'not-ready',
      blocker: '2',
      high: '1',
      medium: '0',
      low: '4',
      unknown: '3',
    })
    // Every output that is promised is set by the step.
    for (const [name, { value }] of Object.entries(action.outputs)) {
      expect(value).toBe(`\${{ steps.run.outputs.${name} }}`)
      expect(outputs).toHaveProperty(name)
    }
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

  it('installs a named version in an empty folder, else takes its own; nothing of the pull request runs', () => {
    const named = runStep({ version: '0.1.0' })
    expect(named.arguments).toEqual([
      'npm',
      'install',
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      'launch-ready@0.1.0',
      'in package.json',
    ])
    const built = runStep({}, { program: null })
    expect(built.arguments!.slice(0, -1)).toEqual(['npm', 'ci', '--ignore-scripts', '--no-audit', '--no-fund'])
    expect(built.arguments!.at(-1)).not.toContain('node_modules')
    expect(built.arguments!.at(-1)).not.toContain('.npmrc')
    for (const { home } of [named, built, runStep({})]) expect(existsSync(join(home, 'ran'))).toBe(false)
    expect(runStep({ version: '1 --registry=http://127.0.0.1' }).code).toBe(2)
  })

  it('says what is wrong where the inputs or the config are: an annotation, exit 2, no verdict', () => {
    const program =
      "#!/usr/bin/env bash\necho 'config: hosts[0]: 100% wrong' >&2\necho '  expected a name' >&2\nexit 2\n"
    const { code, said, outputs, summary } = runStep({}, { program })
    expect(code).toBe(0)
    expect(outputs['exit-code']).toBe('2')
    expect(said).toContain(
      '::error title=launch-ready::the inputs or the config are wrong, nothing was judged: config: hosts[0]: 100%25 wrong%0A  expected a name',
    )
    expect(summary).toContain('did not come to a verdict (exit 2)')
    expect(end('2')).toBe(2)
  })

  it('tells a defect of its own and an interruption from what it found', () => {
    for (const [code, words] of [
      [4, 'a defect of launch-ready itself'],
      [130, 'interrupted'],
    ] as const) {
      const { said, outputs } = runStep({}, { code, verdict: null })
      expect(outputs['exit-code']).toBe(String(code))
      expect(said).toMatch(new RegExp(`^::error title=launch-ready::${words}`, 'm'))
      expect(end(String(code))).toBe(code)
    }
    expect(runStep({}, { code: 1 }).said).not.toContain('::error')
  })

  it('ends with 4, never with "found", where it cannot be installed', () => {
    for (const run of [runStep({ version: '0.1.0' }), runStep({}, { program: null })]) {
      expect(run.code).toBe(4)
      expect(run.outputs).toEqual({ 'exit-code': '4' })
      expect(run.said).toMatch(
        /^::error title=launch-ready::launch-ready could not be installed, so nothing was judged/m,
      )
      expect(run.summary).toContain('exit 4')
    }
    expect(end('4')).toBe(4)
  })

  it('knows every stage, and hands no domain to the one that takes a folder', () => {
    for (const stage of stages) {
      const { code, arguments: given } = runStep({ stage, domain: 'coachdash.example' })
      expect(code).toBe(0)
      expect(given!.slice(0, 2)).toEqual(stage === 'deploy' ? ['deploy', '--fail-on'] : [stage, 'coachdash.example'])
    }
    expect(runStep({ formats: 'gitlab' }).arguments!.at(-1)).toMatch(/^gitlab:.*\/gl-code-quality-report\.json$/)
  })

  it('judges the repository alone, where no domain is known: files and lines at fault, without a config', () => {
    const program = `#!/usr/bin/env bash\nexec '${process.execPath}' '${join(root, 'start.mjs')}' "$@"\n`
    writeFileSync(join(root, 'start.mjs'), `import { start } from '${resolve('src/main.ts')}'\nawait start()\n`)
    const repository = (home: string): void => {
      const password = ['correct', 'horse', 'battery', '77'].join('-')
      writeFileSync(
        join(home, '.env'),
        `PORT=3000\nDATABASE_URL=postgres://app:${password}@db.coachdash.com:5432/app\n`,
      )
      const git = (...words: string[]) =>
        spawnSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b.example', ...words], { cwd: home })
      git('init', '-q')
      git('add', '-f', '.env')
      git('commit', '-q', '-m', 'all')
    }
    const { code, said, outputs, summary } = runStep(
      { args: '--only\nenv-file-committed', 'fail-on': 'high' },
      { program, before: repository },
    )
    expect(code, said).toBe(0)
    expect(outputs, said).toMatchObject({ high: '1', 'exit-code': '1' })
    expect(said).toMatch(/^::warning file=\.env,line=2,title=/m)
    expect(summary).toContain('# Launch blockers')
  })

  it('says no verdict where there is no report', () => {
    const { outputs } = runStep({}, { code: 2, verdict: null })
    expect(outputs).toMatchObject({ 'exit-code': '2', report: '', sarif: '' })
    expect(outputs).not.toHaveProperty('verdict')
  })

  it('lets no report of an earlier step of the job stand for its own', () => {
    const first = runStep({})
    const second = runStep({}, { code: 2, verdict: null })
    expect(second.outputs['directory']).not.toBe(first.outputs['directory'])
  })

  it('takes formats by lines and commas, writes SARIF where it is to be uploaded, compares with a former report', () => {
    const { arguments: given } = runStep({ formats: 'html,\ncsv', 'upload-sarif': 'true', since: 'old.json' })
    const formats = given!.flatMap(one => /^(\w+):\//.exec(one)?.[1] ?? [])
    expect(formats).toEqual(['json', 'html', 'csv', 'sarif'])
    expect(given!.slice(1, 3)).toEqual(['--since', 'old.json'])
  })

  it('uses other actions by their commit alone, and documents each input', () => {
    for (const { uses } of action.runs.steps) if (uses) expect(uses).toMatch(/^[\w-]+\/[\w/-]+@[0-9a-f]{40}$/)
    for (const [name, input] of Object.entries(action.inputs)) {
      expect(input.description.length, name).toBeGreaterThan(10)
      expect(typeof input.default, name).toBe('string')
    }
    const readme = readFileSync('README.md', 'utf8')
    for (const [, name] of readme.matchAll(/^ {10}([\w-]+): /gm)) expect(Object.keys(action.inputs)).toContain(name)
  })

  it('runs the real program: annotations, the summary of the job, every report, the counts', () => {
    const facts = JSON.stringify({
      schemaVersion: 1,
      kind: 'launch-ready facts',
      startedAt: '2026-11-25T09:30:00.000Z',
      target: { domain: 'coachdash.example', repo: null },
      facts: [
        {
          fact: 'caa',
          on: { kind: 'domain', name: 'coachdash.example' },
          is: { ok: false, reason: 'timeout', message: 'no answer', retryable: true },
        },
      ],
    })
    writeFileSync(join(root, 'facts.json'), facts)
    writeFileSync(join(root, 'start.mjs'), `import { start } from '${resolve('src/main.ts')}'\nawait start()\n`)
    const program = `#!/usr/bin/env bash\nexec '${process.execPath}' '${join(root, 'start.mjs')}' "$@"\n`
    const { code, said, outputs, home } = runStep(
      { args: `--facts\n${join(root, 'facts.json')}\n--only\ncaa`, formats: 'json sarif markdown html junit csv' },
      { program },
    )
    expect(code, said).toBe(0)
    expect(outputs).toMatchObject({ verdict: 'incomplete', blocker: '0', 'exit-code': '3' })
    expect(said).toMatch(/^launch-ready coachdash\.example: INCOMPLETE, no blocker found/m)
    expect(readFileSync(join(home, 'summary.md'), 'utf8')).toContain('# Launch blockers: coachdash.example')
    expect(readdirSync(outputs['directory']!).sort()).toEqual([
      'launch-blockers.md',
      'report.csv',
      'report.html',
      'report.json',
      'report.sarif',
      'report.xml',
    ])
    expect(outputs['sarif']).toBe(`${outputs['directory']}/report.sarif`)
  })
})
