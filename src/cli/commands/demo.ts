// `demo`: serves a broken world on loopback, audits it with the real program, prints the report, writes launch-blockers.md.
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { startWorld } from '../../lab/start.ts'
import { loadWorld } from '../../lab/world.ts'
import { exitCodes } from '../exit-code.ts'
import type { Io } from '../io.ts'
import type { RunOptions } from '../options.ts'
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

export const run = async (_operands: string[], options: RunOptions, io: Io, version: string): Promise<number> => {
  const world = loadWorld(worldFile('broken-coach'))
  const domain = world.domain ?? undefined
  const running = await startWorld(world)
  try {
    const quietToOutput = options.json === true || (options.report ?? []).some(text => !text.includes(':'))
    if (!quietToOutput)
      io.out(
        `\n  A product with faults, ${world.domain}, is served on this machine;\n  nothing leaves it. The program that you would run on your own domain\n  now audits it: launch-ready audit ${world.domain}\n`,
      )
    const document = options.out === undefined ? ['markdown:launch-blockers.md'] : []
    const code = await runStage(
      'audit',
      domain,
      {
        ...options,
        resolver: [running.resolver],
        connectTo: [...running.connectTo],
        ca: [running.ca.path],
        repo: options.repo ?? running.repo ?? undefined,
        report: [...(options.report ?? []), ...document],
        noConfig: true,
        // The world is gone when the report is read.
        next: ['launch-ready audit your-domain.com', 'cd your-repo && launch-ready deploy'],
      },
      io,
      version,
    )
    if (!quietToOutput && document.length) io.out('  Written: launch-blockers.md\n\n')
    // The world is broken on purpose: having found that is success, unless a threshold was asked for.
    return code === exitCodes.found && options.failOn === undefined ? exitCodes.ok : code
  } finally {
    await running.close()
  }
}
