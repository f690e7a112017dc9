// Whether a report depends on how busy this machine is: runs worlds as the machine is, then many times beside processes that spin
// and with little memory, and compares what was found. The whole takes hours: a share of the worlds can be run at a time, every
// run is written down as it ends, and what is written down is not run again.
//
//   npm run busy -- [--runs 20] [--each 5] [--spinners 4] [--heap 128] [--at-once 2] [--share 1/8] [--record file] [--table] [world …]
//
// `--each`: runs of one process, which starts cold; `--record`: the file of runs, a line of JSON each; `--table`: only print what it holds.
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { appendFileSync, existsSync, readdirSync, readFileSync } from 'node:fs'
import { loadavg } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs, promisify } from 'node:util'

const root = resolve(import.meta.dirname, '..')
const worldFolder = join(root, 'fixtures/worlds')

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    runs: { type: 'string', default: '20' },
    each: { type: 'string', default: '5' },
    spinners: { type: 'string', default: '4' },
    heap: { type: 'string', default: '128' },
    'at-once': { type: 'string', default: '2' },
    share: { type: 'string', default: '1/1' },
    record: { type: 'string' },
    table: { type: 'boolean', default: false },
    child: { type: 'boolean', default: false },
  },
})

type Seen = { findings: string[]; unknown: string[]; notes: string[]; milliseconds: number }
/** `load`: the average of the last minute when the run ended, others' work on this machine included. */
type Line = { world: string; busy: boolean; load: number } & (Seen | { failed: string })

const runOnce = async (name: string): Promise<Seen> => {
  const { startWorld } = await import('../src/lab/start.ts')
  const { loadWorld } = await import('../src/lab/world.ts')
  const { auditWorld } = await import('../test/support/lab-audit.ts')
  const running = await startWorld(loadWorld(join(worldFolder, `${name}.yaml`)))
  try {
    const { report, milliseconds } = await auditWorld(running)
    return {
      findings: report.findings.map(({ check, outcome, subject }) => `${check} ${outcome} ${subject}`).sort(),
      unknown: report.checks
        .filter(({ status }) => status === 'unknown')
        .map(({ check, subject }) => `${check} ${subject}`)
        .sort(),
      notes: report.notes,
      milliseconds,
    }
  } finally {
    await running.close()
  }
}

const run = promisify(execFile)

/** Runs in a process of its own, lab and program together. */
const inChild = async (world: string, times: number, busy: boolean): Promise<Line[]> => {
  const options = busy ? [`--max-old-space-size=${values.heap}`] : []
  const args = [...options, import.meta.filename, '--child', world, String(times)]
  try {
    const { stdout } = await run(process.execPath, args, { maxBuffer: 64 << 20, cwd: root })
    return (JSON.parse(stdout) as Seen[]).map(seen => ({ world, busy, load: loadavg()[0]!, ...seen }))
  } catch (error) {
    return [{ world, busy, load: loadavg()[0]!, failed: String(error).slice(-2000) }]
  }
}

const recorded = (): Line[] =>
  values.record && existsSync(values.record)
    ? readFileSync(values.record, 'utf8')
        .split('\n')
        .filter(Boolean)
        .map(line => JSON.parse(line) as Line)
    : []

