// A real mail proves who sent it: SPF, DKIM and DMARC, as its receiver judged them.
import { defineCheck, type OutcomeHolds, type Unknown } from '../../core/check.ts'
import type { MessageEvidence, MessageSignature } from '../../facts/email/message-evidence.ts'
import { evidence } from './mail-records.ts'
import { exampleMessage, exampleSignature } from './message-examples.ts'
import { byHand, type ProofData as Data, dmarcFix, keyFix, spfFix, viewOriginal } from './message-fixes.ts'

type Outcome =
  | 'spf-fail'
  | 'spf-none'
  | 'dkim-fail'
  | 'dkim-unsigned'
  | 'dkim-partial'
  | 'dmarc-fail'
  | 'not-aligned'
  | 'from-unusable'
  | 'no-tls'
  | 'arc-broken'
  | 'authenticated'

export default defineCheck<Data>()({
  id: 'message-authentication',
  stage: 'email',
  on: 'message',
  title: 'A real mail proves that it is yours',
  why: 'What DNS promises, a mail must keep: the server that delivered it is in SPF, the signature verifies over the bytes that arrived, and one of both is for the domain in From. Signatures are verified here, with our own lookups; what the receiver wrote down stands beside. The address of the sending server is read from the receiver’s own fields; a mail that does not tell it cannot be judged by SPF.',
  impact: {
    journey: 'email',
    owner: 'Receivers cannot tell this mail from a forgery, and file it as spam or refuse it.',
  },
  needs: ['message'],
  actions: ['email message'],
  signals: ['never-verified'],
  outcomes: {
    'spf-fail': {
      status: 'fail',
      severity: 'blocker',
      title: 'SPF does not let the server send for {spf}',
      fix: data => spfFix(data),
    },
    'spf-none': {
      status: 'fail',
      severity: 'medium',
      title: 'SPF of {spf} does not say who may send',
      fix: data => spfFix(data),
    },
    'dkim-fail': {
      status: 'fail',
      severity: 'blocker',
      title: 'The DKIM signature does not verify: {what}',
      fix: data => keyFix(data),
    },
    'dkim-unsigned': {
      status: 'fail',
      severity: 'blocker',
      title: 'The mail carries no DKIM signature',
      fix: ({ from, message }) =>
        byHand(`Sign mail of ${from} with DKIM`, [
          `Turn DKIM on where this mail is sent, for ${from}, publish the key that is shown there, and send again.`,
          ...(message.delivery.at === null ? [`This copy may be older than its delivery. ${viewOriginal}`] : []),
        ]),
    },
    'dkim-partial': {
      status: 'fail',
      severity: 'medium',
      title: 'The signature leaves part of the mail open',
      why: 'Anybody who gets hold of the mail can add text to it, and the signature still verifies.',
      fix: () =>
        byHand('Sign the whole body', [
          'Take the body length (l=, "BodyLengths" in OpenDKIM) out of the signer’s settings.',
        ]),
    },
    'dmarc-fail': {
      status: 'fail',
      severity: 'blocker',
      title: 'The mail fails DMARC of {from}',
      fix: data => dmarcFix(data),
    },
    'not-aligned': {
      status: 'fail',
      severity: 'blocker',
      title: 'What passes is not for the domain in From',
      why: 'SPF or DKIM passes for another domain than the one that the reader sees, so it proves nothing about you.',
      fix: data => dmarcFix(data),
    },
    'from-unusable': {
      status: 'fail',
      severity: 'blocker',
      title: 'From cannot be used: {what}',
      fix: () =>
        byHand('Give the mail one From address of your domain', [
          'Set exactly one From field with one address where the mail is composed.',
        ]),
    },
    'no-tls': {
      status: 'fail',
      severity: 'medium',
      title: 'The mail was delivered without encryption',
      why: 'Everybody on the way could read this mail and the links in it.',
      impact: 'trust',
      fix: () =>
        byHand('Let the sending server use TLS', [
          'Turn on opportunistic TLS for outgoing mail (Postfix: smtp_tls_security_level = may), or send through a mail service.',
        ]),
    },
    'arc-broken': {
      status: 'fail',
      severity: 'low',
      title: 'The chain of servers that forwarded it is broken',
      fix: () =>
        byHand('Have the forwarding server seal mail again', [
          'The list or forwarder named above changes mail after sealing it, or its key is gone; tell whoever runs it.',
        ]),
    },
    authenticated: { status: 'pass', title: 'The mail proves that it is yours' },
  },
  references: [
    'https://www.rfc-editor.org/rfc/rfc6376#section-6',
    'https://www.rfc-editor.org/rfc/rfc7208#section-2.6',
    'https://www.rfc-editor.org/rfc/rfc9989',
    'https://www.rfc-editor.org/rfc/rfc8617#section-5.2',
  ],
  judge: ({ message }) => {
    const seen = evidenceOf(message)
    const say = (
      outcome: Outcome,
      more: Partial<OutcomeHolds<Outcome, Data>> = {},
      signature: MessageSignature | null = null,
    ) => ({
      outcome,
      data: {
        from: message.from.domain ?? '?',
        spf: message.spf.domain ?? '?',
        what: outcome === 'from-unusable' ? (message.from.problem ?? '') : signature ? shortly[signature.fault] : '',
        message,
        signature,
      },
      evidence: [...seen].sort((a, b) => Number(b.label === about[outcome]) - Number(a.label === about[outcome])),
      ...more,
    })
    const held: (OutcomeHolds<Outcome, Data> | Unknown)[] = [
      ...(message.from.problem ? [say('from-unusable')] : []),
      ...spfHeld(message, say),
      ...dkimHeld(message, say),
      ...(isUnaligned(message) ? [say('not-aligned')] : []),
      ...(message.dmarc.result === 'fail' ? [say('dmarc-fail')] : []),
      ...(message.delivery.tls === false ? [say('no-tls')] : []),
      ...(message.arc.result === 'fail' ? [say('arc-broken')] : []),
      ...(message.arc.result === 'unknown' ? [{ unknown: `ARC: ${message.arc.reason}`, couldBe: 'low' as const }] : []),
    ]
    // A record that could not be asked for is told once; where SPF or DKIM is unknown, DMARC is for the same reason.
    const told = held.some(item => 'unknown' in item && !item.unknown.startsWith('ARC'))
    if (message.dmarc.result === 'unknown' && !message.from.problem && !told)
      held.push({ unknown: `DMARC: ${message.dmarc.reason}`, couldBe: 'blocker' })
    return held.length ? held : say('authenticated')
  },
  examples: [
    { name: 'all pass', facts: { message: exampleMessage() }, expect: 'authenticated' },
    {
      name: 'the server is not in SPF',
      facts: { message: exampleMessage({ spf: { result: 'fail', mechanism: '-all', record: 'v=spf1 -all' } }) },
      expect: 'spf-fail',
    },
    {
      name: 'forwarded, and passed before',
      facts: {
        message: exampleMessage({
          spf: { result: 'fail', forwarded: true },
          arc: { result: 'pass', sets: 1, reason: '' },
        }),
      },
      expect: 'authenticated',
    },
    {
      name: 'no SPF record',
      facts: { message: exampleMessage({ spf: { result: 'none', mechanism: null, record: null } }) },
      expect: 'spf-none',
    },
    {
      name: 'the key is not published',
      facts: {
        message: exampleMessage({
          dkim: [exampleSignature({ result: 'fail', fault: 'key-missing', reason: 'there is no key', bits: null })],
        }),
      },
      expect: 'dkim-fail',
    },
    { name: 'not signed', facts: { message: exampleMessage({ dkim: [] }) }, expect: 'dkim-unsigned' },
    {
      name: 'a signature with l=0',
      facts: { message: exampleMessage({ dkim: [exampleSignature({ uncovered: 4000 })] }) },
      expect: 'dkim-partial',
    },
    {
      name: 'nothing passes, and there is a policy',
      facts: {
        message: exampleMessage({
          spf: { result: 'fail' },
          dkim: [],
          dmarc: { result: 'fail', reason: 'neither passes' },
        }),
      },
      expect: 'dmarc-fail',
    },
    {
      name: 'signed by the mail service alone',
      facts: {
        message: exampleMessage({
          spf: { domain: 'mail.service.example', aligned: false },
          dkim: [exampleSignature({ domain: 'service.example', aligned: false })],
          dmarc: { result: 'fail', reason: 'neither passes for the domain of From' },
        }),
      },
      expect: 'not-aligned',
    },
    {
      name: 'two From fields',
      facts: { message: exampleMessage({ from: { problem: 'From stands 2 times' } }) },
      expect: 'from-unusable',
    },
    {
      name: 'in the clear',
      facts: { message: exampleMessage({ delivery: { protocol: 'ESMTP', tls: false } }) },
      expect: 'no-tls',
    },
    {
      name: 'a list that changes mail',
      facts: { message: exampleMessage({ arc: { result: 'fail', sets: 2, reason: 'seal 2: it does not verify' } }) },
      expect: 'arc-broken',
    },
    {
      name: 'DNS does not answer for the key',
      facts: {
        message: exampleMessage({
          dkim: [exampleSignature({ result: 'unknown', fault: 'dns', reason: 'timeout' })],
          dmarc: { result: 'pass', reason: 'SPF passes and is aligned' },
        }),
      },
      expect: 'unknown',
    },
    {
      name: 'a copy that tells no server',
      facts: { message: exampleMessage({ spf: { result: 'unknown', ip: null, reason: 'the message does not tell' } }) },
      expect: 'unknown',
    },
  ],
})

