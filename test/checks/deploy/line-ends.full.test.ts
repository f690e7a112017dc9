// A checkout on Windows has other line ends than one elsewhere (core.autocrlf): every repository is judged alike with both.
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { checks } from '../../../src/checks/index.generated.ts'
import { kindsOf } from '../../../src/core/check.ts'
import { judgeFolder } from '../../support/deploy.ts'
import { buildFixture, fixtureNames } from '../../support/fixture-repos.ts'

const ofRepositories = checks.filter(check => kindsOf(check).join() === 'repo' && !check.active)

const judged = async (root: string): Promise<string[]> =>
  Object.values(await judgeFolder(root, ofRepositories))
    .flatMap(({ findings, results }) => [
      ...findings.map(({ check, outcome, severity, key }) => `${check} ${outcome} ${severity} ${key ?? ''}`),
      ...results.map(({ check, status, outcome }) => `${check} ${status} ${outcome ?? ''}`),
    ])
    .sort()

const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap(entry => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return entry.name === '.git' ? [] : filesBelow(path)
    return entry.isFile() ? [path] : []
  })

/** As git writes them with `core.autocrlf`. */
const checkOutOnWindows = (root: string): void => {
  execFileSync('git', ['config', 'core.autocrlf', 'true'], { cwd: root })
  for (const file of filesBelow(root)) {
    const text = readFileSync(file, 'latin1')
    if (!text.includes('\0') && !text.includes('\r\n')) writeFileSync(file, text.replaceAll('\n', '\r\n'), 'latin1')
  }
}

it.each(fixtureNames())('%s', async name => {
  const { root } = buildFixture(name)
  const before = await judged(root)
  checkOutOnWindows(root)
  expect(await judged(root)).toEqual(before)
})
