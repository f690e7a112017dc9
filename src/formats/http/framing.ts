// Who may put a page into a frame (CSP3 §6.4.2.2, HTML Standard §7.6): frame-ancestors decides, without it X-Frame-Options.
import { enforcedPolicies, frameAncestors } from './csp.ts'

/** Whether X-Frame-Options keeps other sites out: ALLOW-FROM and unknown words do nothing. */
const frameOptionsLimit = (values: readonly string[]): boolean => {
  const words = new Set(values.flatMap(value => value.split(',')).map(value => value.trim().toLowerCase()))
  return words.has('deny') || words.has('sameorigin')
}

/** The policy headers with their frame-ancestors closed. */
const closed = (values: readonly string[]): string =>
  values.join(', ').replace(/frame-ancestors[^;,]*/gi, "frame-ancestors 'self'")

export type Framing = {
  /** True when other sites cannot frame the page. */
  limited: boolean
  /** The header that decides, and the value with which it would keep other sites out. */
  header: 'content-security-policy' | 'x-frame-options'
  closing: string
}

/** Judges the values of the headers Content-Security-Policy and X-Frame-Options. */
export const framingOf = (policyHeaders: readonly string[], frameOptions: readonly string[]): Framing => {
  const byPolicy = frameAncestors(enforcedPolicies(policyHeaders, []))
  return byPolicy === null
    ? { limited: frameOptionsLimit(frameOptions), header: 'x-frame-options', closing: 'SAMEORIGIN' }
    : { limited: byPolicy === 'limited', header: 'content-security-policy', closing: closed(policyHeaders) }
}
