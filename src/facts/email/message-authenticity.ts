// SPF, DKIM, DMARC and ARC of one message, judged as its receiver would, over our own lookups. What the message does not tell (the
// address that it came from) and what DNS does not tell is `unknown`, with how to find out.
import { type ArcVerdict, validateArc } from '../../formats/dkim/arc.ts'
import {
  type BodyHasher,
  bodyHasher,
  type DkimSignature,
  type KeyLookup,
  readSignature,
  verifySignature,
} from '../../formats/dkim/signature.ts'
import { type DmarcPolicy, type DmarcRecord, effectivePolicies } from '../../formats/dmarc/dmarc.ts'
import { walkDmarc } from '../../formats/dmarc/tree-walk.ts'
import { registrableDomain } from '../../formats/dns/registrable-domain.ts'
import { domainOfAddress } from '../../formats/mail/address.ts'
import type {
  MessageArc,
  MessageDmarc,
  MessageEvidence,
  MessageSignature,
  MessageSpf,
} from '../../formats/message/evidence.ts'
import { fieldsNamed, type MessageParts } from '../../formats/message/headers.ts'
import type { MessagePath } from '../../formats/message/path.ts'
import { isInternal } from '../../formats/message/received.ts'
import { readAuthenticationResults } from '../../formats/message/stated.ts'
import { evaluateSpf, type SpfResult } from '../../formats/spf/evaluate.ts'
import { spfLookup, txtLookup } from './mail-lookups.ts'
import type { MessageAbout, MessageContext } from './message-evidence.ts'

type Given = {
  parts: MessageParts
  path: MessagePath
  /** Domain of a From that can be used; null otherwise. */
  from: string | null
  about: Pick<MessageAbout, 'ip' | 'helo' | 'sender'>
  now: number
  /** Milliseconds; null where the message does not tell. */
  arrived: number | null
  /** The receiver put its own links into the mail. */
  rewritten: boolean
}

export type Authenticity = {
  spf: MessageSpf
  dkim: MessageSignature[]
  dmarc: MessageDmarc
  arc: MessageArc
  /** Fields that a passing signature covers; null without one. */
  covered: string[] | null
}

/** Signatures that are verified: a mail has one or two, and each costs a lookup. */
const signatureLimit = 10
/** Keys are rotated, records changed: after this, a key that is gone says nothing about the mail of then. */
const staleAfter = 30 * 86_400_000

type Walked = {
  organizational: string
  record: DmarcRecord | null
  at: string | null
  policy: DmarcPolicy
  problem: string | null
}

const walkOf = async (domain: string, context: MessageContext): Promise<Walked> => {
  const walk = await walkDmarc(domain, async name => {
    const answer = await txtLookup(context.net.dns, name)
    return answer.ok ? { ok: true, records: answer.records } : { ok: false, message: answer.message }
  })
  const policies = walk.record ? effectivePolicies(walk.record) : null
  // What does not exist (RFC 8020) is governed by np; asked for only where that differs.
  const differs = walk.applies === 'subdomain' && policies && policies.nonexistent !== policies.subdomains
  const own = differs ? await context.net.dns.lookup(domain, 'A') : null
  const below = own?.ok && own.value.status === 'NXDOMAIN' ? policies?.nonexistent : policies?.subdomains
  const registered = registrableDomain(domain)
  // Public suffixes hardly ever have a record: that one does not answer hides nothing.
  const hidden = walk.steps.find(step => step.problem && (registered === null || step.domain.endsWith(registered)))
  return {
    organizational: walk.organizational,
    record: walk.record,
    at: walk.at,
    policy: (walk.applies === 'domain' ? policies?.domain : below) ?? 'none',
    problem: hidden?.problem ?? null,
  }
}

const spfResults: readonly string[] = ['none', 'neutral', 'pass', 'fail', 'softfail', 'permerror']

