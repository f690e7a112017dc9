// `handover drill <redeploy|rollback|rotate-key|restore|alert>`: walks a person through the procedure, sees what can be seen, times it,
// and records it. What was only said is recorded as said.
import { nearest, UsageError } from '../../config/errors.ts'
import type { Config } from '../../config/schema.ts'
import { duration } from '../../config/values.ts'
import { gitTextNow } from '../../facts/repo/git.ts'
import { domainSubject } from '../../facts/subjects.ts'
import { type Drill, drillOf, drillWords } from '../../formats/handover/drills.ts'
import type { Production } from '../../formats/handover/production.ts'
import type { DrillRecord, Handover } from '../../formats/handover/schema.ts'
import { withDrill } from '../../formats/handover/write-answers.ts'
import type { Network } from '../../net/network.ts'
import { elapsed } from '../../report/shared/words.ts'
import { createMask, type Mask } from '../../run/mask.ts'
import { withCollection } from '../../run/open.ts'
import { targetOf } from '../../run/target.ts'
import type { Call } from '../call.ts'
import {
  drillWord,
  type IsBefore,
  type ReadStore,
  type Sight,
  type Watcher,
  waitFor,
  watcherFor,
} from '../drill-watch.ts'
import { Exit, exitCodes } from '../exit-code.ts'
import { checkWritable, openAnswers, saidNow, speaker } from '../handover-answers.ts'
import { settleConfig, settleRepo } from '../settings.ts'

const drillNamed = (word: string | undefined): Drill['name'] => {
  const name = drillWords[word ?? '']
  if (name) return name
  const all = Object.keys(drillWords)
  const near = nearest(word ?? '', all)
  throw new UsageError(
    `handover drill ${word ?? ''}: expected one of ${all.join(', ')}${near ? `; did you mean ${near}?` : '.'}`,
  )
}

const usualDeadline = '10m'

const readDeadline = (text: string | undefined): number => {
  const parsed = duration.safeParse(text ?? usualDeadline)
  if (!parsed.success) throw new UsageError(`--deadline ${text}: ${parsed.error.issues[0]!.message}.`)
  return parsed.data
}

const isBeforeIn =
  (repo: string | null, env: Call['io']['env']): IsBefore =>
  (old, now) => {
    if (repo === null) return null
    const ids = [old, now].map(id =>
      /^[0-9a-f]{7,40}$/i.test(id) ? gitTextNow(repo, ['rev-parse', '-q', '--verify', `${id}^{commit}`], env) : null,
    )
    if (!ids[0] || !ids[1]) return null
    return gitTextNow(repo, ['merge-base', ids[0], ids[1]], env) === ids[0]
  }

/** What our own monitor keeps, where the config has one. */
const storeOf = ({ monitor }: Config, io: Call['io']): ReadStore | null =>
  monitor === undefined
    ? null
    : async () => {
        const { readStore } = await import('../../monitor/reading.ts')
        return readStore(monitor.store, { cwd: io.cwd, clock: io.clock })
      }

const stop = ({ out }: Call['io']): never => {
  out('\n  Stopped. Nothing was recorded.\n\n')
  throw new Exit(exitCodes.interrupted)
}

/** Waits until a person says that the step is done. */
const waitForPerson = async (message: string, { io }: Call): Promise<void> => {
  const { confirm, isCancel } = await import('@clack/prompts')
  const done = await confirm({ message, active: 'done', inactive: 'stop', signal: io.signal })
  if (isCancel(done) || done !== true) stop(io)
}

/** The steps, one after the other; in between a person works. */
const walk = async (drill: Drill, call: Call, asks: boolean): Promise<void> => {
  const { io } = call
  for (const [at, { text, command }] of drill.steps.entries()) {
    io.out(`  ${at + 1}. ${text}\n${command ? `       ${command}\n` : ''}`)
    if (asks) await waitForPerson('Done?', call)
  }
}

/** The word that came back; only a person can say it. */
const wordBack = async (word: string, { io }: Call, asks: boolean): Promise<Sight> => {
  if (!asks) return { seen: null, why: 'nobody was there to say the word back' }
  const { isCancel, text } = await import('@clack/prompts')
  const answer = await text({ message: 'Which word does the alert hold?', signal: io.signal })
  if (isCancel(answer)) return stop(io)
  return answer?.trim().toLowerCase() === word
    ? { seen: `the word ${word} came back from whoever is called`, why: '' }
    : { seen: null, why: 'another word came back' }
}

type Context = { net: Network; production: Production | null; handover: Handover }