const spin = (count: number): ChildProcess[] =>
  Array.from({ length: count }, () => spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' }))

type Job = { world: string; times: number; busy: boolean }

const work = async (jobs: Job[], lines: Line[]): Promise<void> => {
  const queue = [...jobs]
  const worker = async (): Promise<void> => {
    for (let job = queue.shift(); job; job = queue.shift()) {
      const seen = await inChild(job.world, job.times, job.busy)
      lines.push(...seen)
      if (values.record) appendFileSync(values.record, seen.map(line => `${JSON.stringify(line)}\n`).join(''))
    }
  }
  await Promise.all(Array.from({ length: Number(values['at-once']) }, worker))
}

/** What is still to run beside spinning processes: every world once, then every world again, so that a part of it tells of all. */
const busyJobs = (names: readonly string[], lines: readonly Line[]): Job[] => {
  const left = new Map(
    names.map(world => [world, Number(values.runs) - lines.filter(line => line.busy && line.world === world).length]),
  )
  const jobs: Job[] = []
  while ([...left.values()].some(count => count > 0))
    for (const [world, count] of left) {
      const times = Math.min(Number(values.each), count)
      if (times > 0) jobs.push({ world, times, busy: true })
      left.set(world, count - times)
    }
  return jobs
}

const differences = (idle: readonly string[], busy: readonly string[]): string[] => [
  ...idle.filter(line => !busy.includes(line)).map(line => `- ${line}`),
  ...busy.filter(line => !idle.includes(line)).map(line => `+ ${line}`),
]

const printed = (world: string, lines: readonly Line[]): number => {
  const idle = lines.find((line): line is Line & Seen => !line.busy && 'findings' in line)
  const busy = lines.filter(line => line.busy)
  if (!idle || busy.length === 0) {
    console.log(`${world.padEnd(34)} ${idle ? 'not run busy' : 'not run idle'}`)
    return 0
  }
  const whole = busy.filter((line): line is Line & Seen => 'findings' in line)
  const changed = whole.map(seen => differences(idle.findings, seen.findings))
  const unseen = whole.map(seen => differences(idle.unknown, seen.unknown).map(line => `${line} (could not tell)`))
  const same = changed.filter(found => found.length === 0).length
  const noted = whole.filter(seen => seen.notes.some(note => note.startsWith('this machine was busy'))).length
  const seconds = (milliseconds: number): string => (milliseconds / 1000).toFixed(1)
  const slowest = Math.max(0, ...whole.map(seen => seen.milliseconds))
  const otherwise = unseen.filter(found => found.length > 0).length
  console.log(
    `${world.padEnd(34)} ${String(idle.findings.length).padStart(8)}  ${`${same}/${busy.length}`.padStart(7)}  ${String(otherwise).padStart(9)}  ${String(noted).padStart(9)}  ${seconds(idle.milliseconds)}, ${seconds(slowest)}`,
  )
  for (const line of new Set([...changed.flat(), ...unseen.flat()])) console.log(`  ${line}`)
  for (const line of busy) if ('failed' in line) console.log(`  ! ${line.failed.slice(-300)}`)
  return busy.length - same
}

const table = (names: readonly string[], lines: readonly Line[]): number => {
  console.log('world                              findings     same  unknown ±  said busy  seconds idle, busy')
  let wrong = 0
  for (const world of names)
    wrong += printed(
      world,
      lines.filter(line => line.world === world),
    )
  const runs = lines.filter(line => line.busy && names.includes(line.world))
  const loads = runs.map(({ load }) => load).sort((a, b) => a - b)
  const middle = loads[Math.floor(loads.length / 2)] ?? 0
  console.log(
    `${new Set(runs.map(({ world }) => world)).size} worlds, ${runs.length} runs, ${wrong} differ; load ${loads[0]?.toFixed(0)} to ${loads.at(-1)?.toFixed(0)}, in the middle ${middle.toFixed(0)}`,
  )
  return wrong
}

const compare = async (names: readonly string[]): Promise<number> => {
  const lines = recorded()
  if (!values.table) {
    const ofIdle = names.filter(name => !lines.some(line => !line.busy && line.world === name))
    await work(
      ofIdle.map(world => ({ world, times: 1, busy: false })),
      lines,
    )
    const spinning = spin(Number(values.spinners))
    try {
      await work(busyJobs(names, lines), lines)
    } finally {
      for (const child of spinning) child.kill('SIGKILL')
    }
  }
  return table(names, lines)
}

const namesOf = (): string[] => {
  const [part = 1, parts = 1] = values.share.split('/').map(Number)
  const all = readdirSync(worldFolder)
    .filter(file => file.endsWith('.yaml'))
    .map(file => file.replace('.yaml', ''))
    .sort()
  return (positionals.length ? positionals : all).filter((_, index) => index % parts === part - 1)
}

if (values.child) {
  const seen: Seen[] = []
  for (let nth = 0; nth < Number(positionals[1] ?? 1); nth++) seen.push(await runOnce(positionals[0]!))
  console.log(JSON.stringify(seen))
} else process.exitCode = (await compare(namesOf())) ? 1 : 0
