// Certificates, chains, versions and ciphers that a browser and the audit are both led to: badssl.com's, as far as they can be made here,
// and others. What is expected stands nowhere: the browser says it.
import { asn1, type Made, make, makeAuthority, type Wanted } from './tls-certificates.ts'
import type { TlsCase } from './tls-servers.ts'

export const host = 'www.example.com'

const day = 86_400_000
const now = Date.now()
const days = (count: number): number => now + count * day

export const main = makeAuthority()
export const rsaMain = makeAuthority('Example RSA', 'rsa')
const stranger = makeAuthority('Nobody Knows')
const { root, intermediate } = main
const valid = { notBefore: days(-20), notAfter: days(70) }

const leaf = (wanted: Partial<Wanted> = {}): Made =>
  make({ subject: `CN=${host}`, issuer: intermediate, names: [host], timestamps: 2, ...valid, ...wanted })
const one = (wanted: Partial<Wanted> = {}): Made[] => [leaf(wanted), intermediate]
const rsa = (wanted: Partial<Wanted> = {}): Made[] => [
  leaf({ kind: 'rsa', issuer: rsaMain.intermediate, ...wanted }),
  rsaMain.intermediate,
]
const below = (wanted: Partial<Wanted>): Made =>
  make({
    subject: 'O=Example Authority, CN=Other',
    issuer: root,
    authority: true,
    notBefore: days(-900),
    notAfter: days(900),
    ...wanted,
  })
const under = (authority: Made, wanted: Partial<Wanted> = {}): Made[] => [
  leaf({ issuer: authority, ...wanted }),
  authority,
]
const alone = (wanted: Partial<Wanted>): Made[] => [make({ subject: `CN=${host}`, names: [host], ...valid, ...wanted })]

const both = 'ssl_protocols TLSv1.2 TLSv1.3; ssl_ciphers ECDHE+AESGCM:ECDHE+CHACHA20;'
const nginx = (name: string, chain: Made[], more = both): TlsCase => ({ name, chain, nginx: more })
const only12 = (name: string, ciphers: string, chain: Made[] = rsa()): TlsCase =>
  nginx(name, chain, `ssl_protocols TLSv1.2; ssl_ciphers ${ciphers};`)
const openssl = (name: string, more: string[], chain: Made[] = rsa()): TlsCase => ({ name, chain, openssl: more })
const double = (name: string, chain: Made[], second: Made[], more = both): TlsCase => ({
  name,
  chain,
  second,
  nginx: more,
})

const { tlv, sequence, oid } = asn1
const mustStaple: [string, Buffer, boolean] = ['1.3.6.1.5.5.7.1.24', sequence(tlv(0x02, Buffer.from([5]))), false]
const unknownExtension = (critical: boolean): [string, Buffer, boolean] => [
  '1.3.6.1.4.1.55555.1.1',
  tlv(0x05),
  critical,
]
const poison: [string, Buffer, boolean] = ['1.3.6.1.4.1.11129.2.4.3', tlv(0x05), true]
const policy = (id: string, critical = false): [string, Buffer, boolean] => [
  '2.5.29.32',
  sequence(sequence(oid(id))),
  critical,
]
const criticalNames: [string, Buffer, boolean] = ['2.5.29.17', sequence(tlv(0x82, Buffer.from(host))), true]
const names = (count: number): string[] => [
  ...Array.from({ length: count - 1 }, (_, i) => `host-number-${i}.example.org`),
  host,
]

