// A sound message, and makers of messages that differ in what an example is about.
import type { MessageEvidence, MessageLink, MessageSignature } from '../../formats/message/evidence.ts'

/** A signature of example.com that verifies, with what is given changed. */
export const signatureWith = (given: Partial<MessageSignature> = {}): MessageSignature => ({
  domain: 'example.com',
  selector: 'pm',
  algorithm: 'rsa-sha256',
  result: 'pass',
  reason: '',
  keyName: 'pm._domainkey.example.com',
  fault: 'none',
  bits: 2048,
  aligned: true,
  testing: false,
  uncovered: 0,
  misplaced: null,
  ...given,
})

/** A link to the product that works, with what is given changed. */
export const linkWith = (given: Partial<MessageLink> = {}): MessageLink => ({
  url: 'https://app.example.com/help',
  host: 'app.example.com',
  text: 'Help',
  where: 'link',
  faults: [],
  shown: null,
  service: null,
  state: 'works',
  status: 200,
  message: 'status 200',
  endedAt: { url: 'https://app.example.com/help', host: 'app.example.com', status: 200 },
  expected: false,
  ...given,
})

type Given = {
  [K in keyof MessageEvidence]?: MessageEvidence[K] extends unknown[] ? MessageEvidence[K] : Partial<MessageEvidence[K]>
}

/** The sound message, with the fields of its parts changed as given. */
export const messageWith = (given: Given = {}): MessageEvidence => {
  const sound: MessageEvidence = {
    size: 9_000,
    from: { address: 'hello@example.com', domain: 'example.com', problem: null, expected: null },
    messageId: { value: '<1@example.com>', problem: null },
    date: { value: 'Tue, 24 Nov 2026 10:00:00 +0000', iso: '2026-11-24T10:00:00.000Z', problem: null },
    delivery: {
      by: 'mx.example.net',
      from: 'mail.example.com',
      protocol: 'ESMTPS',
      tls: true,
      at: '2026-11-24T10:00:01.000Z',
    },
    spf: {
      result: 'pass',
      reason: 'ip4:192.0.2.25 matched',
      ip: '192.0.2.25',
      ipFrom: 'received',
      helo: 'mail.example.com',
      domain: 'bounce.example.com',
      bounce: false,
      mechanism: 'ip4:192.0.2.25',
      aligned: true,
      record: 'v=spf1 ip4:192.0.2.25 -all',
      forwarded: false,
    },
    dkim: [signatureWith()],
    dmarc: {
      result: 'pass',
      reason: 'DKIM of example.com passes and is aligned',
      organizational: 'example.com',
      record: 'v=DMARC1; p=reject; rua=mailto:dmarc@example.com',
      at: 'example.com',
      policy: 'reject',
    },
    arc: { result: 'none', sets: 0, reason: 'nobody on the way sealed it' },
    stated: [],
    bulk: { is: false, why: '' },
    unsubscribe: { present: false, https: false, mailto: false, oneClick: false, signed: null, inBody: false },
    content: { text: true, html: true, calendar: false, htmlBytes: 6_000, parts: 2, placeholders: [], problem: null },
    links: [linkWith()],
    linksLeftOut: 0,
    wantedLink: null,
    expectedLink: null,
    canonicalHosts: ['example.com', 'app.example.com'],
    notes: [],
  }
  const merged = { ...sound } as Record<string, unknown>
  for (const [key, value] of Object.entries(given))
    merged[key] =
      value !== null && typeof value === 'object' && !Array.isArray(value)
        ? { ...(merged[key] as object), ...value }
        : value
  return merged as MessageEvidence
}

/** It passes SPF, DKIM and DMARC, is well-formed, and its links work. */
export const example: MessageEvidence = messageWith()
