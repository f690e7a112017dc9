// Front pages that answer with status 200 and are dead, and sound ones that look like them.
import { describe, expect, it } from 'vitest'
import {
  frontPageFaults,
  frontPageOutcomes,
  html,
  pin,
  type Site,
  script,
  shell,
  style,
  words,
} from '../../support/front-pages.ts'

const app = 'document.getElementById("root").textContent="Coach"'
const entry = '<script type="module" crossorigin src="/assets/index-B1x2C3d4.js"></script>'
const css = '<link rel="stylesheet" crossorigin href="/assets/index-D4e5F6a7.css">'
const js = '/assets/index-B1x2C3d4.js'
const sheet = '/assets/index-D4e5F6a7.css'
const spa = shell(entry + css)
const sound: Site = { '/': spa, [js]: script(app), [sheet]: style() }
const policy = (value: string): [string, string][] => [['content-security-policy', value]]
const says = (text: string): Site => ({ '/': html(`<h1>${text}</h1>`) })
const svelte = (imports: string): string =>
  html(
    `<div style="display: contents">${words}<script>{__sveltekit_1a2b={base:""};Promise.all([${imports}]).then(([kit,app])=>{kit.start(app)});}</script></div>`,
  )
const next = (head = ''): string =>
  html(
    `${words}<script>(self.__next_f=self.__next_f||[]).push([0])</script>`,
    `${head}<script src="/_next/static/chunks/main-app-1a2b3c4d.js" async></script>`,
  )

