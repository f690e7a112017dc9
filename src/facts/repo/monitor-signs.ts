// Signs of the monitor stage in the repository: who hears of errors, deploys and failed jobs; what loggers take out; health handlers;
// files of monitoring tools. Every code file is read once, up to a bound; tests and what others wrote are left out.
import { observed } from '../../core/fact.ts'
import { ciProviderOf } from '../../data/ci-systems.ts'
import { platforms } from '../../data/platforms.ts'
import { askingHealth } from '../../formats/monitor/asking-health.ts'
import {
  type CommittedProof,
  isDeliveryEvidence,
  readDeliveryEvidence,
} from '../../formats/monitor/delivery-evidence.ts'
import {
  beginsTracker,
  firstPlace,
  optionPatches,
  ownDefaults,
  type Place,
  personalPlace,
  saysEnvironment,
  saysRelease,
  type TrackerSeen,
  trackerNamed,
  trackerOfDependency,
  trackerPlace,
} from '../../formats/monitor/error-tracking.ts'
import { isConstant } from '../../formats/monitor/health-handler.ts'
import { type JobSeen, jobAlertIn, jobsIn } from '../../formats/monitor/jobs.ts'
import { type NotificationSeen, noticesIn } from '../../formats/monitor/notifications.ts'
import {
  firstList,
  fullerList,
  leaksOf,
  logsBodies,
  logsObjects,
  makesLogger,
  ownRedaction,
  pinoList,
  type RedactList,
  railsList,
  withoutBody,
} from '../../formats/monitor/redact-lists.ts'
import { isToolFile, readToolFile, type ToolFile } from '../../formats/monitor/tool-files.ts'
import { plainPatch } from '../../formats/secrets/around.ts'
import { isNoCode } from '../../formats/shipped.ts'
import { deployedTo } from '../../formats/workflow/jobs.ts'
import { parseWorkflow } from '../../formats/workflow/workflow.ts'
import type { CollectContext, FactDefinition } from '../definition.ts'
import type { RepoReader } from './read.ts'
import { filesOf, readerOf } from './script-world.ts'

/** `patch`: the diff that adds what the list lacks. */
export type ListSeen = RedactList & { place: Place; leaks: string[]; patch?: string }

export type MonitorSigns = {
  trackers: TrackerSeen[]
  notices: NotificationSeen[]
  jobs: JobSeen[]
  jobAlerts: Place[]
  /** `patch`: the diff that gives it a list. */
  loggers: (Place & { patch?: string })[]
  lists: ListSeen[]
  /** `patch`: the diff that logs the route in place of the body. */
  bodies: (Place & { patch?: string })[]
  /** Where documents say how logs are read. */
  logDocuments: Place[]
  /** Health handlers that answer with a constant; `patch`: the diff by which one asks the database first. */
  constantHealth: (Place & { patch?: string })[]
  tools: ToolFile[]
  /** A monitor that is started beside the product, in one file: what takes one away takes the other. */
  beside: Place[]
  /** Test alerts that the repository has the evidence of. */
  proofs: CommittedProof[]
  files: number
}

const code = /\.(?:[cm]?[jt]sx?|py|rb|php|go|exs?|rs|java|kt|vue|svelte)$/
const configuration = /\.(?:ya?ml|toml|json|jsonc|cron|tf)$|(?:^|\/)crontab$|(?:^|\/)cron\.d\//
const asideName = /[._-](?:test|spec|stories|d)\.\w+$|\.min\.js$|(?:^|\/)(?:test_\w+|\w+_test|\w+_spec)\.\w+$/
const fileBytes = 256 << 10
const mostFiles = 20_000

const shellLog =
  /\b(?:docker(?:[ -]compose)?(?: compose)? logs|fly(?:ctl)? logs|heroku logs|kubectl logs|journalctl|vercel logs|railway logs|wrangler tail|kamal app logs|pm2 logs|tail -[fF]\w{0,5} \S{0,200}log|netlify logs|render logs|gcloud (?:app |run )?.{0,200}logs?|aws logs|az webapp log|docker service logs)\b/
const logHeading = /^#{1,5}\s.*\b(?:logs?|logging)\b/im

type Signs = Omit<MonitorSigns, 'files'> & { says: { release: boolean; environment: boolean } }

const take = (places: Place[], place: Place | null): void => {
  if (place && places.length < 20) places.push(place)
}

/** A diff that may be shown, as it is kept with a place. */
const shownPatch = (file: string, patch: string | null): { patch?: string } => {
  const plain = plainPatch(file, patch)
  return plain === null ? {} : { patch: plain }
}

