// How mail came in, read from the fields as real servers write them (names and addresses replaced).
import { describe, expect, it } from 'vitest'
import { splitMessage } from '../../../src/formats/message/headers.ts'
import { messagePath } from '../../../src/formats/message/path.ts'
import { readReceived } from '../../../src/formats/message/received.ts'
import { readAuthenticationResults, readReceivedSpf } from '../../../src/formats/message/stated.ts'
import { leastTime } from '../../support/processor-time.ts'

const path = (...lines: string[]) =>
  messagePath(splitMessage(Buffer.from(`${lines.join('\r\n')}\r\nFrom: a@b.example\r\n\r\nHi\r\n`)))

describe('one Received field', () => {
  const cases: [string, string, object][] = [
    [
      'Gmail',
      'from mta-82-198.sender.example (mta-82-198.sender.example. [198.51.100.82]) by mx.google.com with ESMTPS id d2e1a72fcca58-724de9a1a3bsi28b3a.100.2026.11.24.02.00.01 for <canary@gmail.com> (version=TLS1_3 cipher=TLS_AES_256_GCM_SHA384 bits=256/256); Tue, 24 Nov 2026 02:00:01 -0800 (PST)',
      {
        ip: '198.51.100.82',
        helo: 'mta-82-198.sender.example',
        by: 'mx.google.com',
        tls: true,
        submission: false,
        at: '2026-11-24T10:00:01.000Z',
      },
    ],
    [
      'Gmail, inside',
      'by 2002:a05:6e02:1a2f:b0:3a7:1234:5678 with SMTP id x15csp1234; Tue, 24 Nov 2026 02:00:02 -0800 (PST)',
      { ip: null, by: null, tls: false },
    ],
    [
      'Microsoft 365',
      'from mail.sender.example (198.51.100.7) by BN8NAM12FT040.mail.protection.outlook.com (10.13.183.80) with Microsoft SMTP Server (version=TLS1_3, cipher=TLS_AES_256_GCM_SHA384) id 15.20.8182.12 via Frontend Transport; Tue, 24 Nov 2026 10:00:01 +0000',
      { ip: '198.51.100.7', helo: 'mail.sender.example', by: 'bn8nam12ft040.mail.protection.outlook.com', tls: true },
    ],
    [
      'Yahoo',
      'from 198.51.100.9 (EHLO mail.sender.example) by 10.217.150.16 with SMTPs (version=TLS1_3 cipher=TLS_AES_128_GCM_SHA256); Tue, 24 Nov 2026 10:00:01 +0000',
      { ip: '198.51.100.9', helo: 'mail.sender.example', tls: true },
    ],
    [
      'Fastmail (Postfix)',
      'from mail.sender.example (mail.sender.example [198.51.100.10]) (using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519 server-signature RSA-PSS (2048 bits)) (No client certificate requested) by mx5.messagingengine.com (Postfix) with ESMTPS id 1234 for <a@fastmail.example>; Tue, 24 Nov 2026 05:00:01 -0500 (EST)',
      { ip: '198.51.100.10', by: 'mx5.messagingengine.com', protocol: 'ESMTPS', tls: true },
    ],
    [
      'Postfix in the clear',
      'from app (unknown [198.51.100.11]) by mx.receiver.example (Postfix) with ESMTP id 4XyZ for <a@receiver.example>; Tue, 24 Nov 2026 10:00:01 +0000 (UTC)',
      { ip: '198.51.100.11', helo: null, reverse: null, tls: false, submission: false },
    ],
    [
      'Exim',
      'from [198.51.100.12] (helo=mail.sender.example) by mx.receiver.example with esmtps (TLS1.3) tls TLS_AES_256_GCM_SHA384 (Exim 4.98) (envelope-from <bounce@sender.example>) id 1tF-1 for a@receiver.example; Tue, 24 Nov 2026 10:00:01 +0000',
      { ip: '198.51.100.12', helo: 'mail.sender.example', tls: true, envelope: 'bounce@sender.example' },
    ],
    [
      'Exim with a port and IPv6',
      'from mail.sender.example ([2001:db8::25]:51234 helo=out.sender.example) by mx.receiver.example with esmtp (Exim 4.96) id 1tF-2; Tue, 24 Nov 2026 10:00:01 +0000',
      { ip: '2001:db8::25', helo: 'out.sender.example', reverse: 'mail.sender.example', tls: false },
    ],
    [
      'qmail',
      'from unknown (HELO mail.sender.example) (198.51.100.13) by mx.receiver.example with SMTP; 24 Nov 2026 10:00:01 -0000',
      { ip: '198.51.100.13', helo: 'mail.sender.example', tls: false },
    ],
    [
      'Postfix, IPv6',
      'from mail.sender.example (mail.sender.example [IPv6:2001:db8:1::5]) by mx.receiver.example with ESMTPS; Tue, 24 Nov 2026 10:00:01 +0000',
      { ip: '2001:db8:1::5', tls: true },
    ],
    [
      'Amazon SES inbound',
      'from mail.sender.example (mail.sender.example [198.51.100.14]) by inbound-smtp.us-east-1.amazonaws.com with SMTP id abc for a@receiver.example; Tue, 24 Nov 2026 10:00:01 +0000 (UTC)',
      { ip: '198.51.100.14', tls: null },
    ],
    [
      'Mimecast',
      'from mail.sender.example (mail.sender.example [198.51.100.15]) by relay.mimecast.example with ESMTP with STARTTLS (version=TLSv1.2, cipher=X) id uk-mta-1; Tue, 24 Nov 2026 10:00:01 +0000',
      { ip: '198.51.100.15', tls: true },
    ],
    [
      'a login',
      'from [10.0.0.5] (c-203-0-113-9.isp.example [203.0.113.9]) by smtp.sender.example (Postfix) with ESMTPSA id 1; Tue, 24 Nov 2026 10:00:01 +0000',
      { ip: '203.0.113.9', submission: true, tls: true },
    ],
    ['garbage', 'by ((((( ; from \\', { ip: null, by: null, at: null }],
    ['empty', '', { ip: null, by: null, protocol: null, tls: null }],
  ]
  it.each(cases)('%s', (_, value, wanted) => {
    expect(readReceived(value)).toMatchObject(wanted)
  })
  it('of a megabyte, without end, ends', () => {
    const read = (): void => {
      for (const value of [
        '('.repeat(1e6),
        'from a '.repeat(1e5),
        '[1.2.3.'.repeat(1e5),
        ': '.repeat(5e5),
        `from x (${':'.repeat(5e5)}`,
      ])
        readReceived(value)
    }
    expect(leastTime(1000, read)).toBeLessThan(1000)
  })
})

