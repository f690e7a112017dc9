// The command line as a user meets it: what is wrong is told in one sentence and nothing is run; exit codes; what is saved and judged again.

import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Io } from '../../src/cli/io.ts'
import { readDomain } from '../../src/cli/settings.ts'
import type { Report } from '../../src/core/report.ts'
import { type RunningWorld, startWorld } from '../../src/lab/start.ts'
import { loadWorld } from '../../src/lab/world.ts'
import { runProgram } from '../support/run-program.ts'

const folder = mkdtempSync(join(tmpdir(), 'launch-ready-cli-'))
const worldOf = (name: string) => loadWorld(join(import.meta.dirname, '../../fixtures/worlds', `${name}.yaml`))

let healthy: RunningWorld
let broken: RunningWorld
beforeAll(async () => {
  healthy = await startWorld(worldOf('healthy-coach'))
  broken = await startWorld(worldOf('broken-coach'))
})
afterAll(async () => {
  await Promise.all([healthy.close(), broken.close()])
  rmSync(folder, { recursive: true, force: true })
})

const run = (argv: string[], more: Partial<Omit<Io, 'stdin'>> = {}) => runProgram(argv, { cwd: folder, ...more })

const write = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text)
  return name
}

const domain = 'coachdash.example'

describe('a command line that is wrong is told so, exit 2, and nothing is run', () => {
  const cases: [string, string[], RegExp][] = [
    ['unknown option', ['audit', domain, '--fial-on', 'high'], /unknown option '--fial-on'[\s\S]*--fail-on/],
    ['unknown command', ['audti', domain], /unknown command 'audti'[\s\S]*audit/],
    ['no domain', ['audit'], /audit needs a domain/],
    ['broken punycode', ['audit', 'xn--a.example'], /punycode/],
    ['an IPv4 address', ['audit', '192.0.2.1'], /IP address/],
    ['an IPv6 address', ['audit', '2001:db8::1'], /IP address/],
    ['a public suffix', ['audit', 'co.uk'], /public suffix/],
    ['a top-level domain', ['audit', 'com'], /public suffix/],
    ['a name under which others publish', ['audit', 'github.io'], /public suffix[\s\S]*example\.github\.io/],
    ['one label', ['audit', 'localhost'], /it has no dot/],
    ['a severity', ['audit', domain, '--fail-on', 'hihg'], /--fail-on hihg: expected one of .*did you mean high/],
    ['a format', ['audit', domain, '--report', 'jsno'], /there is no format "jsno"; did you mean json/],
    ['two reports to standard output', ['audit', domain, '--report', 'json', '--report', 'csv'], /only one report/],
    ['a check', ['audit', domain, '--only', 'spf-rekord'], /names no check.*did you mean "spf-record"/],
    ['a resolver', ['audit', domain, '--resolver', 'not a resolver'], /--resolver/],
    ['a rule', ['audit', domain, '--connect-to', 'a:b'], /--connect-to: .*4 fields|--connect-to/],
    ['roots that are no file', ['audit', domain, '--ca', 'nowhere.pem'], /nowhere\.pem: .*there is no such file/],
    ['a timeout', ['audit', domain, '--timeout', 'soon'], /--timeout soon: expected seconds/],
    ['a concurrency', ['audit', domain, '--concurrency', '0'], /--concurrency 0: expected a whole number/],
    ['facts that are no file', ['audit', domain, '--facts', 'nowhere.json'], /nowhere\.json: .*there is no such file/],
    ['a baseline without a name', ['audit', domain, '--update-baseline'], /name the file with --baseline/],
    ['a repository', ['deploy', 'nowhere'], /nowhere: the repository cannot be read/],
    ['an action with a slip', ['deploy', 'smok'], /no such directory\.\nDid you mean launch-ready deploy smoke\?\n$/],
    ['another one', ['dns', 'drft'], /it has no dot[\s\S]*\nDid you mean launch-ready dns drift\?\n$/],
    ['no action at all', ['dns', 'example'], /such as example\.com\.\n$/],
    ['a config that is no file', ['audit', domain, '-c', 'nowhere.yaml'], /nowhere\.yaml: the config cannot be read/],
    ['a check to explain', ['explain', 'spf-lookpus'], /there is no check "spf-lookpus"; did you mean spf-lookups/],
    ['a shell', ['completion', 'bsh'], /did you mean bash/],
  ]
  it.each(cases)('%s', async (_name, argv, says) => {
    const ran = await run(argv)
    expect(ran.exit).toBe(2)
    expect(ran.err).toMatch(says)
    expect(ran.out).toBe('')
  })
})

