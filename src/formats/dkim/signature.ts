// DKIM signatures (RFC 6376, RFC 8301, RFC 8463): read, canonicalised and verified over the bytes of a message. Keys come from an
// injected lookup; a lookup that fails is `unknown`, never a failed signature.
import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto'
import type { HeaderField } from '../message/headers.ts'
import { type DkimKey, looksLikeDkim, parseDkimKey } from './dkim.ts'
import { parseTagList, tagValue } from './tag-list.ts'

export type Canonicalization = 'simple' | 'relaxed'

export type DkimSignature = {
  domain: string
  selector: string
  /** `rsa-sha256`, `ed25519-sha256`, `rsa-sha1`, or what stood there. */
  algorithm: string
  headerCanonicalization: Canonicalization
  bodyCanonicalization: Canonicalization
  /** Names of the signed fields in their order, lower case. */
  fields: string[]
  /** Bytes of the canonical body that are covered; null: all. */
  length: number | null
  bodyHash: string
  signature: string
  identity: string | null
  signedAt: number | null
  expiresAt: number | null
  field: HeaderField
  /** Why it cannot be a valid signature; null when it can. */
  fault: string | null
}

/** TXT records at a key's name. */
export type KeyAnswer = { ok: true; texts: string[] } | { ok: false; message: string }
export type KeyLookup = (name: string) => Promise<KeyAnswer>

export type SignatureFault =
  | 'none'
  | 'key-missing'
  | 'key-revoked'
  | 'key-unusable'
  | 'body'
  | 'signature'
  | 'malformed'
  | 'expired'
  | 'weak'
  | 'dns'

export type SignatureVerdict = {
  /** `weak`: it verifies, but receivers refuse the algorithm or the length of the key (RFC 8301). */
  result: 'pass' | 'fail' | 'weak' | 'unknown'
  fault: SignatureFault
  reason: string
  bits: number | null
  testing: boolean
  /** Bytes of the canonical body that no signature covers. */
  uncovered: number
}

