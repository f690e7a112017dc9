// Ten timed requests to a route, over connections that are already open: what a customer who is already there waits for.
import { observed } from '../../core/fact.ts'
import type { FactDefinition } from '../definition.ts'

export type Samples = {
  /** URL that was timed: where the route's redirects end. */
  url: string
  /** Milliseconds from request to last byte, in the order taken. */
  milliseconds: number[]
  /** Requests that gave no answer. */
  failed: { message: string }[]
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
    const milliseconds: number[] = []
    const failed: Samples['failed'] = []
    let next = 0
    const lane = async (): Promise<void> => {
      while (next < wanted && failed.length < 2 && !context.signal.aborted) {
        const at = next++
        const answer = await context.net.http({ url, method: 'GET' })
        if (!answer.ok) {
          failed.push({ message: answer.message })
          continue
        }
        const { timing } = answer.value.hops[0]!
        // Setting up a connection is not the page's own time.
        milliseconds[at] = Math.round(timing.total - (timing.dns ?? 0) - (timing.tcp ?? 0) - (timing.tls ?? 0))
      }
    }
    await Promise.all(Array.from({ length: lanes }, lane))
    return observed({ url, milliseconds: milliseconds.filter(value => value !== undefined), failed }, context.now())
  },
}
export default fact
