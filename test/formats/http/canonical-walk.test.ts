// Walks over the spellings of a site: which address is meant, and what is wrong with the way there.
import { describe, expect, it } from 'vitest'
import {
  canonicalFaults,
  canonicalOrigin,
  spellingWithoutAddress,
  trailOf,
  unknownSpellings,
} from '../../../src/formats/http/canonical-walk.ts'

type Walk = Parameters<typeof canonicalFaults>[0]
type Spelling = Walk['spellings'][number]

/** Hops as `https://example.com/ 301`; `!reason` after the last URL: it was not answered. */
const spelling = (...lines: string[]): Spelling => {
  const start = lines[0]!.split(' ')[0]!
  const failed = lines.findIndex(line => line.includes('!'))
  const [url = '', why = ''] = failed < 0 ? [] : lines[failed]!.split(' !')
  const hops = (failed < 0 ? lines : lines.slice(0, failed)).map(line => {
    const [at = '', status] = line.split(' ')
    return { url: at, status: Number(status), location: null, secure: at.startsWith('https') ? true : null }
  })
  return {
    start,
    scheme: start.startsWith('https') ? 'https' : 'http',
    which: new URL(start).hostname.startsWith('www.') ? 'www' : 'apex',
    deep: new URL(start).pathname !== '/',
    ended: failed < 0 ? 'answer' : failed === 0 ? 'failed' : 'next-hop-failed',
    hops,
    refresh: null,
    next: failed < 0 ? null : { url, why, reason: why },
  }
}

const walk = (spellings: Spelling[], more: Partial<Walk> = {}): Walk => ({
  apex: 'example.com',
  www: 'www.example.com',
  exists: { apex: true, www: true },
  spellings,
  tags: [],
  ...more,
})

const apex = spelling('https://example.com/ 200')
const origin = 'https://example.com'

describe('canonicalOrigin', () => {
  const www = spelling('https://www.example.com/ 200')
  it.each<[string, Walk, string | null, string | null]>([
    ['the given one', walk([apex]), 'https://www.example.com/x', 'https://www.example.com'],
    [
      'where the apex ends',
      walk([spelling('https://example.com/ 301', 'https://www.example.com/ 200')]),
      null,
      'https://www.example.com',
    ],
    [
      'a page that is there before one that is not',
      walk([spelling('https://example.com/ 404'), www]),
      null,
      'https://www.example.com',
    ],
    [
      'both serve, and the pages name www',
      walk([apex, www], { tags: [{ page: origin, canonical: 'https://www.example.com/' }] }),
      null,
      'https://www.example.com',
    ],
    ['both serve, and the pages say nothing', walk([apex, www]), null, origin],
    ['circles alone', walk([{ ...spelling('https://example.com/ 301'), ended: 'loop' }]), null, origin],
    ['silence', walk([spelling('https://example.com/ !timeout')]), null, null],
  ])('%s', (_, given, wanted, expected) => expect(canonicalOrigin(given, wanted)).toBe(expected))
})

describe('canonicalFaults', () => {
  it.each<[string, Spelling[], string[]]>([
    ['www redirects', [apex, spelling('https://www.example.com/ 301', 'https://example.com/ 200')], []],
    ['www serves a copy', [apex, spelling('https://www.example.com/ 200')], ['both-serve']],
    [
      'www redirects for today',
      [apex, spelling('https://www.example.com/ 302', 'https://example.com/ 200')],
      ['temporary'],
    ],
    ['a circle', [apex, { ...spelling('https://www.example.com/ 301'), ended: 'loop' }], ['loop']],
    [
      'three steps',
      [
        spelling(
          'http://www.example.com/ 301',
          'https://www.example.com/ 301',
          'http://example.com/ 301',
          'https://example.com/ 200',
        ),
      ],
      ['chain'],
    ],
    ['the path is lost', [spelling('https://www.example.com/a?b=1 301', 'https://example.com/ 200')], ['path-lost']],
    ['the query is lost', [spelling('https://www.example.com/a?b=1 301', 'https://example.com/a 200')], ['query-lost']],
    ['path and query are kept', [spelling('https://www.example.com/a?b=1 301', 'https://example.com/a?b=1 200')], []],
    ['www is not there', [apex, spelling('https://www.example.com/ 404')], ['www-missing']],
    [
      'a handshake fails first',
      [apex, spelling('https://www.example.com/ !tls-handshake')],
      ['certificate-before-redirect'],
    ],
  ])('%s', (_, spellings, expected) =>
    expect(canonicalFaults(walk(spellings), origin).map(fault => fault.outcome)).toEqual(expected),
  )
  it('the page of the one address names another', () => {
    const tags = [{ page: 'https://example.com/', canonical: 'https://old.example.net/' }]
    expect(canonicalFaults(walk([apex], { tags }), origin)).toMatchObject([
      { outcome: 'canonical-tag-disagrees', trail: 'https://example.com/ names https://old.example.net/' },
    ])
  })
})

it.each([
  ['https://www.example.com/ !timeout', true],
  ['https://www.example.com/ !refused', false],
  ['https://www.example.com/ !tls-handshake', false],
  ['https://www.example.com/ 403', true],
  ['https://www.example.com/ 404', false],
  ['https://www.example.com/a 503', false],
  ['http://www.example.com/ !timeout', false],
  ['https://example.com/ 500', false],
])('%s leaves unknown where it leads: %s', (line, expected) =>
  expect(unknownSpellings(walk([spelling(line)]), origin)).toHaveLength(expected ? 1 : 0),
)

it.each<[boolean | null, boolean | null, string, string | null]>([
  [true, true, 'example.com', null],
  [true, false, 'example.com', 'www'],
  [true, false, 'app.example.com', null],
  [false, true, 'example.com', 'apex'],
  [null, null, 'example.com', null],
])('apex %s, www %s of %s: without address %s', (hasApex, hasWww, domain, expected) =>
  expect(spellingWithoutAddress(walk([], { apex: domain, exists: { apex: hasApex, www: hasWww } }))).toBe(expected),
)

it.each([
  [spelling('https://example.com/ 200'), 'https://example.com/ → 200'],
  [spelling('https://example.com/ 301', 'https://a/ !timeout'), 'https://example.com/ → 301 → https://a/ (timeout)'],
  [spelling('https://example.com/ !timeout'), 'https://example.com/: timeout'],
])('a trail in one line', (given, expected) => expect(trailOf(given)).toBe(expected))
