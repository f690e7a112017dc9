// Pipelines, images and platforms install exactly what is locked.
import { defineCheck, medium, pass, skip } from '../../core/check.ts'
import type { Containers } from '../../facts/repo/containers.ts'
import type { Deployment } from '../../facts/repo/deployment.ts'
import { exampleCommand, exampleJob, withJobs } from '../../facts/repo/pipelines.example.ts'
import type { Command } from '../../formats/workflow/commands.ts'
import { jobsOf } from '../../formats/workflow/jobs.ts'
import type { Pipelines } from '../../formats/workflow/seen.ts'
import { evidenceOf, filesIn } from './places.ts'
import { type Install, installFrozen } from './release-fixes.ts'

type Data = { places: Install[]; files: string; command: string }

const data = (places: Install[]): Data => ({ places, files: filesIn(places), command: places[0]?.text ?? '' })

type Seen = {
  kind: Command['kind']
  line: number
  text: string
  frozen: boolean | null
  instead: string | null
  patch?: string
}

const installsAmong = (file: string, commands: readonly Seen[]): Install[] =>
  commands
    .filter(({ kind }) => kind === 'install')
    .map(({ line, text, frozen, instead, patch }) => ({
      file,
      line,
      text,
      frozen: frozen ?? true,
      instead: instead ?? '',
      ...(patch === undefined ? {} : { patch }),
    }))

const installsOf = (pipelines: Pipelines, containers: Containers, deployment: Deployment): Install[] => [
  ...jobsOf(pipelines).flatMap(({ pipeline, job }) => installsAmong(pipeline.file, job.commands)),
  ...containers.containers.flatMap(({ file, commands }) => installsAmong(file, commands)),
  ...deployment.commands.flatMap(({ file, line, commands }) =>
    installsAmong(
      file,
      commands.map(one => ({ ...one, line })),
    ),
  ),
]

export default defineCheck<Data>()({
  id: 'frozen-install',
  stage: 'deploy',
  on: 'repo',
  title: 'Every automatic install takes exactly what is locked',
  why: 'An install that may rewrite the lock gives the pipeline, the image and production different versions. Looked for in pipelines, Dockerfiles and the commands of platforms; pnpm, Yarn 2+ and setup-ruby are frozen by themselves where they see CI.',
  impact: { journey: 'operate', owner: 'What was tested is not what customers get.' },
  needs: ['pipelines', 'containers', 'deployment', 'lockfiles'],
  checklist: { section: 'build', order: 3, line: 'Automatic installs take exactly what is locked' },
  outcomes: {
    'not-frozen': medium('`{command}` may install other versions than tested', installFrozen),
    frozen: pass('Automatic installs take exactly what is locked'),
  },
  references: [
    'https://docs.npmjs.com/cli/v11/commands/npm-ci',
    'https://pnpm.io/cli/install',
    'https://docs.astral.sh/uv/concepts/projects/sync/',
  ],
  judge({ pipelines, containers, deployment, lockfiles }) {
    const isLocked = lockfiles.groups.some(
      ({ locks, unpinned, manager }) => locks.length > 0 || (manager === 'pip' && unpinned.length === 0),
    )
    if (!isLocked) return skip('no lock file to install from')
    const found = installsOf(pipelines, containers, deployment)
    if (found.length === 0) return skip('no pipeline, image or platform file installs dependencies')
    const loose = found.filter(({ frozen }) => !frozen)
    const seen = [...new Map(loose.map(place => [`${place.file}:${place.line}`, place])).values()]
    // One step of an image may run several managers: each is shown, and the step is changed once.
    const each = [...new Map(loose.map(place => [`${place.file}:${place.line} ${place.text}`, place])).values()]
    return seen.length
      ? { outcome: 'not-frozen', data: data(seen), evidence: evidenceOf(each) }
      : { outcome: 'frozen', data: data(found), evidence: evidenceOf(found) }
  },
  examples: [
    { name: 'npm ci', facts: {}, expect: 'frozen' },
    {
      name: 'npm install',
      facts: {
        pipelines: withJobs(
          exampleJob('test', [exampleCommand('install', 12, 'npm install', { frozen: false, instead: 'npm ci' })]),
        ),
      },
      expect: 'not-frozen',
    },
  ],
})
