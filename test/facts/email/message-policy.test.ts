// Which policy a message meets, and whether an expiry counts: what depends on names that do not exist, and on a time of arrival.
import { expect, it } from 'vitest'
import { bareTarget } from '../../../src/core/target.ts'
import { gatherMessage } from '../../../src/facts/email/message-evidence.ts'
import type { Network } from '../../../src/net/network.ts'
import { rsaKey, signMail } from '../../support/signed-mail.ts'

const gather = (raw: string, texts: Record<string, string>, existing: readonly string[]) => {
  const lookup = async (name: string, type: string) => {
    const data = type === 'TXT' ? texts[name] : undefined
    const records = data === undefined ? [] : [{ name, type, data, ttl: 300 }]
    const status = records.length || existing.includes(name) ? 'NOERROR' : 'NXDOMAIN'
    return { ok: true, at: '', value: { status, records, cnames: [], chain: [], authenticData: false } }
  }
  return gatherMessage(
    Buffer.from(raw, 'latin1'),
    { canonicalHosts: [], followLinks: false },
    {
      net: { dns: { lookup } } as unknown as Network,
      now: () => '2026-11-25T00:00:00Z',
      target: bareTarget({ domain: 'b.example' }),
      signal: new AbortController().signal,
      timeoutMs: 1000,
    },
  )
}

const mailOf = (from: string, received = '') =>
  `${received}From: a@${from}\r\nDate: Tue, 24 Nov 2026 10:00:00 +0000\r\nMessage-ID: <1@b.example>\r\nSubject: Hi\r\n\r\nHello\r\n`

it.each([
  ['exists: sp', 'app.b.example', ['app.b.example'], 'none'],
  ['does not exist: np', 'invented.b.example', [], 'reject'],
  ['is the domain itself: p', 'b.example', ['b.example'], 'quarantine'],
])('a From domain that %s', async (_name, from, existing, policy) => {
  const texts = { '_dmarc.b.example': 'v=DMARC1; p=quarantine; sp=none; np=reject; rua=mailto:a@b.example' }
  expect((await gather(mailOf(from), texts, existing)).dmarc).toMatchObject({ policy })
})

const key = rsaKey()
const expired = (raw: string) =>
  signMail(raw, { domain: 'b.example', selector: 's', key, tags: ['t=1780000000', 'x=1780100000'] })
const keys = { 's._domainkey.b.example': key.record }

it('a signature that is past its end is unknown while nobody wrote down when the mail arrived', async () => {
  const [signature] = (await gather(expired(mailOf('b.example')), keys, ['b.example'])).dkim
  expect(signature).toMatchObject({
    result: 'unknown',
    reason: expect.stringContaining('does not tell when it arrived'),
  })
})

it('and has failed where somebody did', async () => {
  const received =
    'Received: from x.example (x.example [192.0.2.1]) by mx.c.example with ESMTP; Tue, 24 Nov 2026 10:00:00 +0000\r\n'
  const [signature] = (await gather(received + expired(mailOf('b.example')), keys, ['b.example'])).dkim
  expect(signature).toMatchObject({ result: 'fail' })
})
