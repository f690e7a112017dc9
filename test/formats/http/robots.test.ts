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

describe('noindex', () => {
  it.each([
    [['noindex'], true],
    [['none'], true],
    [['nofollow, NOINDEX'], true],
    [['googlebot: noindex'], true],
    [['otherbot: noindex'], false],
    [['max-snippet: 10, noindex'], true],
    [['unavailable_after: 25 Jun 2030 15:00:00 PST'], false],
    [['all'], false],
  ])('%j in the header: %s', (values, expected) => {
    expect(headerForbidsIndex(values)).toBe(expected)
  })

  it('counts in meta elements for all and for the large engines', () => {
    expect(metaForbidsIndex([{ name: 'robots', content: 'noindex, follow' }])).toBe(true)
    expect(metaForbidsIndex([{ name: 'googlebot', content: 'none' }])).toBe(true)
    expect(
      metaForbidsIndex([
        { name: 'robots', content: 'index, follow' },
        { name: 'description', content: 'noindex' },
      ]),
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
    expect(indexBarriers(headers, page(html), robots).map(item => item.how)).toEqual(barriers)
  })
})
