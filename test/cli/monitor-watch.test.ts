import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { serve } from '../probes/support.ts'
import { freePort } from '../support/free-port.ts'

const program = `await (await import(${JSON.stringify(join(import.meta.dirname, '../../src/main.ts'))})).start()`

it('watches until it is told to stop, and lets no second one in', async () => {
  const url = await serve(() => ({ body: 'all is well here' }))
  const folder = mkdtempSync(join(tmpdir(), 'monitor-watch-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const monitor = {
    listen: `127.0.0.1:${await freePort()}`,
    monitors: [{ name: 'app', http: url }],
    alerts: [{ name: 'hook', webhook: `${url}/hook` }],
  }
  writeFileSync(join(folder, 'c.json'), JSON.stringify({ monitor }))
  const start = (...words: string[]) => {
    const child = spawn(
      process.execPath,
      ['--input-type=module', '-e', program, '--', 'program', 'monitor', ...words, '-c', 'c.json'],
      { cwd: folder },
    )
    let err = ''
    child.stderr.on('data', chunk => {
      err += chunk
    })
    const ended = new Promise<number | null>(done => child.once('exit', done))
    return { child, err: () => err, ended }
  }
  const first = start('watch')
  await new Promise<void>(done => {
    first.child.stderr.on('data', () => first.err().includes('watching 1 monitors') && done())
    first.child.once('exit', () => done())
  })
  expect(first.err()).toContain('watching 1 monitors')
  const second = start('watch')
  expect(await second.ended).toBe(2)
  expect(second.err()).toContain(`is watched already by process ${first.child.pid}`)
  const test = start('test-alert')
  expect(await test.ended).toBe(0)
  const evidence = JSON.parse(readFileSync(join(folder, 'launch-ready/evidence/alert-delivery.json'), 'utf8'))
  expect(evidence.channels).toMatchObject([{ channel: 'hook', seenAt: null, acceptedAt: expect.any(String) }])
  first.child.kill('SIGTERM')
  expect(await first.ended).toBe(0)
})
