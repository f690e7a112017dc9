// An alias stands alone, not at the apex, and leads to a name in few steps.
import { blocker, defineCheck, high, low, type OutcomeHolds, pass, skip } from '../../core/check.ts'
import { dnsEvidence, textEvidence } from '../../core/evidence.ts'
import type { Subject } from '../../core/fact.ts'
import { type AliasData, aliasFix, aliasLoopFix, aliasToAddressFix } from './fixes.ts'

/** Made by the signer for every name: they stand beside an alias by right (RFC 4034 §3, §4). */
const signerTypes = ['RRSIG', 'NSEC']

const record = (name: string): Subject => ({ kind: 'record', name: `${name} CNAME` })

export default defineCheck<AliasData>()({
  id: 'cname',
  stage: 'dns',
  on: 'record',
  title: 'Aliases are well formed',
  why: 'A CNAME may not stand beside other records (at the apex NS and SOA are always there), must lead to a name and not to an address, must not go in circles, and every step of a chain is one more thing that can fail.',
  impact: { journey: 'operate', owner: 'Your site or mail works for some providers and fails for others.' },
  needs: ['cnameChain', 'zoneRecords'],
  signals: { 'emails-fail': ['at-apex'], 'links-break': ['loop', 'to-address'] },
  outcomes: {
    'at-apex': blocker('The alias at {name} makes its mail and servers vanish', aliasFix),
    'beside-other-data': high('{name} is an alias and has {others} records', aliasFix),
    loop: blocker('The alias {name} leads back to itself', aliasLoopFix, { why: 'Nobody can resolve the name.' }),
    chain: low('{name} is an alias of an alias of an alias', aliasFix, {
      why: 'Each step takes time and is one more thing that can fail.',
    }),
    'to-address': high('The alias {name} leads to a number, not a name', aliasToAddressFix, {
      why: 'Nobody can resolve the name.',
    }),
    'well-formed': pass('The alias {name} is well formed'),
  },
  references: [
    'https://www.rfc-editor.org/rfc/rfc1912#section-2.4',
    'https://www.rfc-editor.org/rfc/rfc2181#section-10.1',
  ],
  judge: ({ cnameChain: { name, targets, loop }, zoneRecords: { zone, records } }) => {
    const target = targets[0]
    if (target === undefined) return skip('the alias is gone')
    // Every name of a circle leads back to itself: one finding is enough.
    const first = loop ? [name, ...targets].sort()[0]! : name
    if (first !== name) return skip(`the circle is reported at ${first}`)
    const types = records.filter(each => each.name === name).map(each => each.type)
    const others = [...new Set(types)].filter(type => type !== 'CNAME' && !signerTypes.includes(type)).sort()
    const data: AliasData = { name, target, others, end: '' }
    const evidence = [dnsEvidence(name, 'CNAME', targets.join(' → '))]
    const found: OutcomeHolds<'at-apex' | 'beside-other-data' | 'loop' | 'chain' | 'to-address', AliasData>[] = []
    if (name === zone) found.push({ outcome: 'at-apex', data, evidence })
    else if (others.length) {
      const beside = textEvidence(name, others.join(', '))
      found.push({ outcome: 'beside-other-data', data, evidence: [...evidence, beside] })
    }
    if (loop) found.push({ outcome: 'loop', data, evidence })
    else if (targets.length > 3) found.push({ outcome: 'chain', data: { ...data, end: targets.at(-1)! }, evidence })
    if (/^\d{1,3}(\.\d{1,3}){3}$/.test(target)) found.push({ outcome: 'to-address', data, evidence })
    return found.length ? found : { outcome: 'well-formed', data, evidence }
  },
  examples: [
    { name: 'one step', facts: {}, subject: record('www.example.com'), expect: 'well-formed' },
    {
      name: 'at the apex',
      facts: { cnameChain: { name: 'example.com' } },
      subject: record('example.com'),
      expect: 'at-apex',
    },
    {
      name: 'in a circle',
      facts: { cnameChain: { name: 'a.example.com', targets: ['b.example.com', 'a.example.com'], loop: true } },
      subject: record('a.example.com'),
      expect: 'loop',
    },
  ],
})
