// DKIM selectors of a sound domain.
import type { Selector, Selectors } from './selectors.ts'

/** A configured selector with a usable key, with what is given changed. */
export const selectorWith = (given: Partial<Selector> = {}): Selector => ({
  selector: 'pm',
  domain: 'coachdash.example',
  why: 'configured for Postmark',
  configured: true,
  state: 'found',
  usable: true,
  revoked: false,
  type: 'rsa',
  print: '5b1f0d7c2a94',
  stray: null,
  ...given,
})

/** One configured key, found. */
export const example: Selectors = {
  selectors: [selectorWith()],
  tried: 30,
  sources: [{ why: 'configured for Postmark', selectors: ['pm'] }],
  wildcard: null,
  below: 'exists',
  unanswered: 0,
  providers: [{ id: 'postmark', name: 'Postmark', why: 'the config' }],
  returnPaths: [],
}

/** Nothing was found under the names that were guessed. */
export const nothingFound: Selectors = {
  ...example,
  selectors: [],
  sources: [{ why: 'a common name', selectors: ['default', 'mail'] }],
  below: 'absent',
  providers: [],
}