const dead: [name: string, site: Site, outcome: string][] = [
  ['nothing at all', { '/': '' }, 'empty'],
  ['blanks', { '/': ' \n\n ' }, 'empty'],
  ['status 204', { '/': { body: '', status: 204, type: null } }, 'empty'],
  ['a head without a body', { '/': '<!doctype html><html><head><title>Coach</title>' }, 'empty'],
  ['an empty body', { '/': html('') }, 'empty'],
  ['a root that nothing fills', { '/': html('<div id="root"></div>') }, 'empty'],
  [
    'a root and analytics alone',
    {
      '/': shell(
        '<script async src="https://www.googletagmanager.com/gtag/js?id=G-1"></script><script>window.dataLayer=[];function gtag(){dataLayer.push(arguments)}gtag("js",new Date())</script>',
      ),
    },
    'empty',
  ],
  ['all of it in noscript', { '/': html(`<noscript>${words}</noscript>`) }, 'empty'],
  ['all of it in a template', { '/': html(`<template>${words}</template>`) }, 'empty'],
  ['a comment that never ends', { '/': `<!doctype html><html><body><!-- ${words}` }, 'empty'],
  [
    'a script that never ends',
    { '/': `<!doctype html><title>x</title><body><script type="text/plain">${words}` },
    'empty',
  ],
  ['a title that never ends', { '/': `<!doctype html><title>Coach${words}` }, 'empty'],
  ['a body that is hidden', { '/': `<!doctype html><body style="display:none">${words}` }, 'empty'],
  ['loading, for ever', { '/': html('<div id="app">Loading…</div>') }, 'empty'],
  [
    'a script of a type that browsers do not run',
    { '/': shell('<script type="text/babel" src="/app.jsx"></script>'), '/app.jsx': script('x') },
    'empty',
  ],
  ['a value that was never filled in', { '/': html('undefined') }, 'error-text'],
  ['an object in words', { '/': html('<div>[object Object]</div>') }, 'error-text'],
  ['WordPress without its database', says('Error establishing a database connection'), 'error-text'],
  [
    'WordPress with a fatal error',
    {
      '/': html(
        '<div class="wp-die-message"><p>There has been a critical error on this website.</p><p><a href="https://wordpress.org/">Learn more</a></p></div>',
      ),
    },
    'error-text',
  ],
  [
    'WordPress being updated',
    { '/': html('<h1>Briefly unavailable for scheduled maintenance. Check back in a minute.</h1>') },
    'error-text',
  ],
  [
    'PHP without its file',
    {
      '/': '<br />\n<b>Fatal error</b>:  Uncaught Error: Class "App" not found in /var/www/html/index.php:3\nStack trace:\n#0 {main}\n  thrown in <b>/var/www/html/index.php</b> on line <b>3</b><br />',
    },
    'error-text',
  ],
  [
    'PHP in the middle of a page',
    {
      '/': html(
        `${words}<br /><b>Fatal error</b>: Uncaught PDOException: SQLSTATE[HY000] [2002] Connection refused in /srv/app/db.php:9`,
      ),
    },
    'error-text',
  ],
  ['PHP that was not run', { '/': '<?php\nrequire "vendor/autoload.php";\n$app->run();' }, 'error-text'],
  [
    'Next.js in the browser',
    {
      '/': html(
        '<div id="__next"><h2>Application error: a client-side exception has occurred (see the browser console for more information).</h2></div>',
      ),
    },
    'error-text',
  ],
  [
    'an error boundary in the layout',
    {
      '/': html(
        '<header><a href="/">Coach</a><a href="/a">A</a><a href="/b">B</a></header><main><h1>Something went wrong</h1><p>Please try again later.</p></main>',
      ),
    },
    'error-text',
  ],
  [
    'a 500 with status 200',
    {
      '/': '<html><head><title>500 Internal Server Error</title></head><body><center><h1>500 Internal Server Error</h1></center><hr><center>nginx</center></body></html>',
    },
    'error-text',
  ],
  [
    'a 502 with status 200',
    { '/': '<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>' },
    'error-text',
  ],
  ['a proxy without a server', { '/': html('no healthy upstream') }, 'error-text'],
  [
    'Express without the route',
    { '/': html('<pre>Cannot GET /</pre>').replace('<pre>', '<p>').replace('</pre>', '</p>') },
    'error-text',
  ],
  [
    'Django with a traceback',
    {
      '/': html(
        '<pre>Traceback (most recent call last):\n  File "/app/views.py", line 3, in home\npsycopg2.OperationalError: could not connect</pre>',
      ),
    },
    'error-text',
  ],
  [
    'Node with a stack',
    { '/': html('<pre>Error: connect ECONNREFUSED 127.0.0.1:5432<br> at TCPConnectWrap.afterConnect</pre>') },
    'error-text',
  ],
  [
    'an ORM that says so',
    { '/': html("<p>PrismaClientInitializationError: Can't reach database server at `db:5432`</p>") },
    'error-text',
  ],
  ['an account that is suspended', says('This Account has been suspended.'), 'error-text'],
  ['maintenance', { '/': html('<h1>We’ll be back soon!</h1><p>Sorry for the inconvenience.</p>') }, 'error-text'],
  ['maintenance in German', { '/': html('<h1>Wartungsarbeiten</h1><p>Wir sind bald zurück.</p>') }, 'error-text'],
  ['an error in French', says('Une erreur est survenue'), 'error-text'],
  ['a page that is not found', { '/': html('<h1>404</h1><p>Page not found</p>') }, 'error-text'],
  ['a conflict that was deployed', { '/': html(`<<<<<<< HEAD ${words} ======= <p>x</p> >>>>>>> main`) }, 'error-text'],
  [
    'a listing of its folder',
    {
      '/': '<html><head><title>Index of /</title></head><body><h1>Index of /</h1><a href="app.js">app.js</a></body></html>',
    },
    'error-text',
  ],
  ['the entry script is gone', { '/': spa, [sheet]: style() }, 'broken-assets'],
  ['the entry script is the front page', { ...sound, [js]: spa }, 'broken-assets'],
  ['the entry script is sent as text', { ...sound, [js]: script(app, { type: 'text/plain' }) }, 'broken-assets'],
  ['the entry script is sent without a type', { ...sound, [js]: script(app, { type: null }) }, 'broken-assets'],
  ['the entry script fails', { ...sound, [js]: script('', { status: 503 }) }, 'broken-assets'],
  ['the entry script is refused', { ...sound, [js]: script('', { status: 403 }) }, 'broken-assets'],
  ['the entry script is empty', { ...sound, [js]: script('') }, 'broken-assets'],
  ['the stylesheet is gone', { '/': spa, [js]: script(app) }, 'broken-assets'],
  ['the stylesheet is sent as text', { ...sound, [sheet]: style('a{}', { type: 'text/plain' }) }, 'broken-assets'],
  [
    'a classic script with nosniff and the wrong type',
    {
      '/': shell('<script defer src="/app.js"></script>'),
      '/app.js': script(app, { type: 'text/html', headers: [['x-content-type-options', 'nosniff']] }),
    },
    'broken-assets',
  ],
  [
    'an integrity of other bytes',
    { '/': shell(`<script src="/app.js" integrity="${pin('other')}"></script>`), '/app.js': script(app) },
    'broken-assets',
  ],
  [
    'a policy without the page’s own host',
    { ...sound, '/': { body: spa, headers: policy("script-src 'none'; style-src 'self'") } },
    'broken-assets',
  ],
  [
    'a policy with a nonce that the script lacks',
    { ...sound, '/': { body: spa, headers: policy("script-src 'nonce-abc' 'strict-dynamic'") } },
    'broken-assets',
  ],
  [
    'a policy in the page itself',
    {
      ...sound,
      '/': spa.replace(
        '<title>',
        '<meta http-equiv="Content-Security-Policy" content="default-src https://cdn.example.net"><title>',
      ),
    },
    'broken-assets',
  ],
  [
    'a sandbox without scripts',
    { ...sound, '/': { body: spa, headers: policy('sandbox allow-forms') } },
    'broken-assets',
  ],
  [
    'a module that the entry imports is gone',
    { ...sound, [js]: script('import{a as b}from"./vendor-X9y8Z7w6.js";b()') },
    'broken-assets',
  ],
  [
    'a name without a module',
    { '/': shell('<script type="module">import { createApp } from "vue"\ncreateApp({}).mount("#root")</script>') },
    'broken-assets',
  ],
  [
    'an import map that leads nowhere',
    {
      '/': shell(
        '<script type="importmap">{"imports":{"app":"/app.js"}}</script><script type="module">import "app"</script>',
      ),
    },
    'broken-assets',
  ],
  [
    'a module of SystemJS that leads nowhere',
    {
      '/': shell(
        '<script type="systemjs-importmap">{"imports":{"app":"/app.js"}}</script><script src="/system.js"></script><script>System.import("app")</script>',
      ),
      '/system.js': script('self.System={}'),
    },
    'broken-assets',
  ],
  [
    'SvelteKit without its start',
    { '/': svelte('import("./_app/immutable/entry/start.a1.js"),import("./_app/immutable/entry/app.b2.js")') },
    'broken-assets',
  ],
  ['Next.js without its main chunk', { '/': next() }, 'broken-assets'],
  [
    'Next.js whose inline scripts its policy stops',
    {
      '/': { body: next(), headers: policy("script-src 'self'") },
      '/_next/static/chunks/main-app-1a2b3c4d.js': script('x()'),
    },
    'broken-assets',
  ],
  [
    'the sources instead of the build',
    {
      '/': shell('<script type="module" src="/src/main.tsx"></script>'),
      '/src/main.tsx': script('x', { type: 'application/octet-stream' }),
    },
    'broken-assets',
  ],
  [
    'a script on the developer’s machine',
    { '/': shell('<script type="module" src="http://localhost:5173/src/main.ts"></script>') },
    'broken-assets',
  ],
  [
    'a base that leads astray',
    { ...sound, '/': spa.replace('<title>', '<base href="/v2/"><title>').replaceAll('/assets/', 'assets/') },
    'broken-assets',
  ],
  [
    'a library of others that is gone',
    {
      '/': shell(
        '<script src="https://unpkg.com/vue@3/dist/vue.js"></script><script>Vue.createApp({}).mount("#root")</script>',
      ),
    },
    'broken-assets',
  ],
  [
    'a module of another origin without CORS',
    {
      '/': shell('<script type="module" src="https://cdn.example.com/app.js"></script>'),
      'https://cdn.example.com/app.js': script(app),
    },
    'broken-assets',
  ],
  [
    'a frame that fails',
    { '/': html('<iframe src="/app"></iframe>'), '/app': { body: 'x', status: 500 } },
    'broken-assets',
  ],
  [
    'a frame that may not be framed',
    {
      '/': '<frameset><frame src="https://app.example.com/"></frameset>',
      'https://app.example.com/': { body: html(words), headers: [['x-frame-options', 'DENY']] },
    },
    'broken-assets',
  ],
  ['saved as a file', { '/': { body: html(words), type: 'application/octet-stream' } }, 'downloads'],
  [
    'saved for its disposition',
    { '/': { body: html(words), headers: [['content-disposition', 'attachment; filename=index.html']] } },
    'downloads',
  ],
  ['its source, as text', { '/': { body: html(words), type: 'text/plain' } }, 'downloads'],
  ['a refresh to itself', { '/': '<meta http-equiv="refresh" content="0; url=/">' }, 'redirect-loop'],
  [
    'a refresh in a circle',
    { '/': '<meta http-equiv="refresh" content="0; url=/a">', '/a': '<meta http-equiv="refresh" content="0; url=/">' },
    'redirect-loop',
  ],
  ['a refresh to what is gone', { '/': '<meta http-equiv="refresh" content="0; url=/app">' }, 'not-found'],
  [
    'a script that leads to what is gone',
    { '/': '<!doctype html><script>window.location.href = "/app"</script>' },
    'not-found',
  ],
  [
    'a refresh to an error',
    { '/': { body: '', headers: [['refresh', '0; url=/app']] }, '/app': html('<h1>Application error</h1>') },
    'error-text',
  ],
]

