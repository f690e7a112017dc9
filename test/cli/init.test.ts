// What `init` writes loads, as it is and with every template taken up.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { loadConfig } from '../../src/config/load.ts'
import { startWorld } from '../../src/lab/start.ts'
import { loadWorld } from '../../src/lab/world.ts'
import { runProgram } from '../support/run-program.ts'

const world = loadWorld(new URL('../../fixtures/worlds/healthy-coach.yaml', import.meta.url).pathname)
const silent = { ways: () => ['--resolver', '127.0.0.1:1', '--timeout', '0.2'], close: async () => undefined }

test.each([
  ['where nothing was found', async () => silent, ['dashboard', 'webhook']],
  [
    'below the pages that were found',
    () => startWorld(world),
    expect.arrayContaining(['auth', 'dashboard', 'webhook']),
  ],
])('the templates of init load when the # is taken away, %s', async (_name, start, kinds) => {
  const running = await start()
  const folder = mkdtempSync(join(tmpdir(), 'launch-ready-init-'))
  try {
    const { exit, out, err } = await runProgram(['init', 'coachdash.example', '--yes', ...running.ways()], {
      cwd: folder,
    })
    expect([exit, out + err]).toEqual([0, expect.stringContaining('Wrote launch-ready.config.yaml')])
    const path = join(folder, 'launch-ready.config.yaml')
    const written = readFileSync(path, 'utf8')
    writeFileSync(path, written.replace(/^# (?!yaml-language-server|What launch-ready)/gm, '').replace(/^#$/gm, ''))
    const names = [...written.matchAll(/\$\{(\w+)\}/g)].map(([, name]) => [name!, `value of ${name}`])
    const { config } = await loadConfig(path, Object.fromEntries(names))
    expect(config.flows?.map(flow => [flow.name, flow.kind, flow.steps.length])).toEqual([
      ['signup', 'signup', 2],
      ['login', 'login', 2],
      ['billing', 'billing', expect.any(Number)],
    ])
    expect(config.routes.map(route => route.kind)).toEqual(kinds)
    expect([config.email?.flows?.length, config.suppress.length]).toEqual([1, 1])
  } finally {
    await running.close()
    rmSync(folder, { recursive: true, force: true })
  }
})
