// DKIM verification: the vectors of RFC 6376 and RFC 8463, and each way in which a signature fails, made here with own keys.
import { createHash, randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import {
  bodyHasher,
  canonicalBody,
  canonicalField,
  type KeyAnswer,
  readSignature,
  verifySignature,
} from '../../../src/formats/dkim/signature.ts'
import { fieldsNamed, splitMessage } from '../../../src/formats/message/headers.ts'
import { processorTime } from '../../support/processor-time.ts'
import { ed25519Key, rsaKey, type Signing, signMail } from '../../support/signed-mail.ts'

const football = `DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed;
 d=football.example.com; i=@football.example.com;
 q=dns/txt; s=brisbane; t=1528637909; h=from : to :
 subject : date : message-id : from : subject : date;
 bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;
 b=/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11Bus
 Fa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw==
DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed;
 d=football.example.com; i=@football.example.com;
 q=dns/txt; s=test; t=1528637909; h=from : to : subject :
 date : message-id : from : subject : date;
 bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;
 b=F45dVWDfMbQDGHJFlXUNB2HKfbCeLRyhDXgFpEL8GwpsRe0IeIixNTe3
 DhCVlUrSjV4BwcVcOF6+FF3Zo9Rpo1tFOeS9mPYQTnGdaSGsgeefOsk2Jz
 dA+L10TeYt9BgDfQNZtKdN1WO//KgIqXP7OdEFE4LjFYNcUxZQ4FADY+8=
From: Joe SixPack <joe@football.example.com>
To: Suzie Q <suzie@shopping.example.net>
Subject: Is dinner ready?
Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)
Message-ID: <20030712040037.46341.5F8J@football.example.com>

Hi.

We lost the game.  Are you hungry yet?

Joe.
`
const footballKeys: Record<string, string> = {
  'brisbane._domainkey.football.example.com': 'v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=',
  'test._domainkey.football.example.com':
    'v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWRiGs5V6NpP3idY6Wk08a5qhdR6wy5bdOKb2jLQiY/J16JYi0Qvx/byYzCNb3W91y3FutACDfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqMKrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2EeC3Ip3G+2kryOTIKT+l/K4w3QIDAQAB',
}

const asLookup =
  (keys: Record<string, string | string[] | null>) =>
  async (name: string): Promise<KeyAnswer> => {
    const found = keys[name]
    if (found === null) return { ok: false, message: 'timeout' }
    return { ok: true, texts: found === undefined ? [] : [found].flat() }
  }

const verifyAll = async (
  raw: string | Buffer,
  keys: Record<string, string | string[] | null>,
  at = Date.parse('2026-11-25T00:00:00Z') / 1000,
) => {
  const parts = splitMessage(typeof raw === 'string' ? Buffer.from(raw, 'latin1') : raw)
  const body = bodyHasher(parts.body)
  return Promise.all(
    fieldsNamed(parts, 'dkim-signature').map(field =>
      verifySignature(readSignature(field), parts.fields, body, asLookup(keys), at),
    ),
  )
}

describe('the vectors of RFC 8463 appendix A', () => {
  it('both signatures verify, from a file with bare line feeds as from one with CRLF', async () => {
    for (const text of [football, football.replaceAll('\n', '\r\n')])
      expect((await verifyAll(text, footballKeys)).map(item => item.result)).toEqual(['pass', 'pass'])
  })
  it('a changed body, a changed field and the other key are told apart', async () => {
    const faults = async (text: string, keys = footballKeys) => (await verifyAll(text, keys)).map(item => item.fault)
    expect(await faults(football.replace('hungry', 'thirsty'))).toEqual(['body', 'body'])
    expect(await faults(football.replace('dinner', 'lunch'))).toEqual(['signature', 'signature'])
    expect(await faults(football.replace('From: Joe', 'From: Eve <eve@bad.example>\nFrom: Joe'))).toEqual([
      'signature',
      'signature',
    ])
  })
})

describe('canonical forms', () => {
  it('are those of RFC 6376 §3.4.5', () => {
    expect(canonicalField('A: X', 'relaxed')).toBe('a:X')
    expect(canonicalField('B : Y\t\r\n\tZ  ', 'relaxed')).toBe('b:Y Z')
    expect(canonicalField('B : Y\t\r\n\tZ  ', 'simple')).toBe('B : Y\t\r\n\tZ  ')
    const body = Buffer.from(' C \r\nD \t E\r\n\r\n\r\n')
    expect(canonicalBody(body, 'relaxed').toString()).toBe(' C\r\nD E\r\n')
    expect(canonicalBody(body, 'simple').toString()).toBe(' C \r\nD \t E\r\n')
  })
  it('of an empty body hash to the values of RFC 6376 §3.4.3 and §3.4.4', () => {
    for (const body of ['', '\r\n', '\r\n\r\n']) {
      expect(bodyHasher(Buffer.from(body)).hash('simple', 'sha256', null)).toBe(
        'frcCV1k9oG9oKj3dpUqdJg1PxRT2RSN/XKdLCPjaYaY=',
      )
      expect(bodyHasher(Buffer.from(body)).hash('relaxed', 'sha256', null)).toBe(
        '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=',
      )
    }
    expect(bodyHasher(Buffer.alloc(0)).hash('simple', 'sha1', null)).toBe('uoq1oCgLlTqpdDX/iUbLy7J1Wic=')
  })
  it('give a body without a last line end one, and keep blanks at its end out', () => {
    expect(canonicalBody(Buffer.from('a \t'), 'relaxed').toString()).toBe('a\r\n')
    expect(canonicalBody(Buffer.from('a'), 'simple').toString()).toBe('a\r\n')
    expect(canonicalBody(Buffer.from(' \r\n \r\n'), 'relaxed').toString()).toBe('')
  })
})

const mail = `From: CoachDash <hello@coachdash.example>
To: canary@example.net
Subject: Your  report
Date: Tue, 24 Nov 2026 10:00:00 +0000
Message-ID: <1@coachdash.example>
MIME-Version: 1.0

Hello  there,

your report is ready.


`
const key = rsaKey()
const name = 'pm._domainkey.coachdash.example'
const signed = (more: Partial<Signing> = {}, text = mail): string =>
  signMail(text, { domain: 'coachdash.example', selector: 'pm', key, ...more })
const one = async (raw: string, record: string | string[] | null = key.record, at?: number) =>
  (await verifyAll(raw, { [name]: record }, at))[0]

describe('a signature that is sound', () => {
  it.each(['simple/simple', 'simple/relaxed', 'relaxed/simple', 'relaxed/relaxed'] as const)('%s', async how => {
    expect(await one(signed({ canonicalization: how }))).toMatchObject({ result: 'pass', fault: 'none', bits: 2048 })
  })
  it('survives what relaxed allows, and simple does not', async () => {
    const folded = (text: string) =>
      text.replace('Subject: Your  report', 'subject:Your\r\n\treport').replace('there,', 'there, ')
    expect(await one(folded(signed()))).toMatchObject({ result: 'pass' })
    expect(await one(folded(signed({ canonicalization: 'simple/simple' })))).toMatchObject({ fault: 'body' })
  })
  it('by Ed25519, by one of two keys at the name, by a bare RSA key, with bytes above ASCII', async () => {
    const other = ed25519Key()
    expect(await one(signed({ key: other }), other.record)).toMatchObject({ result: 'pass', bits: 256 })
    expect(await one(signed(), [rsaKey(1024).record, key.record])).toMatchObject({ result: 'pass', bits: 2048 })
    const umlaut = Buffer.from(mail.replace('Hello', 'Grüße'), 'utf8').toString('latin1')
    expect(await one(signed({}, umlaut))).toMatchObject({ result: 'pass' })
  })
  it('covers fields that are not there (oversigning), so that none can be added', async () => {
    const text = signed({ fields: ['from', 'from', 'to', 'subject', 'date', 'reply-to'] })
    expect(await one(text)).toMatchObject({ result: 'pass' })
    expect(await one(text.replace('From: Coach', 'Reply-To: eve@bad.example\r\nFrom: Coach'))).toMatchObject({
      fault: 'signature',
    })
  })
  it('of part of a body says how much it leaves open', async () => {
    const text = signed({ tags: ['l=10'], length: 10 })
    expect(await one(`${text}Buy this!\r\n`)).toMatchObject({
      result: 'pass',
      reason: expect.stringMatching(/covers 10 of/),
    })
    const open = await one(signed({ tags: ['l=0'], length: 0 }))
    expect(open).toMatchObject({ result: 'pass' })
    expect(open?.uncovered).toBeGreaterThan(20)
  })
})

describe('a signature that is not sound', () => {
  it('says what is wrong with it', async () => {
    const cases: [string, string | string[] | null, object][] = [
      [signed(), [], { result: 'fail', fault: 'key-missing' }],
      [signed(), null, { result: 'unknown', fault: 'dns' }],
      [signed(), 'v=DKIM1; p=', { result: 'fail', fault: 'key-revoked' }],
      [signed(), 'v=DKIM1; k=rsa; p=MIGf!!', { result: 'fail', fault: 'key-unusable' }],
      [signed(), 'google-site-verification=abc', { result: 'fail', fault: 'key-unusable' }],
      [signed(), ed25519Key().record, { result: 'fail', fault: 'key-unusable' }],
      [signed(), `${key.record}; h=sha1`, { result: 'fail', fault: 'key-unusable' }],
      [signed(), `${key.record}; s=tlsrpt`, { result: 'fail', fault: 'key-unusable' }],
      [
        signed({ tags: ['i=@mail.coachdash.example'] }),
        `${key.record}; t=s`,
        { result: 'fail', fault: 'key-unusable' },
      ],
      [signed(), rsaKey().record, { result: 'fail', fault: 'signature' }],
      [signed().replace(/b=[^\r]*(?=\r\nFrom)/, 'b=Z2FyYmFnZQ=='), key.record, { fault: 'signature' }],
      [signed().replace(/b=[^\r]*(?=\r\nFrom)/, 'b=<script>'), key.record, { fault: 'malformed' }],
      [signed({ tags: ['l=99999999999'] }), key.record, { result: 'fail', fault: 'body' }],
      [signed({ tags: ['l=-1'] }), key.record, { result: 'fail', fault: 'malformed' }],
      [signed({ tags: ['q=http'] }), key.record, { result: 'fail', fault: 'malformed' }],
      [signed({ tags: ['i=eve@other.example'] }), key.record, { result: 'fail', fault: 'malformed' }],
      [signed({ tags: ['t=200', 'x=100'] }), key.record, { result: 'fail', fault: 'malformed' }],
      [signed({ tags: ['x=1700000000'] }), key.record, { result: 'fail', fault: 'expired' }],
      [signed({ fields: ['to', 'subject'] }), key.record, { result: 'fail', fault: 'malformed' }],
      [signed().replace('v=1', 'v=2'), key.record, { result: 'fail', fault: 'malformed' }],
      [signed().replace('a=rsa-sha256', 'a=rsa-md5'), key.record, { result: 'fail', fault: 'malformed' }],
      [signed().replace('c=relaxed/', 'c=loose/'), key.record, { result: 'fail', fault: 'malformed' }],
      [signed().replace('s=pm;', 's=../x;'), key.record, { result: 'fail', fault: 'malformed' }],
      [signed().replace('d=coachdash.example;', ''), key.record, { result: 'fail', fault: 'malformed' }],
    ]
    for (const [at, [raw, record, wanted]] of cases.entries())
      expect(await one(raw, record), `case ${at}`).toMatchObject(wanted)
  })
  it('with an algorithm or a key that receivers refuse is weak', async () => {
    expect(await one(signed({ algorithm: 'rsa-sha1' }))).toMatchObject({ result: 'weak' })
    const short = rsaKey(768)
    expect(await one(signed({ key: short }), short.record)).toMatchObject({ result: 'weak', bits: 768 })
  })
  it('expires as of the time of arrival', async () => {
    const text = signed({ tags: ['t=1790000000', 'x=1790100000'] })
    expect(await one(text, key.record, 1_790_050_000)).toMatchObject({ result: 'pass' })
    expect(await one(text, key.record, 1_790_200_000)).toMatchObject({ fault: 'expired' })
  })
  it('a changed body is told although DNS does not answer', async () => {
    expect(await one(signed().replace('ready', 'late'), null)).toMatchObject({ result: 'fail', fault: 'body' })
  })
})

describe('bounds', () => {
  it('a key of 16,384 bits is measured and tried in no time', async () => {
    const modulus = Buffer.concat([Buffer.from([0, 0xff]), randomBytes(2047)])
    const length = (size: number): Buffer => Buffer.from([0x82, size >> 8, size & 255])
    const integer = Buffer.concat([Buffer.from([2]), length(modulus.length), modulus, Buffer.from('0203010001', 'hex')])
    const der = Buffer.concat([Buffer.from([0x30]), length(integer.length), integer])
    const begun = processorTime()
    expect(await one(signed(), `v=DKIM1; p=${der.toString('base64')}`)).toMatchObject({
      fault: 'signature',
      bits: 16_384,
    })
    expect(processorTime() - begun).toBeLessThan(2000)
  })
  it('a body of 40 MB of blanks and line ends is walked once', () => {
    const body = Buffer.alloc(40 * 1024 * 1024, ' \r\n')
    const begun = processorTime()
    const hasher = bodyHasher(body)
    for (let at = 0; at < 20; at++) hasher.hash('relaxed', 'sha256', null)
    expect(processorTime() - begun).toBeLessThan(5000)
  })
  it('a header of 900 kB in one field, many tags, many fields of h= do not hang', async () => {
    const begun = processorTime()
    const long = `DKIM-Signature: v=1; ${'z=|;'.repeat(200_000)} b=\r\nFrom: a@b.example\r\n\r\n`
    expect((await verifyAll(long, {}))[0]).toMatchObject({ fault: 'malformed' })
    const many = `DKIM-Signature: v=1; a=rsa-sha256; d=b.example; s=x; h=${'from:'.repeat(20_000)}to; bh=YQ==; b=YQ==\r\nFrom: a@b.example\r\n\r\n`
    expect((await verifyAll(many, { 'x._domainkey.b.example': key.record }))[0]).toMatchObject({ fault: 'body' })
    expect(processorTime() - begun).toBeLessThan(3000)
  })
  it('what is no base64 in bh=, and hashes of the wrong kind, are faults', async () => {
    const sha1 = createHash('sha1').update('x').digest('base64')
    expect(await one(signed().replace(/bh=[^;]*/, `bh=${sha1}`))).toMatchObject({ fault: 'body' })
    expect(await one(signed().replace(/bh=[^;]*/, 'bh=@@'))).toMatchObject({ fault: 'malformed' })
  })
})
