// Several addresses of one host: faults put together, differences that a customer meets, and down told from out of reach.
import { describe, expect, it } from 'vitest'
import { type Fact, missing, observed, type Reason } from '../../../src/core/fact.ts'
import {
  certificateLines,
  differencesOf,
  faultsByKind,
  isHostDown,
  judgeEndpoints,
  type ServedEndpoint,
} from '../../../src/formats/tls/served-chains.ts'
import { type Made, make, makeAuthority } from '../../support/tls-certificates.ts'

const now = Date.parse('2026-11-25T00:00:00Z')
const host = 'example.com'
const { root, intermediate } = makeAuthority()
const sound = make({ subject: `CN=${host}`, issuer: intermediate, names: [host], timestamps: 2 })
const expired = make({
  subject: `CN=${host}`,
  issuer: intermediate,
  names: [host],
  notAfter: '2026-11-20',
  timestamps: 2,
})

type Handshake = ServedEndpoint['handshake']
const serving = (leaf: Made, scts = 0, ocsp: string | null = null): Handshake =>
  observed({ chain: [leaf, intermediate].map(({ der }) => der), scts, ocsp }, '')
const without = (reason: Reason): Handshake => missing(reason, reason)
const endpoints = (...handshakes: Fact<unknown>[]): ServedEndpoint[] =>
  handshakes.map((handshake, at) => ({ address: `192.0.2.${at + 1}`, family: 4, handshake: handshake as Handshake }))
const judged = (list: ServedEndpoint[], isPrivate = false) =>
  judgeEndpoints({ endpoints: list, authorities: [{ der: root.der, private: isPrivate }], fetched: [] }, host, now)

describe('chains of several addresses', () => {
  it('are judged where one came', () => {
    const list = endpoints(serving(sound), without('refused'), observed({ chain: ['AA=='], scts: 0, ocsp: null }, ''))
    expect(judged(list).map(({ address }) => address)).toEqual(['192.0.2.1'])
  })

  it('equal faults are put together, with the addresses that have them', () => {
    const found = faultsByKind(judged(endpoints(serving(sound), serving(expired), serving(expired))))
    expect(found).toMatchObject([
      { kind: 'expired', details: ['it expired on 2026-11-20'], addresses: ['192.0.2.2', '192.0.2.3'] },
    ])
  })

  it('timestamps count wherever they come from', () => {
    const bare = make({ subject: `CN=${host}`, issuer: intermediate, names: [host] })
    const stapled = Buffer.from('000006092b06010401d679020405', 'hex').toString('base64')
    const kinds = (handshake: Handshake) => faultsByKind(judged(endpoints(handshake))).map(({ kind }) => kind)
    expect(kinds(serving(bare))).toEqual(['no-transparency'])
    expect(kinds(serving(bare, 1))).toEqual([])
    expect(kinds(serving(bare, 0, stapled))).toEqual([])
  })

  it('a certificate is described in four lines', () => {
    const [endpoint] = judged(endpoints(serving(sound)))
    expect(Object.fromEntries(certificateLines(endpoint!))).toMatchObject({
      'certificate for': host,
      chain: 'example.com ← Example Authority E1 ← Example Authority Root',
      'issued by': 'O=Example Authority, CN=Example Authority E1',
    })
  })
})

describe('differences between addresses', () => {
  const seen = (...handshakes: Handshake[]) => {
    const list = endpoints(...handshakes)
    const { down, differ } = differencesOf(list, judged(list))
    return { down, differ }
  }
  it.each<[string, Handshake[], object]>([
    ['none', [serving(sound), serving(sound)], { down: [], differ: false }],
    ['another fault', [serving(sound), serving(expired)], { down: [], differ: true }],
    ['one refuses', [serving(sound), without('refused')], { down: ['192.0.2.2'], differ: false }],
    ['one is silent', [serving(sound), without('timeout')], { down: ['192.0.2.2'], differ: false }],
    ['one is out of reach from here', [serving(sound), without('unreachable')], { down: [], differ: false }],
    ['all refuse', [without('refused'), without('refused')], { down: [], differ: false }],
  ])('%s', (_, handshakes, expected) => expect(seen(...handshakes)).toEqual(expected))

  it('a family that is down as a whole is another check’s finding', () => {
    const list = endpoints(serving(sound), without('refused'))
    const [first, second] = list
    const mixed: ServedEndpoint[] = [first!, { ...second!, address: '2001:db8::1', family: 6 }]
    expect(differencesOf(mixed, judged(mixed))).toEqual({ down: [], differ: false, seen: [] })
  })
})

describe('down, or out of reach from here', () => {
  it.each<[string, Reason[], string[], boolean, boolean]>([
    ['refused', ['refused'], [], false, true],
    ['no handshake', ['tls-handshake'], [], false, true],
    ['something else than TLS', ['malformed'], [], false, true],
    ['silent, nothing else heard', ['timeout'], [], false, false],
    ['silent, others of the domain answer', ['timeout'], ['www.example.com'], false, true],
    ['silent beside one that refuses', ['timeout', 'refused'], [], false, true],
    ['no route', ['unreachable'], ['www.example.com'], false, false],
    ['no route beside one that refuses', ['unreachable', 'refused'], [], false, true],
    ['a resolver that fails', ['servfail'], ['www.example.com'], false, false],
    ['an ordinary client gets through', ['tls-handshake'], [], true, false],
  ])('%s', (_, reasons, elsewhere, otherClient, expected) =>
    expect(isHostDown(endpoints(...reasons.map(without)), elsewhere, otherClient)).toBe(expected),
  )
})