type Say = (
  outcome: Outcome,
  more?: Partial<OutcomeHolds<Outcome, Data>>,
  signature?: MessageSignature | null,
) => OutcomeHolds<Outcome, Data>

/** Which line of the evidence an outcome is about: it stands first. */
const about: Partial<Record<Outcome, string>> = {
  'spf-fail': 'SPF',
  'spf-none': 'SPF',
  'dkim-fail': 'DKIM',
  'dkim-unsigned': 'DKIM',
  'dkim-partial': 'DKIM',
  'dmarc-fail': 'DMARC',
  'no-tls': 'delivered',
  'arc-broken': 'ARC',
}

const shortly: Record<MessageSignature['fault'], string> = {
  none: '',
  'key-missing': 'no key in DNS',
  'key-revoked': 'the key is revoked',
  'key-unusable': 'the key is unusable',
  body: 'the body was changed',
  signature: 'wrong key or changed header',
  malformed: 'it is malformed',
  expired: 'it has expired',
  weak: 'too weak for receivers',
  dns: '',
}

const isPass = (item: MessageSignature): boolean => item.result === 'pass'

const spfHeld = ({ spf, dmarc }: MessageEvidence, say: Say): (OutcomeHolds<Outcome, Data> | Unknown)[] => {
  if (spf.result === 'unknown') return [{ unknown: `SPF: ${spf.reason}`, couldBe: 'blocker' }]
  if (spf.result === 'pass' || spf.forwarded) return []
  // Bounces are sent in the name of a server, which seldom has a record of its own.
  if (spf.result === 'none' || spf.result === 'neutral') return spf.bounce ? [] : [say('spf-none')]
  const soft = spf.result === 'softfail' && dmarc.result === 'pass'
  return [say('spf-fail', soft ? { severity: 'high' } : {})]
}

