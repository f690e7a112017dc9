// A run that does not answer: a reader that never ends is planted, and signals are answered all the same.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Report } from '../../src/core/report.ts'

const folder = mkdtempSync(join(tmpdir(), 'launch-ready-hold-'))
const repository = join(folder, 'repository')
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Puts an endless loop at the head of the reader of Dockerfiles, once that file is opened. */
const planted = `
import { registerHooks } from 'node:module'
registerHooks({
  load(url, context, next) {
    const loaded = next(url, context)
    if (!url.endsWith('/src/formats/repo/dockerfile.ts')) return loaded
    const source = String(loaded.source)
    const head = /(export const parseDockerfile = \\(text\\b[^=]*=> \\{)/
    if (!head.test(source)) throw new Error('nothing to plant in')
    return { ...loaded, source: source.replace(head, "$1 process._rawDebug('in the loop'); for (;;);") }
  },
})
`

beforeAll(() => {
  mkdirSync(repository)
  writeFileSync(join(repository, 'Dockerfile'), 'FROM node:24\nCMD ["node", "server.js"]\n')
  writeFileSync(join(repository, 'package.json'), '{"name":"a","scripts":{"start":"node server.js"}}')
  writeFileSync(join(folder, 'plant.mjs'), planted)
  writeFileSync(join(folder, 'run.mjs'), `import { start } from '${resolve('src/main.ts')}'\nawait start()\n`)
  writeFileSync(
    join(folder, 'short.mjs'),
    `import { holdRun } from '${resolve('src/cli/hold.ts')}'
const io = { out: text => process.stdout.write(text), err: text => process.stderr.write(text), signal: new AbortController().signal }
const held = { argv: process.argv.slice(2), version: '0', env: { ...process.env }, columns: null, errColumns: null, errIsTerminal: false, interactive: false }
process.exit(await holdRun(held, io, { mostWorkMs: 4000, salvageMs: 20000 }))\n`,
  )
})

const spawned = (script: string, argv: readonly string[], hook: boolean) => {
  const options = hook ? ['--import', join(folder, 'plant.mjs')] : []
  const child = spawn(process.execPath, [...options, join(folder, script), ...argv], {
    cwd: folder,
    env: { PATH: process.env['PATH'], LAUNCH_READY_OFFLINE: '1' },
  })
  const said = { out: '', err: '' }
  child.stdout.on('data', part => {
    said.out += part
  })
  child.stderr.on('data', part => {
    said.err += part
  })
  /** Resolves when the loop is entered. */
  const looping = new Promise<void>(resolve => {
    child.stderr.on('data', () => {
      if (said.err.includes('in the loop')) resolve()
    })
  })
  const answered = new Promise<void>(resolve => {
    child.stderr.on('data', () => {
      if (said.err.includes('interrupted;')) resolve()
    })
  })
  return { child, said, looping, answered, closed: once(child, 'close') as Promise<[number | null]> }
}

/** A process that does nothing but hear a signal: what it takes to end is what this machine takes. */
const listening = async () => {
  const code =
    "for (const name of ['SIGINT','SIGTERM']) process.on(name, () => process.exit()); setInterval(() => {}, 1e6); console.log()"
  const child = spawn(process.execPath, ['-e', code])
  await once(child.stdout, 'data')
  return child
}

/** Milliseconds in which the process had a processor, in all its threads; null where the system does not tell. */
const turnsOf = (pid: number): number | null => {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')
    return (Number(fields[11]) + Number(fields[12])) * 10
  } catch {
    return null
  }
}

const deploy = ['deploy', 'repository', '--json', '--no-config']

it.each(['SIGINT', 'SIGTERM'] as const)(
  '%s is answered while a reader never ends, with what was judged',
  async signal => {
    const { child, said, looping, answered, closed } = spawned('run.mjs', deploy, true)
    await looping
    // What does not wait for that reader is judged meanwhile, or was before.
    await new Promise(resolve => setTimeout(resolve, 200))
    const other = await listening()
    const begun = performance.now()
    const turns = turnsOf(child.pid!)
    const since = (): number => performance.now() - begun
    child.kill(signal)
    other.kill(signal)
    // The reader never rests: the turns of its process are time as it passes on a machine that does nothing else.
    const [took, delay] = await Promise.all([
      answered.then(() => (turns === null ? since() : (turnsOf(child.pid!) ?? turns) - turns)),
      once(other, 'close').then(since),
    ])
    const [code] = await closed
    expect(code, said.err).toBe(130)
    // The hearing thread has nothing else to do: only a machine that gives it no turn delays it.
    expect(took).toBeLessThan(1_000 + 2 * delay)
    expect(JSON.parse(said.out) as Report).toMatchObject({ interrupted: true, verdict: 'incomplete' })
  },
)

