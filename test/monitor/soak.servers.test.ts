// A small version of the soak (`node scripts/monitor-soak.ts 500`): the watcher is killed at random moments while targets fail and a
// channel flaps, and nothing of what was confirmed is lost.
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

it('a watcher that is killed six times loses no result, no alert and no recovery', { timeout: 900_000 }, async () => {
  const script = join(import.meta.dirname, '../../scripts/monitor-soak.ts')
  const { stdout } = await promisify(execFile)(process.execPath, [script, '6', '7'])
  for (const what of ['lostResults', 'lostIncidents', 'lostMessages', 'lostAlerts', 'lostRecoveries', 'undelivered'])
    expect(stdout).toContain(`${what}: 0`)
  expect(Number(/duplicates: (\d+)/.exec(stdout)?.[1])).toBeLessThanOrEqual(6)
})
