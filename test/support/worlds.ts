// The worlds of fixtures/worlds, and what tests over all of them share.
import { readdirSync } from 'node:fs'
import { type RunningWorld, startWorld } from '../../src/lab/start.ts'
import { loadWorld, type World } from '../../src/lab/world.ts'

const folder = new URL('../../fixtures/worlds/', import.meta.url).pathname

/** All worlds by name, without those whose files are left out. */
export const worldsBut = (leftOut: RegExp | null = null): World[] =>
  readdirSync(folder)
    .filter(name => name.endsWith('.yaml') && !leftOut?.test(name))
    .sort()
    .map(name => loadWorld(`${folder}${name}`))

/** A finding, or what a world expects, in one line. */
export const said = (finding: { check: string; outcome: string; subject: string }): string =>
  `${finding.check} ${finding.outcome} ${finding.subject}`

/** Serves a world while something is done in it. */
export const inWorld = async <T>(world: World, run: (running: RunningWorld) => Promise<T>): Promise<T> => {
  const running = await startWorld(world)
  try {
    return await run(running)
  } finally {
    await running.close()
  }
}