const judgeSpf = async ({ path, about, now, arrived }: Given, context: MessageContext): Promise<MessageSpf> => {
  const ip = about.ip ?? path.ip
  const helo = about.helo ?? path.helo
  const sender = about.sender ?? path.envelope
  const bounce = sender === ''
  const domain = bounce ? helo : sender === null ? null : (domainOfAddress(sender) ?? null)
  const found: MessageSpf = {
    result: 'unknown',
    reason: '',
    ip,
    ipFrom: about.ip ? 'option' : path.ipFrom,
    helo,
    domain,
    bounce,
    mechanism: null,
    aligned: null,
    record: null,
    forwarded: false,
  }
  const stated = path.stated.find(item => item.method === 'spf')
  if (ip === null) {
    if (stated && spfResults.includes(stated.result))
      return { ...found, result: stated.result as SpfResult, reason: `as ${stated.by || 'the receiver'} wrote down` }
    return { ...found, reason: 'the message does not tell which server delivered it; --ip <address> names it' }
  }
  if (sender === null)
    return { ...found, reason: 'the message does not tell its envelope sender; --sender <address> names it' }
  if (domain === null)
    return {
      ...found,
      reason: bounce
        ? 'a bounce is judged by the name in HELO, which is not told; --helo names it'
        : `the envelope sender ${sender.slice(0, 100)} has no domain`,
    }
  const verdict = await evaluateSpf(
    {
      ip,
      sender: bounce ? '' : sender.includes('@') ? sender : `postmaster@${sender}`,
      helo: helo ?? 'unknown',
      receiver: path.border?.by ?? undefined,
      now: Math.floor(now / 1000),
    },
    spfLookup(context.net.dns),
  )
  const judged = { ...found, mechanism: verdict.mechanism, record: verdict.tree.record?.slice(0, 600) ?? null }
  if (verdict.result === 'temperror') return { ...judged, reason: `DNS does not answer: ${verdict.reason}` }
  if (isInternal(ip) && verdict.result !== 'pass')
    return {
      ...judged,
      reason: `it was handed over inside a network (from ${ip}), where no SPF record can name the server; --ip <address> names the real one`,
    }
  if (verdict.result !== 'pass' && stated?.result === 'pass' && arrived !== null && now - arrived > staleAfter)
    return {
      ...judged,
      reason: `${verdict.result} by today’s record, and ${stated.by || 'the receiver'} wrote pass on ${new Date(arrived).toISOString().slice(0, 10)}: judge a new mail`,
    }
  return { ...judged, result: verdict.result, reason: verdict.reason }
}

const judgeDkim = async (
  given: Given,
  lookup: KeyLookup,
  hasher: BodyHasher,
  selectors: readonly string[],
): Promise<{ signatures: MessageSignature[]; covered: string[][] }> => {
  const at = Math.floor((given.arrived ?? given.now) / 1000)
  const read = fieldsNamed(given.parts, 'dkim-signature')
    .slice(0, signatureLimit)
    .map(field => readSignature(field))
  const verdicts = await Promise.all(
    read.map(signature => verifySignature(signature, given.parts.fields, hasher, lookup, at, given.arrived !== null)),
  )
  const covered: string[][] = []
  const passes = read.filter((_, index) => verdicts[index]?.result === 'pass')
  const alone = passes.length > 0 && passes.every(signature => signature.algorithm === 'ed25519-sha256')
  const signatures = read.map((signature, index): MessageSignature => {
    const { result, reason, fault, bits, testing, uncovered } = verdicts[index] as (typeof verdicts)[number]
    if (result === 'pass') covered.push(signature.fields)
    const known = {
      domain: signature.domain.slice(0, 253),
      selector: signature.selector.slice(0, 190),
      algorithm: signature.algorithm.slice(0, 40),
      keyName: `${signature.selector}._domainkey.${signature.domain}`.slice(0, 400),
      bits,
      aligned: null,
      testing,
      uncovered,
      misplaced: null,
    }
    const excuse = excuseOf(given, signature.domain, fault)
    if (result === 'fail' && excuse) return { ...known, result: 'unknown', fault, reason: `${reason}; ${excuse}` }
    return {
      ...known,
      result,
      fault,
      reason: [
        reason,
        result === 'pass' && testing ? 'its key is in test mode (t=y)' : '',
        result === 'pass' && alone ? 'Gmail and others cannot verify Ed25519 yet: sign with RSA beside it' : '',
      ]
        .filter(Boolean)
        .join('; '),
    }
  })
  for (const [index, signature] of signatures.entries())
    if (signature.fault === 'key-missing' && signature.result === 'fail')
      signature.misplaced = await misplacedKey(read[index] as DkimSignature, given, lookup, hasher, at, selectors)
  return { signatures, covered }
}