const dkimHeld = ({ dkim }: MessageEvidence, say: Say): (OutcomeHolds<Outcome, Data> | Unknown)[] => {
  if (dkim.length === 0) return [say('dkim-unsigned')]
  const proven = dkim.some(item => isPass(item) && item.aligned)
  const failing = dkim.filter(item => item.result === 'fail' || item.result === 'weak')
  const own = failing.find(item => item.aligned !== false)
  // Beside a signature that proves the domain, one of a service on the way need not be told.
  const untold =
    dkim.find(item => item.result === 'unknown' && item.aligned !== false) ??
    (proven ? undefined : dkim.find(item => item.result === 'unknown'))
  const open = dkim.find(item => isPass(item) && item.uncovered > 0 && item.aligned !== false)
  // Signatures of services on the way beside one that proves the domain are nobody's fault.
  const matters = own ?? (dkim.some(isPass) || untold ? undefined : failing[0])
  return [
    ...(matters ? [say('dkim-fail', proven ? { severity: 'low' } : {}, matters)] : []),
    ...(untold && !proven ? [{ unknown: `DKIM: ${untold.reason}`, couldBe: 'blocker' as const }] : []),
    ...(untold && proven ? [{ unknown: `DKIM: ${untold.reason}`, couldBe: 'low' as const }] : []),
    ...(open ? [say('dkim-partial', {}, open)] : []),
  ]
}

