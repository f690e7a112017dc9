import { describe, expect, it } from 'vitest'
import { bareTarget } from '../../../src/core/target.ts'
import { emptyNode, nodeOf, spfWith } from '../../../src/facts/email/spf.example.ts'
import { includeFaults } from '../../../src/formats/spf/include-faults.ts'
import { judgedNames, openPart, unreadOf } from '../../../src/formats/spf/names.ts'
import { denialAt, recordFaults } from '../../../src/formats/spf/record-faults.ts'
import { excess, fitRules, strangers, whoNeeds } from '../../../src/formats/spf/senders.ts'
import { isDenyAll } from '../../../src/formats/spf/spf.ts'
import { wantedSpf } from '../../../src/formats/spf/wanted.ts'

const domain = 'coachdash.example'
const item = (...given: Parameters<typeof spfWith>) => spfWith(...given).names[0]!
const near = (kind: 'leading' | 'version') => [{ text: ' v=spf1 -all', kind, at: 0, message: 'a space' }]

describe('recordFaults', () => {
  it.each([
    ['a sound record', item('v=spf1 -all'), []],
    ['a fault', item('v=spf1 ipv4:192.0.2.1 -all'), [{ kind: 'malformed', position: 8 }]],
    [
      'a mechanism with "="',
      item('v=spf1 include=a.example -all'),
      [{ kind: 'ignored-term', fault: 'include=a.example' }],
    ],
    ['too long', item(`v=spf1 ${'ip4:192.0.2.1 '.repeat(40)}-all`), [{ kind: 'too-long' }]],
    ['several', { ...item('v=spf1 -all'), texts: ['v=spf1 -all', 'v=spf1 ~all'] }, [{ kind: 'multiple' }]],
    ['a space before it', { ...item(), near: near('leading') }, [{ kind: 'leading-space', position: 1 }]],
    ['another version', { ...item(), near: near('version') }, [{ kind: 'malformed', fault: 'a space' }]],
    ['the abandoned type', { ...item(), type99: ['v=spf1 -all'] }, [{ kind: 'type-99-only' }]],
    ['none, and a sender bounces there', { ...item(), senders: ['A'] }, [{ kind: 'missing', severity: 'blocker' }]],
  ])('%s', (_name, found, faults) => {
    const judged = recordFaults(found, false)
    expect(judged).toHaveLength(faults.length)
    expect(judged).toMatchObject(faults)
  })

  it('counts less where nobody’s mail bounces', () =>
    expect(recordFaults(item(), true)).toMatchObject([{ kind: 'missing', severity: 'low' }]))
})

describe('denialAt', () => {
  const postmark = { name: 'Postmark', dkim: [], returnPath: 'pm-bounces.coachdash.example' }
  it.each([
    ['nobody is known', {}, [], [], { denial: '', unused: false }],
    ['every sender bounces elsewhere', { senders: [postmark] }, [], [], { denial: 'v=spf1 -all', unused: true }],
    [
      'the mailbox provider sends from here',
      { senders: [postmark] },
      ['smtp.google.com'],
      [],
      { denial: '', unused: false },
    ],
    [
      'the config says that nothing is sent',
      { sections: { email: { sends: false } } },
      [],
      [],
      { denial: 'v=spf1 -all', unused: false },
    ],
    ['return paths below the domain', {}, [], ['send.coachdash.example'], { denial: '', unused: true }],
  ])('%s', (_name, target, servers, returnPaths, expected) =>
    expect(
      denialAt(item(), domain, bareTarget(target), { hosts: servers.map(exchange => ({ exchange })) }, returnPaths),
    ).toEqual(expected),
  )
})

