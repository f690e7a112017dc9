// Facts and checks of TLS against nginx and `openssl s_server`, with more than 60 configurations: what must be found is found, and
// nothing else is said; of the sound ones nothing at all.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import certificate from '../../src/checks/audit/certificate.ts'
import tlsCiphers from '../../src/checks/audit/tls-ciphers.ts'
import tlsVersions from '../../src/checks/audit/tls-versions.ts'
import type { AnyCheck } from '../../src/core/check.ts'
import { type Fact, missing, observed } from '../../src/core/fact.ts'
import { judge } from '../../src/core/judge.ts'
import { bareTarget } from '../../src/core/target.ts'
import type { CollectContext } from '../../src/facts/definition.ts'
import revocationFact from '../../src/facts/tls/revocation.ts'
import tlsFact, { type Tls } from '../../src/facts/tls/tls.ts'
import { systemClock } from '../../src/net/clock.ts'
import { createNetwork } from '../../src/net/create-network.ts'
import { freePorts } from '../support/free-port.ts'
import { onceForTest } from '../support/once.ts'
import { type Made, make, makeAuthority, makeRevocationList, type Wanted } from '../support/tls-certificates.ts'
import { untilOpen } from '../support/until-open.ts'

const host = 'www.example.com'
const at = '2026-11-25T00:00:00Z'
const rule = (name: string, port: number, toPort: number) => ({ host: name, port, toHost: '127.0.0.1', toPort })

const main = makeAuthority()
const rsa = makeAuthority('Example RSA', 'rsa')
const stranger = makeAuthority('Nobody Knows')
const leaf = (wanted: Partial<Wanted> = {}): Made =>
  make({ subject: `CN=${host}`, issuer: main.intermediate, names: [host], timestamps: 2, ...wanted })
const { root, intermediate } = main
const cross = make({
  subject: root.subject,
  issuer: stranger.root,
  keysOf: root,
  authority: true,
  notBefore: '2020-01-01',
  notAfter: '2040-01-01',
})
const below = (more: Partial<Wanted>): Made =>
  make({
    subject: 'O=Example Authority, CN=Other',
    issuer: root,
    authority: true,
    notBefore: '2020-01-01',
    notAfter: '2040-01-01',
    ...more,
  })

type Case = {
  name: string
  /** The chain as sent; the first one's key is the server's. */
  chain: Made[]
  /** Extra nginx directives, or arguments of s_server. */
  nginx?: string
  openssl?: string[]
  expect: string[]
}
const good = 'ssl_protocols TLSv1.2 TLSv1.3; ssl_ciphers ECDHE+AESGCM:ECDHE+CHACHA20;'
const nginx = (name: string, chain: Made[], expected: string[] = [], more = good): Case => ({
  name,
  chain,
  nginx: more,
  expect: expected,
})
const openssl = (
  name: string,
  more: string[],
  expected: string[] = [],
  chain = [leaf({ kind: 'rsa' }), intermediate],
): Case => ({
  name,
  chain,
  openssl: more,
  expect: expected,
})
const sound = leaf()
const full = [sound, intermediate]
const c = (...outcomes: string[]): string[] => outcomes.map(outcome => `certificate ${outcome}`)
const one = (wanted: Partial<Wanted>): Made[] => [leaf(wanted), intermediate]
const under = (authority: Made, wanted: Partial<Wanted> = {}): Made[] => [
  leaf({ issuer: authority, ...wanted }),
  authority,
]

