// Answers that look like a leak and are none, and a few leaks beside them: files at telling paths, bundles with published keys, people in
// public pages, cookies, words about errors.
import { describe, expect, it } from 'vitest'
import { exposureProbes } from '../../../src/data/exposure-probes.ts'
import { scan } from '../../../src/facts/http/bundle-scan.ts'
import { bundleSecretKind } from '../../../src/formats/bundle/bundle-secrets.ts'
import { directoryListing } from '../../../src/formats/html/directory-listing.ts'
import { classifyExposure } from '../../../src/formats/html/exposure.ts'
import { readHtml } from '../../../src/formats/html/html.ts'
import { mixedContent } from '../../../src/formats/html/mixed-content.ts'
import { personalData } from '../../../src/formats/html/personal-data.ts'
import { isSessionCookie } from '../../../src/formats/http/cookie.ts'
import { makeUp, makeUpJwt } from '../../support/made-up-secrets.ts'

const page = (title: string, body: string): string =>
  `<!doctype html><html lang="en"><title>${title}</title><body>${body}</body></html>`
const kindAt = (path: string, body: string): string | null =>
  classifyExposure(exposureProbes.find(item => item.path === path)!, body)?.kind ?? null

describe('files that are none', () => {
  it.each([
    ['/.env', page('Page not found', '<pre>DB_PASSWORD=secret</pre>')],
    ['/.env', 'window.__ENV = {"API_URL":"https://api.example.com"}'],
    ['/.env', '# Nothing to see here, dear scanner\n'],
    ['/.env', 'User-agent: *\nDisallow: /\n'],
    ['/.env', '{"statusCode":404,"message":"Cannot GET /.env","error":"Not Found"}'],
    ['/.env', '404: Not Found'],
    ['/.env', 'error=not_found\nrequest_token=3f9a1c77d2e8\n'],
    ['/.env.example', 'DB_PASSWORD=\nSTRIPE_SECRET_KEY=sk_test_...\nAPP_KEY=\n'],
    ['/.netrc', 'machine learning\n'],
    ['/.docker/config.json', '{"auths":{}}'],
    ['/.bash_history', 'The history of the shell\ncd: compact disc\n'],
    ['/wp-content/debug.log', '[30-Nov-2026] News of the day\n'],
    ['/.git/index', 'DIRC is no index'],
    ['/terraform.tfstate', '{"error":"not found","docs":"https://example.com/terraform_version"}'],
    ['/appsettings.json', '{"apiUrl":"https://api.example.com","Logging":{"LogLevel":{"Default":"Information"}}}'],
    ['/serviceAccountKey.json', '{"message":"Not Found"}'],
    ['/config/database.yml', 'error: not found\n'],
    ['/.git/HEAD', page('Coach', 'ref: refs/heads/main')],
    ['/.git/HEAD', 'reference not found'],
    ['/.git/config', page('Git', '[core]')],
    ['/.git/config', '[core business]\nWe coach people.'],
    ['/backup.sql', page('Backup', 'CREATE TABLE users (id int); INSERT INTO users VALUES (1);')],
    ['/backup.zip', page('Download', 'PK is short for Phil Katz')],
    ['/backup.zip', 'PKWARE has moved'],
    ['/db.sqlite3', 'SQLite format is not served here'],
    ['/.aws/credentials', 'access denied'],
    ['/.aws/credentials', '[default]\nregion = eu-central-1\n'],
    ['/.htpasswd', 'forbidden: true'],
    ['/.htpasswd', 'see: https://example.com/help'],
    ['/id_rsa', page('Keys', '-----BEGIN PUBLIC KEY-----')],
    ['/server.key', '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n'],
    ['/server.key', '-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----\n'],
    ['/config.json', '{"auth":{"passwordMinLength":12,"passwordPolicy":"strong","secretQuestion":false}}'],
    ['/config.json', '{"labels":{"apiKey":"API key","token":"Token","secret":"Secret"}}'],
    [
      '/config.json',
      `{"supabase":{"url":"https://x.supabase.co","anonKey":"${makeUpJwt({ role: 'anon', iss: 'supabase', exp: 2_015_576_000 })}"}}`,
    ],
    [
      '/config.json',
      '{"issuer":"https://id.example.com","token_endpoint":"https://id.example.com/token","client_secret_basic":true}',
    ],
    ['/config.yml', 'defaults:\n  password: "{{ vault_password }}"\n'],
    ['/config.yaml', 'password: ${DB_PASSWORD}\n'],
    ['/config.php', ''],
    ['/docker-compose.yml', page('Docker', 'services: we run your containers')],
    ['/server-status', page('Status', '<h1>Apache Server Status is what we watch for you</h1>')],
    ['/phpinfo.php', page('phpinfo() explained', '<p>PHP Version 8.3 brings typed constants.</p>')],
    ['/info.php', page('Information', '<h1>About us</h1>')],
    ['/actuator/env', '{"timestamp":"2026-11-29","status":404,"error":"Not Found","path":"/actuator/env"}'],
    ['/actuator', '{"error":"unauthorized"}'],
    ['/console', page('Console', '<h1>H2 is water</h1>')],
    ['/debug.log', page('Log in', '<form></form>')],
    ['/storage/logs/laravel.log', 'Not found.'],
    ['/.DS_Store', 'Bud1 is a brand of beer'],
  ])('%s: %j', (path, body) => expect(kindAt(path, body)).toBeNull())
})

