// Whether a message proves who sent it: what SPF, DKIM, DMARC and ARC leave open, or refute.

import type { MessageEvidence, MessageSignature } from './evidence.ts'
import type { Line } from './form-faults.ts'

export type ProofFaultKind =
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

/** One fault; `severity` where the rest of the message makes it less than usual, `signature` the one that it is about. */
export type ProofFault = {
  kind: ProofFaultKind
  severity?: 'high' | 'low'
  signature: MessageSignature | null
}

/** What could not be judged, and the worst that it may hide. */
export type ProofGap = { method: 'SPF' | 'DKIM' | 'DMARC' | 'ARC'; unknown: string; couldBe: 'blocker' | 'low' }

export type Proof = { faults: ProofFault[]; gaps: ProofGap[] }

const nothing: Proof = { faults: [], gaps: [] }

const isPass = (item: MessageSignature): boolean => item.result === 'pass'

const fault = (kind: ProofFaultKind, more: Partial<ProofFault> = {}): ProofFault => ({ kind, signature: null, ...more })

const gap = (method: ProofGap['method'], reason: string, couldBe: ProofGap['couldBe']): ProofGap => ({
  method,
  unknown: `${method}: ${reason}`,
  couldBe,
})

/** SPF of the server that delivered the message. */
export const spfProof = ({ spf, dmarc }: Pick<MessageEvidence, 'spf' | 'dmarc'>): Proof => {
  if (spf.result === 'unknown') return { faults: [], gaps: [gap('SPF', spf.reason, 'blocker')] }
  if (spf.result === 'pass' || spf.forwarded) return nothing
  // Bounces are sent in the name of a server, which seldom has a record of its own.
  if (spf.result === 'none' || spf.result === 'neutral')
    return spf.bounce ? nothing : { faults: [fault('spf-none')], gaps: [] }
  const soft = spf.result === 'softfail' && dmarc.result === 'pass'
  return { faults: [fault('spf-fail', soft ? { severity: 'high' } : {})], gaps: [] }
}

/** The signatures of the message. */
export const dkimProof = ({ dkim }: Pick<MessageEvidence, 'dkim'>): Proof => {
  if (dkim.length === 0) return { faults: [fault('dkim-unsigned')], gaps: [] }
  const proven = dkim.some(item => isPass(item) && item.aligned)
  const failing = dkim.filter(item => item.result === 'fail' || item.result === 'weak')
  // Beside a signature that proves the domain, one of a service on the way need not be judged.
  const open =
    dkim.find(item => item.result === 'unknown' && item.aligned !== false) ??
    (proven ? undefined : dkim.find(item => item.result === 'unknown'))
  // Signatures of services on the way beside one that proves the domain are nobody's fault.
  const failed = failing.find(item => item.aligned !== false) ?? (dkim.some(isPass) || open ? undefined : failing[0])
  const partial = dkim.find(item => isPass(item) && item.uncovered > 0 && item.aligned !== false)
  return {
    faults: [
      ...(failed ? [fault('dkim-fail', { signature: failed, ...(proven ? { severity: 'low' } : {}) })] : []),
      ...(partial ? [fault('dkim-partial', { signature: partial })] : []),
    ],
    gaps: open ? [gap('DKIM', open.reason, proven ? 'low' : 'blocker')] : [],
  }
}

/** Something passes, nothing for the domain in From, and nothing that is unknown might. */
export const isUnaligned = ({
  spf,
  dkim,
  from,
  dmarc,
}: Pick<MessageEvidence, 'spf' | 'dkim' | 'from' | 'dmarc'>): boolean => {
  if (from.problem || dmarc.result === 'pass') return false
  const passes = [...dkim.filter(isPass), ...(spf.result === 'pass' ? [spf] : [])]
  const open = [...dkim, spf].some(item => item.result === 'unknown' && item.aligned !== false)
  return passes.length > 0 && !open && passes.every(item => item.aligned === false)
}

