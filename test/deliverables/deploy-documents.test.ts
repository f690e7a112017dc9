import { describe, expect, it } from 'vitest'
import container from '../../src/checks/deploy/container.ts'
import lockfile from '../../src/checks/deploy/lockfile.ts'
import hazard from '../../src/checks/deploy/migration-hazard.ts'
import rollback from '../../src/checks/deploy/rollback.ts'
import type { AnyCheck } from '../../src/core/check.ts'
import type { SavedFact } from '../../src/core/fact.ts'
import type { Report } from '../../src/core/report.ts'
import { deploymentChecklist } from '../../src/deliverables/deployment-checklist.ts'
import { rollbackDocument } from '../../src/deliverables/rollback.ts'
import { describeChecks } from '../../src/run/describe.ts'
import { factsOf, judgeFolder } from '../support/deploy.ts'
import { buildFixture } from '../support/fixture-repos.ts'
import { makeRepo, type TestRepo } from '../support/repo.ts'

const names = ['lockfiles', 'pipelines', 'containers', 'deployment', 'migrations', 'runtimePins', 'codeSigns']
const now = Date.UTC(2026, 10, 25)

/** Documents of a repository, from its facts and what the checks say of it. */
const documentsOf = async (
  repo: TestRepo,
  checks: readonly AnyCheck[] = [lockfile, container, hazard, rollback],
  config: unknown = {},
) => {
  try {
    const { need, target, subject } = factsOf(repo.root, { config })
    const facts = (await Promise.all(
      names.map(async fact => ({ fact, on: { kind: subject.kind, name: subject.name }, is: await need(fact) })),
    )) as unknown as SavedFact[]
    const judged = Object.values(await judgeFolder(repo.root, checks, { config }))
    const report = {
      findings: judged.flatMap(one => one.findings),
      checks: judged.flatMap(one => one.results),
    } as unknown as Report
    return {
      checklist: deploymentChecklist({ report, facts, target, now, describe: describeChecks() })[0]!,
      rollback: rollbackDocument({ report, facts, target, now })[0]!,
    }
  } finally {
    repo.dispose()
  }
}

describe('deployment-checklist.md', () => {
  it('ticks what was seen, with its place, and opens what has to be done, with the fix', async () => {
    const { checklist } = await documentsOf(buildFixture('express-docker-vps'))
    expect(checklist.path).toBe('deployment-checklist.md')
    expect(checklist.content).toContain(
      '- [x] One lock file pins what is installed, and git keeps it (`locked by package-lock.json`)',
    )
    expect(checklist.content).toMatch(
      /- \[ \] Images have a fixed base[^\n]*\n {2}- \*\*medium\*\*: Secrets are built into the image: ENV STRIPE\\_SECRET\\_KEY/,
    )
    expect(checklist.content).not.toContain('## The database survives')
  })

  it('leaves out what was skipped, and says what could not be judged', async () => {
    const unknown = {
      checks: [
        { check: 'lockfile', subject: 'a', status: 'unknown', outcome: null, reason: 'git <broke>', durationMs: 0 },
      ],
      findings: [],
    } as unknown as Report
    const [document] = deploymentChecklist({
      report: unknown,
      facts: [],
      target: factsOf('/nowhere').target,
      now,
      describe: describeChecks(),
    })
    expect(document!.content).toContain(
      '- [ ] One lock file pins what is installed, and git keeps it (could not be judged: git &lt;broke&gt;)',
    )
    expect(document!.content).not.toContain('## AI')
  })
})

describe('rollback.md', () => {
  it('gives the steps of the platform, and what the migrations forbid', async () => {
    const { rollback: document } = await documentsOf(buildFixture('rails-kamal'))
    expect(document.content).toContain('## How: Kamal')
    expect(document.content).toContain('kamal rollback <version>')
    expect(document.content).toMatch(
      /`db\/migrate\/20261110101010_add_team_to_projects.rb:11` \(`projects.team_name`\) drops-data: the release before asks for it/,
    )
    expect(document.content).toContain('bin/rails db:rollback STEP=1')
    expect(document.content).toContain('Rehearsed on: 2026-09-14 (`docs/rollback.md:1`)')
  })

  it('knows images of one’s own, the config’s word, and when nothing is known', async () => {
    expect((await documentsOf(makeRepo({ Dockerfile: 'FROM node:24\n' }))).rollback.content).toContain('## How: Docker')
    expect(
      (await documentsOf(makeRepo({ 'index.html': 'x' }), [], { deploy: { rollback: 'vercel' } })).rollback.content,
    ).toContain('vercel rollback')
    const none = (await documentsOf(makeRepo({ 'index.html': 'x' }))).rollback.content
    expect(none).toContain('Nothing in the repository says how a release is taken back')
    expect(none).not.toContain('What the migrations forbid')
    const own = (
      await documentsOf(
        makeRepo({
          'scripts/rollback.sh': '#!/bin/sh\nln -sfn "$1" current\n',
          'docs/ops.md': '# Rollback\n\nSee there.\n',
        }),
      )
    ).rollback.content
    expect(own).toContain('## How: as this repository has it')
    expect(own).toContain('1. Run `scripts/rollback.sh:1`')
    expect(own).toContain('2. The way is written down: `docs/ops.md:1`')
    expect(own).not.toContain('Nothing in the repository says')
  })

  it('is not taken for a rehearsed rollback by the check that reads it', async () => {
    const first = await documentsOf(buildFixture('express-docker-vps'))
    const repo = buildFixture('express-docker-vps')
    repo.write({ 'launch-ready/rollback.md': first.rollback.content })
    repo.commit('document')
    try {
      const outcomes = (await judgeFolder(repo.root, [rollback]))['rollback']!.findings.map(({ outcome }) => outcome)
      expect(outcomes).toContain('never-rehearsed')
    } finally {
      repo.dispose()
    }
  })
})
