// The map against BIND: zone files that named-checkzone accepts, and a zone of 5,000 names by transfer, with its drift.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { configSchema } from '../../src/config/schema.ts'
import { bareTarget } from '../../src/core/target.ts'
import { dnsMap } from '../../src/deliverables/dns-map.ts'
import { createCollection } from '../../src/facts/collect.ts'
import { domainSubject } from '../../src/facts/subjects.ts'
import { zoneDrift } from '../../src/formats/dns/zone-drift.ts'
import { parseZone } from '../../src/formats/dns/zone-file.ts'
import { startWorld } from '../../src/lab/start.ts'
import { loadWorld } from '../../src/lab/world.ts'
import { systemClock } from '../../src/net/clock.ts'
import { parseConnectTo } from '../../src/net/connect-to.ts'
import { createNetwork } from '../../src/net/create-network.ts'
import type { Network } from '../../src/net/network.ts'
import { networkTo, startBind } from '../support/name-servers.ts'
import { processorTime } from '../support/processor-time.ts'

const folder = mkdtempSync(join(tmpdir(), 'launch-ready-map-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const collectMap = async (domain: string, net: Network) => {
  const collection = createCollection({
    target: bareTarget({ domain }),
    config: configSchema.parse({ domain, dns: { certificateTransparency: false } }),
    net,
    env: {},
    signal: new AbortController().signal,
    timeoutMs: 5000,
    now: () => '2026-11-25T00:00:00Z',
  })
  const zone = await collection.need('zoneRecords', domainSubject(domain))
  await collection.need('nameServers', domainSubject(domain))
  return { zone, documents: dnsMap({ facts: collection.saved(), domain, now: Date.parse('2026-11-25T00:00:00Z') }) }
}

const checkZone = (zone: string, text: string): string => {
  const file = join(folder, `${zone}.check`)
  writeFileSync(file, text)
  return execFileSync('named-checkzone', ['-i', 'local', zone, file], { encoding: 'utf8' })
}

const worlds = new URL('../../fixtures/worlds/', import.meta.url).pathname

describe('the zone file of the map', () => {
  test.each(readdirSync(worlds).filter(name => /^(dns|healthy|broken).*\.yaml$/.test(name)))(
    'of %s is accepted by named-checkzone',
    async name => {
      const running = await startWorld(loadWorld(`${worlds}${name}`))
      const [host = '', port = ''] = running.resolver.split(':')
      const net = createNetwork({
        clock: systemClock,
        resolvers: [{ protocol: 'udp', host, port: Number(port) }],
        connectTo: running.connectTo.map(parseConnectTo),
        ca: [running.ca.pem],
        timeoutMs: 1000,
        concurrency: 32,
        userAgent: 'test',
        signal: new AbortController().signal,
      })
      try {
        const domain = running.world.domain!
        const { zone, documents } = await collectMap(domain, net)
        if (!zone.ok) throw new Error(`${zone.reason}: ${zone.message}`)
        const file = documents.find(document => document.path.endsWith('.zone'))!
        expect(checkZone(domain, file.content)).toMatch(/\nOK\n$|^OK/m)
        expect(parseZone(file.content).ok).toBe(true)
      } finally {
        await net.close()
        await running.close()
      }
    },
  )
})

describe('a zone of 5,000 names', () => {
  test('map and drift take less than 3 s', async () => {
    const names = Array.from(
      { length: 5000 },
      (_, at) => `host${at} 300 IN A 10.${(at >> 16) & 255}.${(at >> 8) & 255}.${at & 255}`,
    )
    const text = `$ORIGIN big.example.\n$TTL 300\n@ IN SOA ns1 hostmaster 1 7200 3600 1209600 300\n@ IN NS ns1\nns1 IN A 192.0.2.11\n${names.join('\n')}\n`
    const file = join(folder, 'big.zone')
    writeFileSync(file, text)
    const above = join(folder, 'example.zone')
    writeFileSync(
      above,
      '$ORIGIN example.\n$TTL 300\n@ IN SOA ns1.big hostmaster 1 7200 3600 1209600 300\n@ IN NS ns1.big\nbig IN NS ns1.big\nns1.big IN A 192.0.2.11\n',
    )
    const bind = await startBind(
      join(folder, 'bind'),
      [
        { zone: 'big.example', file },
        { zone: 'example', file: above },
      ],
      'any',
    )
    const net = networkTo(bind.port, { '192.0.2.11': bind.port })
    try {
      const began = processorTime()
      const { zone, documents } = await collectMap('big.example', net)
      expect(zone.ok && zone.value.source).toBe('transfer')
      expect(zone.ok && zone.value.records.length).toBe(5003)
      const expected = parseZone(text.replace('host17 300 IN A 10.0.0.17', 'host17 300 IN A 10.9.9.9'))
      if (!expected.ok || !zone.ok) throw new Error('not read')
      expect(zoneDrift(expected.value.records, zone.value.records).map(drift => `${drift.name} ${drift.kind}`)).toEqual(
        ['host17.big.example changed'],
      )
      const took = processorTime() - began
      expect(checkZone('big.example', documents.find(document => document.path.endsWith('.zone'))!.content)).toContain(
        'OK',
      )
      expect(took).toBeLessThan(3000)
    } finally {
      await net.close()
      await bind.stop()
    }
  })
})
