// Which keys in what browsers are sent are secrets, and which are made for browsers.

/** A hit of the secret scanner as the fact `bundles` keeps it: masked, with its place. */
export type SecretInBundle = {
  rule: string
  provider: string
  what: string
  class: string
  kind: string
  confidence: string
  hash: string
  url: string
  /** File inside a source map; null for the file at `url` itself. */
  source: string | null
  line: number
  column: number
  variable: string | null
}

export type BundleSecretKind = 'live-secret' | 'private-key' | 'service-role-key' | 'test-secret' | 'suspicious'

/** An unknown value named apiKey or token is mostly a browser library's public key; these names are given to nothing public. */
const tellingName = /secret|private|passw|service_?(?:key|role)|master|admin|signing|encrypt|webhook|credential/i

/** Null for what is no fault: keys made for browsers, and unknown values whose name says nothing. */
export const bundleSecretKind = (hit: SecretInBundle): BundleSecretKind | null => {
  if (hit.class === 'test') return 'test-secret'
  if (hit.class !== 'live') return null
  if (hit.kind === 'private-key') return 'private-key'
  if (hit.kind === 'service-role') return 'service-role-key'
  if (hit.confidence !== 'possible') return 'live-secret'
  return tellingName.test(hit.variable ?? '') ? 'suspicious' : null
}

/** `OpenAI API key`, or `value of sessionSecret` where no rule knows the shape. */
export const secretName = (hit: SecretInBundle): string =>
  hit.rule === 'generic' ? `value of ${hit.variable ?? 'a secret'}` : `${hit.provider} ${hit.what}`

/** `https://example.com/app.js (src/pay.ts):1:204`. */
export const secretPlace = ({ url, source, line, column }: SecretInBundle): string =>
  `${url}${source ? ` (${source})` : ''}:${line}:${column}`

/** One secret in several places is one finding. */
export type BundleSecret<H extends SecretInBundle> = { key: string; kind: BundleSecretKind; places: [H, ...H[]] }

/** The secrets among the hits, in the order of their first place. `key` is stable across runs. */
export const bundleSecrets = <H extends SecretInBundle>(hits: readonly H[]): BundleSecret<H>[] => {
  const found = new Map<string, BundleSecret<H>>()
  for (const hit of hits) {
    const kind = bundleSecretKind(hit)
    if (kind === null) continue
    const key = `${hit.rule} ${hit.hash}`
    const known = found.get(key)
    if (known) known.places.push(hit)
    else found.set(key, { key, kind, places: [hit] })
  }
  return [...found.values()]
}
