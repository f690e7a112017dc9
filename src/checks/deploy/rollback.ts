// A bad release can be taken back, somebody wrote down how, and it was tried.

import { defineCheck, type OutcomeHolds, skip } from '../../core/check.ts'
import { rollbackWays } from '../../data/platforms-deploy.ts'
import type { Containers } from '../../facts/repo/containers.ts'
import type { Deployment } from '../../facts/repo/deployment.ts'
import type { Pipelines } from '../../facts/repo/pipelines.ts'
import {
  deployJobs,
  evidenceOf,
  exampleCommand,
  exampleContainers,
  exampleDeployment,
  exampleJob,
  examplePipelines,
  exampleWorkflow,
  filesIn,
  jobsOf,
  type Place,
  stepsAt,
} from './places.ts'

type Data = { places: Place[]; files: string; way: string }
const data = (places: Place[], way = ''): Data => ({ places, files: filesIn(places), way })

const vercel = exampleDeployment({ platforms: [{ name: 'vercel', file: 'vercel.json', byPush: true }] })
const written = (rehearsed: string | null) => ({
  ...vercel,
  documents: [{ file: 'docs/rollback.md', line: 1, topic: 'rollback' as const, text: '# Rollback', rehearsed }],
})
const latest = examplePipelines({
  pipelines: [
    exampleWorkflow([
      exampleJob('deploy', [exampleCommand('deploy', 30, 'ssh deploy@host docker compose up -d')], {
        imageTags: ['ghcr.io/acme/shop:latest'],
      }),
    ]),
  ],
})

const movingTag = (tag: string): boolean =>
  !/:[^/]*$/.test(tag) || /:(?:latest|prod|production|main|master|stable)$/.test(tag)

/** Jobs that push images; `moving` are those whose every tag is overwritten by the next release. */
const imagesOf = (pipelines: Pipelines): { kept: boolean; moving: Place[] } => {
  const tagged = jobsOf(pipelines).filter(({ job }) => job.imageTags.length > 0)
  const moving = tagged.filter(({ job }) => job.imageTags.every(movingTag))
  return {
    kept: tagged.length > moving.length,
    moving: moving.map(({ pipeline, job }) => ({
      file: pipeline.file,
      line: job.commands.find(({ kind }) => kind === 'image')?.line ?? job.line,
      text: job.imageTags[0]!,
    })),
  }
}

/** Something here says how it is deployed. */
const isShipped = (pipelines: Pipelines, deployment: Deployment, containers: Containers): boolean =>
  deployJobs(pipelines).length > 0 ||
  deployment.platforms.length > 0 ||
  containers.containers.length > 0 ||
  deployment.scripts.some(({ does }) => does === 'deploy')

const looked = {
  label: 'looked for',
  value: 'a platform that keeps releases, images tagged by commit, a rollback script, a document',
}

