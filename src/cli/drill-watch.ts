// What a drill looks at while a person works: the version went back, the old key is refused and the new one works, the page is there.
import { randomBytes } from 'node:crypto'
import type { Config } from '../config/schema.ts'
import type { Clock } from '../core/clock.ts'
import type { Watch } from '../formats/handover/drills.ts'
import type { MonitorReading } from '../formats/monitor/reading.ts'
import type { Network } from '../net/network.ts'
import { type Marker, type MarkerRequest, readMarker } from '../probes/marker.ts'
import { sameCommit } from '../probes/version.ts'

/** `seen` null: not yet; `why` says what is shown instead. */
export type Sight = { seen: string | null; why: string }

export type Watcher = {
  /** What has to be there before the first step; why the drill cannot be seen, where it cannot. */
  before(): Promise<string | null>
  look(): Promise<Sight>
}

type Keys = { url: string; header: string; prefix: string; oldKey: string; newKey: string }

const short = (version: string): string => version.slice(0, 12)

/** Whether the commit `old` lies before `now` in the history; null where git cannot say. */
export type IsBefore = (old: string, now: string) => boolean | null

/** Long enough for a clock in seconds to go on. */
const steadyAfterMs = 1100

type VersionWatch = { request: MarkerRequest; net: Network; back: boolean; isBefore: IsBefore; clock: Clock }

const watchVersion = ({ request, net, back, isBefore, clock }: VersionWatch): Watcher => {
  let first: Marker | null = null
  /** Signs that change by themselves (a time, a counter, the ETag of a page made for each visit) show no deploy. */
  let steady: string[] = []
  return {
    async before() {
      const seen = await readMarker(request, net)
      if (typeof seen === 'string') return `${request.url}: ${seen}`
      if (seen.version === null) return `${request.url} shows no version (deploy.smoke.version says where it stands)`
      first = seen
      if (back) return null
      await clock.sleep(steadyAfterMs)
      const again = await readMarker(request, net)
      if (typeof again === 'string') return `${request.url}: ${again}`
      steady = Object.keys(seen.signs).filter(name => seen.signs[name] === again.signs[name])
      return null
    },
    async look() {
      const now = await readMarker(request, net)
      if (typeof now === 'string') return { seen: null, why: now }
      const [was, is] = [first!.version!, now.version]
      if (is === null) return { seen: null, why: 'no version is shown' }
      if (!back) {
        if (!sameCommit(was, is)) return { seen: null, why: `${short(is)} runs, ${short(was)} was running` }
        return steady.every(name => now.signs[name] === first!.signs[name])
          ? { seen: null, why: `${short(is)} runs as before; nothing shows that it was deployed anew` }
          : { seen: `${short(is)} was deployed anew at ${request.url}`, why: '' }
      }
      if (sameCommit(was, is)) return { seen: null, why: `${short(is)} still runs` }
      return isBefore(is, was) === false
        ? { seen: null, why: `${short(is)} runs, which is not a release before ${short(was)}` }
        : { seen: `${request.url} went from ${short(was)} to ${short(is)}`, why: '' }
    },
  }
}

const watchKeys = ({ url, header, prefix, oldKey, newKey }: Keys, net: Network): Watcher => {
  const statusWith = async (key: string): Promise<number | string> => {
    const answer = await net.http({ url, headers: { [header]: `${prefix}${key}` }, fresh: true })
    return answer.ok ? (answer.value.hops.at(-1)?.status ?? 0) : answer.message
  }
  const works = (status: number | string): boolean => typeof status === 'number' && status < 400
  const refused = (status: number | string): boolean => status === 401 || status === 403
  return {
    async before() {
      const old = await statusWith(oldKey)
      return works(old) ? null : `the old key does not work before the drill: ${url} answers ${old}`
    },
    async look() {
      const [old, fresh] = [await statusWith(oldKey), await statusWith(newKey)]
      return works(fresh) && refused(old)
        ? { seen: `at ${url} the new key works (${fresh}) and the old one is refused (${old})`, why: '' }
        : { seen: null, why: `new key: ${fresh}; old key: ${old}` }
    },
  }
}

/** A copy that reads the restored data: it was not there before, or showed something else. */
const watchPage = (url: string, net: Network): Watcher => {
  let first: Marker | null = null
  return {
    async before() {
      const seen = await readMarker({ url }, net)
      first = typeof seen === 'string' ? null : seen
      return null
    },
    async look() {
      const seen = await readMarker({ url }, net)
      if (typeof seen === 'string') return { seen: null, why: seen }
      if (seen.status !== 200) return { seen: null, why: `${url} answers ${seen.status}` }
      return first?.status === 200 && first.body === seen.body
        ? { seen: null, why: `${url} shows what it showed before the drill` }
        : { seen: `${url} answers 200, and did not show this before the drill`, why: '' }
    },
  }
}

/** What our own monitor keeps; null while it keeps nothing. */
export type ReadStore = () => Promise<MonitorReading | null>

