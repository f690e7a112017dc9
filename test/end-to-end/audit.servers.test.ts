// The real program against BIND and nginx: a sound set-up is ready, and each single fault is found and named.
import { execFileSync, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Report } from '../../src/core/report.ts'
import { freePort } from '../support/free-port.ts'
import { startBind } from '../support/name-servers.ts'
import { runProgram } from '../support/run-program.ts'
import { ended, untilOpen } from '../support/until-open.ts'

const folder = mkdtempSync(join(tmpdir(), 'launch-ready-audit-'))
const domain = 'shopfront.example'
const hosts = [domain, `www.${domain}`, `app.${domain}`]

const openssl = (...words: string[]): void => void execFileSync('openssl', words, { cwd: folder, stdio: 'ignore' })

/** A root, and certificates for all hosts: sound, and ended yesterday. */
const makeCertificates = (): void => {
  openssl(
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-keyout',
    'root.key',
    '-out',
    'root.pem',
    '-days',
    '100',
    '-subj',
    "/C=US/O=Let's Encrypt/CN=E7",
    '-addext',
    'keyUsage=critical,keyCertSign',
  )
  writeFileSync(
    join(folder, 'leaf.ext'),
    `subjectAltName=${hosts.map(host => `DNS:${host}`).join(',')}\nextendedKeyUsage=serverAuth\nbasicConstraints=CA:FALSE\n`,
  )
  openssl(
    'req',
    '-new',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-keyout',
    'leaf.key',
    '-out',
    'leaf.csr',
    '-subj',
    `/CN=${domain}`,
  )
  openssl(
    'x509',
    '-req',
    '-in',
    'leaf.csr',
    '-CA',
    'root.pem',
    '-CAkey',
    'root.key',
    '-CAcreateserial',
    '-days',
    '90',
    '-out',
    'leaf.pem',
    '-extfile',
    'leaf.ext',
  )
  writeFileSync(
    join(folder, 'other.ext'),
    'subjectAltName=DNS:elsewhere.example\nextendedKeyUsage=serverAuth\nbasicConstraints=CA:FALSE\n',
  )
  openssl(
    'x509',
    '-req',
    '-in',
    'leaf.csr',
    '-CA',
    'root.pem',
    '-CAkey',
    'root.key',
    '-CAcreateserial',
    '-days',
    '90',
    '-out',
    'other.pem',
    '-extfile',
    'other.ext',
  )
}

const zone = (more = '', less: string[] = []): string =>
  `$ORIGIN ${domain}.\n$TTL 3600\n@ IN SOA ns1 hostmaster 2026112501 7200 3600 1209600 300\n${[
    '@ IN NS ns1',
    '@ IN NS ns2',
    'ns1 IN A 192.0.2.53',
    'ns2 IN A 198.51.100.53',
    '@ IN A 203.0.113.10',
    'www IN A 203.0.113.10',
    'app IN A 203.0.113.10',
    '@ IN MX 10 mail',
    'mail IN A 203.0.113.25',
    '@ IN TXT "v=spf1 ip4:203.0.113.25 -all"',
    '_dmarc IN TXT "v=DMARC1; p=reject; rua=mailto:dmarc@shopfront.example"',
  ]
    .filter(line => !less.some(word => line.startsWith(word)))
    .join('\n')}\n${more}\n`

const page =
  '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Shopfront</title></head><body><h1>Sell from your front window</h1><p>Everything a small shop needs to sell what stands in its window.</p><a href="https://app.shopfront.example/login">Log in</a> <a href="/privacy">Privacy</a> <a href="/terms">Terms</a> <a href="mailto:hello@shopfront.example">Contact</a></body></html>'
const login =
  '<!doctype html><html lang="en"><head><meta name="viewport" content="width=device-width, initial-scale=1"><title>Log in</title></head><body><form method="post" action="/login"><input name="email"><input type="password" name="password"><button>Log in</button></form></body></html>'

type Site = { certificate?: string; http?: string; headers?: string; apex?: string; www?: string; app?: string }

