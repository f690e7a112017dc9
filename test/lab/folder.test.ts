import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { makeLabFolder, sweepLabs } from '../../src/lab/folder.ts'

it('folders of a killed lab are swept at the next start; those of a living one, of others and links stay', () => {
  const at = mkdtempSync(join(tmpdir(), 'sweep-'))
  const { pid: gone } = spawnSync('true')
  const [dead, alive, other, link] = [
    `launch-ready-lab-${gone}-aaaaaa`,
    `launch-ready-lab-${process.pid}-bbbbbb`,
    'launch-ready-lab-cccccc',
    `launch-ready-lab-${gone}-dddddd`,
  ].map(name => join(at, name)) as [string, string, string, string]
  for (const folder of [join(dead, 'repo'), alive, other]) mkdirSync(folder, { recursive: true })
  symlinkSync(other, link)
  sweepLabs(at)
  expect([dead, alive, other, link].map(path => existsSync(path))).toEqual([false, true, true, true])
  rmSync(at, { recursive: true })
})

it('a folder bears the process that made it', () => {
  const folder = makeLabFolder()
  expect(folder).toContain(`launch-ready-lab-${process.pid}-`)
  rmSync(folder, { recursive: true })
})
