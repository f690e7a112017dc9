// More front pages that answer with status 200 and are dead: pages of other stacks, hosters and languages, and apps whose start is broken;
// beside them sound ones that look alike.
import { describe, expect, it } from 'vitest'
import { frontPageFaults, frontPageOutcomes, html, type Site, script, shell, words } from '../../support/front-pages.ts'

const app = 'document.getElementById("root").textContent="Coach"'
const policy = (value: string): [string, string][] => [['content-security-policy', value]]
const titled = (title: string, body: string): string =>
  `<!doctype html><html lang="en"><head><title>${title}</title></head><body>${body}</body></html>`
const nav =
  '<header><a href="/">Coach</a> <a href="/pricing">Pricing</a> <a href="/blog">Blog</a> <a href="/login">Log in</a></header>'
const footer = '<footer><a href="/privacy">Privacy</a> <a href="/terms">Terms</a> © 2026 Coach Ltd</footer>'
const cdn = 'https://static.coachcdn.net/app.3f9a2b1c.js'

const dead: [name: string, site: Site, outcome: string | string[]][] = [
  // Frameworks
  [
    'Laravel’s own page of an error',
    { '/': titled('Server Error', '<div class="code">500</div><div class="message">Server Error</div>') },
    'error-text',
  ],
  [
    'Rails’ own page of an error',
    {
      '/': titled(
        'We’re sorry, but something went wrong (500)',
        '<div class="dialog"><h1>We’re sorry, but something went wrong.</h1><p>If you are the application owner check the logs for more information.</p></div>',
      ),
    },
    'error-text',
  ],
  [
    'Rails with migrations to run',
    {
      '/': titled(
        'Action Controller: Exception caught',
        '<header><h1>ActiveRecord::PendingMigrationError</h1></header><h2>Migrations are pending. To resolve this issue, run: bin/rails db:migrate</h2>',
      ),
    },
    'error-text',
  ],
  [
    'Django with DEBUG',
    {
      '/': titled(
        'OperationalError at /',
        '<div id="summary"><h1>OperationalError at /</h1><pre class="exception_value">no such table: coaches</pre><table><tr><th>Request Method:</th><td>GET</td></tr></table></div>',
      ),
    },
    'error-text',
  ],
  [
    'Flask’s debugger',
    {
      '/': titled(
        'jinja2.exceptions.TemplateNotFound: index.html // Werkzeug Debugger',
        '<h1>TemplateNotFound</h1><div class="detail"><p class="errormsg">jinja2.exceptions.TemplateNotFound: index.html</p></div><h2 class="traceback">Traceback <em>(most recent call last)</em></h2>',
      ),
    },
    'error-text',
  ],
  [
    'Spring Boot',
    {
      '/': html(
        '<h1>Whitelabel Error Page</h1><p>This application has no explicit mapping for /error, so you are seeing this as a fallback.</p><div>There was an unexpected error (type=Not Found, status=404).</div>',
      ),
    },
    'error-text',
  ],
  [
    'ASP.NET',
    {
      '/': titled(
        'Runtime Error',
        "<h1>Server Error in '/' Application.</h1><h2><i>Runtime Error</i></h2><b>Description:</b> An application error occurred on the server.",
      ),
    },
    'error-text',
  ],
  [
    'ASP.NET Core',
    {
      '/': titled(
        'Error',
        '<h1 class="text-danger">Error.</h1><h2 class="text-danger">An error occurred while processing your request.</h2><p><strong>Request ID:</strong> <code>00-abc</code></p>',
      ),
    },
    'error-text',
  ],
  [
    'Nuxt’s own page of an error',
    { '/': titled('500 - Internal Server Error', '<div><h1>500</h1><p>Internal Server Error</p></div>') },
    'error-text',
  ],
  [
    'SvelteKit’s own page of an error',
    {
      '/': html(
        '<div class="error"><span class="status">500</span><div class="message"><h1>Internal Error</h1></div></div>',
      ),
    },
    'error-text',
  ],
  [
    'Remix’ own page of an error',
    {
      '/': titled(
        'Application Error!',
        '<main style="font-family: system-ui; padding: 2rem"><h1 style="font-size: 24px">Application Error</h1><pre style="padding: 2rem">Error: Cannot read properties of undefined</pre></main>',
      ),
    },
    'error-text',
  ],
  [
    'Next.js in production',
    {
      '/': html(
        '<div><h2 style="font-size:14px">Application error: a server-side exception has occurred while loading coach.example (see the server logs for more information).</h2><p>Digest: 123</p></div>',
      ),
    },
    'error-text',
  ],
  ['Phoenix', { '/': html('Internal Server Error') }, 'error-text'],
  ['Drupal', { '/': html('The website encountered an unexpected error. Try again later.') }, 'error-text'],
  [
    'Joomla',
    {
      '/': titled(
        'Error: 500',
        '<h1>500</h1><p>Error displaying the error page: Application Instantiation Error: Could not connect to MySQL.</p>',
      ),
    },
    'error-text',
  ],
  [
    'Magento',
    {
      '/': titled(
        'There has been an error processing your request',
        '<h1>There has been an error processing your request</h1><p>Exception printing is disabled by default for security reasons.</p><p>Error log record number: 123</p>',
      ),
    },
    'error-text',
  ],
  ['TYPO3', { '/': html('<h1>Oops, an error occurred!</h1><p>Code: 2026112901</p>') }, 'error-text'],
  [
    'Symfony',
    {
      '/': titled(
        'An Error Occurred: Internal Server Error',
        '<h1>Oops! An Error Occurred</h1><h2>The server returned a "500 Internal Server Error".</h2><p>Something is broken.</p>',
      ),
    },
    'error-text',
  ],
  [
    'Streamlit, Passenger: an app that did not start',
    {
      '/': html(
        "<h1>We're sorry, but something went wrong.</h1><p>The issue has been logged for investigation. Please try again later.</p>",
      ),
    },
    'error-text',
  ],
  [
    'Node that prints its fault',
    {
      '/': html(
        '<pre>ReferenceError: db is not defined<br> &nbsp; &nbsp;at /srv/app/index.js:12:9<br> &nbsp; &nbsp;at Layer.handle (/srv/app/node_modules/express/lib/router/layer.js:95:5)</pre>',
      ),
    },
    'error-text',
  ],
  [
    'Java that prints its fault',
    {
      '/': html(
        '<p>java.lang.NullPointerException: Cannot invoke "Coach.name()" at example.coach.web.HomeController.index(HomeController.java:42)</p>',
      ),
    },
    'error-text',
  ],
  [
    'Go that prints its fault',
    {
      '/': {
        body: html(
          '<pre>panic: runtime error: invalid memory address or nil pointer dereference\n[signal SIGSEGV: segmentation violation]\n\ngoroutine 1 [running]:\nmain.main()\n\t/srv/app/main.go:12 +0x1d</pre>',
        ),
      },
    },
    'error-text',
  ],
  [
    '.NET that prints its fault',
    {
      '/': html(
        '<p>System.NullReferenceException: Object reference not set to an instance of an object. at Coach.Pages.IndexModel.OnGet() in /src/Pages/Index.cshtml.cs:line 21</p>',
      ),
    },
    'error-text',
  ],
  [
    'a template that was not filled in',
    { '/': html('<h1>{{ page.title }}</h1><p>{{ page.lead }}</p><a href="{{ url }}">{{ cta }}</a>') },
    'error-text',
  ],
  ['keys instead of words', { '/': html('[object Promise]') }, 'error-text'],
  // Databases
  ['MySQL that is full', { '/': html('<h1>Too many connections</h1>') }, 'error-text'],
  [
    'PostgreSQL that refuses',
    { '/': html('<p>FATAL: password authentication failed for user "coach"</p>') },
    'error-text',
  ],
  ['SQLite that is locked', { '/': html('<p>SQLITE_BUSY: database is locked</p>') }, 'error-text'],
  [
    'MongoDB that is away',
    { '/': html('<p>MongooseServerSelectionError: connect ECONNREFUSED 10.0.0.5:27017</p>') },
    'error-text',
  ],
  [
    'SQL Server that is away',
    {
      '/': html(
        '<p>A network-related or instance-specific error occurred while establishing a connection to SQL Server. The server was not found or was not accessible.</p>',
      ),
    },
    'error-text',
  ],
  [
    'Redis that is away',
    {
      '/': html('<p>Redis::CannotConnectError: Error connecting to Redis on 127.0.0.1:6379 (Errno::ECONNREFUSED)</p>'),
    },
    'error-text',
  ],
  // Hosters and edges
  [
    'cPanel: suspended',
    {
      '/': titled(
        'Account Suspended',
        '<h1>Account Suspended</h1><p>This Account has been suspended.</p><p>Contact your hosting provider for more information.</p>',
      ),
    },
    'error-text',
  ],
  [
    'a hoster that is not paid',
    {
      '/': titled(
        'Site suspended',
        '<h1>This website has been suspended</h1><p>If you are the owner, please contact billing.</p>',
      ),
    },
    'error-text',
  ],
  [
    'Vercel: no such deployment',
    { '/': html('<p>The deployment could not be found on Vercel.</p><code>DEPLOYMENT_NOT_FOUND</code>') },
    'error-text',
  ],
  [
    'Vercel: paused',
    { '/': html('<h1>This deployment is temporarily paused</h1><code>DEPLOYMENT_PAUSED</code>') },
    'error-text',
  ],
  [
    'Netlify: no such site',
    {
      '/': titled(
        'Site not found',
        "<h1>Site not found</h1><p>Looks like you followed a broken link or entered a URL that doesn't exist on Netlify.</p>",
      ),
    },
    'error-text',
  ],
  [
    'Heroku: no such app',
    { '/': titled('No such app', '<h1>No such app</h1><p>There is no app configured at that hostname.</p>') },
    'error-text',
  ],
  [
    'Cloudflare: the origin is down',
    {
      '/': titled(
        'coach.example | 521: Web server is down',
        '<h1><span>Web server is down</span> <span>Error code 521</span></h1><p>Visit cloudflare.com for more information.</p>',
      ),
    },
    'error-text',
  ],
  [
    'Railway and Fly: nothing listens',
    { '/': html('<h1>Application failed to respond</h1><p>This error appears to be caused by the application.</p>') },
    'error-text',
  ],
  [
    'a tunnel that is closed',
    { '/': html('<h1>Tunnel coach.example not found</h1><p>ERR_NGROK_3200</p>') },
    'error-text',
  ],
  [
    'GitHub Pages: nothing there',
    {
      '/': titled(
        'Site not found · GitHub Pages',
        "<h1>404</h1><p><strong>There isn't a GitHub Pages site here.</strong></p>",
      ),
    },
    'error-text',
  ],
  [
    'S3: no such bucket',
    {
      '/': {
        body: '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>NoSuchBucket</Code><Message>The specified bucket does not exist</Message></Error>',
        type: 'application/xml',
      },
    },
    'error-text',
  ],
  [
    'an API’s error in the place of a page',
    { '/': { body: '{"statusCode":500,"message":"Internal server error"}', type: 'application/json' } },
    'error-text',
  ],
  ['a shop that is closed', { '/': html('<h1>Sorry, this shop is currently unavailable.</h1>') }, 'error-text'],
  ['a domain that ran out', { '/': html('<h1>This domain has expired</h1><p>Renew it now.</p>') }, 'error-text'],
  // Other languages
  [
    'maintenance in Italian',
    { '/': html('<h1>Sito in manutenzione</h1><p>Torneremo presto online.</p>') },
    'error-text',
  ],
  ['maintenance in Spanish', { '/': html('<h1>Sitio en mantenimiento</h1><p>Volvemos en breve.</p>') }, 'error-text'],
  [
    'an error in Portuguese',
    { '/': html('<h1>Ocorreu um erro inesperado</h1><p>Tente novamente mais tarde.</p>') },
    'error-text',
  ],
  [
    'an error in German',
    { '/': html('<h1>Ein Fehler ist aufgetreten</h1><p>Bitte versuchen Sie es später erneut.</p>') },
    'error-text',
  ],
  [
    'maintenance in Japanese',
    { '/': html('<h1>ただいまメンテナンス中です</h1><p>しばらくお待ちください。</p>') },
    'error-text',
  ],
  ['an error in Chinese', { '/': html('<h1>服务器内部错误</h1>') }, 'error-text'],
  [
    'maintenance in Russian',
    { '/': html('<h1>Сайт временно недоступен</h1><p>Ведутся технические работы.</p>') },
    'error-text',
  ],
  [
    'maintenance in Turkish',
    { '/': html('<h1>Bakım çalışması</h1><p>Kısa süre sonra geri döneceğiz.</p>') },
    'error-text',
  ],
  ['an error in Czech', { '/': html('<h1>Došlo k chybě</h1><p>Zkuste to prosím později.</p>') }, 'error-text'],
  [
    'an error between header and footer',
    { '/': html(`${nav}<main><h1>Something went wrong</h1><p>Try again.</p></main>${footer}`) },
    'error-text',
  ],
  // By their mood: no list holds these sentences
  [
    'an app builder',
    {
      '/': html(
        '<p>Sorry, we ran into a temporary bug and cannot go on. Please try again in a few minutes (code 1680).</p>',
      ),
    },
    'error-text',
  ],
  [
    'a data app',
    { '/': html('<h1>Oh no.</h1><p>Error running app. If you need help, ask in the forum.</p>') },
    'error-text',
  ],
  [
    'an app that was stopped',
    {
      '/': html(
        '<h1>Error 403 - This app is stopped.</h1><p>It is stopped at the moment and does not accept any requests.</p>',
      ),
    },
    'error-text',
  ],
  [
    'an edge that knows no such name',
    {
      '/': titled(
        'Edge error: unknown domain',
        '<p>Edge error: unknown domain: coach.example. Please check that it has been added to a service.</p>',
      ),
    },
    'error-text',
  ],
  [
    'a worker that threw',
    {
      '/': titled(
        'Worker threw exception',
        '<h1>Error 1101</h1><h2>Worker threw exception</h2><p>You’ve requested a page on a website that is on our network.</p>',
      ),
    },
    'error-text',
  ],
  [
    'out of service in French',
    { '/': html('<h1>Notre service est indisponible</h1><p>Merci de réessayer plus tard.</p>') },
    'error-text',
  ],
  [
    'out of service in Spanish',
    { '/': html('<h1>Servicio no disponible</h1><p>Inténtelo de nuevo más tarde.</p>') },
    'error-text',
  ],
  [
    'being worked on in Greek',
    { '/': html('<h1>Η σελίδα είναι υπό συντήρηση</h1><p>Θα είμαστε σύντομα κοντά σας.</p>') },
    'error-text',
  ],
  [
    'being worked on in Vietnamese',
    { '/': html('<h1>Trang web đang bảo trì</h1><p>Vui lòng quay lại sau.</p>') },
    'error-text',
  ],
  ['not found in Japanese', { '/': html('<h1>ページが見つかりません</h1>') }, 'error-text'],
  // Answers in the place of a page
  [
    'an API’s error within its envelope',
    {
      '/': { body: '{"data":null,"error":{"status":500,"message":"Internal Server Error"}}', type: 'application/json' },
    },
    'error-text',
  ],
  [
    'a gateway’s message alone',
    { '/': { body: '{"message":"Missing Authentication Token"}', type: 'application/json' } },
    'error-text',
  ],
  [
    'GraphQL without a query',
    { '/': { body: '{"errors":[{"message":"Must provide query string."}]}', type: 'application/json' } },
    'error-text',
  ],
  [
    'a framework that has no such route',
    { '/': { body: '{"detail":"Not Found"}', type: 'application/json' } },
    'error-text',
  ],
  ['an error in plain text', { '/': { body: 'Internal Server Error', type: 'text/plain' } }, 'error-text'],
  // Files that are not what they are named
  ...(
    [
      ['a pointer of Git LFS', 'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12\n'],
      ['an error in JSON', '{"error":"not found"}'],
      ['an error in words', '404: Not Found'],
      ['half a program', 'const a=()=>{document.title="Coach";const b=[1,2,'],
      ['compressed bytes', '\u001f\u008b\u0008'],
    ] as const
  ).map(([name, body]): [string, Site, string] => [
    `the entry script is ${name}`,
    {
      '/': shell('<script type="module" src="/assets/index-B1x2C3d4.js"></script>'),
      '/assets/index-B1x2C3d4.js': script(body),
    },
    'broken-assets',
  ]),
  [
    'RequireJS whose main module is gone',
    {
      '/': shell('<script data-main="js/main" src="/js/require.js"></script>'),
      '/js/require.js': script('var define'),
    },
    'broken-assets',
  ],
  // Starts that are broken
  [
    'a service worker’s own offline page',
    { '/': titled('You are offline', '<h1>You are offline</h1><p>Please check your internet connection.</p>') },
    'error-text',
  ],
  [
    'a script of the shell on another host that is gone',
    { '/': shell(`<script defer src="${cdn}"></script>`), [cdn]: script('', { status: 404 }) },
    'broken-assets',
  ],
  [
    'a module of the shell on another host, without CORS',
    { '/': shell(`<script type="module" src="${cdn}"></script>`), [cdn]: script(app) },
    'broken-assets',
  ],
  [
    'an import map that is no JSON',
    {
      '/': shell(
        '<script type="importmap">{"imports":{"app":"/app.js",}}</script><script type="module">import "app"</script>',
      ),
      '/app.js': script(app),
    },
    'broken-assets',
  ],
  [
    'an import map behind the module',
    {
      '/': shell(
        '<script type="module">import { go } from "app"; go()</script><script type="importmap">{"imports":{"lib":"/app.js"}}</script>',
      ),
      '/app.js': script(app),
    },
    'broken-assets',
  ],
  [
    'an inline start that its policy stops',
    {
      '/': {
        body: shell('').replace('</body>', `<script>${app}</script></body>`),
        headers: policy("default-src 'self'"),
      },
    },
    'broken-assets',
  ],
  [
    'an inline start whose hash is another',
    {
      '/': {
        body: shell('').replace('</body>', `<script>${app}</script></body>`),
        headers: policy("script-src 'sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA='"),
      },
    },
    'broken-assets',
  ],
  [
    'a policy of trusted hosts without the one that serves the app',
    {
      '/': {
        body: shell(`<script defer src="${cdn}"></script>`),
        headers: policy("script-src 'self' https://cdn.jsdelivr.net"),
      },
      [cdn]: script(app),
    },
    'broken-assets',
  ],
  [
    'a script of the shell that a login keeps',
    {
      '/': shell('<script type="module" src="/assets/index-B1x2C3d4.js"></script>'),
      '/assets/index-B1x2C3d4.js': html('<h1>Log in</h1>'),
    },
    'broken-assets',
  ],
  [
    'a frame alone, of a host that refuses',
    { '/': html('<iframe src="https://old.coach-host.example/" style="width:100%"></iframe>') },
    'broken-assets',
  ],
  [
    'a frame alone, that says an error',
    { '/': html('<iframe src="/app"></iframe>'), '/app': html('<h1>Application error</h1>') },
    'broken-assets',
  ],
  [
    'a stylesheet that is the front page',
    {
      '/': html(words, '<link rel="stylesheet" href="/assets/index-D4e5F6a7.css">'),
      '/assets/index-D4e5F6a7.css': html(words),
    },
    'broken-assets',
  ],
  [
    'a refresh to a host that is gone',
    { '/': '<meta http-equiv="refresh" content="0;url=https://app.coach-host.example/">' },
    'unreachable',
  ],
  [
    'a script that is not encoded as it says',
    { '/': shell('<script src="/app.js"></script>'), '/app.js': script(app, { undecodable: true }) },
    'broken-assets',
  ],
  [
    'compressed twice',
    { '/': { body: '\u001f\u008b\u0008\u0000\u0000\u0000\u0000\u0000\u0003\u00b3\u00c9', type: 'text/html' } },
    'error-text',
  ],
  [
    'sent as XML, and none',
    {
      '/': {
        body: '<html xmlns="http://www.w3.org/1999/xhtml"><body><h1>Coaching & more</h1></body></html>',
        type: 'application/xhtml+xml',
      },
    },
    'error-text',
  ],
  ...[
    '<h1>We’ll be right back.</h1><p>We’re busy updating, and will be back soon.</p>',
    '<p>Your installation appears to be missing the MySQL extension, which is required.</p><p>Please check that it is enabled.</p>',
    '<h1>Connection timed out<span>Error code 522</span></h1><h2>What happened?</h2><p>The origin did not answer in time.</p>',
    '<h1>Sorry, we’re experiencing technical difficulties</h1><p>We’ll fix it as soon as we can.</p>',
    '<h1>HTTP Status 500 – Internal Server Error</h1><p><b>Type</b> Exception Report</p>',
    '<h1>This app isn’t live yet</h1><p>Make sure that it has a port open.</p>',
    '<h2>This content does not exist</h2><p>You may have followed a broken link.</p>',
    'No input file specified.',
    '<h1>Zzzz</h1><p>This app has gone to sleep due to inactivity. Would you like to wake it back up?</p><button>Yes</button>',
    '<p>No configuration file found and no installation code available. Exiting...</p>',
    "<p>Microsoft OLE DB Provider for SQL Server error '80004005'</p><p>/inc/conn.asp, line 12</p>",
    '<h1>Hov! Der gik noget galt</h1><p>Prøv igen senere.</p>',
  ].map((body): [string, Site, string] => [body, { '/': html(body) }, 'error-text']),
  ...[
    'java.lang.OutOfMemoryError: Java heap space',
    'Payment required\n\nDEPLOYMENT_DISABLED\n\nfra1::abcde-1700000000000',
    'could not find a good candidate within 40 attempts at load balancing',
  ].map((body): [string, Site, string] => [body, { '/': { body, type: 'text/plain' } }, 'error-text']),
  [
    'an error in HAL',
    {
      '/': {
        body: '{"message":"Internal Server Error","_links":{"self":[{"href":"/"}]},"_embedded":{"errors":[{"message":"x"}]}}',
        type: 'application/json',
      },
    },
    'error-text',
  ],
]