export default defineCheck<Data>()({
  id: 'rollback',
  stage: 'deploy',
  on: 'repo',
  title: 'A bad release can be taken back in minutes, by a written and tried way',
  why: 'When a deploy breaks signup or billing, the fastest repair is the release before it. That needs releases that are kept as they were built, steps that somebody else can follow, and one rehearsal. Judged by the platforms, image tags, scripts and documents of the repository.',
  impact: {
    journey: 'operate',
    owner: 'One bad deploy keeps customers out until the fault is found, instead of for minutes.',
  },
  needs: ['deployment', 'pipelines', 'containers'],
  signals: ['bad-deploy', 'patched-by-hand'],
  checklist: { section: 'release', order: 3, line: 'A release can be taken back by a written and tried way' },
  outcomes: {
    none: {
      status: 'fail',
      severity: 'high',
      title: 'A bad release cannot be taken back',
      fix: () => ({
        summary: 'Keep every release, and write down how to start the one before.',
        steps: [
          'Tag every image or archive with its commit and keep the last ten.',
          'Run `launch-ready deploy --out launch-ready` and keep its rollback.md in the repository.',
          'Try it once, and write the date into it.',
        ],
        changes: [{ kind: 'command', run: 'launch-ready deploy --out launch-ready' }],
        effortMinutes: 90,
      }),
    },
    undocumented: {
      status: 'fail',
      severity: 'medium',
      title: 'Nobody wrote down how to take a release back',
      fix: ({ way }) => ({
        summary: 'Write the steps down.',
        steps: [
          ...(rollbackWays[way]?.steps ?? ['Write the steps into docs/rollback.md.']),
          'Put them into docs/rollback.md, try them once, and write the date beside them.',
        ],
        changes: [
          {
            kind: 'file',
            path: 'docs/rollback.md',
            action: 'write',
            content: `# Rollback\n\n${(rollbackWays[way]?.steps ?? ['Start the release before this one.']).map((step, index) => `${index + 1}. ${step}`).join('\n')}\n\n${rollbackWays[way]?.limits ?? ''}\n\nMigrations are not undone by a rollback: see that the release before runs on today’s schema.\n\nRehearsed on: (date)\n`,
          },
        ],
        effortMinutes: 20,
      }),
    },
    'mutable-artifact': {
      status: 'fail',
      severity: 'medium',
      title: 'Each release overwrites the one before: {files}',
      fix: ({ places }) => ({
        summary: 'Give every release a tag of its own.',
        steps: stepsAt(
          places,
          ({ text }) =>
            `tag it with the commit too: \`${text.replace(/:[^:/]*$/, '')}:\${{ github.sha }}\`, and deploy that tag.`,
        ),
        changes: places.map(({ file, line, text }) => ({
          kind: 'manual' as const,
          step: `${file}:${line}: tag ${text.replace(/:[^:/]*$/, '')} with the commit`,
        })),
        effortMinutes: 20,
      }),
    },
    'never-rehearsed': {
      status: 'fail',
      severity: 'medium',
      title: 'Taking a release back was never tried',
      fix: ({ places }) => ({
        summary: 'Try it once on a quiet day.',
        steps: [
          `Follow ${places[0]?.file} on the running product, and note how long it took.`,
          `Write \`Rehearsed on: <date>\` into ${places[0]?.file}.`,
        ],
        changes: [{ kind: 'manual', step: `Rehearse, then write "Rehearsed on: YYYY-MM-DD" into ${places[0]?.file}` }],
        effortMinutes: 30,
      }),
    },
    ready: { status: 'pass', title: 'A bad release can be taken back' },
  },
  references: ['https://sre.google/sre-book/release-engineering/', 'https://12factor.net/build-release-run'],
  judge({ deployment, pipelines, containers }, { target }) {
    const named = (target.sections['deploy'] as { rollback?: string } | undefined)?.rollback
    if (!isShipped(pipelines, deployment, containers) && named === undefined)
      return skip('nothing here says how it is deployed: see deploy-path')
    const documents = deployment.documents.filter(({ topic, file }) => topic === 'rollback' || file === named)
    const script = deployment.scripts.find(({ does }) => does === 'rollback')
    const platform = [...deployment.platforms.map(({ name }) => name), named ?? ''].find(name => rollbackWays[name])
    const { kept, moving } = imagesOf(pipelines)
    const way = platform ?? (kept ? 'docker' : undefined)
    const overwritten = moving.length > 0 && !kept && !(platform && rollbackWays[platform]!.immutable)
    const holds: OutcomeHolds<'mutable-artifact' | 'none' | 'undocumented' | 'never-rehearsed', Data>[] = []
    if (overwritten)
      holds.push({ outcome: 'mutable-artifact', data: data(moving, 'docker'), evidence: evidenceOf(moving) })
    const at = documents.map(({ file, line, text }) => ({ file, line, text }))
    const tried = documents.filter(({ rehearsed }) => rehearsed !== null)
    if (!way && !script && documents.length === 0) {
      if (!overwritten) holds.push({ outcome: 'none', data: data([]), evidence: [looked] })
    } else if (documents.length === 0) {
      const label = way ? rollbackWays[way]!.label : (script?.file ?? '')
      holds.push({ outcome: 'undocumented', data: data([], way), evidence: [{ label: 'way', value: label }] })
    } else if (tried.length === 0)
      holds.push({ outcome: 'never-rehearsed', data: data(at, way), evidence: evidenceOf(at) })
    if (holds.length) return holds
    const evidence = tried.map(({ file, line, rehearsed }) => ({
      label: `${file}:${line}`,
      value: `rehearsed ${rehearsed}`,
    }))
    return { outcome: 'ready', data: data(at, way), evidence }
  },
  examples: [
    {
      name: 'written and rehearsed',
      facts: { deployment: written('2026-10-02'), pipelines: examplePipelines(), containers: { containers: [] } },
      expect: 'ready',
    },
    {
      name: 'a VPS and nothing else',
      facts: {
        deployment: exampleDeployment({ scripts: [{ file: 'deploy.sh', line: 1, name: 'deploy.sh', does: 'deploy' }] }),
        pipelines: examplePipelines(),
        containers: { containers: [] },
      },
      expect: 'none',
    },
    {
      name: 'the platform can, nobody wrote how',
      facts: { deployment: vercel, pipelines: examplePipelines(), containers: { containers: [] } },
      expect: 'undocumented',
    },
    {
      name: 'written, never tried',
      facts: { deployment: written(null), pipelines: examplePipelines(), containers: { containers: [] } },
      expect: 'never-rehearsed',
    },
    {
      name: 'only latest',
      facts: { deployment: exampleDeployment(), pipelines: latest, containers: exampleContainers() },
      expect: 'mutable-artifact',
    },
  ],
})
