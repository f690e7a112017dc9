// Git for the command line: the root around a folder, what a ref names; nothing of the caller's environment changes the answer.
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { gitCommit, gitRoot, gitTextNow } from '../../../src/facts/repo/git.ts'
import { makeRepo, type TestRepo } from '../../support/repo.ts'

const env = { PATH: process.env['PATH'] }
let repo: TestRepo
let bare: string
beforeAll(() => {
  repo = makeRepo({ 'a/b/c.txt': '1' })
  repo.commit('first')
  repo.git('tag', 'v1')
  bare = mkdtempSync(join(tmpdir(), 'no-repo-'))
})
afterAll(() => {
  repo.dispose()
  rmSync(bare, { recursive: true, force: true })
})

describe('gitRoot', () => {
  it('is the root around a folder, and null where there is none', () => {
    expect(gitRoot(join(repo.root, 'a/b'), env)).toBe(realpathSync(repo.root))
    expect(gitRoot(bare, env)).toBeNull()
    expect(gitRoot(join(bare, 'gone'), env)).toBeNull()
  })

  it('heeds no GIT_DIR of the caller, and is null without git', () => {
    mkdirSync(join(bare, 'x'))
    expect(gitRoot(bare, { ...env, GIT_DIR: join(repo.root, '.git') })).toBeNull()
    expect(gitRoot(repo.root, { PATH: bare })).toBeNull()
  })
})

describe('gitCommit', () => {
  it.each([
    ['v1', true],
    ['HEAD', true],
    ['v9', false],
    ['HEAD:a', false],
    ['--output=/tmp/x', false],
  ])('%s: %s', (ref, expected) => {
    expect(gitCommit(repo.root, ref, env) !== null).toBe(expected)
  })

  it('runs no fsmonitor of the repository', () => {
    repo.git('config', 'core.fsmonitor', `touch ${join(bare, 'ran')}; false`)
    expect(gitTextNow(repo.root, ['status', '--porcelain'], env)).toBe('')
    expect(existsSync(join(bare, 'ran'))).toBe(false)
  })
})