const keys: TlsCase[] = [
  nginx('ecc256', one()),
  nginx('ecc384', one({ kind: 'ec-384' })),
  nginx('EC P-521', one({ kind: 'ec-521' })),
  nginx('EC P-224', one({ kind: 'ec-224' })),
  nginx('EC secp256k1', one({ kind: 'ec-k' })),
  nginx('rsa2048', rsa()),
  nginx('rsa3072', rsa({ kind: 'rsa-3072' })),
  nginx('rsa4096', rsa({ kind: 'rsa-4096' })),
  nginx('rsa8192', rsa({ kind: 'rsa-8192' })),
  nginx('RSA with exponent 3', rsa({ kind: 'rsa-exponent-3' })),
  nginx('RSA 512', rsa({ kind: 'rsa-512' }), 'ssl_protocols TLSv1.2; ssl_ciphers ECDHE+AES;'),
  openssl('RSA-PSS key', [], one({ kind: 'rsa-pss' })),
  openssl('Ed25519', [], one({ kind: 'ed25519' })),
  openssl('Ed448', [], one({ kind: 'ed448' })),
  openssl(
    'DSA',
    ['-no_tls1', '-no_tls1_1', '-cipher', 'DHE+AES:@SECLEVEL=0', '-dhparam', 'DH2048'],
    one({ kind: 'dsa' }),
  ),
  nginx('RSA below EC', one({ kind: 'rsa' })),
  nginx('EC below RSA', [leaf({ issuer: rsaMain.intermediate }), rsaMain.intermediate]),
  nginx('P-521 above it', under(below({ kind: 'ec-521' }))),
  nginx('Ed25519 above it', under(below({ kind: 'ed25519' }))),
  nginx('P-224 above it', under(below({ kind: 'ec-224' }))),
]

const signatures: TlsCase[] = [
  nginx('sha256', rsa()),
  nginx('sha384', rsa({ hash: 'sha384' })),
  nginx('sha512', rsa({ hash: 'sha512' })),
  nginx('ECDSA with SHA-512', one({ hash: 'sha512' })),
  nginx('ECDSA with SHA-384', one({ hash: 'sha384' })),
  nginx('sha1', rsa({ hash: 'sha1' })),
  nginx('ECDSA with SHA-1', one({ hash: 'sha1' })),
  nginx('MD5', rsa({ hash: 'md5' })),
  nginx('sha1-intermediate', under(below({ hash: 'sha1' }))),
  nginx('forged', one({ forged: true })),
  nginx('forged above', under(below({ forged: true }))),
]

const dates: TlsCase[] = [
  nginx('expired', one({ notBefore: days(-100), notAfter: days(-3) })),
  nginx('not yet valid', one({ notBefore: days(3) })),
  nginx('a day left', one({ notAfter: days(1) })),
  nginx('as GeneralizedTime', one({ generalizedTime: true })),
  nginx('beyond 2049', one({ notAfter: '2060-01-01' })),
  nginx('valid for six years', one({ notBefore: days(-900), notAfter: days(1400) })),
  nginx('ends before it begins', one({ notBefore: days(10), notAfter: days(-10) })),
  nginx('intermediate expired', under(below({ notAfter: days(-5) }))),
  nginx('intermediate not yet valid', under(below({ notBefore: days(5) }))),
  nginx('expired and self-signed', alone({ notAfter: days(-5), notBefore: days(-50) })),
  nginx('expired and for another name', one({ notAfter: days(-5), names: ['other.example'] })),
  nginx('six days', one({ notBefore: days(-1), notAfter: days(5) })),
]

const named: TlsCase[] = [
  nginx('wrong.host', one({ names: ['other.example'] })),
  nginx('no-common-name', one({ subject: 'O=Example' })),
  nginx('no-subject', one({ subject: '' })),
  nginx('no-subject, names critical', one({ subject: '', names: undefined, extra: [criticalNames] })),
  nginx('common name alone', one({ names: undefined })),
  nginx('1000-sans', one({ names: names(1000) })),
  nginx('10000-sans', one({ names: names(10_000) })),
  nginx('wildcard', one({ names: ['*.example.com'] })),
  nginx('wildcard a level too high', one({ names: ['*.com'] })),
  nginx('wildcard a level too deep', one({ names: ['*.www.example.com'] })),
  nginx('wildcard for the host alone', one({ names: ['*'] })),
  nginx('wildcard in the second label', one({ names: ['www.*.com'] })),
  nginx('wildcard at the start of a label', one({ names: ['*w.example.com'] })),
  nginx('wildcard at the end of a label', one({ names: ['w*.example.com'] })),
  nginx('upper case', one({ names: ['WWW.EXAMPLE.COM'] })),
  nginx('final dot', one({ names: ['www.example.com.'] })),
  nginx('first dot', one({ names: ['.example.com'] })),
  nginx('NUL in it', one({ names: ['www.example.com\0.evil.example'] })),
  nginx('blank behind it', one({ names: ['www.example.com '] })),
  nginx('a URL', one({ names: [`https://${host}/`] })),
  nginx('address alone', one({ names: undefined, addresses: ['127.0.0.1'] })),
  nginx('an empty name beside it', one({ names: ['', host] })),
  nginx('letters beyond ASCII beside it', one({ names: ['m\u00fcller.example', host] })),
  nginx('underscore beside it', one({ names: ['a_b.example.com', host] })),
]

