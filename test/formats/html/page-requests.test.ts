// Requests of a page that went wrong: what is the page's fault, and what may be meant for this program or is another's business.
import { describe, expect, it } from 'vitest'
import { isFaultyAnswer, isFaultySilence, type PageRequest } from '../../../src/formats/html/page-requests.ts'

const request = (given: Partial<PageRequest> = {}): PageRequest => ({
  url: 'https://example.com/a.js',
  kind: 'script',
  own: true,
  ...given,
})

describe('requests of a page', () => {
  it.each<[string, Partial<PageRequest>, number, boolean]>([
    ['an own file that is there', {}, 200, false],
    ['an own file that is gone', { kind: 'image' }, 404, true],
    ['an own server that fails', { kind: 'fetch' }, 500, true],
    ['an own server that refuses', {}, 403, false],
    ['an own server that wants a login', { kind: 'fetch' }, 401, false],
    ['an own server that limits', {}, 429, false],
    ['the favicon', { url: 'https://example.com/favicon.ico', kind: 'other' }, 404, false],
    ['another site’s script that is gone', { own: false }, 404, true],
    ['another site’s script that is gone for good', { own: false }, 410, true],
    ['another site’s script that fails', { own: false }, 500, false],
    ['another site’s style that is gone', { own: false, kind: 'stylesheet' }, 404, true],
    ['another site’s picture that is gone', { own: false, kind: 'image' }, 404, false],
  ])('%s', (_, given, status, expected) => expect(isFaultyAnswer(request(given), status)).toBe(expected))

  it.each<[string, Partial<PageRequest>, boolean, boolean]>([
    ['an own host that refuses', { kind: 'fetch' }, true, true],
    ['an own host that is silent', { kind: 'fetch' }, false, false],
    ['another host of a script that does not exist', { own: false }, true, true],
    ['another host of a picture that does not exist', { own: false, kind: 'image' }, true, false],
  ])('without an answer: %s', (_, given, isCertain, expected) =>
    expect(isFaultySilence(request(given), isCertain)).toBe(expected),
  )
})
