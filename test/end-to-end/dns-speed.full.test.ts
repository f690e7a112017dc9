// How long the stage takes: four name servers, twelve hosts, 50 ms to everything; and what one silent server costs.
import { describe, expect, test } from 'vitest'
import { startWorld } from '../../src/lab/start.ts'
import { loadWorld } from '../../src/lab/world.ts'
import { auditWorld } from '../support/lab-audit.ts'

const names = ['app', 'api', 'docs', 'blog', 'status', 'help', 'cdn', 'shop', 'admin', 'auth']

const world = (silent: boolean): string => `
name: speed
domain: coachdash.example
zones:
  coachdash.example:
    servers: [192.0.2.53, 192.0.2.54, 198.51.100.53, ${silent ? '{ address: 203.0.113.54, fault: silent }' : '203.0.113.54'}]
    records: |
      @ 3600 NS ns1
      @ 3600 NS ns2
      @ 3600 NS ns3
      @ 3600 NS ns4
      ns1 3600 A 192.0.2.53
      ns2 3600 A 192.0.2.54
      ns3 3600 A 198.51.100.53
      ns4 3600 A 203.0.113.54
      @ 300 A 192.0.2.10
      www 300 A 192.0.2.10
${names.map(name => `      ${name} 300 A 192.0.2.10`).join('\n')}
hosts:
  coachdash.example: { redirect: { to: 'https://www.coachdash.example' } }
  www.coachdash.example: { routes: { /: { body: "<!doctype html><title>Coach</title>${names.map(name => `<a href='https://${name}.coachdash.example/'>${name}</a>`).join(' ')}" } } }
${names.map(name => `  ${name}.coachdash.example: { routes: { /: { body: "<!doctype html><title>${name}</title><p>The page of ${name}, which has a text of its own.</p>" } } }`).join('\n')}
files:
  launch-ready.config.yaml: |
    domain: coachdash.example
    dns: { certificateTransparency: false }
`

const rtt = 50
/**
 * The longest chain of round trips that depend on each other: the address of the apex (1), TCP and TLS and the page (3) and the same of www after its
 * redirect (4), the addresses of what www links to (1), their TLS and page (3), their authoritative records (1), each known
 * name's other records (1), what those lead to (1), and the walk of what was found (4).
 */
const chain = 19
/** A busy machine adds to each run, and never takes away. */
const mostRuns = 8
/** A deadline of two seconds, twice as much for the second look, and half of it for our own work. */
const bound = 2000 * 3 * 1.5

const timed = async (text: string, options: { rtt?: number }, more: string[] = []) => {
  const running = await startWorld(loadWorld(text), options)
  try {
    return await auditWorld(running, ['--only', 'dns', 'domain-resolution', ...more])
  } finally {
    await running.close()
  }
}

describe('the time that dns takes', () => {
  test('is at most one and a half times the longest chain of round trips, beside what our own work takes', async () => {
    await timed(world(false), {})
    const without: number[] = []
    const within: number[] = []
    const waiting = (): number => Math.min(...within) - Math.min(...without)
    for (let run = 0; run < mostRuns && !(waiting() < 1.5 * chain * rtt); run++) {
      without.push((await timed(world(false), {})).milliseconds)
      const { milliseconds, report } = await timed(world(false), { rtt })
      within.push(milliseconds)
      expect(report.checks.filter(row => row.check === 'ipv6').length).toBe(12)
    }
    process.stderr.write(
      `dns: ${Math.round(Math.min(...within))} ms with ${rtt} ms round trips, ${Math.round(Math.min(...without))} ms without; ${(waiting() / (chain * rtt)).toFixed(2)} x the chain\n`,
    )
    expect(waiting()).toBeLessThan(1.5 * chain * rtt)
  })
  test('a name server that is silent costs one deadline and one second look in total', async () => {
    const without = await timed(world(false), {}, ['--timeout', '2'])
    let quickest = Number.POSITIVE_INFINITY
    let report = without.report
    for (let run = 0; run < mostRuns && !(quickest < bound); run++) {
      const silent = await timed(world(true), {}, ['--timeout', '2'])
      quickest = Math.min(quickest, silent.milliseconds - without.milliseconds)
      report = silent.report
    }
    expect(report.findings.filter(finding => finding.check === 'nameservers').map(finding => finding.outcome)).toEqual([
      'unreachable',
    ])
    process.stderr.write(`one silent server costs ${Math.round(quickest)} ms at a deadline of 2000 ms\n`)
    expect(quickest).toBeLessThan(bound)
  })
})