const compact = (text: string): string => text.replace(/[ \t\r\n]+/g, '')
const canonicalizations: readonly string[] = ['simple', 'relaxed']
const domainName = /^(?=.{1,253}$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i
const selectorName = /^(?=.{1,190}$)[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)*$/i
const wholeNumber = (text: string | null): number | null =>
  text !== null && /^\d{1,76}$/.test(compact(text)) ? Number(compact(text)) : null

/** Reads a DKIM-Signature or ARC-Message-Signature. Nothing is thrown; what is wrong is its `fault`. */
export const readSignature = (field: HeaderField, kind: 'dkim' | 'arc' = 'dkim'): DkimSignature => {
  const list = parseTagList(field.value)
  const tag = (name: string): string | null => tagValue(list, name)
  const [headerCanonicalization = '', bodyCanonicalization = 'simple'] = compact(tag('c') ?? 'simple/simple')
    .toLowerCase()
    .split('/')
  const read: DkimSignature = {
    domain: compact(tag('d') ?? '').toLowerCase(),
    selector: compact(tag('s') ?? '').toLowerCase(),
    algorithm: compact(tag('a') ?? '').toLowerCase(),
    headerCanonicalization: headerCanonicalization as Canonicalization,
    bodyCanonicalization: bodyCanonicalization as Canonicalization,
    fields: compact(tag('h') ?? '')
      .toLowerCase()
      .split(':')
      .filter(Boolean),
    length: wholeNumber(tag('l')),
    bodyHash: compact(tag('bh') ?? ''),
    signature: compact(tag('b') ?? ''),
    identity: tag('i') === null || kind === 'arc' ? null : compact(tag('i') as string).toLowerCase(),
    signedAt: wholeNumber(tag('t')),
    expiresAt: wholeNumber(tag('x')),
    field,
    fault: null,
  }
  return { ...read, fault: faultOf(read, tag, list.faults[0]?.message ?? null, kind) }
}

const faultOf = (
  read: DkimSignature,
  tag: (name: string) => string | null,
  syntax: string | null,
  kind: 'dkim' | 'arc',
): string | null => {
  const absent = [...(kind === 'dkim' ? ['v'] : []), 'a', 'b', 'bh', 'd', 'h', 's'].find(name => tag(name) === null)
  if (absent) return `the signature has no ${absent}= tag`
  if (syntax) return `the signature cannot be read: ${syntax}`
  if (kind === 'dkim' && compact(tag('v') as string) !== '1')
    return `the signature says v=${(tag('v') as string).slice(0, 20)}; receivers know v=1`
  if (!domainName.test(read.domain)) return `d=${read.domain.slice(0, 60)} is no domain name`
  if (!selectorName.test(read.selector)) return `s=${read.selector.slice(0, 60)} is no selector`
  if (!['rsa-sha256', 'rsa-sha1', 'ed25519-sha256'].includes(read.algorithm))
    return `a=${read.algorithm.slice(0, 40)} is no algorithm that receivers know`
  for (const given of [read.headerCanonicalization, read.bodyCanonicalization])
    if (!canonicalizations.includes(given)) return `c= names "${given.slice(0, 20)}", which is no canonicalization`
  if (!read.fields.includes('from')) return 'the signature does not cover From'
  if (tag('l') !== null && read.length === null) return `l=${(tag('l') as string).slice(0, 30)} is no number`
  if (tag('q') !== null && !/(^|:)dns(\/txt)?(:|$)/i.test(compact(tag('q') as string)))
    return `q=${(tag('q') as string).slice(0, 30)} is no way of asking for keys that receivers know`
  if (read.identity !== null) {
    const host = read.identity.slice(read.identity.lastIndexOf('@') + 1)
    if (host !== read.domain && !host.endsWith(`.${read.domain}`))
      return `i=${read.identity.slice(0, 60)} is not within d=${read.domain}`
  }
  if (tag('x') !== null && read.expiresAt === null) return `x=${(tag('x') as string).slice(0, 30)} is no time`
  if (read.expiresAt !== null && read.signedAt !== null && read.expiresAt <= read.signedAt)
    return 'the signature expires before it was made (x= is not after t=)'
  if (!/^[A-Za-z0-9+/]+=*$/.test(read.bodyHash)) return 'bh= is no base64'
  if (!/^[A-Za-z0-9+/]+=*$/.test(read.signature)) return 'b= is no base64'
  return null
}

/** One field in canonical form, without the line end (RFC 6376 §3.4.1, §3.4.2). */
export const canonicalField = (raw: string, how: Canonicalization): string => {
  if (how === 'simple') return raw
  const colon = raw.indexOf(':')
  const value = raw
    .slice(colon + 1)
    .replace(/\r\n/g, '')
    .replace(/[ \t]+/g, ' ')
  return `${raw.slice(0, colon).trimEnd().toLowerCase()}:${value.replace(/^ | $/g, '')}`
}

/** The body in canonical form (RFC 6376 §3.4.3, §3.4.4). `body` has CRLF line ends. */
export const canonicalBody = (body: Buffer, how: Canonicalization): Buffer => {
  let bytes = body
  if (how === 'relaxed') {
    const out = Buffer.allocUnsafe(body.length)
    let to = 0
    let blank = false
    for (let at = 0; at < body.length; at++) {
      const byte = body[at] as number
      if (byte === 32 || byte === 9) blank = true
      else {
        if (blank && !(byte === 13 && body[at + 1] === 10)) out[to++] = 32
        blank = false
        out[to++] = byte
      }
    }
    // White space at the end of a body without a last line end is at the end of a line, too.
    bytes = out.subarray(0, to)
  }
  let end = bytes.length
  while (end >= 2 && bytes[end - 1] === 10 && bytes[end - 2] === 13) end -= 2
  if (end === 0) return how === 'simple' ? Buffer.from('\r\n') : Buffer.alloc(0)
  return bytes.length >= end + 2
    ? bytes.subarray(0, end + 2)
    : Buffer.concat([bytes.subarray(0, end), Buffer.from('\r\n')])
}

/** A signature's own field as it is signed: the value of b= left out. */
export const withoutSignature = (raw: string): string => raw.replace(/((?:^[^:]*:|;)[ \t\r\n]*b[ \t\r\n]*=)[^;]*/, '$1')

/** What was signed of the header: the fields of h= from the bottom up, then the signature's own (RFC 6376 §5.4.2). */
export const signedHeader = (signature: DkimSignature, fields: readonly HeaderField[]): Buffer => {
  const how = signature.headerCanonicalization
  const left = new Map<string, HeaderField[]>()
  for (const field of fields) {
    const same = left.get(field.name)
    if (same) same.push(field)
    else left.set(field.name, [field])
  }
  const lines = signature.fields.flatMap(name => {
    const field = left.get(name)?.pop()
    return field ? [`${canonicalField(field.raw, how)}\r\n`] : []
  })
  return Buffer.from(lines.join('') + canonicalField(withoutSignature(signature.field.raw), how), 'latin1')
}

/** Remembers canonical bodies and their hashes, so that ten signatures over one body cost one walk. */
export const bodyHasher = (body: Buffer) => {
  const bodies = new Map<Canonicalization, Buffer>()
  const hashes = new Map<string, string>()
  const canonical = (how: Canonicalization): Buffer => {
    const known = bodies.get(how) ?? canonicalBody(body, how)
    bodies.set(how, known)
    return known
  }
  return {
    length: (how: Canonicalization): number => canonical(how).length,
    hash: (how: Canonicalization, algorithm: 'sha1' | 'sha256', length: number | null): string => {
      const key = `${how} ${algorithm} ${length}`
      const known =
        hashes.get(key) ??
        createHash(algorithm)
          .update(length === null ? canonical(how) : canonical(how).subarray(0, length))
          .digest('base64')
      hashes.set(key, known)
      return known
    },
  }
}

export type BodyHasher = ReturnType<typeof bodyHasher>

const ed25519Prefix = Buffer.from('302a300506032b6570032100', 'hex')

/** The public key of a record; null where it cannot be read. */
export const publicKeyOf = (record: DkimKey): KeyObject | null => {
  const p = /(?:^|;)\s*p\s*=\s*([^;]*)/.exec(record.text)?.[1] ?? ''
  const der = Buffer.from(compact(p), 'base64')
  const tries: [Buffer, 'spki' | 'pkcs1'][] =
    record.type === 'ed25519'
      ? [[Buffer.concat([ed25519Prefix, der]), 'spki']]
      : [
          [der, 'spki'],
          [der, 'pkcs1'],
        ]
  for (const [key, type] of tries)
    try {
      return createPublicKey({ key, format: 'der', type })
    } catch {}
  return null
}

/** Whether the signature over `data` verifies with the key. */
export const verifies = (algorithm: string, data: Buffer, key: KeyObject, signature: string): boolean => {
  const bytes = Buffer.from(signature, 'base64')
  try {
    if (algorithm === 'ed25519-sha256') return verify(null, createHash('sha256').update(data).digest(), key, bytes)
    return verify(algorithm === 'rsa-sha1' ? 'RSA-SHA1' : 'RSA-SHA256', data, key, bytes)
  } catch {
    return false
  }
}

export type KeyChoice =
  | { key: KeyObject; record: DkimKey }
  | { fault: SignatureFault; reason: string; bits: number | null; testing: boolean }

const keyFault = (record: DkimKey, signature: Pick<DkimSignature, 'algorithm' | 'identity' | 'domain'>) => {
  const [type, hash = 'sha256'] = signature.algorithm.split('-') as [string, string?]
  if (record.revoked) return { fault: 'key-revoked' as const, reason: 'the key was revoked (p= is empty)' }
  if (record.faults[0]) return { fault: 'key-unusable' as const, reason: record.faults[0].message }
  if (record.type !== type)
    return { fault: 'key-unusable' as const, reason: `the key is for ${record.type}, the signature made with ${type}` }
  if (record.hashes && !record.hashes.includes(hash))
    return { fault: 'key-unusable' as const, reason: `the key does not allow ${hash} (h=${record.hashes.join(':')})` }
  if (record.strict && signature.identity && !signature.identity.endsWith(`@${signature.domain}`))
    return { fault: 'key-unusable' as const, reason: 'the key allows no subdomains (t=s), and i= names one' }
  return null
}

/** The keys at a name that may verify the signature: usually one. An empty list never: then the fault says why. */
export const chooseKeys = (
  answer: KeyAnswer,
  name: string,
  signature: Pick<DkimSignature, 'algorithm' | 'identity' | 'domain'>,
): { key: KeyObject; record: DkimKey }[] | Exclude<KeyChoice, { key: KeyObject }> => {
  if (!answer.ok)
    return {
      fault: 'dns',
      reason: `the key at ${name} could not be asked for: ${answer.message}`,
      bits: null,
      testing: false,
    }
  const texts = answer.texts.filter(looksLikeDkim)
  if (texts.length === 0)
    return {
      fault: answer.texts.length ? 'key-unusable' : 'key-missing',
      reason: answer.texts.length ? `the record at ${name} is no key` : `there is no key at ${name}`,
      bits: null,
      testing: false,
    }
  const usable: { key: KeyObject; record: DkimKey }[] = []
  let first: Exclude<KeyChoice, { key: KeyObject }> | null = null
  for (const record of texts.slice(0, 10).map(parseDkimKey)) {
    const wrong = keyFault(record, signature)
    const key = wrong ? null : publicKeyOf(record)
    if (key) usable.push({ key, record })
    else
      first ??= {
        fault: wrong?.fault ?? 'key-unusable',
        reason: `${name}: ${wrong?.reason ?? 'the key cannot be read'}`,
        bits: record.bits,
        testing: record.testing,
      }
  }
  return usable.length ? usable : (first as Exclude<KeyChoice, { key: KeyObject }>)
}

/**
 * Verifies one signature. `at` is the instant in seconds at which it had to hold: when the message was received; not `certain`
 * where nobody wrote that down, and it is only known to be no later.
 */
export const verifySignature = async (
  signature: DkimSignature,
  fields: readonly HeaderField[],
  body: BodyHasher,
  lookup: KeyLookup,
  at: number,
  certain = true,
): Promise<SignatureVerdict> => {
  const verdict = (
    result: SignatureVerdict['result'],
    fault: SignatureFault,
    reason: string,
    more: Partial<SignatureVerdict> = {},
  ): SignatureVerdict => ({ result, fault, reason, bits: null, testing: false, uncovered: 0, ...more })
  if (signature.fault) return verdict('fail', 'malformed', signature.fault)
  const how = signature.bodyCanonicalization
  const whole = body.length(how)
  if (signature.length !== null && signature.length > whole)
    return verdict('fail', 'body', `l=${signature.length} says that the body is longer than its ${whole} bytes`)
  const hash = body.hash(how, signature.algorithm === 'rsa-sha1' ? 'sha1' : 'sha256', signature.length)
  const name = `${signature.selector}._domainkey.${signature.domain}`
  const keys = chooseKeys(await lookup(name), name, signature)
  // A key that is not there says more than a body that was changed on the way: it stands first.
  if ('fault' in keys && keys.fault !== 'dns') return verdict('fail', keys.fault, keys.reason, keys)
  const known = 'fault' in keys ? {} : { bits: keys[0]?.record.bits ?? null, testing: keys[0]?.record.testing ?? false }
  if (stripped(hash) !== stripped(signature.bodyHash))
    return verdict('fail', 'body', 'the body was changed after it was signed (its hash is not bh=)', known)
  const expired = signature.expiresAt !== null && signature.expiresAt < at ? isoOf(signature.expiresAt) : null
  if (expired && certain) return verdict('fail', 'expired', `the signature expired on ${expired}`, known)
  if ('fault' in keys) return verdict('unknown', 'dns', keys.reason)
  const data = signedHeader(signature, fields)
  const match = keys.find(({ key }) => verifies(signature.algorithm, data, key, signature.signature))
  if (!match)
    return verdict(
      'fail',
      'signature',
      `a signed header field was changed, or the key at ${name} is another one`,
      known,
    )
  if (expired)
    return verdict(
      'unknown',
      'expired',
      `it expired on ${expired}, and the message does not tell when it arrived`,
      known,
    )
  const { bits, testing } = match.record
  const uncovered = signature.length === null ? 0 : whole - signature.length
  if (signature.algorithm === 'rsa-sha1')
    return verdict('weak', 'weak', 'it is made with SHA-1, which receivers refuse (RFC 8301)', {
      bits,
      testing,
      uncovered,
    })
  if (match.record.type === 'rsa' && (bits ?? 0) < 1024)
    return verdict('weak', 'weak', `its key has ${bits} bits; receivers refuse less than 1024 (RFC 8301)`, {
      bits,
      testing,
      uncovered,
    })
  const note = uncovered ? `covers ${signature.length} of ${whole} bytes of the body (l=)` : ''
  return verdict('pass', 'none', note, { bits, testing, uncovered })
}

const stripped = (base64: string): string => base64.replace(/=+$/, '')

const isoOf = (seconds: number): string => {
  const date = new Date(seconds * 1000)
  return Number.isNaN(date.getTime()) ? `second ${seconds}` : date.toISOString()
}
