// The life of a page for the examples of checks.
import type { PageLife } from './page-life.ts'

/** A page that shows words and whose script and style are there. */
export const example: PageLife = {
  url: 'https://example.com/',
  status: 200,
  kind: 'page',
  type: 'text/html; charset=utf-8',
  markup: true,
  shell: false,
  undrawn: false,
  empty: false,
  words: null,
  doubtful: null,
  thin: null,
  consentWall: false,
  saysNotFound: false,
  looked: 2,
  broken: [],
  untold: [],
  refused: [],
  insecure: [],
  styles: 1,
}

/** A shell whose only script browsers do not use. */
export const withoutEntry = (words = 'status 404'): Partial<PageLife> => ({
  shell: true,
  undrawn: true,
  broken: [{ url: 'https://example.com/assets/index-abc.js', kind: 'script', words, isEntry: true }],
})

/** A page that is whole, and a widget of it that is gone. */
export const withoutWidget: Partial<PageLife> = {
  broken: [
    {
      url: 'https://example.com/widgets/reviews.js',
      kind: 'script',
      words: 'status 404',
      isEntry: false,
      isSide: true,
    },
  ],
}