it('the thread that reports is ready before a signal comes, once the run is deaf', async () => {
  const { child, err, closed } = programWith(deploy, '', join(folder, 'plant.mjs'))
  let out = ''
  child.stdout.on('data', part => {
    out += part
  })
  await new Promise<void>(resolve => {
    child.stderr.on('data', () => {
      if (err().split('a thread').length > 2) resolve()
    })
  })
  expect(err()).not.toContain('interrupted;')
  child.kill('SIGINT')
  expect((await closed)[0], err()).toBe(130)
  expect(JSON.parse(out) as Report).toMatchObject({ interrupted: true, verdict: 'incomplete' })
  expect(err().split('interrupted;')).toHaveLength(2)
})

it('a second signal does not wait', async () => {
  const { child, looping, closed } = spawned('run.mjs', deploy, true)
  await looping
  child.kill('SIGINT')
  child.kill('SIGTERM')
  expect((await closed)[0]).toBe(130)
})

it('a file on which a reader never ends costs that file', async () => {
  const { said, closed } = spawned('short.mjs', deploy, true)
  expect([0, 1, 3], said.err).toContain((await closed)[0])
  expect(said.err).toContain('reading Dockerfile kept it busy without an end')
  const report = JSON.parse(said.out) as Report
  expect(report.interrupted).toBe(false)
  expect(report.notes).toContain('Dockerfile was passed over: reading it did not end')
  expect(report.checks.length).toBeGreaterThan(10)
})

it('a run without trouble ends as it does in one thread', async () => {
  const { said, closed } = spawned('run.mjs', deploy, false)
  expect([0, 1, 3]).toContain((await closed)[0])
  expect((JSON.parse(said.out) as Report).interrupted).toBe(false)
})

/** The program as a process of its own, with every thread that it starts told of on standard error. */
const programWith = (argv: readonly string[], input: Buffer | string = '', hook = join(folder, 'threads.mjs')) => {
  writeFileSync(
    join(folder, 'threads.mjs'),
    `import { isMainThread } from 'node:worker_threads'\nif (!isMainThread) process._rawDebug('a thread')\n`,
  )
  const hooks = ['--import', join(folder, 'threads.mjs'), '--import', hook]
  const child = spawn(process.execPath, [...hooks, join(folder, 'run.mjs'), ...argv], {
    cwd: folder,
    env: { PATH: process.env['PATH'], LAUNCH_READY_OFFLINE: '1' },
  })
  let err = ''
  child.stderr.on('data', part => {
    err += part
  })
  child.stdin.on('error', () => {})
  child.stdin.end(input)
  return { child, err: () => err, closed: once(child, 'close') as Promise<[number | null, string | null]> }
}

it('help starts no thread, a run of a stage does, with or without its name', async () => {
  const threads = async (argv: readonly string[]): Promise<[number, number | null]> => {
    const { child, err, closed } = programWith(argv)
    child.stdout.resume()
    const [code] = await closed
    return [err().split('a thread').length - 1, code]
  }
  expect(await threads(['audit', '--help'])).toEqual([0, 0])
  expect(await threads(['explain', 'caa'])).toEqual([0, 0])
  expect(await threads(['audit', 'no domain'])).toEqual([1, 2])
  expect(await threads(['no..domain'])).toEqual([1, 2])
})

it('a long log goes through in order, and a reader that goes away ends it', async () => {
  const line = (at: number): string => `${at} login of ada@coachdash.example from a browser\n`
  const log = Array.from({ length: 60_000 }, (_, at) => line(at)).join('')
  const whole = programWith(['monitor', 'redact', '-'], log)
  let out = ''
  whole.child.stdout.on('data', part => {
    out += part
  })
  expect((await whole.closed)[0], whole.err()).toBe(0)
  // A listener for each piece would be a leak, of which Node warns.
  expect(whole.err()).not.toContain('Warning')
  const lines = out.trimEnd().split('\n')
  expect(lines).toHaveLength(60_000)
  expect(lines.findIndex((text, at) => !text.startsWith(`${at} login of `))).toBe(-1)
  expect(out).not.toContain('ada@')

  const short = programWith(['monitor', 'redact', '-'], log)
  await once(short.child.stdout, 'data')
  short.child.stdout.destroy()
  expect((await short.closed)[1], short.err()).toBeNull()
  expect(short.err()).not.toContain('defect')
})
