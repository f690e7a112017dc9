// There is one command that builds what runs in production, the pipeline runs it, and no development server runs in its place.
import { blocker, defineCheck, high, pass, skip } from '../../core/check.ts'
import { fileEvidence, textEvidence } from '../../core/evidence.ts'
import { deployedBy } from '../../core/target.ts'
import { frameworks } from '../../data/frameworks.ts'
import { developing, exampleContainers, noContainers } from '../../facts/repo/containers.example.ts'
import { exampleCommand, exampleJob, noPipelines, withJobs } from '../../facts/repo/pipelines.example.ts'
import type { Pipelines } from '../../facts/repo/pipelines.ts'
import { framework as sole } from '../../facts/repo/stack.example.ts'
import { judgeBuilds, type Package } from '../../formats/repo/builds.ts'
import { type Production, productionOf } from '../../formats/repo/production.ts'
import type { StackPackage } from '../../formats/repo/stack-detect.ts'
import { installingJob, stepPatch } from '../../formats/workflow/edit.ts'
import type { Place } from '../../formats/workflow/seen.ts'
import { assuming, evidenceOf, filesIn, filesRead } from './places.ts'
import { type Built, buildInPipeline, startBuilt, writeDown } from './release-fixes.ts'

const dataOf = (places: Place[], entry?: Package, command = ''): Built => ({
  places,
  files: filesIn(places),
  framework: entry?.framework ?? '',
  command,
  folder: entry?.path ? `${entry.path}/` : '',
})

/** Without a script, a package below the root may be one that nothing ships. */
const commandless = (entry: Package, production: Production) => {
  const { build, start } = frameworks[entry.framework!]!
  const scripts = Object.keys(entry.scripts).join(', ') || 'none'
  return {
    outcome: 'no-command' as const,
    key: entry.path,
    data: dataOf([], entry, build ?? start),
    evidence: [fileEvidence(entry.manifest ?? entry.path, undefined, `${entry.framework}; scripts: ${scripts}`)],
    // A build that has no script cannot be run; how a server is started may be told where it runs.
    confidence: build && (entry.path === '' || production === 'shown') ? ('certain' as const) : ('possible' as const),
  }
}

/** The build behind the install of a job, as a diff; a package below the root has an install of its own. */
const buildStep = (data: Built, pipelines: Pipelines): Built => {
  const job = data.folder === '' ? installingJob(pipelines) : undefined
  if (!job) return data
  const place = { file: job.pipeline.file, line: job.job.line, text: 'no build' }
  return { ...data, places: [place], patch: stepPatch(job, [`- run: ${data.command}`]) }
}

/** Whether what a package builds is shown to be what its makers ship: beside a server in another language it may be kept in git, or built there. */
const isCarried = ({ framework }: Package, packages: readonly StackPackage[], production: Production): boolean =>
  production === 'shown' &&
  !(
    frameworks[framework ?? '']?.isStatic &&
    packages.some(one => one.framework !== null && !/script$|^static$/.test(one.language))
  )

const neverBuilt = (entry: Package, pipelines: Pipelines, isShipped: boolean) => {
  const unread = pipelines.pipelines.map(({ file }) => ({ file, line: 1, text: 'no build' }))
  const data = buildStep(dataOf(unread, entry, 'npm run build'), pipelines)
  const found = { outcome: 'not-in-ci' as const, data, evidence: [filesRead(unread)] }
  return assuming(found, isShipped ? 'what the scripts that are not read here build' : 'a deploy of what it builds')
}

/** Whether a pipeline does something with the code, and none is of a system that is not read: others only tidy up issues. */
const handlesCode = ({ pipelines, others }: Pipelines): boolean =>
  others.length === 0 &&
  pipelines.some(({ jobs }) =>
    jobs.some(({ commands }) => commands.some(({ kind }) => kind === 'test' || kind === 'install')),
  )

export default defineCheck<Built>()({
  id: 'production-build',
  stage: 'deploy',
  on: 'repo',
  title: 'One command builds what runs in production, and the pipeline runs it',
  why: 'A build that only one machine can do is lost with it; a build that the pipeline never runs fails on the day of the deploy. A development server in production is slow, shows errors to visitors and falls over. Judged per package by its framework; what containers, Procfiles and platforms start is followed through scripts.',
  impact: {
    journey: 'operate',
    owner: 'The product cannot be built again without the person who built it last, or it breaks while being shipped.',
  },
  needs: ['stack', 'pipelines', 'containers', 'deployment'],
  signals: ['deploys-by-hand', 'bad-deploy'],
  checklist: { section: 'build', order: 1, line: 'One command builds it, and the pipeline runs it' },
  outcomes: {
    'no-command': blocker('No command makes or starts the {framework} app for production', writeDown),
    'dev-server-in-production': blocker('A development server runs in production: {command}', startBuilt, {
      why: 'It is slow, shows errors to visitors and falls over under load.',
    }),
    'not-in-ci': high('The pipeline never builds the {framework} app', buildInPipeline, {
      why: 'A build that no longer works is noticed on the day of the deploy.',
    }),
    repeatable: pass('The production build is one command that the pipeline runs'),
  },
  references: ['https://12factor.net/build-release-run', 'https://12factor.net/dev-prod-parity'],
  judge({ stack, pipelines, containers: { containers }, deployment }, { target }) {
    const production = productionOf({ pipelines, deployment }, deployedBy(target))
    const { packages } = stack
    const builds = judgeBuilds({ packages, pipelines, images: containers, deployment })
    const { apps, developmentServers: development, without, unbuilt, inPipeline } = builds
    if (apps.length === 0 && development.length === 0)
      return skip(
        packages.length ? 'no framework here needs a build or a server of its own' : 'no program in this repository',
      )
    const found = [
      ...development.slice(0, 1).map(({ command, confidence }) => ({
        outcome: 'dev-server-in-production' as const,
        data: dataOf(development, undefined, command),
        evidence: evidenceOf(development),
        confidence,
      })),
      ...without.map(entry => commandless(entry, production)),
      ...(unbuilt && handlesCode(pipelines)
        ? [neverBuilt(unbuilt, pipelines, isCarried(unbuilt, packages, production))]
        : []),
    ]
    if (found.length) return found
    const evidence = inPipeline.length ? evidenceOf(inPipeline) : [textEvidence('built by', builds.by)]
    return { outcome: 'repeatable', data: dataOf(inPipeline, apps[0]), evidence }
  },
  examples: [
    { name: 'built in the pipeline', facts: {}, expect: 'repeatable' },
    {
      name: 'no build script',
      facts: {
        stack: sole('next', { dev: 'next dev' }),
        containers: noContainers,
        pipelines: noPipelines,
      },
      expect: 'no-command',
    },
    {
      name: 'next dev in the image',
      facts: { containers: exampleContainers(developing) },
      expect: 'dev-server-in-production',
    },
    {
      name: 'tested, never built',
      facts: {
        stack: sole('vite', { build: 'vite build' }),
        pipelines: withJobs(exampleJob('test', [exampleCommand('test', 14, 'npm test')])),
      },
      expect: 'not-in-ci',
    },
  ],
})
