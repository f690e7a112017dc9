// `email message` through the real program: a sound mail, each fault beside what must not be said, fixes applied in the lab, bad input.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Report } from '../../src/core/report.ts'
import { type RunningWorld, startWorld } from '../../src/lab/start.ts'
import { loadWorld } from '../../src/lab/world.ts'
import { main } from '../../src/main.ts'
import { systemClock } from '../../src/net/clock.ts'
import { withoutBusyLine } from '../support/busy-line.ts'
import { ed25519Key, rsaKey, type Signing, sealMail, signMail } from '../support/signed-mail.ts'

const key = rsaKey()
const lost = rsaKey(1024)
const short = rsaKey(512)
const service = rsaKey(1024)
const lists = rsaKey(1024)

const worldText = `
name: message
about: A product whose mail is judged.
domain: coachdash.example
zones:
  coachdash.example:
    servers: [192.0.2.53]
    records: |
      @ 3600 NS ns1
      ns1 3600 A 192.0.2.53
      @ 3600 A 192.0.2.10
      app 3600 A 192.0.2.10
      click 3600 A 192.0.2.10
      @ 3600 TXT v=spf1 ip4:192.0.2.25 -all
      bounce 3600 TXT v=spf1 ip4:192.0.2.25 -all
      soft 3600 TXT v=spf1 ip4:192.0.2.99 ~all
      broken 3600 TXT v=spf1 ip5:192.0.2.25 -all
      shrug 3600 TXT v=spf1 ?all
      pm._domainkey 3600 TXT ${key.record}
      kept._domainkey.coachdash.example 3600 TXT ${lost.record}
      short._domainkey 3600 TXT ${short.record}
      gone._domainkey 3600 TXT v=DKIM1; p=
      spoilt._domainkey 3600 TXT v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3!
      _dmarc 3600 TXT v=DMARC1; p=reject; rua=mailto:dmarc@coachdash.example
      news 3600 A 192.0.2.10
      _dmarc.strict 3600 TXT v=DMARC1; p=reject; adkim=s; aspf=s
      strict 3600 A 192.0.2.10
  nodmarc.example:
    servers: [192.0.2.53]
    records: |
      @ 3600 NS ns1.coachdash.example.
      @ 3600 A 192.0.2.10
  service.example:
    servers: [192.0.2.53]
    records: |
      @ 3600 NS ns1.coachdash.example.
      @ 3600 TXT v=spf1 ip4:192.0.2.25 -all
      s1._domainkey 3600 TXT ${service.record}
  lists.example:
    servers: [192.0.2.53]
    records: |
      @ 3600 NS ns1.coachdash.example.
      arc._domainkey 3600 TXT ${lists.record}
  dead.example:
    servers:
      - { address: 192.0.2.54, fault: servfail }
    records: |
      @ 3600 NS ns1
      ns1 3600 A 192.0.2.54
hosts:
  app.coachdash.example:
    certificate: { names: [app.coachdash.example, coachdash.example, click.coachdash.example] }
    routes:
      /: { body: "<h1>Coach</h1>" }
      /help: { body: "<h1>Help</h1>" }
      /reset: { body: "<h1>New password</h1>" }
      /gone: { status: 410, body: "gone" }
      /busy: { status: 503, body: "busy" }
      /moved: { redirect: /nowhere }
  click.coachdash.example:
    certificate: { names: [app.coachdash.example, coachdash.example, click.coachdash.example] }
    routes: { /: { body: "clicks" } }
`

type Mail = {
  from?: string
  envelope?: string
  helo?: string
  ip?: string
  protocol?: string
  /** Fields above the rest, as the receiver put them. */
  above?: string[]
  /** Header fields by name; null leaves one out. */
  fields?: Record<string, string | null>
  html?: string | null
  text?: string | null
  sign?: (Partial<Signing> | null)[]
  received?: boolean
}

const html = '<p>Hello Ada,</p><p>your password was changed.</p>'
const text = 'Hello Ada,\n\nyour password was changed.\n'
/** With a link that may be used once, and one that anybody may open. */
const linked: Mail = {
  html: '<p>Hello Ada,</p><p><a href="https://app.coachdash.example/reset?token=d41d8cd98f00b204e9800998ecf8427e">Choose a new password</a></p><p><a href="https://app.coachdash.example/help">Help</a></p>',
  text: 'Hello Ada,\n\nchoose a new password:\nhttps://app.coachdash.example/reset?token=d41d8cd98f00b204e9800998ecf8427e\n',
}

