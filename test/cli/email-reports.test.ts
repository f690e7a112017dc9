// `email reports` through main: a folder of good and bad files, as text and as JSON, and its exit codes.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { main } from '../../src/main.ts'

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

const run = async (...argv: string[]) => {
  let out = ''
  let err = ''
  const code = await main(['email', 'reports', ...argv], {
    out: text => {
      out += text
    },
    err: text => {
      err += text
    },
    stdin: async () => '',
    env: {},
    cwd: folder,
    columns: null,
    errIsTerminal: false,
    interactive: false,
    signal: new AbortController().signal,
    elapsed: () => 0,
    now: () => 0,
  })
  return { code, out, err }
}

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

test('what is not there: exit 2; a mailbox address is refused without repeating its password', async () => {
  expect((await run('absent')).code).toBe(2)
  const mailbox = await run('imaps://user:geheim@mail.example')
  expect(mailbox.code).toBe(2)
  expect(mailbox.err + mailbox.out).not.toContain('geheim')
})