describe('what the receiver wrote', () => {
  it('is read as Gmail, Microsoft, Yahoo and OpenDKIM write it', () => {
    expect(
      readAuthenticationResults(
        'mx.google.com; dkim=pass header.i=@sender.example header.s=pm header.b="Ab/c;="; spf=pass (google.com: domain of bounce@pm.sender.example designates 198.51.100.82 as permitted sender) smtp.mailfrom=bounce@pm.sender.example; dmarc=pass (p=REJECT sp=REJECT dis=NONE) header.from=sender.example',
      ).map(({ by, method, result, properties }) => [by, method, result, Object.keys(properties).join()]),
    ).toEqual([
      ['mx.google.com', 'dkim', 'pass', 'header.i,header.s,header.b'],
      ['mx.google.com', 'spf', 'pass', 'smtp.mailfrom'],
      ['mx.google.com', 'dmarc', 'pass', 'header.from'],
    ])
    expect(
      readAuthenticationResults(
        'spf=pass (sender IP is 198.51.100.7) smtp.mailfrom=sender.example; dkim=pass (signature was verified) header.d=sender.example;dmarc=pass action=none header.from=sender.example;compauth=pass reason=100',
      ).map(({ by, method, result }) => [by, method, result]),
    ).toEqual([
      ['', 'spf', 'pass'],
      ['', 'dkim', 'pass'],
      ['', 'dmarc', 'pass'],
      ['', 'compauth', 'pass'],
    ])
    expect(readAuthenticationResults('mx.receiver.example 1; none')).toEqual([])
    expect(readAuthenticationResults('i=2; lists.example; arc=pass')[0]).toMatchObject({
      by: 'lists.example',
      method: 'arc',
    })
  })
  it('Received-SPF of Gmail, Microsoft and pypolicyd', () => {
    expect(
      readReceivedSpf(
        'pass (google.com: domain of b@s.example designates 198.51.100.82 as permitted sender) client-ip=198.51.100.82;',
      ),
    ).toEqual({ result: 'pass', ip: '198.51.100.82', helo: null, envelope: null, receiver: 'google.com' })
    expect(
      readReceivedSpf(
        'Fail (protection.outlook.com: domain of s.example does not designate 198.51.100.7 as permitted sender) receiver=protection.outlook.com; client-ip=198.51.100.7; helo=mail.s.example; pr=C',
      ),
    ).toMatchObject({ result: 'fail', ip: '198.51.100.7', helo: 'mail.s.example', receiver: 'protection.outlook.com' })
    expect(
      readReceivedSpf(
        'None (no SPF record) identity=mailfrom; client-ip=2001:db8::1; helo=x.example; envelope-from="<>"; receiver=r.example',
      ),
    ).toMatchObject({ result: 'none', ip: '2001:db8::1', envelope: '' })
  })
})