const compose = (mail: Mail = {}): string => {
  const body =
    mail.html === null
      ? ['Content-Type: text/plain; charset=utf-8', '', mail.text ?? text]
      : mail.text === null
        ? ['Content-Type: text/html; charset=utf-8', '', mail.html ?? html]
        : [
            'Content-Type: multipart/alternative; boundary="=_b"',
            '',
            '--=_b',
            'Content-Type: text/plain; charset=utf-8',
            '',
            mail.text ?? text,
            '--=_b',
            'Content-Type: text/html; charset=utf-8',
            '',
            mail.html ?? html,
            '--=_b--',
            '',
          ]
  const fields: Record<string, string | null> = {
    From: mail.from ?? 'CoachDash <hello@coachdash.example>',
    To: 'Ada <canary@example.net>',
    Subject: 'Choose a new password',
    Date: 'Tue, 24 Nov 2026 10:00:00 +0000',
    'Message-ID': '<f3a1@coachdash.example>',
    'MIME-Version': '1.0',
    ...mail.fields,
  }
  const head = Object.entries(fields).flatMap(([name, value]) => (value === null ? [] : [`${name}: ${value}`]))
  let raw = Buffer.from([...head, ...body].join('\n'), 'utf8').toString('latin1')
  for (const signing of mail.sign ?? [{}])
    if (signing)
      raw = signMail(raw, {
        domain: 'coachdash.example',
        selector: 'pm',
        key,
        fields: ['from', 'from', 'to', 'subject', 'date', 'message-id'],
        ...signing,
      })
  const trace =
    mail.received === false
      ? []
      : [
          `Return-Path: <${mail.envelope ?? 'bounce@bounce.coachdash.example'}>`,
          `Received: from ${mail.helo ?? 'mail.coachdash.example'} (${mail.helo ?? 'mail.coachdash.example'} [${mail.ip ?? '192.0.2.25'}])\r\n\tby mx.example.net (Postfix) with ${mail.protocol ?? 'ESMTPS'} id 4X;\r\n\tTue, 24 Nov 2026 10:00:02 +0000 (UTC)`,
        ]
  return [...(mail.above ?? []), ...trace, raw].join('\r\n')
}

let running: RunningWorld
let folder: string
beforeAll(async () => {
  running = await startWorld(loadWorld(worldText))
  folder = mkdtempSync(join(tmpdir(), 'launch-ready-message-'))
})
afterAll(async () => {
  await running.close()
  rmSync(folder, { recursive: true, force: true })
})

const start = async (words: string[], world: RunningWorld = running, stdin: Buffer = Buffer.alloc(0)) => {
  let out = ''
  let err = ''
  const exit = await main([...words, ...world.args()], {
    out: said => {
      out += said
    },
    err: said => {
      err += said
    },
    stdin: async () => stdin.toString(),
    stdinBytes: async most => stdin.subarray(0, most),
    env: {},
    cwd: folder,
    columns: 80,
    errIsTerminal: false,
    interactive: false,
    signal: new AbortController().signal,
    clock: { ...systemClock, now: () => Date.parse('2026-11-25T00:00:00Z') },
  })
  return { exit, out, err }
}

/** What each check may say of a mail: no finding stands under the other one's name. */
const outcomes = {
  'message-authentication': [
    'spf-fail',
    'spf-none',
    'dkim-fail',
    'dkim-unsigned',
    'dkim-partial',
    'dmarc-fail',
    'not-aligned',
    'from-unusable',
    'no-tls',
    'arc-broken',
  ],
  'message-form': [
    'no-message-id',
    'bad-date',
    'no-text-part',
    'no-unsubscribe',
    'one-click-missing',
    'link-host-mismatch',
    'link-insecure',
    'link-localhost',
    'link-dead',
    'tracking-domain-foreign',
    'too-large',
    'placeholder-text',
  ],
}

const judge = async (raw: string | Buffer, more: string[] = [], world: RunningWorld = running) => {
  writeFileSync(join(folder, 'mail.eml'), typeof raw === 'string' ? Buffer.from(raw, 'latin1') : raw)
  const { exit, out, err } = await start(['email', 'message', 'mail.eml', '--json', ...more], world)
  expect(withoutBusyLine(err)).toBe('')
  const report = JSON.parse(out) as Report
  for (const { check, outcome } of report.findings) expect(outcomes[check as keyof typeof outcomes]).toContain(outcome)
  return {
    exit,
    report,
    found: report.findings.map(item => item.outcome).sort(),
    unknown: report.checks.filter(item => item.status === 'unknown').map(item => `${item.check}: ${item.reason}`),
    passed: report.checks.filter(item => item.status === 'pass').map(item => item.outcome),
  }
}

