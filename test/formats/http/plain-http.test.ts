import { describe, expect, it } from 'vitest'
import {
  isClosedDoor,
  isDeadEnd,
  isEntered,
  type PlainHttpHop,
  plainHttpFaults,
} from '../../../src/formats/http/plain-http.ts'

const host = 'example.com'
const hop = (url: string, status = 200, body = '', type = 'text/html'): PlainHttpHop => ({
  url,
  status,
  headers: [['content-type', type]],
  body,
})
const first = (status = 308) => hop('http://example.com/', status)
const home = hop('https://example.com/')
const www = 'http://www.example.com/'

describe('where http:// leads', () => {
  it.each<[string, PlainHttpHop[], string[]]>([
    ['to HTTPS', [first(), home], []],
    ['nowhere', [first(200)], ['serves-plain-http']],
    ['to plain HTTP', [first(), hop(www)], ['serves-plain-http']],
    ['over plain HTTP', [first(), hop(www, 301), home], ['insecure-hop']],
    ['for now', [first(302), home], ['temporary']],
    ['by a 303', [first(303), home], ['temporary']],
    ['elsewhere', [first(301), hop('https://www.example.com/')], ['to-other-host-first']],
    ['elsewhere for now', [first(307), hop('https://www.example.com/')], ['to-other-host-first', 'temporary']],
  ])('%s', (_name, hops, faults) => expect(plainHttpFaults({ hops, ended: 'answer' }, host)).toEqual(faults))

  it('counts a next hop that gave no answer', () => {
    const walk = (url: string) => ({ hops: [first()], ended: 'next-hop-failed', next: { url, why: 'no answer' } })
    expect(plainHttpFaults(walk('https://example.com/'), host)).toEqual([])
    expect(plainHttpFaults(walk(www), host)).toEqual(['insecure-hop'])
  })
})

describe('a way that ends where nothing answers', () => {
  const to = (url: string, reason: string, ended = 'next-hop-failed') => ({
    hops: [first()],
    ended,
    next: { url, why: 'no answer', missing: { reason } },
  })
  it.each<[string, ReturnType<typeof to>, boolean | null]>([
    ['HTTPS at port 80', to('https://example.com:80/', 'tls-handshake'), true],
    ['a port that is closed', to('https://example.com:8443/', 'refused'), true],
    ['a host that does not exist', to('https://old.example.com/', 'unsupported'), true],
    ['an address that is none', to('https://', '', 'bad-location'), true],
    ['this very machine', to('https://localhost/', 'unsupported', 'private-address'), true],
    ['silence', to('https://old.example.com/', 'timeout'), null],
    ['its own front door', to('https://example.com/', 'refused'), false],
    ['the front door of www', to('https://www.example.com/', 'refused'), false],
    ['a circle', to('https://example.com/a', '', 'loop'), false],
  ])('%s', (_name, walk, expected) => expect(isDeadEnd(walk, host)).toBe(expected))
})

describe('what an answer of 4xx over plain HTTP shows', () => {
  const refusal = (status: number, ...headers: [string, string][]) => ({
    ...hop('http://example.com/login', status),
    headers,
  })
  it.each<[string, PlainHttpHop, boolean]>([
    ['a password is asked for', refusal(401), false],
    ['a cookie is handed out', refusal(404, ['set-cookie', 'shop_visit=1']), false],
    ['nothing', refusal(403), true],
    ['an edge that says no', refusal(403, ['set-cookie', '__cf_bm=1'], ['cf-mitigated', 'challenge']), true],
    ['a cookie that is taken back', refusal(404, ['set-cookie', 'sid=; Max-Age=0']), true],
  ])('%s', (_name, answer, closed) => expect(isClosedDoor(answer)).toBe(closed))
})

it.each([
  ['<form></form>', 'text/html', true],
  ['<p>Hello', 'text/html', false],
  ['{}', 'application/json', true],
])('something can be typed into %s (%s): %s', (body, type, expected) =>
  expect(isEntered(hop('http://example.com/', 200, body, type))).toBe(expected),
)

it.each<[string, number, string, boolean]>([
  ['a webhook that wants another method', 405, 'webhook', false],
  ['an interface that wants other data', 422, 'api', false],
  ['a server that takes no GET', 405, 'home', true],
  ['a webhook that is not there', 404, 'webhook', true],
])('%s over plain HTTP', (_name, status, kind, closed) => expect(isClosedDoor(first(status), kind)).toBe(closed))
