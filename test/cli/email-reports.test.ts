// `email reports` through main: a folder of good and bad files, as text and as JSON, and its exit codes.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { systemClock } from '../../src/net/clock.ts'
import { withoutBusyLine } from '../support/busy-line.ts'
import { type Misbehaviour, startFakeImap } from '../support/imap-server.ts'
import { runProgram } from '../support/run-program.ts'

let folder = ''
const report = (day: number, pass: boolean): string =>
  `<feedback><report_metadata><org_name>receiver.example</org_name><report_id>d${day}</report_id><date_range><begin>${1_700_000_000 + day * 86_400}</begin><end>1</end></date_range></report_metadata><policy_published><domain>coachdash.example</domain><p>none</p></policy_published><record><row><source_ip>192.0.2.1</source_ip><count>50</count><policy_evaluated><dkim>${pass ? 'pass' : 'fail'}</dkim><spf>fail</spf></policy_evaluated></row><identifiers><header_from>coachdash.example</header_from></identifiers><auth_results><dkim><domain>sendgrid.net</domain><result>pass</result></dkim></auth_results></record></feedback>`

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'reports-'))
  for (const [name, pass] of [
    ['good', true],
    ['bad', false],
  ] as const) {
    mkdirSync(join(folder, name))
    for (let day = 0; day < 8; day++) writeFileSync(join(folder, name, `${day}.xml.gz`), gzipSync(report(day, pass)))
  }
  // Terminal commands in a report must not reach the terminal.
  writeFileSync(join(folder, 'bad', 'x.xml'), '<\u001b[31mhtml/>')
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const run = async (...argv: string[]) => runWith({}, ...argv)

const runWith = async (env: Record<string, string>, ...argv: string[]) => {
  const clock = { ...systemClock, elapsed: () => 0, now: () => Date.parse('2026-11-26T10:00:00Z') }
  const { exit: code, out, err } = await runProgram(['email', 'reports', ...argv], { cwd: folder, env, clock })
  return { code, out, err }
}

test('a report that cannot be written is one sentence and exit 2, not a defect', async () => {
  const { code, err } = await run('good', '--report', 'json:good/0.xml.gz/report.json')
  expect(code).toBe(2)
  expect(err).toMatch(/^(?:--report json:)?good\/0\.xml\.gz\/report\.json: cannot be written: /)
})

test('all passes for eight days: ready, exit 0', async () => {
  const { code, out } = await run('good', '--json')
  expect(JSON.parse(out)).toMatchObject({
    files: 8,
    problems: [],
    summary: { messages: 400, verdict: { ready: true } },
  })
  expect(code).toBe(0)
})

test('a provider fails and a file is broken: both are told, exit 1', async () => {
  const { code, out } = await run('bad')
  expect(out).toContain('Not ready to enforce')
  expect(out).toMatch(/SendGrid: 400 of 400 messages fail/)
  expect(out).toContain('x.xml: ')
  expect(out).not.toContain('\u001b[31m')
  expect(code).toBe(1)
})

test('nothing that can be read: exit 3', async () => {
  expect((await run('bad/x.xml')).code).toBe(3)
})

