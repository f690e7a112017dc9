// Masks what is secret in facts before they are written to a file: values of session cookies and authorization headers.
import type { SavedFact } from '../core/fact.ts'
import { maskSecret } from '../core/redact.ts'

const maskCookie = (value: string): string =>
  value.replace(/^([^=;]*)=([^;]{8,})/, (_, name: string, secret: string) => `${name}=${maskSecret(secret)}`)

const isHeaderPair = (value: unknown): value is [string, string] =>
  Array.isArray(value) && value.length === 2 && typeof value[0] === 'string' && typeof value[1] === 'string'

const mask = (value: unknown): unknown => {
  if (isHeaderPair(value)) {
    const name = value[0].toLowerCase()
    if (name === 'set-cookie') return [value[0], maskCookie(value[1])]
    if (name === 'authorization' || name === 'cookie') return [value[0], maskSecret(value[1])]
    return value
  }
  if (Array.isArray(value)) return value.map(mask)
  if (value && typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mask(item)]))
  return value
}

/** The same facts, secrets masked. */
export const maskFacts = (facts: readonly SavedFact[]): SavedFact[] => facts.map(item => mask(item) as SavedFact)
