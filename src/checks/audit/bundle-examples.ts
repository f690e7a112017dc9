// Literal facts for the examples of checks that look at a host's scripts, and what these checks say alike.
import type { Unknown } from '../../core/check.ts'
import type { Severity } from '../../core/severity.ts'
import type { BundleHit, Bundles } from '../../facts/http/bundles.ts'

/** Two pages and three scripts with nothing in them, unless told otherwise. */
export const bundles = (given: Partial<Bundles> = {}): Bundles => ({
  pages: ['https://example.com/', 'https://example.com/login'],
  files: 3,
  bytes: 410_000,
  hits: [],
  payments: [],
  endpoints: [],
  libraries: [],
  starter: null,
  maps: [],
  unread: [],
  leftOut: [],
  ...given,
})

/** A live key, as the collector keeps it. */
export const bundleHit = (given: Partial<BundleHit> = {}): BundleHit => ({
  rule: 'openai',
  provider: 'OpenAI',
  what: 'API key',
  class: 'live',
  kind: 'token',
  confidence: 'certain',
  masked: 'sk-p…9f (56 characters, sha256 1a2b3c4d)',
  hash: '1a2b3c4d5e6f7081',
  url: 'https://example.com/assets/app.js',
  source: null,
  line: 1,
  column: 40_211,
  variable: 'apiKey',
  rotate: 'https://platform.openai.com/api-keys',
  ...given,
})

/** What was read, for the evidence of a pass. */
export const readEvidence = (seen: Bundles) => [
  { label: 'read', value: `${seen.pages.length} pages and ${seen.files} files, ${Math.ceil(seen.bytes / 1000)} kB` },
]

/** Unknown where something that the pages load could not be read; null where all was. */
export const notRead = (seen: Bundles, couldBe: Severity): Unknown | null => {
  const first = seen.unread[0]
  if (first)
    return { unknown: `${seen.unread.length} files could not be read (${first.url}: ${first.message})`, couldBe }
  return seen.leftOut[0]
    ? { unknown: `not all was read: ${seen.leftOut[0]}; audit.bundleBudget sets how much is`, couldBe }
    : null
}

/** Hosts that are made for trying things out: test keys and development addresses belong there. */
export const isStagingHost = (host: string): boolean =>
  /(?:^|[.-])(?:staging|stage|stg|dev|develop|development|test|testing|preview|qa|uat|sandbox|demo|canary|next|beta)(?:[.-]|\d*\.)/i.test(
    host.split('.').slice(0, -2).join('.').concat('.'),
  )
