// The part of TLS 1.3's key schedule that reads a server's first encrypted flight (RFC 8446 §5.2, §7.1). Nothing is ever sent
// under these keys: the connection ends once the certificate is read.
import {
  createDecipheriv,
  createECDH,
  createHash,
  createHmac,
  createPublicKey,
  diffieHellman,
  type ECDH,
  generateKeyPairSync,
  type KeyObject,
} from 'node:crypto'

/** A key share of ours: the bytes to send, and what the server's share makes of it. Throws on a share that is no point. */
export type KeyShare = { group: number; share: Buffer; agree(theirs: Buffer): Buffer }

/** Montgomery curves: SPKI prefix and length of a share (RFC 7748, RFC 8410). */
const montgomery = {
  29: { name: 'x25519', prefix: Buffer.from('302a300506032b656e032100', 'hex'), length: 32 },
  30: { name: 'x448', prefix: Buffer.from('3042300506032b656f033900', 'hex'), length: 56 },
} as const
const curves: Readonly<Record<number, string>> = { 23: 'prime256v1', 24: 'secp384r1', 25: 'secp521r1' }

/** Key shares for X25519, X448, P-256, P-384 and P-521; null for another group. */
export const createKeyShare = (group: number): KeyShare | null => {
  if (group === 29 || group === 30) {
    const { name, prefix, length } = montgomery[group]
    // The overloads of generateKeyPairSync know each name alone.
    const pair: { publicKey: KeyObject; privateKey: KeyObject } = generateKeyPairSync(name as 'x25519')
    const share = (pair.publicKey.export({ type: 'spki', format: 'der' }) as Buffer).subarray(-length)
    return {
      group,
      share,
      agree: theirs =>
        diffieHellman({
          privateKey: pair.privateKey,
          publicKey: createPublicKey({ key: Buffer.concat([prefix, theirs]), type: 'spki', format: 'der' }),
        }),
    }
  }
  const curve = curves[group]
  if (!curve) return null
  const ecdh: ECDH = createECDH(curve)
  return { group, share: ecdh.generateKeys(), agree: theirs => ecdh.computeSecret(theirs) }
}

type Hash = 'sha256' | 'sha384'
type Suite13 = { hash: Hash; cipher: 'aes-128-gcm' | 'aes-256-gcm' | 'chacha20-poly1305'; keyLength: number }

const suites: Readonly<Record<number, Suite13>> = {
  4865: { hash: 'sha256', cipher: 'aes-128-gcm', keyLength: 16 },
  4866: { hash: 'sha384', cipher: 'aes-256-gcm', keyLength: 32 },
  4867: { hash: 'sha256', cipher: 'chacha20-poly1305', keyLength: 32 },
}

/** The hash of a TLS 1.3 suite, null for one that we did not offer. */
export const hashOf = (suite: number): Hash | null => suites[suite]?.hash ?? null

const hmac = (hash: Hash, key: Buffer, data: Buffer): Buffer => createHmac(hash, key).update(data).digest()

/** HKDF-Expand-Label (RFC 8446 §7.1). */
export const expandLabel = (hash: Hash, secret: Buffer, label: string, context: Buffer, length: number): Buffer => {
  const name = Buffer.from(`tls13 ${label}`, 'latin1')
  const info = Buffer.concat([
    Buffer.from([length >> 8, length & 255, name.length]),
    name,
    Buffer.from([context.length]),
    context,
  ])
  const blocks: Buffer[] = []
  let last: Buffer = Buffer.alloc(0)
  for (let at = 1; Buffer.concat(blocks).length < length; at++) {
    last = hmac(hash, secret, Buffer.concat([last, info, Buffer.from([at])]))
    blocks.push(last)
  }
  return Buffer.concat(blocks).subarray(0, length)
}

/** Opens the server's encrypted handshake records in order: record header and payload in, content type and plaintext out. Throws when one does not decrypt. */
export type RecordReader = (header: Buffer, payload: Buffer) => { type: number; content: Buffer }

/** The reader for records under the server's handshake traffic secret; `transcript` is every handshake message through ServerHello. */
export const createRecordReader = (suite: number, shared: Buffer, transcript: Buffer): RecordReader => {
  const found = suites[suite]
  if (!found) throw new Error(`suite ${suite} is none of TLS 1.3`)
  const { hash, cipher, keyLength } = found
  const size = hash === 'sha256' ? 32 : 48
  const zeros = Buffer.alloc(size)
  const empty = createHash(hash).digest()
  const early = hmac(hash, zeros, zeros)
  const secret = hmac(hash, expandLabel(hash, early, 'derived', empty, size), shared)
  const traffic = expandLabel(hash, secret, 's hs traffic', createHash(hash).update(transcript).digest(), size)
  const key = expandLabel(hash, traffic, 'key', Buffer.alloc(0), keyLength)
  const iv = expandLabel(hash, traffic, 'iv', Buffer.alloc(0), 12)
  let sequence = 0
  return (header, payload) => {
    if (payload.length < 17) throw new Error('an encrypted record is too short')
    const nonce = Buffer.from(iv)
    nonce.writeUInt32BE((nonce.readUInt32BE(8) ^ sequence++) >>> 0, 8)
    const decipher = createDecipheriv(cipher as 'aes-128-gcm', key, nonce, { authTagLength: 16 })
    decipher.setAAD(header)
    decipher.setAuthTag(payload.subarray(-16))
    const plain = Buffer.concat([decipher.update(payload.subarray(0, -16)), decipher.final()])
    let end = plain.length - 1
    while (end >= 0 && plain[end] === 0) end--
    if (end < 0) throw new Error('an encrypted record holds nothing but padding')
    return { type: plain[end]!, content: plain.subarray(0, end) }
  }
}
