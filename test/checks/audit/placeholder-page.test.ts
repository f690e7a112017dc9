// Pages that stand where a product should, as platforms, servers, registrars and frameworks really send them; and pages that look like them.
import { describe, expect, it } from 'vitest'
import placeholderPage from '../../../src/checks/audit/placeholder-page.ts'
import type { AnyCheck } from '../../../src/core/check.ts'
import { type Fact, missing, observed } from '../../../src/core/fact.ts'
import { judge } from '../../../src/core/judge.ts'
import { bareTarget } from '../../../src/core/target.ts'
import { door, hop, walked } from '../../../src/facts/http/web.example.ts'

type Given = { status?: number; headers?: [string, string][]; body: string; starter?: string; isApi?: boolean }

const said = ({ status = 200, headers = [], body, starter, isApi }: Given): string | null => {
  const type: [string, string] = ['content-type', body.trimStart().startsWith('<') ? 'text/html' : 'text/plain']
  const bundles: Fact<unknown> = starter
    ? observed({ starter }, '2026-11-25T00:00:00Z')
    : missing('unsupported', 'none', { because: 'none' })
  const host = isApi ? 'api.example.com' : 'example.com'
  const judged = judge({
    check: placeholderPage as unknown as AnyCheck,
    subject: { kind: 'host', name: host },
    facts: {
      web: observed(
        door({ https: walked(hop(`https://${host}/`, { status, headers: [type, ...headers], body })) }),
        '2026-11-25T00:00:00Z',
      ),
      bundles,
      addressPages: observed([], '2026-11-25T00:00:00Z'),
    },
    now: Date.parse('2026-11-25T00:00:00Z'),
    target: bareTarget({ domain: 'example.com' }),
    options: {},
    severities: {},
  })
  expect(judged.defect).toBe(null)
  return judged.findings[0]?.outcome ?? null
}

const titled = (title: string, body = ''): string =>
  `<!doctype html><html lang="en"><head><title>${title}</title></head><body>${body}</body></html>`

