// What a fact may say of a variable's value: its class, its mask, its hash; never the value.
import { maskSecret, secretHash } from '../../core/redact.ts'
import { classifyValue, type EnvironmentValueClass } from '../../formats/repo/dotenv.ts'
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
    masked: guarded ? maskSecret(entry.value) : null,
    hash: guarded ? secretHash(entry.value).slice(0, 16) : null,
    secretName: isSecretName(entry.name),
    empty: trimmed === '',
    reference: entry.reference ?? false,
    commented: entry.commented ?? false,
    local: localValue.test(entry.value),
    on: /^(?:true|1|yes|on|\*|debug|verbose)$/i.test(trimmed),
    word: /^[A-Za-z]{1,16}$/.test(entry.value) && !isSecretName(entry.name) ? entry.value : null,
    mode: value === 'placeholder' ? null : testMode.test(trimmed) ? 'test' : liveMode.test(trimmed) ? 'live' : null,
  }
}
