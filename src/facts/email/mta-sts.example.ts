// A sound MTA-STS policy.
import { parseMtaStsPolicy } from '../../formats/mail/mta-sts.ts'
import type { MtaSts, PolicyFetch } from './mta-sts.ts'

/** A policy that was fetched with this text, with what is given changed. */
export const policyServed = (text: string, given: Partial<PolicyFetch> = {}): MtaSts => ({
  texts: ['v=STSv1; id=1'],
  record: { id: '1', faults: [] },
  fetch: {
    url: 'https://mta-sts.coachdash.example/.well-known/mta-sts.txt',
    state: 'fetched',
    status: 200,
    message: null,
    contentType: 'text/plain',
    text,
    policy: parseMtaStsPolicy(text),
    ...given,
  },
})

/** The policy names the one mail server, in this mode. */
export const policyText = (mode: string, maxAge = 604_800): string =>
  `version: STSv1\nmode: ${mode}\nmx: mx.coachdash.example\nmax_age: ${maxAge}\n`

/** Enforced, and every server named. */
export const example: MtaSts = policyServed(policyText('enforce'))

/** Nothing is published. */
export const unpublished: MtaSts = { texts: [], record: null, fetch: null }

/** Announced, and not fetched: `absent`, `failed` or `unasked`. */
export const unfetched = (state: PolicyFetch['state'], message: string | null = null): MtaSts =>
  policyServed('', { state, status: null, message, contentType: null, policy: null })
