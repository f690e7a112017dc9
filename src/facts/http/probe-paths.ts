// Asks a host for files that must never be served. A status 200 proves nothing: what came is kept (its start alone) and judged by content.
import { createHash } from 'node:crypto'
import { type Fact, observed, type Subject } from '../../core/fact.ts'
import {
  type ExposureProbe,
  exposureProbes,
  keptEndings,
  namedProbes,
  sampledPaths,
} from '../../data/exposure-probes.ts'
import { registrableDomain } from '../../formats/dns/registrable-domain.ts'
import { classifyExposure, type Exposure } from '../../formats/html/exposure.ts'
import { isMarkup } from '../../formats/http/asset-use.ts'
import { type HttpHop, headerOf } from '../../net/network.ts'
import type { CollectContext, FactDefinition } from '../definition.ts'
import { nothingToReach } from '../dns/addresses.ts'
import { hostSubject } from '../subjects.ts'
import { impossibleLabel } from './hosts.ts'
import { openDoor, type Web } from './web.ts'

/** `url`: where it was read, which a redirect may have led to. */
export type ProbedPath = { path: string; url: string; status: number; exposure: Exposure }

export type ProbePaths = {
  /** `https` or `http`: how the host was asked. */
  scheme: 'https' | 'http'
  asked: number
  /** Paths whose content proves an exposure; secrets in the evidence are masked. */
  exposed: ProbedPath[]
  /** Paths that gave no answer, with the reason; the check says so. */
  unanswered: { path: string; message: string }[]
  /** The host without `www.` that serves the same page, where its files are looked for; null for a host of its own. */
  sameAs: string | null
  /** What a path that cannot exist gets. */
  blank: { status: number; type: string; length: number; hash: string } | null
}

const firstBytes = 65_536

const shortHash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16)

const ask = (context: CollectContext, url: string, follow = 2): Promise<Fact<{ hops: HttpHop[] }>> =>
  context.net.http({
    url,
    method: 'GET',
    follow,
    background: true,
    // Transfer compression is undone first, else each page of a server that compresses all looks like an archive.
    bytes: true,
    maxBytes: firstBytes,
    headers: { range: `bytes=0-${firstBytes - 1}` },
  })

const byPath = (a: { path: string }, b: { path: string }): number => (a.path < b.path ? -1 : 1)

const isRedirect = ({ status }: HttpHop): boolean => status >= 300 && status < 400
const isContent = ({ status }: HttpHop): boolean => status === 200 || status === 206

/** Files beside which kept ones are looked for, on one host. */
const mostKept = 3

/** What stands beside files that are served: the same under the endings of copies. */
const keptProbes = (served: readonly ExposureProbe[], asked: readonly ExposureProbe[]): ExposureProbe[] =>
  served
    .toSorted(byPath)
    .slice(0, mostKept)
    .flatMap(({ path, proof }) => keptEndings.map(ending => ({ path: `${path}${ending}`, proof })))
    .filter(({ path }) => !asked.some(other => other.path === path))