describe('a sound mail', () => {
  it('passes, and its one-time link is not followed', async () => {
    const before = running.log.exchanges.length
    const { exit, found, unknown, passed, report } = await judge(compose(linked))
    expect({ found, unknown, exit }).toEqual({ found: [], unknown: [], exit: 0 })
    expect(passed.sort()).toEqual(['authenticated', 'well-formed'])
    expect(report.target.domain).toBe('coachdash.example')
    const asked = running.log.exchanges.slice(before).map(item => JSON.stringify(item))
    expect(asked.some(line => line.includes('/help'))).toBe(true)
    expect(asked.some(line => line.includes('d41d8cd98f'))).toBe(false)
    expect(JSON.stringify(report)).not.toMatch(/d41d8cd98f|canary@example\.net|Ada/)
  })
  const sound: [string, Mail][] = [
    ['text alone', { html: null }],
    ['Ed25519 beside RSA', { sign: [{}, { selector: 'pm' }] }],
    ['signed by the service, too', { sign: [{}, { domain: 'service.example', selector: 's1', key: service }] }],
    [
      'a broken signature of a stranger beside its own',
      { sign: [{}, { domain: 'service.example', selector: 'old', key: service }] },
    ],
    [
      'a signature of a service whose name server does not answer beside its own',
      { sign: [{}, { domain: 'dead.example', selector: 'old', key: service }] },
    ],
    ['a bounce, HELO without a record', { envelope: '' }],
    ['the envelope at the domain itself, plain relaxed', { envelope: 'hello@coachdash.example' }],
    ['SPF of the service passes unaligned, DKIM is its own', { envelope: 'x@service.example' }],
    ['Amazon SES’s two signatures, simple canonical forms', { sign: [{ canonicalization: 'simple/simple' }] }],
    [
      'a German mail with umlauts',
      {
        text: 'Guten Tag,\n\ndein Passwort läuft ab: https://app.coachdash.example/help\n',
        html: '<p>Schöne Grüße</p>',
        fields: { Subject: '=?utf-8?Q?Sch=C3=B6ne_Gr=C3=BC=C3=9Fe?=' },
      },
    ],
    [
      'a click tracker under its own name',
      {
        html: '<a href="https://click.coachdash.example/ls/click?upn=u001.abcdef0123456789">app.coachdash.example/reset</a>',
      },
    ],
    [
      'a code sample',
      {
        html: '<p>Write <code>{{name}}</code> where the name goes.</p>',
        text: 'Write {{name}} where the name goes.\n',
      },
    ],
    [
      'a newsletter with one-click unsubscribe under the signature',
      {
        fields: {
          'List-Id': '<news.coachdash.example>',
          'List-Unsubscribe': '<https://app.coachdash.example/unsubscribe/abc>, <mailto:u@coachdash.example>',
          'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
        },
        sign: [{ fields: ['from', 'subject', 'list-unsubscribe', 'list-unsubscribe-post'] }],
      },
    ],
    [
      'an own scheme, mail and telephone links',
      {
        html: '<a href="coachdash://open?x=1">Open</a><a href="mailto:help@coachdash.example">Write</a><a href="tel:+49301234">Call</a><a href="#top">Up</a>',
      },
    ],
    ['inside one network, as SPF says', { ip: '192.0.2.25', helo: 'mail.coachdash.example', protocol: 'ESMTPS' }],
  ]
  it.each(sound)('%s', async (_, mail) => {
    const { found, unknown, exit } = await judge(compose(mail))
    expect({ found, unknown, exit }).toEqual({ found: [], unknown: [], exit: 0 })
  })
  it('with its real key beside a second one that is Ed25519', async () => {
    const other = ed25519Key()
    const second = await startWorld(
      loadWorld(
        worldText.replace(
          '      gone._domainkey',
          `      ed._domainkey 3600 TXT ${other.record}\n      gone._domainkey`,
        ),
      ),
    )
    try {
      expect(await judge(compose({ sign: [{}, { selector: 'ed', key: other }] }), [], second)).toMatchObject({
        found: [],
        unknown: [],
      })
      // Alone it passes, and the evidence says who cannot verify it.
      expect(
        await judge(compose({ sign: [{ selector: 'ed', key: other }] }), ['--save-facts', 'ed.json'], second),
      ).toMatchObject({
        found: [],
        passed: expect.arrayContaining(['authenticated']),
      })
      expect(readFileSync(join(folder, 'ed.json'), 'utf8')).toMatch(/cannot verify Ed25519 yet/)
    } finally {
      await second.close()
    }
  })
})

