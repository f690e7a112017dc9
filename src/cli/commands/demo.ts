// `demo`: serves a broken world on loopback, audits it with the real program, prints the report, writes launch-blockers.md and a handover,
// and shows some minutes of the monitor.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type RunningWorld, startWorld } from '../../lab/start.ts'
import { loadWorld } from '../../lab/world.ts'
import { parseConnectTo, parseResolver } from '../../net/connect-to.ts'
import { wrap } from '../../report/shared/width.ts'
import type { RunResult } from '../../run/request.ts'
import type { Call } from '../call.ts'
import { exitCodes } from '../exit-code.ts'
import { wantsColor } from '../reports.ts'
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
    // The facts are those of the audit: a second run would write over them.
    stage: { ...call.stage, failOn: undefined, saveFacts: undefined, updateBaseline: false },
    io: { ...call.io, out: () => {}, err: () => {} },
  }
  const task = { stage: 'handover' as const, operand: domain ?? undefined, writing: true, ...(seen ? { seen } : {}) }
  await runStage(onWorld(quiet, running, []), task)
  return true
}

/** The handovers of the product with faults and of the same product in order; what was written. */
const handOverBoth = async (
  call: Call,
  running: RunningWorld,
  domain: string | null,
  seen: RunResult,
): Promise<string[]> => {
  const out = call.out ?? 'launch-ready'
  const below = join(out, 'when-in-order')
  const written: string[] = []
  if (await handOver(call, running, { out, domain, seen }))
    written.push(`Who takes it over reads ${join(out, 'handover.md')}`)
  const sound = await startWorld(loadWorld(worldFile('healthy-coach')))
  try {
    if (await handOver(call, sound, { out: below, domain: sound.world.domain }))
      written.push(`The same when all is in order: ${join(below, 'handover.md')}`)
  } finally {
    await sound.close()
  }
  return written
}

/** Some minutes of the monitor, over this machine alone. */
const watchOver = async ({ io, network }: Call, end: string): Promise<void> => {
  const [{ showMonitor }, { createNetwork }] = await Promise.all([
    import('../demo-monitor.ts'),
    import('../../net/create-network.ts'),
  ])
  const { clock, signal } = io
  await showMonitor(
    io,
    () => createNetwork({ ...network, connectTo: [], clock, signal, ownHosts: ['127.0.0.1'], oneLook: true }),
    end,
  )
}

const width = ({ columns }: Call['io']): number => Math.min(120, Math.max(40, columns ?? 80))

/** Verdict and next steps, where the eye is when the demo ends. */
const endOf = async ({ io, look }: Call, { report }: RunResult, next: readonly string[]): Promise<string> => {
  const { terminalEnd } = await import('../../report/terminal.ts')
  return terminalEnd(report, { width: width(io), color: wantsColor(io, look), next })
}

export const run = async (call: Call): Promise<number> => {
  const { io } = call
  const world = loadWorld(worldFile('broken-coach'))
  const running = await startWorld(world)
  try {
    const quietToOutput = call.json || call.reports.some(text => !text.includes(':'))
    if (!quietToOutput) io.out(`  ${world.domain}, with faults, is served and audited on this machine.\n`)
    const document = call.out === undefined ? ['markdown:launch-blockers.md'] : []
    // The world is gone when the report is read.
    const next = ['launch-ready audit your-domain.com', 'cd your-repo && launch-ready deploy']
    const endsLater = !quietToOutput && !call.look.quiet
    const task = { stage: 'audit' as const, operand: world.domain ?? undefined, next, endsLater }
    const { code, result } = await runStage(onWorld(call, running, document), task)
    if (!quietToOutput) {
      const written = document.length ? ['Written: launch-blockers.md'] : []
      written.push(...(await handOverBoth(call, running, world.domain, result)))
      for (const line of written)
        io.out(
          wrap(line, width(io) - 2)
            .map(part => `  ${part}\n`)
            .join(''),
        )
      const end = endsLater ? await endOf(call, result, next) : ''
      if (io.signal.aborted) io.out(end)
      else await watchOver(call, end)
    }
    // The world is broken on purpose: having found that is success, unless a threshold was asked for.
    return code === exitCodes.found && call.stage.failOn === undefined ? exitCodes.ok : code
  } finally {
    await running.close()
  }
}
