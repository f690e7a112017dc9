// DKIM key records (RFC 6376 §3.6.1, RFC 8301, RFC 8463): parsed, the key measured.
import { createPublicKey, type KeyObject } from 'node:crypto'
import { parseTagList, type TagFault, tagValue } from './tag-list.ts'

export type DkimKey = {
  text: string
  /** `rsa`, `ed25519`, or what stood there. */
  type: string
  /** Length of the modulus in bits; 256 for Ed25519; null where the key cannot be read. */
  bits: number | null
  /** `p=` is there and empty: the key was revoked. */
  revoked: boolean
  /** Hash algorithms that the record allows; null: all. */
  hashes: string[] | null
  /** `t=y`: receivers treat the mail as if it were not signed. */
  testing: boolean
  /** `t=s`: the signing domain must be the domain itself. */
  strict: boolean
  /** The service types allow e-mail. */
  forEmail: boolean
  faults: TagFault[]
}

const asKey = (der: Buffer, type: 'spki' | 'pkcs1'): KeyObject | null => {
  try {
    return createPublicKey({ key: der, format: 'der', type })
  } catch {
    return null
  }
}

const list = (value: string | null): string[] | null =>
  value === null
    ? null
    : value
        .split(':')
        .map(part => part.trim().toLowerCase())
        .filter(Boolean)

/** A selector as a config names it, bare or with the name that it stands at: `pm`, `pm._domainkey`, `k1._domainkey.mg.example.com`. */
export const selectorAt = (given: string, domain: string): { selector: string; domain: string; whole: boolean } => {
  const [, selector = '', at] =
    /^(.*?)(?:\._domainkey(?:\.(.+))?)?$/.exec(given.trim().toLowerCase().replace(/\.$/, '')) ?? []
  return { selector, domain: at ?? domain, whole: at !== undefined }
}

/** A key by itself, without any tag: base64 of an RSA key begins like this. */
const bareKey = /^["'\s]*MI[A-Za-z0-9+/]{40}[A-Za-z0-9+/=\s"']*$/

/** True for text that may be a key record at all: it has a `p=` tag, begins with `v=DKIM1` or `k=`, or is a key by itself. */
export const looksLikeDkim = (text: string): boolean =>
  /^["'\s]*v\s*=\s*dkim1/i.test(text) ||
  /(^|;)\s*p\s*=/.test(text) ||
  /^["'\s]*k\s*=\s*(rsa|ed25519)\b/i.test(text) ||
  bareKey.test(text)

/** Reads a key record; nothing stops the reading. Keys of any length are measured. */
export const parseDkimKey = (text: string): DkimKey => {
  const tags = parseTagList(text)
  const faults = [...tags.faults]
  const at = (name: string): number => tags.tags.find(tag => tag.name.toLowerCase() === name)?.at ?? 0
  const version = tagValue(tags, 'v')
  const type = (tagValue(tags, 'k') ?? 'rsa').toLowerCase()
  const flags = list(tagValue(tags, 't')) ?? []
  const services = list(tagValue(tags, 's'))
  const p = tagValue(tags, 'p')
  if (version !== null && version !== 'DKIM1')
    faults.push({ at: at('v'), text: `v=${version.slice(0, 20)}`, message: 'v= must be exactly DKIM1' })
  if (version !== null && tags.tags[0]?.name.toLowerCase() !== 'v')
    faults.push({ at: at('v'), text: 'v=', message: 'v= must be the first tag' })
  const key: DkimKey = {
    text,
    type,
    bits: null,
    revoked: p !== null && p.replace(/\s/g, '') === '',
    hashes: list(tagValue(tags, 'h')),
    testing: flags.includes('y'),
    strict: flags.includes('s'),
    forEmail: services === null || services.includes('*') || services.includes('email'),
    faults,
  }
  if (p === null) faults.push({ at: 0, text: text.slice(0, 40), message: 'the record has no key: p= is missing' })
  if (!['rsa', 'ed25519'].includes(type))
    faults.push({
      at: at('k'),
      text: `k=${type.slice(0, 20)}`,
      message: `k=${type.slice(0, 20)} is no key type that receivers know`,
    })
  if (!key.forEmail) faults.push({ at: at('s'), text: `s=${services?.join(':')}`, message: 's= does not allow e-mail' })
  if (p !== null && !key.revoked) measure(key, p, at('p'))
  return key
}

/** True for a key that receivers verify with: whole, not revoked, of 1024 bits at least (RFC 8301 §3.2). */
export const isUsableKey = (key: DkimKey): boolean =>
  key.faults.length === 0 && !key.revoked && key.bits !== null && (key.type === 'ed25519' || key.bits >= 1024)

/** The record without what panels and copying add to it (backslashes, quotes, `v=` in the wrong place); null when that does not mend it. */
export const mendDkim = (text: string): string | null => {
  const plain = text.replace(/\\(?=[;"])/g, '').replace(/["\u201c\u201d]/g, '')
  const bare = bareKey.test(plain) ? `v=DKIM1; k=rsa; p=${plain}` : plain
  const tags = parseTagList(bare).tags.map(tag => [tag.name.toLowerCase(), tag.value.trim()] as const)
  const version = tags.find(([name]) => name === 'v') ? ['v=DKIM1'] : []
  const rest = tags
    .filter(([name]) => name !== 'v')
    .map(([name, value]) => `${name}=${name === 'p' ? value.replace(/\s/g, '') : value}`)
  const mended = [...version, ...rest].join('; ')
  const key = parseDkimKey(mended)
  return mended !== text && key.faults.length === 0 && key.bits !== null ? mended : null
}

const measure = (key: DkimKey, p: string, at: number): void => {
  const base64 = p.replace(/\s/g, '')
  const illegal = /[^A-Za-z0-9+/=]/.exec(base64)
  if (illegal) {
    key.faults.push({
      at: at + 2 + illegal.index,
      text: base64.slice(illegal.index, illegal.index + 12),
      message: `the key holds "${/[\x20-\x7e]/.test(illegal[0]) ? illegal[0] : `\\x${illegal[0].charCodeAt(0).toString(16)}`}", which is no base64`,
    })
    return
  }
  const der = Buffer.from(base64, 'base64')
  if (key.type === 'ed25519') {
    if (der.length === 32) key.bits = 256
    else key.faults.push({ at, text: 'p=', message: `an Ed25519 key has 32 bytes, this one ${der.length}` })
    return
  }
  const rsa = asKey(der, 'spki') ?? asKey(der, 'pkcs1')
  if (rsa?.asymmetricKeyType === 'rsa') key.bits = rsa.asymmetricKeyDetails?.modulusLength ?? null
  else
    key.faults.push({
      at,
      text: base64.slice(0, 12),
      message: rsa
        ? `the key is no RSA key but ${rsa.asymmetricKeyType}`
        : 'the key cannot be read: it is cut, or a part is missing',
    })
}

/** The record without this tag. */
export const withoutTag = (text: string, name: string): string =>
  parseTagList(text)
    .tags.filter(tag => tag.name.toLowerCase() !== name)
    .map(tag => `${tag.name}=${tag.value}`)
    .join('; ')

/** The record without `y` (test mode) among its flags. */
export const withoutTestFlag = (text: string): string =>
  parseTagList(text)
    .tags.flatMap(tag => {
      if (tag.name.toLowerCase() !== 't') return [`${tag.name}=${tag.value}`]
      const rest = tag.value.split(':').filter(flag => flag.trim().toLowerCase() !== 'y')
      return rest.length ? [`t=${rest.join(':')}`] : []
    })
    .join('; ')