const alive: [name: string, site: Site, outcome?: string][] = [
  [
    'a product called Error Boundary',
    { '/': html(`${nav}<h1>Error Boundary: see what broke before your users do</h1>${words}`) },
  ],
  [
    'a product for status pages',
    {
      '/': html(
        `${nav}<h1>All systems operational</h1><p>No incidents today. Last incident: database error on Monday.</p>${footer}`,
      ),
    },
  ],
  [
    'a status page with an incident',
    {
      '/': html(
        `${nav}<h1>Coach status</h1><h2>Partial outage</h2><p>Service unavailable for some customers since 09:00. We are investigating a database connection failure.</p>${footer}`,
      ),
    },
  ],
  [
    'a status page in maintenance',
    {
      '/': html(
        `${nav}<h1>Scheduled maintenance on Sunday</h1><p>We will update the database between 02:00 and 03:00.</p>${footer}`,
      ),
    },
  ],
  [
    'documents about HTTP',
    {
      '/': html(
        `${nav}<h1>502 Bad Gateway: what it means and how to fix it</h1><p>A gateway got no valid answer.</p><pre>HTTP/1.1 502 Bad Gateway</pre>${words}`,
      ),
    },
  ],
  [
    'documents about exceptions',
    {
      '/': html(
        `<h1>Errors</h1><h2>TypeError</h2><h2>RangeError</h2><p>All errors derive from Error.</p><pre>TypeError: x is not a function\n    at main (/srv/app/index.js:3:1)</pre>${words}`,
      ),
    },
  ],
  [
    'a course about SQL',
    {
      '/': html(
        `<h1>Learn SQL in a weekend</h1><p>What does SQLSTATE mean? Why are there too many connections? You will know.</p>${words}`,
      ),
    },
  ],
  [
    'a forum that lists threads',
    {
      '/': html(
        `${nav}<h1>Forum</h1><ul><li><a href="/1">Error establishing a database connection</a></li><li><a href="/2">Fatal error: Uncaught Error</a></li><li><a href="/3">502 Bad Gateway after update</a></li></ul>`,
      ),
    },
  ],
  [
    'a blog whose last article is about an outage',
    {
      '/': html(
        `${nav}<h1>Blog</h1><h2>What went wrong on Monday</h2><p>Something went wrong, and this is how we mended it.</p><h2>New prices</h2><p>From May on.</p>${footer}`,
      ),
    },
  ],
  [
    'a game called Not Found',
    {
      '/': html(
        `${nav}<h1>404: Not Found</h1><p>A detective game in which you look for what is not there. Buy it for 9 euros and play tonight, alone or with friends.</p><a href="/buy">Buy</a> <a href="/trailer">Trailer</a><img src="/cover.jpg">${footer}`,
      ),
    },
  ],
  [
    'a repair shop in German',
    {
      '/': html(
        `${nav}<h1>Wartung und Reparatur Ihrer Heizung</h1><p>Wir warten Heizungen in und um Kassel, auch am Wochenende.</p>${footer}`,
      ),
    },
  ],
  [
    'a maintenance firm in French',
    {
      '/': html(
        `${nav}<h1>Maintenance informatique à Lyon</h1><p>Nous réparons vos ordinateurs et vos serveurs en une journée.</p>${footer}`,
      ),
    },
  ],
  [
    'a maintenance firm in Spanish',
    { '/': html(`${nav}<h1>Mantenimiento de ascensores</h1><p>Su edificio, siempre en marcha.</p>${footer}`) },
  ],
  [
    'a page that says what is not there',
    {
      '/': html(
        `${nav}<h1>Never see “Something went wrong” again</h1><p>We test your product each minute.</p>${footer}`,
      ),
    },
  ],
  [
    'a form with its hints of faults',
    {
      '/': html(
        `${nav}<h1>Sign up</h1><form><input name="email"><span class="error">Please enter a valid address</span><button>Go</button></form>`,
      ),
    },
  ],
  ['a toast for faults, empty', { '/': html(`${words}<div role="alert" aria-live="polite"></div>`) }],
  ['a toast for faults, hidden', { '/': html(`${words}<div role="alert" hidden>Failed to load</div>`) }],
  [
    'a hosting firm',
    {
      '/': html(
        `${nav}<h1>Hosting that is never suspended</h1><p>Account suspended elsewhere? Move to us in an hour.</p>${footer}`,
      ),
    },
  ],
  [
    'a shop that sells databases',
    { '/': html(`${nav}<h1>Database backup, unavailable no more</h1><p>Copies every hour.</p>${footer}`) },
  ],
  [
    'a counter at nought',
    {
      '/': html(
        `${nav}<h1>0</h1><p>days since the last incident in our factory. We count since 2019 and publish every change.</p>${footer}`,
      ),
    },
  ],
  [
    'a page with the year alone as heading',
    {
      '/': html(
        `${nav}<h1>500</h1><p>companies coach with us, from five people to five thousand. See their stories and try it yourself.</p>${footer}`,
      ),
    },
  ],
  [
    'a feed',
    {
      '/': {
        body: '<?xml version="1.0"?><rss><channel><title>Error of the day</title></channel></rss>',
        type: 'application/xml',
      },
    },
  ],
  ['a portfolio with one line', { '/': html('<h1>Ada Writes</h1>') }],
  [
    'an offline indicator in a working page',
    { '/': html(`${words}<div class="offline" style="display:none">You are offline</div>`) },
  ],
  [
    'templates in an article',
    { '/': html(`<h1>Writing templates</h1><p>Write <code>{{ page.title }}</code> where the title goes.</p>${words}`) },
  ],
  [
    'templates that the browser fills',
    {
      '/': html(`<div id="app" v-cloak><h1>{{ title }}</h1>${words}</div><script src="/app.js"></script>`),
      '/app.js': script('x()'),
    },
  ],
  ['a shell with an inline start', { '/': shell('').replace('</body>', `<script>${app}</script></body>`) }],
  [
    'a shell with an inline start that its policy allows',
    {
      '/': {
        body: shell('').replace('</body>', `<script nonce="n1">${app}</script></body>`),
        headers: policy("script-src 'nonce-n1'"),
      },
    },
  ],
  ['a shell on another host', { '/': shell(`<script defer src="${cdn}"></script>`), [cdn]: script(app) }],
  [
    'a module on another host with CORS',
    {
      '/': shell(`<script type="module" crossorigin src="${cdn}"></script>`),
      [cdn]: script(app, { headers: [['access-control-allow-origin', 'https://example.com']] }),
    },
  ],
  [
    'a frame alone, that answers',
    {
      '/': html('<iframe src="https://app.other-host.example/"></iframe>'),
      'https://app.other-host.example/': html(words),
    },
  ],
  ['a video behind the words', { '/': html(`<video autoplay muted loop src="/hero.mp4"></video><h1>Coach</h1>`) }],
  [
    'a drawing that a script makes',
    { '/': html('<canvas id="c"></canvas><script src="/game.js"></script>'), '/game.js': script('draw()') },
  ],
  [
    'a page that a service worker helps',
    { '/': html(`${words}<script>navigator.serviceWorker?.register("/sw.js")</script>`) },
  ],
  [
    'a consent banner above a page',
    { '/': html(`<div class="cookies">We use cookies. <button>Accept</button></div>${words}`) },
  ],
  ['a page in Japanese', { '/': html('<h1>コーチのための予約サイト</h1><p>毎日の予定を簡単に管理できます。</p>') }],
  ['a page in Arabic', { '/': html('<h1>منصة المدربين</h1><p>كل ما تحتاجه في مكان واحد.</p>') }],
  [
    'words in a shadow root',
    { '/': html(`<coach-app><template shadowrootmode="open">${words}</template></coach-app>`) },
  ],
  ['a fallback for old browsers', { '/': html(`<noscript><h1>Something went wrong</h1></noscript>${words}`) }],
  ['a page of numbers', { '/': html('<h1>42</h1><p>beats per minute</p>') }],
  [
    'a page that greets with Oops',
    {
      '/': html(
        `${nav}<h1>Oops, we did it again</h1><p>Our third prize for the best coaching product in a row.</p>${footer}`,
      ),
    },
  ],
  [
    'a log of changes',
    {
      '/': html(
        `${nav}<h1>Changelog</h1><h2>2.1</h2><p>Fixed: Error: Cannot find module when started twice. Fixed: internal server error on signup.</p>${footer}`,
      ),
    },
  ],
  [
    'a store of icons with the name 404',
    {
      '/': html(
        `${nav}<h1>Icons</h1><p>404, error, warning, maintenance, offline: 2000 icons for every state of your app.</p>${footer}`,
      ),
    },
  ],
  [
    'a stylesheet of others that is gone',
    { '/': html(words, '<link rel="stylesheet" href="https://fonts.googleapis.com/css2?family=Inter">') },
  ],
  ['a firm that maintains', { '/': html('<h1>Maintenance</h1><p>Elevators, boilers, lifts. Call 0561 1234.</p>') }],
  [
    'days without a phone',
    {
      '/': html(
        '<h1>You are offline</h1><p>Three days in the woods. <a href="/t">Tickets</a> <a href="/c">Camp</a> <a href="/f">FAQ</a></p>',
      ),
    },
  ],
  [
    'a tool against errors',
    {
      '/': html(
        '<h1>Error tracking for small teams</h1><p>Know before your customers do. <a href="/signup">Start free</a></p>',
      ),
    },
  ],
  ['a frame with its own text', { '/': html('<iframe srcdoc="<h1>Hello</h1>"></iframe>') }],
  [
    'a picture that a stylesheet draws',
    { '/': html('<div class="hero"></div>', '<style>.hero{height:100vh;background:url(/bg.jpg)}</style>') },
  ],
  ['plain text', { '/': { body: 'Coaching in plain text. Write to ada@example.com', type: 'text/plain' } }],
  [
    'two import maps',
    {
      '/': shell(
        '<script type="importmap">{"imports":{"lib":"/lib.js"}}</script><script type="importmap">{"imports":{"app":"/app.js"}}</script><script type="module">import "app"</script>',
      ),
      '/app.js': script(`import lib from "lib";${app}`),
      '/lib.js': script('export default 1'),
    },
  ],
  [
    'a refresh after half an hour',
    { '/': html(words, '<meta http-equiv="refresh" content="1800;url=/login?expired">') },
  ],
  ...[
    '<dialog><h1>Service unavailable</h1></dialog>',
    '<div class="modal d-none"><h2>Application error</h2></div>',
    '<style>.oops{display:none}</style><section class="oops"><h1>Something went wrong</h1></section>',
  ].map((hidden): [string, Site] => [`words that are not shown: ${hidden}`, { '/': html(`${hidden}${words}`) }]),
  ...[
    '<h1>Error code 522: what it means</h1><p>And what to do.</p>',
    '<h1>No appointments available?</h1><p>Try again later: somebody always cancels.</p>',
    '<h1>Exits</h1><p>Starting. Scaling. Exiting.</p>',
    '<h1>We close at six</h1><p>Back at nine.</p>',
  ].map((body): [string, Site] => [body, { '/': html(`${body}${words}`) }]),
  [
    'sent as XML, and well formed',
    {
      '/': {
        body: `<html xmlns="http://www.w3.org/1999/xhtml"><body><h1>Coaching &amp; more</h1><p>${'Words. '.repeat(40)}</p></body></html>`,
        type: 'application/xml',
      },
    },
  ],
  [
    'a countdown to the launch',
    {
      '/': html(
        `${nav}<h1>We open on Monday</h1><p>Leave your address and be among the first.</p><form><input name="email"><button>Tell me</button></form>${footer}`,
      ),
    },
  ],
]

describe(`${dead.length} more dead front pages with status 200`, () =>
  it.each(dead)('%s', async (_name, site, outcome) => expect(await frontPageOutcomes(site)).toEqual([outcome].flat())))

describe(`${alive.length} more front pages that live`, () =>
  it.each(alive)('%s', async (_name, site, outcome) =>
    expect(outcome ? await frontPageOutcomes(site) : await frontPageFaults(site)).toEqual(outcome ? [outcome] : []),
  ))
