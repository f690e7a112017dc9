// Who serves the zone: walked from given roots and from the resolver's view, with the same result; absence and silence told apart.
import { describe, expect, test } from 'vitest'
import { configSchema } from '../../../src/config/schema.ts'
import { bareTarget } from '../../../src/core/target.ts'
import { createCollection } from '../../../src/facts/collect.ts'
import { domainSubject } from '../../../src/facts/subjects.ts'
import { startWorld } from '../../../src/lab/start.ts'
import { loadWorld } from '../../../src/lab/world.ts'
import { systemClock } from '../../../src/net/clock.ts'
import { parseConnectTo } from '../../../src/net/connect-to.ts'
import { createNetwork } from '../../../src/net/create-network.ts'

const zone = (servers: string, more = ''): string => `
name: delegation
domain: coachdash.example
zones:
  coachdash.example:
    servers: ${servers}
${more}
    records: |
      @ 3600 NS ns1
      @ 3600 NS ns2
      ns1 3600 A 192.0.2.53
      ns2 3600 A 198.51.100.53
      @ 300 A 192.0.2.10
hosts: {}
`

const collect = async (text: string, domain: string, dns: Record<string, unknown> = {}) => {
  const world = await startWorld(loadWorld(text))
  const [host = '', port = ''] = world.resolver.split(':')
  const net = createNetwork({
    clock: systemClock,
    resolvers: [{ protocol: 'udp', host, port: Number(port) }],
    connectTo: world.connectTo.map(parseConnectTo),
    ca: [],
    timeoutMs: 800,
    concurrency: 32,
    userAgent: 'test',
    signal: new AbortController().signal,
  })
  const collection = createCollection({
    target: bareTarget({ domain }),
    config: configSchema.parse({ domain, dns }),
    net,
    env: {},
    signal: new AbortController().signal,
    timeoutMs: 800,
    now: () => '2026-11-25T00:00:00Z',
  })
  try {
    const subject = domainSubject(domain)
    return {
      delegation: await collection.need('delegation', subject),
      servers: await collection.need('nameServers', subject),
      chain: await collection.need('dnssecChain', subject),
    }
  } finally {
    await net.close()
    await world.close()
  }
}

const both = '[192.0.2.53, 198.51.100.53]'

describe('the delegation', () => {
  test('from the roots and from the resolver it is the same', async () => {
    const roots = await collect(zone(both), 'coachdash.example', { rootServers: ['192.0.2.250', '192.0.2.251'] })
    const resolver = await collect(zone(both), 'coachdash.example')
    for (const { delegation, servers } of [roots, resolver]) {
      expect(delegation.ok && delegation.value.zone).toBe('coachdash.example')
      expect(delegation.ok && delegation.value.nameservers.map(server => server.name)).toEqual([
        'ns1.coachdash.example',
        'ns2.coachdash.example',
      ])
      expect(
        servers.ok && servers.value.servers.map(server => `${server.address} ${server.udp.state} ${server.tcp.state}`),
      ).toEqual(['192.0.2.53 answers answers', '198.51.100.53 answers answers'])
    }
    expect(roots.delegation.ok && roots.delegation.value.walked).toBe('roots')
    // In the lab one server holds the root and what is below it: it refers to the zone at once.
    expect(roots.delegation.ok && roots.delegation.value.above.map(level => level.zone)).toEqual([''])
    expect(resolver.delegation.ok && resolver.delegation.value.parent?.zone).toBe('example')
    expect(resolver.delegation.ok && resolver.delegation.value.walked).toBe('resolver')
  })
  test('roots that do not answer leave the resolver’s view', async () => {
    const { delegation } = await collect(zone(both), 'coachdash.example', { rootServers: ['203.0.113.250'] })
    expect(delegation.ok && delegation.value.walked).toBe('resolver')
  })
  test('a name inside the zone belongs to the zone', async () => {
    const { servers } = await collect(zone(both), 'shop.coachdash.example')
    // The name does not exist at all: that is an observation, not a failure to look.
    expect(servers).toMatchObject({ ok: false, because: 'shop.coachdash.example does not exist' })
  })
  test('a domain that does not exist makes what depends on it not applicable', async () => {
    for (const dns of [{}, { rootServers: ['192.0.2.250'] }]) {
      const { delegation, servers, chain } = await collect(zone(both), 'nobody.example', dns)
      for (const fact of [delegation, servers, chain])
        expect(fact).toMatchObject({ ok: false, because: 'nobody.example does not exist' })
    }
  })
  test('when every server is lame the delegation is still known, from the parent', async () => {
    const { delegation, servers } = await collect(
      zone('[{ address: 192.0.2.53, fault: lame }, { address: 198.51.100.53, fault: refused }]'),
      'coachdash.example',
    )
    expect(delegation.ok && delegation.value.nameservers.length).toBe(2)
    expect(servers.ok && servers.value.servers.map(server => server.udp.state)).toEqual(['lame', 'lame'])
  })
  test('when every server is silent but the parent answered, they are silent, not unknown', async () => {
    const { servers } = await collect(
      zone('[{ address: 192.0.2.53, fault: silent }, { address: 198.51.100.53, fault: silent }]'),
      'coachdash.example',
    )
    expect(servers.ok && servers.value.portOpen).toBe(true)
    expect(servers.ok && servers.value.servers.map(server => server.udp.state)).toEqual(['silent', 'silent'])
  })
})
