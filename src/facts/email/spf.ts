// SPF of the domain and of every domain that configured senders bounce to: the records, what nearly is one, and the include tree.
import { notApplicable, observed } from '../../core/fact.ts'
import { providerNamed } from '../../data/mail-providers.ts'
import { isSpf, nearlySpf } from '../../formats/spf.ts'
import { buildSpfTree, type SpfTree } from '../../formats/spf-tree.ts'
import type { CollectContext, FactDefinition } from '../definition.ts'
import { senderDomains, spfLookup, txtLookup } from './mail-lookups.ts'

export type SpfOfName = {
  name: string
  /** Configured senders whose envelope domain it is. */
  senders: string[]
  /** SPF records in TXT, in the order received sorted by text. */
  texts: string[]
  /** Records that were meant as SPF and are none. */
  near: { text: string; kind: 'leading' | 'version'; at: number; message: string }[]
  /** SPF in records of the abandoned type 99; asked for only where TXT holds none. */
  type99: string[]
  /** The tree of the record (of the first, where there are several); null without one. */
  tree: SpfTree | null
  /** The TXT records could not be asked for; then nothing above says anything. */
  problem: string | null
}

export type Spf = {
  /** The domain itself first. */
  names: SpfOfName[]
}

/** The abandoned SPF type holds text in the same wire form as TXT; resolvers may refuse to ask for it. */
const type99Of = async (name: string, context: CollectContext): Promise<string[]> => {
  const answer = await context.net.dns.lookup(name, 'SPF')
  return answer.ok
    ? answer.value.records
        .map(record => record.data.replace(/^"|"$/g, ''))
        .filter(isSpf)
        .slice(0, 5)
        .sort()
    : []
}

/** Names judged in one run: more senders than a small product has. */
const nameLimit = 30

const readName = async (name: string, senders: string[], context: CollectContext): Promise<SpfOfName> => {
  const lookup = spfLookup(context.net.dns)
  const answer = await txtLookup(context.net.dns, name)
  const bare: SpfOfName = { name, senders, texts: [], near: [], type99: [], tree: null, problem: null }
  if (!answer.ok) return { ...bare, problem: answer.message }
  const texts = answer.records.filter(isSpf).sort()
  const near = answer.records
    .flatMap(text => {
      const read = nearlySpf(text)
      return read ? [{ text: text.slice(0, 600), ...read }] : []
    })
    .sort((a, b) => (a.text < b.text ? -1 : 1))
  return {
    ...bare,
    texts,
    near,
    type99: texts.length === 0 ? await type99Of(name, context) : [],
    tree: texts.length ? await buildSpfTree(name, lookup) : null,
  }
}

const fact: FactDefinition<Spf> = {
  on: 'domain',
  async collect(subject, context) {
    const names = new Map<string, string[]>([[subject.name, []]])
    for (const sender of context.target.senders) {
      const { from, envelope } = senderDomains(sender, subject.name)
      // Without a return path, such a provider bounces to a domain of its own: no name of ours counts.
      const provider = providerNamed(sender.name)
      if (!envelope && !sender.spf && !sender.ips?.length && provider && provider.envelope !== 'from') continue
      const name = envelope ?? from
      if (name !== subject.name && !name.endsWith(`.${subject.name}`)) continue
      names.set(name, [...(names.get(name) ?? []), sender.name])
    }
    const [answer, ...read] = await Promise.all([
      txtLookup(context.net.dns, subject.name),
      ...[...names].slice(0, nameLimit).map(([name, senders]) => readName(name, senders, context)),
    ])
    if (!answer.ok) return answer.missing
    if (answer.status === 'NXDOMAIN') return notApplicable(`${subject.name} does not exist`)
    return observed({ names: read }, context.now())
  },
}
export default fact