describe('excess', () => {
  const first = (text: string) => item(text).tree!.root.terms[0]!
  it.each([
    ['v=spf1 ip4:192.0.2.0/24 -all', null],
    ['v=spf1 ip4:192.0.0.0/18 -all', null],
    ['v=spf1 ip4:3.0.0.0/8 -all', '16,777,216 addresses'],
    ['v=spf1 ip6:2001:db8::/32 -all', null],
    ['v=spf1 ip6:2001:d00::/24 -all', 'a /24 of addresses'],
    ['v=spf1 ip4:10.0.0.0/8 -all', null],
    ['v=spf1 ip6:fc00::/7 -all', null],
    ['v=spf1 include:netblocks.digitalocean.com -all', 'all of DigitalOcean'],
    ['v=spf1 include:relay.mailchannels.net ~all', 'every customer of MailChannels'],
    ['v=spf1 include:websitewelcome.com ~all', null],
    ['v=spf1 ?ip4:3.0.0.0/8 -all', null],
  ])('%s', (text, size) => expect(excess(first(text))?.whom ?? null).toBe(size))

  it('of an include only what no service needs', () => {
    const below = (text: string) => item('v=spf1 include:b.example -all', { 'b.example': nodeOf('b.example', text) })
    expect(excess(below('v=spf1 ip4:3.0.0.0/14 -all').tree!.root.terms[0]!)).toBeNull()
    expect(excess(below('v=spf1 ip4:3.0.0.0/8 -all').tree!.root.terms[0]!)?.whom).toBe('16,777,216 addresses')
    expect(excess(below('v=spf1 ip4:3.0.0.0/8 +all').tree!.root.terms[0]!)).toBeNull()
  })
})

describe('what a repair never takes out', () => {
  const rules = (text: string, target: object, restricted: string[] = []) => {
    const { root, ...rest } = item(text).tree!
    const { unwanted } = fitRules({ root, ...rest }, domain, bareTarget(target), null, restricted)
    return root.terms.map(term => unwanted?.(term) ?? null)
  }
  const relay = 'relay.mailchannels.net'
  it.each([
    [
      'a relay that a sender is configured for',
      `include:${relay}`,
      { senders: [{ name: 'Host', spf: relay, dkim: [] }] },
    ],
    ['a relay while nobody is configured', `include:${relay}`, {}],
    [
      'a whole cloud that a sender is configured for',
      'include:netblocks.digitalocean.com',
      { senders: [{ name: 'Own', spf: 'netblocks.digitalocean.com', dkim: [] }] },
    ],
    [
      'a wide network that a sender is configured for',
      'ip4:3.0.0.0/8',
      { senders: [{ name: 'Own', ips: ['3.0.0.0/8'], dkim: [] }] },
    ],
    ['an include of a hosting company', 'include:websitewelcome.com', {}],
  ])('%s', (_name, term, target) => expect(rules(`v=spf1 ${term} ~all`, target)[0]).toBeNull())

  it('a relay that the domain restricts to its own account, though another sender is configured', () => {
    const target = { senders: [{ name: 'Postmark', dkim: [] }] }
    expect(rules(`v=spf1 include:${relay} ~all`, target, [relay])[0]).toBeNull()
    expect(rules(`v=spf1 include:${relay} ~all`, target)[0]).toBe('no configured sender uses it')
  })

  it('but a cloud that nobody named, and private addresses', () => {
    expect(rules('v=spf1 include:netblocks.digitalocean.com ~all', {})[0]).toMatch(/more addresses/)
    expect(
      rules('v=spf1 ip4:172.16.5.5 ip6:fd00::5 ip4:127.0.0.1 ip4:192.0.2.1 ~all', {}).map(why => why !== null),
    ).toEqual([true, true, true, false, false])
  })
})

describe('strangers', () => {
  const tree = item('v=spf1 include:mail.zendesk.com include:own.coachdash.example -all').tree!
  const names = (target: object) => strangers(tree, domain, bareTarget(target), null).map(term => term.target)
  it('are includes of nobody configured', () => {
    expect(names({})).toEqual([])
    expect(names({ senders: [{ name: 'Postmark', dkim: [] }] })).toEqual(['mail.zendesk.com'])
    expect(names({ senders: [{ name: 'Help desk', spf: 'mail.zendesk.com', dkim: [] }] })).toEqual([])
    expect(names({ senders: [{ name: 'Zendesk', dkim: [] }] })).toEqual([])
  })
})

