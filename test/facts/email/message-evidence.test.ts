// Hostile and broken mails: each is bounded and told, nothing is thrown, and nothing personal is kept.
import { describe, expect, it } from 'vitest'
import { bareTarget } from '../../../src/core/target.ts'
import { gatherMessage, type MessageAbout } from '../../../src/facts/email/message-evidence.ts'
import type { Network } from '../../../src/net/network.ts'
import { processorTime } from '../../support/processor-time.ts'
import { rsaKey, sealMail } from '../../support/signed-mail.ts'

/** A network in which no name exists; what was asked is kept. */
const nothing = () => {
  const asked: string[] = []
  const net = {
    dns: {
      lookup: async (name: string, type: string) => {
        asked.push(`${type} ${name}`)
        return {
          ok: true,
          at: '',
          value: { status: 'NXDOMAIN', records: [], cnames: [], chain: [], authenticData: false },
        }
      },
    },
    http: async ({ url }: { url: string }) => {
      asked.push(url)
      return { ok: false, reason: 'timeout', message: 'no answer', retryable: true }
    },
  } as unknown as Network
  return { net, asked }
}

const gather = async (raw: string | Buffer, about: Partial<MessageAbout> = {}) => {
  const { net, asked } = nothing()
  const begun = processorTime()
  const evidence = await gatherMessage(
    typeof raw === 'string' ? Buffer.from(raw, 'latin1') : raw,
    { canonicalHosts: [], followLinks: false, ...about },
    {
      net,
      now: () => '2026-11-25T00:00:00Z',
      target: bareTarget({ domain: 'b.example' }),
      signal: new AbortController().signal,
      timeoutMs: 1000,
    },
  )
  const milliseconds = processorTime() - begun
  return { evidence, asked, milliseconds, size: JSON.stringify(evidence).length }
}

const head =
  'From: a@b.example\r\nDate: Tue, 24 Nov 2026 10:00:00 +0000\r\nMessage-ID: <1@b.example>\r\nSubject: Hi\r\nMIME-Version: 1.0\r\n'
const nested = (depth: number): string =>
  depth === 0
    ? `${head}\r\nHello\r\n`
    : `${head}Content-Type: multipart/mixed; boundary=b${depth}\r\n\r\n--b${depth}\r\nContent-Type: message/rfc822\r\n\r\n${nested(depth - 1)}\r\n--b${depth}--\r\n`

const hostile: Record<string, string | Buffer> = {
  'ten thousand parts': `${head}Content-Type: multipart/mixed; boundary=x\r\n\r\n${'--x\r\nContent-Type: text/plain\r\n\r\nHello\r\n'.repeat(10_000)}--x--\r\n`,
  'thirty thousand fields': `${Array.from({ length: 30_000 }, (_, at) => `X-${at}: y\r\n`).join('')}${head}\r\nHello\r\n`,
  'ten thousand Received': `${'Received: from a (b [1.2.3.4]) by c.example with ESMTP; Tue, 24 Nov 2026 10:00:00 +0000\r\n'.repeat(10_000)}${head}\r\nHello\r\n`,
  'ten thousand signatures': `${'DKIM-Signature: v=1; a=rsa-sha256; d=b.example; s=x; h=from; bh=YQ==; b=YQ==\r\n'.repeat(900)}${head}\r\nHello\r\n`,
  'a field of a megabyte': `${head}X-Long: ${'a'.repeat(1_000_000)}\r\n\r\nHello\r\n`,
  'a From of a megabyte': `From: ${'a@b.example, '.repeat(80_000)}c@d.example\r\n\r\nHello\r\n`,
  'a From of brackets': `From: ${'<'.repeat(200_000)}\r\n\r\nHello\r\n`,
  'a From of comments': `From: ${'('.repeat(200_000)}a@b.example\r\n\r\nHello\r\n`,
  'NULs everywhere': Buffer.from(`${head}\r\nHe\0llo\0`.replace('Hi', 'H\0i'), 'latin1'),
  'messages a hundred deep': nested(100),
  'parts three hundred deep': `${head}${Array.from({ length: 300 }, (_, at) => `Content-Type: multipart/mixed; boundary=b${at}\r\n\r\n--b${at}\r\n`).join('')}\r\nHello\r\n`,
  'base64 that is none': `${head}Content-Type: text/html\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!###====${'Zm9v'.repeat(10)}\x80\r\n`,
  'a charset that nobody knows': `${head}Content-Type: text/plain; charset=x-klingon\r\n\r\nHe\xe4llo\r\n`,
  'a boundary that never comes': `${head}Content-Type: multipart/mixed; boundary=never\r\n\r\nHello\r\n`,
  'an encoded word without end': `From: =?utf-8?Q?${'=C3'.repeat(50_000)}\r\n\r\nHello\r\n`,
  'HTML of a hundred thousand elements': `${head}Content-Type: text/html\r\n\r\n${'<div><a href="https://x.b.example/y">z</a>'.repeat(60_000)}`,
  'HTML nested without end': `${head}Content-Type: text/html\r\n\r\n${'<b>'.repeat(200_000)}Hi`,
  'ten thousand links': `${head}Content-Type: text/html\r\n\r\n${Array.from({ length: 10_000 }, (_, at) => `<a href="https://h${at}.b.example/">x</a>`).join('')}`,
  'braces without end': `${head}\r\n${'{{'.repeat(200_000)}${'*|'.repeat(100_000)}${'${a'.repeat(100_000)}${'[your '.repeat(100_000)}`,
  'URLs without end': `${head}\r\n${'https://'.repeat(100_000)} https://b.example/${'('.repeat(100_000)}${')'.repeat(1000)}\r\n`,
  'blanks without end': `${head}\r\nHello${' '.repeat(2_000_000)}x\r\n${'\r\n'.repeat(200_000)}`,
  'ARC in a circle': sealMail(`${head}\r\nHello\r\n`, {
    domain: 'b.example',
    selector: 's',
    key: rsaKey(512),
    instance: 1,
    results: 'x; spf=pass',
  }).replace(/i=1;/g, 'i=3;'),
  'a header alone': head,
  'a field alone': 'From: x',
  mojibake: Buffer.from(`From: \xff\xfe <\xff@\xfe.example>\r\nDate: \xff\r\n\r\n\xff\r\n`, 'latin1'),
  'terminal codes': `From: "\x1b[31mred\x1b]0;x\x07" <a@b.example>\r\nMessage-ID: \x1b[2J\r\nDate: \x1b[2J\r\n\r\n<a href="https://b.example/\x1b[31m">\x1b[31m</a> {{\x1b[31m}}\r\n`,
}