const addLists = (signs: Signs, file: string, text: string): void => {
  const isRuby = file.endsWith('.rb')
  const list = isRuby ? railsList(text) : /\bpino\b|redact/.test(text) ? pinoList(text) : null
  if (list) {
    const logger = isRuby ? ('rails' as const) : ('pino' as const)
    const place = { file, line: text.slice(0, list.at).split('\n').length, text: list.entries.slice(0, 8).join(', ') }
    const seen = { logger, entries: list.entries.slice(0, 200) }
    const patch = fullerList(file, text, { ...seen, opens: list.opens })
    signs.lists.push({ ...seen, place, leaks: leaksOf(seen), ...shownPatch(file, patch) })
  } else if (ownRedaction.test(text)) {
    const place = firstPlace(file, text, ownRedaction)
    if (place) signs.lists.push({ logger: 'own', entries: [], place, leaks: [] })
  }
}

const healthLine =
  /(?:\.(?:get|all|use|route)|\bpath|\bget|@\w+\.(?:get|route))\s*(?:\(\s*)?["'`]\/(?:api\/)?(?:health|healthz|healthcheck|health-check|livez|readyz|up|ping|status)\/?["'`]/

const addHealth = (signs: Signs, file: string, text: string): void => {
  const isRouteFile =
    /(?:^|\/)(?:api|routes|pages)\/(?:.*\/)?(?:health|healthz|healthcheck|up|status)(?:\/(?:route|\+server|index))?\.[cm]?[jt]sx?$/.test(
      file,
    )
  const place = isRouteFile
    ? (firstPlace(file, text, /export (?:default |const |async )?(?:async )?(?:function )?\w*/) ?? {
        file,
        line: 1,
        text: '',
      })
    : firstPlace(file, text, healthLine)
  if (!place) return
  const from = text
    .split('\n')
    .slice(place.line - 1)
    .join('\n')
  // A route that leads to a handler elsewhere says nothing here.
  const isInline = isRouteFile || /=>|\bfunction\b|\bdef \w+|\bfn\s*\(|\bfunc\s*\(/.test(from.slice(0, 240))
  if (isInline && isConstant(from))
    take(signs.constantHealth, { ...place, ...shownPatch(file, askingHealth(file, text, place.line)) })
}

const addCode = (signs: Signs, file: string, text: string): void => {
  const begun = beginsTracker(text) ? trackerPlace(file, text) : null
  if (begun) {
    const tool = trackerNamed(begun.text) ?? trackerNamed(text) ?? 'the error tracker'
    signs.trackers.push({ tool, place: begun, release: false, environment: false, personal: personalPlace(file, text) })
  }
  signs.jobs.push(...jobsIn(file, text))
  take(signs.jobAlerts, jobAlertIn(file, text))
  addLists(signs, file, text)
  addHealth(signs, file, text)
  const isLibrary = /["'`](?:pino|pino-http|winston|bunyan|nestjs-pino|nest-winston)["'`]|\bstructlog\b/.test(text)
  const made = isLibrary && makesLogger.test(text) ? firstPlace(file, text, makesLogger) : null
  take(signs.loggers, made && { ...made, ...shownPatch(file, firstList(file, text)) })
  const isTool = /(?:^|\/)(?:scripts?|tools?|bin|seeds?|emulators?)\//.test(file)
  const logged = !isTool && logsBodies.test(text) ? firstPlace(file, text, logsBodies) : null
  take(signs.bodies, logged && { ...logged, ...shownPatch(file, withoutBody(file, text)) })
}

const besideImage = /image:\s*["']?\S*(?:uptime-kuma|twin(?:production)?\/gatus|statping)|launch-ready monitor watch/

/** What the pipeline, platform files and documents say. */
const addOther = (signs: Signs, file: string, text: string): void => {
  if (isDeliveryEvidence(file)) signs.proofs.push(...readDeliveryEvidence(file, text))
  if (isToolFile(file)) {
    const tool = readToolFile(file, text)
    if (tool) signs.tools.push(tool)
  }
  const provider = ciProviderOf(file)
  if (provider) signs.notices.push(...noticesIn(parseWorkflow(provider, file, text).pipelines, text))
  if (/compose[\w.-]*\.ya?ml$/.test(file) && /^\s+build:/m.test(text))
    take(signs.beside, firstPlace(file, text, besideImage))
  if (configuration.test(file)) {
    signs.jobs.push(...jobsIn(file, text))
    take(signs.jobAlerts, jobAlertIn(file, text))
  }
}

const addDependencies = async (signs: Signs, context: CollectContext): Promise<void> => {
  const stack = await context.need('stack')
  if (!stack.ok) return
  for (const { manifest, dependencies } of stack.value.packages)
    for (const name of Object.keys(dependencies)) {
      const tool = trackerOfDependency(name)
      if (tool && tool !== 'PostHog' && !signs.trackers.some(one => one.tool === tool))
        signs.trackers.push({
          tool,
          place: { file: manifest ?? '', line: 1, text: name },
          release: false,
          environment: false,
          personal: null,
        })
    }
}

/** What the platform that the product runs on calls the release that runs; null where nothing tells. */
const releaseVariable = async (context: CollectContext): Promise<string | null> => {
  const [deployment, pipelines] = await Promise.all([context.need('deployment'), context.need('pipelines')])
  const names = [
    ...(deployment.ok ? deployment.value.platforms.map(({ name }) => name) : []),
    ...(pipelines.ok ? deployedTo(pipelines.value) : []),
  ]
  return names.map(name => platforms[name]?.release).find(name => name !== undefined) ?? null
}

const read = (signs: Signs, reader: RepoReader, file: string): boolean => {
  const isCode = code.test(file) && !isNoCode(file) && !asideName.test(file)
  const isOther = configuration.test(file) || ciProviderOf(file) !== null || isToolFile(file)
  const isDocument =
    /\.(?:md|mdx|rst|adoc|txt)$/i.test(file) && !/(?:^|\/)(?:CHANGELOG|node_modules|vendor)/i.test(file)
  const isManifest = /(?:^|\/)(?:Dockerfile[\w.-]*|Gemfile|Procfile|\.env[\w.-]*|next\.config\.\w+)$/.test(file)
  if (!isCode && !isOther && !isDocument && !isManifest) return false
  const text = reader.maybe(file, { maxBytes: isToolFile(file) ? 1 << 20 : fileBytes })
  if (text === null) return false
  if (isCode) addCode(signs, file, text)
  if (isOther) addOther(signs, file, text)
  if (isDocument) {
    take(signs.logDocuments, firstPlaceOf(file, text))
    return false
  }
  if (/sentry|bugsnag|rollbar|honeybadger/i.test(text)) {
    signs.says.release ||= saysRelease(text)
    signs.says.environment ||= saysEnvironment(text)
  }
  return isCode
}

const firstPlaceOf = (file: string, text: string): Place | null => {
  const match = shellLog.exec(text) ?? logHeading.exec(text)
  return match
    ? { file, line: text.slice(0, match.index).split('\n').length, text: match[0].trim().slice(0, 120) }
    : null
}

const fact: FactDefinition<MonitorSigns> = {
  on: 'repo',
  deadlines: 8,
  async collect(_subject, context) {
    const tree = await context.need('tree')
    if (!tree.ok) return tree
    const reader = readerOf(context, tree.value)
    const empty = {
      trackers: [],
      notices: [],
      jobs: [],
      jobAlerts: [],
      loggers: [],
      lists: [],
      bodies: [],
      logDocuments: [],
      constantHealth: [],
      tools: [],
      beside: [],
      proofs: [],
    }
    const signs: Signs = { ...empty, says: { release: false, environment: false } }
    let files = 0
    let objects: Place | null = null
    for (const file of filesOf(tree.value)) {
      if (files >= mostFiles) break
      if (!read(signs, reader, file)) continue
      files++
      if (objects === null) {
        const text = reader.maybe(file, { maxBytes: fileBytes })
        objects = text !== null && logsObjects.test(text) ? firstPlace(file, text, logsObjects) : null
      }
    }
    await addDependencies(signs, context)
    const { says, ...rest } = signs
    const variable = await releaseVariable(context)
    const said = { release: variable && `process.env.${variable}`, environment: 'process.env.NODE_ENV' }
    const trackers = rest.trackers.slice(0, 50).map(one => {
      const own =
        one.tool === 'Sentry'
          ? ownDefaults(one.place.file)
          : { release: false, environment: /\.rb$|Gemfile/.test(one.place.file) }
      const text = reader.maybe(one.place.file, { maxBytes: fileBytes }) ?? ''
      return {
        ...one,
        release: says.release || own.release,
        environment: says.environment || own.environment,
        patches: plainPatch(one.place.file, text) === null ? {} : optionPatches(one.place.file, text, one.tool, said),
      }
    })
    // A logger that is handed words alone has nothing to take out.
    const loggers = objects ? rest.loggers : []
    return observed({ ...rest, loggers, trackers, jobs: rest.jobs.slice(0, 50), files }, context.now())
  },
}
export default fact
