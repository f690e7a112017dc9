// ARC chains: whole ones of one and three servers, and each way in which they break.
import { describe, expect, it } from 'vitest'
import { validateArc } from '../../../src/formats/dkim/arc.ts'
import { bodyHasher } from '../../../src/formats/dkim/signature.ts'
import { splitMessage } from '../../../src/formats/message/headers.ts'
import { rsaKey, sealMail } from '../../support/signed-mail.ts'

const mail = `From: CoachDash <hello@coachdash.example>
To: list@lists.example
Subject: Hello
Date: Tue, 24 Nov 2026 10:00:00 +0000
Message-ID: <1@coachdash.example>

Hello there.
`
const key = rsaKey(1024)
const keyAt = 'arc._domainkey.lists.example'
const seal = (text: string, instance: number, cv?: string): string =>
  sealMail(text, {
    domain: 'lists.example',
    selector: 'arc',
    key,
    instance,
    cv,
    results: 'mx.lists.example; spf=pass smtp.mailfrom=coachdash.example; dmarc=pass',
  })
const chain = (count: number): string => {
  let text = mail
  for (let instance = 1; instance <= count; instance++) text = seal(text, instance)
  return text
}
const validate = async (text: string, record: string | null | undefined = key.record) => {
  const parts = splitMessage(Buffer.from(text, 'latin1'))
  const { result, fault, reason, sets } = await validateArc(
    parts.fields,
    bodyHasher(parts.body),
    async name =>
      record === null
        ? { ok: false, message: 'timeout' }
        : { ok: true, texts: name === keyAt && record !== undefined && record !== '' ? [record] : [] },
    1_790_000_000,
  )
  return { result, fault, reason, sets: sets.length }
}

describe('a chain that is whole', () => {
  it.each([1, 3])('of %s', async count => {
    expect(await validate(chain(count))).toEqual({ result: 'pass', fault: 'none', reason: '', sets: count })
  })
  it('without any set is none', async () => {
    expect(await validate(mail)).toMatchObject({ result: 'none', sets: 0 })
  })
})

describe('a chain that is not', () => {
  it('says where it breaks', async () => {
    const cases: [string, string | null | undefined, object][] = [
      [chain(2).replace('there', 'you'), key.record, { result: 'fail', fault: 'signature' }],
      [chain(2).replace('spf=pass', 'spf=fail'), key.record, { result: 'fail', fault: 'signature' }],
      [chain(2), rsaKey(1024).record, { result: 'fail', fault: 'signature' }],
      [chain(2), '', { result: 'fail', fault: 'key-missing' }],
      [chain(2), null, { result: 'unknown', fault: 'dns' }],
      [seal(chain(1), 2, 'fail'), key.record, { result: 'fail', fault: 'claimed' }],
      [seal(mail, 1, 'pass'), key.record, { result: 'fail', fault: 'structure' }],
      [seal(seal(mail, 1), 1), key.record, { result: 'fail', fault: 'structure' }],
      [seal(mail, 2), key.record, { result: 'fail', fault: 'structure' }],
      [chain(1).replace(/ARC-Message-Signature:[\s\S]*?(?=\r\nARC)/, 'X-Gone: 1'), key.record, { fault: 'structure' }],
      [chain(1).replace('ARC-Seal: i=1;', 'ARC-Seal: i=51;'), key.record, { fault: 'structure' }],
      [chain(1).replace('ARC-Seal: i=1;', 'ARC-Seal:'), key.record, { fault: 'structure' }],
      [chain(1).replace('cv=none;', 'cv=none; h=from;'), key.record, { fault: 'structure' }],
      [chain(1).replace('s=arc;\r\n b=', 's=arc;\r\n x='), key.record, { fault: 'structure' }],
    ]
    for (const [at, [text, record, wanted]] of cases.entries())
      expect(await validate(text, record), `case ${at}`).toMatchObject(wanted)
  })
  it.each([
    [
      'a tag of the seal stands twice',
      (text: string) => text.replace('cv=none;', 'cv=none; cv=none;'),
      /cannot be read: cv= stands more than once/,
    ],
    ['a stray ";" in the seal', (text: string) => text.replace('cv=none;', 'cv=none;;'), /a ";" stands where/],
    ['a tag name in capitals', (text: string) => text.replace('cv=none;', 'CV=none;'), /says cv=/],
    ['an instance in capitals', (text: string) => text.replace('ARC-Seal: i=1;', 'ARC-Seal: I=1;'), /has no instance/],
    [
      'a stray ";" in the message signature',
      (text: string) => text.replace('ARC-Message-Signature: i=1;', 'ARC-Message-Signature: i=1;;'),
      /message signature 1 cannot be read/,
    ],
    [
      'a message signature that covers a seal',
      (text: string) => text.replace(/(ARC-Message-Signature:[\s\S]*?)\bh=/, '$1h=ARC-Seal:'),
      /covers ARC-Seal/,
    ],
  ])('%s', async (_name, spoil, reason) => {
    const text = chain(1)
    expect(spoil(text)).not.toBe(text)
    expect(await validate(spoil(text))).toMatchObject({
      result: 'fail',
      fault: 'structure',
      reason: expect.stringMatching(reason),
    })
  })
  it('with instances that run in a circle, or a thousand sets, ends at once', async () => {
    const circle = `${seal(mail, 1)}`.replace(/i=1;/g, (_, at: number) => `i=${(at % 3) + 1};`)
    expect(await validate(circle)).toMatchObject({ result: 'fail', fault: 'structure' })
    const many = Array.from({ length: 1000 }, (_, at) => `ARC-Seal: i=${at}; cv=none; b=x\r\n`).join('')
    expect(await validate(many + mail)).toMatchObject({ result: 'fail', fault: 'structure' })
  })
})