const classic = '<script defer src="/app.js"></script>'
const long = `<p>${'How we found out what went wrong, and what we changed so that it does not happen again. '.repeat(40)}</p>`

const alive: [name: string, site: Site, outcome?: string][] = [
  ['words', { '/': html(words) }],
  ['one word', { '/': html('<h1>Coaching</h1>') }],
  [
    'a picture alone',
    { '/': html('<img src="/poster.jpg" alt="">'), '/poster.jpg': { body: 'x', type: 'image/jpeg' } },
  ],
  ['a drawing alone', { '/': html('<svg viewBox="0 0 1 1"></svg>') }],
  ['a form alone', { '/': html('<form><input name="email"><button></button></form>') }],
  ['a single-page app', sound],
  [
    'a single-page app that says how to enable scripts',
    {
      ...sound,
      '/': spa.replace('<div id="root">', '<p>You need to enable JavaScript to run this app.</p><div id="root">'),
    },
  ],
  ['a spinner', { ...sound, '/': spa.replace('<div id="root">', '<div id="root">Loading…') }],
  [
    'a body hidden until its script has run',
    {
      '/': `<!doctype html><body style="visibility:hidden">${words}${classic}`,
      '/app.js': script('document.body.style=""'),
    },
  ],
  ['a classic script sent as text', { '/': html(words, classic), '/app.js': script(app, { type: 'text/plain' }) }],
  ['a classic script sent as a page', { '/': shell(classic), '/app.js': script(app, { type: 'text/html' }) }],
  ['a classic script without a type', { '/': shell(classic), '/app.js': script(app, { type: null }) }],
  [
    'application/javascript and nosniff',
    {
      '/': shell(classic),
      '/app.js': script(app, {
        type: 'application/javascript; charset=utf-8',
        headers: [['x-content-type-options', 'nosniff']],
      }),
    },
  ],
  ['a page without a type', { '/': { body: html(words), type: null } }],
  [
    'XHTML',
    {
      '/': {
        body: html(words).replace('<!doctype', '<!DOCTYPE').replace('"utf-8">', '"utf-8"/>'),
        type: 'application/xhtml+xml',
      },
    },
  ],
  [
    'a style without a type',
    { '/': html(words, '<link rel=stylesheet href=/a.css>'), '/a.css': style('a{}', { type: null }) },
  ],
  [
    'a style sent as text on a page without a doctype',
    {
      '/': `<title>x</title><link rel=stylesheet href=/a.css>${words}`,
      '/a.css': style('a{}', { type: 'text/plain' }),
    },
  ],
  ['a style for print that is gone', { '/': html(words, '<link rel=stylesheet media=print href=/print.css>') }],
  [
    'a style in noscript that is gone',
    { '/': html(words, '<noscript><link rel=stylesheet href=/nojs.css></noscript>') },
  ],
  [
    'a script for old browsers that is gone',
    { ...sound, '/': spa.replace('<title>', '<script nomodule src="/legacy.js"></script><title>') },
  ],
  [
    'analytics of others that are gone',
    {
      '/': html(
        words,
        '<script async src="https://www.googletagmanager.com/gtm.js?id=1"></script><script src="https://tracker.example.net/t.js"></script>',
      ),
    },
  ],
  [
    'measuring on its own host that is off',
    {
      '/': html(
        words,
        '<script defer src="/_vercel/insights/script.js"></script><script defer data-domain="example.com" src="/js/script.js"></script>',
      ),
    },
  ],
  ['Cloudflare’s own script', { '/': html(words, '<script src="/cdn-cgi/scripts/email-decode.min.js"></script>') }],
  [
    'a preload that is gone',
    {
      ...sound,
      '/': spa.replace(
        '<title>',
        '<link rel="preload" as="font" href="/f.woff2"><link rel="modulepreload" href="/gone.js"><title>',
      ),
    },
  ],
  [
    'integrity that fits',
    { '/': shell(`<script src="/app.js" integrity="${pin(app)}"></script>`), '/app.js': script(app) },
  ],
  [
    'integrity of two builds',
    { '/': shell(`<script src="/app.js" integrity="${pin('other')} ${pin(app)}"></script>`), '/app.js': script(app) },
  ],
  [
    'integrity of letters beyond ASCII',
    {
      '/': shell(`<script src="/app.js" integrity="${pin('x="Übung … 日本"')}"></script>`),
      '/app.js': script('x="Übung … 日本"'),
    },
  ],
  [
    'integrity that no browser reads',
    { '/': shell('<script src="/app.js" integrity="md5-abc"></script>'), '/app.js': script(app) },
  ],
  ['a policy with its own host', { ...sound, '/': { body: spa, headers: policy("default-src 'self'") } }],
  [
    'a policy with a nonce',
    {
      ...sound,
      '/': {
        body: spa.replace('<script ', '<script nonce="abc" '),
        headers: policy("script-src 'nonce-abc' 'strict-dynamic'"),
      },
    },
  ],
  [
    'a policy that is only reported',
    { ...sound, '/': { body: spa, headers: [['content-security-policy-report-only', "script-src 'none'"]] } },
  ],
  [
    'a policy that names the host with a wildcard',
    { ...sound, '/': { body: spa, headers: policy('script-src https://*.example.com example.com; style-src *') } },
  ],
  [
    'a policy that stops analytics alone',
    { '/': { body: html(words, '<script>dataLayer=[];gtag("x")</script>'), headers: policy("default-src 'self'") } },
  ],
  [
    'SvelteKit with its start',
    {
      '/': svelte('import("./_app/immutable/entry/start.a1.js")'),
      '/_app/immutable/entry/start.a1.js': script('import{s}from"../chunks/x.js";export{s as start}'),
      '/_app/immutable/chunks/x.js': script('export const s=1'),
    },
  ],
  ['Next.js with its main chunk', { '/': next(), '/_next/static/chunks/main-app-1a2b3c4d.js': script('x()') }],
  [
    'an import map',
    {
      '/': shell(
        '<script type="importmap">{"imports":{"app":"/app.js","lib/":"/lib/"}}</script><script type="module">import "app"; import "lib/x.js"</script>',
      ),
      '/app.js': script(app),
      '/lib/x.js': script('1'),
    },
  ],
  [
    'words about imports inside a string',
    { ...sound, [js]: script('const help=\'import x from "vue"\';document.body.append(help)') },
  ],
  [
    'a module of another origin with CORS',
    {
      '/': shell('<script type="module" src="https://cdn.example.com/app.js"></script>'),
      'https://cdn.example.com/app.js': script(app, { headers: [['access-control-allow-origin', '*']] }),
    },
  ],
  [
    'an article about the error',
    {
      '/': html(
        `<h1>Error establishing a database connection: five ways to fix it</h1>${long}<pre>Fatal error: Uncaught Error in /var/www/html/index.php on line 3</pre>`,
      ),
    },
  ],
  ['a post-mortem', { '/': html(`<h1>Something went wrong</h1>${long}`) }],
  [
    'a product for maintenance',
    {
      '/': html(
        '<h1>Maintenance</h1><nav><a href="/a">Lifts</a><a href="/b">Cars</a><a href="/c">Prices</a><a href="/d">Contact</a></nav><p>We keep your lifts and cars going.</p>',
      ),
    },
  ],
  [
    'a watcher of errors',
    { '/': html('<h1>Something went wrong? You hear of it first</h1><p>Monitoring for small teams.</p>') },
  ],
  [
    'a shop that helps with databases',
    { '/': html('<h1>Database error monitoring for PostgreSQL</h1><p>See each slow query.</p>') },
  ],
  [
    'an error message that is hidden',
    {
      '/': html(
        `${words}<div hidden><h1>Something went wrong</h1></div><div style="display:none">Error establishing a database connection</div>`,
      ),
    },
  ],
  ['an error message in a template', { '/': html(`<template><h1>Application error</h1></template>${words}`) }],
  [
    'a manual with a trace in it',
    {
      '/': html(
        `<h1>Reading a traceback</h1><h2>An example</h2><h2>What it says</h2>${long}<pre>Traceback (most recent call last):\n File "x.py"</pre>`,
      ),
    },
  ],
  ['a refresh to the product', { '/': '<meta http-equiv="refresh" content="0; url=/app">', '/app': html(words) }],
  [
    'a script that leads to the product',
    { '/': '<!doctype html><script>location.replace("/app")</script>', '/app': html(words) },
  ],
  ['a page that updates itself', { '/': html(words, '<meta http-equiv="refresh" content="300">') }],
  [
    'a refresh for browsers without scripts',
    {
      ...sound,
      '/': spa.replace('<title>', '<noscript><meta http-equiv="refresh" content="0; url=/nojs"></noscript><title>'),
    },
  ],
  ['a frame that answers', { '/': html('<iframe src="/app"></iframe>'), '/app': html(words) }],
  ['an asset behind a wall', { ...sound, [js]: script('', { status: 429 }) }, 'unknown'],
  [
    'a request for consent',
    {
      '/': html(
        '<h1>Before you continue</h1><p>We use cookies and need your consent to show this page. You can change your mind at any time.</p><button>Accept all</button><button>Reject all</button>',
      ),
    },
    'unknown',
  ],
]

describe(`${dead.length} dead front pages with status 200`, () =>
  it.each(dead)('%s', async (_name, site, outcome) => expect(await frontPageOutcomes(site)).toEqual([outcome])))

describe(`${alive.length} front pages that live`, () =>
  it.each(alive)('%s', async (_name, site, outcome) =>
    expect(outcome ? await frontPageOutcomes(site) : await frontPageFaults(site)).toEqual(outcome ? [outcome] : []),
  ))
