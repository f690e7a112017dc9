// Follows the plan of each world's report step by step, with an audit after every step, and that of each repository of fixtures/repos: no
// step throws, none opens a finding above low, and at the end nothing is left of what the plan claims. Takes hours on two cores; goes on
// where it stopped.
//
//   npm run plans -- [--out coverage/plans.jsonl] [world or repository …]
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { loadWorld } from '../src/lab/world.ts'
import { fixtureNames } from '../test/support/fixture-repos.ts'
import { walkPlan } from '../test/support/plan-walk.ts'
import { walkRepoPlan } from '../test/support/repo-fixes.ts'

const root = resolve(import.meta.dirname, '..')
const folder = join(root, 'fixtures/worlds')

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { out: { type: 'string', default: join(root, 'coverage/plans.jsonl') } },
})

/** Repositories stand among the worlds under this, since both have names of their own. */
const asRepository = 'repos/'

type Row = { world: string; steps: number; complaints: string[]; seconds: number }

const rowsIn = (file: string): Row[] =>
  existsSync(file)
    ? readFileSync(file, 'utf8')
        .split('\n')
        .filter(Boolean)
        .map(line => JSON.parse(line) as Row)
    : []

const worlds = readdirSync(folder)
  .filter(name => name.endsWith('.yaml'))
  .map(name => name.slice(0, -'.yaml'.length))
const names = [...worlds, ...fixtureNames().map(name => `${asRepository}${name}`)]
  .filter(name => positionals.length === 0 || positionals.includes(name))
  .sort()

const walk = async (world: string): Promise<Row> => {
  const begun = performance.now()
  const took = (): number => Math.round((performance.now() - begun) / 1000)
  try {
    const { steps, complaints } = world.startsWith(asRepository)
      ? await walkRepoPlan(world.slice(asRepository.length), true)
      : await walkPlan(loadWorld(join(folder, `${world}.yaml`)), true)
    return { world, steps, complaints, seconds: took() }
  } catch (error) {
    return { world, steps: 0, complaints: [`throws: ${(error as Error).message.slice(0, 500)}`], seconds: took() }
  }
}

mkdirSync(dirname(values.out), { recursive: true })
for (const world of names) {
  // Read anew each time: several of these may share one file.
  if (rowsIn(values.out).some(row => row.world === world)) continue
  const row = await walk(world)
  appendFileSync(values.out, `${JSON.stringify(row)}\n`)
  console.log(`${world}: ${row.steps} steps, ${row.seconds} s${row.complaints.map(text => `\n  ${text}`).join('')}`)
}

const all = rowsIn(values.out).filter(({ world }) => names.includes(world))
const bad = all.filter(({ complaints }) => complaints.length > 0)
const steps = all.reduce((sum, row) => sum + row.steps, 0)
console.log(
  `${all.length} of ${names.length} worlds and repositories, ${steps} steps, ${bad.length} of them with a complaint`,
)
process.exitCode = bad.length > 0 ? 1 : 0
