// The small readers behind the audit of pages: referrer policies, security.txt, legal links, error pages, listings, people's data, logins.
import { describe, expect, it } from 'vitest'
import { directoryListing } from '../../../src/formats/html/directory-listing.ts'
import { debugPage, saysNotFound, stackTrace, versionLeak } from '../../../src/formats/html/error-page.ts'
import { readHtml } from '../../../src/formats/html/html.ts'
import { isLegalHub, legalLink } from '../../../src/formats/html/legal-pages.ts'
import { personalData, personalPage, personalRecords } from '../../../src/formats/html/personal-data.ts'
import { hasRiddle, saysLimit } from '../../../src/formats/http/login-tries.ts'
import { leaksAddress, metaReferrerPolicy, referrerPolicy } from '../../../src/formats/http/referrer-policy.ts'
import { parseSecurityTxt } from '../../../src/formats/http/security-txt.ts'
import { leastTime } from '../../support/processor-time.ts'

describe('referrer policies', () => {
  it('take the last value that is known', () => {
    expect(referrerPolicy(['no-referrer, strict-origin-when-cross-origin'])).toBe('strict-origin-when-cross-origin')
    expect(referrerPolicy(['origin, future-policy'])).toBe('origin')
    expect(referrerPolicy(['nonsense'])).toBeNull()
    expect(metaReferrerPolicy('always')).toBe('unsafe-url')
    expect(metaReferrerPolicy('constructor')).toBeNull()
    expect(leaksAddress('no-referrer-when-downgrade')).toBe(true)
    expect(leaksAddress('origin')).toBe(false)
  })
})

describe('security.txt', () => {
  it('is read with its faults', () => {
    expect(parseSecurityTxt('Contact: mailto:a@example.com\r\nExpires: 2027-01-01T00:00:00Z\r\n')).toEqual({
      contacts: ['mailto:a@example.com'],
      expires: '2027-01-01T00:00:00.000Z',
      faults: [],
    })
    expect(parseSecurityTxt('Contact: a@example.com\nExpires: soon')?.faults).toEqual([
      'Contact "a@example.com" is no URI (mailto:, https:)',
      'Expires is no date',
    ])
    expect(
      parseSecurityTxt(
        '-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nContact: https://example.com/report\nExpires: 2027-01-01T00:00:00Z',
      )?.faults,
    ).toEqual([])
  })
  it('is not a page of a single-page app', () => {
    expect(parseSecurityTxt('<!doctype html><p>Contact: us</p>')).toBeNull()
    expect(parseSecurityTxt('')).toBeNull()
  })
})

describe('legal links', () => {
  const links = (html: string) => readHtml(html, 'https://example.com/').links
  it.each([
    ['Datenschutzerklärung', 'AGB', 'Kontakt'],
    ['Politique de confidentialité', 'Conditions générales', 'Contactez-nous'],
    ['Política de privacidad', 'Términos y condiciones', 'Contacto'],
    ['Política de privacidade', 'Termos de uso', 'Fale conosco'],
    ['Informativa sulla privacy', 'Termini e condizioni', 'Contatti'],
    ['Privacybeleid', 'Algemene voorwaarden', 'Contact'],
    ['Polityka prywatności', 'Regulamin', 'Kontakt'],
    ['Политика конфиденциальности', 'Условия использования', 'Контакты'],
    ['プライバシーポリシー', '利用規約', 'お問い合わせ'],
    ['隐私政策', '服务条款', '联系我们'],
  ])('are known as %s, %s, %s', (...words) => {
    const found = links(words.map((word, nth) => `<a href="/p${nth}">${word}</a>`).join(''))
    expect((['privacy', 'terms', 'contact'] as const).map(kind => legalLink(kind, found))).toEqual([
      'https://example.com/p0',
      'https://example.com/p1',
      'https://example.com/p2',
    ])
  })
  it('are not seen where there are none', () => {
    const found = links(
      '<a href="/pricing">Pricing</a><a href="/login">Log in</a><a href="javascript:void(0)">Menu</a><a href="/%ff">x</a>',
    )
    expect((['privacy', 'terms', 'contact'] as const).map(kind => legalLink(kind, found))).toEqual([null, null, null])
    expect(legalLink('contact', links('<a href="mailto:hello@example.com">✉</a>'))).toBe('mailto:hello@example.com')
    expect(
      legalLink('contact', links('<a href="/cdn-cgi/l/email-protection#4b23">[email protected]</a>')),
    ).not.toBeNull()
  })
})

