// Whether a report depends on how busy this machine is: runs worlds once as it is, then several times beside processes that spin
// and with little memory, and compares what was found.
//
//   npm run busy -- [--runs 5] [--spinners 4] [--heap 128] [world …]
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs, promisify } from 'node:util'

const root = resolve(import.meta.dirname, '..')
const worldFolder = join(root, 'fixtures/worlds')

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    runs: { type: 'string', default: '5' },
    spinners: { type: 'string', default: '4' },
    heap: { type: 'string', default: '128' },
    child: { type: 'boolean', default: false },
  },
})

type Seen = { findings: string[]; unknown: string[]; notes: string[]; milliseconds: number }

/** One run in a process of its own, lab and program together. */
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

const inChild = async (name: string, heap: string | null): Promise<Seen> => {
  const options = heap === null ? [] : [`--max-old-space-size=${heap}`]
  const args = [...options, import.meta.filename, '--child', name]
  const { stdout } = await run(process.execPath, args, { maxBuffer: 64 << 20, cwd: root })
  return JSON.parse(stdout) as Seen
}

const differences = (idle: readonly string[], busy: readonly string[]): string[] => [
  ...idle.filter(line => !busy.includes(line)).map(line => `- ${line}`),
  ...busy.filter(line => !idle.includes(line)).map(line => `+ ${line}`),
]

const spin = (count: number): ChildProcess[] =>
  Array.from({ length: count }, () => spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' }))

const compare = async (names: readonly string[]): Promise<number> => {
  let wrong = 0
  console.log('world                      findings  same  unknown  said busy  seconds idle, busy')
  for (const name of names) {
    const idle = await inChild(name, null)
    const spinning = spin(Number(values.spinners))
    const busy: Seen[] = []
    try {
      for (let nth = 0; nth < Number(values.runs); nth++) busy.push(await inChild(name, values.heap))
    } finally {
      for (const child of spinning) child.kill('SIGKILL')
    }
    const changed = busy.map(seen => differences(idle.findings, seen.findings))
    const same = changed.filter(lines => lines.length === 0).length
    wrong += busy.length - same
    const seconds = (milliseconds: number): string => (milliseconds / 1000).toFixed(1)
    const slowest = Math.max(...busy.map(seen => seen.milliseconds))
    const noted = busy.filter(seen => seen.notes.some(note => note.startsWith('this machine was busy'))).length
    const unknown = `${idle.unknown.length}/${Math.max(...busy.map(seen => seen.unknown.length))}`
    console.log(
      `${name.padEnd(26)} ${String(idle.findings.length).padStart(8)}  ${`${same}/${busy.length}`.padStart(4)}  ${unknown.padStart(7)}  ${String(noted).padStart(9)}  ${seconds(idle.milliseconds)}, ${seconds(slowest)}`,
    )
    for (const line of new Set(changed.flat())) console.log(`  ${line}`)
  }
  return wrong
}

if (values.child) console.log(JSON.stringify(await runOnce(positionals[0]!)))
else {
  const all = readdirSync(worldFolder)
    .filter(file => file.endsWith('.yaml'))
    .map(file => file.replace('.yaml', ''))
    .sort()
  process.exitCode = (await compare(positionals.length ? positionals : all)) ? 1 : 0
}
