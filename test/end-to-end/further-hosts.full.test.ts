// What many names with several addresses cost: little more time than one address each, and never more connections at once than is polite.
import { describe, expect, test } from 'vitest'
import { limits } from '../../src/data/limits.ts'
import { startWorld } from '../../src/lab/start.ts'
import { loadWorld } from '../../src/lab/world.ts'
import { auditWorld } from '../support/lab-audit.ts'

const names = Array.from({ length: 30 }, (_, at) => `host${at}`)
const page = (name: string): string =>
  `"<!doctype html><html lang=en><title>${name}</title><h1>${name}</h1><p>The page of ${name}, which has a text of its own.</p>"`

const world = (addresses: 1 | 2): string => `
name: further-${addresses}
domain: coachdash.example
zones:
  coachdash.example:
    servers: [192.0.2.53, 198.51.100.53]
    records: |
      @ 3600 NS ns1
      @ 3600 NS ns2
      ns1 3600 A 192.0.2.53
      ns2 3600 A 198.51.100.53
      @ 300 A 192.0.2.10
      www 300 A 192.0.2.10
${names.map((name, at) => `      ${name} 300 A 203.0.113.${at + 1}${addresses === 2 ? `\n      ${name} 300 A 198.51.100.${at + 100}` : ''}`).join('\n')}
hosts:
  coachdash.example: { redirect: { to: 'https://www.coachdash.example' } }
  www.coachdash.example: { routes: { /: { body: ${page('www')} } } }
${names.map(name => `  ${name}.coachdash.example: { routes: { /: { body: ${page(name)} } } }`).join('\n')}
files:
  launch-ready.config.yaml: |
    domain: coachdash.example
    dns: { subdomains: [${names.join(', ')}], certificateTransparency: false }
`

const mostRounds = 8
const checks = ['certificate', 'tls-versions', 'tls-ciphers', 'https-redirect', 'placeholder-page']

/** Round trips that outweigh this machine's own work, as between a customer and a server. */
const timed = async (text: string) => {
  const running = await startWorld(loadWorld(text), { rtt: 200 })
  try {
    const run = await auditWorld(
      running,
      checks.flatMap(check => ['--only', check]),
    )
    return { ...run, exchanges: running.log.exchanges.length }
  } finally {
    await running.close()
  }
}

describe('thirty further hosts', () => {
  test('each is judged by every check that any name must stand', async () => {
    const { report, exchanges } = await timed(world(2))
    // What is the same at both addresses is asked once, so that two cost no more of the servers' work than of time.
    expect(exchanges).toBeLessThanOrEqual(1.6 * (await timed(world(1))).exchanges)
    for (const check of checks) {
      const judged = report.checks.filter(row => row.check === check && row.subject.startsWith('host'))
      expect(judged.map(({ status }) => status)).toEqual(names.map(() => 'pass'))
    }
  })

  test('two addresses each take at most 1.6 times as long as one', async () => {
    await timed(world(1))
    // The quickest of some: a busy machine adds to each, and never takes away.
    const quickest = { one: Number.POSITIVE_INFINITY, two: Number.POSITIVE_INFINITY }
    const fits = (): boolean => quickest.two <= 1.6 * quickest.one
    for (let round = 0; round === 0 || (round < mostRounds && !fits()); round++) {
      quickest.one = Math.min(quickest.one, (await timed(world(1))).milliseconds)
      quickest.two = Math.min(quickest.two, (await timed(world(2))).milliseconds)
    }
    expect(quickest.two / quickest.one).toBeLessThanOrEqual(1.6)
    expect(limits.connectionsPerHost).toBeLessThanOrEqual(6)
  })
})