describe('authentication that fails', () => {
  const cases: [string, Mail | string, string[], number][] = [
    ['SPF: another server', { ip: '192.0.2.66' }, ['spf-fail'], 1],
    [
      'SPF: softfail beside a signature that passes',
      { ip: '192.0.2.66', envelope: 'a@soft.coachdash.example' },
      ['spf-fail'],
      0,
    ],
    ['SPF: a broken record', { envelope: 'a@broken.coachdash.example' }, ['spf-fail'], 1],
    ['SPF: neutral', { envelope: 'a@shrug.coachdash.example' }, ['spf-none'], 0],
    ['SPF: no record', { envelope: 'a@news.coachdash.example' }, ['spf-none'], 0],
    ['DKIM: not signed', { sign: [null] }, ['dkim-unsigned'], 1],
    ['DKIM: the body was changed', compose().replace('Hello Ada', 'Hello Eve'), ['dkim-fail'], 1],
    ['DKIM: a field was changed', compose().replace('Subject: Choose', 'Subject: Chose'), ['dkim-fail'], 1],
    [
      'DKIM: a second From was put in',
      compose().replace('\r\nTo: Ada', '\r\nFrom: eve@bad.example\r\nTo: Ada'),
      ['dkim-fail', 'from-unusable'],
      1,
    ],
    ['DKIM: no such selector', { sign: [{ selector: 'wrong' }] }, ['dkim-fail'], 1],
    ['DKIM: revoked', { sign: [{ selector: 'gone' }] }, ['dkim-fail'], 1],
    ['DKIM: a key that cannot be read', { sign: [{ selector: 'spoilt' }] }, ['dkim-fail'], 1],
    ['DKIM: SHA-1', { sign: [{ algorithm: 'rsa-sha1' }] }, ['dkim-fail'], 1],
    ['DKIM: expired', { sign: [{ tags: ['t=1790000000', 'x=1790000100'] }] }, ['dkim-fail'], 1],
    ['DKIM: l=0', { sign: [{ tags: ['l=0'], length: 0 }] }, ['dkim-partial'], 0],
    ['DKIM: its own second signature is void', { sign: [{}, { selector: 'wrong' }] }, ['dkim-fail'], 0],
    ['DMARC: nothing passes', { ip: '192.0.2.66', sign: [null] }, ['dkim-unsigned', 'dmarc-fail', 'spf-fail'], 1],
    [
      'signed and bounced by the service alone',
      { envelope: 'b@service.example', sign: [{ domain: 'service.example', selector: 's1', key: service }] },
      ['dmarc-fail', 'not-aligned'],
      1,
    ],
    [
      'the same without a DMARC record',
      {
        from: 'a@nodmarc.example',
        envelope: 'b@service.example',
        sign: [{ domain: 'service.example', selector: 's1', key: service }],
      },
      ['not-aligned'],
      1,
    ],
    ['strict alignment, and a subdomain', { from: 'a@strict.coachdash.example' }, ['dmarc-fail', 'not-aligned'], 1],
    ['in the clear', { protocol: 'ESMTP' }, ['no-tls'], 0],
    ['no From', { fields: { From: null }, sign: [null] }, ['dkim-unsigned', 'from-unusable'], 1],
  ]
  it.each(cases)('%s', async (_, mail, wanted, exit) => {
    const judged = await judge(typeof mail === 'string' ? mail : compose(mail))
    expect({ found: judged.found, unknown: judged.unknown, exit: judged.exit }).toEqual({
      found: wanted,
      unknown: [],
      exit,
    })
    for (const finding of judged.report.findings) expect(finding.title.length).toBeLessThanOrEqual(70)
  })
  it('forwarded: SPF that passed before is not held against it; a chain that broke is told', async () => {
    const seal = (raw: string): string =>
      sealMail(raw, {
        domain: 'lists.example',
        selector: 'arc',
        key: lists,
        instance: 1,
        results:
          'mx.lists.example; spf=pass smtp.mailfrom=bounce.coachdash.example; dkim=pass header.d=coachdash.example',
      })
    const forwarded = (raw: string): string =>
      `Return-Path: <bounce@bounce.coachdash.example>\r\nReceived: from out.lists.example (out.lists.example [203.0.113.5]) by mx.example.net with ESMTPS; Tue, 24 Nov 2026 10:00:05 +0000\r\n${raw}`
    expect(await judge(forwarded(seal(compose())))).toMatchObject({ found: [], unknown: [], exit: 0 })
    // Google seals on arrival and again when it forwards: two sets of one name.
    const twice = (raw: string): string =>
      sealMail(seal(raw), {
        domain: 'lists.example',
        selector: 'arc',
        key: lists,
        instance: 2,
        results: 'mx.example.net; arc=pass; spf=neutral smtp.mailfrom=x.example',
      })
    expect(await judge(forwarded(twice(compose())))).toMatchObject({ found: [], unknown: [], exit: 0 })
    // A receiver that seals what it got from a stranger excuses nothing.
    const own = `Return-Path: <bounce@bounce.coachdash.example>\r\nReceived: from x.example (x.example [203.0.113.5]) by mx.lists.example with ESMTPS; Tue, 24 Nov 2026 10:00:05 +0000\r\n${seal(compose({ received: false }))}`
    expect((await judge(own)).found).toEqual(['spf-fail'])
    const broken = forwarded(seal(compose())).replace('i=1; mx.lists', 'i=1; mx.other')
    expect((await judge(broken)).found).toEqual(['arc-broken', 'spf-fail'])
  })
})

