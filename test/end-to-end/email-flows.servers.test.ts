// `email flows` against parts that we did not write: BIND answers, the app of the fixtures sends through Postfix, OpenDKIM signs, Dovecot
// keeps the mailbox. The sound flows are silent; each broken one is found as what it is, and as nothing else.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type MailApp, startMailApp } from '../../fixtures/mail-app/app.ts'
import type { Report } from '../../src/core/report.ts'
import { leaf, testRoot } from '../support/certificates.ts'
import { type MailServers, startMailServers } from '../support/mail-servers.ts'
import { type Running, startBind } from '../support/name-servers.ts'
import { runProgram } from '../support/run-program.ts'

const folder = mkdtempSync(join(tmpdir(), 'launch-ready-flows-'))
const app = 'app.coachdash.example'
const imap = 'imap.canary.example'

let mail: MailServers
let web: MailApp
let names: Running

const quoted = (text: string): string => (text.match(/.{1,200}/g) ?? []).map(part => `"${part}"`).join(' ')

beforeAll(async () => {
  const certificate = leaf([imap, 'mx.canary.example'])
  mail = await startMailServers({
    certificate: certificate.cert,
    key: certificate.key,
    signers: [
      { from: 'hello@coachdash.example', selector: 's1', domain: 'coachdash.example' },
      { from: 'gone@coachdash.example', selector: 'gone', domain: 'coachdash.example' },
      { from: 'other@coachdash.example', selector: 's1', domain: 'mailer.example' },
      { from: 'onboarding@mailer.example', selector: 's1', domain: 'mailer.example' },
    ],
  })
  web = await startMailApp(mail, leaf([app]))
  mkdirSync(join(folder, 'bind'))
  writeFileSync(
    join(folder, 'example.zone'),
    `$ORIGIN example.
$TTL 3600
@ IN SOA ns1 hostmaster 1 7200 3600 1209600 300
@ IN NS ns1
ns1 IN A 192.0.2.53
coachdash IN A 192.0.2.10
coachdash IN MX 10 mta.coachdash
coachdash IN TXT "v=spf1 ip4:192.0.2.25 -all"
_dmarc.coachdash IN TXT "v=DMARC1; p=reject; rua=mailto:dmarc@coachdash.example"
s1._domainkey.coachdash IN TXT ${quoted(mail.dkimRecord)}
mta.coachdash IN A 192.0.2.25
app.coachdash IN A 192.0.2.10
mailer IN TXT "v=spf1 ip4:192.0.2.25 -all"
mailer IN MX 10 mta.coachdash
_dmarc.mailer IN TXT "v=DMARC1; p=none; rua=mailto:dmarc@mailer.example"
s1._domainkey.mailer IN TXT ${quoted(mail.dkimRecord)}
imap.canary IN A 192.0.2.143
`,
  )
  names = await startBind(join(folder, 'bind'), [{ zone: 'example', file: join(folder, 'example.zone') }])
  writeFileSync(join(folder, 'root.pem'), testRoot)
}, 60_000)

afterAll(async () => {
  await Promise.all([mail?.stop(), web?.stop(), names?.stop()])
  rmSync(folder, { recursive: true, force: true })
})

const reset = (name: string, more = ''): string =>
  `    - { name: ${name}, kind: reset, trigger: { post: "https://${app}/${name}/forgot", form: { email: canary@canary.example } }, subject: "(${name})", link: /reset, arrivesWithin: 3s${more} }\n`

const config = (flows: string, inbox = ''): string => `domain: coachdash.example
canonical: https://${app}/
hosts: { app: ${app} }
email:
  inboxes:
    canary: { imap: "imaps://${imap}", user: canary, password: "\${CANARY_PASSWORD}"${inbox} }
  flows:
${flows}`

type Run = { exit: number; report: Report; out: string; err: string }

const run = async (
  yaml: string,
  argv: string[],
  password = mail.password,
  action: readonly string[] = ['flows'],
): Promise<Run> => {
  writeFileSync(join(folder, 'launch-ready.config.yaml'), yaml)
  const { exit, out, err } = await runProgram(
    [
      'email',
      ...action,
      ...['--resolver', `127.0.0.1:${names.port}`, '--ca', 'root.pem'],
      ...['--connect-to', `${app}:443:127.0.0.1:${web.port}`],
      ...['--connect-to', `${imap}:993:127.0.0.1:${mail.imaps}`],
      ...['--connect-to', `${imap}:143:127.0.0.1:${mail.imap}`],
      ...argv,
    ],
    { cwd: folder, env: { CANARY_PASSWORD: password } },
  )
  if (!out.startsWith('{')) throw new Error(`no report (exit ${exit}):\n${err}${out.slice(0, 2000)}`)
  return { exit, out, err, report: JSON.parse(out) as Report }
}

const said = (report: Report): string[] =>
  report.findings.map(finding => `${finding.check} ${finding.outcome} ${finding.subject}`).sort()

describe('sound flows', () => {
  it('are silent, said before they are sent, and written down', async () => {
    const { exit, report, err, out } = await run(
      config(
        `${reset('sound')}    - { name: signup, trigger: { post: "https://${app}/sound/signup", json: { email: canary@canary.example } }, link: /confirm, arrivesWithin: 10s }\n`,
        ', deleteAfter: true',
      ),
      ['--json', '--out', 'docs', '--save-facts', 'facts.json'],
    )
    expect(said(report)).toEqual([])
    expect(report.checks.filter(check => check.check === 'mail-flow').map(check => check.status)).toEqual([
      'pass',
      'pass',
    ])
    expect(exit).toBe(0)
    expect(err).toContain('POST https://app.coachdash.example/sound/forgot (email)')
    const document = readFileSync(join(folder, 'docs/mail-flows.md'), 'utf8')
    expect(document).toMatch(/\| sound \| yes \(200\) \| after [\d.]+ s of 3 s \| INBOX \|/)
    expect(`${out}${err}${document}${readFileSync(join(folder, 'facts.json'), 'utf8')}`).not.toContain(mail.password)
  })
})

