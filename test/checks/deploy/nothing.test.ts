// A folder in which nothing lies, or a repository without a commit: no check passes, so that nothing calls it ready.
import { describe, expect, it } from 'vitest'
import { checks } from '../../../src/checks/index.generated.ts'
import { judgeFolder } from '../../support/deploy.ts'
import { makeRepo } from '../../support/repo.ts'

describe('where nothing lies', () => {
  it('nothing passes and nothing is found', async () => {
    const repo = makeRepo({})
    const own = checks.filter(
      ({ stage, id }) => stage === 'deploy' && id !== 'dependency-advisories' && id !== 'backup',
    )
    const judged = await judgeFolder(repo.root, own)
    repo.dispose()
    const held = Object.values(judged).flatMap(({ results }) =>
      results
        .filter(({ status }) => status === 'pass' || status === 'fail')
        .map(({ check, status }) => `${check} ${status}`),
    )
    expect(held).toEqual([])
  })
})