describe('a domain is taken for what is plainly meant, and that is said', () => {
  it.each([
    ['https://Example.com/login?next=1#top', 'example.com'],
    ['example.com/login', 'example.com'],
    ['example.com:8080', 'example.com'],
    ['example.com.', 'example.com'],
    ['*.example.com', 'example.com'],
    ['me@example.com', 'example.com'],
    ['mailto:me@example.com', 'example.com'],
    ['bücher.example', 'xn--bcher-kva.example'],
    ['https://user:secret@example.com:8443/', 'example.com'],
  ])('%s', (given, meant) => {
    let said = ''
    expect(
      readDomain(given, {
        err: text => {
          said += text
        },
      }),
    ).toBe(meant)
    expect(said).toBe(`looking at the domain ${meant}\n`)
  })
  it('says nothing of a name that is one, and refuses what is none', () => {
    let said = ''
    const io = {
      err: (text: string) => {
        said += text
      },
    }
    expect(readDomain('Example.com', io)).toBe('example.com')
    expect(said).toBe('')
    for (const given of ['https://192.0.2.1/', '[2001:db8::1]', '2001:db8::1', 'https://', '', '@', 'http://co.uk/'])
      expect(() => readDomain(given, io)).toThrow()
  })
})

describe('a config that is wrong is told by line and path, exit 2', () => {
  const cases: [string, string, RegExp][] = [
    [
      'an unknown key',
      'domain: example.com\nhots: { app: app.example.com }\n',
      /:2: unknown key "hots"; did you mean "hosts"/,
    ],
    ['an unknown inner key', 'email:\n  sendres: []\n', /:2: unknown key "email\.sendres"; did you mean "senders"/],
    [
      'a unit',
      'routes:\n  - { name: a, url: https://a.example.com/, p95: 500 }\n',
      /routes\[0\]\.p95: found 500: .*500ms/,
    ],
    [
      'a missing variable',
      'cloudflare: { token: "${NOT_SET_HERE}" }\n',
      /cloudflare\.token: the environment variable NOT_SET_HERE is not set/,
    ],
    ['broken YAML', 'domain: [example.com\n', /not valid YAML/],
    ['no mapping', '- example.com\n', /expected a mapping/],
    [
      'a check that is none',
      'domain: example.com\nchecks: { spf-rekord: {} }\n',
      /there is no such check; did you mean "spf-record"/,
    ],
    [
      'an outcome that is none',
      'domain: example.com\nchecks: { hsts: { severity: { mising: low } } }\n',
      /did you mean "missing"/,
    ],
    [
      'an outcome to suppress that is none',
      'domain: example.com\nsuppress: [{ check: hsts, outcome: mising, reason: later }]\n',
      /suppress\[0\]\.outcome: hsts has no bad outcome "mising"; did you mean "missing"\?$/m,
    ],
    [
      'a day that is none',
      'domain: example.com\nsuppress: [{ check: hsts, reason: later, until: 2027-13-45 }]\n',
      /until: found "2027-13-45": expected a date such as 2027-03-01/,
    ],
    ['a key twice', 'domain: example.com\ndomain: example.org\n', /:2: the key "domain" stands twice; keep one/],
    ['another type', 'domain: example.com\nhosts: [app]\n', /:2: hosts: found \["app"\]: expected a mapping/],
  ]
  it.each(cases)('%s', async (name, text, says) => {
    const ran = await run(['audit', domain, '-c', write(`${name.replace(/\W/g, '-')}.yaml`, text)])
    expect(ran.exit).toBe(2)
    expect(ran.err).toMatch(says)
    expect(ran.out).toBe('')
  })
  it('JSON is JSON', async () => {
    const ran = await run(['audit', domain, '-c', write('comma.json', '{ "domain": "example.com", }')])
    expect(ran.exit).toBe(2)
    expect(ran.err).toMatch(/comma\.json: not valid JSON: /)
  })
})

