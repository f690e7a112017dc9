// The small protective headers: the values they should have, and what contradicts itself.
import { type Headers, headerValues } from './headers.ts'

/** Header (lower case) → the value to send where there is nothing to decide. */
export const soundValues: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'strict-origin-when-cross-origin',
  'x-frame-options': 'DENY',
  'strict-transport-security': 'max-age=31536000',
  'cross-origin-opener-policy': 'same-origin',
}

/** Headers of which browsers take one value, sent with several different ones: these undo each other. Values in lower case. */
export const contradictingHeaders = (answer: { headers: Headers }): { name: string; values: string[] }[] =>
  Object.keys(soundValues).flatMap(name => {
    const lines = headerValues(answer, name)
    const values = lines.flatMap(value => value.split(',')).map(value => value.trim().toLowerCase())
    // A list in one Referrer-Policy is the standard's way to give older browsers something; several lines are not.
    const several = name === 'referrer-policy' ? lines.length > 1 : values.length > 1
    return several && new Set(values).size > 1 ? [{ name, values }] : []
  })

/** The first value of a list header in lower case, which decides of X-Content-Type-Options (Fetch Standard §3.6); empty when nothing was sent. */
export const firstWord = (values: readonly string[]): string => values.join(',').split(',')[0]!.trim().toLowerCase()
