// Servers that have an older version of a zone, and servers that answer differently.
import { describe, expect, it } from 'vitest'
import {
  apexAnswers,
  disagreement,
  hostAnswers,
  outdatedServers,
  type VersionView,
} from '../../../src/formats/dns/zone-versions.ts'

const view = (address: string, serial: number | null, primary = 'ns1', records: string[] | null = ['10 mx']) =>
  ({ server: `ns-${address}`, address, serial, primary, sets: [{ type: 'MX', records }] }) satisfies VersionView

/** A server by its name, which tells its operator. */
const of = (server: string, serial: number, primary: string) => ({ ...view(server, serial, primary), server })

describe('outdatedServers', () => {
  it.each<[string, VersionView[], string[]]>([
    ['one version', [view('a', 7), view('b', 7)], []],
    ['a version behind', [view('a', 7), view('b', 6)], ['b']],
    ['serials that have come round (RFC 1982)', [view('a', 4_294_967_295), view('b', 1)], ['a']],
    ['two operators count apart', [view('a', 7, 'x'), view('b', 2026, 'y')], []],
    [
      'servers of one operator that name two primaries',
      [of('ns1.dns.example.net', 7, 'x'), of('ns2.dns.example.net', 6, 'y')],
      ['ns2.dns.example.net'],
    ],
    [
      'the same serial from another primary',
      [of('ns1.dns.example.net', 7, 'x'), of('ns2.dns.example.net', 7, 'y')],
      ['ns2.dns.example.net'],
    ],
    ['a serial that was not given', [view('a', 7), view('b', null)], []],
  ])('%s', (_, views, expected) => expect(outdatedServers(views).map(each => each.address)).toEqual(expected))
})

describe('disagreement', () => {
  const answers = (...texts: string[]) => texts.map((text, at) => ({ server: 's', address: `${at}`, text }))
  it.each<[string, string[], string[], string[] | null]>([
    ['all agree', ['x', 'x'], [], null],
    ['most decide', ['x', 'y', 'x'], [], ['1']],
    ['those known to be outdated stand apart', ['x', 'y', 'x'], ['2'], ['2']],
    ['nothing to compare', [], [], null],
  ])('%s', (_, texts, outdated, expected) => expect(disagreement(answers(...texts), outdated)).toEqual(expected))
})

it('servers that did not answer for a type are left out; an empty set is an answer', () => {
  const views = [view('a', 1), view('b', 1, 'ns1', []), view('c', 1, 'ns1', null)]
  expect(apexAnswers(views, 'MX').map(({ address, text }) => `${address} ${text}`)).toEqual(['a 10 mx', 'b none'])
  expect(apexAnswers(views, 'TXT')).toEqual([])
})

it('a host is compared by its records, else by its status; failed servers say nothing', () => {
  const of = (status: string, data?: string) => ({
    server: { name: 'ns', address: status },
    status,
    records: data ? [{ name: 'www', type: 'A', data }] : [],
  })
  expect(hostAnswers([of('NOERROR', '192.0.2.1'), of('NXDOMAIN'), of('failed')]).map(each => each.text)).toEqual([
    'www A 192.0.2.1',
    'NXDOMAIN',
  ])
})
