// The chain of trust over one signed zone, changed link by link.
import { describe, expect, it } from 'vitest'
import { example, unasked, withoutDs, withReplacedKey } from '../../../src/facts/dns/dnssec-chain.example.ts'
import { type ChainInput, judgeChain } from '../../../src/formats/dns/dnssec-chain.ts'

const november = Date.parse('2026-11-25T00:00:00Z') / 1000

const changed = (change: (chain: ChainInput) => void): ChainInput => {
  const chain = structuredClone(example)
  change(chain)
  return chain
}
/** The zone below an anchor that is not there: its parent is believed as far as its own servers say it. */
const below = (ds: ChainInput['links'][number]['ds']): ChainInput =>
  changed(chain => {
    chain.anchors = []
    chain.links[0]!.ds = ds
  })
const dsAnswer = (algorithm: number) => {
  const { name: _, ...fields } = example.anchors[0]!
  const record = { name: 'example.com', type: 'DS', ttl: 0, data: '', fields: { ...fields, algorithm } }
  return [{ from: 'parent', rcode: 'NOERROR', authoritative: true, answers: [record], authorities: [] }]
}

describe('judgeChain', () => {
  it.each<[string, ChainInput, number, ReturnType<typeof judgeChain>['state'], boolean]>([
    ['signatures that hold', example, november, 'secure', true],
    ['after they ended', example, Date.parse('2027-02-01T00:00:00Z') / 1000, 'bogus', false],
    ['before they begin', example, Date.parse('2026-10-01T00:00:00Z') / 1000, 'bogus', false],
    ['a key that was replaced', withReplacedKey, november, 'ds-without-key', false],
    ['no DS record, by the parent’s own server', withoutDs, november, 'insecure', false],
    ['nobody asked', unasked, november, 'unknown', false],
    ['a DS record of an unverified parent', below(dsAnswer(15)), november, 'unknown', true],
    ['a DS record of an algorithm that nobody knows', below(dsAnswer(200)), november, 'insecure', true],
    [
      'an answer without signature',
      changed(chain => {
        const answer = chain.probes[0]!.answers[0]!
        answer.answers = answer.answers.filter(record => record.type !== 'RRSIG')
      }),
      november,
      'bogus',
      false,
    ],
    [
      'an answer that was changed',
      changed(chain => {
        const [soa] = chain.probes[0]!.answers[0]!.answers
        soa!.data = soa!.data.replace('hostmaster', 'somebody')
      }),
      november,
      'bogus',
      false,
    ],
    [
      'keys that could not be asked for',
      changed(chain => {
        chain.links[0]!.keys = []
      }),
      november,
      'unknown',
      false,
    ],
  ])('%s', (_, chain, now, state, proven) => expect(judgeChain(chain, now)).toMatchObject({ state, proven }))

  it('tells the algorithms, and the signature that ends first', () => {
    const { algorithms, signed, weak, earliest } = judgeChain(example, november)
    expect({ algorithms, signed, weak }).toEqual({ algorithms: [15], signed: true, weak: [] })
    expect(earliest).toMatchObject({ inception: 1_793_491_200, expiration: 1_798_761_600 })
  })
})
