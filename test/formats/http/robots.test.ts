import { describe, expect, it } from 'vitest'
import { readHtml } from '../../../src/formats/html/html.ts'
import {
  headerForbidsIndex,
  indexBarriers,
  mayFetch,
  metaForbidsIndex,
  parseRobots,
} from '../../../src/formats/http/robots.ts'

describe('robots.txt', () => {
  it.each([
    ['', '/', true],
    ['User-agent: *\nDisallow: /', '/', false],
    ['User-agent: *\nDisallow:', '/', true],
    ['User-agent: *\nDisallow: /\nAllow: /$', '/', true],
    ['User-agent: *\nDisallow: /\nAllow: /', '/', true],
    ['User-agent: *\nDisallow: /*.pdf$', '/a.pdf', false],
    ['User-agent: *\nDisallow: /*.pdf$', '/a.pdf?x', true],
    ['User-agent: GPTBot\nUser-agent: CCBot\nDisallow: /', '/', true],
    ['User-agent: GPTBot\nUser-agent: *\nDisallow: /', '/', false],
    ['User-agent: *\nDisallow: /\n\nUser-agent: Googlebot\nAllow: /', '/', true],
    ['\uFEFFuser-agent : *\r\ndisallow : / # all', '/', false],
    ['<!doctype html><p>User-agent: *</p>\nDisallow: /', '/', true],
  ])('%j lets %s be fetched: %s', (text, path, expected) => {
    expect(mayFetch(parseRobots(text), 'googlebot', path)).toBe(expected)
  })
})

const now = Date.parse('2026-11-25T00:00:00Z')

describe('noindex', () => {
  it.each([
    [['noindex'], true],
    [['none'], true],
    [['nofollow, NOINDEX'], true],
    [['googlebot: noindex'], true],
    [['otherbot: noindex'], false],
    [['max-snippet: 10, noindex'], true],
    [['unavailable_after: 25 Jun 2030 15:00:00 PST'], false],
    [['unavailable_after: 25 Jun 2024 15:00:00 PST'], true],
    [['googlebot: unavailable_after: Thu, 01 Jan 2026 00:00:00 GMT, nofollow'], true],
    [['unavailable_after: 2026-11-24'], true],
    [['unavailable_after: soon'], false],
    [['all'], false],
  ])('%j in the header: %s', (values, expected) => {
    expect(headerForbidsIndex(values, now)).toBe(expected)
  })

  it('counts in meta elements for all and for the large engines', () => {
    expect(metaForbidsIndex([{ name: 'robots', content: 'noindex, follow' }], now)).toBe(true)
    expect(metaForbidsIndex([{ name: 'googlebot', content: 'none' }], now)).toBe(true)
    expect(metaForbidsIndex([{ name: 'googlebot', content: 'unavailable_after: 25-Aug-2007 15:00:00 EST' }], now)).toBe(
      true,
    )
    expect(
      metaForbidsIndex(
        [
          { name: 'robots', content: 'index, follow' },
          { name: 'description', content: 'noindex' },
        ],
        now,
      ),
    ).toBe(false)
  })
})

describe('what keeps a page out', () => {
  const page = (html: string) => readHtml(html, 'https://example.com/plans')
  const noindex = '<meta name=robots content=noindex>'
  it.each<[[string, string][], string, string, string[]]>([
    [[], '<p>', '', []],
    [[['x-robots-tag', 'noindex']], '<p>', '', ['x-robots-tag']],
    [[], noindex, '', ['meta']],
    [[], '<p>', 'User-agent: *\nDisallow: /plans', ['robots.txt']],
    [[], '<p>', 'User-agent: *\nDisallow: /admin', []],
    [[['x-robots-tag', 'none']], noindex, 'User-agent: *\nDisallow: /', ['x-robots-tag', 'meta', 'robots.txt']],
  ])('%j %s %j: %j', (headers, html, robots, barriers) => {
    expect(indexBarriers(headers, page(html), robots, now).map(item => item.how)).toEqual(barriers)
  })
})
