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
  // Whose page it is, and what was never filled in.
  [
    'an owner is spoken to',
    { '/': html('<h1>Ce nom pointe ici</h1><p>Si vous êtes le propriétaire de ce nom, ouvrez votre panneau.</p>') },
    'error-text',
  ],
  [
    'another site’s page',
    {
      '/': html(
        '<h1>Dental care</h1><a href="https://www.lehmann.example/team">Team</a>',
        '<link rel="canonical" href="https://www.lehmann.example/">',
      ),
    },
    'error-text',
  ],
  ['a base that was not filled in', { '/': html(product, '<base href="$APP_BASE_HREF">') }, 'error-text'],
  [
    'texts that are missing',
    {
      '/': html(
        `${nav}<h1><span class="translation_missing">Title</span></h1><p><span class="translation_missing">Lead</span></p>`,
      ),
    },
    'error-text',
  ],
  [
    'shortcodes of a plugin',
    { '/': html(`${nav}<main>[et_row][et_text]Coaching[/et_text][/et_row]</main>${foot}`) },
    'error-text',
  ],
  [
    'a letter that was not filled in',
    { '/': html('<h1>Hi {{ name }},</h1><a href="{{ url }}">Confirm</a>') },
    'error-text',
  ],
  [
    'a list of addresses',
    { '/': { body: '<?xml version="1.0"?><urlset><url/></urlset>', type: 'application/xml' } },
    'downloads',
  ],
  ['a feed', { '/': { body: '<?xml version="1.0"?><rss><channel/></rss>', type: 'application/rss+xml' } }, 'unknown'],
  [
    'files, called as they are linked',
    { '/': html('<a href="/dist/">dist/</a><a href="./package.json">package.json</a>') },
    'error-text',
  ],
  [
    'a picture that says it',
    { '/': html('<img src="/p.png" alt="We are down for maintenance">'), '/p.png': 'PNG' },
    'error-text',
  ],
  [
    'its address, and that it ran out',
    {
      '/': html(
        '<h1>example.com expired on 2 November and is pending deletion.</h1><a href="https://x.example.net/">Bid</a>',
      ),
    },
    'error-text',
  ],
  [
    'a status in the title, an apology in the heading, and links',
    {
      '/': html(
        `<a href="/a">a</a><a href="/b">b</a><a href="/c">c</a><a href="/d">d</a><h1>Oops!</h1><p>${'The template could not be drawn. '.repeat(4)}</p>`,
      ).replace('CoachDash', '500: Internal Server Error | CoachDash'),
    },
    'error-text',
  ],
  ['stopped, in other letters', { '/': html('<p>이 사이트는 전송량을 초과하여 차단되었습니다.</p>') }, 'error-text'],
  [
    'an error in the middle of what waits',
    { '/': html('<p>Loading... An unhandled error has occurred.</p>') },
    'error-text',
  ],
  [
    'a page that was cut short by an error',
    { '/': `<title>Coach</title>${nav}<main><h1>Coaching</h1><p>Internal Server Error` },
    'error-text',
  ],
  [
    'a board that is not there, with a link to itself',
    {
      '/': html(
        '<a href="./index.php">Board index</a><h2>Information</h2><p>Sorry but this board is currently unavailable.</p>',
      ),
    },
    'error-text',
  ],
  [
    'the domain itself, in Swedish',
    { '/': html('<h1>Den här domänen är vår</h1><p>Det finns ännu ingen webbplats.</p>') },
    'error-text',
  ],
  [
    'who comes first keeps it',
    {
      '/': html(
        '<h1>Welcome</h1><p>Create the first administrator account.</p><form><input><input type="password"></form>',
      ),
    },
    'error-text',
  ],
  [
    'a picture in the place of a page',
    { '/': { body: '<svg xmlns="http://www.w3.org/2000/svg"/>', type: 'image/svg+xml' } },
    'unknown',
  ],
  [
    'a topic that is not there, below the name of the site',
    {
      '/': html(
        '<h1><a href="/">Coach</a></h1><h1>This topic does not exist yet</h1><p>You followed a link to a topic that does not exist.</p>',
      ),
    },
    'error-text',
  ],
  ['filler of a page builder', { '/': html(`${nav}<main><p>Drag widget here</p></main>${foot}`) }, 'error-text'],
  [
    'a program that was installed, and leads to its maker',
    {
      '/': html(
        '<h1>Main Page</h1><p>PetalWiki has been installed. See the configuration.</p><a href="https://www.petalwiki.example/help">Help</a>',
      ),
    },
    'error-text',
  ],
  [
    'words in the colour behind them',
    { '/': html(product, '<style>body{color:white;background:#FFFFFF}</style>') },
    'empty',
  ],
  [
    'a script that takes it all away',
    { '/': html(`${product}<script>document.body.innerHTML = ''</script>`) },
    'empty',
  ],
  [
    'Latin of no meaning',
    {
      '/': html(
        `${nav}<main><h1>Lorem ipsum dolor</h1><p>Lorem ipsum dolor sit amet, consectetur adipiscing elit.</p></main>${foot}`,
      ),
    },
    'error-text',
  ],
  [
    'a heading to be filled',
    { '/': html(`${nav}<main><h1>Your headline here</h1><p>Describe it in one sentence.</p></main>${foot}`) },
    'error-text',
  ],
  ['a field that was never closed', { '/': `<title>Coach</title><textarea>${product}` }, 'error-text'],
  [
    'stopped, in Lithuanian',
    { '/': html('<h1>Svetainė laikinai sustabdyta</h1><p>Kreipkitės į teikėją.</p>') },
    'error-text',
  ],
  // The same words of other things.
  [
    'a title of one word',
    {
      '/': html('<h1>Test your microphone</h1><p>Nothing is recorded.</p><button>Go</button>').replace(
        'CoachDash',
        'Test',
      ),
    },
    'answers',
  ],
  [
    'a ground of one colour, and words of others',
    { '/': html(product, '<style>body{color:#fff;background:#fff}main{color:#000}</style>') },
    'answers',
  ],
  [
    'a script that clears a part',
    { '/': html(`${product}<script>function clear(){document.body.innerHTML=''}</script>`) },
    'answers',
  ],
  [
    'a library and its source',
    {
      '/': html(
        '<h1>kelp.js</h1><p>Dates.</p><pre>import</pre><a href="https://github.com/x/kelp">Source on GitHub</a>',
      ),
    },
    'answers',
  ],
  ['a street and its number', { '/': html('<h1>The Admiral</h1><p>Rooms. 12 Quay Street, Whitby</p>') }, 'answers'],
  [
    'a condition',
    { '/': html('<h1>When your site is down, say so</h1><p>503?</p><form><input name="m"></form>') },
    'answers',
  ],
  [
    'a sample beside one page',
    {
      '/': html(
        '<a href="/docs">Docs</a><h1>Know before they tell you of it, every time</h1><pre>connect ECONNREFUSED 10.0.0.7:5432</pre>',
      ),
    },
    'answers',
  ],
  ['who repairs it', { '/': html('<h1>صيانة المكيفات</h1><p>قريب</p><a href="tel:+9665">اتصل</a>') }, 'answers'],
  [
    'a password that is made',
    { '/': html('<h1>Choose a password</h1><form><input type="password"></form>') },
    'answers',
  ],
]

describe('a front door', () =>
  it.each(fronts)('%s', async (_name, site, outcome) => expect(await frontPageOutcomes(site)).toEqual([outcome])))