describe('bundles without a secret', () => {
  const grave = (text: string): string[] =>
    scan(text, 'https://example.com/assets/app.js', host => host === 'example.com').hits.flatMap(hit => {
      const kind = bundleSecretKind(hit as Parameters<typeof bundleSecretKind>[0])
      return kind === null || kind === 'suspicious' ? [] : [`${kind} ${hit.rule}`]
    })
  it.each([
    ['Stripe’s publishable key', `const s=Stripe("${makeUp('pk_~live_51{A97}')}")`],
    [
      'Firebase',
      `initializeApp({apiKey:"${makeUp('AI~za{s35}')}",authDomain:"coach.firebaseapp.com",appId:"1:1:web:1"})`,
    ],
    [
      'Supabase’s anonymous key',
      `createClient("https://x.supabase.co","${makeUpJwt({ role: 'anon', iss: 'supabase', exp: 2_015_576_000 })}")`,
    ],
    ['Supabase’s publishable key', `createClient("https://x.supabase.co","sb_publishable_${makeUp('{A22}_{A8}')}")`],
    ['PostHog', `posthog.init("${makeUp('ph~c_{A43}')}",{api_host:"https://eu.i.posthog.com"})`],
    ['Sentry', 'Sentry.init({dsn:"https://0123456789abcdef0123456789abcdef@o1.ingest.sentry.io/42"})'],
    ['Mapbox’s public token', `mapboxgl.accessToken="${makeUp('p~k.eyJ{A40}.{A22}')}"`],
    ['Clerk’s publishable key', `const k="${makeUp('pk_~live_{A40}')}"`],
    ['Algolia for searching', `algoliasearch("APPID12345","${makeUp('{h32}')}")`],
    ['reCAPTCHA’s site key', `grecaptcha.execute("6L${makeUp('{A38}')}")`],
    ['Turnstile’s site key', 'turnstile.render("#x",{sitekey:"0x4AAAAAAABkMYinukE8nzYS"})'],
    ['a placeholder of a form', 'h("input",{placeholder:"sk_live_..."})'],
    ['documentation of a key’s form', 'const help="Your key begins with sk_live_ and has 32 letters";'],
    ['a pattern that knows keys', 'const re=/sk_live_[0-9a-zA-Z]{24,}/;const pem=/-----BEGIN (RSA )?PRIVATE KEY-----/'],
    ['code that writes a key', 'const pem=`-----BEGIN PRIVATE KEY-----\\n${b64}\\n-----END PRIVATE KEY-----`'],
    ['a digest', `const integrity="sha512-${makeUp('{A86}')}=="`],
    ['a commit', `const release="${makeUp('{h40}')}"`],
    ['names of fields', 'const f={password:"password",secret:"client_secret",token:"access_token"}'],
    ['words in languages', 'const de={password:"Passwort",secret:"Geheimnis",apiKey:"API-Schlüssel"}'],
    ['a data address', `const img="data:image/png;base64,iVBORw0KGgo${makeUp('{A200}')}"`],
  ])('%s', (_name, text) => expect(grave(text)).toEqual([]))

  it('and one with a secret', () => {
    expect(grave(`const s="${makeUp('sk_~live_51{A97}')}"`)).toEqual([expect.stringMatching(/^live-secret stripe/)])
  })
})