describe('what cannot be told is unknown', () => {
  const cases: [string, Mail, string[], RegExp, number][] = [
    ['a copy without Received', { received: false }, [], /SPF: the message does not tell which server/, 3],
    ['handed over inside a network', { ip: '127.0.0.1' }, [], /SPF: it was handed over inside a network/, 3],
    ['DNS of the envelope does not answer', { envelope: 'a@dead.example' }, [], /SPF: DNS does not answer/, 3],
    [
      'DNS of the key does not answer',
      { sign: [{ domain: 'dead.example' }], from: 'a@dead.example' },
      [],
      /DKIM: the key at .* could not be asked for/,
      3,
    ],
  ]
  it.each(cases)('%s', async (_, mail, found, why, exit) => {
    const judged = await judge(compose(mail))
    expect({ found: judged.found, exit: judged.exit }).toEqual({ found, exit })
    expect(judged.unknown.join('\n')).toMatch(why)
  })
  it('and told by --ip, --sender and --helo', async () => {
    const copy = compose({ received: false })
    const told = ['--ip', '192.0.2.25', '--sender', 'b@bounce.coachdash.example', '--helo', 'mail.coachdash.example']
    expect(await judge(copy, told)).toMatchObject({ found: [], unknown: [], exit: 0 })
    expect((await judge(copy, ['--ip', '192.0.2.66', ...told.slice(2)])).found).toEqual(['spf-fail'])
  })
  it('by the receiver’s own words where they tell the address, or the result alone', async () => {
    const stated = 'Authentication-Results: mx.example.net; spf=pass smtp.mailfrom=b@bounce.coachdash.example'
    expect(await judge(compose({ received: false, above: [stated] }))).toMatchObject({
      found: [],
      unknown: [],
      exit: 0,
    })
    const addressed = `${stated} smtp.remote-ip=192.0.2.66`
    expect((await judge(compose({ received: false, above: [addressed] }))).found).toEqual(['spf-fail'])
  })
  it('a record that no longer names the server, long after the receiver found it in it', async () => {
    const above = ['Authentication-Results: mx.example.net; spf=pass smtp.mailfrom=b@bounce.coachdash.example']
    const mail = compose({ ip: '192.0.2.66', above })
    const old = await judge(mail.replace(/(Received[\s\S]*?)24 Nov 2026/, '$124 Mar 2026'))
    expect(old.found.filter(item => item.startsWith('spf'))).toEqual([])
    expect(old.unknown.join()).toMatch(/fail by today’s record, and mx\.example\.net wrote pass on 2026-03-24/)
    expect((await judge(mail)).found).toEqual(['spf-fail'])
  })
  it('a key that is gone long after the receiver verified the mail', async () => {
    const above = ['Authentication-Results: mx.example.net; dkim=pass header.d=coachdash.example header.s=wrong']
    const old = compose({ sign: [{ selector: 'wrong' }], above }).replaceAll('24 Nov 2026', '24 Mar 2026')
    const { found, unknown } = await judge(old)
    expect(found.filter(item => item.startsWith('dkim'))).toEqual([])
    expect(unknown.join()).toMatch(/keys are rotated: judge a new mail/)
    expect((await judge(compose({ sign: [{ selector: 'wrong' }], above }))).found).toContain('dkim-fail')
  })
})

