// Facts about transport where the network, not the mail server, may be at fault; and lists that refuse to answer.
import { describe, expect, test } from 'vitest'
import { type Fact, missing, observed } from '../../../src/core/fact.ts'
import { bareTarget } from '../../../src/core/target.ts'
import type { CollectContext } from '../../../src/facts/definition.ts'
import blocklists from '../../../src/facts/email/blocklists.ts'
import type { Mx } from '../../../src/facts/email/mx.ts'
import mxSmtp from '../../../src/facts/smtp/mx-smtp.ts'
import type { MxHost } from '../../../src/formats/mail/mx.ts'
import type { DnsLookup } from '../../../src/net/network.ts'

const at = '2026-11-25T00:00:00Z'
const host = (exchange: string): MxHost => ({
  exchange,
  preference: 10,
  state: 'resolves',
  cnames: [],
  addresses: [{ address: '192.0.2.25', family: 4, private: false }],
  message: null,
})
const mxOf = (...names: string[]): Fact<Mx> =>
  observed({ status: 'NOERROR', ttl: 3600, nullMx: false, implicit: [], hosts: names.map(host) }, at)

const context = (facts: Record<string, Fact<unknown>>, net: object): CollectContext =>
  ({
    net,
    target: bareTarget({ domain: 'coachdash.example' }),
    config: {},
    env: {},
    now: () => at,
    need: async (name: string) => facts[name] ?? missing('internal', name),
    timeoutMs: 100,
  }) as unknown as CollectContext

describe('port 25', () => {
  const silent = { smtp: async () => missing('timeout', 'no answer'), isMapped: () => false }
  test('nobody answers: the way out is closed, one cause for all, nothing said of the server', async () => {
    const fact = await mxSmtp.collect(
      { kind: 'mx-host', name: 'mx1.coachdash.example' },
      context(
        { mx: mxOf('mx1.coachdash.example', 'mx2.coachdash.example') },
        { ...silent, dial: async () => missing('timeout', 'no answer') },
      ),
    )
    expect(fact).toMatchObject({ ok: false, cause: { kind: 'network', lacks: 'port-25' } })
    const other = await mxSmtp.collect(
      { kind: 'mx-host', name: 'mx2.coachdash.example' },
      context(
        { mx: mxOf('mx1.coachdash.example', 'mx2.coachdash.example') },
        { ...silent, dial: async () => missing('timeout', 'no answer') },
      ),
    )
    expect(other.ok ? null : other.cause).toEqual(fact.ok ? undefined : fact.cause)
  })
  test('another mail server answers: this one does not', async () => {
    const dial = async () =>
      observed({ socket: { destroy: () => {} }, address: '192.0.2.26', port: 25, mapped: false, elapsedMs: 1 }, at)
    const fact = await mxSmtp.collect(
      { kind: 'mx-host', name: 'mx1.coachdash.example' },
      context({ mx: mxOf('mx1.coachdash.example', 'mx2.coachdash.example') }, { ...silent, dial }),
    )
    expect(fact).toMatchObject({ ok: true, value: { probe: null, message: 'no answer' } })
  })
  test('a server without an address is another check’s business', async () => {
    const mx = observed(
      {
        status: 'NOERROR',
        ttl: 1,
        nullMx: false,
        implicit: [],
        hosts: [{ ...host('gone.coachdash.example'), state: 'nxdomain', addresses: [] }],
      },
      at,
    )
    expect(
      await mxSmtp.collect({ kind: 'mx-host', name: 'gone.coachdash.example' }, context({ mx }, silent)),
    ).toMatchObject({ ok: false, because: expect.any(String) })
  })
})

describe('blocklists', () => {
  const answers = (known: Record<string, string[]>, failing = false) => ({
    dns: {
      lookup: async (name: string, type: string): Promise<Fact<DnsLookup>> => {
        if (failing) return missing('timeout', 'no answer')
        const records = (known[name] ?? []).map(data => ({ name, type, ttl: 1, data }))
        return observed(
          { status: records.length ? 'NOERROR' : 'NXDOMAIN', records, cnames: [], chain: [], authenticData: false },
          at,
        )
      },
    },
  })
  const states = async (known: Record<string, string[]>, failing = false) => {
    const mx = observed({ status: 'NOERROR', hosts: [] }, at)
    const facts = {
      mx,
      sendingAddresses: observed({ addresses: [{ address: '192.0.2.25', why: '' }], leftOut: 0 }, at),
    }
    const fact = await blocklists.collect(
      { kind: 'domain', name: 'coachdash.example' },
      context(facts, answers(known, failing)),
    )
    return fact.ok ? Object.fromEntries(fact.value.answers.map(item => [item.zone, item.state])) : {}
  }
  test('a list that knows its test entry answers; one that does not says nothing', async () => {
    const found = await states({
      '2.0.0.127.zen.spamhaus.org': ['127.0.0.2'],
      '25.2.0.192.zen.spamhaus.org': ['127.0.0.4'],
      '2.0.0.127.bl.spamcop.net': ['127.0.0.2'],
      'dbltest.com.dbl.spamhaus.org': ['127.0.1.2'],
    })
    expect(found).toMatchObject({
      'zen.spamhaus.org': 'listed',
      'bl.spamcop.net': 'clean',
      'psbl.surriel.com': 'refused',
      'dbl.spamhaus.org': 'clean',
    })
  })
  test.each(['127.255.255.252', '127.255.255.254', '127.255.255.255'])('%s is a refusal, not a listing', async code => {
    const found = await states({
      '2.0.0.127.zen.spamhaus.org': ['127.0.0.2'],
      '25.2.0.192.zen.spamhaus.org': [code],
      'dbltest.com.dbl.spamhaus.org': [code],
      'coachdash.example.dbl.spamhaus.org': [code],
    })
    expect(found['zen.spamhaus.org']).toBe('refused')
    expect(found['dbl.spamhaus.org']).toBe('refused')
  })
  test('a parked list zone that answers everything with its own address lists nobody', async () => {
    const found = await states({
      '2.0.0.127.psbl.surriel.com': ['203.0.113.9'],
      '25.2.0.192.psbl.surriel.com': ['203.0.113.9'],
    })
    expect(found['psbl.surriel.com']).toBe('refused')
  })
  test('no answer is no verdict', async () =>
    expect(new Set(Object.values(await states({}, true)))).toEqual(new Set(['unanswered'])))
  test('no answer to anything is the resolver, not the lists', async () => {
    const text = 'resolver 127.0.0.1:9 does not answer'
    const cause = { kind: 'resolver', endpoint: '127.0.0.1:9', text } as const
    const facts = { mx: missing('refused', text, { cause }), sendingAddresses: missing('refused', text, { cause }) }
    expect(
      await blocklists.collect({ kind: 'domain', name: 'coachdash.example' }, context(facts, answers({}, true))),
    ).toMatchObject({ ok: false, cause })
  })
})