describe('the hop at which the mail came in', () => {
  it('Gmail: below two fields of its own, the address also in Received-SPF', () => {
    expect(
      path(
        'Delivered-To: canary@gmail.com',
        'Received: by 2002:a05:6e02:1a2f:b0:3a7:1:2 with SMTP id x; Tue, 24 Nov 2026 02:00:02 -0800 (PST)',
        'Return-Path: <bounce@pm.sender.example>',
        'Received: from mta.sender.example (mta.sender.example. [198.51.100.82]) by mx.google.com with ESMTPS id d2; Tue, 24 Nov 2026 02:00:01 -0800 (PST)',
        'Received-SPF: pass (google.com: domain of x designates 198.51.100.82 as permitted sender) client-ip=198.51.100.82;',
        'Authentication-Results: mx.google.com; spf=pass smtp.mailfrom=bounce@pm.sender.example',
        'Received: from app.internal (10.1.2.3) by mta.sender.example with ESMTP; Tue, 24 Nov 2026 10:00:00 +0000',
        'Authentication-Results: forged.example; dkim=pass header.d=sender.example',
      ),
    ).toMatchObject({
      ip: '198.51.100.82',
      ipFrom: 'received-spf',
      helo: 'mta.sender.example',
      envelope: 'bounce@pm.sender.example',
      border: { by: 'mx.google.com', tls: true },
      stated: [{ by: 'mx.google.com', method: 'spf', result: 'pass' }],
      hops: 3,
    })
  })
  it('Gmail to Gmail: not the laptop that handed it in', () => {
    expect(
      path(
        'Received: from mail-sor-f41.google.com (mail-sor-f41.google.com. [209.85.220.41]) by mx.google.com with SMTPS id a; Tue, 24 Nov 2026 02:00:01 -0800 (PST)',
        'Received-SPF: pass (google.com: x) client-ip=209.85.220.41;',
        'Received: from [10.0.0.5] (c-1.isp.example. [203.0.113.9]) by smtp.gmail.com with ESMTPSA id b; Tue, 24 Nov 2026 02:00:00 -0800 (PST)',
      ),
    ).toMatchObject({ ip: '209.85.220.41' })
  })
  it('Microsoft: below public addresses of its own', () => {
    expect(
      path(
        'Received: from BN8PR01.namprd12.prod.outlook.com (2603:10b6:408::1) by DM6PR01.namprd12.prod.outlook.com with HTTPS; Tue, 24 Nov 2026 10:00:03 +0000',
        'Received: from BN8NAM12FT040.eop-nam12.prod.protection.outlook.com (2603:10b6:408:cafe::5e) by BN8PR01.outlook.office365.com (2603:10b6:408::1) with Microsoft SMTP Server (version=TLS1_2, cipher=X) id 1; Tue, 24 Nov 2026 10:00:02 +0000',
        'Authentication-Results: spf=pass (sender IP is 198.51.100.7) smtp.mailfrom=sender.example; dkim=pass header.d=sender.example;dmarc=pass action=none header.from=sender.example;compauth=pass reason=100',
        'Received-SPF: Pass (protection.outlook.com: x) receiver=protection.outlook.com; client-ip=198.51.100.7; helo=mail.sender.example; pr=C',
        'Received: from mail.sender.example (198.51.100.7) by BN8NAM12FT040.mail.protection.outlook.com (10.13.183.80) with Microsoft SMTP Server (version=TLS1_3, cipher=X) id 2; Tue, 24 Nov 2026 10:00:01 +0000',
        'Received: by mail.sender.example (Postfix, from userid 33) id 3; Tue, 24 Nov 2026 10:00:00 +0000',
      ),
    ).toMatchObject({
      ip: '198.51.100.7',
      helo: 'mail.sender.example',
      envelope: 'sender.example',
      border: { tls: true },
    })
  })
  it('a forged field below the border is not believed', () => {
    expect(
      path(
        'Return-Path: <a@bad.example>',
        'Received: from evil.example (evil.example [203.0.113.66]) by mx.receiver.example with ESMTP; Tue, 24 Nov 2026 10:00:01 +0000',
        'Received: from mail.sender.example (mail.sender.example [198.51.100.7]) by mx.evil.example with ESMTPS; Tue, 24 Nov 2026 10:00:00 +0000',
        'Received-SPF: pass (x) client-ip=198.51.100.7;',
      ),
    ).toMatchObject({ ip: '203.0.113.66', ipFrom: 'received', border: { tls: false } })
  })
  it('below a delivery by LMTP and a scanner on the same machine', () => {
    expect(
      path(
        'Return-Path: <b@sender.example>',
        'Received: from mail.receiver.example ([127.0.0.1]) by mail.receiver.example with LMTP id x for <a@receiver.example>; Tue, 24 Nov 2026 10:00:03 +0000',
        'Received: from localhost (localhost [127.0.0.1]) by mail.receiver.example (Postfix) with ESMTP id 2; Tue, 24 Nov 2026 10:00:02 +0000',
        'Received: from mail.receiver.example ([127.0.0.1]) by localhost (mail.receiver.example [127.0.0.1]) (amavisd-new, port 10024) with ESMTP id 3; Tue, 24 Nov 2026 10:00:02 +0000',
        'Received: from out.sender.example (out.sender.example [198.51.100.7]) by mail.receiver.example (Postfix) with ESMTPS id 4; Tue, 24 Nov 2026 10:00:01 +0000',
      ),
    ).toMatchObject({ ip: '198.51.100.7', helo: 'out.sender.example', border: { tls: true, protocol: 'ESMTPS' } })
  })
  it('within one organization, on loopback, and not at all', () => {
    expect(
      path(
        'Received: from mail.b.example (mail.b.example [198.51.100.1]) by mx.b.example with ESMTPS; Tue, 24 Nov 2026 10:00:01 +0000',
      ),
    ).toMatchObject({ ip: '198.51.100.1' })
    expect(
      path(
        'Received: from localhost (localhost [127.0.0.1]) by mx.b.example with ESMTP; Tue, 24 Nov 2026 10:00:01 +0000',
      ),
    ).toMatchObject({ ip: '127.0.0.1' })
    expect(path('Return-Path: <>')).toMatchObject({ ip: null, border: null, envelope: '', hops: 0 })
    expect(
      path('Authentication-Results: mx.r.example; spf=pass smtp.mailfrom=s@s.example smtp.remote-ip=198.51.100.1'),
    ).toMatchObject({
      ip: '198.51.100.1',
      ipFrom: 'authentication-results',
      envelope: 's@s.example',
    })
  })
})
