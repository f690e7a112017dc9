// Every reporter over the literal sample (golden files in fixtures/reports; UPDATE_GOLDEN=1 writes them), nothing, much and hostility.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { Ajv } from 'ajv'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { parseDocument } from 'htmlparser2'
import { SaxesParser } from 'saxes'
import stringWidth from 'string-width'
import { describe, expect, it } from 'vitest'
import { diffReports } from '../../src/core/diff.ts'
import type { Finding, Report } from '../../src/core/report.ts'
import { severities } from '../../src/core/severity.ts'
import { contrast } from '../../src/formats/html/contrast.ts'
import { printDiff } from '../../src/report/diff.ts'
import { reporters } from '../../src/report/formats.ts'
import { forLog, jobSummary, longestSummary } from '../../src/report/github.ts'
import { htmlPart } from '../../src/report/html.ts'
import type { ReportOptions } from '../../src/report/options.ts'
import { checkReport, reportSchema } from '../../src/report/report-schema.ts'
import { mostResults } from '../../src/report/sarif.ts'
import { escapeHtml } from '../../src/report/shared/escape.ts'
import { groups, numbered } from '../../src/report/shared/group.ts'
import { doubtful, empty, former, large, sample } from './sample.ts'

type Format = keyof typeof reporters
const formats = Object.keys(reporters) as Format[]
const made = async (format: Format, report: Report, options?: ReportOptions): Promise<string> =>
  (await reporters[format]())(report, options)

const extensions: Record<Format, string> = {
  terminal: 'txt',
  markdown: 'md',
  html: 'html',
  json: 'json',
  sarif: 'sarif',
  junit: 'xml',
  github: 'github.txt',
  gitlab: 'gitlab.json',
  csv: 'csv',
}

const golden = (name: string, text: string): void => {
  const path = join('fixtures/reports', name)
  if (process.env['UPDATE_GOLDEN']) writeFileSync(path, text)
  expect(text).toBe(readFileSync(path, 'utf8'))
}

describe('the sample', () => {
  for (const format of formats)
    it(`${format} is as it was`, async () => {
      const options: ReportOptions = {
        client: 'Coach Dash Ltd',
        consultant: 'Ada Example',
        configFile: 'launch-ready.config.yaml',
      }
      golden(`sample.${extensions[format]}`, await made(format, sample, options))
    })

  it('terminal: verbose, quiet and since last time are as they were', async () => {
    golden('sample-verbose.txt', await made('terminal', sample, { verbose: true }))
    golden('sample-quiet.txt', await made('terminal', sample, { quiet: true }))
    golden('sample-since.txt', await made('terminal', sample, { former }))
  })

  it('says what changed since last time in markdown and html as well', async () => {
    expect(await made('markdown', sample, { former })).toContain('## Since last time')
    expect(await made('html', sample, { former })).toContain('Since last time')
    expect(await made('html', sample)).not.toContain('Since last time')
  })
})