describe('form that is not', () => {
  const link = (href: string, words = 'Open'): Mail => ({ html: `<p>Hello</p><a href="${href}">${words}</a>` })
  const cases: [string, Mail, string[]][] = [
    ['no Message-ID', { fields: { 'Message-ID': null } }, ['no-message-id']],
    ['a Message-ID without angle brackets', { fields: { 'Message-ID': '123' } }, ['no-message-id']],
    ['no Date', { fields: { Date: null } }, ['bad-date']],
    ['a Date as JSON', { fields: { Date: '2026-11-24T10:00:00Z' } }, ['bad-date']],
    ['a Date of next year', { fields: { Date: 'Wed, 24 Nov 2027 10:00:00 +0000' } }, ['bad-date']],
    ['the wrong weekday', { fields: { Date: 'Mon, 24 Nov 2026 10:00:00 +0000' } }, ['bad-date']],
    ['HTML alone', { text: null }, ['no-text-part']],
    ['a newsletter without any way out', { fields: { Precedence: 'bulk' } }, ['no-unsubscribe']],
    [
      'a newsletter with a link alone',
      {
        fields: { 'List-Id': '<n.coachdash.example>' },
        html: '<a href="https://app.coachdash.example/u/abc">Unsubscribe</a>',
      },
      ['one-click-missing'],
    ],
    [
      'one click outside of the signature',
      {
        fields: {
          'List-Id': '<n>',
          'List-Unsubscribe': '<https://app.coachdash.example/u>',
          'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
        },
      },
      ['one-click-missing'],
    ],
    [
      'another host than shown',
      link('https://app.coachdash.example/help', 'https://www.bank.example/login'),
      ['link-host-mismatch'],
    ],
    ['http', link('http://app.coachdash.example/help'), ['link-insecure']],
    ['localhost', link('http://localhost:3000/reset?token=abc'), ['link-localhost']],
    ['a private address', link('https://192.168.1.20/reset'), ['link-localhost']],
    ['a name of the office', link('https://app.local/reset'), ['link-localhost']],
    ['a preview', link('https://coachdash-git-main-ada.vercel.app/reset'), ['link-localhost']],
    ['410', link('https://app.coachdash.example/gone'), ['link-dead']],
    ['404 behind a redirect', link('https://app.coachdash.example/moved'), ['link-dead']],
    ['a host that does not exist', link('https://ap.coachdash.example/reset?token=abc'), ['link-dead']],
    ['a path without a host', link('/reset?token=abc'), ['link-dead']],
    ['script', link('javascript:alert(1)'), ['link-dead']],
    ['a variable', { html: '<p>Hi {{first_name}},</p>' }, ['placeholder-text']],
    ['undefined', { text: 'Hi undefined,\n\nwelcome.\n' }, ['placeholder-text']],
    ['an object', { fields: { Subject: 'Your plan: [object Object]' } }, ['placeholder-text']],
    ['Mailchimp’s', { html: '<p>Dear *|FNAME|*</p>' }, ['placeholder-text']],
    ['percent signs', { html: '<p>Dear %FIRSTNAME%</p>' }, ['placeholder-text']],
    ['filler', { html: '<p>Lorem ipsum dolor sit amet</p>' }, ['placeholder-text']],
    ['a variable that is the link', link('{{reset_url}}'), ['placeholder-text']],
    ['a variable in a link', link('https://app.coachdash.example/welcome/{{user.id}}'), ['placeholder-text']],
    ['120 kB of HTML', { html: `<p>${'A long text. '.repeat(9_500)}</p>` }, ['too-large']],
  ]
  it.each(cases)('%s', async (_, mail, wanted) => {
    const { found } = await judge(compose(mail))
    expect(found).toEqual(wanted)
  })
  it('clicks through the service’s own name', async () => {
    const { found } = await judge(compose(link('https://u1.ct.sendgrid.net/ls/click?upn=abc')))
    expect(found.filter(item => item !== 'link-dead')).toEqual(['tracking-domain-foreign'])
  })
  it('a page that is busy, and a reset page that is not there without its token, are unknown', async () => {
    for (const [href, why] of [
      ['https://app.coachdash.example/busy', /status 503/],
      ['https://app.coachdash.example/password-reset?token=abc', /without its token the page answers 404/],
    ] as const) {
      const { found, unknown, exit } = await judge(compose(link(href)))
      expect({ found, exit }).toEqual({ found: [], exit: 3 })
      expect(unknown.join()).toMatch(why)
    }
    expect(
      (await judge(compose(link('https://app.coachdash.example/password-reset?token=abc')), ['--active'])).found,
    ).toEqual(['link-dead'])
  })
})

