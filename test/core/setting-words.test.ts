// Every setting that a fix can change is told in the words of a server or provider, never as a path of ours.
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { addRecord, changeInWords, configKey, setHeader, setting } from '../../src/core/fixes.ts'
import { choicesAt, headerWords, servers, settingWords } from '../../src/core/setting-words.ts'

const one = (change: Parameters<typeof settingWords>[0], server: string | null): string =>
  choicesAt(settingWords(change), server)
    .map(({ at, text }) => `${at}: ${text}`)
    .join('\n')

describe('a setting in words', () => {
  const tls = setting('tls', 'docs.example.com/minimum-version', 'TLSv1.2')
  it.each([
    ['nginx', tls, 'nginx: ssl_protocols TLSv1.2 TLSv1.3;'],
    ['Apache', tls, 'Apache: SSLProtocol -all +TLSv1.2 +TLSv1.3'],
    ['Cloudflare', tls, 'Cloudflare: SSL/TLS → Edge Certificates: Minimum TLS Version 1.2, TLS 1.3 on'],
    ['nginx', setting('tls', 'a.example/ciphers', 'ECDHE+AESGCM'), 'nginx: ssl_ciphers ECDHE+AESGCM;'],
    [
      'nginx',
      setting('tls', 'a.example/certificate', { names: ['a.example', 'www.a.example'] }),
      'nginx: certbot --nginx -d a.example -d www.a.example',
    ],
    ['Fly.io', setting('tls', 'a.example/certificate', { names: ['a.example'] }), 'Fly.io: fly certs add a.example'],
    ['nginx', setting('web-server', 'a.example/.git/', { status: 404 }), 'nginx: location ^~ /.git/ { return 404; }'],
    ['Apache', setting('web-server', 'a.example/files/', { status: 403 }), 'Apache: Options -Indexes'],
    ['Caddy', setting('web-server', 'https://a.example/app.js.map', { status: 404 }), 'Caddy: respond /app.js.map 404'],
    ['Heroku', setting('production', 'STRIPE_KEY', 'the live key'), 'Heroku: heroku config:set STRIPE_KEY=<value>'],
    [
      'Cloudflare',
      setting('cloudflare', 'ssl', 'strict'),
      'Cloudflare: SSL/TLS → Overview → Configure: encryption mode → Full (strict)',
    ],
    [
      'Cloudflare',
      setting('cloudflare', 'dns/api.a.example/proxied', false, true),
      'Cloudflare: DNS → Records → api.a.example: DNS only (grey cloud)',
    ],
    ['nginx', setting('http', 'a.example/protocols', ['h2', 'http/1.1']), 'nginx: http2 on;'],
    ['nginx', setting('http', 'a.example/etag', true), 'nginx: etag on;'],
    ['nginx', setting('http', 'a.example/cookies/sid/SameSite', 'Lax'), 'nginx: proxy_cookie_flags sid samesite=lax;'],
    [
      'Apache',
      setting('http', 'a.example/cookies/a.b/HttpOnly', true),
      'Apache: Header always edit Set-Cookie "^(a\\.b=.*)$" "$1; HttpOnly"',
    ],
    [
      'Postfix',
      setting('mail-server', 'mx.a.example/minimum-version', 'TLSv1.2'),
      'Postfix: smtpd_tls_protocols = >=TLSv1.2, smtpd_tls_mandatory_protocols = >=TLSv1.2',
    ],
  ])('at %s', (server, change, text) => expect(one(change, server)).toBe(text))

  it('is the choice between the common ones where no server is known', () => {
    expect(choicesAt(settingWords(tls), null).map(({ at }) => at)).toEqual([...servers])
    expect(choicesAt(settingWords(tls), 'Lighttpd').map(({ at }) => at)).toEqual([...servers])
  })

  it('is a sentence as a step, never a path of ours', () => {
    for (const change of [
      tls,
      setting('web-server', 'a.example/', { listen: 80 }),
      setting('name-server', '192.0.2.1', { transfer: false }),
      setting('name-server', '192.0.2.1', { tcp: true }),
      setting('name-server', '192.0.2.1', { serves: 'a.example' }),
      setting('registrar', 'a.example/nameservers', ['ns1.example', 'ns2.example']),
      setting('registrar', 'a.example/glue', { 'ns1.a.example': ['192.0.2.1'] }),
      setting('cloudflare', 'min_tls_version', '1.2'),
      setting('.env', 'DEBUG', 'false'),
    ]) {
      const said = changeInWords(change)
      expect(said).not.toMatch(/\b(?:tls|web-server|name-server|registrar|cloudflare)\b(?! of)|-version|\{|"/)
      expect(settingWords(change).choices.length).toBeGreaterThan(0)
    }
  })
})

describe('a header in words', () => {
  const change = setHeader('a.example', 'Content-Security-Policy', `default-src 'self'`)
  it.each([
    ['nginx', `add_header Content-Security-Policy "default-src 'self'" always;`],
    ['Apache', `Header always set Content-Security-Policy "default-src 'self'"`],
    ['Netlify', `_headers: /*\n    Content-Security-Policy: default-src 'self'`],
    [
      'Vercel',
      `vercel.json, in "headers": {"source":"/(.*)","headers":[{"key":"Content-Security-Policy","value":"default-src 'self'"}]}`,
    ],
  ])('at %s', (server, text) => expect(choicesAt(headerWords(change), server)[0]?.text).toBe(text))
})

describe('a key of our own config', () => {
  const text = (path: string, value: unknown): string => settingWords(configKey(path, value)).choices[0]!.text
  it('stands at its place as YAML', () => {
    expect(text('perf.budgets.firstLoadJs', '165kB')).toBe('perf:\n  budgets:\n    firstLoadJs: 165kB')
    expect(text('monitor.monitors[]', { name: 'mail service', tls: 'a.example:443', expect: { daysLeft: 14 } })).toBe(
      'monitor:\n  monitors:\n    - { name: mail service, tls: a.example:443, expect: { daysLeft: 14 } }',
    )
    expect(text('monitor.monitors[name=app].interval', '1m')).toBe('monitors:\n  - name: app\n    interval: 1m')
    expect(changeInWords(configKey('monitor.monitors[]', { name: 'a' }))).toBe(
      'monitor.monitors of launch-ready.config.yaml has an entry more',
    )
  })
  it('is YAML that says the same', () => {
    for (const value of ['yes', 'a: b', '#1', '1.5', 'https://a.example/x?y=1', '- a', '"q"', ' a', 'é', '{a}', 'a, b'])
      expect(parse(text('a.b', value))).toEqual({ a: { b: value } })
    const entry = { name: 'a, b', http: 'https://a.example/x,y]', expect: { status: [200, 401], text: 'x: "y"' } }
    expect(parse(text('a.b[]', entry))).toEqual({ a: { b: [entry] } })
  })
})

it.each([
  ['A', 'an A'],
  ['AAAA', 'an AAAA'],
  ['MX', 'an MX'],
  ['NS', 'an NS'],
  ['SRV', 'an SRV'],
  ['TXT', 'a TXT'],
  ['CNAME', 'a CNAME'],
  ['TLSA', 'a TLSA'],
])('a record of the type %s is spoken as %s record', (type, spoken) =>
  expect(changeInWords(addRecord('example.com', type, 'x'))).toContain(`Add ${spoken} record`),
)
