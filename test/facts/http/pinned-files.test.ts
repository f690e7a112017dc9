// Files that a page pins by integrity and that browsers refuse: its own, and those of others, by which it does not live.
import { expect, it } from 'vitest'
import { frontPageLife, html, pin, type Site, script, words } from '../../support/front-pages.ts'

const cdn = 'https://widgets.example.net/chat.js'
const open: [string, string][] = [['access-control-allow-origin', '*']]
const pinned = (url: string, body: string, more = 'crossorigin'): string =>
  `<script src="${url}" integrity="${pin(body)}" ${more}></script>`
const page = (head: string, more: Site = {}): Site => ({ '/': html(words, head), ...more })

const cases: [name: string, site: Site, refused: string[], broken: number][] = [
  ['its own, that fits', page(pinned('/a.js', 'a'), { '/a.js': script('a') }), [], 0],
  ['its own, changed', page(pinned('/a.js', 'a'), { '/a.js': script('b') }), ['https://example.com/a.js'], 1],
  ['of others, that fits', page(pinned(cdn, 'a'), { [cdn]: script('a', { headers: open }) }), [], 0],
  ['of others, changed', page(pinned(cdn, 'a'), { [cdn]: script('b', { headers: open }) }), [cdn], 0],
  ['of others, without CORS', page(pinned(cdn, 'a'), { [cdn]: script('a') }), [cdn], 0],
  [
    'of others, asked for without CORS',
    page(pinned(cdn, 'a', ''), { [cdn]: script('a', { headers: open }) }),
    [cdn],
    0,
  ],
  [
    'a service of others, changed',
    page(pinned('https://js.stripe.com/v3/', 'a'), { 'https://js.stripe.com/v3/': script('b', { headers: open }) }),
    ['https://js.stripe.com/v3/'],
    0,
  ],
  ['of others, that do not answer', page(pinned(cdn, 'a')), [], 0],
  ['of others, not pinned', page(`<script src="${cdn}"></script>`, { [cdn]: script('b') }), [], 0],
  ['of others, unreadable', page(`<script src="${cdn}" integrity="md5-abc"></script>`, { [cdn]: script('b') }), [], 0],
]

it.each(cases)('%s', async (_name, site, refused, broken) => {
  const life = await frontPageLife(site)
  expect(life.refused.map(file => file.url)).toEqual(refused)
  expect(life.broken).toHaveLength(broken)
})
