import { describe, expect, it } from 'vitest'
import { isEntered, type PlainHttpHop, plainHttpFaults } from '../../../src/formats/http/plain-http.ts'

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
    const walk = (url: string) => ({ hops: [first()], ended: 'next-hop-failed', next: { url } })
    expect(plainHttpFaults(walk('https://example.com/'), host)).toEqual([])
    expect(plainHttpFaults(walk(www), host)).toEqual(['insecure-hop'])
  })
})

it.each([
  ['<form></form>', 'text/html', true],
  ['<p>Hello', 'text/html', false],
  ['{}', 'application/json', true],
])('something can be typed into %s (%s): %s', (body, type, expected) =>
  expect(isEntered(hop('http://example.com/', 200, body, type))).toBe(expected),
)