it.each([
  ['include:mail.zendesk.com', 'Zendesk'],
  ['ip4:192.0.2.9', 'Own'],
  ['include:nobody.example', 'nobody.example'],
])('%s is needed by %s', (term, who) =>
  expect(whoNeeds(term, [{ name: 'Own', dkim: [], ips: ['192.0.2.9'] }])).toBe(who),
)

describe('includeFaults', () => {
  const faults = (node: Parameters<typeof spfWith>[1], more = {}) =>
    includeFaults(item('v=spf1 include:b.example -all', node, more).tree!.root.terms[0]!, domain).map(
      fault => fault.outcome,
    )
  const key = 'include:b.example'
  it.each([
    ['sound', faults({ 'b.example': nodeOf('b.example', 'v=spf1 -all') }), []],
    ['does not exist', faults({ 'b.example': emptyNode('b.example', 'nxdomain') }), ['target-without-record']],
    ['has no record', faults({ 'b.example': emptyNode('b.example', 'none') }), ['target-without-record']],
    ['has several', faults({ 'b.example': emptyNode('b.example', 'multiple') }), ['syntax-in-include']],
    ['has a fault', faults({ 'b.example': nodeOf('b.example', 'v=spf1 ipv4:1 -all') }), ['syntax-in-include']],
    ['a circle', faults({}, { [key]: { loop: true } }), ['loop']],
    ['twice', faults({}, { [key]: { duplicate: true } }), ['duplicate']],
  ])('%s', (_name, found, expected) => expect(found).toEqual(expected))
})

it.each([
  ['v=spf1 -all', true],
  ['v=spf1 exp=why.example -all', true],
  ['v=spf1 ~all', false],
  ['v=spf1 ip4:192.0.2.1 -all', false],
  ['v=spf1 ipv4:192.0.2.1 -all', false],
])('isDenyAll %s', (text, denies) => expect(isDenyAll(text)).toBe(denies))

describe('names and what is wanted of them', () => {
  it('several records are judged by no tree', () => {
    const several = { ...item('v=spf1 -all'), texts: ['v=spf1 -all', 'v=spf1 ~all'] }
    expect(judgedNames({ names: [several, item()] })).toEqual([])
    expect(judgedNames({ names: [item('v=spf1 -all')] })).toMatchObject([{ name: domain, text: 'v=spf1 -all' }])
  })
  it('what was not read is named', () => {
    const { tree } = item('v=spf1 -all')
    expect(unreadOf(tree!)).toBe('')
    expect(unreadOf({ ...tree!, truncated: true })).toBe('part of the include tree')
    expect(unreadOf({ ...tree!, unknown: [{ name: 'b.example', message: '' }] })).toBe('b.example')
  })
  it.each([
    ['read whole', 'v=spf1 -all', [], true, null],
    ['a name that did not answer', 'v=spf1 -all', ['b.example'], false, 'b.example could not be asked for'],
    ['a macro, and no sender is sought', 'v=spf1 exists:%{i}.b.example -all', [], false, null],
    [
      'a macro, and a sender is sought',
      'v=spf1 exists:%{i}.b.example -all',
      [],
      true,
      'exists:%{i}.b.example depends on the message: ask with launch-ready email spf coachdash.example --ip ADDRESS',
    ],
  ])('openPart: %s', (_name, text, unknown, seeks, words) => {
    const { tree } = item(text)
    const terms = tree!.root.terms.map(term => (term.name === 'exists' ? { ...term, target: null } : term))
    const open = unknown.map(name => ({ name, message: '' }))
    expect(openPart({ ...tree!, root: { ...tree!.root, terms }, unknown: open }, seeks)).toBe(words)
  })
  it('the wanted record drops what nobody needs', () => {
    const wanted = wantedSpf(
      item('v=spf1 ip4:192.0.2.1 include:mail.zendesk.com -all'),
      domain,
      bareTarget({ senders: [{ name: 'Own', dkim: [], ips: ['192.0.2.1'] }] }),
      null,
    )
    expect(wanted?.record).toBe('v=spf1 ip4:192.0.2.1 -all')
    expect(wantedSpf(item(), domain, bareTarget(), null)).toBeNull()
  })
})
