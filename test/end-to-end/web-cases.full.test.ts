// The small inputs of ../shared/cases/web, each served on loopback to the built program, as the folder's README says.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'

const cases = resolve('../shared/cases/web/cases.mjs')
const isBuilt = existsSync('dist/main.js')

describe.skipIf(!existsSync(cases) || !isBuilt)(
  'the shared cases of the web (skipped where ../shared/cases is not there, or nothing is built)',
  () => {
    it('are all judged as wanted', () => {
      const { status, stdout, stderr } = spawnSync(process.execPath, [cases], {
        encoding: 'utf8',
        env: { ...process.env, MAIN: resolve('.') },
      })
      expect(`${stdout}${stderr}`).toMatch(/web cases: (\d+) of \1 right/)
      expect(status).toBe(0)
    }, 180_000)
  },
)
