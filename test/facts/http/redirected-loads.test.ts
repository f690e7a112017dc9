// Pictures, icons and frames of a secure page that are asked for with https:// and sent on without.
import { expect, it } from 'vitest'
import redirectedLoads from '../../../src/facts/http/redirected-loads.ts'
import { frontPageFact, html, type Served, type Site, words } from '../../support/front-pages.ts'

const to = (location: string): Served => ({ body: '', status: 302, headers: [['location', location]] })
const away = to('http://old.example.com/a.png')

it.each<[string, Site, string[]]>([
  ['a picture', { '/': html('<img src="/a.png">'), '/a.png': away }, ['passive http://old.example.com/a.png']],
  [
    'a picture, two redirects on',
    { '/': html('<img src="/a.png">'), '/a.png': to('/b.png'), '/b.png': away },
    ['passive http://old.example.com/a.png'],
  ],
  [
    'an icon',
    { '/': html('', '<link rel="icon" href="/i.png">'), '/i.png': away },
    ['passive http://old.example.com/a.png'],
  ],
  ['the icon that no page names', { '/': html(words), '/favicon.ico': away }, ['passive http://old.example.com/a.png']],
  [
    'a frame of another site',
    {
      '/': html('<iframe src="https://maps.example.org/"></iframe>'),
      'https://maps.example.org/': to('http://m.example.org/'),
    },
    ['active http://m.example.org/'],
  ],
  [
    'a picture that moved, encrypted',
    { '/': html('<img src="/a.png">'), '/a.png': to('https://cdn.example.com/a.png') },
    [],
  ],
  ['a link that people follow', { '/': html('<a href="/go">Go</a>'), '/go': away }, []],
  ['nothing that answers', { '/': html('<iframe src="https://maps.example.org/"></iframe>') }, []],
])('%s', async (_, site, expected) => {
  const { redirected } = await frontPageFact(redirectedLoads, site)
  expect(redirected.map(({ kind, url }) => `${kind} ${url}`)).toEqual(expected)
})
