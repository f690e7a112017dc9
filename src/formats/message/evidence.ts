// What one real message proves, as data: who sent it and whether that can be verified, its form, and where its links lead.
import type { SignatureFault } from '../dkim/signature.ts'
import type { SpfResult } from '../spf/evaluate.ts'

/** One DKIM signature. `unknown`: the key could not be looked up. `weak`: it verifies, but receivers refuse its algorithm or key. */
export type MessageSignature = {
  domain: string
  selector: string
  algorithm: string
  result: 'pass' | 'fail' | 'weak' | 'unknown'
  /** Why it does not pass, in words; for a pass what is notable of it. */
  reason: string
  /** Name of the key record. */
  keyName: string
  /** What is wrong: names the fix. */
  fault: SignatureFault
  bits: number | null
  aligned: boolean | null
  /** The key record says `t=y`. */
  testing: boolean
  /** Bytes of the body that it leaves open (l=). */
  uncovered: number
  /** Where the key that it was made with stands instead, and its record; null where it was not found elsewhere. */
  misplaced: { name: string; text: string } | null
}

export type MessageSpf = {
  /** `unknown`: not told by the message, or not by DNS; `reason` says which. */
  result: SpfResult | 'unknown'
  reason: string
  ip: string | null
  /** Where the address stands: `option`, `received-spf`, `authentication-results`, `received`. */
  ipFrom: string | null
  helo: string | null
  /** The domain that was judged: of the envelope sender, or of HELO for a bounce. */
  domain: string | null
  /** True for an empty envelope sender. */
  bounce: boolean
  mechanism: string | null
  aligned: boolean | null
  /** The SPF record that was found there. */
  record: string | null
  /** The message was forwarded, and passed where it was received first. */
  forwarded: boolean
}

export type MessageDmarc = {
  /** `none`: no record applies. */
  result: 'pass' | 'fail' | 'none' | 'unknown'
  reason: string
  organizational: string | null
  /** The record that applies, and the domain that it stands at. */
  record: string | null
  at: string | null
  policy: 'none' | 'quarantine' | 'reject'
}

export type MessageArc = { result: 'none' | 'pass' | 'fail' | 'unknown'; sets: number; reason: string }

export type MessageLink = {
  /** Values of the query and what looks like a token are shown as `…`. */
  url: string
  host: string
  text: string
  where: 'link' | 'image' | 'text' | 'unsubscribe'
  /** What is wrong with the address itself. */
  faults: ('insecure' | 'local' | 'private' | 'preview' | 'host-mismatch' | 'tracking-foreign' | 'malformed')[]
  /** Host that its text shows, where it shows another. */
  shown: string | null
  /** The mail service whose host it is. */
  service: string | null
  state: 'works' | 'dead' | 'unknown' | 'not-followed'
  /** 0 where there was no answer. */
  status: number
  message: string
  /** Where following it ended. */
  endedAt: { url: string; host: string; status: number } | null
  /** It is the link that was expected. */
  expected: boolean
}

export type MessageEvidence = {
  size: number
  from: {
    address: string | null
    domain: string | null
    /** Why From cannot be used; null when it can. */
    problem: string | null
    /** Whether it is the expected address; null where none was expected. */
    expected: boolean | null
  }
  messageId: { value: string | null; problem: string | null }
  date: { value: string | null; iso: string | null; problem: string | null }
  /** How the final server was reached. `tls` null: the message does not tell. */
  delivery: { by: string | null; from: string | null; protocol: string | null; tls: boolean | null; at: string | null }
  spf: MessageSpf
  dkim: MessageSignature[]
  dmarc: MessageDmarc
  arc: MessageArc
  /** What the receiver itself wrote down: `{ by, method: 'spf', result: 'pass', detail }`. */
  stated: { by: string; method: string; result: string; detail: string }[]
  bulk: { is: boolean; why: string }
  unsubscribe: {
    present: boolean
    https: boolean
    mailto: boolean
    oneClick: boolean
    /** Both fields are under a signature that passes; null where none passes or there is nothing to sign. */
    signed: boolean | null
    /** A link or a sentence in the body offers it. */
    inBody: boolean
  }
  content: {
    text: boolean
    html: boolean
    calendar: boolean
    /** Bytes of the decoded HTML. */
    htmlBytes: number
    parts: number
    placeholders: { found: string; where: 'subject' | 'text' | 'html' | 'link' }[]
    /** Why the parts could not be read; null when they could. */
    problem: string | null
  }
  links: MessageLink[]
  /** How many links were not looked at, for their number. */
  linksLeftOut: number
  /** Text that the URL of a link was expected to contain; null where none was. */
  wantedLink: string | null
  /** The link that was expected; null where none was, or it is not there. */
  expectedLink: MessageLink | null
  canonicalHosts: string[]
  /** What was left out or put right while reading. */
  notes: string[]
}