const chains: TlsCase[] = [
  nginx('incomplete-chain', [leaf()]),
  nginx('self-signed', alone({})),
  nginx('self-signed authority', alone({ authority: true, usages: ['1.3.6.1.5.5.7.3.1'] })),
  nginx('untrusted-root', [leaf({ issuer: stranger.intermediate }), stranger.intermediate, stranger.root]),
  nginx('untrusted-root, not sent', under(stranger.intermediate)),
  nginx('root sent too', [...one(), root]),
  nginx('root before intermediate', [leaf(), root, intermediate]),
  nginx('leaf twice', [...one().slice(0, 1), ...one()]),
  nginx('a stranger between', [leaf(), stranger.root, intermediate]),
  nginx('issued by the root', [leaf({ issuer: root })]),
  nginx('a leaf as issuer', [...under(leaf()), intermediate]),
  nginx('issuer without keyCertSign', under(below({ mayNotSign: true }))),
  nginx('issuer without key usage', under(below({ keyUsage: null }))),
  nginx('issuer for mail', under(below({ usages: ['1.3.6.1.5.5.7.3.4'] }))),
  nginx('issuer for servers', under(below({ usages: ['1.3.6.1.5.5.7.3.1'] }))),
  nginx('issuer for any use', under(below({ usages: ['2.5.29.37.0'] }))),
  nginx('names permitted', under(below({ permitted: ['example.com'] }))),
  nginx('names permitted elsewhere', under(below({ permitted: ['example.org'] }))),
  nginx('names excluded', under(below({ excluded: ['example.com'] }))),
  nginx('names excluded elsewhere', under(below({ excluded: ['example.org'] }))),
  nginx('permitted with a first dot', under(below({ permitted: ['.example.com'] }))),
  nginx(
    'wildcard below a name that is permitted',
    under(below({ permitted: ['example.com'] }), { names: ['*.example.com'] }),
  ),
  nginx('path length kept', [leaf({ issuer: intermediate }), intermediate]),
  ...pathLengths(),
  nginx('issuer’s key identifier is wrong', one({ issuerKeyId: Buffer.alloc(20, 9) })),
  nginx('a version 1 certificate', one({ version1: true })),
  nginx('a version 1 issuer', under(below({ version1: true }))),
]

/** An authority that may have none below it, with one below it. */
function pathLengths(): TlsCase[] {
  const narrow = below({ pathLength: 0 })
  const deeper = below({ issuer: narrow, subject: 'O=Example Authority, CN=Deeper' })
  return [
    nginx('path length 0, leaf below', under(narrow)),
    nginx('path length 0, authority below', [...under(deeper), narrow]),
  ]
}