describe('exit codes', () => {
  it('0: nothing found', async () => {
    const ran = await run(['audit', domain, ...healthy.args(), '--json', '--only', 'spf-record,hsts,certificate'])
    expect(ran.exit).toBe(0)
    expect((JSON.parse(ran.out) as Report).verdict).toBe('ready')
  })
  it('1: something at the threshold, and 0 below it', async () => {
    const argv = ['audit', domain, ...broken.args(), '--json', '--only', 'hsts']
    expect((await run([...argv, '--fail-on', 'medium'])).exit).toBe(1)
    expect((await run(argv)).exit).toBe(0)
    expect((await run([...argv, '--fail-on', 'never'])).exit).toBe(0)
  })
  it('3: a resolver that does not answer, one cause', async () => {
    const ran = await run(['audit', domain, '--resolver', '127.0.0.1:9', '--timeout', '0.5', '--json'])
    const report = JSON.parse(ran.out) as Report
    expect(ran.exit).toBe(3)
    expect(report.verdict).toBe('incomplete')
    expect(report.findings).toEqual([])
    expect(report.causes.map(({ cause }) => cause)).toEqual(['resolver 127.0.0.1:9 does not answer'])
    expect(report.summary).toMatchObject({ pass: 0, unknown: report.causes[0]!.hidden })
  })
  it('130: interrupted, and what was found is told as incomplete', async () => {
    const abort = new AbortController()
    abort.abort()
    const ran = await run(['audit', domain, ...healthy.args(), '--json'], { signal: abort.signal })
    expect(ran.exit).toBe(130)
    expect((JSON.parse(ran.out) as Report).interrupted).toBe(true)
  })
})

describe('facts saved and judged again', () => {
  const untimed = (text: string): string => text.replace(/"durationMs": \d+/g, '"durationMs": 0')
  it('twice the same, byte for byte but for times, without a network', async () => {
    const first = await run([
      'audit',
      domain,
      ...broken.args(),
      '--json',
      '--skip',
      'deploy',
      '--save-facts',
      'facts.json',
    ])
    const again = await run([
      'audit',
      '--json',
      '--facts',
      'facts.json',
      '--skip',
      'deploy',
      '--resolver',
      '127.0.0.1:9',
    ])
    const oncemore = await run([
      'audit',
      '--json',
      '--facts',
      'facts.json',
      '--skip',
      'deploy',
      '--resolver',
      '127.0.0.1:9',
    ])
    expect(untimed(again.out)).toBe(untimed(oncemore.out))
    const findings = (text: string) => (JSON.parse(text) as Report).findings
    expect(findings(again.out)).toEqual(findings(first.out))
    expect(again.exit).toBe(first.exit)
  })
  it('facts of another domain are refused', async () => {
    await run(['audit', domain, ...healthy.args(), '--json', '--only', 'hsts', '--save-facts', 'healthy.json'])
    const ran = await run(['audit', 'other.example', '--facts', 'healthy.json'])
    expect(ran.exit).toBe(2)
    expect(ran.err).toMatch(/these facts are of coachdash\.example/)
  })
  it('a file that is none is refused with what is wrong', async () => {
    const ran = await run(['audit', domain, '--facts', write('wrong.json', '{"schemaVersion": 2}')])
    expect(ran.exit).toBe(2)
    expect(ran.err).toMatch(/not a facts file/)
  })
})

