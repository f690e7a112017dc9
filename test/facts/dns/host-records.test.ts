// Answers that change from one question to the next (weighted or flattened ones) are told apart from servers that disagree.
import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { afterEach, expect, test } from 'vitest'
import { configSchema } from '../../../src/config/schema.ts'
import { bareTarget } from '../../../src/core/target.ts'
import { createCollection } from '../../../src/facts/collect.ts'
import { hostSubject } from '../../../src/facts/subjects.ts'
import { decodeQuery, encodeReply, type ZoneRecord } from '../../../src/lab/dns-wire.ts'
import { systemClock } from '../../../src/net/clock.ts'
import { createNetwork } from '../../../src/net/create-network.ts'

const domain = 'coachdash.example'
const open: Socket[] = []
afterEach(() => {
  for (const socket of open.splice(0)) socket.close()
})

/** A server of the zone, over UDP alone; `addressOf` gives the app's address at each question. */
const serve = async (addressOf: () => string): Promise<number> => {
  const zone = (name: string, type: string): ZoneRecord[] => {
    const all: Record<string, [string, string][]> = {
      [domain]: [
        ['SOA', `ns1.${domain}. hostmaster.${domain}. 1 7200 3600 1209600 300`],
        ['NS', `ns1.${domain}.`],
        ['NS', `ns2.${domain}.`],
      ],
      [`ns1.${domain}`]: [['A', '192.0.2.53']],
      [`ns2.${domain}`]: [['A', '198.51.100.53']],
      [`app.${domain}`]: [['A', addressOf()]],
    }
    return (all[name] ?? []).filter(([own]) => own === type).map(([, data]) => ({ name, ttl: 60, type, data }))
  }
  const socket = createSocket('udp4')
  socket.on('message', (message, from) => {
    const query = decodeQuery(message)
    if (!query) return
    const answers = zone(query.name, query.type)
    const reply = { rcode: 'NOERROR' as const, authoritative: true, answers, authorities: [], additionals: [] }
    socket.send(encodeReply(query, reply), from.port, from.address)
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  open.push(socket)
  return socket.address().port
}

const recordsWith = async (first: () => string, second: () => string) => {
  const ports = [await serve(first), await serve(second)]
  const net = createNetwork({
    clock: systemClock,
    resolvers: [{ protocol: 'udp', host: '127.0.0.1', port: ports[0]! }],
    connectTo: ['192.0.2.53', '198.51.100.53'].map((host, at) => ({
      host,
      port: 53,
      toHost: '127.0.0.1',
      toPort: ports[at]!,
    })),
    ca: [],
    timeoutMs: 1500,
    concurrency: 16,
    userAgent: 'test',
    signal: new AbortController().signal,
  })
  const collection = createCollection({
    target: bareTarget({ domain }),
    config: configSchema.parse({ domain }),
    net,
    env: {},
    signal: new AbortController().signal,
    timeoutMs: 1500,
    now: () => '2026-11-25T00:00:00Z',
  })
  try {
    const fact = await collection.need('hostRecords', hostSubject(`app.${domain}`, domain))
    if (!fact.ok) throw new Error(fact.message)
    return fact.value
  } finally {
    await net.close()
  }
}

test('two servers that each stay with their own answer disagree', async () => {
  const { changing, views } = await recordsWith(
    () => '192.0.2.10',
    () => '192.0.2.11',
  )
  expect(changing).toBe(false)
  expect(views.map(view => view.records[0]?.data)).toEqual(['192.0.2.10', '192.0.2.11'])
})

test('answers that change from one question to the next prove nothing', async () => {
  let asked = 0
  const next = (): string => `192.0.2.${10 + asked++}`
  expect((await recordsWith(next, next)).changing).toBe(true)
})