const extensions: TlsCase[] = [
  nginx('for clients only', one({ usages: ['1.3.6.1.5.5.7.3.2'] })),
  nginx('for servers and clients', one({ usages: ['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2'] })),
  nginx('for any use', one({ usages: ['2.5.29.37.0'] })),
  nginx('for no stated use', one({ usages: [] })),
  nginx('Netscape’s server use alone', one({ usages: ['2.16.840.1.113730.4.1'] })),
  nginx('must-staple, not stapled', one({ extra: [mustStaple] })),
  nginx('an unknown extension', one({ extra: [unknownExtension(false)] })),
  nginx('an unknown critical extension', one({ extra: [unknownExtension(true)] })),
  nginx('a precertificate', one({ extra: [poison] })),
  nginx('extended-validation', one({ extra: [policy('2.23.140.1.1')] })),
  nginx('a critical policy', one({ extra: [policy('2.23.140.1.2.1', true)] })),
  nginx('no key usage', one({ keyUsage: null })),
  nginx('EC for key agreement alone', one({ keyUsage: [3, 0x08] })),
  nginx('RSA for key encipherment alone', rsa({ keyUsage: [5, 0x20] })),
  nginx(
    'RSA for key encipherment alone, TLS 1.2',
    rsa({ keyUsage: [5, 0x20] }),
    'ssl_protocols TLSv1.2; ssl_ciphers ECDHE+AESGCM;',
  ),
  nginx('RSA for signatures alone', rsa({ keyUsage: [7, 0x80] })),
  nginx('key usage of an authority', one({ keyUsage: [1, 0x06] })),
  nginx('a leaf that is an authority', one({ authority: true, usages: ['1.3.6.1.5.5.7.3.1'], keyUsage: [1, 0x86] })),
  nginx('serial number 0', one({ serial: [0] })),
  nginx('serial number below 0', one({ serial: [0x80, 1] })),
  nginx('serial number of 20 bytes', one({ serial: [0x7f, ...Buffer.alloc(19, 5)] })),
  nginx('serial number of 25 bytes', one({ serial: [0x7f, ...Buffer.alloc(24, 5)] })),
  nginx('no-sct', one({ timestamps: 0 })),
]

