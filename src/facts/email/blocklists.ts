// DNS blocklists: the domain and its own sending addresses. A list that does not know its own test entry does not answer us.
import { notApplicable, observed } from '../../core/fact.ts'
import { type Blocklist, blocklists, refusalCodes } from '../../data/blocklists.ts'
import { reverseLabels } from '../../formats/dns/ip-network.ts'
import type { CollectContext, FactDefinition } from '../definition.ts'

export type ListAnswer = {
  zone: string
  list: string
  lookup: string
  /** The address or the domain that was asked about. */
  about: string
  state: 'listed' | 'clean' | 'refused' | 'unanswered'
  /** Return codes, and what the list says in words. */
  codes: string[]
  text: string
}

export type Blocklists = { answers: ListAnswer[] }

/** A list of the config: addresses are asked about; its test point is the usual one. */
const configured = (zone: string): Blocklist => ({
  zone,
  name: zone,
  lists: 'address',
  ipv6: true,
  test: '2.0.0.127',
  refusals: refusalCodes,
  ignore: [],
  lookup: `https://${zone}/`,
  source: '',
})

const askList = async (list: Blocklist, abouts: readonly string[], context: CollectContext): Promise<ListAnswer[]> => {
  if (abouts.length === 0) return []
  const { dns } = context.net
  const names = abouts.map(about => `${list.lists === 'address' ? reverseLabels(about) : about}.${list.zone}`)
  const [test, ...answers] = await Promise.all([
    dns.lookup(`${list.test}.${list.zone}`, 'A'),
    ...names.map(name => dns.lookup(name, 'A')),
  ])
  const codesOf = (answer: typeof test | undefined): string[] =>
    answer?.ok ? answer.value.records.map(record => record.data).sort() : []
  const known = codesOf(test)
  const refuses = known.some(code => list.refusals.includes(code)) && list.test !== '2.0.0.127'
  return Promise.all(
    abouts.map(async (about, at): Promise<ListAnswer> => {
      const codes = codesOf(answers[at])
      const bare = { zone: list.zone, list: list.name, lookup: list.lookup, about, codes, text: '' }
      if (!answers[at]?.ok || !test?.ok) return { ...bare, state: 'unanswered' }
      if (refuses || codes.some(code => list.refusals.includes(code))) return { ...bare, state: 'refused' }
      // No answer for the entry that is always there: refused, or the list is gone. Anything but 127.x is a parked domain.
      if (known.length === 0 || known.some(code => list.refusals.includes(code) || !code.startsWith('127.')))
        return { ...bare, state: 'refused' }
      const listing = codes.filter(code => code.startsWith('127.') && !list.ignore.includes(code))
      if (listing.length === 0) return { ...bare, state: 'clean' }
      const why = await dns.lookup(names[at] as string, 'TXT')
      return { ...bare, state: 'listed', text: why.ok ? (why.value.records[0]?.data ?? '').slice(0, 300) : '' }
    }),
  )
}

const fact: FactDefinition<Blocklists> = {
  on: 'domain',
  async collect(subject, context) {
    const [sending, mx] = await Promise.all([context.need('sendingAddresses'), context.need('mx')])
    if (!mx.ok && mx.because) return notApplicable(mx.because)
    const addresses = sending.ok ? sending.value.addresses.map(item => item.address) : []
    const own = context.config.email?.blocklists
    const lists = own ? own.map(zone => blocklists.find(list => list.zone === zone) ?? configured(zone)) : blocklists
    const answers = await Promise.all(
      lists.map(list =>
        askList(
          list,
          list.lists === 'domain' ? [subject.name] : addresses.filter(address => list.ipv6 || !address.includes(':')),
          context,
        ),
      ),
    )
    if (!mx.ok && answers.flat().every(answer => answer.state === 'unanswered')) return mx
    return observed(
      { answers: answers.flat().sort((a, b) => (a.zone + a.about < b.zone + b.about ? -1 : 1)) },
      context.now(),
    )
  },
}
export default fact