describe('fixes that are records heal', () => {
  const cases: [string, Mail, string, string[]][] = [
    ['SPF: the server is added', { ip: '192.0.2.66' }, 'spf-fail', []],
    ['SPF: a first record', { envelope: 'a@news.coachdash.example' }, 'spf-none', []],
    ['DKIM: the key stands at a doubled name', { sign: [{ selector: 'kept', key: lost }] }, 'dkim-fail', []],
    ['DMARC: by SPF alone', { ip: '192.0.2.66', sign: [null] }, 'dmarc-fail', ['dkim-unsigned']],
    ['alignment: relaxed', { from: 'a@strict.coachdash.example' }, 'not-aligned', []],
  ]
  it.each(cases)('%s', async (_, mail, outcome, left) => {
    const world = await startWorld(
      loadWorld(
        worldText.replace(
          'kept._domainkey.coachdash.example 3600',
          'kept._domainkey.coachdash.example.coachdash.example. 3600',
        ),
      ),
    )
    try {
      const { report } = await judge(compose(mail), [], world)
      const finding = report.findings.find(item => item.outcome === outcome)
      expect(finding?.fix.changes.map(change => change.kind)).toEqual(['dns'])
      for (const change of finding?.fix.changes ?? []) await world.apply(change)
      expect((await judge(compose(mail), [], world)).found).toEqual(left)
    } finally {
      await world.close()
    }
  })
  it('the key of a configured selector, where the signature names another', async () => {
    const world = await startWorld(loadWorld(worldText))
    writeFileSync(
      join(folder, 'config.yaml'),
      'domain: coachdash.example\nemail:\n  senders: [{ name: Postmark, dkim: [pm], from: hello@coachdash.example }]\n',
    )
    try {
      const given = ['--config', 'config.yaml']
      const { report } = await judge(compose({ sign: [{ selector: 'wrong' }] }), given, world)
      const change = report.findings.find(item => item.outcome === 'dkim-fail')?.fix.changes[0]
      expect(change).toMatchObject({ kind: 'dns', action: 'add', name: 'wrong._domainkey.coachdash.example.' })
      await world.apply(change!)
      expect((await judge(compose({ sign: [{ selector: 'wrong' }] }), given, world)).found).toEqual([])
    } finally {
      await world.close()
    }
  })
})