test('a document of its own: a chart of the days, its table, no script and nothing from outside as markup', async () => {
  writeFileSync(
    join(folder, 'bad', 'hostile.xml'),
    report(9, true).replaceAll('coachdash', '&lt;script&gt;alert(1)&lt;/script&gt;'),
  )
  const { code, out } = await run('bad', '--report', 'html')
  expect(code).toBe(1)
  expect(out).toMatch(/^<!doctype html>/)
  expect(out).toContain("content=\"default-src 'none'; style-src 'sha256-")
  expect(out).toMatch(/<svg class="days"[^>]*role="img" aria-label="Messages a day from 2023-11-1/)
  expect(out.match(/<rect class="fails"/g)).toHaveLength(8)
  expect(out).toContain('<td>2023-11-14</td><td>50</td><td>0.0 %</td><td>50</td>')
  expect(out).not.toMatch(/<script|style=|https?:\/\//i)
  rmSync(join(folder, 'bad', 'hostile.xml'))
  const both = await run('bad', '--json', '--report', 'html:out/reports.html')
  expect(JSON.parse(both.out).files).toBe(9)
  expect(readFileSync(join(folder, 'out/reports.html'), 'utf8')).toContain('<svg class="days"')
  expect((await run('bad', '--report', 'pdf')).code).toBe(2)
})

describe('a mailbox', () => {
  const inMail = (day: number, pass: boolean): string =>
    `From: reports@receiver.example\nTo: dmarc@coachdash.example\nSubject: Report domain: coachdash.example\nMIME-Version: 1.0\nContent-Type: application/gzip\nContent-Transfer-Encoding: base64\nContent-Disposition: attachment; filename="r.xml.gz"\n\n${gzipSync(report(day, pass)).toString('base64')}\n`
  const reading = async (misbehaviour: Misbehaviour, password: string, more: object = {}) => {
    const imap = await startFakeImap(misbehaviour)
    for (let day = 0; day < 8; day++) imap.deliver('INBOX', inMail(day, true))
    imap.deliver('INBOX', 'From: a@b.example\nSubject: Lunch\n\nAt one?\n')
    writeFileSync(
      join(folder, 'mailbox.json'),
      JSON.stringify({
        email: {
          inboxes: {
            reports: { imap: `imap://127.0.0.1:${imap.port}`, user: 'user', password: '${REPORTS_PASSWORD}' },
          },
          ...more,
        },
      }),
    )
    try {
      return await runWith(
        { REPORTS_PASSWORD: password },
        ...(more && 'reports' in more ? [] : [`imap://127.0.0.1:${imap.port}/INBOX`]),
        ...['--config', 'mailbox.json', '--json', '--timeout', '1'],
      )
    } finally {
      await imap.stop()
    }
  }
  test('with the password of the inbox of its host; what holds no report is counted', async () => {
    const { code, out, err } = await reading('none', 'secret')
    expect(withoutBusyLine(err)).toBe('')
    const read = JSON.parse(out)
    expect(read.summary).toMatchObject({ messages: 400, reports: 8, verdict: { ready: true } })
    expect(read.problems).toEqual([
      { file: expect.stringContaining('127.0.0.1'), reason: '1 mails hold no report that could be read', used: true },
    ])
    expect(code).toBe(0)
  })
  test.each([
    ['none', 'a-wrong-password', /refuses the user or the password/],
    ['silent', 'secret', /does not answer/],
    ['drops', 'secret', /closed the connection/],
  ] as const)('%s, %s: told, exit 3', async (misbehaviour, password, reason) => {
    const { code, out, err } = await reading(misbehaviour, password)
    expect(code).toBe(3)
    expect(err).toMatch(reason)
    expect(out + err).not.toContain('a-wrong-password')
  })
  test('nobody to log in as: exit 2', async () => {
    const { code, err } = await run('imaps://elsewhere.example/Reports')
    expect(code).toBe(2)
    expect(err).toContain('no inbox of the config has the host elsewhere.example')
  })
})

test('what is not there: exit 2; a mailbox address is refused without repeating its password', async () => {
  expect((await run('absent')).code).toBe(2)
  const mailbox = await run('imaps://user:geheim@mail.example')
  expect(mailbox.code).toBe(2)
  expect(mailbox.err + mailbox.out).not.toContain('geheim')
})

test('the report of the stage shows who sends, where the config leads to reports; its path is relative to the config', async () => {
  mkdirSync(join(folder, 'conf'))
  writeFileSync(join(folder, 'conf', 'a.yaml'), 'domain: coachdash.example\nemail: { reports: ../good }\n')
  const { out } = await runProgram(
    ['email', '--config', 'conf/a.yaml', '--only', 'dmarc-sources', '--report', 'html', '--resolver', '127.0.0.1:1'],
    { cwd: folder, clock: { ...systemClock, elapsed: () => 0, now: () => Date.parse('2023-11-23T10:00:00Z') } },
  )
  expect(out).toContain('Who sends mail in your name')
  expect(out.match(/<rect class="pass"/g)).toHaveLength(8)
  expect(out).not.toContain(folder)
})