describe('nobody’s data', () => {
  const records = (body: string, type = 'application/json', path = '/api/x'): number =>
    personalData({ url: `https://example.com${path}`, headers: [['content-type', type]], body })?.records ?? 0
  it.each([
    ['authors of articles', '[{"title":"Coaching","author":{"name":"Ada Byron"},"slug":"coaching"}]', '/api/articles'],
    [
      'an office',
      '{"company":"Coach Ltd","email":"hello@example.com","phone":"+49 561 1","address":"Kassel"}',
      '/api/contact',
    ],
    [
      'a business with a mailbox for support',
      '{"supportEmail":"help@example.com","phone":"+49 561 1","company":"Coach Ltd","address":"High Street 1"}',
      '/api/settings',
    ],
    ['cities', '[{"name":"Kassel","zip":"34117"},{"name":"Fulda","zip":"36037"}]', '/api/cities'],
    ['countries with codes', '[{"name":"Germany","phone":"+49"},{"name":"France","phone":"+33"}]', '/api/countries'],
    [
      'a form’s description',
      '{"fields":[{"name":"email","label":"E-Mail"},{"name":"phone","label":"Phone"}]}',
      '/api/form',
    ],
    [
      'a schema',
      '{"type":"object","properties":{"email":{"type":"string"},"password":{"type":"string"}}}',
      '/api/schema',
    ],
    ['OpenAPI', '{"openapi":"3.1.0","paths":{"/users":{"get":{}}},"components":{}}', '/api/openapi.json'],
    ['health', '{"status":"ok","db":{"name":"main","status":"up"}}', '/api/health'],
    ['an error', '{"error":{"code":"unauthorized","message":"Log in at https://app.example.com"}}', '/api/clients'],
    ['an empty list', '{"data":[],"total":0}', '/api/clients'],
  ])('%s', (_name, body, path) => expect(records(body, 'application/json', path)).toBe(0))
})

describe('no login', () => {
  it.each([
    'ajs_anonymous_id',
    'optimizelyEndUserId',
    'ph_phc_x_posthog',
    'crisp-client%2Fsession%2Fx',
    'country',
    'ab_test',
    'euconsent-v2',
    '_gcl_au',
    'hubspotutk',
    'PLAY_LANG',
    'session_lang',
  ])('%s', name => expect(isSessionCookie(name)).toBe(false))
})

describe('no mixed content', () => {
  it.each([
    ['an address in words', '<p>Open http://example.org/script.js in your browser.</p>'],
    ['an address in code', '<pre>&lt;script src="http://example.org/a.js"&gt;&lt;/script&gt;</pre>'],
    ['a link', '<a href="http://example.org/">x</a>'],
    ['a namespace', '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"></svg>'],
    [
      'metadata',
      '<meta property="og:image" content="http://example.com/a.png"><script type="application/ld+json">{"@context":"http://schema.org"}</script>',
    ],
    [
      'a relation that loads nothing',
      '<link rel="canonical" href="http://example.com/"><link rel="alternate" hreflang="de" href="http://example.com/de"><link rel="profile" href="http://gmpg.org/xfn/11">',
    ],
    ['a comment', '<!-- <script src="http://example.org/a.js"></script> -->'],
    ['a template', '<template><img src="http://example.org/a.png"></template>'],
    ['a call in a comment', '<script>\n// fetch("http://old.example.org/x")\nrun()</script>'],
    ['a form of a dialog', '<form method="dialog" action="http://example.org/x"><button>OK</button></form>'],
    ['the reader’s own machine', '<img src="http://127.0.0.1:8000/a.png">'],
    ['a place for an address', '<input placeholder="http://example.org" value="http://example.org/a.js">'],
  ])('%s', (_name, body) => expect(mixedContent(readHtml(page('x', body), 'https://example.com/'), [])).toEqual([]))
})

describe('no listing', () => {
  it.each([
    page('Index of coaches', '<h1>Index of coaches</h1><a href="/ada">Ada</a>'),
    page('Directory', '<h1>Directory of coaches</h1><a href="/ada">Ada</a>'),
    page('Files', '<pre><a href="a.txt">a.txt</a> is a file</pre>'),
  ])('%j', body => expect(directoryListing(body)).toBeNull())
})
