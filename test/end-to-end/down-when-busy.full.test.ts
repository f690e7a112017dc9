// A host that is really down is found however busy this machine is: beside four processes that spin, with the program's deadlines as short as they go.
import { type ChildProcess, spawn } from 'node:child_process'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startWorld } from '../../src/lab/start.ts'
import { loadWorld } from '../../src/lab/world.ts'
import { auditWorld } from '../support/lab-audit.ts'

const spinning: ChildProcess[] = []
beforeAll(() => {
  for (let nth = 0; nth < 4; nth++) spinning.push(spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' }))
})
afterAll(() => {
  for (const child of spinning) child.kill('SIGKILL')
})

test.each([
  ['silence', ['certificate unreachable app.coachdash.example', 'nameservers unreachable coachdash.example']],
  ['front-page-fails', ['route-status unreachable https://docs.coachdash.example/']],
] as const)('%s', async (name, down) => {
  const running = await startWorld(loadWorld(new URL(`../../fixtures/worlds/${name}.yaml`, import.meta.url).pathname))
  try {
    const { report } = await auditWorld(running)
    const found = report.findings.map(({ check, outcome, subject }) => `${check} ${outcome} ${subject}`)
    expect(found).toEqual(expect.arrayContaining([...down]))
    // Of the hosts that answer none is said to be down.
    const said = found.filter(line => /^(?:certificate|nameservers|route-status) (?:unreachable|timeout)/.test(line))
    expect(said.sort()).toEqual([...down].sort())
  } finally {
    await running.close()
  }
})