describe('the command line', () => {
  it('judges several mails, and standard input', async () => {
    writeFileSync(join(folder, 'a.eml'), compose(), 'latin1')
    writeFileSync(join(folder, 'b.eml'), compose({ sign: [null] }), 'latin1')
    const { out, exit } = await start(['email', 'message', 'a.eml', 'b.eml', '--json'])
    const report = JSON.parse(out) as Report
    expect(exit).toBe(1)
    expect(report.findings.map(item => [item.outcome, item.subject])).toEqual([['dkim-unsigned', 'b.eml']])
    const piped = await start(['email', 'message', '-', '--json'], running, Buffer.from(compose(), 'latin1'))
    expect(piped.exit).toBe(0)
    expect((JSON.parse(piped.out) as Report).checks.map(item => item.subject)).toContain('standard input')
  })
  it('takes from the config who sends newsletters', async () => {
    writeFileSync(join(folder, 'a.eml'), compose(), 'latin1')
    for (const [stream, found] of [
      ['bulk: true', ['no-unsubscribe']],
      ['stream: marketing', ['no-unsubscribe']],
      ['bulk: true, stream: transactional', []],
    ] as const) {
      writeFileSync(
        join(folder, 'config.yaml'),
        `domain: coachdash.example\nemail:\n  senders: [{ name: Own, dkim: [pm], from: hello@coachdash.example, ${stream} }]\n`,
      )
      const { out } = await start(['email', 'message', 'a.eml', '--json', '--config', 'config.yaml'])
      expect((JSON.parse(out) as Report).findings.map(item => item.outcome)).toEqual(found)
    }
  })
  it('takes the options of a stage: reports, --fail-on, --only, saved facts', async () => {
    writeFileSync(join(folder, 'b.eml'), compose({ protocol: 'ESMTP' }), 'latin1')
    expect((await start(['email', 'message', 'b.eml', '--fail-on', 'medium'])).exit).toBe(1)
    expect((await start(['email', 'message', 'b.eml', '--fail-on', 'medium', '--only', 'message-form'])).exit).toBe(0)
    const printed = await start(['email', 'message', 'b.eml', '--report', 'markdown', '--save-facts', 'facts.json'])
    expect(printed.out).toMatch(/delivered without encryption/)
    const again = await start(['email', 'message', '--facts', 'facts.json', '--fail-on', 'medium', '--json'])
    expect(again.exit).toBe(1)
    expect((JSON.parse(again.out) as Report).findings.map(item => item.outcome)).toEqual(['no-tls'])
  })
  it('lets nothing of a hostile mail through to the terminal or into a document', async () => {
    const mail = compose({
      fields: { 'Message-ID': '\x1b]0;owned\x07', Date: '\x1b[2J\u202e', 'X-Mailer': '\x9b31m' },
      html: '<p>{{\x1b[31m}} {{<script>alert(1)</script>}} {{`x`}}</p><a href="https://app.coachdash.example/\x1b[31m/gone">\x1b[5mOpen</a>',
      sign: [null],
    })
    writeFileSync(join(folder, 'c.eml'), mail, 'latin1')
    for (const report of ['terminal', 'markdown', 'html', 'github', 'csv']) {
      const { out, err } = await start(['email', 'message', 'c.eml', '--report', report, '--no-color', '-v'])
      expect(out + err, report).not.toMatch(/[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202e]/)
      if (report === 'html') expect(out).not.toContain('<script>alert(1)')
    }
  })
  it('refuses what is no mail, in one sentence, exit 2', async () => {
    const files: [string, Buffer, RegExp][] = [
      ['empty.eml', Buffer.alloc(0), /^empty\.eml is empty\.$/],
      ['blank.eml', Buffer.from('\n \n'), /is empty\.$/],
      [
        'picture.png',
        Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'),
        /is no mail: it does not begin with header fields/,
      ],
      ['page.html', Buffer.from('<!doctype html><p>Hello</p>'), /is no mail/],
      ['config.yaml', Buffer.from('domain: coachdash.example\nhosts: { app: app.coachdash.example }\n'), /is no mail/],
      ['outlook.msg', Buffer.from('d0cf11e0a1b11ae100000000', 'hex'), /is an Outlook file \(\.msg\)/],
      [
        'fields.eml',
        Buffer.from(
          `Subject: x\n${Array.from({ length: 30_000 }, (_, at) => `X-${at}: y\n`).join('')}From: a@b.example\n\n`,
        ),
        /has a header of more than 20000 fields/,
      ],
      ['mail.zip', Buffer.from('PK\x03\x04'), /is a zip archive/],
      [
        'huge.eml',
        Buffer.concat([Buffer.from('From: a@b.example\r\n\r\n'), Buffer.alloc(51 * 1024 * 1024, 'a')]),
        /larger than 50 MB/,
      ],
    ]
    for (const [name, bytes, why] of files) {
      writeFileSync(join(folder, name), bytes)
      const { exit, err, out } = await start(['email', 'message', name])
      expect({ exit, out }, name).toEqual({ exit: 2, out: '' })
      expect(err.trim()).toMatch(why)
      expect(err.trim().split('\n')).toHaveLength(1)
    }
    for (const [words, why] of [
      [['none.eml'], /none\.eml cannot be read: there is no such file\.$/],
      [['.'], /is a directory/],
      [[], /needs a mail/],
      [['a.eml', '--out', 'here'], /--out: email message writes no document/],
      [['empty.eml', '--ip', '1.2.3'], /--ip 1\.2\.3: expected an IP address/],
    ] as const) {
      const { exit, err } = await start(['email', 'message', ...words])
      expect(exit).toBe(2)
      expect(err.trim()).toMatch(why)
    }
  })
})
