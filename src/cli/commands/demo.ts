// `demo`: serves a broken world on loopback, audits it with the real program, prints the report, writes launch-blockers.md and a handover,
// and shows some minutes of the monitor.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type RunningWorld, startWorld } from '../../lab/start.ts'
import { loadWorld } from '../../lab/world.ts'
import { parseConnectTo, parseResolver } from '../../net/connect-to.ts'
import type { RunResult } from '../../run/request.ts'
import type { Call } from '../call.ts'
import { exitCodes } from '../exit-code.ts'
import { runStage } from './stage.ts'

/** The world that ships with the package, or stands in the checkout. */
const worldFile = (name: string): string => {
  const places = [
    `./worlds/${name}.yaml`,
    `../worlds/${name}.yaml`,
    `../../fixtures/worlds/${name}.yaml`,
    `../../../fixtures/worlds/${name}.yaml`,
  ]
  const found = places.map(place => fileURLToPath(new URL(place, import.meta.url))).find(path => existsSync(path))
  if (!found) throw new Error(`the world ${name} is missing from the package`)
  return found
}

/** The call on the world that is served: reached through its ways, without a config. */
const onWorld = (call: Call, running: RunningWorld, reports: readonly string[]): Call => ({
  ...call,
  config: { none: true },
  repo: call.repo ?? running.repo ?? undefined,
  reports: [...call.reports, ...reports],
  network: {
    ...call.network,
    resolvers: [parseResolver(running.resolver)],
    connectTo: running.connectTo.map(parseConnectTo),
    ca: [readFileSync(running.ca.path, 'utf8')],
  },
})

/** What a handover goes into: the broken world's, and the healthy one's below it. */
type Handed = { out: string; domain: string | null; seen?: RunResult }

/** Writes what somebody would be handed who takes this product over, unless a handover stands there. */
const handOver = async (call: Call, running: RunningWorld, { out, domain, seen }: Handed): Promise<boolean> => {
  if (existsSync(join(call.io.cwd, out, 'handover.md'))) return false
  const quiet = {
    ...call,
    out,
    reports: [],
    stage: { ...call.stage, failOn: undefined },
    io: { ...call.io, out: () => {}, err: () => {} },
  }
  const task = { stage: 'handover' as const, operand: domain ?? undefined, writing: true, ...(seen ? { seen } : {}) }
  await runStage(onWorld(quiet, running, []), task)
  return true
}

/** The handovers of the product with faults and of the same product in order. */
const handOverBoth = async (
  call: Call,
  running: RunningWorld,
  domain: string | null,
  seen: RunResult,
): Promise<void> => {
  const { io } = call
  const out = call.out ?? 'launch-ready'
  if (await handOver(call, running, { out, domain, seen }))
    io.out(
      `  What somebody would be handed who takes it over: launch-ready handover write\n  Written: ${join(out, 'handover.md')}, handover.html, renewals.ics, evidence/\n`,
    )
  const sound = await startWorld(loadWorld(worldFile('healthy-coach')))
  try {
    const below = join(out, 'when-in-order')
    if (await handOver(call, sound, { out: below, domain: sound.world.domain }))
      io.out(`  The same of the product when all is in order: ${join(below, 'handover.md')}\n`)
  } finally {
    await sound.close()
  }
  io.out('\n')
}

/** Some minutes of the monitor, over this machine alone. */
const watchOver = async ({ io, network }: Call): Promise<void> => {
  const [{ showMonitor }, { createNetwork }] = await Promise.all([
    import('../demo-monitor.ts'),
    import('../../net/create-network.ts'),
  ])
  const { clock, signal } = io
  await showMonitor(io, () =>
    createNetwork({ ...network, connectTo: [], clock, signal, ownHosts: ['127.0.0.1'], oneLook: true }),
  )
  io.out('\n')
}

export const run = async (call: Call): Promise<number> => {
  const { io } = call
  const world = loadWorld(worldFile('broken-coach'))
  const running = await startWorld(world)
  try {
    const quietToOutput = call.json || call.reports.some(text => !text.includes(':'))
    if (!quietToOutput)
      io.out(
        `\n  A product with faults, ${world.domain}, is served on this machine;\n  nothing leaves it. The program that you would run on your own domain\n  now audits it: launch-ready audit ${world.domain}\n`,
      )
    const document = call.out === undefined ? ['markdown:launch-blockers.md'] : []
    const { code, result } = await runStage(onWorld(call, running, document), {
      stage: 'audit',
      operand: world.domain ?? undefined,
      // The world is gone when the report is read.
      next: ['launch-ready audit your-domain.com', 'cd your-repo && launch-ready deploy'],
    })
    if (!quietToOutput && document.length) io.out('  Written: launch-blockers.md\n\n')
    if (!quietToOutput) await handOverBoth(call, running, world.domain, result)
    if (!quietToOutput && !io.signal.aborted) await watchOver(call)
    // The world is broken on purpose: having found that is success, unless a threshold was asked for.
    return code === exitCodes.found && call.stage.failOn === undefined ? exitCodes.ok : code
  } finally {
    await running.close()
  }
}
