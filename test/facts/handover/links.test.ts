// What the links of a handover lead to: a time-out of ours is nobody's outage.
import { describe, expect, it } from 'vitest'
import { type Fact, missing, observed } from '../../../src/core/fact.ts'
import fact from '../../../src/facts/handover/handover-links.ts'
import type { HttpExchange } from '../../../src/net/network.ts'

const stateOf = async (answer: Fact<HttpExchange>): Promise<string> => {
  const context = {
    need: async (name: string) =>
      name === 'handoverAnswers'
        ? observed({ handover: { links: [{ what: 'logs', url: 'https://logs.example.com/' }] } }, '')
        : missing('timeout', 'the resolver does not answer'),
    net: { http: async () => answer },
    now: () => '',
  }
  const seen = await fact.collect({ kind: 'domain', name: 'example.com' }, context as never)
  return seen.ok ? seen.value.links[0]!.state : seen.message
}

const chain = (ended: HttpExchange['ended'], reason: string | null): Fact<HttpExchange> =>
  observed(
    {
      hops: [{ status: 302, body: '' }],
      ended,
      next: { url: 'https://sso.example.com/', why: 'why', ...(reason ? { missing: { reason, message: 'why' } } : {}) },
    } as never,
    '',
  )

describe('a link', () => {
  it.each(['timeout', 'unproven', 'unreachable'] as const)('without an answer (%s) is unknown', async reason => {
    expect(await stateOf(missing(reason, 'why'))).toBe('unknown')
    expect(await stateOf(chain('next-hop-failed', reason))).toBe('unknown')
  })
  it('whose redirect was not followed to keep a secret is unknown', async () => {
    expect(await stateOf(chain('kept-back', null))).toBe('unknown')
  })
  it('that is refused, gone or goes in a circle is dead', async () => {
    expect(await stateOf(missing('refused', 'why'))).toBe('dead')
    expect(await stateOf(chain('next-hop-failed', 'refused'))).toBe('dead')
    expect(await stateOf(chain('loop', null))).toBe('dead')
    expect(await stateOf(observed({ hops: [{ status: 404, body: '' }], ended: 'answer' } as never, ''))).toBe('dead')
    expect(await stateOf(observed({ hops: [{ status: 401, body: '' }], ended: 'answer' } as never, ''))).toBe('live')
  })
})
