// Reports as a user asks for them: several at once, to files that can and cannot be written, compared with a former one.
import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { Io } from '../../src/cli/io.ts'
import { writeReports } from '../../src/cli/reports.ts'
import { UsageError } from '../../src/config/errors.ts'
import type { Finding, Report } from '../../src/core/report.ts'
import { createMask } from '../../src/run/mask.ts'
import { former, sample } from '../report/sample.ts'
import { withoutBusyLine } from '../support/busy-line.ts'
import { hearing, runProgram } from '../support/run-program.ts'

const folder = mkdtempSync(join(tmpdir(), 'launch-ready-reports-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const look = { quiet: false, verbose: false, color: true, progress: false }

type Outside = Partial<Omit<Io, 'stdin'>>

const ioOf = (more: Outside = {}) => hearing({ cwd: folder, ...more })

const run = (argv: string[], more: Outside = {}) => runProgram(argv, { cwd: folder, ...more })

const write = (name: string, value: unknown): string => {
  writeFileSync(join(folder, name), typeof value === 'string' ? value : JSON.stringify(value, null, 2))
  return name
}

/** A finding of the sample: HSTS is off at one host, from facts alone. */
const facts = write('facts.json', {
  schemaVersion: 1,
  kind: 'launch-ready facts',
  startedAt: '2026-11-25T09:30:00.000Z',
  target: { domain: 'coachdash.example', repo: null },
  facts: [],
})
const audit = (...words: string[]): string[] => ['audit', '--facts', facts, '--only', 'hsts', ...words]
const there = (name: string): boolean => existsSync(join(folder, name))

describe('a report that cannot be written is told before anything is run', () => {
  write('a-file', 'x')
  mkdirSync(join(folder, 'a-folder'))
  const cases: [string, string[], RegExp][] = [
    ['a folder', ['--report', 'html:a-folder'], /^--report html:a-folder: it is a directory; name a file in it\.$/m],
    [
      'a file on the way',
      ['--report', 'html:a-file/report.html'],
      /^--report html:a-file\/report\.html: cannot be written: a-file is a file, not a directory\.$/m,
    ],
    [
      'one file for two reports',
      ['--report', 'html:same', '--report', 'csv:./same'],
      /^--report csv:\.\/same: html goes to the same file; name another\.$/m,
    ],
    ['a PDF without a browser', ['--report', 'pdf:x.pdf'], /^a PDF needs Chromium or Chrome, .* install it/m],
    [
      'an unknown format',
      ['--report', 'sarf:x'],
      /^--report sarf:x: there is no format "sarf"; did you mean sarif\?$/m,
    ],
  ]
  it.each(cases)('%s', async (_, words, said) => {
    const ran = await run(audit('--report', 'json', '--report', 'csv:other.csv', ...words), {
      env: { CHROME_PATH: '/nowhere' },
    })
    expect(ran.exit).toBe(2)
    expect(ran.err).toMatch(said)
    expect(ran.err.trimEnd().split('\n')).toHaveLength(1)
    expect(ran.out).toBe('')
    expect(there('other.csv')).toBe(false)
  })

  it('so are --save-facts, --out and --baseline', async () => {
    const ran = await run(
      audit('--save-facts', 'a-folder', '--out', 'a-file', '--baseline', 'a-file/b.json', '--update-baseline'),
    )
    expect(ran.err.trimEnd().split('\n')).toEqual([
      '--save-facts a-folder: it is a directory; name a file in it.',
      '--baseline a-file/b.json: cannot be written: a-file is a file, not a directory.',
      '--out a-file: cannot be written: a-file is a file, not a directory.',
    ])
    expect(ran.out).toBe('')
  })

  it('every wrong report at once', async () => {
    const ran = await run(audit('--report', 'html:a-folder', '--report', 'markdown:a-file/x.md'))
    expect(ran.err.trimEnd().split('\n')).toHaveLength(2)
  })

  it.skipIf(process.getuid?.() === 0)('a folder that is not ours', async () => {
    mkdirSync(join(folder, 'closed'))
    chmodSync(join(folder, 'closed'), 0o500)
    const ran = await run(audit('--report', 'html:closed/x.html'))
    expect(ran.err).toMatch(/permission is denied/)
    expect(ran.exit).toBe(2)
  })
})

it('what fails only when it is written loses no other report', async () => {
  const { io, said } = ioOf({ env: { GITHUB_STEP_SUMMARY: join(folder, 'a-folder') } })
  const written: string[] = []
  const requests = [
    { format: 'html' as const, file: 'full.html' },
    { format: 'github' as const, file: null },
    { format: 'csv' as const, file: 'late.csv' },
  ]
  const done = writeReports(
    requests,
    sample,
    {},
    {
      io,
      look,
      mask: createMask([]),
      write: path => {
        if (path === 'full.html') throw new UsageError('full.html: cannot be written: the disk is full.')
        written.push(path)
      },
    },
  )
  await expect(done).rejects.toThrow(/^full\.html: cannot be written: the disk is full\.\nGITHUB_STEP_SUMMARY: .*\.$/)
  expect(written).toEqual(['late.csv'])
  expect(said.out).toContain('::error ')
})

it('a secret is masked in every format, however the format would escape, wrap or break it', async () => {
  const secret = `sk_<&"'>_${'long.name/part_'.repeat(8)}|*end*`
  const mask = createMask([secret])
  const tainted: Report = {
    ...sample,
    findings: sample.findings.map(finding => ({
      ...finding,
      title: `Key ${secret}`,
      evidence: [{ kind: 'text', label: `label ${secret}`, value: `value ${secret}` }],
      fix: { ...finding.fix, steps: [`step ${secret}`], changes: [{ kind: 'command', run: `run ${secret}` }] },
    })),
    notes: [secret],
    causes: [{ cause: secret, kind: 'fact', finding: null, hidden: 1, checks: ['x'] }],
  }
  const written: Record<string, string> = {}
  const { io, said } = ioOf({ env: { GITHUB_STEP_SUMMARY: join(folder, 'summary.md') } })
  const formats = ['markdown', 'html', 'json', 'sarif', 'junit', 'github', 'csv'] as const
  await writeReports(
    [{ format: 'terminal', file: null }, ...formats.map(format => ({ format, file: format }))],
    tainted,
    { verbose: true, former: { ...tainted, findings: tainted.findings.map(one => ({ ...one, id: `old${one.id}` })) } },
    {
      io,
      look,
      mask,
      write: (path, text) => {
        written[path] = text
      },
    },
  )
  written['terminal'] = said.out
  written['summary'] = readFileSync(join(folder, 'summary.md'), 'utf8')
  for (const [format, text] of Object.entries(written)) {
    const plain = text.replace(/<wbr>/g, '').replace(/\\|\s+/g, '')
    expect(plain, format).not.toMatch(/long\.name\/part_long|long\.name\/part_\|/)
    expect(plain, format).toMatch(/sk_(?:<|&lt;|&#60;|\\u003c)/)
  }
})

it('several reports at once, one of them to standard output', async () => {
  const ran = await run(
    audit(
      '--json',
      '--report',
      'html:many/deep/r.html',
      '--report',
      'sarif:many/r.sarif',
      '--report',
      'junit:many/r.xml',
    ),
  )
  expect((JSON.parse(ran.out) as Report).schemaVersion).toBe(1)
  for (const name of ['many/deep/r.html', 'many/r.sarif', 'many/r.xml']) expect(there(name), name).toBe(true)
})

describe('the cover', () => {
  const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=='
  const config = (logo: string): string =>
    `domain: coachdash.example\nreport: { client: Coach Dash Ltd, consultant: Ada Example, logo: "${logo}" }\n`
  mkdirSync(join(folder, 'work'))
  writeFileSync(join(folder, 'work/logo.png'), Buffer.from(png, 'base64'))

  it('has names from the config, and a logo that lies beside it', async () => {
    write('work/launch-ready.config.yaml', config('logo.png'))
    const ran = await run(audit('-c', 'work/launch-ready.config.yaml', '--report', 'html:cover.html'))
    expect(withoutBusyLine(ran.err)).toBe('')
    const text = readFileSync(join(folder, 'cover.html'), 'utf8')
    expect(text).toContain('Coach Dash Ltd')
    expect(text).toContain('Ada Example')
    expect(text).toContain(`<img src="data:image/png;base64,${png}"`)
  })

  it.each([
    ['missing.png', /missing\.png: the logo cannot be read: there is no such file\./],
    ['a-file', /a-file: the logo must be a PNG, JPEG, SVG, WebP or GIF file\./],
    ['big.png', /big\.png: the logo is larger than 150 kB; a cover needs no more\./],
    ['data:text/html;base64,PGI+', /the logo must be a PNG, JPEG, SVG, WebP or GIF file\./],
    ['fake.png', /fake\.png: the logo is no PNG, whatever its name\./],
  ])('a wrong logo is told before the run: %s', async (logo, said) => {
    writeFileSync(join(folder, 'work/big.png'), Buffer.concat([Buffer.from(png, 'base64'), Buffer.alloc(160_000)]))
    writeFileSync(join(folder, 'work/fake.png'), '<html>')
    write('work/launch-ready.config.yaml', config(logo))
    const ran = await run(audit('-c', 'work/launch-ready.config.yaml', '--json'))
    expect(ran.exit).toBe(2)
    expect(ran.err).toMatch(said)
    expect(ran.out).toBe('')
  })
})

it('code scanning and annotations stand at paths from the root of the repository, wherever it was run', async () => {
  const repo = join(folder, 'repo')
  mkdirSync(join(repo, 'packages/web'), { recursive: true })
  execFileSync('git', ['init', '-q', repo])
  writeFileSync(join(repo, 'packages/web/Dockerfile'), 'FROM node:24\nCOPY . .\nCMD ["node", "server.js"]\n')
  writeFileSync(
    join(repo, 'packages/web/launch-ready.config.yaml'),
    '# ours\ndomain: coachdash.example\nsuppress: [{ check: caa }]\n',
  )
  const cwd = join(repo, 'packages/web')
  const ran = await run(
    ['deploy', '.', '--only', 'container,suppression', '--report', 'github', '--report', 'sarif:x.sarif'],
    {
      cwd,
    },
  )
  expect(withoutBusyLine(ran.err)).toBe('config: launch-ready.config.yaml\n')
  expect(ran.out).toMatch(/^::notice file=packages\/web\/Dockerfile,line=\d/m)
  const log = JSON.parse(readFileSync(join(cwd, 'x.sarif'), 'utf8')) as {
    runs: { results: { locations: { physicalLocation: { artifactLocation: { uri: string }; region: object } }[] }[] }[]
  }
  const places = log.runs[0]!.results.map(({ locations }) => {
    const { artifactLocation, region } = locations[0]!.physicalLocation
    return `${artifactLocation.uri} ${JSON.stringify(region)}`
  })
  expect(places).toContain('packages/web/Dockerfile {"startLine":1,"startColumn":1}')
  expect(places).toContain('packages/web/launch-ready.config.yaml {"startLine":3,"startColumn":1}')
})

describe('a former report that is none', () => {
  const without = (key: keyof Finding): unknown => ({
    ...sample,
    findings: sample.findings.map((finding, at) => (at === 2 ? { ...finding, [key]: undefined } : finding)),
  })
  const cases: [string, unknown, RegExp][] = [
    ['broken JSON', '{\n  "schemaVersion": 1,\n  "findings": [}\n', /broken JSON\.json: .*not valid JSON: .*line 3\b/],
    ['JSON that ends too early', '{\n  "schemaVersion": 1,\n', /not valid JSON: .*line 3\b/],
    ['nothing', '', /not valid JSON/],
    ['a page', '<html>\u001b[2J', /not valid JSON/],
    ['a newer version', { ...sample, schemaVersion: 2 }, /schema version 2.*reads version 1/],
    ['a list', [], /not a JSON report of launch-ready/],
    ['another JSON', { name: 'x' }, /not a JSON report of launch-ready/],
    ['a finding that is null', { ...sample, findings: [null] }, /findings\[0\]/],
    ['a finding without a title', without('title'), /findings\[2\]\.title/],
    ['a finding without a fix', without('fix'), /findings\[2\]\.fix/],
    ['no target', { schemaVersion: 1, findings: [], checks: [] }, /not a JSON report of launch-ready: /],
  ]
  it.each(cases)('%s', async (name, value, said) => {
    const file = write(`${name}.json`, value)
    write('sound.json', sample)
    for (const argv of [['diff', file, 'sound.json'], ['diff', 'sound.json', file], audit('--since', file)]) {
      const ran = await run(argv)
      expect(ran.err).toMatch(said)
      expect(ran.err).not.toMatch(/[\u001b]/)
      expect(ran.exit).toBe(2)
      expect(ran.out).toBe('')
    }
  })

  it('a byte order mark is no fault', async () => {
    write('bom.json', `\ufeff${JSON.stringify(sample)}`)
    expect((await run(['diff', 'bom.json', 'sound.json'])).exit).toBe(0)
  })

  it('of another domain is told, not compared', async () => {
    write('other.json', { ...sample, target: { ...sample.target, domain: 'other.example' } })
    for (const argv of [['diff', 'other.json', 'sound.json'], audit('--since', 'other.json')]) {
      const ran = await run(argv)
      expect(ran.exit).toBe(2)
      expect(ran.err).toMatch(/other\.json is of other\.example.*coachdash\.example/)
    }
  })
})

describe('diff', () => {
  it('goes to files and to standard output, several at once', async () => {
    write('old.json', former)
    write('new.json', sample)
    const ran = await run([
      'diff',
      'old.json',
      'new.json',
      '--report',
      'markdown:diff/change.md',
      '--report',
      'json:diff/change.json',
    ])
    expect(withoutBusyLine(ran.err)).toBe('')
    expect(ran.out).toContain('Fixed')
    expect(readFileSync(join(folder, 'diff/change.md'), 'utf8')).toContain('## Fixed')
    expect(JSON.parse(readFileSync(join(folder, 'diff/change.json'), 'utf8'))).toMatchObject({ schemaVersion: 1 })
    expect(ran.exit).toBe(1)
  })

  it.each([
    [['--report', 'html'], /--report html: .*terminal, markdown, json/],
    [['--report', 'markdwon'], /did you mean markdown/],
    [['--report', 'markdown:a-folder'], /it is a directory/],
    [['--report', 'json', '--report', 'markdown'], /only one report can go to standard output/],
  ])('refuses %j', async (words, said) => {
    const ran = await run(['diff', 'old.json', 'new.json', ...words])
    expect(ran.exit).toBe(2)
    expect(ran.err).toMatch(said)
    expect(ran.out).toBe('')
  })
})