/** A test alert that was sent after the drill began, and that somebody saw. */
const watchAlerts = (read: ReadStore, begun: number): Watcher => ({
  before: async () => null,
  async look() {
    const proofs = ((await read())?.proofs ?? []).filter(({ sentAt }) => sentAt >= begun)
    const seen = proofs.find(({ seenAt }) => seenAt !== null)
    if (seen) {
      const after = Math.round((seen.seenAt! - seen.sentAt) / 1000)
      return {
        seen: `the test alert to ${seen.channel} was seen after ${after} s (${seen.seenBy ?? 'somebody'})`,
        why: '',
      }
    }
    const told = proofs.map(({ channel, answer }) => `${channel}: ${answer ?? 'on its way'}`).join('; ')
    return { seen: null, why: told ? `sent, and nobody has seen it yet (${told})` : 'no test alert was sent' }
  },
})

/** Deploys that the monitor is told of: the same commit again, or the one before. */
const watchDeploys = (read: ReadStore, begun: number, back: boolean): Watcher => {
  const deploys = async () =>
    ((await read())?.deploys ?? []).flatMap(({ at, commit, status }) =>
      commit && status !== 'failure' ? [{ at, commit }] : [],
    )
  return {
    async before() {
      const before = (await deploys()).length
      return before > 0 ? null : 'the monitor was told of no deploy so far (launch-ready monitor event deploy)'
    },
    async look() {
      const all = await deploys()
      const [now, old] = [all.find(({ at }) => at >= begun), all.filter(({ at }) => at < begun)]
      if (!now) return { seen: null, why: 'the monitor was told of no deploy since the drill began' }
      const isCurrent = sameCommit(now.commit, old[0]!.commit)
      const isKnown = old.some(({ commit }) => sameCommit(commit, now.commit))
      if (back ? isKnown && !isCurrent : isCurrent)
        return {
          seen: back
            ? `the monitor was told: from ${short(old[0]!.commit)} back to ${short(now.commit)}`
            : `the monitor was told: ${short(now.commit)} was deployed anew`,
          why: '',
        }
      return { seen: null, why: `${short(now.commit)} was deployed, after ${short(old[0]!.commit)}` }
    },
  }
}

export type WatchInput = {
  watch: Watch
  config: Config
  words: { url?: string; oldKey?: string; newKey?: string }
  env: Readonly<Record<string, string | undefined>>
  net: Network
  isBefore: IsBefore
  /** Our own monitor; null where the config has none. */
  store: ReadStore | null
  /** When the drill began. */
  begun: number
  clock: Clock
}

/** The watcher, or why nothing can be seen. */
export const watcherFor = ({
  watch,
  config,
  words,
  env,
  net,
  isBefore,
  store,
  begun,
  clock,
}: WatchInput): Watcher | string => {
  if (watch === 'version-stays' || watch === 'version-goes-back') {
    const version = config.deploy?.smoke?.version
    const request = words.url === undefined ? version : { ...version, url: words.url }
    if (request) return watchVersion({ request, net, back: watch === 'version-goes-back', isBefore, clock })
    return store
      ? watchDeploys(store, begun, watch === 'version-goes-back')
      : 'nothing shows which version runs: configure deploy.smoke.version, or give --url'
  }
  if (watch === 'keys') {
    const drill = config.handover?.drills?.rotateKey
    const url = words.url ?? drill?.url
    const [oldKey, newKey] = [env[words.oldKey ?? 'OLD_KEY'], env[words.newKey ?? 'NEW_KEY']]
    if (url === undefined) return 'nothing shows whether a key works: give --url, or handover.drills.rotateKey.url'
    if (!oldKey || !newKey)
      return `both keys are needed, in the environment: ${words.oldKey ?? 'OLD_KEY'} and ${words.newKey ?? 'NEW_KEY'} (--old-key, --new-key); make the new one first`
    if (oldKey === newKey) return 'both variables hold the same key, so nothing would show that it was replaced'
    return watchKeys(
      { url, header: drill?.header ?? 'authorization', prefix: drill?.prefix ?? 'Bearer ', oldKey, newKey },
      net,
    )
  }
  if (watch === 'page') {
    const url = words.url ?? config.handover?.drills?.restore
    return url === undefined
      ? 'nothing shows the restored data: give --url of a copy that reads it'
      : watchPage(url, net)
  }
  if (watch === 'test-alert' && store) return watchAlerts(store, begun)
  return 'an alert is seen by whoever says the word back'
}

/** A word that nobody guesses. */
export const drillWord = (): string => randomBytes(3).toString('hex')

type Waiting = { deadlineMs: number; clock: Clock; signal: AbortSignal; tell: (why: string) => void }

/** Looks again and again until it is seen, or the time is over; `tell` hears what is shown meanwhile, once each time it changes. */
export const waitFor = async (watcher: Watcher, { deadlineMs, clock, signal, tell }: Waiting): Promise<Sight> => {
  const until = clock.elapsed() + deadlineMs
  let last = ''
  for (;;) {
    const sight = await watcher.look()
    if (sight.seen !== null || signal.aborted) return sight
    if (sight.why !== last && clock.elapsed() < until) tell(sight.why)
    last = sight.why
    const left = until - clock.elapsed()
    if (left <= 0) return sight
    await clock.sleep(Math.min(2000, left), signal)
  }
}
