// Every fix of the deploy stage that is data is applied to the repository that it was written for, and the repository is judged again: the
// finding is gone, and nothing above low is opened. Then the whole plan of each repository.
import { describe, expect, it } from 'vitest'
import type { Finding } from '../../src/core/report.ts'
import { buildFixture, fixtureNames } from '../support/fixture-repos.ts'
import { apply, copyOf, isMachine, judgeAll, keyOf, opened, type Seen, walkRepoPlan } from '../support/repo-fixes.ts'

/** Applies one finding's changes in a copy and looks again. */
const tryFix = async (root: string, finding: Finding, before: Seen): Promise<string[]> => {
  const repo = copyOf(root)
  try {
    const { all, complaints } = apply(repo, finding.fix.changes)
    repo.commit('fixed')
    const after = await judgeAll(repo.root)
    const left = after.findings.some(one => keyOf(one) === keyOf(finding))
    if (all && !left && complaints.length === 0) healed.add(`${finding.check} ${finding.outcome}`)
    return [
      ...complaints,
      ...(all && left ? [`still there: ${JSON.stringify(finding.fix.changes).slice(0, 400)}`] : []),
      ...opened(before, after),
    ].map(complaint => `${keyOf(finding)}: ${complaint}`)
  } finally {
    repo.dispose()
  }
}

/** Outcomes whose every change was made by a machine here, and that were gone afterwards. */
const healed = new Set<string>()

describe('fixes of repositories', () => {
  for (const name of fixtureNames()) {
    it(`${name}: each fix alone, then the plan`, async () => {
      const repo = buildFixture(name)
      try {
        const before = await judgeAll(repo.root)
        const complaints: string[] = []
        for (const finding of before.findings)
          if (finding.fix.changes.some(isMachine)) complaints.push(...(await tryFix(repo.root, finding, before)))
        expect([...complaints, ...(await walkRepoPlan(name, false)).complaints]).toEqual([])
      } finally {
        repo.dispose()
      }
    })
  }

  it('at least 26 outcomes are healed by a machine alone', () => {
    expect([...healed].sort().length, [...healed].sort().join(', ')).toBeGreaterThanOrEqual(26)
  })
})
