// What makes a page appear sooner and stay where it is, in words.
import type { Fix } from '../../core/fix.ts'
import { manualFix } from '../../core/fixes.ts'

/** A page, and what its largest element waited for. */
export type LoadingPage = {
  page: string
  url: string
  lcp: string
  cls: string
  tbt: string
  what: string
  element: string
  /** How many budgets are broken. */
  count: string
}

const byWait: readonly [RegExp, string[]][] = [
  [
    /first byte/,
    [
      'Answer sooner: look for slow queries behind this page, keep its HTML in the delivery network (s-maxage), and move the server near the customers.',
    ],
  ],
  [
    /asked for/,
    [
      'Name the picture in the HTML itself (not in a style or a script) and add fetchpriority="high"; without loading="lazy".',
      'A font or a background picture: <link rel="preload">.',
    ],
  ],
  [/download/, ['Make it smaller: another size by srcset, WebP or AVIF, and quality 75.']],
  [
    /drawn/,
    [
      'Let nothing in the head hold up drawing: scripts with defer, styles that this page needs alone, fonts with font-display: swap.',
      'Render on the server what is drawn by a script now.',
    ],
  ],
]

export const appearSooner = ({ url, what, element }: LoadingPage): Fix =>
  manualFix(
    `Let the largest thing on the page appear sooner${element ? `: ${element}` : ''}`,
    [
      ...(byWait.find(([pattern]) => pattern.test(what))?.[1] ?? [
        'Send less: fewer and smaller scripts before the first words and pictures.',
      ]),
      `Measure again: \`launch-ready perf --only page-load\` (${url}).`,
    ],
    120,
  )

export const keepPlace = ({ element }: LoadingPage): Fix =>
  manualFix(
    'Keep a place for what comes later',
    [
      `Give ${element || 'what moves'} a place before it is there: width and height on pictures, min-height on banners and embeds, font-display: optional or a fallback font of the same size.`,
      'Put notices over the page, not before its content.',
    ],
    45,
  )

export const giveWay = ({ what }: LoadingPage): Fix =>
  manualFix(
    'Run fewer scripts while the page loads',
    [
      `Take apart or leave out what works longest${what ? `: ${what}` : ''}.`,
      'Load what is not needed at once when it is needed: import() on a click, chat and tracking after the page has come to rest.',
      'Send pages as HTML that needs no script to be read (server components, islands).',
    ],
    180,
  )

export const keepBudget = ({ what, url }: LoadingPage): Fix =>
  manualFix(
    'Bring the page back under its budget',
    [
      `Look in performance-notes.md at what ${url} loads (${what}), and leave out, shrink or load later what came last.`,
      'A budget that was set too tight for what the page is for: set it anew in perf.budgets, on purpose.',
    ],
    60,
  )

/** Pictures of a page. */
export type Pictures = { page: string; wasted: string; count: string; first: string }

export const smallerPictures = ({ first }: Pictures): Fix =>
  manualFix(
    'Send pictures in the size in which they are shown',
    [
      `Offer ${first} in several sizes by srcset and sizes, or let your framework do it (next/image, nuxt-img, astro:assets, a CDN’s image service).`,
      'Twice the size of its place is enough for a sharp screen.',
    ],
    60,
  )

export const newFormat = ({ first }: Pictures): Fix =>
  manualFix(
    'Send pictures as WebP or AVIF',
    [`Save ${first} and the others as WebP or AVIF: a quarter to a half of the bytes.`],
    45,
  )

export const sizePictures = ({ first }: Pictures): Fix =>
  manualFix(
    'Say how large each picture is',
    [`Write width and height on the element of ${first} and the others, and height: auto in the style.`],
    30,
  )

/** What others put into a page. */
export type Others = { page: string; count: string; sites: string; first: string }

export const afterFirstWords = ({ first }: Others): Fix =>
  manualFix(
    'Load what others serve after your own page',
    [
      `Add defer or async to ${first}, or load it after the load event; host fonts and styles yourself.`,
      'If that service is down or slow, your page otherwise shows nothing.',
    ],
    45,
  )

export const fewerOthers = ({ sites }: Others): Fix =>
  manualFix(
    'Leave out what you do not look at',
    [
      `Go through ${sites}: which of them did somebody open in the last month? Take out the rest; let one tag manager not load five trackers.`,
    ],
    60,
  )