const protocols: TlsCase[] = [
  nginx('mozilla-modern', one(), 'ssl_protocols TLSv1.3;'),
  nginx(
    'mozilla-intermediate',
    rsa(),
    'ssl_protocols TLSv1.2 TLSv1.3; ssl_ciphers ECDHE+AESGCM:ECDHE+CHACHA20:DHE+AESGCM; ssl_dhparam DH2048;',
  ),
  nginx(
    'mozilla-old',
    rsa(),
    'ssl_protocols TLSv1 TLSv1.1 TLSv1.2 TLSv1.3; ssl_ciphers ECDHE+AES:DHE+AES:AES:3DES; ssl_dhparam DH1024;',
  ),
  nginx('tls-v1-0', rsa(), 'ssl_protocols TLSv1; ssl_ciphers ECDHE+AES:AES;'),
  nginx('tls-v1-1', rsa(), 'ssl_protocols TLSv1.1; ssl_ciphers ECDHE+AES:AES;'),
  nginx('tls-v1-0 and 1-1', rsa(), 'ssl_protocols TLSv1 TLSv1.1; ssl_ciphers ECDHE+AES:AES;'),
  nginx('tls-v1-2', rsa(), 'ssl_protocols TLSv1.2; ssl_ciphers ECDHE+AESGCM;'),
  only12('cbc', 'ECDHE-RSA-AES128-SHA:AES128-SHA'),
  only12('CBC with SHA-256 alone', 'ECDHE-RSA-AES128-SHA256'),
  only12('CBC with SHA-384 alone', 'ECDHE-RSA-AES256-SHA384'),
  only12('ECDSA CBC with SHA-256 alone', 'ECDHE-ECDSA-AES128-SHA256', one()),
  only12('ECDSA CBC with SHA-1 alone', 'ECDHE-ECDSA-AES128-SHA', one()),
  only12('AES-256 CBC with SHA-1', 'ECDHE-RSA-AES256-SHA'),
  only12('AES-GCM 128', 'ECDHE-RSA-AES128-GCM-SHA256'),
  only12('AES-GCM 256', 'ECDHE-RSA-AES256-GCM-SHA384'),
  only12('ChaCha20', 'ECDHE-RSA-CHACHA20-POLY1305'),
  only12('static-rsa GCM', 'AES128-GCM-SHA256'),
  only12('static-rsa, for key encipherment alone', 'AES128-GCM-SHA256', rsa({ keyUsage: [5, 0x20] })),
  only12('static-rsa, for signatures alone', 'AES128-GCM-SHA256', rsa({ keyUsage: [7, 0x80] })),
  only12('static-rsa CBC', 'AES128-SHA'),
  only12('static-rsa CBC with SHA-256', 'AES128-SHA256'),
  only12('CCM', 'ECDHE-ECDSA-AES128-CCM', one()),
  only12('CCM8', 'ECDHE-ECDSA-AES256-CCM8', one()),
  only12('Camellia', 'ECDHE-RSA-CAMELLIA128-SHA256'),
  only12('ARIA', 'ECDHE-ARIA128-GCM-SHA256'),
  nginx('dh1024', rsa(), 'ssl_protocols TLSv1.2; ssl_ciphers DHE+AESGCM; ssl_dhparam DH1024;'),
  nginx('dh2048', rsa(), 'ssl_protocols TLSv1.2; ssl_ciphers DHE+AESGCM; ssl_dhparam DH2048;'),
  openssl('null', ['-no_tls1_3', '-cipher', 'eNULL:@SECLEVEL=0']),
  openssl('anonymous alone', ['-no_tls1_3', '-cipher', 'AECDH:@SECLEVEL=0']),
  openssl('TLS 1.3 with ChaCha20 alone', ['-tls1_3', '-ciphersuites', 'TLS_CHACHA20_POLY1305_SHA256']),
  openssl('TLS 1.3 with AES-256 alone', ['-tls1_3', '-ciphersuites', 'TLS_AES_256_GCM_SHA384']),
  openssl('TLS 1.3 with CCM alone', ['-tls1_3', '-ciphersuites', 'TLS_AES_128_CCM_SHA256']),
  openssl('P-256 alone', ['-groups', 'P-256']),
  openssl('P-384 alone', ['-groups', 'P-384']),
  openssl('P-521 alone', ['-groups', 'P-521']),
  openssl('X25519 alone', ['-groups', 'X25519']),
  openssl('X448 alone', ['-groups', 'X448']),
  openssl('a finite field in TLS 1.3', ['-tls1_3', '-groups', 'ffdhe2048']),
  openssl('signs with RSA and SHA-1 alone', ['-no_tls1_3', '-sigalgs', 'RSA+SHA1', '-cipher', 'ECDHE+AES:@SECLEVEL=0']),
  openssl('signs with RSA and SHA-512 alone', ['-no_tls1_3', '-sigalgs', 'RSA+SHA512', '-cipher', 'ECDHE+AES']),
  openssl('signs with RSA-PSS alone', ['-sigalgs', 'rsa_pss_rsae_sha256']),
  openssl('signs with ECDSA and SHA-512 alone', ['-sigalgs', 'ECDSA+SHA512', '-no_tls1_3'], one()),
  openssl('ALPN that no browser knows', ['-alpn', 'spdy/1']),
  openssl('ALPN of HTTP/1.1', ['-alpn', 'http/1.1']),
  openssl('without tickets', ['-no_ticket']),
  openssl('asks for a certificate of the visitor', ['-verify', '1']),
  openssl('insists on a certificate of the visitor', ['-Verify', '1', '-verify_return_error']),
  nginx('refuses the handshake', one(), `${both} ssl_reject_handshake on;`),
]

const doubles: TlsCase[] = [
  double('EC and RSA', one(), rsa()),
  double('EC, and RSA expired', one(), rsa({ notBefore: days(-100), notAfter: days(-3) })),
  double('EC expired, and RSA', one({ notBefore: days(-100), notAfter: days(-3) }), rsa()),
  double('EC for another name, and RSA', one({ names: ['other.example'] }), rsa()),
  double('EC without its intermediate, and RSA', [leaf()], rsa()),
  double('P-521 and RSA', one({ kind: 'ec-521' }), rsa()),
  double(
    'EC and RSA, with RSA suites alone',
    one({ notBefore: days(-100), notAfter: days(-3) }),
    rsa(),
    'ssl_protocols TLSv1.2; ssl_ciphers ECDHE-RSA-AES128-GCM-SHA256;',
  ),
]

export const browserTlsCases: TlsCase[] = [
  ...keys,
  ...signatures,
  ...dates,
  ...named,
  ...chains,
  ...extensions,
  ...protocols,
  ...doubles,
]
