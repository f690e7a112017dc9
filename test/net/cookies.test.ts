// Which cookies are kept, and to whom they go (RFC 6265 §5.3, §5.4).
import { describe, expect, it } from 'vitest'
import { limits } from '../../src/data/limits.ts'
import { createCookies } from '../../src/net/cookies.ts'

const now = Date.UTC(2026, 10, 25)

/** The header for `to` after an answer from `from` set these cookies. */
const headerAfter = (from: string, setCookies: string[], to: string, later = 0): string | null => {
  const jar = createCookies()
  for (const line of setCookies) jar.keep(from, line, now)
  return jar.headerFor(to, now + later)
}

describe('the cookie jar', () => {
  it.each([
    ['a host-only cookie stays with its host', ['a=1'], 'https://app.example.com/', 'a=1'],
    ['… and goes to no other', ['a=1'], 'https://www.example.com/', null],
    ['… nor to a host below', ['a=1'], 'https://x.app.example.com/', null],
    ['a domain cookie goes to the hosts below', ['a=1; Domain=example.com'], 'https://www.example.com/', 'a=1'],
    ['… and to no name that merely ends so', ['a=1; Domain=example.com'], 'https://notexample.com/', null],
    ['one for a foreign domain is ignored', ['b=2; Domain=other.com'], 'https://other.com/', null],
    ['one for a top-level domain is ignored', ['c=3; Domain=com'], 'https://app.example.com/', null],
    ['a Secure one goes over https', ['a=1; Secure'], 'https://app.example.com/', 'a=1'],
    ['… and never over http', ['a=1; Secure'], 'http://app.example.com/', null],
    ['a Path holds', ['a=1; Path=/app'], 'https://app.example.com/app/x', 'a=1'],
    ['… at whole segments', ['a=1; Path=/app'], 'https://app.example.com/apple', null],
    ['… elsewhere nothing is sent', ['a=1; Path=/app'], 'https://app.example.com/', null],
    ['longer paths first', ['b=2', 'a=1; Path=/app'], 'https://app.example.com/app', 'a=1; b=2'],
    ['the last value counts', ['a=1', 'a=2'], 'https://app.example.com/', 'a=2'],
    ['one that is taken back is gone', ['a=1', 'a=; Max-Age=0'], 'https://app.example.com/', null],
    ['… by a date as well', ['a=1', 'a=; Expires=Thu, 01 Jan 1970 00:00:00 GMT'], 'https://app.example.com/', null],
    [
      'a __Host- cookie with a domain is none',
      ['__Host-a=1; Secure; Path=/; Domain=example.com'],
      'https://app.example.com/',
      null,
    ],
    ['what has no name is none', ['=1', '', ';'], 'https://app.example.com/', null],
  ])('%s', (_, setCookies, to, header) => {
    expect(headerAfter('https://app.example.com/', setCookies, to)).toBe(header)
  })

  it('public suffixes with several labels are no domains', () => {
    expect(headerAfter('https://shop.co.uk/', ['a=1; Domain=co.uk'], 'https://other.co.uk/')).toBeNull()
    expect(headerAfter('https://one.github.io/', ['a=1; Domain=github.io'], 'https://two.github.io/')).toBeNull()
  })

  it('takes no Secure cookie that came over http, except from this machine', () => {
    expect(headerAfter('http://app.example.com/', ['a=1; Secure'], 'https://app.example.com/')).toBeNull()
    expect(headerAfter('http://127.0.0.1:8080/', ['a=1; Secure'], 'http://127.0.0.1:8080/')).toBe('a=1')
  })

  it('ends cookies by the clock that it is given', () => {
    const set = ['a=1; Max-Age=60']
    expect(headerAfter('https://app.example.com/', set, 'https://app.example.com/', 59_000)).toBe('a=1')
    expect(headerAfter('https://app.example.com/', set, 'https://app.example.com/', 61_000)).toBeNull()
  })

  it('keeps only so many of a host, and none that is too long', () => {
    const many = Array.from({ length: 200 }, (_, at) => `n${at}=1`)
    const header = headerAfter('https://x.example/', [...many, 'n0=2'], 'https://x.example/')!
    expect(header.split('; ')).toHaveLength(limits.cookiesPerHost)
    expect(header).toContain('n0=2')
    expect(headerAfter('https://x.example/', [`a=${'x'.repeat(limits.cookieLength)}`], 'https://x.example/')).toBeNull()
  })
})
