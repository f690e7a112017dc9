// A product that speaks of errors on its own page, and errors that stand in the frame of a product's site.
import { describe, expect, it } from 'vitest'
import { placeholderOf } from '../../../src/formats/html/placeholder-page.ts'
import { frontPageOutcomes, html, type Site, script, shell } from '../../support/front-pages.ts'

const head =
  '<header><a href="/">Coach</a><nav><a href="/features">Features</a><a href="/pricing">Pricing</a><a href="/login">Log in</a></nav></header>'
const foot = '<footer><p>© 2026 Coach</p><a href="/privacy">Privacy</a> <a href="/terms">Terms</a></footer>'
const sections =
  '<section><div><h3>Each night</h3><p>A look at every corner of the building.</p></div><div><h3>Small teams</h3><p>Made for three people and a dog.</p></div></section>'
const way = '<a class="button" href="/signup">Start free</a>'

/** A page of a product with this heading, lead and sample. */
const product = (heading: string, lead: string, sample = '', title = 'Coach'): Site => ({
  '/': html(`${head}<main><h1>${heading}</h1><p>${lead}</p>${way}${sample}${sections}</main>${foot}`).replace(
    '<title>CoachDash</title>',
    `<title>${title}</title>`,
  ),
})

const quoting: [name: string, site: Site][] = [
  [
    'of a database, in a window',
    product(
      'See what your app asks',
      'All that it asked, in one window.',
      '<div><b>SQLSTATE[23000]: Integrity constraint violation</b></div>',
    ),
  ],
  [
    'of a program, in a sentence',
    product('We read it for you', 'Nobody else reads “Traceback (most recent call last)” at night.'),
  ],
  [
    'of a script, in a list',
    product('All of them', 'One list.', '<ul><li>Uncaught TypeError: x is not a function</li></ul>'),
  ],
  ['in the heading', product('Application error', 'Your customers read it before you do. Change that this week.')],
  [
    'in the heading, with its apology quoted',
    product('Something went wrong. Who knows?', 'They read “We’re sorry, please try again later” and leave.'),
  ],
  [
    'that something is not there',
    product('Page not found? Not with us.', 'Links that lead to “404 Not Found”, by mail.'),
  ],
  [
    'places to fill, in its title',
    product('More than Hi {{ name }}', 'An editor for {{ order.total }}.', '', 'Coach: more than Hi {{ name }}'),
  ],
  [
    'the title of a list of files',
    {
      '/': html(
        '<h1>Index of / quiet rooms</h1><p>Ninety rooms that we have sat in. <a href="/join">Join for 9 € a year</a></p><ul><li><a href="/north">north/</a> with a stove</li><li><a href="/south">south/</a> with a piano</li></ul><a href="/privacy">Privacy</a>',
      ).replace('CoachDash', 'Index of / quiet rooms'),
    },
  ],
]

describe('a page of a product that speaks of an error', () =>
  it.each(quoting)('%s', async (_name, site) => expect(await frontPageOutcomes(site)).toEqual(['answers'])))

const framed = (middle: string): Site => ({ '/': html(`${head}<main>${middle}</main>${foot}`) })
const failed = '<h1>Something went wrong</h1><p>We’re sorry, please try again later.</p>'

const dead: [name: string, site: Site][] = [
  ['an error of a database', framed('<p>SQLSTATE[HY000] [2002] Connection refused</p>')],
  ['an apology with a way on', framed(`${failed}<a href="/pricing">See our plans</a>`)],
  ['an apology above what else there is', framed(`${failed}<a href="/pricing">Plans</a>${sections}`)],
  [
    'a program’s trace',
    framed(
      `<p>Traceback (most recent call last)</p><p>File "/srv/a.py", line 3, in f</p><p>File "/srv/b.py", line 4, in g</p><a href="/pricing">Plans</a>`,
    ),
  ],
  [
    'a notice of PHP above a sound middle',
    framed(
      `<br />\n<b>Warning</b>:  Undefined variable $a in <b>/var/www/a.php</b> on line <b>3</b><br />\n<h1>Coach</h1>${way}${sections}`,
    ),
  ],
  [
    'where a sound page breaks off',
    {
      '/': `<!doctype html><title>Coach</title>${head}<main><h1>Coach</h1>${way}${sections}<p>SQLSTATE[HY000] gone away`,
    },
  ],
]

describe('an error in the frame of a site', () =>
  it.each(dead)('%s', async (_name, site) => expect(await frontPageOutcomes(site)).toEqual(['error-text'])))

describe('words that a script would take away or show', () => {
  const ui = '<div id="blazor-error-ui">An unhandled error has occurred. <a href="." class="reload">Reload</a></div>'
  const app = (more = ui): string =>
    html(`<div id="app"></div>${more}<script src="/_framework/blazor.webassembly.js"></script>`)

  it('what a framework hides until it fails says nothing', async () => {
    const site = { '/': app(), '/_framework/blazor.webassembly.js': script('document.title="x"') }
    expect(await frontPageOutcomes(site)).toEqual(['unknown'])
  })
  it('the framework’s own script is not there', async () =>
    expect(await frontPageOutcomes({ '/': app() })).toEqual(['broken-assets']))
  it('the framework has shown it', async () => {
    const shown = ui.replace('<div', '<div style="display: block;"')
    expect(await frontPageOutcomes({ '/': html(shown) })).toEqual(['error-text'])
  })

  const unscripted = (words: string): Site => ({
    '/': shell(`<noscript>${words}</noscript><script src="/app.js"></script>`),
    '/app.js': script('document.body.append("x")'),
  })
  it('what browsers without scripts are told of it', async () => {
    expect(await frontPageOutcomes(unscripted('The endpoint is offline.'))).toEqual(['error-text'])
    expect(await frontPageOutcomes(unscripted('Something went wrong: please enable JavaScript.'))).toEqual(['unknown'])
  })

  it('a module that is asked for by a call may draw the page', async () => {
    const site = {
      '/': html('<div id="app"><script>import("/start.js").then(a => a.start())</script></div>'),
      '/start.js': script('export const start = () => { document.title = "x" }'),
    }
    expect(await frontPageOutcomes(site)).toEqual(['unknown'])
  })
})

describe('a script that leads to its own page', () => {
  const leads = (code: string): Site => ({ '/': html('', `<script>${code}</script>`) })
  it.each(['window.location.replace("https://example.com/");', 'location.href = "/"'])('%s', async code =>
    expect(await frontPageOutcomes(leads(code))).toEqual(['redirect-loop']),
  )
  it.each([
    'location.replace("/#/start")',
    'document.cookie="a=1";location.replace("/")',
    'setTimeout(() => { location.href = "/" }, 60000)',
  ])('%s may come to rest', async code => expect(await frontPageOutcomes(leads(code))).not.toContain('redirect-loop'))
})

describe('a product named for a construction site', () => {
  const named = (more: string): string =>
    `<!doctype html><title>Under Construction: a puzzle</title><h1>Under Construction</h1>${more}<p><a href="/privacy">Privacy</a></p>`
  const kindOf = (body: string) =>
    placeholderOf({ url: 'https://example.com/', status: 200, headers: [['content-type', 'text/html']], body })?.kind
  it('is on sale', () =>
    expect(
      kindOf(
        named('<p>Push and dig through 120 levels. Take a friend along. <a href="/buy">All of it for 9 €</a></p>'),
      ),
    ).toBeUndefined())
  it('is yet to come', () =>
    expect(
      kindOf(named('<p>Push and dig through 120 levels. Take a friend along. <a href="/list">Join the list</a></p>')),
    ).toBe('coming-soon'))
})
