// The cipher suites that we offer, by family, and the code points of protocol versions, groups and signature schemes
// (IANA, "Transport Layer Security (TLS) Parameters").

export const tlsVersions = ['SSLv3', 'TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] as const
export type TlsVersion = (typeof tlsVersions)[number]

export const versionCodes: Readonly<Record<TlsVersion, number>> = {
  SSLv3: 0x0300,
  TLSv1: 0x0301,
  'TLSv1.1': 0x0302,
  'TLSv1.2': 0x0303,
  'TLSv1.3': 0x0304,
}

export const weakFamilies = ['NULL', 'anonymous', 'EXPORT', 'RC4', 'DES', '3DES'] as const
/** Families of suites that protect nothing any more (RFC 7465, RFC 9325 §4.1, RFC 8996). */
export type WeakFamily = (typeof weakFamilies)[number]

type Exchange = 'any' | 'ecdhe' | 'dhe' | 'static'
type Suite = readonly [code: number, name: string, exchange: Exchange, weak?: WeakFamily]

// Ordered as a browser would: authenticated encryption with forward secrecy first.
const suites: readonly Suite[] = [
  [0x1301, 'TLS_AES_128_GCM_SHA256', 'any'],
  [0x1302, 'TLS_AES_256_GCM_SHA384', 'any'],
  [0x1303, 'TLS_CHACHA20_POLY1305_SHA256', 'any'],
  [0xc02b, 'ECDHE-ECDSA-AES128-GCM-SHA256', 'ecdhe'],
  [0xc02f, 'ECDHE-RSA-AES128-GCM-SHA256', 'ecdhe'],
  [0xc02c, 'ECDHE-ECDSA-AES256-GCM-SHA384', 'ecdhe'],
  [0xc030, 'ECDHE-RSA-AES256-GCM-SHA384', 'ecdhe'],
  [0xcca9, 'ECDHE-ECDSA-CHACHA20-POLY1305', 'ecdhe'],
  [0xcca8, 'ECDHE-RSA-CHACHA20-POLY1305', 'ecdhe'],
  [0x009e, 'DHE-RSA-AES128-GCM-SHA256', 'dhe'],
  [0x009f, 'DHE-RSA-AES256-GCM-SHA384', 'dhe'],
  [0xccaa, 'DHE-RSA-CHACHA20-POLY1305', 'dhe'],
  [0xc023, 'ECDHE-ECDSA-AES128-SHA256', 'ecdhe'],
  [0xc027, 'ECDHE-RSA-AES128-SHA256', 'ecdhe'],
  [0xc024, 'ECDHE-ECDSA-AES256-SHA384', 'ecdhe'],
  [0xc028, 'ECDHE-RSA-AES256-SHA384', 'ecdhe'],
  [0xc009, 'ECDHE-ECDSA-AES128-SHA', 'ecdhe'],
  [0xc013, 'ECDHE-RSA-AES128-SHA', 'ecdhe'],
  [0xc00a, 'ECDHE-ECDSA-AES256-SHA', 'ecdhe'],
  [0xc014, 'ECDHE-RSA-AES256-SHA', 'ecdhe'],
  [0x0067, 'DHE-RSA-AES128-SHA256', 'dhe'],
  [0x006b, 'DHE-RSA-AES256-SHA256', 'dhe'],
  [0x0033, 'DHE-RSA-AES128-SHA', 'dhe'],
  [0x0039, 'DHE-RSA-AES256-SHA', 'dhe'],
  [0x0045, 'DHE-RSA-CAMELLIA128-SHA', 'dhe'],
  [0x0088, 'DHE-RSA-CAMELLIA256-SHA', 'dhe'],
  [0x00a2, 'DHE-DSS-AES128-GCM-SHA256', 'dhe'],
  [0x00a3, 'DHE-DSS-AES256-GCM-SHA384', 'dhe'],
  [0x0040, 'DHE-DSS-AES128-SHA256', 'dhe'],
  [0x006a, 'DHE-DSS-AES256-SHA256', 'dhe'],
  [0x0032, 'DHE-DSS-AES128-SHA', 'dhe'],
  [0x0038, 'DHE-DSS-AES256-SHA', 'dhe'],
  [0x009c, 'AES128-GCM-SHA256', 'static'],
  [0x009d, 'AES256-GCM-SHA384', 'static'],
  [0x003c, 'AES128-SHA256', 'static'],
  [0x003d, 'AES256-SHA256', 'static'],
  [0x002f, 'AES128-SHA', 'static'],
  [0x0035, 'AES256-SHA', 'static'],
  [0x0041, 'CAMELLIA128-SHA', 'static'],
  [0x0084, 'CAMELLIA256-SHA', 'static'],
  [0xc008, 'ECDHE-ECDSA-DES-CBC3-SHA', 'ecdhe', '3DES'],
  [0xc012, 'ECDHE-RSA-DES-CBC3-SHA', 'ecdhe', '3DES'],
  [0x0016, 'DHE-RSA-DES-CBC3-SHA', 'dhe', '3DES'],
  [0x0013, 'DHE-DSS-DES-CBC3-SHA', 'dhe', '3DES'],
  [0x000a, 'DES-CBC3-SHA', 'static', '3DES'],
  [0xc007, 'ECDHE-ECDSA-RC4-SHA', 'ecdhe', 'RC4'],
  [0xc011, 'ECDHE-RSA-RC4-SHA', 'ecdhe', 'RC4'],
  [0x0005, 'RC4-SHA', 'static', 'RC4'],
  [0x0004, 'RC4-MD5', 'static', 'RC4'],
  [0x0015, 'DHE-RSA-DES-CBC-SHA', 'dhe', 'DES'],
  [0x0012, 'DHE-DSS-DES-CBC-SHA', 'dhe', 'DES'],
  [0x0009, 'DES-CBC-SHA', 'static', 'DES'],
  [0x0014, 'EXP-DHE-RSA-DES-CBC-SHA', 'dhe', 'EXPORT'],
  [0x0011, 'EXP-DHE-DSS-DES-CBC-SHA', 'dhe', 'EXPORT'],
  [0x0062, 'EXP1024-DES-CBC-SHA', 'static', 'EXPORT'],
  [0x0064, 'EXP1024-RC4-SHA', 'static', 'EXPORT'],
  [0x0008, 'EXP-DES-CBC-SHA', 'static', 'EXPORT'],
  [0x0006, 'EXP-RC2-CBC-MD5', 'static', 'EXPORT'],
  [0x0003, 'EXP-RC4-MD5', 'static', 'EXPORT'],
  [0xc019, 'AECDH-AES256-SHA', 'ecdhe', 'anonymous'],
  [0xc018, 'AECDH-AES128-SHA', 'ecdhe', 'anonymous'],
  [0xc017, 'AECDH-DES-CBC3-SHA', 'ecdhe', 'anonymous'],
  [0xc016, 'AECDH-RC4-SHA', 'ecdhe', 'anonymous'],
  [0x00a7, 'ADH-AES256-GCM-SHA384', 'dhe', 'anonymous'],
  [0x00a6, 'ADH-AES128-GCM-SHA256', 'dhe', 'anonymous'],
  [0x006d, 'ADH-AES256-SHA256', 'dhe', 'anonymous'],
  [0x006c, 'ADH-AES128-SHA256', 'dhe', 'anonymous'],
  [0x003a, 'ADH-AES256-SHA', 'dhe', 'anonymous'],
  [0x0034, 'ADH-AES128-SHA', 'dhe', 'anonymous'],
  [0x001b, 'ADH-DES-CBC3-SHA', 'dhe', 'anonymous'],
  [0x001a, 'ADH-DES-CBC-SHA', 'dhe', 'anonymous'],
  [0x0018, 'ADH-RC4-MD5', 'dhe', 'anonymous'],
  [0x0019, 'EXP-ADH-DES-CBC-SHA', 'dhe', 'anonymous'],
  [0x0017, 'EXP-ADH-RC4-MD5', 'dhe', 'anonymous'],
  [0xc015, 'AECDH-NULL-SHA', 'ecdhe', 'anonymous'],
  [0xc006, 'ECDHE-ECDSA-NULL-SHA', 'ecdhe', 'NULL'],
  [0xc010, 'ECDHE-RSA-NULL-SHA', 'ecdhe', 'NULL'],
  [0x003b, 'NULL-SHA256', 'static', 'NULL'],
  [0x0002, 'NULL-SHA', 'static', 'NULL'],
  [0x0001, 'NULL-MD5', 'static', 'NULL'],
]

const byCode = new Map(suites.map(suite => [suite[0], suite]))
const codesOf = (holds: (suite: Suite) => boolean): number[] => suites.filter(holds).map(([code]) => code)

export const suitesOf13: readonly number[] = codesOf(([, , exchange]) => exchange === 'any')
/** Everything below TLS 1.3 that authenticates and encrypts, sound first; 3DES, RC4 and DES last, so that old servers still answer. */
export const suitesBelow13: readonly number[] = codesOf(
  ([, , exchange, weak]) => exchange !== 'any' && (!weak || weak === '3DES' || weak === 'RC4' || weak === 'DES'),
)
export const forwardSecretSuites: readonly number[] = codesOf(
  ([, , exchange, weak]) => (exchange === 'ecdhe' || exchange === 'dhe') && !weak,
)
export const finiteFieldSuites: readonly number[] = codesOf(([, , exchange, weak]) => exchange === 'dhe' && !weak)
/** The suites of the dead families, in the order of `families`. */
export const weakSuites = (families: readonly WeakFamily[]): number[] =>
  families.flatMap(family => codesOf(([, , , weak]) => weak === family))

/** What is known of a suite by its code point; unknown ones are named by their number. */
export const suiteOf = (code: number): { name: string; forwardSecret: boolean; weak: WeakFamily | null } => {
  const suite = byCode.get(code)
  if (!suite) return { name: `0x${code.toString(16).padStart(4, '0')}`, forwardSecret: false, weak: null }
  return { name: suite[1], forwardSecret: suite[2] !== 'static', weak: suite[3] ?? null }
}

/** Named groups by code point, as far as we offer them below TLS 1.3; key shares are made for `shareGroups`. */
export const groupNames: Readonly<Record<number, string>> = {
  29: 'X25519',
  23: 'P-256',
  24: 'P-384',
  25: 'P-521',
  30: 'X448',
  22: 'secp256k1',
  21: 'P-224',
  19: 'P-192',
}
export const allGroups: readonly number[] = [29, 23, 24, 25, 30, 22, 21, 19]
export const shareGroups = [29, 23] as const

/** Every scheme a server may sign with, sound first: the dead ones too, so that nothing is hidden by our refusal. */
export const signatureSchemes: readonly number[] = [
  0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x0804, 0x0805, 0x0806, 0x0809, 0x080a, 0x080b, 0x0401, 0x0501, 0x0601,
  0x0303, 0x0301, 0x0203, 0x0201, 0x0402, 0x0302, 0x0202, 0x0101,
]

/** What a client offers of suites, groups and signature schemes. */
export type ClientOffer = {
  suites: readonly number[]
  groups: readonly number[]
  schemes: readonly number[]
}

const rsaSchemes = [0x0804, 0x0401, 0x0805, 0x0501, 0x0806, 0x0601] as const
const browserSuites13 = [0x1301, 0x1302, 0x1303] as const

/**
 * What Chrome 131 and Edge offer (BoringSSL's defaults, without its shuffling and GREASE), and Safari 18. Chrome's hybrid group
 * X25519MLKEM768 is left out: no server takes it alone.
 */
export const browserOffers: Readonly<Record<'chrome' | 'safari', ClientOffer>> = {
  chrome: {
    suites: [
      ...browserSuites13,
      ...[0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8, 0xc013, 0xc014, 0x009c, 0x009d, 0x002f, 0x0035],
    ],
    groups: [29, 23, 24],
    schemes: [0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601],
  },
  safari: {
    suites: [
      ...browserSuites13,
      ...[0xc02c, 0xc02b, 0xcca9, 0xc030, 0xc02f, 0xcca8, 0xc00a, 0xc009, 0xc014, 0xc013],
      ...[0x009d, 0x009c, 0x0035, 0x002f, 0xc008, 0xc012, 0x000a],
    ],
    groups: [29, 23, 24, 25],
    schemes: [0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601, 0x0201],
  },
}

/** A client that takes keys of one type alone: what a server with two certificates sends it. */
export const keyTypeOffers: Readonly<Record<'rsa' | 'ec', ClientOffer>> = {
  rsa: {
    suites: [
      ...browserSuites13,
      0xc02f,
      0xc030,
      0xcca8,
      0xc027,
      0xc028,
      0xc013,
      0xc014,
      0x009c,
      0x009d,
      0x002f,
      0x0035,
    ],
    groups: browserOffers.chrome.groups,
    schemes: rsaSchemes,
  },
  ec: {
    suites: [...browserSuites13, 0xc02b, 0xc02c, 0xcca9, 0xc023, 0xc024, 0xc009, 0xc00a],
    groups: browserOffers.chrome.groups,
    schemes: [0x0403, 0x0503],
  },
}

/** Alert descriptions (RFC 8446 §6, RFC 5246 §7.2). */
export const alertNames: Readonly<Record<number, string>> = {
  0: 'close_notify',
  10: 'unexpected_message',
  20: 'bad_record_mac',
  22: 'record_overflow',
  40: 'handshake_failure',
  42: 'bad_certificate',
  47: 'illegal_parameter',
  50: 'decode_error',
  51: 'decrypt_error',
  70: 'protocol_version',
  71: 'insufficient_security',
  80: 'internal_error',
  86: 'inappropriate_fallback',
  90: 'user_canceled',
  109: 'missing_extension',
  110: 'unsupported_extension',
  112: 'unrecognized_name',
  116: 'certificate_required',
  120: 'no_application_protocol',
}
