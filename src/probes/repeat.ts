// Looks again at what did not pass, with growing pauses, until everything passes or the deadline is over.
import type { Clock } from '../core/clock.ts'
import type { Network } from '../net/network.ts'
import type { ProbeResult } from './probe.ts'

export type Look = (net: Network) => Promise<ProbeResult>

/** The last look of a probe: null when it was never looked at. `ms` is how long that look took. */
export type Tried = { result: ProbeResult | null; tries: number; ms: number }

export type RepeatOptions = {
  /** A network that has not yet learnt that something does not answer: each round gets its own, with the milliseconds that are left. */
  connect: (left: number) => Network
  /** Milliseconds in which probes are looked at again. */
  deadline: number
  /** First pause in milliseconds; doubled each time, 15 s at most. */
  interval: number
  clock: Pick<Clock, 'elapsed' | 'sleep'>
  signal: AbortSignal
  /** Called for each look that did not pass; `index` is the probe's. */
  onMiss?: (index: number, result: ProbeResult) => void
}

const longestPause = 15_000

/** One entry per look, in their order. All are looked at at once. Never throws for what the product does. */
export const repeatUntilOk = async (looks: readonly Look[], options: RepeatOptions): Promise<Tried[]> => {
  const { deadline, clock, signal } = options
  const begun = clock.elapsed()
  const left = (): number => deadline - (clock.elapsed() - begun)
  const tried = looks.map((): Tried => ({ result: null, tries: 0, ms: 0 }))
  const once = async (index: number, net: Network): Promise<boolean> => {
    const started = clock.elapsed()
    const result = await looks[index]!(net)
    const ms = Math.round(clock.elapsed() - started)
    tried[index] = { result, tries: tried[index]!.tries + 1, ms }
    if (result.state !== 'ok') options.onMiss?.(index, result)
    return result.state === 'ok' || result.final === true
  }
  let open = looks.map((_, index) => index)
  for (let pause = options.interval; open.length > 0 && !signal.aborted; pause = Math.min(pause * 2, longestPause)) {
    const net = options.connect(left())
    const done = await Promise.all(open.map(index => once(index, net)))
    await net.close()
    open = open.filter((_, at) => !done[at])
    const rest = left()
    if (open.length === 0 || rest <= 0) break
    await clock.sleep(Math.min(pause, rest), signal)
  }
  return tried
}
