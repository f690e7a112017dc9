// Signs mail as a sender's server would (RFC 6376, RFC 8463, RFC 8617). Written apart from the verifier: it shares no code with src.
import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'

export type SigningKey = { privateKey: KeyObject; record: string }

/** A new RSA key and its record. */
export const rsaKey = (bits = 2048): SigningKey => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: bits })
  const p = publicKey.export({ type: 'spki', format: 'der' }).toString('base64')
  return { privateKey, record: `v=DKIM1; k=rsa; p=${p}` }
}

export const ed25519Key = (): SigningKey => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const p = publicKey.export({ type: 'spki', format: 'der' }).subarray(12).toString('base64')
  return { privateKey, record: `v=DKIM1; k=ed25519; p=${p}` }
}

export type Signing = {
  domain: string
  selector: string
  key: SigningKey
  algorithm?: 'rsa-sha256' | 'rsa-sha1' | 'ed25519-sha256'
  canonicalization?: `${'simple' | 'relaxed'}/${'simple' | 'relaxed'}`
  fields?: string[]
  /** Further tags, before b=: `l=0`, `x=…`. */
  tags?: string[]
  /** Bytes of the canonical body that are hashed. */
  length?: number
}

const crlf = (text: string): string => text.replace(/\r?\n/g, '\r\n')

const bodyOf = (body: string, how: string): string => {
  const lines = body.replace(/(\r\n)+$/, '')
  const text = how === 'relaxed' ? lines.replace(/[ \t]+/g, ' ').replace(/ (?=\r\n|$)/g, '') : lines
  const trimmed = text.replace(/(\r\n)+$/, '')
  return trimmed === '' ? (how === 'simple' ? '\r\n' : '') : `${trimmed}\r\n`
}

const fieldOf = (raw: string, how: string): string => {
  if (how === 'simple') return raw
  const [name = '', ...rest] = raw.split(':')
  return `${name.trim().toLowerCase()}:${rest
    .join(':')
    .replace(/\r\n/g, '')
    .replace(/[ \t]+/g, ' ')
    .trim()}`
}

/** Header fields with their folds, and the body. */
const split = (raw: string): { fields: string[]; body: string } => {
  const at = raw.indexOf('\r\n\r\n')
  const head = at === -1 ? raw : raw.slice(0, at)
  return { fields: head.split(/\r\n(?![ \t])/), body: at === -1 ? '' : raw.slice(at + 4) }
}

const signatureOf = (algorithm: string, data: string, key: KeyObject): string => {
  const bytes = Buffer.from(data, 'latin1')
  return (
    algorithm === 'ed25519-sha256'
      ? sign(null, createHash('sha256').update(bytes).digest(), key)
      : sign(algorithm === 'rsa-sha1' ? 'RSA-SHA1' : 'RSA-SHA256', bytes, key)
  ).toString('base64')
}

const take = (fields: string[], names: string[], how: string): string[] => {
  const left = [...fields]
  return names.flatMap(name => {
    for (let at = left.length - 1; at >= 0; at--)
      if (left[at]!.slice(0, left[at]!.indexOf(':')).trim().toLowerCase() === name)
        return [fieldOf(left.splice(at, 1)[0]!, how)]
    return []
  })
}

/** The message with a DKIM-Signature on top, CRLF line ends. `raw` is latin1 text, one character a byte. */
export const signMail = (raw: string, signing: Signing): string => {
  const text = crlf(raw)
  const { fields, body } = split(text)
  const [headerHow = '', bodyHow = ''] = (signing.canonicalization ?? 'relaxed/relaxed').split('/')
  const algorithm = signing.algorithm ?? (signing.key.record.includes('ed25519') ? 'ed25519-sha256' : 'rsa-sha256')
  const names = signing.fields ?? ['from', 'to', 'subject', 'date', 'message-id']
  const hashed = Buffer.from(bodyOf(body, bodyHow), 'latin1').subarray(0, signing.length)
  const hash = createHash(algorithm.split('-')[1]!).update(hashed).digest('base64')
  const tags = ['v=1', `a=${algorithm}`, `c=${headerHow}/${bodyHow}`, `d=${signing.domain}`, `s=${signing.selector}`]
  const field = `DKIM-Signature: ${[...tags, ...(signing.tags ?? [])].join('; ')};\r\n h=${names.join(':')};\r\n bh=${hash};\r\n b=`
  const data = [...take(fields, names, headerHow), fieldOf(field, headerHow)].join('\r\n')
  return `${field}${signatureOf(algorithm, data, signing.key.privateKey)}\r\n${text}`
}

/** The message sealed by one more server: an ARC set on top. `cv` is `none` for the first, else `pass`. */
export const sealMail = (
  raw: string,
  {
    domain,
    selector,
    key,
    instance,
    results,
    cv,
  }: Omit<Signing, 'fields'> & {
    instance: number
    results: string
    cv?: string
  },
): string => {
  const text = crlf(raw)
  const { fields, body } = split(text)
  const names = ['from', 'to', 'subject', 'date', 'message-id']
  const hash = createHash('sha256')
    .update(Buffer.from(bodyOf(body, 'relaxed'), 'latin1'))
    .digest('base64')
  const aar = `ARC-Authentication-Results: i=${instance}; ${results}`
  const ams = `ARC-Message-Signature: i=${instance}; a=rsa-sha256; c=relaxed/relaxed; d=${domain}; s=${selector};\r\n h=${names.join(':')};\r\n bh=${hash};\r\n b=`
  const message = [...take(fields, names, 'relaxed'), fieldOf(ams, 'relaxed')].join('\r\n')
  const signed = `${ams}${signatureOf('rsa-sha256', message, key.privateKey)}`
  const seal = `ARC-Seal: i=${instance}; a=rsa-sha256; cv=${cv ?? (instance === 1 ? 'none' : 'pass')}; d=${domain}; s=${selector};\r\n b=`
  const of = (kind: string, at: number): string =>
    fields.find(line => line.toLowerCase().startsWith(`${kind}: i=${at};`)) ?? ''
  const before = Array.from({ length: instance - 1 }, (_, at) =>
    ['arc-authentication-results', 'arc-message-signature', 'arc-seal'].map(kind => of(kind, at + 1)),
  ).flat()
  const chain = [...before, aar, signed, seal].map(line => fieldOf(line, 'relaxed')).join('\r\n')
  return `${seal}${signatureOf('rsa-sha256', chain, key.privateKey)}\r\n${signed}\r\n${aar}\r\n${text}`
}
