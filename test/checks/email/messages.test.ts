// Outcomes of the checks that look at real mails and mail flows, by what a mail differs in from a sound one.
import { describe, expect, test } from 'vitest'
import mailFlow from '../../../src/checks/email/mail-flow.ts'
import messageAuthentication from '../../../src/checks/email/message-authentication.ts'
import messageForm from '../../../src/checks/email/message-form.ts'
import type { AnyCheck } from '../../../src/core/check.ts'
import { bareTarget } from '../../../src/core/target.ts'
import { arrivedWith, example as flow, triggerWith } from '../../../src/facts/email/mail-flow.example.ts'
import { linkWith, messageWith, signatureWith } from '../../../src/facts/email/message.example.ts'
import type { MessageEvidence } from '../../../src/formats/message/evidence.ts'

type Row = [name: string, message: MessageEvidence, expected: string[]]

const judged = (check: AnyCheck, facts: object, subject = 'message') => {
  const result = check.judge(facts, {
    now: Date.parse('2026-11-25T00:00:00Z'),
    subject: { kind: 'message', name: subject },
    target: bareTarget({ domain: 'example.com' }),
    options: {},
  })
  return Array.isArray(result) ? result : [result]
}
const outcomes = (check: AnyCheck, facts: object): string[] =>
  judged(check, facts).map(item => ('outcome' in item ? item.outcome : 'skip' in item ? 'skip' : 'unknown'))

const form: Row[] = [
  ['the link that the mail is for is not there', messageWith({ wantedLink: '/no-such-page' }), ['link-dead']],
  [
    'it may be behind a link that was not followed',
    messageWith({ wantedLink: '/no-such-page', linksLeftOut: 3 }),
    ['well-formed'],
  ],
  [
    'the link that the mail is for ends at somebody else',
    messageWith({
      wantedLink: '/reset',
      expectedLink: linkWith({
        expected: true,
        endedAt: { url: 'https://elsewhere.invalid/reset', host: 'elsewhere.invalid', status: 200 },
      }),
    }),
    ['link-host-mismatch'],
  ],
  [
    'no Message-ID',
    messageWith({ messageId: { value: null, problem: 'there is no Message-ID field' } }),
    ['no-message-id'],
  ],
  ['no date', messageWith({ date: { value: null, iso: null, problem: 'there is no Date field' } }), ['bad-date']],
  [
    'a newsletter with a mailto alone',
    messageWith({
      bulk: { is: true, why: 'List-Id' },
      unsubscribe: { present: true, mailto: true, inBody: true },
    }),
    ['one-click-missing'],
  ],
  [
    'another host than shown',
    messageWith({
      links: [linkWith({ faults: ['host-mismatch'], shown: 'app.example.com', host: 'x.example.net' })],
    }),
    ['link-host-mismatch'],
  ],
  [
    'plain http',
    messageWith({ links: [linkWith({ url: 'http://example.com/', faults: ['insecure'] })] }),
    ['link-insecure'],
  ],
  [
    'a developer’s machine',
    messageWith({
      links: [
        linkWith({
          url: 'http://localhost:3000/reset?token=…',
          host: 'localhost',
          faults: ['local'],
          state: 'not-followed',
        }),
      ],
    }),
    ['link-localhost'],
  ],
  [
    'clicks through the service’s own name',
    messageWith({
      links: [
        linkWith({
          host: 'u1.ct.sendgrid.net',
          service: 'SendGrid',
          faults: ['tracking-foreign'],
          state: 'not-followed',
        }),
      ],
    }),
    ['tracking-domain-foreign'],
  ],
  ['a long mail', messageWith({ content: { htmlBytes: 150_000 } }), ['too-large']],
  [
    'a variable',
    messageWith({ content: { placeholders: [{ found: 'Hi undefined', where: 'html' }] } }),
    ['placeholder-text'],
  ],
  [
    'parts that cannot be read, beside a fault',
    messageWith({ content: { problem: 'a boundary is missing', htmlBytes: 150_000 } }),
    ['too-large', 'unknown'],
  ],
]

