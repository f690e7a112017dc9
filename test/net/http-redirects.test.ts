// What a redirect makes of a request: method, body, headers (RFC 9110 §15.4), and where it leads.
import { describe, expect, it } from 'vitest'
import { limits } from '../../src/data/limits.ts'
import { redirectTarget, type Step, stepAfter } from '../../src/net/http-redirects.ts'

const step: Step = {
  url: new URL('https://www.example/form'),
  method: 'POST',
  headers: { accept: 'text/html', authorization: 'Bearer s', 'content-type': 'text/plain', 'content-length': '1' },
  body: 'x',
}
const there = new URL('https://www.example/there')

describe('the step after a redirect', () => {
  it.each([
    [301, 'POST', 'GET', null],
    [302, 'POST', 'GET', null],
    [303, 'POST', 'GET', null],
    [303, 'PUT', 'GET', null],
    [303, 'HEAD', 'HEAD', 'x'],
    [301, 'PUT', 'PUT', 'x'],
    [307, 'POST', 'POST', 'x'],
    [308, 'POST', 'POST', 'x'],
  ])('%i: %s becomes %s', (status, method, becomes, body) => {
    const next = stepAfter({ ...step, method }, status, there)
    expect(next).toMatchObject({ method: becomes, body, url: there })
    expect(Object.keys(next.headers)).toEqual(
      body === null ? ['accept', 'authorization'] : ['accept', 'authorization', 'content-type', 'content-length'],
    )
  })

  it.each([
    ['https://www.example/there', true],
    ['https://www.example:443/there', true],
    ['http://www.example/there', false],
    ['https://www.example:8443/there', false],
    ['https://www.example.net/there', false],
    ['https://example/there', false],
  ])('to %s secrets go along: %s', (to, along) => {
    const { headers } = stepAfter(
      { ...step, headers: { ...step.headers, 'x-api-key': 's', cookie: 'a=1' } },
      307,
      new URL(to),
    )
    expect([headers['authorization'], headers['x-api-key'], headers['cookie'], headers['accept']]).toEqual(
      along ? ['Bearer s', 's', 'a=1', 'text/html'] : [undefined, undefined, undefined, 'text/html'],
    )
  })
})

describe('where it leads', () => {
  const target = (...locations: string[]) =>
    redirectTarget({ url: 'https://www.example/a/b', headers: locations.map(value => ['location', value]) })
  it.each([
    ['/c', 'https://www.example/c'],
    ['c?d#e', 'https://www.example/a/c?d#e'],
    ['//other.example/', 'https://other.example/'],
    ['http://user:secret@other.example/', 'http://other.example/'],
  ])('%s', (location, href) => {
    expect(target(location)).toEqual({ url: new URL(href) })
  })
  it.each([
    [['/a', '/b'], '2 different Location headers'],
    [[`/${'x'.repeat(limits.locationLength)}`], `a Location of ${limits.locationLength + 1} characters`],
    [['/a\u0007b'], 'control characters in Location'],
    [['https://'], 'Location is not a URL'],
    [['ftp://other.example/'], 'Location leads to ftp:'],
  ])('nowhere: %.40j', (locations, why) => {
    expect(target(...locations)).toEqual({ shown: locations[0]!.slice(0, 200), why })
  })
  it('the same one twice is one', () => {
    expect(target('/c', '/c')).toEqual({ url: new URL('https://www.example/c') })
  })
})