const placeholders: [string, string, Given][] = [
  // By what they say of themselves, on pages that hold nothing else
  ...(
    [
      [
        'a proxy’s manager',
        '<h1>Congratulations!</h1><p>You’ve successfully started the proxy manager. This host isn’t set up yet.</p>',
      ],
      [
        'a panel',
        '<title>Congratulations, the site is created successfully!</title><h1>Congratulations</h1><p>This is the default index.html page.</p>',
      ],
      ['a web server', '<p>Apache is functioning normally</p>'],
      [
        'an application server',
        '<h1>Your server is now running</h1><p>To replace this page, overwrite index.html.</p>',
      ],
      ['a framework’s first page', '<h1>Welcome to SvelteKit</h1><p>Visit the documentation.</p>'],
      ['another framework’s', '<title>New Remix App</title><h1>Hi</h1>'],
      ['a first line of code', 'Hello World!'],
      ['filler text', '<h1>Lorem ipsum dolor sit amet</h1><p>consectetur adipiscing elit</p>'],
    ] as const
  ).map(([name, body]): [string, string, Given] => [
    'default-page',
    name,
    { body: body.startsWith('<') ? body : `<p>${body}</p>` },
  ]),
  ...(
    [
      ['a registrar in German', '<h1>Diese Internetpräsenz wurde soeben freigeschaltet</h1>'],
      ['a registrar in English', '<h1>coach.example</h1><p>This domain has been registered with us.</p>'],
      ['a registrar in French', '<p>Ce nom de domaine est déjà enregistré.</p>'],
      ['a hoster', '<h1>coach.example is hosted by a hoster</h1>'],
    ] as const
  ).map(([name, body]): [string, string, Given] => ['parked', name, { body }]),
  [
    'platform-404',
    'Vercel, no deployment',
    {
      status: 404,
      headers: [['x-vercel-error', 'DEPLOYMENT_NOT_FOUND']],
      body: 'The deployment could not be found on Vercel.\n\nDEPLOYMENT_NOT_FOUND\n\nfra1::abcde-1700000000000-0123456789ab\n',
    },
  ],
  [
    'platform-404',
    'Vercel, paused',
    {
      status: 503,
      headers: [['x-vercel-error', 'DEPLOYMENT_PAUSED']],
      body: 'This deployment is temporarily paused\n\nDEPLOYMENT_PAUSED\n',
    },
  ],
  [
    'platform-404',
    'Vercel, disabled',
    {
      status: 402,
      headers: [['x-vercel-error', 'DEPLOYMENT_DISABLED']],
      body: 'Payment required\n\nDEPLOYMENT_DISABLED\n',
    },
  ],
  [
    'platform-404',
    'Vercel, empty output',
    { status: 404, headers: [['x-vercel-error', 'NOT_FOUND']], body: 'The page could not be found\n\nNOT_FOUND\n' },
  ],
  [
    'platform-404',
    'Netlify, no site',
    { status: 404, headers: [['server', 'Netlify']], body: 'Not Found - Request ID: 01HF3ZJ3Q7N3Y6G8Z0V2QK4T5B' },
  ],
  [
    'platform-404',
    'Netlify, site page',
    {
      status: 404,
      headers: [['server', 'Netlify']],
      body: titled(
        'Site not found',
        "<h1>Site not found</h1><p>Looks like you've followed a broken link or entered a URL that doesn't exist on Netlify.</p>",
      ),
    },
  ],
  [
    'platform-404',
    'Heroku, no app',
    {
      status: 404,
      body: '<!DOCTYPE html><html><head><meta name="viewport" content="width=device-width, initial-scale=1"><title>No such app</title></head><body><iframe src="//www.herokucdn.com/error-pages/no-such-app.html"></iframe></body></html>',
    },
  ],
  [
    'platform-404',
    'GitHub Pages',
    {
      status: 404,
      headers: [['server', 'GitHub.com']],
      body: titled(
        'Site not found &middot; GitHub Pages',
        "<h1>404</h1><p><strong>There isn't a GitHub Pages site here.</strong></p>",
      ),
    },
  ],
  [
    'platform-404',
    'Railway',
    {
      status: 404,
      headers: [['x-railway-fallback', 'true']],
      body: '{"status":"error","code":404,"message":"Application not found","request_id":"x"}',
    },
  ],
  ['platform-404', 'Render', { status: 404, headers: [['x-render-routing', 'no-server']], body: 'Not Found\n' }],
  [
    'platform-404',
    'Azure',
    { status: 404, body: titled('Microsoft Azure Web App - Error 404', '<h1>404 Web Site not found.</h1>') },
  ],
  [
    'platform-404',
    'S3',
    {
      status: 404,
      body: '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>NoSuchBucket</Code><Message>The specified bucket does not exist</Message></Error>',
    },
  ],
  [
    'platform-404',
    'Firebase',
    { status: 404, body: titled('Site Not Found', '<h1>Site Not Found</h1><h2>Why am I seeing this?</h2>') },
  ],
  [
    'platform-404',
    'Cloudflare Tunnel down',
    {
      status: 530,
      headers: [['server', 'cloudflare']],
      body: titled(
        'Cloudflare Tunnel error | example.com | Cloudflare',
        '<h1>Error 1033</h1><p>Cloudflare Tunnel error</p>',
      ),
    },
  ],
  [
    'platform-404',
    'Wix, not connected',
    {
      status: 404,
      body: titled('Error ConnectYourDomain', "<h1>Looks Like This Domain Isn't Connected To A Website Yet!</h1>"),
    },
  ],
  [
    'platform-404',
    'Squarespace, expired',
    {
      status: 402,
      body: titled(
        'Squarespace - Website Expired',
        '<h1>Website Expired</h1><p>This account has expired. If you are the site owner, click below to login.</p>',
      ),
    },
  ],
  [
    'platform-404',
    'Framer',
    {
      status: 404,
      headers: [['server', 'Framer/abc']],
      body: titled('Site Not Found | Framer', '<p>The site you are looking for does not exist.</p>'),
    },
  ],
  [
    'default-page',
    'nginx',
    {
      body: '<!DOCTYPE html>\n<html>\n<head>\n<title>Welcome to nginx!</title></head><body><h1>Welcome to nginx!</h1><p>If you see this page, the nginx web server is successfully installed and working.</p></body></html>',
    },
  ],
  [
    'default-page',
    'nginx on Fedora',
    { body: titled('Test Page for the HTTP Server on Fedora', '<h1>Fedora Webserver <strong>Test Page</strong></h1>') },
  ],
  [
    'default-page',
    'nginx on Red Hat',
    { body: titled('Test Page for the Nginx HTTP Server on Red Hat Enterprise Linux') },
  ],
  ['default-page', 'Apache on Debian', { body: titled('Apache2 Debian Default Page: It works') }],
  ['default-page', 'Apache on Ubuntu', { body: titled('Apache2 Ubuntu Default Page: It works') }],
  ['default-page', 'Apache', { body: '<html><body><h1>It works!</h1></body></html>\n' }],
  ['default-page', 'Apache on CentOS', { status: 403, body: titled('Apache HTTP Server Test Page powered by CentOS') }],
  [
    'default-page',
    'Apache, current',
    {
      body: '<!DOCTYPE html PUBLIC "-//W3C//DTD HTML 4.01//EN" "http://www.w3.org/TR/html4/strict.dtd">\n<html>\n<head>\n<title>It works! Apache httpd</title>\n</head>\n<body>\n<p>It works!</p>\n</body>\n</html>\n',
    },
  ],
  ['default-page', 'Caddy', { body: titled('Caddy works!', '<h1>Congratulations!</h1>') }],
  ['default-page', 'IIS', { body: titled('IIS Windows Server', '<img src="iisstart.png">') }],
  [
    'default-page',
    'Tomcat',
    {
      body: titled(
        'Apache Tomcat/10.1.34',
        "<h2>If you're seeing this, you've successfully installed Tomcat. Congratulations!</h2>",
      ),
    },
  ],
  ['platform-404', 'Traefik has no route', { status: 404, body: '404 page not found\n' }],
  ['default-page', 'OpenResty', { body: titled('Welcome to OpenResty!') }],
  [
    'default-page',
    'LiteSpeed',
    {
      body: titled(
        'Welcome to LiteSpeed Web Server',
        '<h1>Congratulations! You have successfully installed the OpenLiteSpeed Web Server!</h1>',
      ),
    },
  ],
  ['default-page', 'Django', { body: titled('The install worked successfully! Congratulations!') }],
  [
    'default-page',
    'Rails 7',
    { body: titled('Ruby on Rails 7.1.2', '<ul><li><strong>Rails version:</strong> 7.1.2</li></ul>') },
  ],
  ['default-page', 'Laravel', { body: titled('Laravel', '<a href="https://laravel.com/docs">Documentation</a>') }],
  ['default-page', 'Express', { body: titled('Express', '<h1>Express</h1><p>Welcome to Express</p>') }],
  [
    'default-page',
    'Next.js',
    { body: titled('Create Next App', '<ol><li>Get started by editing <code>src/app/page.tsx</code>.</li></ol>') },
  ],
  [
    'default-page',
    'Next.js 16',
    { body: titled('Create Next App', '<h1>To get started, edit the page.tsx file.</h1>') },
  ],
  ['default-page', 'Vite', { body: titled('Vite + React', '<div id="root"></div>'), starter: 'Vite' }],
  [
    'default-page',
    'Create React App',
    { body: titled('React App', '<div id="root"></div>'), starter: 'Create React App' },
  ],
  ['default-page', 'Nuxt', { body: titled('Welcome to Nuxt!', '<h1>Welcome to Nuxt!</h1>') }],
  [
    'default-page',
    'Azure App Service',
    {
      body: titled(
        'Microsoft Azure App Service - Welcome',
        '<h1>Your web app is running and waiting for your content</h1>',
      ),
    },
  ],
  [
    'default-page',
    'Heroku',
    { body: titled('Heroku | Welcome to your new app!', '<h1>Welcome to your new app!</h1>') },
  ],
  ['default-page', 'Hostinger', { body: titled('Hostinger default page', '<h1>You Are All Set to Go!</h1>') }],
  ['default-page', 'Plesk', { body: titled("Web Server's Default Page") }],
  [
    'default-page',
    'cPanel',
    {
      body: '<html><head><META HTTP-EQUIV="refresh" CONTENT="0;URL=/cgi-sys/defaultwebpage.cgi"></head><body></body></html>',
    },
  ],
  [
    'default-page',
    'Firebase Hosting as initialised',
    { body: titled('Welcome to Firebase Hosting', '<h1>Firebase Hosting Setup Complete</h1>') },
  ],
  [
    'default-page',
    'Fresh WordPress',
    {
      body: titled(
        'My WordPress &#8211; Just another WordPress site',
        '<h2>Hello world!</h2><p>Welcome to WordPress. This is your first post. Edit or delete it, then start writing!</p>',
      ),
    },
  ],
  [
    'parked',
    'GoDaddy',
    {
      body: '<!DOCTYPE html><html><head><title>example.com</title></head><body><div id="root"></div><script>window.LANDER_SYSTEM="PW"</script><script src="https://img1.wsimg.com/parking-lander/static/js/main.js"></script></body></html>',
    },
  ],
  ['parked', 'for sale by name', { body: titled('example.com is for sale') }],
  ['parked', 'for sale', { body: titled('example.com', '<h1>The domain example.com is for sale!</h1>') }],
  [
    'parked',
    'Sedo',
    { body: titled('example.com', '<script src="https://img.sedoparking.com/js/jquery.js"></script>') },
  ],
  ['parked', 'IONOS', { body: titled('example.com', '<h1>This domain name has just been registered.</h1>') }],
  [
    'parked',
    'Gandi',
    {
      body: titled(
        'example.com',
        '<p>This domain name has been registered with <a href="https://www.gandi.net">Gandi.net</a></p>',
      ),
    },
  ],
  ['parked', 'Namecheap', { body: titled('Registrant WHOIS contact information verification | Namecheap.com') }],
  [
    'parked',
    'Namecheap parking',
    {
      body: '<html><head><title>example.com</title></head><frameset><frame src="https://www.namecheap.com/parkingpage/?domain=example.com"></frameset></html>',
    },
  ],
  [
    'parked',
    'Porkbun',
    {
      body: titled('example.com | parked at Porkbun', '<p>A Brand New Domain! Congratulations on your new domain</p>'),
    },
  ],
  ['parked', 'STRATO', { body: titled('STRATO', '<h1>Diese Website wurde gerade freigeschaltet</h1>') }],
  ['coming-soon', 'English', { body: titled('CoachDash | Coming Soon', '<h1>Coming soon</h1>') }],
  ['coming-soon', 'German', { body: titled('CoachDash', '<h1>Hier entsteht eine neue Internetpräsenz</h1>') }],
  ['coming-soon', 'French', { body: titled('Site en construction') }],
  ['coming-soon', 'Spanish', { body: titled('Próximamente') }],
  ['coming-soon', 'Portuguese', { body: titled('Em breve') }],
  ['coming-soon', 'Italian', { body: titled('Sito in costruzione') }],
  ['coming-soon', 'Dutch', { body: titled('Binnenkort online') }],
  ['coming-soon', 'Polish', { body: titled('CoachDash', '<h1>Strona w budowie</h1>') }],
  ['coming-soon', 'Japanese', { body: titled('近日公開') }],
  [
    'dev-server',
    'Vite',
    {
      body: '<!doctype html><html><head><script type="module" src="/@vite/client"></script></head><body></body></html>',
    },
  ],
  [
    'dev-server',
    'Next.js with Turbopack',
    {
      body: titled(
        'Shop',
        '<script src="/_next/static/chunks/%5Bturbopack%5D_browser_dev_hmr-client_hmr-client_ts_1234._.js" async></script>',
      ),
    },
  ],
  [
    'dev-server',
    'webpack',
    {
      body: titled(
        'Shop',
        '<script src="/static/js/bundle.js"></script><script>require("webpack-dev-server/client")</script>',
      ),
    },
  ],
]