describe('error pages', () => {
  it.each([
    ['<h1>Routing Error</h1><p>No route matches</p><code>Rails.root: /app</code>', 'Rails'],
    ['<title>KeyError // Werkzeug Debugger</title>', 'Flask (Werkzeug)'],
    ['<script>{"page":"/_error","buildId":"development"}</script>', 'Next.js'],
    ['<pre>NotFoundError: Not Found<br> &nbsp; &nbsp;at /srv/app.js:12:9</pre>', 'Express'],
    ["<h1>Server Error in '/' Application.</h1><b>Stack Trace:</b>", 'ASP.NET'],
  ])('%s is a debug page of %s', (body, framework) => {
    expect(debugPage(body)?.framework).toBe(framework)
  })
  it.each([
    'Traceback (most recent call last):\n  File "/srv/a.py", line 3, in f',
    'at com.example.app.Users.find(Users.java:41)',
    'TypeError: x\n    at handler (/srv/app/dist/index.js:10:5)',
    'goroutine 12 [running]:',
    'runtime error: index out of range\n/app/internal/slots.go:42 (0x8a5c12)',
    "thread 'main' panicked at src/handlers.rs:21:14:",
    'java.lang.NullPointerException\n\tat shop.SlotController.index(SlotController.groovy:12)',
    '<b>Fatal error</b>: Uncaught Error in <b>/var/www/html/index.php</b>',
  ])('%s is a trace', body => {
    expect(stackTrace(body)).not.toBeNull()
  })
  it('of ordinary sites are neither', () => {
    const body =
      '<title>404</title><p>Page not found. Error code 404, at your service since 1999. Learn how Django’s DEBUG = True works.'
    expect(debugPage(body)).toBeNull()
    expect(stackTrace(body)).toBeNull()
    expect(
      versionLeak(
        [
          ['server', 'Vercel'],
          ['x-powered-by', 'Next.js'],
        ],
        body,
      ),
    ).toBeNull()
    expect(saysNotFound('Page introuvable')).toBe(true)
    expect(saysNotFound('Plans for coaches')).toBe(false)
  })
  it('are read in no time, however they repeat themselves', () => {
    const read = (): void => {
      debugPage('<h1>Routing Error</h1>'.repeat(20_000))
      stackTrace('Traceback (most recent call last)'.repeat(10_000))
    }
    expect(leastTime(2000, read)).toBeLessThan(2000)
  })
})

describe('listings', () => {
  it('are told by their form', () => {
    expect(
      directoryListing(
        '<title>Index of /uploads</title><a href="../">..</a><a href="b.pdf">b</a><a href="a.pdf">a</a>',
      ),
    ).toEqual({ names: ['a.pdf', 'b.pdf'] })
    expect(directoryListing('<title>Directory listing for /</title>')).toEqual({ names: [] })
    expect(directoryListing('<pre>\n<a href="a.txt">a.txt</a>\n<a href="b/">b/</a>\n</pre>\n')).toEqual({
      names: ['a.txt', 'b/'],
    })
    expect(directoryListing('<title>/</title><a href="?sort=size&order=desc">Size</a><a href="./a.txt">a</a>')).toEqual(
      {
        names: ['a.txt'],
      },
    )
    expect(
      directoryListing(
        '[\n{ "name":"b.sql", "type":"file", "mtime":"Sun, 29 Nov 2026 20:00:00 GMT", "size":7 },\n{ "name":"a", "type":"directory", "mtime":"Sun, 29 Nov 2026 20:00:00 GMT" }\n]',
      ),
    ).toEqual({ names: ['a', 'b.sql'] })
    expect(
      directoryListing(
        '[{"name":"a.txt","size":1,"url":"./a.txt","mod_time":"2026-11-29T20:00:00Z","mode":420,"is_dir":false,"is_symlink":false}]',
      ),
    ).toEqual({ names: ['a.txt'] })
    for (const body of [
      '[{"name":"Ada","type":"coach"}]',
      '[]',
      '[{"name":"report","type":"file"}]',
      '[1',
      '{"name":"a"}',
    ])
      expect(directoryListing(body)).toBeNull()
    expect(directoryListing('<h1>Clocks</h1><a href="?sort=price">Price</a><pre><a href="a">a</a></pre>')).toBeNull()
    expect(directoryListing('<title>Index of funds</title><h1>Index of our articles</h1>')).toBeNull()
  })
})

