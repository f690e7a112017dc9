// SPF of the domain and of every domain that configured senders bounce to: the records, what nearly is one, and the include tree.
import { nameGone, observed } from '../../core/fact.ts'
import { providerNamed } from '../../data/mail-providers.ts'
import { sharedNetworks } from '../../data/shared-networks.ts'
import type { SpfLookup } from '../../formats/spf/evaluate.ts'
import type { SpfOfName } from '../../formats/spf/names.ts'
import { holdsNetwork, isAuthorised, narrowNetworks, neededTerms } from '../../formats/spf/needs.ts'
import { meantSpf, withoutRedirect } from '../../formats/spf/repair.ts'
import { isSpf, nearlySpf } from '../../formats/spf/spf.ts'
import { buildSpfTree, type SpfTree, treeNetworks } from '../../formats/spf/tree.ts'
import type { CollectContext, FactDefinition } from '../definition.ts'
import { senderDomains, spfLookup, txtLookup } from './mail-lookups.ts'

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

/** Needed includes that are not authorised by name, but whose networks all are: somebody wrote them out. */
const coveredIncludes = async (tree: SpfTree, needed: readonly string[], lookup: SpfLookup): Promise<string[]> => {
  const own = narrowNetworks(tree)
  const judged = await Promise.all(
    needed
      .filter(term => term.startsWith('include:') && !isAuthorised(tree, term))
      .map(async term => {
        const networks = treeNetworks((await buildSpfTree(term.slice(8), lookup)).root)
        const isHeld = (network: string): boolean => own.some(wide => holdsNetwork(wide, network))
        return networks.length > 0 && networks.every(isHeld) ? [term] : []
      }),
  )
  return judged.flat()
}

/** Relays in the record whose own restriction the domain has published. */
const restrictedRelays = async (name: string, { root }: SpfTree, lookup: SpfLookup): Promise<string[]> => {
  const relays = [...new Set(root.terms.flatMap(term => term.target ?? []))]
  const asked = relays.map(async relay => {
    const restriction = sharedNetworks[relay]?.restriction
    if (!restriction) return []
    const answer = await lookup(`${restriction.label}.${name}`, 'TXT')
    // What could not be asked for is not held against the domain.
    if (!answer.ok) return [relay]
    return answer.records.some(text => text.trim().toLowerCase().startsWith(restriction.begins)) ? [relay] : []
  })
  return (await Promise.all(asked)).flat()
}

/** The tree of a record that is not published: the name answers with `text`, everything else as it does. */
const treeOfText = (name: string, text: string, lookup: SpfLookup): Promise<SpfTree> =>
  buildSpfTree(name, async (asked, type) =>
    asked === name && type === 'TXT' ? { ok: true, status: 'NOERROR', records: [text] } : lookup(asked, type),
  )

/** What the record was meant to be: first as it stands, then with the senders that it lacks. */
const repair = async (
  name: string,
  texts: readonly string[],
  needed: readonly string[],
  tree: SpfTree | null,
  lookup: SpfLookup,
): Promise<{ covered: string[]; repaired: SpfTree | null }> => {
  const [only] = texts
  if (only === undefined && needed.length === 0) return { covered: [], repaired: null }
  const mended = only === undefined ? 'v=spf1 ~all' : meantSpf(texts)
  let base = texts.length === 1 && mended === only && tree ? tree : await treeOfText(name, mended, lookup)
  // A redirect that leads over the limit: what stands behind it can be made fewer only here.
  const inlined = withoutRedirect(base)
  if (inlined !== null) base = await treeOfText(name, inlined, lookup)
  const covered = await coveredIncludes(base, needed, lookup)
  // What only far too wide a network lets send is put in by itself: that network may have to go.
  const narrow = narrowNetworks(base)
  const absent = needed.filter(term => !isAuthorised(base, term, narrow) && !covered.includes(term))
  if (absent.length) return { covered, repaired: await treeOfText(name, meantSpf([inlined ?? mended], absent), lookup) }
  return { covered, repaired: base === tree ? null : base }
}

const readName = async (name: string, senders: string[], context: CollectContext): Promise<SpfOfName> => {
  const lookup = spfLookup(context.net.dns)
  const answer = await txtLookup(context.net.dns, name)
  const bare: SpfOfName = {
    name,
    senders,
    texts: [],
    near: [],
    type99: [],
    tree: null,
    alias: null,
    restricted: [],
    covered: [],
    repaired: null,
    problem: null,
  }
  if (!answer.ok) return { ...bare, problem: answer.message }
  const texts = answer.records.filter(isSpf).sort()
  const near = answer.records
    .flatMap(text => {
      const read = nearlySpf(text)
      return read ? [{ text: text.slice(0, 4000), ...read }] : []
    })
    .sort((a, b) => (a.text < b.text ? -1 : 1))
  const [type99, tree, mx] = await Promise.all([
    texts.length === 0 ? type99Of(name, context) : [],
    texts.length ? buildSpfTree(name, lookup) : null,
    context.need('mx'),
  ])
  const domain = context.target.domain ?? name
  const servers = mx.ok ? mx.value.hosts.map(host => host.exchange) : []
  const needed = neededTerms(name, domain, context.target.senders, servers)
  const meant = texts.length ? texts : near[0] ? [near[0].text] : type99.slice(0, 1)
  return {
    ...bare,
    texts,
    near,
    type99,
    tree,
    alias: answer.cnames.at(-1) ?? null,
    restricted: tree ? await restrictedRelays(name, tree, lookup) : [],
    ...(await repair(name, meant, needed, tree, lookup)),
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
    if (answer.status === 'NXDOMAIN') return nameGone(subject.name, `${subject.name} does not exist`)
    return observed({ names: read }, context.now())
  },
}
export default fact