/** Everything that the message does not prove, or that could not be judged. */
export const proofOf = (message: MessageEvidence): Proof => {
  const { from, dmarc, delivery, arc } = message
  const parts = [spfProof(message), dkimProof(message)]
  const gaps = parts.flatMap(part => part.gaps)
  return {
    faults: [
      ...(from.problem ? [fault('from-unusable')] : []),
      ...parts.flatMap(part => part.faults),
      ...(isUnaligned(message) ? [fault('not-aligned')] : []),
      ...(dmarc.result === 'fail' ? [fault('dmarc-fail')] : []),
      ...(delivery.tls === false ? [fault('no-tls')] : []),
      ...(arc.result === 'fail' ? [fault('arc-broken')] : []),
    ],
    gaps: [
      ...gaps,
      ...(arc.result === 'unknown' ? [gap('ARC', arc.reason, 'low')] : []),
      // Where SPF or DKIM is unknown, DMARC is for the same reason: it is reported once.
      ...(dmarc.result === 'unknown' && !from.problem && gaps.length === 0
        ? [gap('DMARC', dmarc.reason, 'blocker')]
        : []),
    ],
  }
}

/** What is wrong with a signature, in the words of a title; empty where nothing is. */
export const signatureFaultInWords: Record<MessageSignature['fault'], string> = {
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

const dkimLine = (item: MessageSignature): Line => [
  'DKIM',
  [
    `${item.result} for ${item.domain} (selector ${item.selector}, ${item.algorithm}${item.bits ? `, ${item.bits} bits` : ''})`,
    item.aligned === false ? ', not aligned' : '',
    item.reason ? `: ${item.reason}` : '',
    item.misplaced ? `; the key stands at ${item.misplaced.name}` : '',
  ].join(''),
]

const spfLine = ({ spf }: MessageEvidence): Line => [
  'SPF',
  [
    spf.result,
    spf.domain ? ` for ${spf.domain}` : '',
    spf.ip ? `, sent by ${spf.ip}` : '',
    `: ${spf.reason}`,
    spf.forwarded ? '; it passed before it was forwarded' : '',
  ].join(''),
]

const deliveryLine = ({ delivery, spf }: MessageEvidence): Line => [
  'delivered',
  delivery.by || delivery.from
    ? `by ${delivery.from ?? spf.ip ?? 'a server without a name'} to ${delivery.by ?? 'the receiver'}${delivery.protocol ? ` with ${delivery.protocol}` : ''}`
    : 'the mail has no Received field that tells; it may be a copy from before it was sent',
]

/** Everything that was judged, as labels and values: our own verdicts, then what the receiver wrote down. */
export const proofLines = (message: MessageEvidence): Line[] => {
  const { dkim, dmarc, arc, stated, from, notes } = message
  return [
    ['From', from.problem ?? from.domain ?? ''],
    spfLine(message),
    ...(dkim.length ? dkim.map(dkimLine) : [['DKIM', 'not signed'] as const]),
    ['DMARC', `${dmarc.result}: ${dmarc.reason}${dmarc.record ? ` (${dmarc.record})` : ''}`],
    ...(arc.sets || arc.result === 'fail'
      ? [['ARC', `${arc.result}, sealed ${arc.sets} times${arc.reason ? `: ${arc.reason}` : ''}`] as const]
      : []),
    deliveryLine(message),
    ...stated
      .filter(item => ['spf', 'dkim', 'dmarc'].includes(item.method))
      .map((item): Line => [`${item.by || 'the receiver'} wrote`, `${item.method}=${item.result} ${item.detail}`]),
    ...notes.map((note): Line => ['note', note]),
  ]
}

/** Which line a fault is about: it stands first. */
const about: Partial<Record<ProofFaultKind, string>> = {
  'spf-fail': 'SPF',
  'spf-none': 'SPF',
  'dkim-fail': 'DKIM',
  'dkim-unsigned': 'DKIM',
  'dkim-partial': 'DKIM',
  'dmarc-fail': 'DMARC',
  'no-tls': 'delivered',
  'arc-broken': 'ARC',
}

/** The lines with those that the fault is about in front. */
export const linesAbout = (kind: ProofFaultKind, lines: readonly Line[]): Line[] => [
  ...lines.filter(([label]) => label === about[kind]),
  ...lines.filter(([label]) => label !== about[kind]),
]