describe('data about people', () => {
  it.each([
    ['[{"email":"ada@mail.example"},{"email":"ben@mail.example"}]', 2],
    ['{"data":{"users":[{"first_name":"Ada","phone":"123"}]}}', 1],
    ['{"data":[{"id":1,"customer_email":"ada@mail.example"},{"id":2,"customerEmail":"ben@mail.example"}]}', 2],
    ['{"clients":[{"id":1,"name":"Ada Byron"},{"id":2,"name":"Ben Iru"}]}', 2],
    ['{"clients":{"items":[{"id":1,"name":"Ada Byron"}]}}', 1],
    ['name,mail\nAda,ada@mail.example\nBen,ben@mail.example\nCleo,cleo@mail.example', 3],
  ])('%s', (text, records) => {
    expect(personalRecords(text)?.records).toBe(records)
  })
  it.each([
    '{"status":"ok"}',
    '[{"name":"Pro","price":29}]',
    '{"team":[{"name":"Ada","role":"Founder"},{"name":"Ben","role":"Coach"}]}',
    '{"plans":[{"name":"Solo"}],"features":[{"name":"Clients"}]}',
    'Write to ada@mail.example or ben@mail.example',
    '{"email":"support@example.com"}',
    '{"email":null,"phone":""}',
    'not JSON',
    '[]',
  ])('%s is none', text => {
    expect(personalRecords(text)).toBeNull()
  })
  it('is found in a list that only its path names', () => {
    const text = '[{"id":1,"name":"Ada Byron"},{"id":2,"name":"Ben Iru"}]'
    expect(personalRecords(text, '/api/clients')?.records).toBe(2)
    expect(personalRecords(text, '/api/plans')).toBeNull()
  })
  it('is found in pages by addresses and by the JSON that they carry', () => {
    const page = (html: string) => readHtml(html, 'https://example.com/')
    expect(personalPage(page('<p>a@x.example b@x.example'))).toBeNull()
    expect(personalPage(page('<td>a@x.example<td>b@x.example<td>c@x.example'))?.records).toBe(3)
    expect(
      personalPage(
        page('<script type="application/json" id="__NEXT_DATA__">{"users":[{"email":"a@x.example"}]}</script>'),
      )?.records,
    ).toBe(1)
  })
  it.each([
    ['text/html', '<td>a@x.example<td>b@x.example<td>c@x.example', undefined, 3],
    ['application/json', '[{"name":"Ada"}]', undefined, 1],
    ['application/json', '[{"name":"Ada"}]', '/plans', undefined],
    ['application/json', '<td>a@x.example<td>b@x.example', undefined, undefined],
  ])('is read as %s: %s', (type, body, path, records) => {
    const answer = {
      url: 'https://example.com/api/clients',
      headers: [['content-type', type]] as [string, string][],
      body,
    }
    expect(personalData(answer, path)?.records).toBe(records)
  })
  it('is looked for with bounds', () => {
    expect(personalRecords(`${'['.repeat(5000)}${']'.repeat(5000)}`)).toBeNull()
  })
})

describe('limits of logins', () => {
  it('are told by words and riddles', () => {
    expect(saysLimit('Too many failed attempts, try again in 5 minutes')).toBe(true)
    expect(saysLimit('Zu viele Versuche')).toBe(true)
    expect(saysLimit('Wrong password')).toBe(false)
    expect(hasRiddle('<div class="cf-turnstile">')).toBe(true)
    expect(hasRiddle('<form>')).toBe(false)
  })
})

describe('pages', () => {
  it('nested a hundred thousand deep are read in no time, up to a bound', () => {
    const read = () => readHtml(`<title>Deep</title>${'<div>'.repeat(100_000)}`, 'https://example.com/')
    expect(leastTime(500, read)).toBeLessThan(500)
    const page = read()
    expect(page.title).toBe('Deep')
    expect(page.elements).toBeLessThan(6000)
  })
  it('of twenty thousand short elements are read to their end', () => {
    const page = readHtml(
      `${'<p><img src=a.png><br>x</p>'.repeat(20_000)}<a href="/last">last</a>`,
      'https://example.com/',
    )
    expect(page.links.map(link => link.text)).toEqual(['last'])
  })
})

describe('what frameworks show when something goes wrong', () => {
  it.each([
    [
      'Laravel',
      '<!doctype html><html lang="en" class="theme-light"><!--\nSymfony\\Component\\NotFound: x in file /var/www/vendor/a.php on line 3',
    ],
    ['Laravel', '<div class="renderer container mx-auto"><h1>NotFoundHttpException</h1>'],
    ['Express', '<pre>NotFoundError: Not Found<br> &nbsp; &nbsp;at /srv/app/app.js:27:8<br>'],
    ['Nuxt', '<script type="module" src="/_nuxt/@vite/client"></script>'],
  ])('%s: %s', (framework, body) => expect(debugPage(body)?.framework).toBe(framework))
  it.each([
    ['{"trace":"java.lang.NullPointerException: x\\n\\tat com.shop.web.OrderController.get(OrderController.java:41)"}'],
    ['<br /><b>Warning</b>:  Undefined variable $x in <b>/var/www/html/index.php</b> on line <b>3</b>'],
    ['<h1>Application Error</h1><pre>Error: x\n    at loader (file:///srv/app/build/server/index.js:41:17)</pre>'],
  ])('a trace: %s', body => expect([debugPage(body), stackTrace(body)]).toEqual([null, expect.any(String)]))
  it.each([
    ['<pre>Cannot GET /launch-ready</pre>'],
    ['{"statusCode":404,"error":"Not Found","message":"Not Found"}'],
    ['<b>Warning</b>: this page is not here'],
  ])('nothing: %s', body => expect([debugPage(body), stackTrace(body)]).toEqual([null, null]))
})

it.each([
  ['https://example.com/legal', 'Legal', true],
  ['https://example.com/en/policies/', 'Read them', true],
  ['https://example.com/legal/privacy', 'Privacy', false],
  ['mailto:legal@example.com', 'Write', false],
])('%s (%s) gathers the legal pages: %s', (url, text, expected) =>
  expect(isLegalHub({ url, text, rel: '' })).toBe(expected),
)
