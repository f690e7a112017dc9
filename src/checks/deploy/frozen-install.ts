// Pipelines, images and platforms install exactly what is locked.
import { defineCheck, skip } from '../../core/check.ts'
import {
  evidenceOf,
  exampleContainers,
  exampleDeed,
  exampleDeployment,
  exampleJob,
  examplePipelines,
  exampleWorkflow,
  filesIn,
  jobsOf,
  type Place,
  stepsAt,
} from './places.ts'

type Install = Place & { frozen: boolean; instead: string }
type Data = { places: Install[]; files: string; command: string }

const data = (places: Install[]): Data => ({ places, files: filesIn(places), command: places[0]?.text ?? '' })
const locked = {
  groups: [
    {
      folder: '',
      manifest: 'package.json',
      manager: 'npm',
      dependencies: 4,
      locks: [{ file: 'package-lock.json', kind: 'npm' as const, tracked: true, problem: null, packages: 80 }],
      ignoredBy: null,
      unpinned: [],
      differences: [],
    },
  ],
  unreadable: [],
}

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
    'not-frozen': {
      status: 'fail',
      severity: 'medium',
      title: '`{command}` may install other versions than tested',
      fix: ({ places }) => ({
        summary: 'Install from the lock alone.',
        steps: stepsAt(places, place => `write \`${(place as Install).instead}\` instead of \`${place.text}\`.`),
        changes: places.map(({ file, line, text, instead }) => ({
          kind: 'manual' as const,
          step: `${file}:${line}: ${text} → ${instead}`,
        })),
        effortMinutes: 10,
      }),
    },
    frozen: { status: 'pass', title: 'Automatic installs take exactly what is locked' },
  },
  references: [
    'https://docs.npmjs.com/cli/v11/commands/npm-ci',
    'https://pnpm.io/cli/install',
    'https://docs.astral.sh/uv/concepts/projects/sync/',
  ],
  judge({ pipelines, containers, deployment, lockfiles }) {
    if (
      !lockfiles.groups.some(
        ({ locks, unpinned, manager }) => locks.length > 0 || (manager === 'pip' && unpinned.length === 0),
      )
    )
      return skip('no lock file to install from')
    const install = (
      file: string,
      deed: { line: number; text: string; frozen: boolean | null; instead: string | null },
    ): Install => ({ file, line: deed.line, text: deed.text, frozen: deed.frozen ?? true, instead: deed.instead ?? '' })
    const found = [
      ...jobsOf(pipelines).flatMap(({ pipeline, job }) =>
        job.deeds.filter(({ kind }) => kind === 'install').map(deed => install(pipeline.file, deed)),
      ),
      ...containers.containers.flatMap(({ file, deeds }) =>
        deeds.filter(({ kind }) => kind === 'install').map(deed => install(file, deed)),
      ),
      ...deployment.commands.flatMap(({ file, line, deeds }) =>
        deeds.filter(({ kind }) => kind === 'install').map(deed => install(file, { ...deed, line })),
      ),
    ]
    if (found.length === 0) return skip('no pipeline, image or platform file installs dependencies')
    const loose = found.filter(({ frozen }) => !frozen)
    const seen = [...new Map(loose.map(place => [`${place.file}:${place.line}`, place])).values()]
    return seen.length
      ? { outcome: 'not-frozen', data: data(seen), evidence: evidenceOf(seen) }
      : { outcome: 'frozen', data: data(found), evidence: evidenceOf(found) }
  },
  examples: [
    {
      name: 'npm ci',
      facts: {
        lockfiles: locked,
        containers: exampleContainers(),
        deployment: exampleDeployment(),
        pipelines: examplePipelines({
          pipelines: [
            exampleWorkflow([
              exampleJob('test', [exampleDeed('install', 12, 'npm ci', { manager: 'npm', frozen: true })]),
            ]),
          ],
        }),
      },
      expect: 'frozen',
    },
    {
      name: 'npm install',
      facts: {
        lockfiles: locked,
        containers: exampleContainers(),
        deployment: exampleDeployment(),
        pipelines: examplePipelines({
          pipelines: [
            exampleWorkflow([
              exampleJob('test', [
                exampleDeed('install', 12, 'npm install', { manager: 'npm', frozen: false, instead: 'npm ci' }),
              ]),
            ]),
          ],
        }),
      },
      expect: 'not-frozen',
    },
  ],
})