const nginxConfig = (at: string, site: Site, ports: { http: number; https: number }): string => {
  const secure = `ssl_certificate ${folder}/${site.certificate ?? 'leaf.pem'}; ssl_certificate_key ${folder}/leaf.key; ssl_protocols TLSv1.2 TLSv1.3; ${site.headers ?? 'add_header Strict-Transport-Security "max-age=31536000" always; add_header X-Content-Type-Options nosniff always; add_header Referrer-Policy strict-origin-when-cross-origin always; add_header X-Frame-Options DENY always;'} default_type text/html; server_tokens off;`
  const server = (name: string, rules: string): string =>
    `server { listen 127.0.0.1:${ports.https} ssl http2; server_name ${name}; ${secure} ${rules} }`
  return `daemon off; error_log stderr crit; pid ${at}/nginx.pid; events {} http { access_log off; client_body_temp_path ${at}/t1; proxy_temp_path ${at}/t2; fastcgi_temp_path ${at}/t3; uwsgi_temp_path ${at}/t4; scgi_temp_path ${at}/t5;
server { listen 127.0.0.1:${ports.http}; server_name _; ${site.http ?? 'return 308 https://$host$request_uri;'} }
${server(domain, site.apex ?? `return 308 https://www.${domain}$request_uri;`)}
${server(`www.${domain}`, site.www ?? `location = / { return 200 '${page}'; } location ~ ^/(privacy|terms)$ { return 200 '${page}'; } location / { return 404 '<h1>Not found</h1>'; }`)}
${server(`app.${domain}`, site.app ?? `location = / { return 302 /login; } location = /login { return 200 '${login}'; } location / { return 404 '<h1>Not found</h1>'; }`)}
}`
}

beforeAll(makeCertificates)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

let count = 0
const audit = async (
  site: Site = {},
  text = zone(),
  only: string[] = [],
): Promise<{ code: number; report: Report }> => {
  const at = join(folder, `run${count++}`)
  mkdirSync(at)
  writeFileSync(join(at, 'zone'), text)
  const bind = await startBind(join(at, 'bind'), [{ zone: domain, file: join(at, 'zone') }])
  const ports = { http: await freePort(), https: await freePort() }
  writeFileSync(join(at, 'nginx.conf'), nginxConfig(at, site, ports))
  const nginx = spawn('nginx', ['-c', join(at, 'nginx.conf')], { stdio: ['ignore', 'ignore', 'pipe'] })
  let log = ''
  nginx.stderr.on('data', chunk => {
    log += chunk
  })
  try {
    await untilOpen(ports.https, nginx, () => log)
    const {
      exit: code,
      out,
      err,
    } = await runProgram(
      [
        'audit',
        domain,
        '--json',
        '--resolver',
        `127.0.0.1:${bind.port}`,
        '--ca',
        join(folder, 'root.pem'),
        '--timeout',
        '3',
        '--connect-to',
        `192.0.2.53:53:127.0.0.1:${bind.port}`,
        '--connect-to',
        `198.51.100.53:53:127.0.0.1:${bind.port}`,
        '--connect-to',
        `203.0.113.10:80:127.0.0.1:${ports.http}`,
        '--connect-to',
        `203.0.113.10:443:127.0.0.1:${ports.https}`,
        '--connect-to',
        '203.0.113.25:25:127.0.0.1:1',
        ...(only.length ? ['--only', ...only] : ['--skip', 'blocklist', 'domain-registration', 'mx-starttls']),
      ],
      { cwd: at },
    )
    if (out === '') throw new Error(err)
    return { code, report: JSON.parse(out) as Report }
  } finally {
    await Promise.all([ended(nginx), bind.stop()])
  }
}

const grave = (report: Report): string[] =>
  report.findings
    .filter(item => item.severity === 'blocker' || item.severity === 'high')
    .map(item => `${item.check} ${item.outcome} ${item.subject}`)

describe('a sound domain behind BIND and nginx', () => {
  it('has no blocker and nothing that is wrongly called high', async () => {
    const { code, report } = await audit()
    // No DKIM key is published by this domain: that alone is true.
    expect(grave(report).filter(line => !/^(dkim-selectors|provider-requirements) /.test(line))).toEqual([])
    expect(report.findings.filter(item => item.severity === 'blocker')).toEqual([])
    expect([0, 3]).toContain(code)
  })
})

describe('each single fault is found', () => {
  const rules = 'location / { return 404; }'
  const cases: [string, Site, string, string][] = [
    ['a certificate for another name', { certificate: 'other.pem' }, zone(), `certificate name-mismatch www.${domain}`],
    [
      'plain HTTP that serves',
      { http: `default_type text/html; return 200 '${login}';` },
      zone(),
      `https-redirect serves-plain-http app.${domain}`,
    ],
    ['no HSTS', { headers: ' ' }, zone(), `hsts missing www.${domain}`],
    ['a redirect loop', { www: `return 301 https://${domain}$request_uri;` }, zone(), `canonical-host loop ${domain}`],
    [
      'both names serve',
      { apex: `location = / { return 200 '${page}'; } ${rules}` },
      zone(),
      `canonical-host both-serve ${domain}`,
    ],
    [
      'a .env served',
      {
        www: `location = / { return 200 '${page}'; } location = /.env { default_type text/plain; return 200 'DATABASE_URL=postgres://shop:longpassword@db/shop\\nSTRIPE_SECRET=not-a-real-one-4711\\n'; } ${rules}`,
      },
      zone(),
      `exposed-files secrets-readable www.${domain}`,
    ],
    [
      'a login page that fails',
      { app: `location = / { return 302 /login; } location = /login { return 500; } ${rules}` },
      zone(),
      `route-status server-error https://app.${domain}/login`,
    ],
    [
      'the nginx default page',
      { www: `return 200 '<html><head><title>Welcome to nginx!</title></head></html>';` },
      zone(),
      `placeholder-page default-page www.${domain}`,
    ],
    [
      'active mixed content',
      {
        www: `location = / { return 200 '${page.replace('</body>', '<script src="http://cdn.shopfront.example/a.js"></script></body>')}'; } ${rules}`,
      },
      zone(),
      `mixed-content active https://www.${domain}/`,
    ],
    ['two SPF records', {}, zone('@ IN TXT "v=spf1 -all"'), `spf-record multiple ${domain}`],
    ['no DMARC', {}, zone('', ['_dmarc']), `dmarc-record missing ${domain}`],
    [
      'a CAA record that excludes the issuer',
      {},
      zone('@ IN CAA 0 issue "digicert.com"'),
      `caa excludes-issuer ${domain}`,
    ],
    [
      'a TTL of a day',
      {},
      zone('', ['app IN A']).replace('@ IN MX', 'app 86400 IN A 203.0.113.10\n@ IN MX'),
      `ttl too-long ${domain}`,
    ],
    ['one name server', {}, zone('', ['@ IN NS ns2', 'ns2']), `nameservers single ${domain}`],
  ]
  it.each(cases)('%s', async (_name, site, text, expected) => {
    const { report } = await audit(site, text)
    expect(report.findings.map(item => `${item.check} ${item.outcome} ${item.subject}`)).toContain(expected)
  })
  it('a single-page app that answers everything alike exposes nothing', async () => {
    const { report } = await audit({ www: `return 200 '${page}';` }, zone(), ['exposed-files'])
    expect(report.findings).toEqual([])
  })
})
