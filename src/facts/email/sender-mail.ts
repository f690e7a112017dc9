// One configured sender: which domains its mail carries, whether SPF and DKIM would pass and align there, and whether replies arrive.
import { missing, observed } from '../../core/fact.ts'
import type { TargetSender } from '../../core/target.ts'
import { type MailProvider, providerNamed, providersOfInclude } from '../../data/mail-providers.ts'
import { isUsableKey, looksLikeDkim, parseDkimKey, selectorAt } from '../../formats/dkim/dkim.ts'
import { networkHolds } from '../../formats/dns/ip-network.ts'
import { localPart } from '../../formats/mail/address.ts'
import { isSpf } from '../../formats/spf/spf.ts'
import { buildSpfTree, dynamicTerm, isPermanentError, treeIncludes, treeNetworks } from '../../formats/spf/tree.ts'
import type { CollectContext, FactDefinition } from '../definition.ts'
import {
  escapeName,
  mxFields,
  organizationalOf,
  recordTexts,
  senderDomains,
  spfLookup,
  txtLookup,
} from './mail-lookups.ts'

export type SenderMail = {
  name: string
  provider: string | null
  from: string
  local: string | null
  /** The domain that bounces go to; null where only a message can tell. `known` says how it is known. */
  envelope: string | null
  known: 'config' | 'dns' | 'provider' | null
  fromOrganizational: string
  envelopeOrganizational: string | null
  spf: { texts: string[]; authorised: boolean | null; problem: string | null }
  dkim: { selector: string; name: string; usable: boolean; problem: string | null }[]
  adkim: 'r' | 's'
  aspf: 'r' | 's'
  /** Policy that applies to the From domain: none when there is no record. */
  policy: 'none' | 'quarantine' | 'reject'
  /** Replies to the From address. */
  replies: { mx: string[]; nullMx: boolean; exists: boolean; problem: string | null }
}

/** The envelope domain: said by the config, seen in DNS (a return path set up as the provider proposes), or known of the provider. */
const envelopeOf = async (
  sender: TargetSender,
  provider: MailProvider | null,
  from: string,
  domain: string,
  context: CollectContext,
): Promise<Pick<SenderMail, 'envelope' | 'known'>> => {
  const { envelope } = senderDomains(sender, domain)
  if (envelope) return { envelope, known: 'config' }
  if (!provider) return sender.ips?.length ? { envelope: from, known: 'provider' } : { envelope: null, known: null }
  if (provider.envelope === 'from') return { envelope: from, known: 'provider' }
  const seen = await Promise.all(
    provider.returnPath.map(async label => {
      const name = `${label}.${from}`
      const answer = await context.net.dns.lookup(name, 'MX')
      const targets = answer.ok ? [...answer.value.cnames, ...recordTexts(answer.value, 'MX')] : []
      return targets.some(target =>
        provider.returnPathTargets.some(end => target === end || target.endsWith(`.${end}`)),
      )
        ? name
        : null
    }),
  )
  const found = seen.find(name => name !== null)
  return found ? { envelope: found, known: 'dns' } : { envelope: null, known: 'provider' }
}

const spfAt = async (
  sender: TargetSender,
  provider: MailProvider | null,
  envelope: string,
  context: CollectContext,
): Promise<SenderMail['spf']> => {
  const answer = await txtLookup(context.net.dns, envelope)
  if (!answer.ok) return { texts: [], authorised: null, problem: answer.message }
  const texts = answer.records.filter(isSpf).sort()
  if (texts.length !== 1) return { texts, authorised: false, problem: null }
  const tree = await buildSpfTree(envelope, spfLookup(context.net.dns))
  const includes = treeIncludes(tree.root)
  const networks = treeNetworks(tree.root)
  const wanted = [...(sender.spf ? [sender.spf] : []), ...(provider?.spf ?? [])]
  const byInclude = wanted.some(
    name =>
      includes.includes(name) ||
      includes.some(include => providersOfInclude(include).some(item => item.spf.includes(name))),
  )
  const byAddress =
    (sender.ips ?? []).length > 0 &&
    (sender.ips ?? []).every(ip => networks.some(network => networkHolds(network, ip.split('/')[0] as string)))
  const known = await context.need('spf')
  const covered = known.ok ? (known.value.names.find(item => item.name === envelope)?.covered ?? []) : []
  const isThere = byInclude || byAddress || wanted.some(name => covered.includes(`include:${name}`))
  const authorised = isPermanentError(tree)
    ? false
    : isThere || (wanted.length === 0 && !sender.ips?.length ? null : false)
  return {
    texts,
    authorised: authorised === false && (tree.unknown.length > 0 || dynamicTerm(tree) !== null) ? null : authorised,
    problem: tree.unknown[0]?.message ?? null,
  }
}

