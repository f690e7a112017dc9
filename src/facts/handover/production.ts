// Production as it was seen: the facts of all stages put together. It looks at nothing itself.
import type { Fact } from '../../core/fact.ts'
import { observed } from '../../core/fact.ts'
import { maskSecret } from '../../core/redact.ts'
import { certificatePlatforms } from '../../data/certificate-platforms.ts'
import { serviceOf } from '../../data/dangling-services.ts'
import { dnsProviderOf } from '../../data/dns-providers.ts'
import { isWithin } from '../../formats/dns/name.ts'
import type { Production, SeenHost, Unseen } from '../../formats/handover/production.ts'
import { randomNamesIn } from '../../formats/secrets/random-names.ts'
import { secretsIn } from '../../formats/secrets/secrets-in.ts'
import { tryCertificate } from '../../formats/tls/x509.ts'
import type { CollectContext, FactDefinition } from '../definition.ts'
import type { FoundHost } from '../http/hosts.ts'
import type { Facts } from '../index.generated.ts'
import { hostSubject } from '../subjects.ts'
import { seenMail } from './seen-mail.ts'
import { seenMonitoring } from './seen-monitoring.ts'
import { seenPerformance } from './seen-performance.ts'
import { seenRepository } from './seen-repository.ts'

export type { Production } from '../../formats/handover/production.ts'

const seenOf = <T>(fact: Fact<T>): T | null => (fact.ok ? fact.value : null)

/** Authorities whose certificates live 90 days: nobody renews those by hand. */
const automatic = /let's encrypt|google trust|zerossl|cloudflare|amazon|buypass/i

const certificateOf = (tls: Facts['tls'] | null, platform: string | null): SeenHost['certificate'] => {
  const handshake = tls?.endpoints.find(({ handshake: one }) => one.ok)?.handshake
  const leaf = handshake?.ok && handshake.value.chain[0] ? tryCertificate(handshake.value.chain[0]) : null
  if (!leaf || Number.isNaN(leaf.notAfter)) return null
  const issuer = leaf.issuer.organization ?? leaf.issuer.common ?? leaf.issuer.text
  const renews = automatic.test(issuer) || platform !== null ? 'itself' : 'unknown'
  return { issuer, expires: new Date(leaf.notAfter).toISOString().slice(0, 10), renews }
}

const platformOf = (cnames: readonly string[], edges: Facts['hostEdges'] | null): string | null => {
  for (const target of cnames) {
    const name = certificatePlatforms.find(({ suffix }) => suffix.test(target))?.name ?? serviceOf(target)?.name
    if (name) return name
  }
  const header = (name: string): string => edges?.headers.find(item => item.name === name)?.value ?? ''
  if (header('x-vercel-id') || /^vercel$/i.test(header('server'))) return 'Vercel'
  if (header('fly-request-id')) return 'Fly.io'
  if (header('x-nf-request-id') || /^netlify$/i.test(header('server'))) return 'Netlify'
  return /heroku|render|railway/i.exec(header('server') || header('via'))?.[0] ?? null
}

const seenHost = async (
  host: FoundHost,
  domain: string,
  context: CollectContext,
): Promise<SeenHost | Unseen | null> => {
  const subject = hostSubject(host.name, domain)
  const [addresses, edges, tls] = await Promise.all([
    context.need('addresses', subject),
    context.need('hostEdges', subject),
    context.need('tls', subject),
  ])
  if (!addresses.ok) return { part: `host ${host.name}`, why: addresses.message, command: `launch-ready dns ${domain}` }
  if (addresses.value.status !== 'NOERROR') return null
  const { cnames } = addresses.value
  const platform = platformOf(cnames, seenOf(edges))
  const edge = seenOf(edges)?.edge ?? null
  // The name that its owner wrote: what stands behind it is the platform's, and changes without harm, as its addresses do.
  const foreign = cnames.find(target => !isWithin(target, domain)) ?? null
  const leadsTo = foreign ?? cnames.at(-1) ?? null
  const stands = platform === null && edge === null && foreign === null
  return {
    name: host.name,
    role: host.role,
    platform,
    edge,
    leadsTo,
    addresses: stands ? addresses.value.addresses.map(({ address }) => address).sort() : [],
    certificate: certificateOf(seenOf(tls), platform),
  }
}

type Hosts = { hosts: SeenHost[]; unseen: Unseen[] }

const seenHosts = async (domain: string, context: CollectContext): Promise<Hosts> => {
  const found = await context.need('hosts')
  if (!found.ok)
    return { hosts: [], unseen: [{ part: 'hosts', why: found.message, command: `launch-ready dns ${domain}` }] }
  const all = await Promise.all(found.value.hosts.slice(0, 40).map(host => seenHost(host, domain, context)))
  const seen = all.filter(host => host !== null)
  return {
    hosts: seen.filter(host => 'name' in host).sort((a, b) => (a.name < b.name ? -1 : 1)),
    unseen: seen.filter(host => 'part' in host),
  }
}