/** Something passes, nothing for the domain in From, and nothing that could not be told might. */
const isUnaligned = ({ spf, dkim, from, dmarc }: MessageEvidence): boolean => {
  if (from.problem || dmarc.result === 'pass') return false
  const passes = [...dkim.filter(isPass), ...(spf.result === 'pass' ? [spf] : [])]
  const open = [...dkim, spf].some(item => item.result === 'unknown' && item.aligned !== false)
  return passes.length > 0 && !open && passes.every(item => item.aligned === false)
}

const evidenceOf = (message: MessageEvidence) => {
  const { spf, dkim, dmarc, arc, delivery, stated } = message
  return [
    evidence('From', message.from.problem ?? message.from.domain ?? ''),
    evidence(
      'SPF',
      `${spf.result}${spf.domain ? ` for ${spf.domain}` : ''}${spf.ip ? `, sent by ${spf.ip}` : ''}: ${spf.reason}${spf.forwarded ? '; it passed before it was forwarded' : ''}`,
    ),
    ...(dkim.length
      ? dkim.map(item =>
          evidence(
            'DKIM',
            `${item.result} for ${item.domain} (selector ${item.selector}, ${item.algorithm}${item.bits ? `, ${item.bits} bits` : ''})${item.aligned === false ? ', not aligned' : ''}${item.reason ? `: ${item.reason}` : ''}${item.misplaced ? `; the key stands at ${item.misplaced.name}` : ''}`,
          ),
        )
      : [evidence('DKIM', 'not signed')]),
    evidence('DMARC', `${dmarc.result}: ${dmarc.reason}${dmarc.record ? ` (${dmarc.record})` : ''}`),
    ...(arc.sets || arc.result === 'fail'
      ? [evidence('ARC', `${arc.result}, sealed ${arc.sets} times${arc.reason ? `: ${arc.reason}` : ''}`)]
      : []),
    ...(delivery.by || delivery.from
      ? [
          evidence(
            'delivered',
            `by ${delivery.from ?? spf.ip ?? 'a server without a name'} to ${delivery.by ?? 'the receiver'}${delivery.protocol ? ` with ${delivery.protocol}` : ''}`,
          ),
        ]
      : [evidence('delivered', 'the mail has no Received field that tells; it may be a copy from before it was sent')]),
    ...stated
      .filter(item => ['spf', 'dkim', 'dmarc'].includes(item.method))
      .map(item => evidence(`${item.by || 'the receiver'} wrote`, `${item.method}=${item.result} ${item.detail}`)),
    ...message.notes.map(note => evidence('note', note)),
  ]
}