const cases: Case[] = [
  // Sound: nothing may be said.
  nginx('sound: EC P-256', full),
  nginx('sound: RSA 2048', one({ kind: 'rsa' })),
  nginx('sound: RSA 3072', one({ kind: 'rsa-3072' })),
  nginx('sound: EC P-384', one({ kind: 'ec-384' })),
  nginx('sound: RSA authority', under(rsa.intermediate)),
  nginx('sound: wildcard', one({ names: ['*.example.com', 'example.com'] })),
  nginx('sound: many names', one({ names: [...Array.from({ length: 99 }, (_, i) => `h${i}.example.org`), host] })),
  nginx('sound: root sent too', [...full, root]),
  nginx('sound: cross-signed root sent too', [...full, cross]),
  // As in May 2020, when a root that had signed others across ran out: clients that know the other root never look at it.
  nginx('sound: cross-signed root that has run out sent too', [
    ...full,
    make({
      subject: root.subject,
      issuer: stranger.root,
      keysOf: root,
      authority: true,
      notBefore: '2015-01-01',
      notAfter: '2020-05-30',
    }),
  ]),
  nginx(
    'sound: two certificates, of two kinds of key',
    full,
    [],
    `${good} ssl_certificate RSA.pem; ssl_certificate_key RSA.key;`,
  ),
  nginx('sound: upper case in the name', one({ names: ['WWW.Example.COM'] })),
  nginx('sound: TLS 1.3 alone', full, [], 'ssl_protocols TLSv1.3;'),
  nginx('sound: issued by the root itself', [leaf({ issuer: root })]),
  nginx('sound: short-lived, most of it left', one({ notBefore: '2026-11-23', notAfter: '2026-11-29T12:00:00Z' })),
  openssl('sound: s_server as it comes', ['-cipher', 'ECDHE+AESGCM']),
  openssl('sound: HelloRetryRequest for P-384', ['-groups', 'P-384', '-cipher', 'ECDHE+AESGCM']),
  openssl('sound: CHACHA20 alone', ['-ciphersuites', 'TLS_CHACHA20_POLY1305_SHA256', '-cipher', 'ECDHE+CHACHA20']),
  // Dates.
  nginx('expired yesterday', one({ notAfter: '2026-11-24' }), c('expired')),
  nginx('expired years ago', one({ notBefore: '2019-01-01', notAfter: '2020-01-01' }), c('expired')),
  nginx('valid from tomorrow', one({ notBefore: '2026-11-26' }), c('not-yet-valid')),
  nginx('two days left of ninety', one({ notBefore: '2026-08-29', notAfter: '2026-11-27' }), c('expires-soon')),
  nginx('a month left of a year', one({ notBefore: '2026-01-01', notAfter: '2026-12-26' }), c('expires-soon')),
  nginx(
    'hours left of six days',
    one({ notBefore: '2026-11-19', notAfter: '2026-11-25T12:00:00Z' }),
    c('expires-soon'),
  ),
  nginx('beyond 2049', one({ notAfter: '2060-01-01' })),
  nginx('expired intermediate', under(below({ notAfter: '2026-01-01' })), c('expired')),
  nginx(
    'expired intermediate beside a valid one',
    [
      leaf({ issuer: intermediate }),
      make({
        subject: intermediate.subject,
        issuer: root,
        keysOf: intermediate,
        authority: true,
        notBefore: '2018-01-01',
        notAfter: '2020-01-01',
      }),
      intermediate,
    ],
    c('chain-disordered'),
  ),
  // Names.
  nginx('another name', one({ names: ['other.example'] }), c('name-mismatch')),
  nginx('the apex alone', one({ names: ['example.com'] }), c('name-mismatch')),
  nginx('wildcard a level too high', one({ names: ['*.com'] }), c('name-mismatch')),
  nginx('wildcard a level too deep', one({ names: ['*.www.example.com'] }), c('name-mismatch')),
  nginx('wildcard in the middle', one({ names: ['www.*.com'] }), c('name-mismatch')),
  nginx('wildcard within a label', one({ names: ['w*.example.com'] }), c('name-mismatch')),
  nginx('NUL in the name', one({ names: ['www.example.com\0.evil.example'] }), c('name-mismatch')),
  nginx('common name alone', one({ names: undefined }), c('name-mismatch')),
  nginx('an address', one({ names: undefined, addresses: ['192.0.2.1'] }), c('name-mismatch')),
  nginx("the hosting platform's name", one({ names: ['*.hosting.example', 'hosting.example'] }), c('name-mismatch')),
  // Chains.
  nginx('leaf alone', [sound], c('incomplete-chain')),
  nginx('leaf twice', [sound, sound], c('incomplete-chain')),
  nginx('a foreign intermediate instead', [sound, stranger.intermediate], c('incomplete-chain')),
  nginx('the root instead of the intermediate', [sound, root], c('incomplete-chain')),
  nginx('root before intermediate', [sound, root, intermediate], c('chain-disordered')),
  nginx('a stranger between', [sound, stranger.root, intermediate], c('chain-disordered')),
  nginx('leaf repeated', [sound, sound, intermediate], c('chain-disordered')),
  nginx('a stranger at the end', [...full, stranger.root]),
  nginx('self-signed', [make({ subject: `CN=${host}`, names: [host] })], c('self-signed')),
  nginx(
    'self-signed and expired',
    [make({ subject: `CN=${host}`, names: [host], notAfter: '2026-11-01' })],
    c('expired', 'self-signed'),
  ),
  nginx(
    'unknown root',
    [leaf({ issuer: stranger.intermediate }), stranger.intermediate, stranger.root],
    c('untrusted'),
  ),
  nginx('unknown root, not sent', under(stranger.intermediate), c('untrusted')),
  nginx('forged signature', one({ forged: true }), c('untrusted')),
  nginx(
    'an issuer of the right name with another key',
    under(
      make({
        subject: intermediate.subject,
        issuer: stranger.root,
        authority: true,
        notBefore: '2020-01-01',
        notAfter: '2040-01-01',
      }),
    ),
    c('untrusted'),
  ),
  nginx('issued by a certificate that is no authority', [...under(leaf()), intermediate], c('untrusted')),
  nginx('issuer may not sign', under(below({ mayNotSign: true })), c('untrusted')),
  nginx('issuer for mail only', under(below({ usages: ['1.3.6.1.5.5.7.3.4'] })), c('untrusted')),
  nginx('issuer for other names', under(below({ permitted: ['example.org'] })), c('untrusted')),
  nginx('issuer not for these names', under(below({ excluded: ['example.com'] })), c('untrusted')),
  nginx('for clients only', one({ usages: ['1.3.6.1.5.5.7.3.2'] }), c('untrusted')),
  nginx(
    'missing intermediate, found by its address',
    [leaf({ issuer: intermediate, issuerUrl: 'http://pki.example/e1.der' })],
    c('incomplete-chain'),
  ),
  nginx(
    'unknown root, found by its address',
    [leaf({ issuer: stranger.intermediate, issuerUrl: 'http://pki.example/nobody.der' })],
    c('untrusted'),
  ),
  nginx('revoked', one({ crlUrl: 'http://pki.example/revoked.crl' }), c('revoked')),
  nginx('not revoked', one({ crlUrl: 'http://pki.example/empty.crl' })),
  nginx('revocation list not to be had', one({ crlUrl: 'http://pki.example/absent.crl' })),
  nginx('revocation list of a stranger', one({ crlUrl: 'http://pki.example/forged.crl' })),
  // Keys and signatures.
  nginx('RSA 1024', one({ kind: 'rsa-1024' }), c('weak-key')),
  nginx('EC P-224', one({ kind: 'ec-224' }), [...c('unsupported-key', 'weak-key'), 'tls-versions no-tls13']),
  nginx('EC P-521', one({ kind: 'ec-521' }), c('unsupported-key')),
  openssl('Ed25519', ['-cipher', 'ECDHE+AESGCM'], c('unsupported-key'), one({ kind: 'ed25519' })),
  nginx(
    'a valid EC and an expired RSA certificate',
    full,
    c('expired'),
    `${good} ssl_certificate OLDRSA.pem; ssl_certificate_key OLDRSA.key;`,
  ),
  nginx(
    'finite-field suites alone',
    one({ kind: 'rsa' }),
    ['tls-ciphers no-browser-suite', 'tls-versions no-tls13'],
    'ssl_protocols TLSv1.2; ssl_ciphers DHE+AESGCM; ssl_dhparam DH2048;',
  ),
  openssl(
    'NULL alone',
    ['-no_tls1_3', '-cipher', 'eNULL:@SECLEVEL=0'],
    ['tls-ciphers broken', 'tls-ciphers no-browser-suite', 'tls-ciphers no-forward-secrecy', 'tls-versions no-tls13'],
  ),
  openssl('X448 alone', ['-groups', 'X448', '-cipher', 'ECDHE+AESGCM'], ['tls-ciphers no-browser-suite']),
  nginx('intermediate with RSA 1024', under(below({ kind: 'rsa-1024' })), c('weak-key')),
  nginx('signed with SHA-1', one({ hash: 'sha1' }), c('weak-signature')),
  nginx('signed with MD5', under(rsa.intermediate, { hash: 'md5' }), c('weak-signature')),
  nginx(
    'everything at once',
    [leaf({ names: ['other.example'], notAfter: '2026-11-01', kind: 'rsa-1024', hash: 'sha1' })],
    c('expired', 'incomplete-chain', 'name-mismatch', 'weak-key', 'weak-signature'),
  ),
  // Versions.
  nginx('TLS 1.2 alone', full, ['tls-versions no-tls13'], 'ssl_protocols TLSv1.2; ssl_ciphers ECDHE+AESGCM;'),
  nginx(
    'TLS 1.0 to 1.3',
    full,
    ['tls-versions obsolete-offered'],
    'ssl_protocols TLSv1 TLSv1.1 TLSv1.2 TLSv1.3; ssl_ciphers ECDHE+AES;',
  ),
  nginx(
    'TLS 1.1 beside 1.2',
    full,
    ['tls-versions no-tls13', 'tls-versions obsolete-offered'],
    'ssl_protocols TLSv1.1 TLSv1.2; ssl_ciphers ECDHE+AES;',
  ),
  nginx('TLS 1.0 alone', full, ['tls-versions obsolete-only'], 'ssl_protocols TLSv1; ssl_ciphers ECDHE+AES;'),
  nginx('TLS 1.1 alone', full, ['tls-versions obsolete-only'], 'ssl_protocols TLSv1.1; ssl_ciphers ECDHE+AES;'),
  // Ciphers.
  nginx(
    'no forward secrecy',
    one({ kind: 'rsa' }),
    ['tls-ciphers no-forward-secrecy', 'tls-versions no-tls13'],
    'ssl_protocols TLSv1.2; ssl_ciphers kRSA+AES;',
  ),
  openssl(
    'NULL',
    ['-no_tls1_3', '-cipher', 'ECDHE+AESGCM:eNULL:@SECLEVEL=0'],
    ['tls-ciphers broken', 'tls-versions no-tls13'],
  ),
  openssl('anonymous', ['-cipher', 'ECDHE+AESGCM:AECDH:@SECLEVEL=0'], ['tls-ciphers broken']),
  nginx(
    'group of 1024 bits',
    one({ kind: 'rsa' }),
    ['tls-ciphers weak-dh'],
    'ssl_protocols TLSv1.2 TLSv1.3; ssl_ciphers DHE+AESGCM; ssl_dhparam DH1024;',
  ),
  nginx(
    'group of 2048 bits',
    one({ kind: 'rsa' }),
    [],
    'ssl_protocols TLSv1.2 TLSv1.3; ssl_ciphers DHE+AESGCM; ssl_dhparam DH2048;',
  ),
  openssl(
    'DSA',
    ['-no_tls1', '-no_tls1_1', '-cipher', 'DHE+AES:@SECLEVEL=0', '-dhparam', '2048'],
    [...c('unsupported-key'), 'tls-versions no-tls13'],
    one({ kind: 'dsa' }),
  ),
  // Protocols and names asked for.
  nginx(
    'TLS 1.3 and 1.2 with the suites reversed',
    full,
    [],
    'ssl_protocols TLSv1.2 TLSv1.3; ssl_ciphers ECDHE+CHACHA20:ECDHE+AESGCM;',
  ),
  openssl('ALPN that is refused', ['-alpn', 'spdy/1', '-cipher', 'ECDHE+AESGCM'], c('unreachable')),
  openssl(
    'another certificate by server name',
    ['-servername', host, '-cert2', 'CERT2', '-key2', 'KEY2', '-cipher', 'ECDHE+AESGCM'],
    c('incomplete-chain', 'name-mismatch'),
  ),
  nginx('handshake refused', full, c('unreachable'), 'ssl_protocols TLSv1.2 TLSv1.3; ssl_reject_handshake on;'),
]