describe('since last time', () => {
  const fresh = sample.findings.filter(({ id }) => id !== sample.findings[1]!.id)

  it('json: what is new, fixed, unchanged and not known, within the schema', async () => {
    const read = JSON.parse(await made('json', sample, { former })) as { since: Record<string, unknown> }
    expect(read.since).toEqual({
      startedAt: former.startedAt,
      new: fresh.map(({ id }) => id),
      fixed: [
        {
          id: 'b100000000000001',
          check: 'caa',
          outcome: 'missing',
          subject: 'coachdash.example',
          severity: 'low',
          title: 'Anyone may issue a certificate for you',
        },
      ],
      unchanged: [sample.findings[1]!.id],
      suppressed: [],
      couldNotTell: [
        expect.objectContaining({ id: 'b100000000000002', reason: 'ns2.coachdash.example does not answer' }),
      ],
    })
    const valid = new Ajv2020({ strict: false }).compile(reportSchema())
    expect(valid(read), JSON.stringify(valid.errors)).toBe(true)
    expect(valid({ ...read, since: { ...read.since, new: 3 } })).toBe(false)
    expect(JSON.parse(await made('json', sample))).not.toHaveProperty('since')
  })

  it('sarif: the state of each result; what is fixed is no result', async () => {
    const log = JSON.parse(await made('sarif', sample, { former }))
    expect(validSarif(log), JSON.stringify(validSarif.errors)).toBe(true)
    const states = log.runs[0].results.map(({ baselineState }: { baselineState: string }) => baselineState)
    expect(states).toEqual(sample.findings.map((_, at) => (at === 1 ? 'unchanged' : 'new')))
  })

  it('csv: a column, and a line for each finding that is gone', async () => {
    const [head, ...rows] = readCsv(await made('csv', sample, { former }))
    const state = rows.map(row => row[head!.indexOf('since last time')])
    expect(state.slice(0, sample.findings.length)).toEqual(
      sample.findings.map((_, at) => (at === 1 ? 'unchanged' : 'new')),
    )
    expect(state.slice(sample.findings.length)).toEqual([
      'fixed',
      'could not tell: ns2.coachdash.example does not answer',
    ])
    expect(readCsv(await made('csv', sample))).toHaveLength(sample.findings.length + 1)
  })

  it('junit: a failure says whether it is new', async () => {
    const text = await made('junit', sample, { former })
    expect(text.match(/since 18 November 2026: new&#10;/g)).toHaveLength(9)
    expect(text.match(/since 18 November 2026: unchanged&#10;/g)).toHaveLength(1)
  })

  it('github: in the last line', async () => {
    expect(await made('github', sample, { former })).toMatch(
      /; since 18 November 2026: 10 new, 1 fixed, 1 unchanged, 1 could not be told\n$/,
    )
  })
})

describe('what is not certain', () => {
  it('stands apart in what people read, without a severity and outside the counts', async () => {
    for (const format of ['terminal', 'markdown', 'html'] as const) {
      const text = await made(format, doubtful, { full: true })
      const [before = '', after = ''] = text.split(
        format === 'terminal' ? 'WORTH A LOOK' : />Worth a look<|## Worth a look/,
      )
      expect(after, format).toContain('may be missing in production')
      expect(before, format).not.toContain('may be missing in production')
      expect(before.toLowerCase(), format).toMatch(/likely/)
    }
    const counts = /high, this week<small>.*?<\/small>/.exec(await made('html', doubtful))
    expect(counts).not.toBeNull()
    expect(await made('terminal', doubtful)).toContain('MEDIUM 2')
  })

  it('has a rank in SARIF, and what is only possible is a note', async () => {
    const { results } = JSON.parse(await made('sarif', doubtful)).runs[0]
    const ofCheck = (check: string) =>
      results.find(({ ruleId }: { ruleId: string }) => ruleId.startsWith(check)) as { rank: number; level: string }
    expect(ofCheck('certificate').rank).toBe(100)
    expect(ofCheck('migration-hazard')).toMatchObject({ rank: 60, level: 'error' })
    expect(ofCheck('env-inventory')).toMatchObject({ rank: 20, level: 'note' })
  })

  it('is stated in JUnit, in annotations and in the table; what is only possible fails nothing', async () => {
    const xml = await made('junit', doubtful)
    expect(xml).toContain('confidence: likely')
    expect(xml).toContain('<skipped message="worth a look, only possible: STRIPE_KEY may be missing')
    const annotations = await made('github', doubtful)
    expect(annotations).toContain('title=A migration stops writes while it runs (likely)')
    expect(annotations).toMatch(/^::notice [^\n]*STRIPE_KEY may be missing in production \(possible\)/m)
    const rows = readCsv(await made('csv', doubtful))
    expect(rows[0]!.at(-1)).toBe('confidence')
    expect(rows.slice(-2).map(row => row.at(-1))).toEqual(['likely', 'possible'])
  })
})

describe('what people can follow', () => {
  it('names verdict and every blocker on the first screen, and verdict and next step on the last lines', async () => {
    const many = large(160)
    const shown = groups(numbered(many), 'blocker')
    const blockers: Report = {
      ...many,
      findings: shown.slice(0, 16).flatMap(({ lead, more }) => [lead, ...more].map(({ finding }) => finding)),
    }
    const text = (await made('terminal', blockers, { width: 80 })).trimEnd().split('\n')
    const first = text.slice(0, 24).join('\n')
    expect(first).toContain('NOT READY')
    for (const { lead } of groups(numbered(blockers), 'blocker'))
      expect(first).toContain(lead.finding.title.slice(0, 40))
    expect(text.slice(-6).join('\n')).toMatch(/NOT READY[\s\S]*Next/)
    expect(text.length).toBeLessThanOrEqual(90)
  })
  it('tells every step of every fix once in the formats that people read', async () => {
    for (const format of ['terminal', 'markdown', 'html'] as const) {
      const text = (await made(format, sample, { full: true })).replace(/<[^>]*>/g, '').replace(/\s+/g, ' ')
      for (const step of sample.findings[0]!.fix.steps) {
        const plain = step.replace(/[`*]/g, '').slice(0, 30)
        expect(text.replace(/[`*\\]/g, ''), `${format}: ${step}`).toContain(plain)
      }
    }
  })
  it('gives GitLab a violation for each finding that counts, with a place and a stable fingerprint', async () => {
    const violations = JSON.parse(await made('gitlab', doubtful)) as Record<string, unknown>[]
    const open = doubtful.findings.filter(({ suppressed }) => !suppressed)
    expect(violations.map(({ fingerprint }) => fingerprint)).toEqual(open.map(({ id }) => id))
    for (const one of violations) {
      expect(Object.keys(one).sort()).toEqual(['check_name', 'description', 'fingerprint', 'location', 'severity'])
      expect(['info', 'minor', 'major', 'critical', 'blocker']).toContain(one['severity'])
      expect(one['location']).toMatchObject({
        path: expect.stringMatching(/^[^/].*/),
        lines: { begin: expect.any(Number) },
      })
    }
    expect(violations.at(-1)!['severity']).toBe('info')
  })
  it('lets JUnit fail for what fails the run alone', async () => {
    const failures = async (gate?: ReportOptions['gate']): Promise<number> =>
      [...(await made('junit', sample, gate ? { gate } : {})).matchAll(/<failure /g)].length
    const blockers = sample.findings.filter(({ severity, suppressed }) => severity === 'blocker' && !suppressed).length
    expect(await failures({ failOn: 'blocker', soft: new Set() })).toBe(blockers)
    expect(await failures({ failOn: 'blocker', soft: new Set(['certificate']) })).toBe(blockers - 1)
    expect(await failures({ failOn: 'never', soft: new Set() })).toBe(0)
    expect(await failures()).toBeGreaterThan(blockers)
  })
})

describe('what only people know', () => {
  it('is asked once, with the place of the answer, and is no reason why something could not be told', async () => {
    for (const format of ['terminal', 'markdown', 'html'] as const) {
      const text = await made(format, sample, { full: true })
      expect(text, format).toContain('Only you know: 1 question')
      expect(text, format).toContain('Was a backup of the database restored, and when?')
      expect(text.replaceAll('<wbr>', ''), format).toContain('handover.rehearsed.restore')
      expect(text, format).not.toContain('nobody said when a backup was restored')
    }
    expect((await made('terminal', sample)).replace(/\s+/g, ' ')).toContain('Could not tell 3')
    expect(JSON.parse(await made('json', sample)).questions).toEqual(sample.questions)
  })
})

describe('terminal', () => {
  it.each([60, 72, 80, 100, 120])('fits %i columns, but for what is to be pasted', async width => {
    for (const verbose of [false, true]) {
      const text = await made('terminal', sample, { width, verbose, former, next: ['launch-ready audit'] })
      const pasted = sample.findings.flatMap(({ fix }) =>
        fix.changes.flatMap(change =>
          'data' in change
            ? [change.data]
            : 'patch' in change
              ? change.patch!.split('\n')
              : 'to' in change
                ? [change.to]
                : [],
        ),
      )
      for (const line of text.split('\n'))
        if (!pasted.some(one => one.trim() && line.includes(one)))
          expect(stringWidth(line), line).toBeLessThanOrEqual(width)
    }
  })

  it('colours only when told to, and says the same with and without', async () => {
    const plain = await made('terminal', sample)
    const colored = await made('terminal', sample, { color: true })
    expect(plain).not.toContain('\u001b')
    expect(colored).toContain('\u001b[')
    expect(colored.replace(/\u001b\[[0-9;]*m/g, '').replace(/ +$/gm, '')).toBe(plain)
  })

  it('quiet shows the verdict and the blockers alone', async () => {
    const text = await made('terminal', sample, { quiet: true })
    expect(text).toContain('NOT READY: 3 blockers')
    expect(text).toContain('The dashboard answers without a login')
    expect(text).not.toContain('HIGH')
    expect(text).not.toContain('Next')
  })

  it('measures wide characters', async () => {
    const wide: Report = {
      ...sample,
      findings: [{ ...sample.findings[0]!, title: '証明書の警告が表示されます'.repeat(4), why: '警告'.repeat(60) }],
    }
    for (const line of (await made('terminal', wide, { next: [] })).split('\n'))
      if (/[警証]/.test(line)) expect(stringWidth(line)).toBeLessThanOrEqual(80)
  })

  it('keeps the numbers of a signal within the line', async () => {
    const many = large(120)
    const signal = {
      stage: 'audit' as const,
      signal: 'Customers cannot sign up reliably.',
      findings: many.findings.filter((_, at) => at % 3).map(({ id }) => id),
    }
    const [line] = (await made('terminal', { ...many, failureSignals: [signal] }))
      .split('\n')
      .filter(one => one.includes('×'))
    expect(stringWidth(line!)).toBeLessThanOrEqual(80)
    expect(line).toMatch(/, …\)$/)
  })

  it('has a verdict for each end', async () => {
    expect(await made('terminal', empty)).toContain('READY: nothing found that would cost you a customer')
    const unsure: Report = { ...empty, verdict: 'incomplete', summary: { ...empty.summary, unknown: 2 } }
    expect(await made('terminal', unsure)).toContain('INCOMPLETE: no blocker found, but 2 checks could not tell')
    const nothing: Report = { ...empty, verdict: 'incomplete', summary: { ...empty.summary, pass: 0, unknown: 0 } }
    expect(await made('terminal', nothing)).toContain('INCOMPLETE: nothing here could be judged')
    expect(await made('terminal', { ...unsure, interrupted: true })).toContain('INCOMPLETE: interrupted')
  })

  it('counts what a finding hides', async () => {
    const hiding: Report = {
      ...sample,
      causes: [{ kind: 'fact', cause: 'x', finding: sample.findings[0]!.id, hidden: 12, checks: ['hsts'] }],
    }
    expect((await made('terminal', hiding)).replace(/\s+/g, ' ')).toContain(
      'Because of it, 12 other checks could not be judged.',
    )
  })
})

/** One hostile text in every place that may come from outside. */
const hostile = (text: string): Report => {
  const finding: Finding = {
    ...sample.findings[0]!,
    subject: text,
    title: text,
    why: text,
    evidence: [{ kind: 'text', label: text, value: text }],
    references: [text, `https://example.com/${text}`, 'javascript:alert(1)'],
    fix: {
      summary: text,
      steps: [text],
      changes: [
        { kind: 'dns', action: 'replace', name: text, type: 'TXT', data: text, was: text },
        { kind: 'http-header', action: 'set', host: text, name: text, value: text },
        { kind: 'file', path: text, content: text },
        { kind: 'setting', provider: text, path: text, value: text },
        { kind: 'manual', step: text },
      ],
      effortMinutes: 5,
    },
  }
  const quiet = { ...finding, id: 'd1', suppressed: { reason: text, until: text, by: 'config' as const } }
  const many = (['high', 'medium', 'low'] as const).map((severity, at) => ({
    ...finding,
    severity,
    id: `e${at}`,
    check: `c${at}`,
  }))
  return {
    ...sample,
    target: { domain: text, hosts: [text], repo: null },
    failureSignals: [{ stage: 'audit', signal: text, findings: [finding.id] }],
    findings: [
      finding,
      ...many,
      quiet,
      { ...finding, id: 'fade000000000000', severity: 'medium', confidence: 'possible' },
    ],
    questions: [{ id: 'q', text, answer: text, checks: ['z'] }],
    checks: [
      {
        check: finding.check,
        subject: text,
        status: 'fail',
        outcome: finding.outcome,
        reason: null,
        durationMs: 0,
        evidence: [],
        cause: null,
        question: null,
      },
      {
        check: 'x',
        subject: text,
        status: 'unknown',
        outcome: null,
        reason: text,
        durationMs: 0,
        evidence: [],
        cause: null,
        question: null,
      },
      {
        check: 'y',
        subject: text,
        status: 'skip',
        outcome: null,
        reason: text,
        durationMs: 0,
        evidence: [],
        cause: null,
        question: null,
      },
    ],
    assumptions: [text],
    causes: [
      { cause: text, kind: 'fact', finding: null, hidden: 1, checks: ['x'] },
      { cause: text, kind: 'fact', finding: finding.id, hidden: 3, checks: [text] },
    ],
    notes: [text],
  }
}

const hostileTexts: Record<string, string> = {
  'terminal escapes': '\u001b[2J\u001b[31mred\u009b1m\u001b]0;title\u0007\u001bP+q544e\u001b\\end',
  'an OSC 8 link': '\u001b]8;;https://evil.example\u001b\\click\u001b]8;;\u001b\\',
  'an escape that never ends': '\u001b]8;;https://evil.example',
  'bidirectional controls': '\u202Egnp.exe\u202C \u2066x\u2069 \u200E\u200F\u061C',
  'hidden characters': 'pay\u200Bpal\uFEFF\u2060\u{E0041}',
  'a script': '</script><script>alert(1)</script><img src=x onerror=alert(1)>"\'`',
  'the end of a style': '</style><style>*{display:none}</style>',
  markdown:
    '[click](javascript:alert(1)) ![x](http://evil.example/x.png) **bold** `code` | cell | <b>html</b> ``` # head',
  'a fence and a table': '```\n## injected\n| a | b |\n~~~\n- [x] done',
  'workflow commands': '\n::set-output name=x::y\n::error::fake\r\n::stop-commands::z%0A::warning::w',
  'a formula': "=cmd|' /C calc'!A0",
  'a formula behind white space': '\t=HYPERLINK("http://evil.example","x")',
  NUL: 'a\u0000b\u0001c\u007fd\u0085e\ufffe\uffff',
  'lone surrogates': '\ud800x\udc00',
  'marks without end': `z${'\u0336'.repeat(5_000)}`,
  'a megabyte': 'A'.repeat(1_048_576),
  'a megabyte of lines': 'line <b>\n'.repeat(100_000),
  'commands of the older kind': 'x ##[error]fake ##[add-path]/tmp ##vso[task.setvariable variable=x]y',
  'the end of a comment': '--> <!-- --!> <![endif]--> ?> <?php',
  'an address that runs': 'javascript:alert(1)//https://example.com/',
  'XML sections': ']]><!ENTITY x "y"> &amp; &x; <![CDATA[',
}

const xml = (text: string): { name: string; attributes: Record<string, string> }[] => {
  const opened: { name: string; attributes: Record<string, string> }[] = []
  const parser = new SaxesParser()
  parser.on('opentag', tag => opened.push({ name: tag.name, attributes: tag.attributes as Record<string, string> }))
  parser.on('error', error => {
    throw error
  })
  parser.write(text).close()
  return opened
}

const allowedTags = new Set(
  'html head meta title link style body a header p h1 h2 h3 h4 dl div dt dd strong ul ol li b main section article span code pre table thead tbody tr th td footer img small wbr'.split(
    ' ',
  ),
)

const tags = (text: string): { name: string; attribs: Record<string, string> }[] => {
  const found: { name: string; attribs: Record<string, string> }[] = []
  const walk = (node: { name?: string; attribs?: Record<string, string>; children?: unknown[] }): void => {
    if (node.name && node.name !== '!doctype') found.push({ name: node.name, attribs: node.attribs ?? {} })
    for (const child of node.children ?? []) walk(child as never)
  }
  walk(parseDocument(text) as never)
  return found
}

const forbidden =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\u200b\u200e\u200f\u061c\ufeff\ufffe\uffff]/

describe.each(Object.entries(hostileTexts))('hostile: %s', (_, text) => {
  const report = hostile(text)

  it('no format passes on controls, hidden or bidirectional characters, and none grows without bound', async () => {
    for (const format of formats.filter(name => name !== 'json')) {
      for (const options of [{}, { verbose: true, former: report }]) {
        const out = await made(format, report, options)
        expect(out, format).not.toMatch(forbidden)
        expect(out, format).not.toMatch(/\udb40[\udc00-\udc7f]/)
        expect(out.isWellFormed(), format).toBe(true)
        expect(out, format).not.toMatch(/\u0336{4}/)
        expect(out.length, format).toBeLessThan(400_000)
      }
    }
  })

  it('html: no tag, attribute or link that is not ours', async () => {
    const out = await made('html', report, { client: text, consultant: text, logo: text })
    const found = tags(out)
    for (const { name, attribs } of found) {
      expect(allowedTags).toContain(name)
      expect(Object.keys(attribs).filter(key => /^on|^style$|^srcset$/.test(key))).toEqual([])
      if (attribs['href']) expect(attribs['href']).toMatch(/^(https?:\/\/|#|data:,$)/)
      if (attribs['src']) expect(attribs['src']).toMatch(/^data:image\//)
    }
    expect(found.filter(({ name }) => name === 'style')).toHaveLength(1)
    expect(found.filter(({ name }) => name === 'img')).toEqual([])
  })

  it('markdown: no heading, HTML, link, image or broken table that is not ours', async () => {
    const out = await made('markdown', report, { client: text, consultant: text })
    let fence: string | null = null
    const prose: string[] = []
    for (const line of out.split('\n')) {
      const at = /^(`{3,})/.exec(line)?.[1] ?? null
      if (fence === null && at) fence = at
      else if (fence !== null) fence = line === fence ? null : fence
      else prose.push(line)
    }
    expect(fence).toBeNull()
    const bare = prose.map(line => line.replace(/(?<![\\`])(`+)(?!`)(?:.*?[^`])\1(?!`)/g, 'CODE'))
    expect(bare.join('\n')).not.toMatch(/<(?!https?:\/\/)[a-z/!]/i)
    expect(bare.join('\n')).not.toMatch(/(?<!\\)\]\(/)
    expect(bare.join('\n')).not.toContain('![')
    const headings = prose.filter(line => /^#{1,6} /.test(line))
    const ours =
      /^(# Launch blockers|## (Since|What|Fix|Blockers|High|Medium|Low|Worth a look$|Only you know: \d+ questions?$|Known|Words|Appendix)|### \d+\. |### (New|Fixed|Could|Unchanged))/
    for (const heading of headings) expect(heading.slice(0, 80)).toMatch(ours)
    for (const row of bare.filter(line => line.startsWith('|'))) expect(row.match(/(?<!\\)\|/g), row).toHaveLength(6)
  })

  it('csv: one record for each finding, nothing that runs as a formula', async () => {
    const former = { ...report, findings: report.findings.map(finding => ({ ...finding, id: `old${finding.id}` })) }
    const out = await made('csv', report, { former })
    const records = readCsv(out)
    expect(records).toHaveLength(report.findings.length * 2 + 1)
    for (const record of records) {
      expect(record).toHaveLength(18)
      for (const field of record) expect(field).not.toMatch(/^\s*[=+\-@]/)
    }
  })

  it('junit and sarif are well-formed', async () => {
    const cases = xml(await made('junit', report)).filter(({ name }) => name === 'testcase')
    expect(cases.length).toBeGreaterThanOrEqual(3)
    const log = JSON.parse(await made('sarif', report))
    expect(validSarif(log), JSON.stringify(validSarif.errors?.slice(0, 3))).toBe(true)
    for (const { locations } of log.runs[0].results) {
      const { uri } = locations[0].physicalLocation.artifactLocation
      expect(uri).not.toMatch(/^[a-z]+:|^\/|\.\.|[\s<>]/i)
    }
  })

  it('github: only commands of our own', async () => {
    for (const line of (await made('github', report)).trimEnd().split('\n')) {
      if (line.startsWith('launch-ready ')) continue
      expect(line).toMatch(/^::(error|warning|notice) (file=[^:,]+,line=\d+,)?title=[^:,]*::/)
    }
  })

  it('the log of a job: no line is a command, whatever the format', async () => {
    for (const format of formats.filter(name => name !== 'github')) {
      const out = await made(format, report)
      const logged = forLog(out, format)
      expect(logged, format).not.toMatch(/##\[/)
      expect(logged, format).not.toMatch(/^\s*::/m)
      if (format === 'json' || format === 'sarif') expect(JSON.parse(logged)).toEqual(JSON.parse(out))
    }
  })

  it('diff: nothing of it reaches a terminal or is markup', () => {
    const before = { ...report, startedAt: text.slice(0, 10_000), findings: report.findings.slice(1) }
    const diff = diffReports(before, { ...report, findings: report.findings.slice(0, 2) })
    expect(diff.couldNotTell.length + diff.fixed.length).toBeGreaterThan(0)
    for (const format of ['terminal', 'markdown'] as const) {
      const out = printDiff(diff, format)
      expect(out).not.toMatch(forbidden)
      expect(out.isWellFormed()).toBe(true)
      expect(out.length).toBeLessThan(100_000)
    }
    const prose = printDiff(diff, 'markdown')
    expect(prose).not.toMatch(/<[a-z/!]/i)
    expect(prose).not.toMatch(/(?<!\\)\]\(/)
    for (const line of prose.split('\n').filter(one => one.startsWith('#')))
      expect(line).toMatch(/^(# What changed|## (New|Fixed|Could not tell now|Unchanged))$/)
    expect(JSON.parse(printDiff(diff, 'json')).new[0].title).toBe(text.toWellFormed())
  })

  it('json keeps it, and what is read again is the same', async () => {
    const read = JSON.parse(await made('json', report)) as Report
    expect(read.findings[0]!.title).toBe(text.toWellFormed())
  })
})

/** A reader of RFC 4180 of the test's own. */
const readCsv = (text: string): string[][] => {
  const records: string[][] = []
  let record: string[] = []
  let at = 0
  while (at < text.length) {
    let field = ''
    if (text[at] === '"') {
      const end = /"(?!")/g
      at++
      for (;;) {
        end.lastIndex = at
        const quote = text.indexOf('"', at)
        field += text.slice(at, quote)
        if (text[quote + 1] === '"') {
          field += '"'
          at = quote + 2
          continue
        }
        at = quote + 1
        break
      }
    } else {
      const [plain] = /^[^,\r\n]*/.exec(text.slice(at, at + 5_000))!
      field = plain
      at += plain.length
    }
    record.push(field)
    if (text[at] === ',') {
      at++
      continue
    }
    expect(text.slice(at, at + 2)).toBe('\r\n')
    at += 2
    records.push(record)
    record = []
  }
  return records
}

/** The schema of Microsoft's SARIF SDK (2.1.0-rtm.5, draft 4), whose words of draft 4 are put into those that ajv knows. */
const sarifSchema = (): object => {
  const require = createRequire(import.meta.url)
  const path = require.resolve('@microsoft/jest-sarif').replace(/index\.js$/, 'schemas/sarif-2.1.0-rtm.5.json')
  const { id: _, $schema: __, ...schema } = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>
  return schema
}
/** RFC 3986, appendix A: the characters of a reference; a first segment with a colon would be a scheme. */
const reference = /^(?!\d*[^a-z/?#][^/?#]*:)(?:[\w.~:/?#@!$&'()*+,;=-]|%[0-9a-f]{2})*$/i
const validSarif = new Ajv({
  strict: false,
  unicodeRegExp: false,
  formats: {
    'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/,
    uri: text => reference.test(text) && /^[a-z][a-z0-9+.-]*:/i.test(text),
    'uri-reference': reference,
  },
}).compile(sarifSchema())

describe('sarif', () => {
  it('is valid against the schema, which refuses what is not', async () => {
    const log = JSON.parse(await made('sarif', sample))
    expect(validSarif(log), JSON.stringify(validSarif.errors)).toBe(true)
    log.runs[0].results[0].level = 'terrible'
    expect(validSarif(log)).toBe(false)
    for (const uri of ['a b.ts', 'ü.ts', 'a[1].ts', '1:x.ts']) {
      const other = JSON.parse(await made('sarif', sample))
      other.runs[0].results[0].locations[0].physicalLocation.artifactLocation.uri = uri
      expect(validSarif(other), uri).toBe(false)
    }
  })

  it('carries fingerprints, a severity as a number, suppressions, and points each result at its rule', async () => {
    const [run] = JSON.parse(await made('sarif', sample)).runs
    for (const [at, result] of run.results.entries()) {
      expect(result.partialFingerprints['launchReadyFinding/v1']).toBe(sample.findings[at]!.id)
      const rule = run.tool.driver.rules[result.ruleIndex]
      expect(rule.id).toBe(result.ruleId)
      expect(Number(rule.properties['security-severity'])).toBeGreaterThan(0)
      expect(rule.properties.tags.length).toBeLessThanOrEqual(10)
    }
    expect(run.results.filter((result: { suppressions?: unknown }) => result.suppressions)).toHaveLength(1)
    expect(run.invocations[0].toolExecutionNotifications).toHaveLength(4)
  })

  it('writes any path as a reference', async () => {
    for (const path of ['app/[[...slug]]/(a)/ü ß.tsx', 'a#b?c%.ts', 'x/1:2.ts']) {
      const finding = {
        ...sample.findings[0]!,
        stage: 'deploy' as const,
        evidence: [{ kind: 'file' as const, path, line: 7, label: `${path}:7`, value: '' }],
      }
      const log = JSON.parse(await made('sarif', { ...sample, findings: [finding] }))
      expect(validSarif(log), JSON.stringify(validSarif.errors)).toBe(true)
      const { artifactLocation, region } = log.runs[0].results[0].locations[0].physicalLocation
      expect(decodeURIComponent(artifactLocation.uri)).toBe(path)
      expect(region.startLine).toBe(7)
    }
  })

  it('stands at the file at fault, or else at the line of the config', async () => {
    type Located = { physicalLocation: { artifactLocation: { uri: string }; region: { startLine: number } } }
    const where = async (options: ReportOptions): Promise<[string, number][]> =>
      (JSON.parse(await made('sarif', sample, options)).runs[0].results as { locations: Located[] }[]).map(result => {
        const { artifactLocation, region } = result.locations[0]!.physicalLocation
        return [artifactLocation.uri, region.startLine]
      })
    const at = await where({ configFile: 'ops/launch-ready.config.yaml', configLine: 7 })
    expect(at[0]).toEqual(['ops/launch-ready.config.yaml', 7])
    expect(at[2]).toEqual(['app/api/clients/route.ts', 1])
    expect(at[8]).toEqual(['package-lock.json', 1])
    expect((await where({}))[0]).toEqual(['launch-ready.config.yaml', 1])
    expect((await where({ configFile: '../../etc/passwd' }))[0]).toEqual(['launch-ready.config.yaml', 1])
  })

  it('is tagged so that GitHub shows the severity, and explains its rules in Markdown', async () => {
    const [run] = JSON.parse(await made('sarif', sample)).runs
    for (const { properties, help, helpUri } of run.tool.driver.rules) {
      expect(properties.tags).toContain('security')
      if (helpUri) expect(help.markdown).toContain(`- <${helpUri}>`)
      else expect(help.markdown).not.toContain('<')
    }
    expect(run.tool.driver.rules[0].helpUri).toBe('https://www.rfc-editor.org/rfc/rfc9525')
  })

  it('stays below the ten megabytes that GitHub takes, packed, whatever the findings hold', async () => {
    let seed = 1
    const noise = (): string =>
      Array.from({ length: 12 }, () => {
        seed = (seed * 48_271) % 2_147_483_647
        return seed.toString(36)
      }).join('')
    const big = large(mostResults)
    const findings = big.findings.map(finding => ({
      ...finding,
      why: noise().repeat(1),
      evidence: Array.from({ length: 8 }, () => ({
        kind: 'text' as const,
        label: 'seen',
        value: Array.from({ length: 6 }, noise).join(' '),
      })),
    }))
    const text = await made('sarif', { ...big, findings })
    expect(gzipSync(text).length).toBeLessThan(10_000_000)
    expect(JSON.parse(text).runs[0].results).toHaveLength(mostResults)
  })

  it('shows no more results than GitHub does', async () => {
    const log = JSON.parse(await made('sarif', large(mostResults + 100)))
    expect(log.runs).toHaveLength(1)
    expect(log.runs[0].results).toHaveLength(mostResults)
  })
})

describe('junit', () => {
  it('counts failures, errors and skips as they stand', async () => {
    const opened = xml(await made('junit', sample))
    const count = (name: string): number => opened.filter(tag => tag.name === name).length
    const [suites] = opened
    expect(suites!.attributes).toMatchObject({ tests: '26', failures: '10', errors: '4' })
    expect([count('testcase'), count('failure'), count('error'), count('skipped')]).toEqual([26, 10, 4, 5])
  })

  it('says an unknown is an error and a suppressed finding no failure', async () => {
    const text = await made('junit', sample)
    expect(text).toMatch(/name="mx1\.coachdash\.example"[^>]*><error type="unknown" message="port 25 is closed/)
    expect(text).toMatch(/launch-ready\.dnssec"[^>]*><skipped message="suppressed: registrar cannot/)
  })

  it.runIf(existsSync('/usr/bin/xmllint'))('is of the shape that Jenkins reads', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'junit-'))
    const check = (text: string): number | null => {
      writeFileSync(join(folder, 'report.xml'), text)
      return spawnSync('xmllint', [
        '--noout',
        '--nonet',
        '--schema',
        'test/report/junit.xsd',
        join(folder, 'report.xml'),
      ]).status
    }
    for (const report of [sample, empty, hostile('<x>'), large(200)]) expect(check(await made('junit', report))).toBe(0)
    expect(check((await made('junit', sample)).replace('<failure ', '<broken/><failure '))).not.toBe(0)
    rmSync(folder, { recursive: true })
  })
})

describe('json', () => {
  const ajv = new Ajv2020({ strict: false, allErrors: true })
  const valid = ajv.compile(reportSchema())

  it('is valid against the schema that ships, which refuses what is not', async () => {
    for (const report of [sample, empty, former, large(200)]) {
      const read = JSON.parse(await made('json', report))
      expect(valid(read), JSON.stringify(valid.errors)).toBe(true)
    }
    expect(valid({ ...sample, verdict: 'fine' })).toBe(false)
    expect(valid({ ...sample, findings: [{ ...sample.findings[0], severity: 'critical' }] })).toBe(false)
  })

  it('does not depend on the order in which the report was put together', async () => {
    const turned = Object.fromEntries(Object.entries(sample).reverse()) as Report
    expect(await made('json', turned)).toBe(await made('json', sample))
  })

  it('a report from outside is read, and a wrong one named with its path', () => {
    expect(checkReport(JSON.parse(JSON.stringify(sample)))).toEqual({ ok: true, report: sample })
    expect(checkReport({ ...sample, findings: [{ ...sample.findings[0], stage: 'x' }] })).toMatchObject({
      ok: false,
      message: expect.stringContaining('findings[0].stage'),
    })
    expect(checkReport(null)).toMatchObject({ ok: false })
  })
})

describe('github', () => {
  it('has at most ten annotations of each level, and says what is left out', async () => {
    const out = await made('github', large(200))
    for (const level of ['error', 'warning', 'notice'])
      expect(out.split('\n').filter(line => line.startsWith(`::${level} `)).length).toBeLessThanOrEqual(10)
    expect(out).toContain('more of this level')
  })

  it('says once what holds for several places, and where', async () => {
    const report: Report = {
      ...sample,
      findings: [
        ...sample.findings.slice(5, 7),
        {
          ...sample.findings[7]!,
          title: 'The first visit can be led astray',
          subject: 'shop.coachdash.example',
          evidence: [],
        },
      ],
    }
    const out = await made('github', report)
    expect(out.match(/^::warning /gm)).toHaveLength(1)
    expect(out).toMatch(/^::warning .*%0AThe same holds for: api\.coachdash\.example%0A/m)
    expect(out).toMatch(/^::notice .*%0AWhere: shop\.coachdash\.example%0A/m)
  })

  it('keeps the summary of the job below 1 MiB with fences closed', () => {
    const big = large(3_000)
    for (const report of [
      sample,
      big,
      { ...big, findings: big.findings.map(finding => ({ ...finding, severity: 'blocker' as const })) },
    ]) {
      const text = jobSummary(report)
      expect(Buffer.byteLength(text)).toBeLessThanOrEqual(longestSummary)
      expect(text.split('\n').filter(line => line.startsWith('```')).length % 2).toBe(0)
    }
    expect(jobSummary(sample)).toContain('NOT READY')
  })
})

/** The same of sixty hosts, of which one needs another change. */
const sixty = (): Finding[] => {
  const [, , , , , cookie] = sample.findings
  return Array.from({ length: 60 }, (_, at): Finding => {
    const host = `h${at}.coachdash.example`
    return {
      ...cookie!,
      id: `a${at}`,
      subject: at % 2 ? host : `https://${host}/login`,
      fix: {
        ...cookie!.fix,
        summary: `Set Secure on the cookie of ${host}`,
        changes: [{ kind: 'http-header', action: 'set', host, name: 'Set-Cookie', value: at === 7 ? 'odd' : 'even' }],
      },
    }
  })
}

it('the document tells once what holds for sixty hosts, and gives what differs', async () => {
  const out = await made('markdown', { ...sample, findings: sixty() })
  expect(out).toContain('The same holds for 2–60: ')
  expect(out.match(/Set-Cookie: even/g)).toHaveLength(1)
  expect(out.replaceAll('\\', '')).toMatch(/For h7\.coachdash\.example:\n\n```\nSet-Cookie: odd\n```/)
})

describe('html', () => {
  it('is less than 400 kB for 200 findings', async () => {
    expect(Buffer.byteLength(await made('html', large(200)))).toBeLessThan(400_000)
  })

  it('tells once what holds for sixty hosts, leads to each of them, and gives what differs', async () => {
    const alike = sixty()
    const out = await made('html', {
      ...sample,
      findings: alike,
      failureSignals: [{ stage: 'audit', signal: 'Logins fail.', findings: ['a3', 'a50', 'a59'] }],
    })
    expect(out.match(/<article/g)).toHaveLength(1)
    expect(out).toContain('The same holds for 59')
    expect(out).toContain('<pre>Set-Cookie: even</pre>')
    expect(out).toContain('<p>For h7.coachdash.<wbr>example:</p><pre>Set-Cookie: odd</pre>')
    const ids = new Set([...out.matchAll(/ id="(\w+)"/g)].map(([, id]) => id))
    for (const [, to] of out.matchAll(/href="#(\w+)"/g)) expect(ids).toContain(to)
    for (let number = 1; number <= 60; number++) expect(ids).toContain(`f${number}`)
  })

  it('begins with what could not be told where that is the verdict', async () => {
    const order = async (report: Report): Promise<string[]> =>
      [...(await made('html', report)).matchAll(/<h2 id="(\w+)"/g)].map(([, id]) => id!)
    const incomplete: Report = { ...sample, verdict: 'incomplete', findings: sample.findings.slice(3) }
    expect((await order(incomplete)).slice(0, 3)).toEqual(['short', 'unsure', 'signals'])
    expect((await order(sample)).indexOf('unsure')).toBeGreaterThan(5)
  })

  it('tells every step of every finding that it tells', async () => {
    const told = (await made('html', sample)).replaceAll('<wbr>', '').replace(/<[^>]*>/g, '')
    const plain = (text: string): string => escapeHtml(text.replace(/`/g, '')).slice(0, 60)
    const open = numbered(sample)
    const leads = severities.flatMap(severity => groups(open, severity)).map(({ lead }) => lead.finding)
    const steps = leads.flatMap(({ fix }) => fix.steps)
    expect(steps.length).toBeGreaterThan(6)
    expect(steps.filter(step => !told.includes(plain(step)))).toEqual([])
  })

  it('says how far a first customer gets, and where what is said and what was seen part', async () => {
    const report: Report = {
      ...sample,
      firstCustomer: { at: 'signup', sentence: 'A first customer cannot <sign up>: the page turns in a circle.' },
      contradictions: [{ id: 'a', said: 'rehearsed <b>', seen: 'no deploy twice', place: 'handover.rehearsed' }],
    }
    const out = await made('html', report)
    expect(out).toContain('cannot &#60;sign up&#62;: the page turns in a circle.')
    expect(out).toContain('Said, and seen otherwise')
    expect(out).toMatch(/rehearsed &#60;b&#62;.*handover\.rehearsed.*no deploy twice/)
    expect(await made('html', sample)).not.toContain('Said, and seen otherwise')
  })

  it('shows before and after side by side: what was fixed is proven by what the check sees now', async () => {
    const { check, subject } = sample.checks.find(({ status }) => status === 'pass')!
    const gone = { ...sample.findings[0]!, id: 'gone', check, subject, title: 'It was bad' }
    const checks = sample.checks.map(result =>
      result.check === check && result.subject === subject
        ? { ...result, evidence: [{ kind: 'text' as const, label: 'answer', value: 'sound now' }] }
        : result,
    )
    const out = await made('html', { ...sample, checks }, { former: { ...sample, findings: [gone] } })
    expect(out).toContain('Fixed, and seen to be so')
    expect(out).toMatch(/<td>It was bad.*<\/td><td>.*Seen: answer <code>sound now<\/code>/)
    expect(out).toMatch(/<th scope="col">Before, .*<th scope="col">Now, /)
  })

  it('wears the colours of the consultant where they can be read, and ends with their words, none of which is markup', async () => {
    const colors = { accent: '#ffee88', cover: '#ffee88' }
    const out = await made('html', sample, { colors, closing: 'Start with <b>1</b>.\r\n\r\nCall me.' })
    const [, accent] = /--link:(#[0-9a-f]{6})/.exec(out.slice(out.indexOf(':root{--link')))!
    expect(contrast(accent!, '#eef1f5')).toBeGreaterThanOrEqual(4.5)
    expect(out).toContain(':root{--band:#ffee88;--on-band:#000000}')
    expect(out).toContain('<p>Start with &#60;b&#62;1&#60;/b&#62;.</p><p>Call me.</p>')
    const wrong = await made('html', sample, { colors: { accent: 'red}*{display:none', cover: '#12' } })
    expect(wrong).not.toContain('*{display:none')
    expect(wrong).not.toContain('red}')
  })

  it('names a client with a long name whole', async () => {
    const client = `${'Coach Dash International Holdings and Subscription Services '.repeat(3)}Ltd`
    expect(await made('html', sample, { client })).toContain(client)
  })

  it('in two parts leads to nothing that stands in the other, and tells every finding in one of them', () => {
    const told = { details: ['blocker'] as const, plan: ['blocker', 'high'] as const }
    const parts = (['body', 'appendix'] as const).map(part =>
      htmlPart(sample, { former }, { part, ...told, other: 'other.pdf' }),
    )
    const numbers = parts.flatMap(part => [...part.matchAll(/<article class="[^"]*" id="f(\d+)"/g)].map(([, n]) => n))
    expect(new Set(numbers).size).toBe(numbers.length)
    const whole = [...htmlPart(sample, {}, { part: 'whole' }).matchAll(/<article class="[^"]*" id="f(\d+)"/g)].map(
      ([, n]) => n,
    )
    expect(numbers.sort()).toEqual(whole.sort())
    for (const part of parts) {
      const ids = new Set([...part.matchAll(/ id="(\w+)"/g)].map(([, id]) => id))
      for (const [, to] of part.matchAll(/href="#(\w+)"/g)) expect(ids).toContain(to)
      expect(part).toContain('other.pdf')
    }
  })

  it('takes a logo as a data URI alone', async () => {
    const logo = 'data:image/png;base64,iVBORw0KGgo='
    expect(await made('html', sample, { logo })).toContain(`<img src="${logo}"`)
    for (const wrong of ['https://evil.example/x.png', 'data:text/html;base64,PGI+', `${logo}" onload="x`])
      expect(await made('html', sample, { logo: wrong })).not.toContain('<img')
  })
})

it('every format stands an empty report', async () => {
  for (const format of formats) expect((await made(format, empty, { former: empty })).length, format).toBeGreaterThan(0)
})

it('the same report gives the same text', async () => {
  for (const format of formats)
    expect(await made(format, structuredClone(sample)), format).toBe(await made(format, sample))
})
