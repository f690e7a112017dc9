// Reports as they arrive: every collected real one, then wrappings, bombs and breakage.
import { createReadStream, existsSync, readdirSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { strToU8, zipSync } from 'fflate'
import { describe, expect, test } from 'vitest'
import { readReports } from '../../../src/formats/dmarc/report-input.ts'
import { createSummary } from '../../../src/formats/dmarc/summary.ts'

const folder = new URL('../../../../shared/data/dmarc-reports/', import.meta.url)
const isThere = existsSync(folder)

const row = (source: string, count: number, pass: boolean, signed = 'coachdash.example') =>
  `<record><row><source_ip>${source}</source_ip><count>${count}</count><policy_evaluated><disposition>none</disposition><dkim>${pass ? 'pass' : 'fail'}</dkim><spf>fail</spf></policy_evaluated></row><identifiers><header_from>coachdash.example</header_from></identifiers><auth_results><dkim><domain>${signed}</domain><selector>s1</selector><result>pass</result></dkim></auth_results></record>`

const report = (id: string, day: number, rows: string) =>
  `<?xml version="1.0"?><feedback><report_metadata><org_name>receiver.example</org_name><report_id>${id}</report_id><date_range><begin>${1_700_000_000 + day * 86_400}</begin><end>${1_700_086_399 + day * 86_400}</end></date_range></report_metadata><policy_published><domain>coachdash.example</domain><p>none</p></policy_published>${rows}</feedback>`

const read = (bytes: Uint8Array | string) =>
  readReports('file', [typeof bytes === 'string' ? Buffer.from(bytes) : bytes])

describe.skipIf(!isThere)('the collected reports (skipped where the folder is absent)', () => {
  const files = isThere ? readdirSync(folder).filter(name => name !== 'LICENSE') : []
  test.each(files)('%s', async name => {
    const found = await readReports(name, createReadStream(new URL(encodeURIComponent(name), folder)))
    expect(found).toHaveLength(1)
    const [item] = found
    expect(item?.kind).toBe(name.endsWith('.json') ? 'tls' : 'aggregate')
    if (item?.kind === 'aggregate') {
      expect(item.records).toBeGreaterThan(0)
      expect(item.tally.total.messages).toBeGreaterThan(0)
      const broken = /^(ikea|invalid_)/.test(name)
      expect(item.faults.length > 0, item.faults.join()).toBe(broken)
    }
  })
  test('what is no report is named', async () => {
    const [item] = await readReports('LICENSE', createReadStream(new URL('LICENSE', folder)))
    expect(item?.kind).toBe('unreadable')
  })
})

describe('wrappings', () => {
  const xml = report('a', 0, row('192.0.2.1', 3, true))
  test.each([
    ['plain', Buffer.from(xml)],
    ['gzip', gzipSync(xml)],
    ['gzip in gzip', gzipSync(gzipSync(xml))],
    ['zip', zipSync({ 'r.xml': strToU8(xml) })],
    [
      'a mail',
      Buffer.from(
        `Subject: r\r\nMIME-Version: 1.0\r\nContent-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename=x\r\n\r\n${gzipSync(xml).toString('base64')}\r\n`,
      ),
    ],
    ['UTF-16', Buffer.from(`\ufeff${xml}`, 'utf16le')],
  ])('%s', async (_name, bytes) => {
    const [item] = await read(bytes)
    expect(item).toMatchObject({ kind: 'aggregate', records: 1, meta: { domain: 'coachdash.example', id: 'a' } })
  })
  test('a failure report', async () => {
    const mail =
      'Subject: f\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=feedback-report; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nhello\r\n--b\r\nContent-Type: message/feedback-report\r\n\r\nFeedback-Type: auth-failure\r\nSource-IP: 192.0.2.9\r\nReported-Domain: coachdash.example\r\nAuth-Failure: dmarc\r\n\r\n--b--\r\n'
    expect(await read(mail)).toMatchObject([{ kind: 'failure', report: { sourceIp: '192.0.2.9', failure: 'dmarc' } }])
  })
})

test('a source is named by networks too: those of its own always, shared ones where nothing else tells', async () => {
  const senders = [
    { name: 'Own', dkim: [], ips: ['192.0.2.0/28'] },
    { name: 'Service', dkim: [], shared: ['198.51.100.0/24'] },
  ]
  const bare = (source: string) =>
    row(source, 1, false).replace(/<auth_results>.*<\/auth_results>/, '<auth_results></auth_results>')
  const rows = `${bare('192.0.2.3')}${bare('198.51.100.9')}${row('198.51.100.9', 1, false, 'lists.example')}${bare('203.0.113.1')}`
  const [item] = await readReports('file', [Buffer.from(report('a', 0, rows))], senders)
  expect(item?.kind === 'aggregate' && [...item.tally.groups].map(([name, { kind }]) => `${name}: ${kind}`)).toEqual([
    'Own: own-sender',
    'Service: own-sender',
    'authenticated as lists.example: unknown',
    'unknown, authenticated as nobody: unknown',
  ])
})

describe('feedback reports', () => {
  const arf = (fields: string) =>
    `Subject: f\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=feedback-report; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nhello\r\n--b\r\nContent-Type: message/feedback-report\r\n\r\n${fields}\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nFrom: a@coachdash.example\r\n\r\nhi\r\n--b--\r\n`
  test.each([
    ['abuse', 'Feedback-Type: abuse\r\nSource-IP: 192.0.2.9\r\n', { kind: 'complaint', report: { type: 'abuse' } }],
    ['not-spam', 'Feedback-Type: not-spam\r\n', { kind: 'complaint', report: { type: 'not-spam' } }],
    ['fraud', 'Feedback-Type: Fraud\r\n', { kind: 'complaint', report: { type: 'fraud' } }],
    ['no type', 'Version: 1\r\n', { kind: 'complaint', report: { type: 'other' } }],
    [
      'a complaint about a mail that also failed',
      'Feedback-Type: abuse\r\nAuth-Failure: dkim\r\n',
      { kind: 'complaint' },
    ],
    [
      'auth-failure',
      'Feedback-Type: auth-failure\r\nAuth-Failure: SPF\r\n',
      { kind: 'failure', report: { failure: 'spf' } },
    ],
    ['a failure without its type', 'Auth-Failure: dmarc\r\n', { kind: 'failure', report: { failure: 'dmarc' } }],
  ])('%s', async (_name, fields, expected) => expect(await read(arf(fields))).toMatchObject([expected]))
  test.each([
    ['192.0.2.1 (out.example.com)', '192.0.2.1'],
    ['(a (b) \\) c) 192.0.2.1', '192.0.2.1'],
    ['[IPv6:2001:db8::1]', '2001:db8::1'],
    ['192.0.2.1\r\n (folded)', '192.0.2.1'],
    ['192.0.2.1 (never closed', '192.0.2.1'],
  ])('Source-IP: %s', async (value, sourceIp) =>
    expect(
      await read(arf(`Feedback-Type: auth-failure\r\nSource-IP: ${value}\r\nAuth-Failure: spf\r\n`)),
    ).toMatchObject([{ kind: 'failure', report: { sourceIp } }]),
  )
})

describe('a mailbox file', () => {
  const mailOf = (id: string, eol = '\n') =>
    [
      'From r@receiver.example Fri Nov 27 00:00:00 2026',
      'From: r@receiver.example',
      'Subject: Report',
      'MIME-Version: 1.0',
      'Content-Type: multipart/mixed; boundary=b',
      '',
      '--b',
      'Content-Type: text/plain',
      '',
      '>From here on, a quoted line',
      'From: no mail begins here',
      '--b',
      'Content-Type: application/gzip; name="r.xml.gz"',
      'Content-Transfer-Encoding: base64',
      '',
      gzipSync(report(id, 0, row('192.0.2.9', 7, true))).toString('base64'),
      '--b--',
      '',
      '',
    ].join(eol)
  test.each(['\n', '\r\n'])('holds every report (line ends %j)', async eol => {
    const found = await read(['a', 'b', 'c'].map(id => mailOf(id, eol)).join(''))
    expect(found.map(item => item.kind === 'aggregate' && item.meta.id)).toEqual(['a', 'b', 'c'])
  })
  test.each([
    ['a line of text that nobody quoted', 'From here on: all is well'],
    ['a line that tells a time', 'From 10:00 to 12:00 we rest'],
    ['a line in front of which nothing is blank', 'x\nFrom there, see below'],
  ])('%s begins no mail', async (_name, line) => {
    const text = (mailOf('a') + mailOf('b')).replaceAll('>From here on, a quoted line', line)
    expect(await read(text)).toMatchObject([{ kind: 'aggregate' }, { kind: 'aggregate' }])
  })
  test.each([
    ['the envelope of a mailing list', 'From list-bounces@lists.example Fri, 27 Nov 2026 00:00:01 +0000'],
    ['an ISO date', 'From r@receiver.example 2026-11-27T00:00:01Z'],
    ['a sender alone', 'From r@receiver.example'],
    ['no sender', 'From - Fri Nov 27 00:00:01 2026'],
  ])('%s begins one', async (_name, line) => {
    const text = (mailOf('a') + mailOf('b')).replaceAll(/^From r@.*$/gm, line)
    expect(await read(text)).toMatchObject([{ kind: 'aggregate' }, { kind: 'aggregate' }])
  })
  test('of one mail, or compressed, is read too', async () => {
    expect(await read(mailOf('a'))).toMatchObject([{ kind: 'aggregate' }])
    expect(await read(gzipSync(mailOf('a') + mailOf('b')))).toHaveLength(2)
  })
  test('a mail without a report hides no other; a thousand mails are read whole', async () => {
    const plain = 'From a@b.example Fri Nov 27 00:00:00 2026\nSubject: hello\n\nhi\n\n'
    const found = await read(plain + Array.from({ length: 1000 }, (_, at) => mailOf(`r${at}`)).join('') + plain)
    expect(found.filter(item => item.kind === 'aggregate')).toHaveLength(1000)
    expect(found.filter(item => item.kind === 'unreadable')).toHaveLength(2)
  })
})

describe('hostile and broken', () => {
  test.each(['-5', '1.5', 'many', ''])('a record that counts "%s" messages is left out, and said', async count => {
    const [item] = await read(
      report('a', 0, row('192.0.2.1', 3, false).replace('<count>3<', `<count>${count}<`) + row('192.0.2.2', 4, true)),
    )
    expect(item).toMatchObject({ kind: 'aggregate', faults: [expect.stringContaining('left out')] })
    expect(item?.kind === 'aggregate' && item.tally.total.messages).toBe(4)
  })
  test('a bomb is refused while it runs', async () => {
    const zeros = gzipSync(Buffer.concat([Buffer.from('<feedback>'), Buffer.alloc(300 * 1024 * 1024, 32)]), {
      level: 9,
    })
    const [item] = await read(zeros)
    expect(item).toMatchObject({ kind: 'unreadable', reason: expect.stringMatching(/256 MB/) })
  })
  test.each([
    ['empty', '', /empty/],
    ['truncated gzip', gzipSync(report('a', 0, row('192.0.2.1', 3, true))).subarray(0, 30), /gzip|record|empty/],
    ['no report', '<html><body/></html>', /root is <html>/],
    ['other JSON', '{"a":1}', /no policies/],
    ['broken JSON', '{"a"', /JSON is broken/],
    ['mail without a report', 'Subject: hello\r\n\r\nhello\r\n', /without a report/],
    ['noise', Buffer.from([0, 1, 2, 3]), /neither/],
  ])('%s is named', async (_name, bytes, reason) => {
    const [item] = await read(bytes)
    expect(item).toMatchObject({ kind: 'unreadable', reason: expect.stringMatching(reason) })
  })
})

describe('summary', () => {
  const summed = async (texts: string[]) => {
    const summary = createSummary()
    for (const text of texts)
      for (const item of await read(text)) if (item.kind === 'aggregate') summary.add(item.meta, item.tally)
    return summary.result()
  }
  test('ready after enough days and messages; a report read twice counts once', async () => {
    const texts = [0, 1, 2, 3, 4, 5, 6].map(day => report(`r${day}`, day, row('192.0.2.1', 100, true)))
    const result = await summed([...texts, texts[0] as string])
    expect(result).toMatchObject({ messages: 700, passing: 700, reports: 7, duplicates: 1, verdict: { ready: true } })
    expect(result.days).toHaveLength(7)
  })
  test('much mail that nobody can place stands in the way: it may be a server of one’s own', async () => {
    const bare = row('203.0.113.9', 10, false).replace(
      /<auth_results>.*<\/auth_results>/,
      '<auth_results></auth_results>',
    )
    const result = await summed(
      [0, 1, 2, 3, 4, 5, 6].map(day => report(`r${day}`, day, row('192.0.2.1', 100, true) + bare)),
    )
    expect(result.verdict).toMatchObject({ ready: false, because: [expect.stringMatching(/^70 of 770 messages come/)] })
  })
  test('a known provider that fails stands in the way, by name and number', async () => {
    const result = await summed(
      [0, 1, 2, 3, 4, 5, 6].map(day =>
        report(`r${day}`, day, row('192.0.2.1', 100, true) + row('192.0.2.2', 10, false, 'sendgrid.net')),
      ),
    )
    expect(result.verdict).toMatchObject({ ready: false, because: [expect.stringMatching(/SendGrid: 70 of 70/)] })
  })
})
