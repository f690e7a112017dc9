// The program on a process of its own: what is thrown where nobody catches, and interruption.
import { spawn } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import type { Report } from '../../src/core/report.ts'

const folder = mkdtempSync(join(tmpdir(), 'launch-ready-process-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Starts the program with `before` run in its process; it gets a SIGINT when `interrupt` resolves. */
const start = async (argv: readonly string[], before = '', interrupt?: Promise<unknown>) => {
  const script = join(folder, 'start.mjs')
  writeFileSync(script, `import { start } from '${resolve('src/main.ts')}'\n${before}\nawait start()\n`)
  const child = spawn(process.execPath, [script, ...argv], { cwd: folder, env: { PATH: process.env['PATH'] } })
  let out = ''
  let err = ''
  child.stdout.on('data', part => {
    out += part
  })
  child.stderr.on('data', part => {
    err += part
  })
  void interrupt?.then(() => child.kill('SIGINT'))
  const [code] = await once(child, 'close')
  return { code, out, err }
}

it('a stray error is stated once as a defect, exit 4, and the run goes on to its report', async () => {
  writeFileSync(
    join(folder, 'facts.json'),
    JSON.stringify({
      schemaVersion: 1,
      kind: 'launch-ready facts',
      startedAt: '2026-11-25T09:30:00.000Z',
      target: { domain: 'coachdash.example', repo: null },
      facts: [],
    }),
  )
  const stray = "for (const at of [0, 1]) setTimeout(() => { throw new Error('stray') }, at)"
  const { code, out, err } = await start(['audit', '--facts', 'facts.json', '--json', '--only', 'caa'], stray)
  expect(code).toBe(4)
  expect((JSON.parse(out) as Report).checks.map(({ check }) => check)).toEqual(['caa'])
  expect(err.match(/defect of the tool[^\n]*Error: stray/g)).toHaveLength(1)
})

it('an interrupted run ends with a report that says so, exit 130', async () => {
  // A resolver that never answers.
  const silent = createSocket('udp4').bind(0, '127.0.0.1')
  await once(silent, 'listening')
  const { port } = silent.address() as AddressInfo
  const argv = ['audit', 'coachdash.example', '--resolver', `127.0.0.1:${port}`, '--timeout', '60', '--json']
  const { code, out } = await start(argv, '', once(silent, 'message'))
  silent.close()
  expect(code).toBe(130)
  expect(JSON.parse(out)).toMatchObject({ interrupted: true, verdict: 'incomplete' })
})