const folder = mkdtempSync(join(tmpdir(), 'launch-ready-tls-'))
let nginxServer: ChildProcess
const openssls = new Map<number, ChildProcess>()
const ports: number[] = []
let pki: Server

beforeAll(async () => {
  ports.push(...(await freePorts(cases.length)))
  const path = (name: string) => join(folder, name)
  mkdirSync(path('logs'))
  // The servers must be able to serve what nobody should.
  writeFileSync(
    path('openssl.cnf'),
    'openssl_conf = a\n[a]\nssl_conf = b\n[b]\nsystem_default = c\n[c]\nMinProtocol = None\nCipherString = ALL:@SECLEVEL=0\n',
  )
  const env = { ...process.env, OPENSSL_CONF: path('openssl.cnf') }
  for (const bits of ['1024', '2048'])
    execFileSync('openssl', ['dhparam', '-dsaparam', '-out', path(`dh${bits}.pem`), bits], { stdio: 'ignore' })
  const other = leaf({ names: ['other.example'] })
  writeFileSync(path('other.pem'), other.pem)
  writeFileSync(path('other.key'), other.key)
  const second = leaf({ kind: 'rsa' })
  writeFileSync(path('RSA.pem'), second.pem + intermediate.pem)
  writeFileSync(path('RSA.key'), second.key)
  const late = leaf({ kind: 'rsa', notAfter: '2026-11-20' })
  writeFileSync(path('OLDRSA.pem'), late.pem + intermediate.pem)
  writeFileSync(path('OLDRSA.key'), late.key)
  const blocks = cases.map((each, index) => {
    writeFileSync(path(`${index}.pem`), each.chain.map(({ pem }) => pem).join(''))
    writeFileSync(path(`${index}.key`), each.chain[0]!.key)
    if (each.nginx === undefined) return ''
    const more = each.nginx
      .replace(/DH(\d+)/, (_, bits) => path(`dh${bits}.pem`))
      .replace(/(?:OLD)?RSA\.(?:pem|key)/g, file => path(file))
    const ciphers = more.includes('ssl_ciphers') ? more.replace(/(ssl_ciphers [^;]+)/, '$1:@SECLEVEL=0') : more
    return `server { listen 127.0.0.1:${ports[index]} ssl; ssl_certificate ${path(`${index}.pem`)}; ssl_certificate_key ${path(`${index}.key`)}; ${ciphers} return 200 "ok"; }`
  })
  writeFileSync(
    path('nginx.conf'),
    `daemon off; master_process off; pid ${path('pid')}; error_log ${path('logs/error.log')}; events { worker_connections 512; }
     http { access_log off; client_body_temp_path ${path('a')}; proxy_temp_path ${path('b')}; fastcgi_temp_path ${path('c')}; uwsgi_temp_path ${path('d')}; scgi_temp_path ${path('e')};
     ${blocks.join('\n')} }`,
  )
  nginxServer = spawn('nginx', ['-p', folder, '-c', path('nginx.conf'), '-e', path('logs/error.log')], {
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  for (const [index, each] of cases.entries()) {
    if (!each.openssl) continue
    const more = each.openssl.map((argument, i) =>
      each.openssl![i - 1] === '-dhparam' ? path(`dh${argument}.pem`) : argument,
    )
    const chosen = more.map(argument =>
      argument === 'CERT2' ? path('other.pem') : argument === 'KEY2' ? path('other.key') : argument,
    )
    writeFileSync(
      path(`${index}.rest.pem`),
      each.chain
        .slice(1)
        .map(({ pem }) => pem)
        .join(''),
    )
    const chain = each.chain.length > 1 ? ['-cert_chain', path(`${index}.rest.pem`)] : []
    openssls.set(
      index,
      spawn(
        'openssl',
        [
          's_server',
          '-quiet',
          '-accept',
          `127.0.0.1:${ports[index]}`,
          '-cert',
          path(`${index}.pem`),
          '-key',
          path(`${index}.key`),
          ...chain,
          ...chosen,
        ],
        {
          env,
          stdio: ['pipe', 'ignore', 'pipe'],
        },
      ),
    )
  }
  const files: Record<string, Buffer> = {
    '/e1.der': Buffer.from(intermediate.der, 'base64'),
    '/nobody.der': Buffer.from(stranger.intermediate.der, 'base64'),
    '/empty.crl': makeRevocationList(intermediate, []),
    '/forged.crl': makeRevocationList(
      { ...stranger.intermediate, subject: intermediate.subject },
      serialsOf('revoked'),
    ),
    '/revoked.crl': makeRevocationList(intermediate, serialsOf('revoked')),
  }
  pki = createServer((request, response) => {
    const body = files[request.url ?? '']
    response.writeHead(body ? 200 : 404, { 'content-type': 'application/octet-stream' })
    response.end(body)
  }).listen(0, '127.0.0.1')
  await Promise.all(ports.map((port, index) => untilOpen(port, openssls.get(index) ?? nginxServer)))
})

/** Serial numbers, in hex, of the leaves of the cases that have a revocation list. */
const serialsOf = (_: string): string[] =>
  cases
    .filter(({ name }) => name === 'revoked' || name === 'revocation list of a stranger')
    .map(({ chain }) =>
      execFileSync('openssl', ['x509', '-noout', '-serial'], { input: chain[0]!.pem })
        .toString()
        .trim()
        .replace('serial=', ''),
    )

afterAll(() => {
  for (const child of [nginxServer, ...openssls.values()]) child.kill()
  pki?.close()
  rmSync(folder, { recursive: true, force: true })
})

/** What the three checks say of the host behind a port, and the fact they rest on. */
const audit = async (port: number): Promise<{ said: string[]; tls: Tls }> => {
  const abort = new AbortController()
  const net = createNetwork({
    clock: systemClock,
    resolvers: [{ protocol: 'udp', host: '127.0.0.1', port: 9 }],
    connectTo: [rule(host, 443, port), rule('pki.example', 80, (pki.address() as AddressInfo).port)],
    ca: [root.pem, rsa.root.pem],
    timeoutMs: 5_000,
    concurrency: 40,
    userAgent: 'test',
    signal: abort.signal,
  })
  const subject = { kind: 'host', name: host } as const
  const addresses = observed(
    { status: 'NOERROR', cnames: [], addresses: [{ address: '192.0.2.1', family: 4, ttl: 60, private: false }] },
    at,
  )
  const facts: Record<string, Fact<unknown>> = {
    addresses,
    vantage: observed({ reached: [] }, at),
    web: missing('tls-handshake', 'no'),
    seenIssuers: missing('unsupported', 'one host alone'),
    addressPages: missing('unsupported', 'one address alone'),
  }
  const context = {
    net,
    target: bareTarget(),
    now: () => at,
    timeoutMs: 5_000,
    signal: abort.signal,
    need: async (name: string) => facts[name],
    once: onceForTest(),
  } as unknown as CollectContext
  try {
    const tls = await tlsFact.collect(subject, context)
    facts['tls'] = tls
    facts['revocation'] = await revocationFact.collect(subject, context)
    if (!tls.ok) throw new Error(tls.message)
    // A fact is plain JSON.
    expect(JSON.parse(JSON.stringify(tls.value))).toEqual(tls.value)
    const said: string[] = []
    for (const check of [certificate, tlsVersions, tlsCiphers] as unknown as AnyCheck[]) {
      const judged = judge({
        check,
        subject,
        facts,
        now: Date.parse(at),
        target: bareTarget(),
        options: {},
        severities: {},
      })
      expect(judged.defect).toBe(null)
      said.push(...judged.findings.map(({ outcome }) => `${check.id} ${outcome}`))
      said.push(...judged.unknowns.map(({ cause }) => `${check.id} unknown: ${cause}`))
    }
    return { said: said.sort(), tls: tls.value }
  } finally {
    await net.close()
  }
}

describe('TLS against nginx and OpenSSL', () => {
  test('there are at least 60 configurations, and 12 sound ones', () => {
    expect(cases.length).toBeGreaterThanOrEqual(60)
    expect(cases.filter(({ name }) => name.startsWith('sound')).length).toBeGreaterThanOrEqual(12)
  })

  test.each(cases.map((each, index) => [each.name, each, index] as const))('%s', async (_, each, index) => {
    const { said, tls } = await audit(ports[index]!)
    const { handshake } = tls.endpoints[0]!
    expect(
      said,
      JSON.stringify(handshake.ok ? { ...handshake.value, chain: handshake.value.chain.length } : handshake),
    ).toEqual([...each.expect].sort())
  })

  test('the chain is read as it was sent, in order', async () => {
    for (const name of ['root before intermediate', 'leaf twice', 'sound: root sent too']) {
      const index = cases.findIndex(each => each.name === name)
      const { handshake } = (await audit(ports[index]!)).tls.endpoints[0]!
      expect(handshake.ok && handshake.value.chain).toEqual(cases[index]!.chain.map(({ der }) => der))
    }
  })

  test('the size of a finite-field group is read', async () => {
    for (const bits of [1024, 2048]) {
      const { tls } = await audit(ports[cases.findIndex(each => each.name === `group of ${bits} bits`)]!)
      expect(tls.endpoints[0]!.dhBits).toBe(bits)
    }
  })

  test('what a client without a server name gets is kept apart', async () => {
    const index = cases.findIndex(each => each.name === 'another certificate by server name')
    const { tls } = await audit(ports[index]!)
    expect(tls.withoutName).toBe(cases[index]!.chain[0]!.der)
    expect(tls.endpoints[0]!.handshake.ok && tls.endpoints[0]!.handshake.value.chain[0]).not.toBe(tls.withoutName)
  })
})