/** The key of a signature at a name where it often lands by mistake, proven by the signature itself. */
const misplacedKey = async (
  signature: DkimSignature,
  given: Given,
  lookup: KeyLookup,
  hasher: BodyHasher,
  at: number,
  selectors: readonly string[],
): Promise<MessageSignature['misplaced']> => {
  const { domain, selector } = signature
  const above = registrableDomain(domain) ?? domain
  const names = [
    `${selector}._domainkey.${domain}.${domain}`,
    `${selector}.${domain}`,
    `${selector}.domainkey.${domain}`,
    ...(above === domain ? [] : [`${selector}._domainkey.${above}`]),
    ...selectors.filter(other => other !== selector).map(other => `${other}._domainkey.${domain}`),
  ].slice(0, 12)
  const found = await Promise.all(
    names.map(async name => {
      const answer = await lookup(name)
      if (!answer.ok) return null
      for (const text of answer.texts.slice(0, 5)) {
        const verdict = await verifySignature(
          signature,
          given.parts.fields,
          hasher,
          async () => ({ ok: true, texts: [text] }),
          at,
        )
        if (verdict.result === 'pass') return { name, text: text.slice(0, 4000) }
      }
      return null
    }),
  )
  return found.find(item => item !== null) ?? null
}

/** Why a signature that does not verify here may have been sound on arrival; null where nothing speaks for it. */
const excuseOf = ({ path, now, arrived, rewritten }: Given, domain: string, fault: string): string | null => {
  const stated = path.stated.find(
    item =>
      item.method === 'dkim' &&
      item.result === 'pass' &&
      (item.properties['header.d'] ?? item.properties['header.i']?.split('@').at(-1))?.toLowerCase() === domain,
  )
  if (!stated) return null
  const who = stated.by || 'the receiver'
  if (
    (fault === 'key-missing' || fault === 'key-revoked' || fault === 'signature') &&
    arrived !== null &&
    now - arrived > staleAfter
  )
    return `${who} verified it on ${new Date(arrived).toISOString().slice(0, 10)}, and keys are rotated: judge a new mail`
  if (fault === 'body' && rewritten)
    return `${who} verified it, then rewrote its links: judge a copy that was not changed`
  return null
}

const passedBefore = (given: Given, sets: readonly { results: { value: string } }[]): boolean => {
  const first = sets[0] ? readAuthenticationResults(sets[0].results.value) : []
  const by = registrableDomain(first[0]?.by ?? null)
  return (
    // The receiver seals, too: a single set of its own is no forwarding.
    (sets.length > 1 || (by !== null && by !== registrableDomain(given.path.border?.by ?? null))) &&
    first.some(item => item.result === 'pass' && (item.method === 'spf' || item.method === 'dmarc'))
  )
}

/** Labels that two names have in common at their end. An organizational domain is common to both, and never a lone label. */
const shared = (a: string, b: string): number => {
  const [of, other] = [a.split('.').reverse(), b.split('.').reverse()]
  const at = of.findIndex((label, index) => label !== other[index])
  return at === -1 ? of.length : at
}

/** Walks to the organizational domains of this message, each done once. */
const createWalks = (context: MessageContext): ((domain: string) => Promise<Walked>) => {
  const walks = new Map<string, Promise<Walked>>()
  return domain => {
    const known = walks.get(domain) ?? walkOf(domain, context)
    walks.set(domain, known)
    return known
  }
}

/** Domains that SPF and DKIM may pass for: whether these are aligned is asked in any case, not only when both are through. */
const domainsAhead = ({ about, path, parts }: Given): (string | null)[] =>
  [
    about.sender ?? path.envelope,
    ...fieldsNamed(parts, 'dkim-signature')
      .slice(0, 3)
      .map(field => readSignature(field).domain),
  ].map(domainOfAddress)

/** Whether a domain is aligned with that of From (RFC 9989 §4.4); null where that is not known. */
const isAligned = async (
  domain: string | null,
  strict: boolean,
  given: Given,
  from: Walked | null,
  walk: (domain: string) => Promise<Walked>,
): Promise<boolean | null> => {
  if (!domain || !from || given.from === null) return null
  if (domain === given.from) return true
  if (strict || shared(domain, given.from) < 2) return false
  const other = await walk(domain)
  if (other.organizational === from.organizational) return true
  return from.problem || other.problem ? null : false
}

