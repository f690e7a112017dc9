// What a domain's senders and mailboxes need of its SPF record, and what of it meets the need.
import { describe, expect, it } from 'vitest'
import { bareTarget } from '../../../src/core/target.ts'
import { nodeOf, spfWith } from '../../../src/facts/email/spf.example.ts'
import { isAuthorised, isSingle, neededTerms } from '../../../src/formats/spf/needs.ts'
import { strangers } from '../../../src/formats/spf/senders.ts'

const domain = 'coachdash.example'
const treeWith = (include: string) =>
  spfWith(`v=spf1 include:${include} -all`, { [include]: nodeOf(include, 'v=spf1 ip4:192.0.2.0/28 -all') }).names[0]!
    .tree!

describe('a mailbox provider, known by its mail servers', () => {
  it.each([
    ['mx1.titan.email', 'spf.titan.email'],
    ['smtp.google.com', '_netblocks.google.com'],
    ['mx.zoho.in', 'spf.zoho.in'],
    ['mx2.hostinger.com', '_spf.hostinger.com'],
  ])('%s is met by %s, which is no stranger', (server, include) => {
    const tree = treeWith(include)
    const needed = neededTerms(domain, domain, [], [server])
    expect(needed).toHaveLength(1)
    expect(needed.every(term => isAuthorised(tree, term))).toBe(true)
    const target = bareTarget({ domain, senders: [{ name: 'Postmark', dkim: [] }] })
    expect(strangers(tree, domain, target, { hosts: [{ exchange: server }] })).toEqual([])
  })

  it('is not met by the include of another', () => {
    const tree = treeWith('spf.titan.email')
    expect(neededTerms(domain, domain, [], ['mx1.hostinger.com']).some(term => isAuthorised(tree, term))).toBe(false)
  })
})

it.each([
  ['192.0.2.1', true],
  ['192.0.2.1/32', true],
  ['192.0.2.0/31', false],
  ['2001:db8::1', true],
  ['2001:db8::1/128', true],
  ['2001:db8::/32', false],
])('%s is one address: %s', (network, single) => {
  expect(isSingle(network)).toBe(single)
})
