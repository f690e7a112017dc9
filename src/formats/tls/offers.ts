// What a host offered when protocol versions and cipher families were asked for, over all of its addresses.

/** Protocol versions, oldest first, by OpenSSL's names. */
export const protocolVersions = ['SSLv3', 'TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] as const
export type ProtocolVersion = (typeof protocolVersions)[number]

/** Broken or deprecated: RFC 7568 (SSL 3), RFC 8996 (TLS 1.0 and 1.1). */
export const obsoleteVersions: readonly ProtocolVersion[] = ['SSLv3', 'TLSv1', 'TLSv1.1']

/** Below it a Diffie-Hellman group is within reach of an attacker with means (RFC 9325 §4.1, Logjam). */
export const leastDhBits = 2048

/** What each browser's own hello got at one address. */
type Browsers = { chrome: Offered; safari: Offered }

/** Browsers that are turned away at one of the addresses, by name, worst first; Safari is asked only where Chrome is refused. */
export const refusedBrowsers = (addresses: readonly Browsers[]): string[] => [
  ...(addresses.some(({ chrome }) => chrome === false) ? ['Chrome'] : []),
  ...(addresses.some(({ safari }) => safari === false) ? ['Safari'] : []),
]

/** True: offered; false: refused; null: not asked, or no certain answer. */
type Offered = boolean | null
type Versions = Readonly<Record<ProtocolVersion, Offered>>
type Ciphers = {
  weak: Readonly<Record<string, Offered>>
  forwardSecrecy: Offered
  /** Bits of the smallest finite-field group; null where none is used. */
  dhBits: number | null
}

/** `TLSv1.2` as people write it: `TLS 1.2`. */
export const versionName = (version: ProtocolVersion): string =>
  version
    .replace('TLSv1', 'TLS 1')
    .replace(/^TLS 1$/, 'TLS 1.0')
    .replace('SSLv3', 'SSL 3')

const offerName = (offered: Offered): string => (offered === null ? 'could not tell' : offered ? 'offered' : 'refused')

/** All versions with their answers, in one line: `SSL 3 refused, TLS 1.0 offered, …`. */
export const versionLine = (versions: Versions): string =>
  protocolVersions.map(version => `${versionName(version)} ${offerName(versions[version])}`).join(', ')

/** Whether the old versions were asked for at this address and one of them answered for certain. */
export const areVersionsKnown = (versions: Versions): boolean =>
  obsoleteVersions.some(version => versions[version] !== null)

export type VersionVerdict = {
  /** Offered at one address or more, oldest first. */
  offered: ProtocolVersion[]
  obsolete: ProtocolVersion[]
  /** Some address offers nothing that a current browser speaks. */
  obsoleteOnly: boolean
  /** Some address refuses TLS 1.3. */
  lacksTls13: boolean
  /** No certain answer at some address. */
  unknown: ProtocolVersion[]
}

/** What the versions of a host's addresses amount to. */
export const judgeVersions = (addresses: readonly Versions[]): VersionVerdict => {
  const offered = protocolVersions.filter(version => addresses.some(versions => versions[version] === true))
  return {
    offered,
    obsolete: offered.filter(version => obsoleteVersions.includes(version)),
    obsoleteOnly: addresses.some(versions => versions['TLSv1.2'] === false && versions['TLSv1.3'] === false),
    lacksTls13: addresses.some(versions => versions['TLSv1.3'] === false),
    // TLS 1.2 is asked for by itself at one address alone, where a newer one is spoken everywhere.
    unknown: protocolVersions.filter(version =>
      version === 'TLSv1.2'
        ? addresses.every(versions => versions[version] === null)
        : addresses.some(versions => versions[version] === null),
    ),
  }
}

export type CipherVerdict = {
  /** Dead families that some address accepts: `RC4`, `3DES`. */
  families: string[]
  lacksForwardSecrecy: boolean
  /** Smallest finite-field group in bits; Infinity where none is used. */
  dhBits: number
  /** No certain answer to one of the questions at some address. */
  isIncomplete: boolean
}

/** What the cipher suites of a host's addresses amount to. */
export const judgeCiphers = (addresses: readonly Ciphers[]): CipherVerdict => ({
  families: [...new Set(addresses.flatMap(({ weak }) => Object.keys(weak).filter(family => weak[family] === true)))],
  lacksForwardSecrecy: addresses.some(({ forwardSecrecy }) => forwardSecrecy === false),
  dhBits: Math.min(...addresses.flatMap(({ dhBits }) => dhBits ?? [])),
  isIncomplete: addresses.some(
    ({ weak, forwardSecrecy }) => forwardSecrecy === null || Object.values(weak).includes(null),
  ),
})