/** The chain of seals; a key that is gone says nothing of an old mail, whose keys were rotated since. */
const arcOf = (arc: ArcVerdict, { arrived, now }: Given): MessageArc => {
  const stale = arrived !== null && now - arrived > staleAfter && arc.fault === 'key-missing'
  return {
    result: stale ? 'unknown' : arc.result,
    sets: arc.sets.length,
    reason: stale ? `${arc.reason}; keys are rotated, and the mail is older than that` : arc.reason,
  }
}

/** Authenticates a message. */
export const authenticate = async (given: Given, context: MessageContext): Promise<Authenticity> => {
  const lookup: KeyLookup = async name => {
    const answer = await txtLookup(context.net.dns, name)
    return answer.ok ? { ok: true, texts: answer.records } : { ok: false, message: answer.message }
  }
  const hasher = bodyHasher(given.parts.body)
  const at = Math.floor((given.arrived ?? given.now) / 1000)
  const walk = createWalks(context)
  for (const domain of domainsAhead(given))
    if (domain && given.from && domain !== given.from && shared(domain, given.from) > 1) void walk(domain)
  const configured = context.target.senders.flatMap(sender =>
    sender.dkim.map(name => name.replace(/\._domainkey.*$/, '')),
  )
  const [spf, { signatures, covered }, arc, from] = await Promise.all([
    judgeSpf(given, context),
    judgeDkim(given, lookup, hasher, configured),
    validateArc(given.parts.fields, hasher, lookup, at, given.arrived !== null),
    given.from === null ? null : walk(given.from),
  ])
  const { adkim, aspf } = from?.record ?? {}
  const [spfAligned = null, ...dkimAligned] = await Promise.all([
    isAligned(spf.domain, aspf === 's', given, from, walk),
    ...signatures.map(signature => isAligned(signature.domain || null, adkim === 's', given, from, walk)),
  ])
  const dkim = signatures.map((signature, index) => ({ ...signature, aligned: dkimAligned[index] ?? null }))
  const forwarded = arc.result === 'pass' && spf.result !== 'pass' && passedBefore(given, arc.sets)
  return {
    spf: { ...spf, aligned: spfAligned, forwarded },
    dkim,
    dmarc: dmarcOf(from, spf.result, spfAligned, dkim),
    arc: arcOf(arc, given),
    covered: covered.length ? covered.flat() : null,
  }
}

const dmarcOf = (
  from: Walked | null,
  spf: MessageSpf['result'],
  spfAligned: boolean | null,
  dkim: readonly MessageSignature[],
): MessageDmarc => {
  const found: MessageDmarc = {
    result: 'unknown',
    reason: 'From names no single domain that could be judged',
    organizational: from?.organizational ?? null,
    record: from?.record?.text.slice(0, 600) ?? null,
    at: from?.at ?? null,
    policy: from?.policy ?? 'none',
  }
  if (!from) return found
  if (!from.record && from.problem)
    return { ...found, reason: `its DMARC record could not be asked for: ${from.problem}` }
  if (!from.record) return { ...found, result: 'none', reason: 'the domain has no DMARC record' }
  const proof = dkim.find(item => item.result === 'pass' && item.aligned)
  if (proof) return { ...found, result: 'pass', reason: `DKIM of ${proof.domain} passes and is aligned` }
  if (spf === 'pass' && spfAligned) return { ...found, result: 'pass', reason: 'SPF passes and is aligned' }
  const could =
    dkim.some(item => item.result === 'unknown' && item.aligned !== false) ||
    dkim.some(item => item.result === 'pass' && item.aligned === null) ||
    (spf === 'unknown' && spfAligned !== false) ||
    (spf === 'pass' && spfAligned === null)
  return could
    ? { ...found, reason: 'what could not be told about SPF or DKIM decides it' }
    : { ...found, result: 'fail', reason: 'neither SPF nor DKIM passes for the domain of From' }
}

/** What the receiver wrote, as a report shows it: local parts of addresses are left out. */
export const statedOf = (path: MessagePath): MessageEvidence['stated'] =>
  path.stated.slice(0, 20).map(({ by, method, result, properties }) => ({
    by: by.slice(0, 100),
    method,
    result,
    detail: Object.entries(properties)
      .filter(([key]) => /^(?:smtp\.(?:mailfrom|helo|remote-ip)|header\.(?:d|i|s|from))$/.test(key))
      .map(([key, value]) => `${key}=${value.replace(/^[^@\s]*@/, '@').slice(0, 100)}`)
      .join(' '),
  }))
