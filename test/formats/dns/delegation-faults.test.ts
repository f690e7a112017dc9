// Faults of name servers: how they answer, how they are named.
import { describe, expect, it } from 'vitest'
import {
  aliasFaults,
  answeringFaults,
  glueFaults,
  parentDisagrees,
  type ZoneServers,
} from '../../../src/formats/dns/delegation-faults.ts'

const answers = { state: 'answers', rcode: 'NOERROR', reason: null }
const lame = { state: 'lame', rcode: 'REFUSED', reason: null }
const silent = { state: 'silent', rcode: null, reason: 'timeout' }
type How = { state: string; rcode: string | null; reason: string | null }

const server = (name: string, udp: How, tcp = udp) => ({
  name,
  address: `address of ${name}`,
  family: 4 as const,
  inParent: true,
  inChild: true,
  udp,
  tcp,
})
const zone = (servers: ZoneServers['servers'], more: Partial<ZoneServers> = {}): ZoneServers => ({
  zone: 'example.com',
  servers,
  unresolved: [],
  aliases: [],
  child: [],
  parent: null,
  ...more,
})

describe('answeringFaults', () => {
  it.each<[string, ZoneServers, [string, string, string][]]>([
    ['all answer', zone([server('a', answers)]), []],
    [
      'one is lame',
      zone([server('a', answers), server('b', lame)]),
      [['lame', 'b', 'answers REFUSED without authority for example.com']],
    ],
    [
      'one is silent',
      zone([server('a', answers), server('b', silent)]),
      [['unreachable', 'b', 'no answer over UDP or TCP']],
    ],
    [
      'one answers over TCP alone',
      zone([server('a', answers), server('b', silent, answers)]),
      [['unreachable', 'b', 'answers over TCP, not over UDP']],
    ],
    [
      'one does not answer over TCP',
      zone([server('a', answers, silent)]),
      [['no-tcp', 'a', 'answers over UDP, not over TCP']],
    ],
    [
      'a name without address; one that could not be looked up is no fault',
      zone([], {
        unresolved: [
          { name: 'a', status: 'NXDOMAIN' },
          { name: 'b', status: 'unknown' },
        ],
      }),
      [['unreachable', 'a', 'NXDOMAIN: the name has no address']],
    ],
  ])('%s', (_, given, expected) =>
    expect(answeringFaults(given).map(each => [each.fault, each.server, each.seen[0]?.value])).toEqual(expected),
  )
  it('tells whether no server answers at all', () => {
    expect(answeringFaults(zone([server('a', lame)]))[0]?.total).toBe(true)
    expect(answeringFaults(zone([server('a', lame), server('b', answers)]))[0]?.total).toBe(false)
  })
})

it('an alias names its first target and the addresses that it has', () =>
  expect(aliasFaults(zone([server('a', answers)], { aliases: [{ name: 'a', to: ['b', 'c'] }] }))).toMatchObject([
    { fault: 'is-cname', server: 'a', addresses: ['address of a'], aliasOf: ['b'] },
  ]))

describe('glueFaults', () => {
  const at = (...addresses: string[]) => addresses.map(address => ({ address }))
  it.each([
    ['glue that fits', at('192.0.2.1'), at('192.0.2.1'), true, 0],
    ['glue of another address', at('192.0.2.1'), at('192.0.2.9'), true, 1],
    ['no glue where none is needed', at('192.0.2.1'), at(), false, 0],
    ['no glue where it is needed', at('192.0.2.1'), at(), true, 1],
    ['no address known to compare', at(), at(), true, 0],
  ])('%s', (_, addresses, glue, needsGlue, faults) =>
    expect(glueFaults([{ name: 'a', addresses, glue, needsGlue }])).toHaveLength(faults),
  )
})

it.each<[string[] | null, string[], boolean]>([
  [['a', 'b'], ['a', 'b'], false],
  [['a'], ['a', 'b'], true],
  [null, ['a'], false],
  [['a'], [], false],
])('parent %j, zone %j: disagree %s', (parent, child, expected) =>
  expect(parentDisagrees(zone([], { parent, child }))).toBe(expected),
)