describe('a hostile mail', () => {
  it.each(Object.keys(hostile))('%s', async name => {
    const { evidence, milliseconds, size, asked } = await gather(hostile[name]!)
    expect(milliseconds, 'time').toBeLessThan(5_000)
    expect(size, 'size of the fact').toBeLessThan(200_000)
    expect(asked.length, 'questions').toBeLessThan(200)
    expect(evidence.dkim.length).toBeLessThanOrEqual(10)
    expect(evidence.links.length).toBeLessThanOrEqual(201)
  })
  it('of 50 MB is read in seconds', async () => {
    const { milliseconds } = await gather(
      Buffer.concat([
        Buffer.from(`${head}Content-Type: text/plain\r\n\r\n`),
        Buffer.alloc(49 * 1024 * 1024, 'Hello there. \r\n'),
      ]),
    )
    expect(milliseconds).toBeLessThan(20_000)
  })
  it('says what it left out', async () => {
    const notes = async (name: string) => (await gather(hostile[name]!)).evidence
    expect((await notes('thirty thousand fields')).notes.join()).toMatch(/more than 20000 fields/)
    expect((await notes('a field of a megabyte')).notes.join()).toMatch(/larger than 256 kB/)
    expect((await notes('parts three hundred deep')).content.problem).toMatch(/more than 60 deep/)
    expect((await notes('ten thousand links')).linksLeftOut).toBeGreaterThan(1_000)
    expect((await notes('ARC in a circle')).arc).toMatchObject({
      result: 'fail',
      reason: 'the set of instance 1 is not complete',
    })
    expect((await gather(`\ufeff${head}\r\n\r\n`)).evidence.size).toBeGreaterThan(0)
  })
})

describe('what a fact keeps', () => {
  it('no recipient, no subject, no token, no login', async () => {
    const mail = `Delivered-To: ada@private.example\r\nReturn-Path: <b+ada=private.example@b.example>\r\nReceived: from m.b.example (m.b.example [192.0.2.1]) by mx.private.example with ESMTPS for <ada@private.example>; Tue, 24 Nov 2026 10:00:00 +0000\r\nAuthentication-Results: mx.private.example; spf=pass smtp.mailfrom=b+ada=private.example@b.example\r\n${head.replace('Subject: Hi', 'Subject: Secret plan')}To: Ada <ada@private.example>\r\nContent-Type: text/html\r\n\r\n<a href="https://user:hunter2@b.example/reset/9f8e7d6c5b4a39281706f5e4d3c2b1a0?token=s3cr3t&next=/x#frag">ada@private.example</a> https://b.example/t/eyJhbGciOiJIUzI1NiJ9abc123def456\r\n`
    const { evidence } = await gather(mail)
    const kept = JSON.stringify(evidence)
    expect(kept).not.toMatch(/ada|Secret plan|hunter2|9f8e7d6c|s3cr3t|frag|eyJhbGci/i)
    expect(evidence.links[0]?.url).toBe('https://b.example/reset/…?token=…&next=…#…')
  })
  it('the expected link is followed by GET where that was asked for, and only then', async () => {
    const mail = `${head}\r\nhttps://h.b.example/reset?token=abc and https://h.b.example/unsubscribe?u=1\r\n`
    expect((await gather(mail, { expectedLink: '/reset' })).evidence.expectedLink).toMatchObject({ expected: true })
    const { evidence } = await gather(mail, { expectedLink: '/reset', expectedFrom: 'B <A@b.example>' })
    expect(evidence.from.expected).toBe(true)
    expect((await gather(mail, { expectedFrom: 'c@b.example' })).evidence.from.expected).toBe(false)
  })
})
