// Ten timed requests to a route, over connections that are already open: what a customer who is already there waits for.
import { observed } from '../../core/fact.ts'
import type { FactDefinition } from '../definition.ts'
import { routeHeaders } from './fetch.ts'

export type Samples = {
  /** URL that was timed: where the route's redirects end. */
  url: string
  /** Milliseconds from request to last byte, in the order taken. */
  milliseconds: number[]
  /** Requests that gave no answer. */
  failed: { message: string }[]
}

const tickMs = 20

/**
 * Watches for moments in which this program itself had no turn (a busy machine, a large page being read): what waited then was not the
 * server. `stalledMs` says how much of the time since `from` was of that kind.
 */
const watchOwnTurns = (): { stalledMs(from: number): number; stop(): void } => {
  const stalls: { from: number; to: number }[] = []
  let last = performance.now()
  const look = (now: number): void => {
    if (now - last > tickMs * 3) stalls.push({ from: last + tickMs, to: now })
    last = now
  }
  const timer = setInterval(() => look(performance.now()), tickMs)
  timer.unref()
  return {
    stalledMs(from) {
      // A stall that ends with the answer has no tick of its own yet.
      look(performance.now())
      return stalls.reduce((sum, stall) => sum + Math.max(0, stall.to - Math.max(stall.from, from)), 0)
    },
    stop: () => clearInterval(timer),
  }
}

const wanted = 10
/** Three at a time: a third of the waiting, and no load to speak of. */
const lanes = 3

const fact: FactDefinition<Samples> = {
  on: 'route',
  // Ten answers of a slow page may each take most of a deadline.
  deadlines: 12,
  async collect(subject, context) {
    const page = await context.need('page', subject)
    if (!page.ok) return page
    const url = page.value.hops.at(-1)!.url
    const given = new URL(url).origin === new URL(subject.name).origin ? routeHeaders(context, subject.name) : undefined
    const milliseconds: number[] = []
    const failed: Samples['failed'] = []
    const turns = watchOwnTurns()
    let next = 0
    const lane = async (): Promise<void> => {
      while (next < wanted && failed.length < 2 && !context.signal.aborted) {
        const at = next++
        const from = performance.now()
        const answer = await context.net.http({ url, method: 'GET', ...(given ? { headers: given } : {}) })
        const stalled = turns.stalledMs(from)
        if (!answer.ok) {
          failed.push({ message: answer.message })
          continue
        }
        const { timing } = answer.value.hops[0]!
        // Setting up a connection is not the page's own time.
        const own = timing.total - (timing.dns ?? 0) - (timing.tcp ?? 0) - (timing.tls ?? 0)
        milliseconds[at] = Math.max(1, Math.round(own - stalled))
      }
    }
    await Promise.all(Array.from({ length: lanes }, lane)).finally(turns.stop)
    return observed({ url, milliseconds: milliseconds.filter(value => value !== undefined), failed }, context.now())
  },
}
export default fact
