// Scripts without which a page still is what it is: a widget at its side is told of in a low voice, what its buttons live by is not.
import { describe, expect, it } from 'vitest'
import { frontPageOutcomes, html, type Site, script, shell, style, words } from '../../support/front-pages.ts'

const drawn = (body = '', head = ''): string =>
  html(
    `${words}<section><h2>What coaches say</h2>${body}<p>Two hundred coaches plan their weeks with it, and half of them have asked for nothing else since.</p></section><section><h2>Prices</h2><p>Nine euros a month for one coach, whatever the number of clients.</p><a href="/signup">Start</a></section>`,
    head,
  )

const beside: [string, Site][] = [
  ['the reviews', { '/': drawn('<script async src="/widgets/reviews-loader.js"></script>') }],
  [
    'a chat on a host of its own',
    { '/': drawn('', '<script defer src="https://chat.example.com/livechat.js"></script>') },
  ],
  ['the number of visitors', { '/': drawn('<script async src="/stats/tracker.js"></script>') }],
  ['a button to share', { '/': drawn('<script async src="/js/share-buttons.js"></script>') }],
  [
    'any that comes whenever it likes, beside one that works',
    {
      '/': drawn('<script async src="/js/confetti.js"></script><script src="/js/site.js"></script>'),
      '/js/site.js': script('menu()'),
    },
  ],
  [
    'a widget that fails beside the app',
    {
      '/': drawn(
        '<script async src="/widget.js"></script><script type="module" src="/assets/index-abc12345.js"></script>',
      ),
      '/assets/index-abc12345.js': script('document.title = "x"'),
    },
  ],
]

const needed: [string, Site][] = [
  ['the only script, deferred', { '/': drawn('', '<script defer src="/js/site.js"></script>') }],
  ['the only script, whenever it comes', { '/': drawn('', '<script async src="/js/site.js"></script>') }],
  [
    'one of a row: those behind it build upon it',
    {
      '/': drawn('', '<script defer src="/js/library.js"></script><script defer src="/js/site.js"></script>'),
      '/js/site.js': script('menu()'),
    },
  ],
  [
    'the entry of a page that a server draws, loaded whenever it comes',
    {
      '/': drawn(
        '<script src="/js/site.js"></script>',
        '<script async src="/_next/static/chunks/main-app-3c1.js"></script>',
      ),
      '/js/site.js': script('menu()'),
    },
  ],
  ['a module', { '/': drawn('<script type="module" async src="/js/reviews.js"></script>') }],
  ['a widget that is all of the page', { '/': shell('<script async src="/widgets/reviews.js"></script>') }],
  [
    'the stylesheet, beside a widget',
    {
      '/': drawn('<script async src="/widgets/reviews.js"></script>', '<link rel="stylesheet" href="/site.css">'),
    },
  ],
  [
    'what waits for the script by its name',
    { '/': drawn('<script src="/js/reviews.js"></script><script>Reviews.start()</script>') },
  ],
]

describe('a script at the side of a page that is gone', () =>
  it.each(beside)('%s', async (_name, site) => expect(await frontPageOutcomes(site)).toEqual(['side-script'])))

describe('a script that the page needs', () =>
  it.each(needed)('%s', async (_name, site) => expect(await frontPageOutcomes(site)).toContain('broken-assets')))

it('what works is not told of', async () =>
  expect(
    await frontPageOutcomes({
      '/': drawn('<script async src="/widgets/reviews.js"></script>', '<link rel="stylesheet" href="/site.css">'),
      '/site.css': style(),
      '/widgets/reviews.js': script('draw()'),
    }),
  ).toEqual(['answers']))