/** Opens the world long enough to know the product, and calls `use`. */
const withProduct = async <T>(call: Call, repo: string | null, use: (context: Context) => Promise<T>): Promise<T> => {
  const { io, network } = call
  const { config } = await settleConfig(call.config, io)
  const target = targetOf(config, { domain: config.domain ?? null, repo, active: false })
  const ways = { network, clock: io.clock, env: io.env, signal: io.signal }
  const own = [
    call.action.url,
    config.deploy?.smoke?.version?.url,
    config.handover?.drills?.rotateKey?.url,
    config.handover?.drills?.restore,
  ]
  const ownHosts = own.flatMap(url => (url && URL.canParse(url) ? [new URL(url).hostname] : []))
  return withCollection({ target, config, ownHosts }, ways, async (collection, net) => {
    const domain = target.domain
    const [production, answers] =
      domain === null
        ? [null, null]
        : await Promise.all([
            collection.need('production', domainSubject(domain)),
            collection.need('handoverAnswers', domainSubject(domain)),
          ])
    return use({
      net,
      production: production?.ok ? production.value : null,
      handover: answers?.ok ? answers.value.handover : (config.handover ?? {}),
    })
  })
}

type Walk = { drill: Drill; word: string; net: Network; mask: Mask; repo: string | null }

/** Walks, watches and times; what was seen, and how long it took. */
const carryOut = async (call: Call, { drill, word, net, mask, repo }: Walk): Promise<Sight & { seconds: number }> => {
  const { io, action } = call
  const { config } = await settleConfig(call.config, io)
  const asks = io.interactive && !action.yes
  const found = watcherFor({
    watch: drill.watch,
    config,
    words: action,
    env: io.env,
    net,
    isBefore: isBeforeIn(repo, io.env),
    store: storeOf(config, io),
    begun: io.clock.now(),
    clock: io.clock,
  })
  let watcher: Watcher | null = null
  if (typeof found === 'string') {
    if (drill.watch !== 'word') io.err(`${found}. What you do is recorded as said, not as seen.\n\n`)
  } else {
    const lacks = await found.before()
    if (lacks !== null) throw new UsageError(`the drill cannot begin: ${lacks}`)
    watcher = found
  }
  const begun = io.clock.elapsed()
  await walk(drill, call, asks)
  const sight =
    drill.watch === 'word'
      ? await wordBack(word, call, asks)
      : watcher
        ? await waitFor(watcher, {
            deadlineMs: readDeadline(action.deadline),
            clock: io.clock,
            signal: io.signal,
            tell: why =>
              io.out(mask.text(`  Not yet: ${why}. Looking on, until ${action.deadline ?? usualDeadline} are over.\n`)),
          })
        : { seen: null, why: 'a person says so' }
  return { ...sight, seconds: Math.round((io.clock.elapsed() - begun) / 1000) }
}

/** Exit 0 where it was seen, 1 where it was not, though it could have been, 3 where only people could say. */
export const run = async (call: Call): Promise<number> => {
  const { io, action, faults } = call
  const name = drillNamed(call.operands[0])
  readDeadline(action.deadline)
  const repo = settleRepo(call.repo, io, faults)
  faults.throwIfAny()
  const store = openAnswers(call, repo)
  checkWritable(store)
  const by = speaker(call, repo)
  if (by === null) throw new UsageError('say who does the drill with --by <name>; git knows no name here.')
  const { secrets, config } = await settleConfig(call.config, io)
  const mask = createMask([
    ...secrets,
    ...[action.oldKey ?? 'OLD_KEY', action.newKey ?? 'NEW_KEY'].flatMap(key => io.env[key] ?? []),
  ])
  return withProduct(call, repo, async context => {
    const tells = (config.monitor?.alerts?.length ?? 0) > 0
    const word = drillWord()
    const drill = drillOf(name, context.production, context.handover, { tells, word })
    io.out(`\n  ${drill.title}\n\n`)
    const { seen, why, seconds } = await carryOut(call, { drill, word, net: context.net, mask, repo })
    if (io.signal.aborted) return exitCodes.interrupted
    const left = drill.after ? `  ${drill.after}\n\n` : ''
    const couldSee = why !== 'a person says so' && !(drill.watch === 'word' && !(io.interactive && !action.yes))
    if (seen === null && couldSee) {
      io.out(mask.text(`\n  Not seen: ${why}. Nothing was recorded.\n\n${left}`))
      return exitCodes.found
    }
    const record: DrillRecord = {
      drill: name,
      at: new Date(io.clock.now()).toISOString(),
      by,
      seconds,
      proof: seen === null ? 'said' : 'seen',
      seen: mask.text(seen ?? why),
    }
    store.write(withDrill(store.read(), record, saidNow(by, io.clock.now())))
    io.out(
      mask.text(
        `\n  ${seen === null ? 'Recorded as said, not seen' : `Seen: ${seen}`}. It took ${elapsed(seconds * 1000)}. Kept in ${store.path}\n\n${left}`,
      ),
    )
    return seen === null ? exitCodes.couldNotTell : exitCodes.ok
  })
}
