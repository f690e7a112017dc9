// What stands at a site's own front door where hardly a sign of life is left: found, unknown, or a site that is meant as it is.
import { describe, expect, it } from 'vitest'
import { frontPageOutcomes, html, type Site, script, shell, style } from '../../support/front-pages.ts'

const nav = '<header><a href="/">CoachDash</a><a href="/pricing">Pricing</a></header>'
const foot = '<footer><a href="/terms">Terms</a></footer>'
const product = `${nav}<main><h1>Coaching, in one place</h1><p>Plans, payments and calls.</p></main>${foot}`
const start = '<script src="/app.js"></script>'

const fronts: [name: string, site: Site, outcome: string][] = [
  ['data', { '/': { body: '{"status":"ok"}', type: 'application/json' } }, 'downloads'],
  ['data as a page', { '/': '{"name":"coach-api","version":"2.4.1"}' }, 'empty'],
  ['styles', { '/': { body: 'body{margin:0}', type: 'text/css' } }, 'downloads'],
  ['a line of plain text', { '/': { body: 'GET query missing.', type: 'text/plain' } }, 'error-text'],
  ['plain text with an address', { '/': { body: 'Coaching. ada@example.com', type: 'text/plain' } }, 'answers'],
  ['a page in Base64', { '/': 'PCFkb2N0eXBl'.repeat(20) }, 'error-text'],
  [
    "a server's default page",
    { '/': html('<h1>Welcome to nginx!</h1>').replace('CoachDash', 'Welcome to nginx!') },
    'error-text',
  ],
  ['a console', { '/': html('<form><input name="u"></form>').replace('CoachDash', 'phpMyAdmin') }, 'error-text'],
  ['a picture that is gone', { '/': html('<img src="/poster.png">') }, 'empty'],
  ['a film for a program that no browser has', { '/': html('<embed src="/main.swf">') }, 'empty'],
  ['a frame around nothing', { '/': html(`${nav}<main></main>${foot}`) }, 'empty'],
  [
    'a frame around what a script draws',
    { '/': html(`${nav}<main></main>${foot}${start}`), '/app.js': script('1') },
    'unknown',
  ],
  [
    'a list with nothing in it',
    { '/': html(`${nav}<main><h1>Blog</h1><p>No posts yet.</p></main>${foot}`) },
    'error-text',
  ],
  [
    'a shell whose script comes in the clear',
    { '/': shell('<script src="http://example.com/app.js"></script>') },
    'broken-assets',
  ],
  ['a shell, and no browser', { '/': html(`<div id="root"></div>${start}`), '/app.js': script('1') }, 'unknown'],
  [
    'a stylesheet that hides it',
    { '/': html(product, '<link rel="stylesheet" href="/s.css">'), '/s.css': style('body{opacity:0}') },
    'empty',
  ],
  [
    'a name that its styles hide',
    { '/': html(`<div id="all">${product}</div>`, '<style>#all{display:none}</style>') },
    'empty',
  ],
  ['a blank cover', { '/': html(`<div style="position:fixed;inset:0;background:#fff"></div>${product}`) }, 'empty'],
  [
    'a cover that asks something',
    {
      '/': html(
        `<div style="position:fixed;inset:0;background:#fff"><p>We use cookies</p><button>OK</button></div>${product}`,
      ),
    },
    'answers',
  ],
  [
    'a body that fades in',
    { '/': html(product, '<style>body{opacity:0;animation:in 1s forwards}</style>') },
    'answers',
  ],
  ['a few words', { '/': html('<h1>Hagedorn</h1><p>Organs since 1874.</p>') }, 'unknown'],
  [
    'a few words and somebody to reach',
    { '/': html('<h1>Hagedorn</h1><p>Organs. Call +49 30 1234567</p>') },
    'answers',
  ],
  [
    'a sample of a trace beside pages',
    {
      '/': html(
        `<nav><a href="/a">a</a><a href="/b">b</a><a href="/c">c</a><a href="/d">d</a></nav><h1>Logs, live</h1><pre>connect ECONNREFUSED 10.0.0.7:5432</pre>`,
      ),
    },
    'answers',
  ],
]

describe('a front door', () =>
  it.each(fronts)('%s', async (_name, site, outcome) => expect(await frontPageOutcomes(site)).toEqual([outcome])))
