// The same servers, one after the other, looked at by Chromium and by the audit: both let a visitor in, or both say why not.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, chromium } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import certificate from '../../src/checks/audit/certificate.ts'
import routeStatus from '../../src/checks/audit/route-status.ts'
import tlsCiphers from '../../src/checks/audit/tls-ciphers.ts'
import tlsVersions from '../../src/checks/audit/tls-versions.ts'
import { findBrowser } from '../../src/core/browser-path.ts'
import type { AnyCheck } from '../../src/core/check.ts'
import { type Fact, missing, observed } from '../../src/core/fact.ts'
import { judge } from '../../src/core/judge.ts'
import { bareTarget } from '../../src/core/target.ts'
import type { CollectContext } from '../../src/facts/definition.ts'
import tlsFact from '../../src/facts/tls/tls.ts'
import { systemClock } from '../../src/net/clock.ts'
import { createNetwork } from '../../src/net/create-network.ts'
import { browserTlsCases as cases, host, main, rsaMain } from '../support/browser-tls-cases.ts'
import { onceForTest } from '../support/once.ts'
import { startTlsServers } from '../support/tls-servers.ts'

let browser: Browser
let servers: Awaited<ReturnType<typeof startTlsServers>>
const home = mkdtempSync(join(tmpdir(), 'launch-ready-browser-'))

beforeAll(async () => {
  servers = await startTlsServers(cases)
  const store = join(home, '.pki', 'nssdb')
  mkdirSync(store, { recursive: true })
  const certutil = (...words: string[]): void => void execFileSync('certutil', ['-d', `sql:${store}`, ...words])
  certutil('-N', '--empty-password')
  for (const [name, { root }] of Object.entries({ main, rsaMain })) {
    writeFileSync(join(home, `${name}.pem`), root.pem)
    certutil('-A', '-t', 'C,,', '-n', name, '-i', join(home, `${name}.pem`))
  }
  browser = await chromium.launch({
    executablePath: findBrowser(process.env, existsSync)!,
    chromiumSandbox: false,
    env: { ...process.env, HOME: home },
    args: ['--host-resolver-rules=MAP * 127.0.0.1'],
  })
}, 120_000)

afterAll(async () => {
  await browser?.close()
  servers?.stop()
  rmSync(home, { recursive: true, force: true })
})

/** What Chromium says: nothing where it shows the page. */
const seenByChromium = async (port: number): Promise<string> => {
  const context = await browser.newContext()
  try {
    const page = await context.newPage()
    await page.goto(`https://${host}:${port}/`, { waitUntil: 'commit', timeout: 20_000 })
    return ''
  } catch (error) {
    return /net::(\w+)/.exec(String(error))?.[1] ?? String(error)
  } finally {
    await context.close()
  }
}

const at = new Date().toISOString()

/** The outcomes that say that visitors are turned away. */
const seenByAudit = async (port: number): Promise<string[]> => {
  const abort = new AbortController()
  const net = createNetwork({
    clock: systemClock,
    resolvers: [{ protocol: 'udp', host: '127.0.0.1', port: 9 }],
    connectTo: [{ host, port: 443, toHost: '127.0.0.1', toPort: port }],
    ca: [main.root.pem, rsaMain.root.pem],
    timeoutMs: 5_000,
    concurrency: 40,
    userAgent: 'test',
    signal: abort.signal,
  })
  const subject = { kind: 'host', name: host } as const
  const none = missing('unsupported', 'one server alone')
  const address = { address: '192.0.2.1', family: 4, ttl: 60, private: false }
  const facts: Record<string, Fact<unknown>> = {
    addresses: observed({ status: 'NOERROR', cnames: [], addresses: [address] }, at),
    vantage: observed({ reached: [] }, at),
    web: missing('tls-handshake', 'no'),
    seenIssuers: none,
    addressPages: none,
    revocation: none,
  }
  const target = bareTarget()
  const route = { kind: 'route', name: `https://${host}/`, parent: subject, details: { kind: 'home' } } as const
  const need = async (name: string) => facts[name]
  const base = { net, target, now: () => at, timeoutMs: 5_000, signal: abort.signal, need, once: onceForTest() }
  try {
    facts['tls'] = await tlsFact.collect(subject, base as unknown as CollectContext)
    facts['page'] = await net.http({ url: route.name })
    facts['pageLife'] = none
    facts['rendered'] = none
    return ([certificate, tlsVersions, tlsCiphers, routeStatus] as unknown as AnyCheck[]).flatMap(check => {
      const about = check.on === 'route' ? route : subject
      const judged = judge({ check, subject: about, facts, now: Date.parse(at), target, options: {}, severities: {} })
      if (check.on === 'host') expect(judged.unknowns.map(({ cause }) => `${check.id}: ${cause}`)).toEqual([])
      return judged.findings
        .filter(({ severity, outcome }) => severity === 'blocker' || outcome === 'weak-signature')
        .map(({ outcome }) => outcome)
    })
  } finally {
    await net.close()
  }
}

/** Chromium's errors, and the outcomes that say the same. */
const sameAs: Record<string, string[]> = {
  ERR_CERT_DATE_INVALID: ['expired', 'not-yet-valid'],
  ERR_CERT_COMMON_NAME_INVALID: ['name-mismatch'],
  ERR_CERT_AUTHORITY_INVALID: ['untrusted', 'self-signed', 'incomplete-chain', 'expired', 'not-yet-valid'],
  ERR_CERT_WEAK_SIGNATURE_ALGORITHM: ['weak-signature'],
  ERR_CERT_WEAK_KEY: ['unsupported-key'],
  ERR_SSL_KEY_USAGE_INCOMPATIBLE: ['untrusted'],
  ERR_CERT_INVALID: ['untrusted', 'weak-signature'],
}
const refusal = ['no-browser-suite', 'obsolete-only', 'unsupported-key', 'unreachable', 'untrusted']

/** Other browsers refuse what Chromium lets pass: in Firefox a name in a certificate never ends with a dot. */
const stricter = new Map([['final dot', ['name-mismatch']]])

describe(`${cases.length} servers`, () => {
  it.each(cases.map((each, index) => [each.name, index] as const))('%s', async (name, index) => {
    const port = servers.ports[index]!
    const error = await seenByChromium(port)
    expect(error).not.toMatch(/CONNECTION_REFUSED|NAME_NOT_RESOLVED|TIMED_OUT/)
    const outcomes = await seenByAudit(port)
    const about = `Chromium: ${error || 'shows it'}; audit: ${outcomes.join(', ') || 'lets visitors in'}`
    if (error === '') expect(outcomes, about).toEqual(stricter.get(name) ?? [])
    else
      expect(
        outcomes.some(outcome => (sameAs[error] ?? refusal).includes(outcome)),
        about,
      ).toBe(true)
  })
})
