// Why something could not be seen, as data: equal causes are folded into one line, and advice follows the kind.
import type { Reason } from './fact.ts'

/**
 * The deeper reason behind missing facts. `text` is the sentence that a person reads; nothing else reads it. What
 * identifies the cause stands in the other fields: `host` a name or address without the trailing dot, `endpoint` as
 * `address:port` or a URL.
 */
export type Cause = { text: string } & (
  | { kind: 'resolver'; endpoint: string; name?: string }
  /** The name does not exist, has no address, or leads into a private network. */
  | { kind: 'name'; host: string }
  /** Nothing answers there, or the TLS handshake fails. */
  | { kind: 'endpoint'; host: string; port: number }
  /** It answers, but not to programs like this one: a bot wall, a rate limit. */
  | { kind: 'turned-away'; host: string }
  /** A service of somebody else that was needed: a registry, an advisory database. */
  | { kind: 'service'; host: string }
  | { kind: 'credential'; service: string; lacks: 'value' | 'permission' }
  | { kind: 'browser'; lacks: 'executable' | 'playwright-core' | 'working' }
  | { kind: 'network'; lacks: 'ipv6' | 'port-25' | 'port-53' }
  /** This machine gave the program too few turns to wait for answers. */
  | { kind: 'busy' }
  | { kind: 'interrupted' }
  | { kind: 'facts-file' }
  | { kind: 'defect'; of: string }
  /** No deeper cause is known than the fact's own reason. */
  | { kind: 'fact'; reason: Reason }
  /** The judge could not tell although it had its facts: too few samples, say. */
  | { kind: 'judged' }
)

export type CauseKind = Cause['kind']

/** Equal for equal causes: the identifying fields, or the sentence where there are none. */
export const causeKey = ({ text, ...fields }: Cause): string =>
  fields.kind === 'fact' || fields.kind === 'judged' ? `${fields.kind} ${text}` : JSON.stringify(fields)

/** The host that a cause is about, null where it is about none. */
export const hostOfCause = (cause: Cause): string | null => ('host' in cause ? cause.host : null)