/** The key at one name, and whether mail from `from` is signed for by it. */
const keyAt = async (
  selector: string,
  at: string,
  from: string,
  context: CollectContext,
): Promise<SenderMail['dkim'][number] & { exists: boolean }> => {
  const { dns } = context.net
  const name = `${selector}._domainkey.${at}`
  const answer = await dns.lookup(escapeName(name), 'TXT')
  const texts = answer.ok ? recordTexts(answer.value, 'TXT') : []
  const text = texts.find(looksLikeDkim) ?? texts[0]
  const key = text === undefined ? null : parseDkimKey(text)
  const sound = key !== null && isUsableKey(key)
  const [own, other] =
    sound && at !== from ? await Promise.all([from, at].map(each => organizationalOf(each, dns))) : []
  const aligned = at === from || (own?.organizational === other?.organizational && own?.record?.adkim !== 's')
  const exists = texts.length > 0 || (answer.ok && answer.value.cnames.length > 0)
  return { selector, name, usable: sound && aligned, problem: answer.ok ? null : answer.message, exists }
}

/** Keys of a sender: those configured, at the From domain or where the config says or at the sending subdomain; else what its provider uses. */
const keysOf = async (
  sender: TargetSender,
  provider: MailProvider | null,
  from: string,
  domain: string,
  context: CollectContext,
): Promise<SenderMail['dkim']> => {
  const { envelope } = senderDomains(sender, domain)
  const plain = ({ exists: _, ...key }: Awaited<ReturnType<typeof keyAt>>): SenderMail['dkim'][number] => key
  const given = [...new Map(sender.dkim.map(name => [name.toLowerCase(), selectorAt(name, from)])).values()]
  if (given.length === 0) {
    const proposed = await Promise.all((provider?.dkim ?? []).map(selector => keyAt(selector, from, from, context)))
    // Selectors that only the table proposes count where they are there.
    return proposed.filter(key => key.usable).map(plain)
  }
  return Promise.all(
    given.map(async ({ selector, domain: at, whole }) => {
      const elsewhere = !whole && envelope !== null && envelope !== from ? envelope : null
      const [own, other] = await Promise.all([
        keyAt(selector, at, from, context),
        elsewhere ? keyAt(selector, elsewhere, from, context) : null,
      ])
      return plain(other?.exists && !own.exists && own.problem === null ? other : own)
    }),
  )
}

const fact: FactDefinition<SenderMail> = {
  on: 'sender',
  async collect(subject, context) {
    const domain = context.target.domain ?? ''
    const sender =
      (subject.details as TargetSender | undefined) ??
      context.target.senders.find(item => (item.from ?? item.name) === subject.name)
    if (!sender) return missing('internal', `no sender is named ${subject.name}`)
    const provider = providerNamed(sender.name)
    const { from } = senderDomains(sender, domain)
    const { dns } = context.net
    const [where, mx, fromWalk, dkim] = await Promise.all([
      envelopeOf(sender, provider, from, domain, context),
      dns.lookup(from, 'MX'),
      organizationalOf(from, dns),
      keysOf(sender, provider, from, domain, context),
    ])
    const envelope = where.envelope
    const [spf, envelopeWalk] = await Promise.all([
      envelope ? spfAt(sender, provider, envelope, context) : { texts: [], authorised: null, problem: null },
      envelope && envelope !== from ? organizationalOf(envelope, dns) : fromWalk,
    ])
    const hosts = mx.ok ? mx.value.records.map(mxFields) : []
    const real = hosts.filter(host => host.exchange !== '' && host.exchange !== '.')
    return observed(
      {
        name: sender.name,
        provider: provider?.id ?? null,
        from,
        local: localPart(sender.from),
        ...where,
        fromOrganizational: fromWalk.organizational,
        envelopeOrganizational: envelope ? envelopeWalk.organizational : null,
        spf,
        dkim,
        adkim: fromWalk.record?.adkim ?? 'r',
        aspf: fromWalk.record?.aspf ?? 'r',
        policy: fromWalk.policy,
        replies: {
          mx: real.map(host => host.exchange).sort(),
          nullMx: hosts.length > 0 && real.length === 0,
          exists: mx.ok && mx.value.status !== 'NXDOMAIN',
          problem: mx.ok ? null : mx.message,
        },
      },
      context.now(),
    )
  },
}
export default fact