const sound: [string, Given][] = [
  [
    'what servers and names are for, on a site with pages',
    {
      body: titled(
        'Blockhost',
        '<h1>Your server is running in 60 seconds</h1><a href="/order">Order</a><a href="/help">Help</a>',
      ),
    },
  ],
  [
    'a shop for names, in Dutch',
    {
      body: titled(
        'Domeinwinkel',
        '<h1>Nog geen website?</h1><a href="/zoeken">Zoeken</a><a href="/prijzen">Prijzen</a>',
      ),
    },
  ],
  [
    'a firm named for a server',
    { body: '<title>Welcome to nginx consulting</title><h1>Welcome to Nginx Consulting</h1><p>We tune servers.</p>' },
  ],
  [
    'a school named for a first line',
    { body: '<h1>Hello World!</h1><p>A kindergarten for coders.</p><a href="/join">Join</a>' },
  ],
  [
    'a shop for cards',
    { body: '<h1>Congratulations cards</h1><p>You have successfully found the best cards. Created by hand.</p>' },
  ],
  [
    'a tool for filler text',
    { body: '<h1>Lorem ipsum generator</h1><p>Lorem ipsum dolor sit amet, as much as you like.</p>' },
  ],
  ['a service for applications', { body: '<h1>Your visa application is ready in ten minutes</h1><p>Start here.</p>' }],
  [
    'a product that announces a feature',
    {
      body: titled(
        'CoachDash: plans for coaches',
        '<h1>Plans for coaches</h1><h2>Coming soon: invoices</h2><p>The calendar is coming soon.</p>',
      ),
    },
  ],
  [
    'a post about nginx',
    {
      body: titled(
        'What "Welcome to nginx!" means and how to replace it',
        '<h1>Welcome to nginx!</h1><p>You see this page…</p>',
      ),
    },
  ],
  [
    'a post about Vercel errors',
    {
      body: titled(
        'DEPLOYMENT_NOT_FOUND explained',
        '<p>The deployment could not be found on Vercel. DEPLOYMENT_NOT_FOUND</p>',
      ),
    },
  ],
  ['a house that is for sale', { body: titled('The mill on the hill is for sale', '<h1>This house is for sale</h1>') }],
  [
    'a parking app',
    { body: titled('ParkEasy: parking in your city', '<h1>Domain parking, city parking, all parking</h1>') },
  ],
  [
    'a shop of domains',
    { body: titled('Names: find a brand', '<h1>Great names</h1><p>Every domain is for sale.</p>') },
  ],
  ['a product whose title was left as Vite made it', { body: titled('Vite + React', '<div id="root"></div>') }],
  [
    'a product whose title was left as Create React App made it',
    {
      body: '<!doctype html><html><head><meta name="description" content="Web site created using create-react-app"/><title>React App</title></head><body><div id="root"></div></body></html>',
    },
  ],
  [
    'an API that has nothing at /',
    {
      status: 404,
      headers: [['x-vercel-error', 'NOT_FOUND']],
      body: 'The page could not be found\n\nNOT_FOUND\n',
      isApi: true,
    },
  ],
  ['an API in Go that has nothing at /', { status: 404, body: '404 page not found\n', isApi: true }],
  ['an API that refuses', { status: 401, body: '{"message":"authentication required"}', isApi: true }],
  [
    'a WAF that wants a browser',
    {
      status: 403,
      headers: [
        ['cf-mitigated', 'challenge'],
        ['server', 'cloudflare'],
      ],
      body: titled('Just a moment...', '<p>Verify you are human by completing the action below.</p>'),
    },
  ],
  ['a login wall', { body: titled('Sign in', '<form method="post"><input type="password" name="p"></form>') }],
  [
    'a Laravel product',
    { body: titled('Laravel Daily', '<p>Learn Laravel. <a href="https://laravel.com/docs">docs</a></p>') },
  ],
  ['a course on React', { body: titled('Learn React in a week', '<h1>Learn React</h1>') }],
  ['an app of Express deliveries', { body: titled('Express', '<h1>Express</h1><p>Parcels by tomorrow.</p>') }],
  [
    'a shop that opens for the season',
    { body: titled('Strandcafé', '<h1>Willkommen</h1><p>Demnächst auch Frühstück.</p>') },
  ],
]

describe('placeholder-page', () => {
  it.each(placeholders)('%s: %s', (outcome, _name, given) => expect(said(given)).toBe(outcome))
  it.each(sound)('nothing: %s', (_name, given) => expect(said(given)).toBe(null))
})
