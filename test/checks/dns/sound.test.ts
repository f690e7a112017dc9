// What is sound is said to be sound: the checks of the stage in the healthy world, and the ones that need a config.
import { describe, expect, test } from 'vitest'
import { startWorld } from '../../../src/lab/start.ts'
import { loadWorld } from '../../../src/lab/world.ts'
import { auditWorld } from '../../support/lab-audit.ts'

const outcomesIn = async (name: string): Promise<Set<string>> => {
  const world = await startWorld(loadWorld(new URL(`../../../fixtures/worlds/${name}.yaml`, import.meta.url).pathname))
  try {
    const { report } = await auditWorld(world)
    return new Set(report.checks.map(row => `${row.check} ${row.subject} ${row.outcome ?? row.status}`))
  } finally {
    await world.close()
  }
}

describe('the checks of dns where nothing is wrong', () => {
  test('healthy-coach', async () => {
    const said = await outcomesIn('healthy-coach')
    const domain = 'coachdash.example'
    for (const line of [
      `nameservers ${domain} redundant`,
      `ttl ${domain} sensible`,
      `zone-consistency ${domain} consistent`,
      `zone-transfer ${domain} refused`,
      `soa ${domain} sane`,
      `cname www.${domain} CNAME well-formed`,
      `caa ${domain} allows-issuer`,
      `canonical-host ${domain} one`,
      `subdomain-conflict ${domain} separate`,
      `subdomain-dangling www.${domain} live`,
      `wildcard-dns ${domain} none`,
      `ipv6 www.${domain} present`,
      `edge www.${domain} protected`,
      `domain-resolution ${domain} resolves`,
    ])
      expect([...said]).toContain(line)
  })
  test('dns-drift as-expected, and subdomain-unlisted all-listed with a list that is whole', async () => {
    expect([...(await outcomesIn('dns-names'))]).toContain('dns-drift www.coachdash.example A as-expected')
    const text = `
name: listed
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
      www 600 A 192.0.2.11
hosts:
  coachdash.example: { redirect: { to: 'https://www.coachdash.example' } }
  www.coachdash.example: { routes: { /: { body: "<!doctype html><title>x</title>" } } }
files:
  launch-ready.config.yaml: |
    domain: coachdash.example
    dns: { subdomains: [www, ns1, ns2], certificateTransparency: false }
`
    const world = await startWorld(loadWorld(text))
    try {
      const { report } = await auditWorld(world, ['--only', 'subdomain-unlisted', 'ttl'])
      expect(report.checks.map(row => `${row.check} ${row.outcome}`)).toEqual([
        'subdomain-unlisted all-listed',
        'ttl inconsistent-set',
      ])
    } finally {
      await world.close()
    }
  })
})