/** Asks for each path; what the host also answers for a path that cannot exist proves nothing. */
const probeAll = async (
  context: CollectContext,
  origin: string,
  probes: readonly ExposureProbe[],
  blank: HttpHop | undefined,
): Promise<Pick<ProbePaths, 'exposed' | 'unanswered'> & { served: ExposureProbe[] }> => {
  const exposed: ProbedPath[] = []
  const served: ExposureProbe[] = []
  const unanswered: ProbePaths['unanswered'] = []
  await Promise.all(
    probes.map(async probe => {
      const answer = await ask(context, `${origin}${probe.path}`)
      if (!answer.ok) {
        unanswered.push({ path: probe.path, message: answer.message })
        return
      }
      const hop = answer.value.hops.at(-1)!
      if (!isContent(hop) || (blank && isContent(blank) && blank.body === hop.body)) return
      if (!isMarkup(hop.body) && !/^\s*[{[]/.test(hop.body)) served.push(probe)
      const exposure = classifyExposure(probe, hop.body)
      if (exposure) exposed.push({ path: probe.path, url: hop.url, status: hop.status, exposure })
    }),
  )
  return { exposed: exposed.sort(byPath), unanswered: unanswered.sort(byPath), served }
}

const leadsAway = (hops: readonly HttpHop[], host: string): boolean =>
  isRedirect(hops[0]!) && hops.slice(1).some(hop => new URL(hop.url).hostname !== host)

/**
 * Port 80 may have rules of its own: all paths where it serves something, a sample where it sends everybody to HTTPS, and all where a
 * path of the sample is not sent there.
 */
const probePlain = async (
  context: CollectContext,
  host: string,
  nowherePath: string,
  all: readonly ExposureProbe[],
): Promise<{ asked: number; exposed: ProbedPath[] }> => {
  const origin = `http://${host}`
  const nowhere = await ask(context, `${origin}${nowherePath}`)
  if (!nowhere.ok) return { asked: 0, exposed: [] }
  const blank = nowhere.value.hops.at(-1)
  const sample = all.length > sampledPaths.length ? all.filter(({ path }) => sampledPaths.includes(path)) : all
  if (isRedirect(nowhere.value.hops[0]!)) {
    const answers = await Promise.all(sample.map(({ path }) => ask(context, `${origin}${path}`, 0)))
    if (answers.every(answer => !answer.ok || isRedirect(answer.value.hops[0]!)))
      return { asked: sample.length, exposed: [] }
  }
  const { exposed } = await probeAll(context, origin, all, blank)
  return { asked: all.length, exposed }
}

/** The apex, where `www` shows the very same page as it does: one site under two names. */
const sameSite = async (context: CollectContext, { name, parent }: Subject, web: Web): Promise<string | null> => {
  const apex = name.replace(/^www\./, '')
  if (apex === name || !parent) return null
  const other = await context.need('web', hostSubject(apex, parent.name))
  const ends = [web, other.ok ? other.value : null].map(each =>
    each?.https.ok && each.https.value.ended === 'answer' ? each.https.value.hops.at(-1) : undefined,
  )
  const [own, its] = ends
  const isSame =
    own &&
    its &&
    own.status === 200 &&
    own.body === its.body &&
    new URL(own.url).hostname === name &&
    new URL(its.url).hostname === apex
  return isSame ? apex : null
}

const blankOf = (hop: HttpHop): NonNullable<ProbePaths['blank']> => ({
  status: hop.status,
  type: headerOf(hop, 'content-type') ?? '',
  length: hop.decodedBytes,
  hash: shortHash(hop.body),
})

const fact: FactDefinition<ProbePaths> = {
  on: 'host',
  deadlines: 4,
  async collect(subject, context) {
    const addresses = await context.need('addresses', subject)
    if (!addresses.ok) return addresses
    const nothing = nothingToReach(subject.name, addresses.value)
    if (nothing) return nothing
    // Most hosts speak HTTPS: what a path that cannot exist gets is asked for while the front door is still opened.
    const nowherePath = `/${impossibleLabel(subject.name)}`
    const early = ask(context, `https://${subject.name}${nowherePath}`)
    const opened = await openDoor(subject, context)
    if (!opened.ok) return opened
    const { web, door } = opened.value
    const scheme = web.https.ok ? 'https' : 'http'
    const origin = `${scheme}://${subject.name}`
    const nowhere = await (scheme === 'https' ? early : ask(context, `${origin}${nowherePath}`))
    const blank = nowhere.ok ? nowhere.value.hops.at(-1) : undefined
    // A host that only redirects to another one serves no files: two probes tell whether it does so for every path.
    const isElsewhere = nowhere.ok && leadsAway(nowhere.value.hops, subject.name) && leadsAway(door.hops, subject.name)
    const sameAs = await sameSite(context, subject, web)
    const label = (registrableDomain(subject.name) ?? subject.name).split('.')[0]!
    const all = [...exposureProbes, ...namedProbes(subject.name, label)]
    const probes = isElsewhere || sameAs ? all.slice(0, 2) : all
    const found = await probeAll(context, origin, probes, blank)
    const kept = isElsewhere || sameAs ? [] : keptProbes(found.served, all)
    const copies = await probeAll(context, origin, kept, blank)
    const plain =
      scheme === 'https' && web.http.ok && !sameAs ? await probePlain(context, subject.name, nowherePath, probes) : null
    // What another host of the domain serves is told of that one.
    const ownFound = isElsewhere
      ? found.exposed.filter(({ url }) => new URL(url).hostname === subject.name)
      : [...found.exposed, ...copies.exposed]
    const more = (plain?.exposed ?? []).filter(item => !ownFound.some(other => other.path === item.path))
    return observed(
      {
        scheme,
        asked: probes.length + kept.length + (plain?.asked ?? 0),
        exposed: [...ownFound, ...more].sort(byPath),
        unanswered: found.unanswered,
        sameAs,
        blank: blank ? blankOf(blank) : null,
      },
      context.now(),
    )
  },
}
export default fact
