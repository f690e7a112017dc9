// What blocklists say of a sound domain.
import type { Blocklists, ListAnswer } from './blocklists.ts'

/** One list that does not know the domain, with what is given changed. */
export const answerWith = (given: Partial<ListAnswer> = {}): ListAnswer => ({
  zone: 'dbl.spamhaus.org',
  list: 'Spamhaus DBL',
  lookup: 'https://check.spamhaus.org/',
  about: 'coachdash.example',
  state: 'clean',
  codes: [],
  text: '',
  ...given,
})

/** Not listed. */
export const example: Blocklists = { answers: [answerWith()] }
