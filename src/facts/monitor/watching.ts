// Who watches the product: our own config and store, files of other tools in the repository, providers whose tokens are given.
import { type Fact, missing, observed } from '../../core/fact.ts'
import { type CommittedProof, proofsFor } from '../../formats/monitor/delivery-evidence.ts'
import type { Listed, Provider } from '../../formats/monitor/providers.ts'
import { providers } from '../../formats/monitor/providers.ts'
import type { MonitorReading, ReadProof } from '../../formats/monitor/reading.ts'
import { type MonitorSectionView, viewOfSection } from '../../formats/monitor/section.ts'
import { isUnder, ownSource, type SeenMonitor, type WatchKind } from '../../formats/monitor/seen.ts'
import type { ToolFile } from '../../formats/monitor/tool-files.ts'
import { isAsked } from '../asked.ts'
import type { CollectContext, FactDefinition } from '../definition.ts'
import { hostSubject, repoSubject } from '../subjects.ts'

/** A host and the addresses that it has. */
export type Place = { host: string; addresses: string[] }

export type Watching = {
  /** Our own section of the config; null without it. */
  section: MonitorSectionView | null
  /** What our watcher keeps; null without a store. */
  reading: MonitorReading | null
  monitors: SeenMonitor[]
  /** Test alerts: of the store, and of the file that is committed. */
  proofs: ReadProof[]
  tools: Pick<ToolFile, 'tool' | 'file' | 'channels' | 'statusPage'>[]
  /** Where the product, the dashboard and the status page stand: hosts and their addresses. */
  places: { product: Place | null; dashboard: Place | null; status: Place | null }
  /** Providers that were asked, and why some did not answer. */
  providers: { name: string; monitors: number; problem: string | null }[]
}

/** Results older than this many intervals are no watching. */
export const freshIntervals = 3
const mostPages = 20
/** Monitors that a provider is asked for one by one. */
const mostDetails = 40

const ours: Readonly<Record<string, WatchKind>> = {
  http: 'http',
  tls: 'tls',
  domain: 'domain',
  smtp: 'smtp',
  heartbeat: 'heartbeat',
  dns: 'dns',
  tcp: 'tcp',
  flow: 'http',
  mailFlow: 'other',
}
const asserting = ['text', 'notText', 'json', 'header', 'redirect']

/** Our monitors, as the store knows them and else as the config has them. */
const ourMonitors = (section: MonitorSectionView, reading: MonitorReading | null, now: number): SeenMonitor[] => {
  const configured = section.monitors ?? reading?.monitors.map(one => ({ ...one, expect: {} })) ?? []
  return configured.map(monitor => {
    const seen = reading?.monitors.find(({ name }) => name === monitor.name)
    const age = seen?.lookedAt ? now - seen.lookedAt : Number.POSITIVE_INFINITY
    const isFresh = age < freshIntervals * monitor.intervalMs
    const why = seen?.lookedAt ? `last looked ${Math.round(age / 60_000)} minutes ago` : 'never looked'
    return {
      source: ownSource,
      name: monitor.name,
      kind: ours[monitor.kind] ?? 'other',
      target: monitor.target,
      intervalMs: monitor.intervalMs,
      paused: !isFresh,
      ...(isFresh ? {} : { why }),
      asserts: monitor.kind === 'flow' || monitor.expects.some(name => asserting.includes(name)),
    }
  })
}

type Asking = { provider: Provider; token: string; account: string; context: CollectContext }

const askPage = async ({ provider, token, account, context }: Asking, path: string): Promise<Fact<unknown>> => {
  const answer = await context.net.http({
    url: `https://${provider.host}${path}`,
    verify: 'strict',
    headers: provider.headers(token, account),
    maxBytes: 4_000_000,
  })
  if (!answer.ok) return answer
  const hop = answer.value.hops[0]
  if (!hop || hop.status === 401 || hop.status === 403)
    return missing('forbidden', `${provider.host} refuses ${provider.token}`)
  if (hop.status === 429) return missing('rate-limited', `${provider.host} asks us to come back later`)
  if (hop.status !== 200) return missing('http-status', `${provider.host} answered ${hop.status}`)
  try {
    return observed(JSON.parse(hop.body) as unknown, context.now())
  } catch {
    return missing('malformed', `${provider.host} answered with something else than JSON`)
  }
}