describe('message-form', () => {
  test.each(form)('%s', (_name, message, expected) => expect(outcomes(messageForm, { message })).toEqual(expected))

  test('a mail that servers refuse is worse than one that Gmail clips', () => {
    expect(judged(messageForm, { message: messageWith({ size: 30 * 1024 * 1024 }) })).toMatchObject([
      { outcome: 'too-large', severity: 'high', data: { kilobytes: 30_720 } },
    ])
    expect(judged(messageForm, { message: messageWith({ content: { htmlBytes: 150_000 } }) })[0]).not.toHaveProperty(
      'severity',
    )
  })

  test('its fix names the link', () => {
    const [item] = judged(messageForm, {
      message: messageWith({ links: [linkWith({ state: 'dead', message: 'status 404' })] }),
    })
    const outcome = (messageForm as AnyCheck).outcomes['link-dead']
    const data = (item as unknown as { data: never }).data
    expect(outcome && 'fix' in outcome && outcome.fix(data, { kind: 'message', name: 'm' }).steps).toEqual([
      'Correct https://app.example.com/help in the template, or bring that page back: status 404.',
    ])
  })
})

const authentication: Row[] = [
  [
    'forwarded, and passed before',
    messageWith({ spf: { result: 'fail', forwarded: true }, arc: { result: 'pass', sets: 1, reason: '' } }),
    ['authenticated'],
  ],
  ['no SPF record', messageWith({ spf: { result: 'none', mechanism: null, record: null } }), ['spf-none']],
  ['a bounce without SPF', messageWith({ spf: { result: 'none', bounce: true, record: null } }), ['authenticated']],
  [
    'the key is not published',
    messageWith({
      dkim: [signatureWith({ result: 'fail', fault: 'key-missing', reason: 'there is no key', bits: null })],
    }),
    ['dkim-fail'],
  ],
  ['a signature with l=0', messageWith({ dkim: [signatureWith({ uncovered: 4000 })] }), ['dkim-partial']],
  [
    'nothing passes, and there is a policy',
    messageWith({ spf: { result: 'fail' }, dkim: [], dmarc: { result: 'fail', reason: 'neither passes' } }),
    ['spf-fail', 'dkim-unsigned', 'dmarc-fail'],
  ],
  ['two From fields', messageWith({ from: { problem: 'From stands 2 times' } }), ['from-unusable']],
  ['in the clear', messageWith({ delivery: { protocol: 'ESMTP', tls: false } }), ['no-tls']],
  [
    'a list that changes mail',
    messageWith({ arc: { result: 'fail', sets: 2, reason: 'seal 2: it does not verify' } }),
    ['arc-broken'],
  ],
  [
    'DNS does not answer for the key, and SPF is aligned',
    messageWith({
      dkim: [signatureWith({ result: 'unknown', fault: 'dns', reason: 'timeout' })],
      dmarc: { result: 'pass', reason: 'SPF passes and is aligned' },
    }),
    ['unknown'],
  ],
  [
    'a copy that tells no server',
    messageWith({ spf: { result: 'unknown', ip: null, reason: 'the message does not tell' } }),
    ['unknown'],
  ],
]

describe('message-authentication', () => {
  test.each(authentication)('%s', (_name, message, expected) =>
    expect(outcomes(messageAuthentication, { message })).toEqual(expected),
  )

  test('what a finding is about stands first in its evidence', () => {
    const [item] = judged(messageAuthentication, { message: messageWith({ delivery: { tls: false } }) })
    expect((item as unknown as { evidence: { label: string }[] }).evidence[0]?.label).toBe('delivered')
  })
})

describe('mail-flow', () => {
  test.each([
    ['trigger-failed', { trigger: triggerWith({ status: 500, problem: 'status 500' }), mail: null }],
    ['not-arrived', { mail: null, waitedSeconds: 180 }],
    ['unknown', { trigger: triggerWith({ guarded: true }), mail: null, waitedSeconds: 180 }],
    ['in-spam', { mail: arrivedWith({ folder: '[Gmail]/Spam', spam: true }) }],
    ['late', { mail: arrivedWith({ seconds: 94.2 }) }],
    ['wrong-sender', { mail: arrivedWith({ from: 'onboarding@resend.dev' }) }],
    ['arrives', {}],
  ])('%s', (expected, given) => expect(outcomes(mailFlow, { mailFlow: { ...flow, ...given } })).toEqual([expected]))
})
