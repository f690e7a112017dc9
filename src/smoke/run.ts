// Runs the smoke test: all steps at once, those that fail again with growing pauses, until they pass or the deadline is over.
import type { Network } from '../net/network.ts'
import type { SmokeStep } from './steps.ts'

export type SmokeResult = { name: string; url: string; passed: boolean; seen: string; tries: number; ms: number }

export type SmokeRun = {
  /** A network that has not yet learnt that something does not answer: each round gets its own, with the milliseconds that are left. */
  connect: (left: number) => Network
  /** Milliseconds in which steps are tried again. */
  deadline: number
  /** First pause in milliseconds; doubled each time, 15 s at most. */
  interval: number
  wait: (ms: number) => Promise<void>
  /** Monotonic milliseconds. */
  elapsed: () => number
  /** Milliseconds since the epoch. */
  now: () => number
  signal: AbortSignal
  onTry?: (step: SmokeStep, seen: string) => void
}

/** One result per step, in the order of the steps. Never throws for what the product does. */
export const runSmoke = async (steps: readonly SmokeStep[], run: SmokeRun): Promise<SmokeResult[]> => {
  const begun = run.elapsed()
  const results = steps.map(
    (step): SmokeResult => ({ name: step.name, url: step.url, passed: false, seen: 'not tried', tries: 0, ms: 0 }),
  )
  let open = steps.map((_, index) => index)
  for (let pause = run.interval; open.length > 0 && !run.signal.aborted; pause = Math.min(pause * 2, 15_000)) {
    const net = run.connect(run.deadline - (run.elapsed() - begun))
    const again = await Promise.all(
      open.map(async index => {
        const [step, result] = [steps[index]!, results[index]!]
        const started = run.elapsed()
        const { passed, seen, final } = await step.run(net, run.now())
        Object.assign(result, { passed, seen, tries: result.tries + 1, ms: Math.round(run.elapsed() - started) })
        if (!passed) run.onTry?.(step, seen)
        return passed || final ? [] : [index]
      }),
    )
    await net.close()
    open = again.flat()
    const left = run.deadline - (run.elapsed() - begun)
    if (open.length === 0 || left <= 0) break
    await run.wait(Math.min(pause, left))
  }
  return results
}