/** Facts of mail and repository that could not be had, though the rest could. */
const unseenFacts = async (context: CollectContext): Promise<Unseen[]> => {
  const facts = [
    ['mail servers', 'mx', 'email'],
    ['spf', 'spf', 'email'],
    ['dmarc', 'dmarc', 'email'],
    ['DKIM keys', 'selectors', 'email'],
    ['pipelines', 'pipelines', 'deploy'],
    ['platform files', 'deployment', 'deploy'],
    ['history', 'repoHistory', 'deploy'],
    ['migrations', 'migrations', 'deploy'],
    ['variables', 'envUsage', 'deploy'],
    ['backups', 'backups', 'deploy'],
    ['ledger', 'secretLedger', 'deploy'],
  ] as const
  const wanted = facts.filter(([, , stage]) => stage === 'email' || context.target.repo !== null)
  const asked = await Promise.all(
    wanted.map(async ([part, name, stage]) => ({ part, stage, fact: await context.need(name) })),
  )
  const [watching, tree] = await Promise.all([context.need('watching'), context.need('tree')])
  const silent = watching.ok ? watching.value.providers.filter(({ problem }) => problem !== null) : []
  return [
    ...asked.flatMap(({ part, stage, fact }) =>
      fact.ok || fact.because !== undefined ? [] : [{ part, why: fact.message, command: `launch-ready ${stage}` }],
    ),
    ...(tree.ok && tree.value.defaultBranchGuessed
      ? [
          {
            part: 'default branch',
            why: 'this checkout does not say which one it is',
            command: 'git remote set-head origin --auto',
          },
        ]
      : []),
    ...silent.map(({ name, problem }) => ({
      part: 'monitoring',
      why: `${name} did not answer: ${problem}`,
      command: 'launch-ready monitor',
    })),
  ]
}

const seenDns = async (context: CollectContext): Promise<Production['dns']> => {
  const servers = await context.need('nameServers')
  if (!servers.ok) return null
  const names = [...(servers.value.child.length ? servers.value.child : (servers.value.parent ?? []))].sort()
  const provider = dnsProviderOf(names)
  return { nameServers: names, provider: provider?.name ?? null, edit: provider?.edit ?? null }
}

const unseenParts = (
  { registration, dns, mail, repository, monitoring, performance }: Production,
  repo: string | null,
): Unseen[] => {
  const parts: [boolean, Unseen][] = [
    [registration === null, { part: 'registrar', why: 'the registry did not say', command: 'launch-ready dns' }],
    [dns === null, { part: 'name servers', why: 'they could not be asked', command: 'launch-ready dns' }],
    [mail === null, { part: 'mail', why: 'its records could not be read', command: 'launch-ready email' }],
    [
      repository === null,
      {
        part: 'deploy',
        why: repo === null ? 'no repository was given' : 'the repository could not be read',
        command: 'launch-ready handover write --repo path/to/repo',
      },
    ],
    [
      monitoring === null,
      { part: 'monitoring', why: 'no monitor is configured (monitor)', command: 'launch-ready monitor' },
    ],
    [
      performance === null,
      { part: 'performance', why: 'no baseline was recorded', command: 'launch-ready perf baseline' },
    ],
  ]
  return parts.flatMap(([missing, part]) => (missing ? [part] : []))
}

/** Keys in names are masked here, so that what is written and what is verified later are one. */
const withoutKeys = <T>(value: T): T =>
  JSON.parse(
    [...secretsIn(value), ...randomNamesIn(value)].reduce(
      (text, word) => text.replaceAll(JSON.stringify(word).slice(1, -1), maskSecret(word)),
      JSON.stringify(value),
    ),
  ) as T

const fact: FactDefinition<Production> = {
  on: 'domain',
  deadlines: 12,
  async collect({ name: domain }, context) {
    const [registration, dns, { hosts, unseen }, routes, mail, repository, monitoring, unseenNow] = await Promise.all([
      context.need('registration'),
      seenDns(context),
      seenHosts(domain, context),
      context.need('routes'),
      seenMail(context),
      seenRepository(context),
      seenMonitoring(context),
      unseenFacts(context),
    ])
    const registered = seenOf(registration)
    const seen: Production = {
      domain,
      registration: registered && {
        registrar: registered.registrar,
        expires: registered.expires?.slice(0, 10) ?? null,
        states: registered.states,
      },
      dns,
      hosts,
      routes: (seenOf(routes)?.routes ?? []).map(({ name, kind, url }) => ({ name, kind, url })),
      mail,
      repository: withoutKeys(repository),
      monitoring: withoutKeys(monitoring),
      performance: seenPerformance(context.target.repo),
      declared: withoutKeys({
        by: context.config.deploy?.by ?? null,
        rollback: context.config.deploy?.rollback ?? null,
        backup: context.config.deploy?.backup ?? null,
        restored: context.config.deploy?.restored ?? null,
      }),
      unseen: [],
    }
    return observed(
      { ...seen, unseen: [...unseenParts(seen, context.target.repo), ...unseen, ...unseenNow] },
      context.now(),
    )
  },
}
export default fact
