// Ten timed requests to a route, over connections that are already open: what a customer who is already there waits for.
import { observed } from '../../core/fact.ts'
import { latencyOf } from '../../formats/http/latency.ts'
import { isBusy } from '../../net/second-look.ts'
import type { CollectContext, FactDefinition } from '../definition.ts'
import { routeHeaders } from './fetch.ts'

export type Samples = {
  /** URL that was timed: where the route's redirects end. */
  url: string
  /** Milliseconds from request to last byte, in the order taken, without those in which this program had no turn. */
  milliseconds: number[]
  /** The same with them, where they are more: the server may have worked meanwhile or not. */
  atMost?: number[]
  /** Requests that gave no answer. */
  failed: { message: string }[]
}

const wanted = 10
/** Rounds, where a machine that is busy spoils some. */
const mostRounds = 5
/** Three at a time: a third of the waiting, and no load to speak of. */
const lanes = 3
/** A pause on a busy machine, and how many of them are made before all is timed all the same. */
const pauseMs = 250
const mostPauses = 40

type Timed = { own: number; atMost: number }

/** Whether what we lost of our own time changes nothing of the verdict. */
const isClear = (timed: readonly Timed[]): boolean => {
  const least = latencyOf(
    timed.map(({ own }) => own),
    wanted,
  ).verdict
  // What stands out for the server's part alone stands out.
  return (
    least === 'spikes' ||
    least ===
      latencyOf(
        timed.map(({ atMost }) => atMost),
        wanted,
      ).verdict
  )
}

/** Waits for a moment in which this program has its turns, though not for ever. */
const waitForQuiet = async ({ net, signal }: CollectContext): Promise<void> => {
  for (let nth = 0; nth < mostPauses && isBusy(net.options.clock) && !signal.aborted; nth++)
    await net.options.clock.sleep(pauseMs, signal)
}

const fact: FactDefinition<Samples> = {
  on: 'route',
  // Answers of a slow page may each take most of a deadline.
  deadlines: 12,
  async collect(subject, context) {
    const { clock } = context.net.options
    const page = await context.need('page', subject)
    if (!page.ok) return page
    const { url, truncated } = page.value.hops.at(-1)!
    // How long so many bytes take tells of the line, and ten times as many are no small thing to ask for.
    if (truncated) return observed({ url, milliseconds: [], failed: [] }, context.now())
    // Headers of the config go to the route's own origin alone.
    const given = new URL(url).origin === new URL(subject.name).origin ? routeHeaders(context, subject.name) : undefined
    const failed: Samples['failed'] = []
    const takeOne = async (timed: Timed[], at: number): Promise<void> => {
      const from = clock.attended()
      const answer = await context.net.http({ url, method: 'GET', ...(given ? { headers: given } : {}) })
      if (!answer.ok) {
        failed.push({ message: answer.message })
        return
      }
      const { timing } = answer.value.hops[0]!
      // Setting up a connection is not the page's own time.
      const own = timing.total - (timing.dns ?? 0) - (timing.tcp ?? 0) - (timing.tls ?? 0)
      const whole = (milliseconds: number): number => Math.max(1, Math.round(milliseconds))
      timed[at] = { own: whole(own), atMost: whole(own + clock.stalledSince(from)) }
    }
    const round = async (): Promise<Timed[]> => {
      const timed: Timed[] = []
      let next = 0
      const lane = async (): Promise<void> => {
        while (next < wanted && failed.length < 2 && !context.signal.aborted) await takeOne(timed, next++)
      }
      await Promise.all(Array.from({ length: lanes }, lane))
      return timed.filter(one => one !== undefined)
    }
    let timed = await round()
    for (let nth = 1; nth < mostRounds && failed.length === 0 && !isClear(timed) && !context.signal.aborted; nth++) {
      await waitForQuiet(context)
      timed = await round()
    }
    const milliseconds = timed.map(({ own }) => own)
    const atMost = isClear(timed) ? {} : { atMost: timed.map(one => one.atMost) }
    return observed({ url, milliseconds, ...atMost, failed }, context.now())
  },
}
export default fact
