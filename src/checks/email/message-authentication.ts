// A real mail proves who sent it: SPF, DKIM and DMARC, as its receiver judged them.
import { blocker, defineCheck, low, medium, pass } from '../../core/check.ts'
import { textEvidence } from '../../core/evidence.ts'
import { messageWith, signatureWith } from '../../facts/email/message.example.ts'
import {
  linesAbout,
  type ProofFault,
  proofLines,
  proofOf,
  signatureFaultInWords,
} from '../../formats/message/proof-faults.ts'
import { type ProofData as Data, dmarcFix, keyFix, proofFix, signFix, spfFix } from './message-fixes.ts'

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
    'spf-fail': blocker('SPF does not let the server send for {spf}', spfFix, {
      why: 'Receivers that ask for SPF refuse the mail or file it as spam; only a valid signature of yours can still pass it.',
    }),
    'spf-none': medium('SPF of {spf} does not say who may send', spfFix, {
      why: 'Receivers learn nothing from SPF of this mail: only its signature can prove that it is yours.',
    }),
    'dkim-fail': blocker('The DKIM signature does not verify: {what}', keyFix),
    'dkim-unsigned': blocker('The mail carries no DKIM signature', signFix, {
      why: 'Once it is forwarded, nothing in the mail proves that it is yours, and bulk mail without a signature is refused.',
    }),
    'dkim-partial': medium('The signature leaves part of the mail open', proofFix('dkim-partial'), {
      why: 'Anybody who gets hold of the mail can add text to it, and the signature still verifies.',
    }),
    'dmarc-fail': blocker('The mail fails DMARC of {from}', dmarcFix),
    'not-aligned': blocker('What passes is not for the domain in From', dmarcFix, {
      why: 'SPF or DKIM passes for another domain than the one that the reader sees, so it proves nothing about you.',
    }),
    'from-unusable': blocker('From cannot be used: {what}', proofFix('from-unusable')),
    'no-tls': medium('The mail was delivered without encryption', proofFix('no-tls'), {
      why: 'Everybody on the way could read this mail and the links in it.',
      impact: 'trust',
    }),
    'arc-broken': low('The chain of servers that forwarded it is broken', proofFix('arc-broken'), {
      why: 'Receivers cannot use what forwarders on the way saw of the mail; what it proves by itself stands.',
    }),
    authenticated: pass('The mail proves that it is yours'),
  },
  references: [
    'https://www.rfc-editor.org/rfc/rfc6376#section-6',
    'https://www.rfc-editor.org/rfc/rfc7208#section-2.6',
    'https://www.rfc-editor.org/rfc/rfc9989',
    'https://www.rfc-editor.org/rfc/rfc8617#section-5.2',
  ],
  judge: ({ message }) => {
    const { faults, gaps } = proofOf(message)
    const lines = proofLines(message)
    const { from, spf } = message
    const dataOf = ({ kind, signature }: Pick<ProofFault, 'signature'> & { kind?: ProofFault['kind'] }): Data => ({
      from: from.domain ?? '?',
      spf: spf.domain ?? '?',
      what: kind === 'from-unusable' ? (from.problem ?? '') : signature ? signatureFaultInWords[signature.fault] : '',
      message,
      signature,
    })
    const evidenceOf = (shown: typeof lines) => shown.map(([label, value]) => textEvidence(label, value))
    if (!faults.length && !gaps.length)
      return { outcome: 'authenticated', data: dataOf({ signature: null }), evidence: evidenceOf(lines) }
    return [
      ...faults.map(fault => ({
        outcome: fault.kind,
        data: dataOf(fault),
        evidence: evidenceOf(linesAbout(fault.kind, lines)),
        ...(fault.severity ? { severity: fault.severity } : {}),
      })),
      ...gaps.map(({ unknown, couldBe }) => ({ unknown, couldBe })),
    ]
  },
  examples: [
    { name: 'all pass', facts: {}, expect: 'authenticated' },
    {
      name: 'the server is not in SPF',
      facts: { message: messageWith({ spf: { result: 'fail', mechanism: '-all', record: 'v=spf1 -all' } }) },
      expect: 'spf-fail',
    },
    { name: 'not signed', facts: { message: { dkim: [] } }, expect: 'dkim-unsigned' },
    {
      name: 'signed by the mail service alone',
      facts: {
        message: messageWith({
          spf: { domain: 'mail.service.example', aligned: false },
          dkim: [signatureWith({ domain: 'service.example', aligned: false })],
          dmarc: { result: 'fail', reason: 'neither passes for the domain of From' },
        }),
      },
      expect: 'not-aligned',
    },
    {
      name: 'DNS does not answer for the key',
      facts: { message: { dkim: [signatureWith({ result: 'unknown', fault: 'dns', reason: 'timeout' })] } },
      expect: 'unknown',
    },
  ],
})
