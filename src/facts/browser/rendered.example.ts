// A page as a browser ran it, for the examples of checks.
import type { Rendered } from './rendered.ts'

/** Nothing went wrong. */
export const example: Rendered = {
  url: 'https://example.com/',
  uncaught: [],
  failed: [],
  blocked: [],
  insecure: [],
  withheld: 0,
  shown: {
    text: 'Coaching, in one place',
    drawn: 1,
    words: null,
    doubtful: null,
    hollow: false,
    framed: false,
    bare: null,
  },
  untold: [],
}