/** What a list leaves out, asked for the monitors of this domain alone. What cannot be asked for counts as comparing: no reproach without proof. */
const withDetail = async (asking: Asking, listed: readonly Listed[]): Promise<SeenMonitor[]> => {
  const { provider, context } = asking
  const domain = context.target.domain
  let asked = 0
  const all: SeenMonitor[] = []
  for (const { detail, ...monitor } of listed) {
    if (detail === undefined || !provider.readDetail || !domain || !isUnder(monitor.target, domain)) {
      all.push(monitor)
      continue
    }
    const page = asked++ < mostDetails ? await askPage(asking, detail) : null
    all.push(page?.ok ? provider.readDetail(page.value, monitor) : { ...monitor, asserts: true })
  }
  return all
}

/** The monitors of one provider, page by page. */
const askProvider = async (
  provider: Provider,
  token: string,
  context: CollectContext,
): Promise<Fact<SeenMonitor[]>> => {
  const account = provider.account ? (context.env[provider.account] ?? '') : ''
  if (provider.account && !account) return missing('needs-credential', `${provider.account} is not set`)
  const asking = { provider, token, account, context }
  const all: Listed[] = []
  let path: string | null = provider.first
  for (let page = 0; path !== null && page < mostPages; page++) {
    const body: Fact<unknown> = await askPage(asking, path)
    if (!body.ok) return body
    const read = provider.read(body.value, path)
    if (!read) return missing('malformed', `${provider.host} answered with something else than a list of monitors`)
    all.push(...read.monitors)
    path = read.next
  }
  return observed(await withDetail(asking, all), context.now())
}

const askProviders = async (
  context: CollectContext,
): Promise<{ monitors: SeenMonitor[]; asked: Watching['providers'] }> => {
  // Tokens go out for the config's own domain alone: of a stranger's domain our account says nothing.
  const given = isAsked(context.config.domain, context.target.domain)
    ? providers.filter(({ token }) => context.env[token])
    : []
  const answers = await Promise.all(given.map(provider => askProvider(provider, context.env[provider.token]!, context)))
  return {
    monitors: answers.flatMap(answer => (answer.ok ? answer.value : [])),
    asked: given.map(({ name }, at) => {
      const answer = answers[at]!
      return { name, monitors: answer.ok ? answer.value.length : 0, problem: answer.ok ? null : answer.message }
    }),
  }
}

const placeOf = async (context: CollectContext, host: string | undefined): Promise<Place | null> => {
  const domain = context.target.domain
  if (!host || !domain) return null
  const found = await context.need('addresses', hostSubject(host, domain))
  return found.ok && found.value.addresses.length
    ? { host, addresses: found.value.addresses.map(({ address }) => address) }
    : null
}

/** The host of a status page: of the config, else the usual name. */
const placesOf = async (context: CollectContext): Promise<Watching['places']> => {
  const { domain, hosts } = context.target
  const own = isAsked(context.config.domain, domain) ? context.config.monitor : undefined
  const [product, dashboard, status] = await Promise.all([
    placeOf(context, hosts['app'] ?? domain ?? undefined),
    placeOf(context, own?.url ? new URL(own.url).hostname : own?.hosts?.[0]),
    placeOf(context, hosts['status'] ?? (domain ? `status.${domain}` : undefined)),
  ])
  return { product, dashboard, status }
}

const repositorySigns = async (context: CollectContext): Promise<{ tools: ToolFile[]; proofs: CommittedProof[] }> => {
  if (!context.target.repo) return { tools: [], proofs: [] }
  const signs = await context.need('monitorSigns', repoSubject(context.target.repo))
  return signs.ok ? signs.value : { tools: [], proofs: [] }
}

const fact: FactDefinition<Watching> = {
  on: 'domain',
  deadlines: 8,
  async collect(_subject, context) {
    const own = isAsked(context.config.domain, context.target.domain) ? context.config.monitor : undefined
    const section = own ? viewOfSection(own) : null
    let reading: MonitorReading | null = null
    if (section && context.readMonitor)
      try {
        reading = await context.readMonitor()
      } catch (error) {
        return missing('malformed', `the store ${section.store} cannot be read: ${(error as Error).message}`)
      }
    const [{ tools, proofs }, { monitors, asked }, places] = await Promise.all([
      repositorySigns(context),
      askProviders(context),
      placesOf(context),
    ])
    const now = Date.parse(context.now())
    return observed(
      {
        section,
        reading,
        monitors: [
          ...(section ? ourMonitors(section, reading, now) : []),
          ...tools.flatMap(tool => tool.monitors),
          ...monitors,
        ],
        proofs: [...(reading?.proofs ?? []), ...proofsFor(proofs, section?.channels ?? [], now)],
        tools: tools.map(({ tool, file, channels, statusPage }) => ({ tool, file, channels, statusPage })),
        places,
        providers: asked,
      },
      context.now(),
    )
  },
}
export default fact
