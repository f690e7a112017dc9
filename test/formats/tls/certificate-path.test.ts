// Chains judged as the strictest visitor would: what each certificate on the path may do, and which path is taken.
import { describe, expect, it } from 'vitest'
import { type Authority, type ChainInput, judgeChain } from '../../../src/formats/tls/certificate-path.ts'
import { type Made, make, makeAuthority, type Wanted } from '../../support/tls-certificates.ts'

const now = Date.parse('2026-11-25T00:00:00Z')
const host = 'www.example.com'
const { root, intermediate } = makeAuthority()
const trusted: Authority[] = [{ der: root.der, private: false }]

const leafOf = (issuer: Made, wanted: Partial<Wanted> = {}): Made =>
  make({ subject: `CN=${host}`, issuer, names: [host], timestamps: 2, ...wanted })
const below = (issuer: Made, wanted: Partial<Wanted> = {}): Made =>
  make({ subject: 'CN=Below', issuer, authority: true, notBefore: '2020-01-01', notAfter: '2049-01-01', ...wanted })
const judged = (chain: Made[], more: Partial<ChainInput> = {}) =>
  judgeChain({ host, chain: chain.map(({ der }) => der), authorities: trusted, fetched: [], scts: 0, now, ...more })
const faults = (chain: Made[], more?: Partial<ChainInput>): string[] =>
  judged(chain, more).faults.map(({ kind, detail }) => `${kind}: ${detail}`)

describe('what an issuer may do', () => {
  const shallow = makeAuthority('Shallow', 'ec', { pathLength: 0 })
  const narrow = makeAuthority('Narrow', 'ec', { permitted: ['example.com'] })
  const other = makeAuthority('Other', 'ec', { permitted: ['example.net'] })
  const excluding = makeAuthority('Excluding', 'ec', { excluded: ['www.example.com'] })
  const mute = makeAuthority('Mute', 'ec', { mayNotSign: true })
  const roots = [shallow, narrow, other, excluding, mute].map(({ root: { der } }) => ({ der, private: false }))
  const deep = below(shallow.intermediate)
  const ordinary = below(intermediate, { authority: false })
  const mail = below(intermediate, { usages: ['1.3.6.1.5.5.7.3.4'] })

  it.each<[string, Made[], string[]]>([
    ['all is sound', [leafOf(intermediate), intermediate], []],
    ['names within the constraints', [leafOf(narrow.intermediate), narrow.intermediate], []],
    [
      'names outside of what is permitted',
      [leafOf(other.intermediate), other.intermediate],
      [`untrusted: Other E1 may not issue for ${host}`],
    ],
    [
      'names that are excluded',
      [leafOf(excluding.intermediate), excluding.intermediate],
      [`untrusted: Excluding E1 may not issue for ${host}`],
    ],
    [
      'too far above',
      [leafOf(deep), deep, shallow.intermediate],
      ["untrusted: Shallow E1 may not stand that far above a website's certificate"],
    ],
    [
      'no authority',
      [leafOf(ordinary), ordinary, intermediate],
      ['untrusted: Below is not a certificate authority and may not issue certificates'],
    ],
    [
      'no right to sign',
      [leafOf(mute.intermediate), mute.intermediate],
      ['untrusted: Mute E1 may not sign certificates'],
    ],
    ['for mail alone', [leafOf(mail), mail, intermediate], ['untrusted: Below may not issue for websites']],
    [
      'a leaf that is not for websites',
      [leafOf(intermediate, { usages: ['1.3.6.1.5.5.7.3.2'] }), intermediate],
      ['untrusted: the certificate is not issued for websites (its extended key usage lacks serverAuth)'],
    ],
    ['a leaf for any purpose', [leafOf(intermediate, { usages: ['2.5.29.37.0'] }), intermediate], []],
  ])('%s', (_, chain, expected) => expect(faults(chain, { authorities: [...trusted, ...roots] })).toEqual(expected))
})

describe('faults in words', () => {
  const unread = makeAuthority('Let us Encrypt')
  it.each<[string, Made[], string[]]>([
    [
      'expired',
      [leafOf(intermediate, { notAfter: '2026-11-20' }), intermediate],
      ['expired: it expired on 2026-11-20'],
    ],
    [
      'an issuer that expired',
      (() => {
        const old = below(intermediate, { notAfter: '2026-11-20' })
        return [leafOf(old), old, intermediate]
      })(),
      ['expired: Below, which stands above it, expired on 2026-11-20'],
    ],
    [
      'too many names to show',
      [leafOf(intermediate, { names: ['a', 'b', 'c', 'd', 'e', 'f'].map(name => `${name}.example`) }), intermediate],
      ['name-mismatch: it is for a.example, b.example, c.example, d.example and 2 more'],
    ],
    ['no name', [leafOf(intermediate, { names: undefined }), intermediate], ['name-mismatch: it names no host']],
    [
      'a forged signature',
      [leafOf(intermediate, { forged: true }), intermediate],
      [`untrusted: the signature of Example Authority E1 on ${host} is not valid`],
    ],
    [
      'a root of nobody',
      [leafOf(unread.intermediate), unread.intermediate, unread.root],
      ['untrusted: Let us Encrypt Root is trusted by no browser'],
    ],
    [
      'the issuer is not sent',
      [leafOf(intermediate)],
      [`incomplete-chain: Example Authority E1, which issued ${host}, is not sent by the server`],
    ],
    [
      'out of order',
      [leafOf(intermediate), root, intermediate],
      [`chain-disordered: sent in the order ${host}, Example Authority Root, Example Authority E1`],
    ],
  ])('%s', (_, chain, expected) => expect(faults(chain)).toEqual(expected))
})

describe('paths', () => {
  it('what was fetched explains a gap and does not fill it', () => {
    const { faults: found, trust } = judged([leafOf(intermediate)], { fetched: [intermediate.der] })
    expect(found.map(({ kind }) => kind)).toEqual(['incomplete-chain'])
    expect(trust).toBeNull()
  })

  it('of two paths the sound one counts: a cross-signature that expired harms nobody', () => {
    const stranger = makeAuthority('Nobody Knows')
    const crossed = make({
      subject: root.subject,
      issuer: stranger.root,
      keysOf: root,
      authority: true,
      notBefore: '2020-01-01',
      notAfter: '2026-01-01',
    })
    expect(faults([leafOf(intermediate), intermediate, crossed])).toEqual([])
  })

  it('a public root is preferred to the user’s own', () => {
    const authorities = [{ der: root.der, private: true }]
    expect(judged([leafOf(intermediate), intermediate], { authorities }).trust).toBe('private')
    expect(judged([leafOf(intermediate), intermediate]).trust).toBe('public')
  })

  it('an empty or unreadable chain has no leaf and no faults', () => {
    expect(judged([])).toEqual({ leaf: null, path: [], trust: null, faults: [] })
    expect(judgeChain({ host, chain: ['AA=='], authorities: [], fetched: [], scts: 0, now }).leaf).toBeNull()
  })

  it('late renewal is less than a sixth of its life', () => {
    const dates = { notBefore: '2026-10-01T00:00:00Z', notAfter: '2026-12-30T00:00:00Z' }
    const chain = [leafOf(intermediate, dates), intermediate]
    expect(faults(chain, { now: Date.parse('2026-12-14T00:00:00Z') })).toEqual([])
    expect(faults(chain, { now: Date.parse('2026-12-16T00:00:00Z') })).toEqual([
      'expires-soon: it expires on 2026-12-30',
    ])
  })
})