describe('broken flows', () => {
  it('are found as what they are, and nothing else is said', async () => {
    const broken = ['sound', 'late', 'spam', 'wrong-sender', 'fails', 'lost', 'unsigned', 'wrong-selector', 'unaligned']
    const { exit, report } = await run(
      config([...broken, 'dead-link', 'localhost-link', 'template'].map(name => reset(name)).join('')),
      ['--json'],
    )
    expect(said(report)).toEqual([
      'mail-flow in-spam spam',
      'mail-flow late late',
      'mail-flow not-arrived lost',
      'mail-flow trigger-failed fails',
      'mail-flow wrong-sender wrong-sender',
      'message-authentication dkim-fail mail of "wrong-selector"',
      'message-authentication dkim-unsigned mail of "unsigned"',
      'message-authentication dmarc-fail mail of "unaligned"',
      'message-authentication not-aligned mail of "unaligned"',
      'message-form link-dead mail of "dead-link"',
      'message-form link-localhost mail of "localhost-link"',
      'message-form placeholder-text mail of "template"',
    ])
    expect(report.findings.find(({ outcome }) => outcome === 'trigger-failed')?.title).toContain('status 500')
    expect(report.findings.find(({ outcome }) => outcome === 'in-spam')?.title).toContain('Junk')
    expect(exit).toBe(1)
  })
})

describe('the mailbox', () => {
  const one = (inbox = '', address = 'imaps'): string =>
    config(reset('sound'), inbox).replace('imaps://', `${address}://`)

  it('a wrong password is told, and is in nothing that comes out', async () => {
    const { exit, report, out, err } = await run(one(), ['--json'], 'wrong-password-of-the-canary')
    const [check] = report.checks.filter(item => item.check === 'mail-flow')
    expect(check).toMatchObject({
      status: 'unknown',
      reason: expect.stringContaining('refuses the user or the password'),
    })
    expect(exit).toBe(3)
    expect(out + err).not.toContain('wrong-password-of-the-canary')
  })

  it('a certificate that does not verify gets no password', async () => {
    const { report } = await run(one().replace(`imaps://${imap}`, 'imaps://other.canary.example'), [
      '--json',
      '--connect-to',
      `other.canary.example:993:127.0.0.1:${mail.imaps}`,
    ])
    const [check] = report.checks.filter(item => item.check === 'mail-flow')
    expect(check).toMatchObject({ status: 'unknown', reason: expect.stringContaining('does not verify') })
  })

  it('this machine itself needs no certificate', async () => {
    const here = config(reset('sound')).replace(`imaps://${imap}`, `imaps://127.0.0.1:${mail.imaps}`)
    const { report } = await run(here, ['--json', '--only', 'mail-flow'])
    expect(report.checks.map(item => item.status)).toEqual(['pass'])
  })

  it('STARTTLS, and ten thousand mails that were there before', async () => {
    mail.fill(10_000)
    const { report } = await run(one('', 'imap'), ['--json', '--only', 'mail-flow'])
    expect(said(report)).toEqual([])
    expect(report.summary.pass).toBe(1)
  })
})

describe('reports in a mailbox', () => {
  it('are read where the inbox of its host logs in; what is too large is named', async () => {
    const report = (day: number): string =>
      `<feedback><report_metadata><org_name>receiver.example</org_name><report_id>d${day}</report_id><date_range><begin>${1_700_000_000 + day * 86_400}</begin><end>${1_700_000_000 + day * 86_400}</end></date_range></report_metadata><policy_published><domain>coachdash.example</domain><p>none</p></policy_published><record><row><source_ip>192.0.2.25</source_ip><count>50</count><policy_evaluated><dkim>pass</dkim><spf>fail</spf></policy_evaluated></row><identifiers><header_from>coachdash.example</header_from></identifiers><auth_results/></record></feedback>`
    for (let day = 0; day < 8; day++)
      mail.put(
        'Reports',
        `From: reports@receiver.example\nSubject: Report domain: coachdash.example\nMIME-Version: 1.0\nContent-Type: application/gzip; name=r.xml.gz\nContent-Transfer-Encoding: base64\n\n${gzipSync(report(day)).toString('base64')}\n`,
      )
    mail.put('Reports', `From: a@b.example\nSubject: large\n\n${'x'.repeat(76).concat('\n').repeat(520_000)}`)
    const { exit, out } = await run(config(reset('sound')), [`imaps://${imap}/Reports`, '--json'], undefined, [
      'reports',
    ])
    const read = JSON.parse(out)
    expect(read.summary).toMatchObject({ reports: 8, messages: 400, verdict: { ready: true } })
    expect(read.problems).toEqual([
      { file: `${imap}/Reports mail 9`, reason: 'the mail is larger than 32 MB', used: false },
    ])
    expect(exit).toBe(0)
    const absent = await run(config(reset('sound')), [`imaps://${imap}/Nowhere`, '--json'], undefined, [
      'reports',
    ]).catch((error: Error) => error.message)
    expect(absent).toMatch(/exit 3[\s\S]*has no folder "Nowhere"/)
  })
})
