// What a scan finds: a secret with its rule, its class, and its place.
import type { SecretClass, SecretKind } from '../../data/secret-shapes.ts'

export type { SecretClass, SecretKind } from '../../data/secret-shapes.ts'

/**
 * One secret in a text. `secret` is the raw value: whoever keeps a hit replaces it by its mask (`maskSecret`) at once.
 * `certain`: the shape belongs to that provider alone. `likely`: name and shape agree. `possible`: only the name says so.
 */
export type SecretHit = {
  rule: string
  provider: string
  what: string
  class: SecretClass
  kind: SecretKind
  confidence: 'certain' | 'likely' | 'possible'
  secret: string
  /** SHA-256 in hex: one secret in two places is one secret. */
  hash: string
  /** Line and column, from 1; index in UTF-16 units. */
  line: number
  column: number
  index: number
  /** Variable, key or attribute that holds it, when there is one. */
  variable: string | null
  rotate: string | null
  /** It stands in for a variable of the environment that is not set: `env('KEY', 'this')`. */
  fallback?: true
  /** When it opens nothing any more, in seconds since 1970. */
  expires?: number
  /** Of what a project is given anew when its secret changes: which project, and when it was given, in seconds since 1970. */
  issued?: { to: string; at: number }
}

/** A hit before it is placed. Of overlapping ones the highest `rank` is kept; `variable` and `rotate` as in a hit. */
export type Found = Omit<SecretHit, 'hash' | 'line' | 'column'> & { rank: number }
