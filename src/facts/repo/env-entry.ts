// What a fact may say of a variable's value: its class, its mask, its hash; never the value.
import { maskSecret, secretHash } from '../../core/redact.ts'
import {
  classifyValue,
  type EnvironmentName,
  type EnvironmentValueClass,
  parseDotenv,
} from '../../formats/repo/dotenv.ts'
import { isOwn, saidEnvironment } from '../../formats/repo/env-sureness.ts'
import { isNamedAlone } from '../../formats/secrets/candidates.ts'
import type { SecretKind } from '../../formats/secrets/hit.ts'
import { isSecretName } from '../../formats/secrets/names.ts'
import { looksRandom } from '../../formats/secrets/values.ts'

/** `hash` is the start of the value's SHA-256, for values that are secret alone: two files with one hash share a secret. */
export type EnvironmentEntry = {
  name: string
  line: number
  class: EnvironmentValueClass
  provider: string | null
  what: string | null
  kind: SecretKind | null
  masked: string | null
  /** The shape of the value leaves no doubt, or no person would make it up. */
  sure: boolean
  /** What it opens: `shape`, a provider's own form; `name`, a provider's under its own name; null for what the product made up itself. */
  proof: 'shape' | 'name' | null
  hash: string | null
  secretName: boolean
  empty: boolean
  reference: boolean
  commented: boolean
  /** The value is or names this machine: localhost, 127.0.0.1, host.docker.internal. */
  local: boolean
  /** The value switches something on: true, 1, yes, on, or `*`. */
  on: boolean
  /** The word, where it is a short plain one that cannot be secret (NODE_ENV=production). */
  word: string | null
  /** The provider's own word for what the key works on; null where its keys do not say. */
  mode: 'live' | 'test' | null
}

const localValue = /(?:^|[/@=,\s])(?:localhost|127\.0\.0\.1|\[?::1\]?|host\.docker\.internal)(?:[:/,\s]|$)/i
const testMode =
  /^(?:[sr]k_test_|pk_test_|rzp_test_|pdl_sdbx_|test_[A-Za-z0-9]{20,}|FLWSECK_TEST|FLWPUBK_TEST|access_token\$sandbox\$|sandbox-sq0|secret-test-|public-token-test-|signkey-test-|tr_dev_|mode_test)/
const liveMode =
  /^(?:[sr]k_live_|pk_live_|rzp_live_|pdl_live_|live_[A-Za-z0-9]{20,}|FLWSECK-|FLWPUBK-|access_token\$production\$|sq0atp-|secret-live-|signkey-prod-|tr_prod_)/

export const environmentEntry = (entry: {
  name: string
  value: string
  line: number
  reference?: boolean
  commented?: boolean
}): EnvironmentEntry => {
  const { class: value, hit } = classifyValue(entry.name, entry.value)
  const guarded = value === 'secret' || value === 'test-secret' || value === 'unclear'
  const trimmed = entry.value.trim()
  return {
    name: entry.name,
    line: entry.line,
    class: value,
    provider: hit?.provider ?? null,
    what: hit?.what ?? null,
    kind: hit?.kind ?? null,
    sure: hit !== null && (hit.confidence === 'certain' || looksRandom(entry.value)),
    proof: hit && hit.confidence === 'certain' && !isOwn(hit.kind) ? (isNamedAlone(hit.rule) ? 'name' : 'shape') : null,
    masked: guarded ? maskSecret(entry.value) : null,
    hash: guarded ? secretHash(entry.value).slice(0, 16) : null,
    secretName: isSecretName(entry.name),
    empty: trimmed === '',
    reference: entry.reference ?? false,
    commented: entry.commented ?? false,
    // One of several hosts that are let in is no place that anything goes to.
    local: entry.value.split(',').every(part => localValue.test(part)),
    on: /^(?:true|1|yes|on|\*|debug|verbose)$/i.test(trimmed),
    word: /^[A-Za-z]{1,16}$/.test(entry.value) && !isSecretName(entry.name) ? entry.value : null,
    mode: value === 'placeholder' ? null : testMode.test(trimmed) ? 'test' : liveMode.test(trimmed) ? 'live' : null,
  }
}

/** What tests and laptops are given opens these alone, unless it is a key of a provider: an own secret or a password guards nothing there. */
const asFor =
  (environment: EnvironmentName) =>
  (entry: EnvironmentEntry): EnvironmentEntry => {
    if (environment !== 'test' && environment !== 'development') return entry
    // A key of a test's own making has no provider either.
    const isKey = environment === 'test' && entry.kind === 'private-key'
    const isProven = entry.proof === 'shape' && !isKey
    const own = entry.class === 'secret' && !isProven && (environment === 'test' || isOwn(entry.kind))
    if (own || (environment === 'test' && entry.class === 'unclear'))
      return { ...entry, class: environment === 'test' ? 'placeholder' : 'unclear', sure: false }
    return entry
  }

/** `PLAID_ENV=sandbox`: what the file says of a provider's other values is said of its test account. */
const inSandbox = (entries: EnvironmentEntry[]): EnvironmentEntry[] => {
  const sandboxes = entries
    .filter(one => !one.commented && /^(?:sandbox|test|testing|development)$/i.test(one.word ?? ''))
    .flatMap(({ name }) => /^([A-Z][A-Z0-9]*)_(?:ENV|ENVIRONMENT|MODE)$/.exec(name)?.[1] ?? [])
    .filter(
      name =>
        !/^(?:APP|NODE|RAILS|RACK|FLASK|DJANGO|MIX|GO|PHP|SERVER|API|WEB|DEPLOY|PUBLIC|VITE|NEXT|REACT|NUXT|CI)$/.test(
          name,
        ),
    )
  return entries.map(one =>
    one.class === 'secret' && sandboxes.some(provider => one.name.startsWith(`${provider}_`))
      ? { ...one, class: 'test-secret' as const, mode: 'test' as const }
      : one,
  )
}

/** What a dotenv file says: the environment that it is for, by its own words where its name is silent, and its values as they count there. */
export const readEnvironment = (
  text: string,
  named: EnvironmentName,
): { environment: EnvironmentName; entries: EnvironmentEntry[]; problems: { line: number; what: string }[] } => {
  const { entries: written, problems } = parseDotenv(text)
  const entries = written.map(environmentEntry)
  const said = saidEnvironment(entries)
  const environment = said === 'test' && (named === 'default' || named === 'development') ? 'test' : named
  const as = environment === 'default' && said === 'development' ? 'development' : environment
  return { environment, entries: inSandbox(entries.map(asFor(as))), problems }
}