describe('what is known', () => {
  it('a baseline keeps findings from failing the run', async () => {
    const argv = ['audit', domain, ...broken.args(), '--json', '--only', 'spf-record', '--baseline', 'baseline.json']
    expect((await run([...argv, '--update-baseline'])).exit).toBe(1)
    const ran = await run(argv)
    expect(ran.exit).toBe(0)
    expect((JSON.parse(ran.out) as Report).findings.every(finding => finding.suppressed?.by === 'baseline')).toBe(true)
  })
  it('a suppression holds with reason and date, and is a finding without', async () => {
    const config = (more: string): string =>
      write('suppress.yaml', `domain: ${domain}\nsuppress:\n  - { check: hsts, ${more} }\n`)
    const argv = ['audit', ...broken.args(), '--json', '--only', 'hsts,suppression', '--fail-on', 'medium', '-c']
    expect((await run([...argv, config('reason: later, until: 2999-01-01')])).exit).not.toBe(1)
    const idle = await run([...argv, config(`outcome: malformed, subject: ${domain}, reason: later`)])
    expect((JSON.parse(idle.out) as Report).notes).toContain(
      `the suppression of hsts malformed ${domain} matches nothing any more; take it out of the config`,
    )
    for (const [more, outcome] of [
      ['outcome: missing', 'no-reason'],
      ['reason: later, until: 2020-01-01', 'expired'],
    ] as const) {
      const ran = await run([...argv, config(more)])
      expect(ran.exit).toBe(1)
      expect((JSON.parse(ran.out) as Report).findings.map(finding => finding.outcome)).toContain(outcome)
    }
  })
  it('the config changes a severity', async () => {
    const file = write('severity.yaml', `domain: ${domain}\nchecks: { hsts: { severity: { missing: blocker } } }\n`)
    const ran = await run(['audit', ...broken.args(), '--json', '--only', 'hsts', '-c', file])
    expect(ran.exit).toBe(1)
    expect((JSON.parse(ran.out) as Report).verdict).toBe('not-ready')
  })
})

describe('secrets of the environment', () => {
  it('stand in no output and no file', async () => {
    const secret = 'hush-4711-do-not-print-me'
    const file = write(
      'secret.yaml',
      `domain: ${domain}\nroutes:\n  - { name: api, url: "https://api.coachdash.example/", kind: api, headers: { authorization: "Bearer \${TOKEN}" } }\n`,
    )
    const ran = await run(
      [
        'audit',
        ...healthy.args(),
        '--json',
        '-c',
        file,
        '--save-facts',
        'secret.json',
        '--report',
        'markdown:secret.md',
        '--only',
        'route-status',
      ],
      { env: { TOKEN: secret } },
    )
    for (const text of [
      ran.out,
      ran.err,
      readFileSync(join(folder, 'secret.json'), 'utf8'),
      readFileSync(join(folder, 'secret.md'), 'utf8'),
    ])
      expect(text).not.toContain(secret)
  })
})

describe('secrets in a config that is wrong', () => {
  it('are not repeated by what says so', async () => {
    const wrong = write(
      'wrong.yaml',
      `domain: ${domain}\nemail: { inboxes: { a: { imap: "http://user:hush-1@mail.example", password: 4711 } } }\n`,
    )
    const twice = write(
      'twice.yaml',
      `domain: ${domain}\nemail: { inboxes: { b: { user: "\${NAME}", password: "\${WORD}", imap: "imaps://c:hush-2@d.example", mailpit: "http://e.example" } } }\n`,
    )
    const env = { NAME: 'hush-3', WORD: 'hush-4' }
    const first = await run(['audit', '-c', wrong], { env })
    const second = await run(['audit', '-c', twice], { env })
    expect([first.exit, second.exit]).toEqual([2, 2])
    expect(first.err).toContain('email.inboxes.a.imap: found "http://…@mail.example": expected imaps://host')
    expect(second.err).toContain('expected one of imap, mailpit, mailhog')
    expect(first.err + second.err).not.toMatch(/hush|4711/)
  })
})

describe('the commands that a report suggests', () => {
  it('are built', async () => {
    const { buildProgram } = await import('../../src/cli/program.ts')
    const { nextCommands, proof } = await import('../../src/report/shared/changes.ts')
    const built = buildProgram({ out: () => {}, err: () => {} } as unknown as Io, '0.0.0', () => {}).commands
    const { out } = await run(['audit', domain, '--json', ...broken.args()])
    const report = JSON.parse(out) as Report
    const ends: Report[] = [
      report,
      { ...report, findings: [], verdict: 'ready' },
      { ...report, findings: [], verdict: 'incomplete' },
    ]
    const suggested = ends
      .flatMap(end => [end, { ...end, target: { ...end.target, domain: null, repo: 'shop' } }])
      .flatMap(end => [...nextCommands(end), proof(report.findings[0]!, end)])
    for (const text of suggested) {
      const [name, sub] = /launch-ready (\S+)(?: (\S+))?/.exec(text)!.slice(1)
      const command = built.find(item => item.name() === name)
      expect(command, text).toBeDefined()
      if (name === 'dns') expect(command!.commands.map(item => item.name())).toContain(sub)
    }
  })
})

describe('commands beside the stages', () => {
  it('init writes a config that loads', async () => {
    const ran = await run(['init', domain, '--yes', '--file', 'made.yaml', ...healthy.ways()])
    expect(ran.exit).toBe(0)
    const text = readFileSync(join(folder, 'made.yaml'), 'utf8')
    expect(text).toContain('app: app.coachdash.example')
    expect((await run(['audit', ...healthy.args(), '-c', 'made.yaml', '--json', '--only', 'hsts'])).exit).toBe(0)
    expect((await run(['init', domain, '--yes', '--file', 'made.yaml', ...healthy.ways()])).exit).toBe(2)
  })
  it('checks and explain speak of every check', async () => {
    const rows = JSON.parse((await run(['checks', '--json'])).out) as { id: string; outcomes: object }[]
    expect(rows.length).toBeGreaterThan(90)
    for (const { id, outcomes } of rows) {
      const page = await run(['explain', id])
      expect(page.exit).toBe(0)
      for (const outcome of Object.keys(outcomes)) expect(page.out).toContain(outcome)
    }
  })
  it('completion is a script that its shell reads', async () => {
    const script = (await run(['completion', 'bash'])).out
    expect(script).toContain('--save-facts')
    execFileSync('bash', ['-n'], { input: script })
    expect((await run(['completion', 'fish'])).out).toContain('complete -c launch-ready')
    expect((await run(['completion', 'zsh'])).out).toContain('#compdef launch-ready')
  })
  it('doctor says what is missing, without the internet', async () => {
    const ran = await run(['doctor', '--json', '--resolver', healthy.resolver, '--timeout', '1'])
    const { able, lines } = JSON.parse(ran.out) as { able: boolean; lines: { what: string }[] }
    expect(able).toBe(false)
    expect(ran.exit).toBe(3)
    expect(lines.map(line => line.what)).toContain('mail (25)')
  })
  it('diff compares reports of one target', async () => {
    const report = async (world: RunningWorld, file: string) =>
      run(['audit', domain, ...world.args(), '--report', `json:${file}`, '--quiet', '--only', 'exposed-files,hsts'])
    await report(healthy, 'one.json')
    await report(broken, 'two.json')
    const worse = await run(['diff', 'one.json', 'two.json', '--json'])
    expect(worse.exit).toBe(1)
    expect((JSON.parse(worse.out) as { new: unknown[] }).new.length).toBeGreaterThan(0)
    expect((await run(['diff', 'two.json', 'two.json'])).exit).toBe(0)
  })
  it('help and version', async () => {
    expect((await run(['--version'])).out).toMatch(/^\d+\.\d+\.\d+\n$/)
    expect((await run(['--help'])).out).toContain('audit')
    expect((await run([])).exit).toBe(0)
  })
})

describe('colours', () => {
  const argv = () => ['audit', domain, ...healthy.args(), '--only', 'hsts']
  it('follow NO_COLOR, FORCE_COLOR and --no-color', async () => {
    const coloured = (text: string): boolean => text.includes('\u001b[')
    expect(coloured((await run(argv())).out)).toBe(false)
    expect(coloured((await run(argv(), { env: { FORCE_COLOR: '1' } })).out)).toBe(true)
    expect(coloured((await run(argv(), { env: { FORCE_COLOR: '1', NO_COLOR: '1' } })).out)).toBe(false)
    expect(coloured((await run([...argv(), '--no-color'], { env: { FORCE_COLOR: '1' } })).out)).toBe(false)
  })
})
