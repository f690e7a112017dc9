// There is one command that builds what runs in production, the pipeline runs it, and no development server runs in its place.

import { defineCheck, skip } from '../../core/check.ts'
import type { Containers } from '../../facts/repo/containers.ts'
import type { Deployment } from '../../facts/repo/deployment.ts'
import type { Pipelines } from '../../facts/repo/pipelines.ts'
import type { Stack } from '../../facts/repo/stack.ts'
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

type Data = { places: Place[]; files: string; framework: string; command: string; folder: string }
type Package = Stack['packages'][number]

/** Frameworks whose production is made by a build, with the command. */
const builds: Readonly<Record<string, string>> = {
  next: 'next build',
  nuxt: 'nuxt build',
  sveltekit: 'vite build',
  astro: 'astro build',
  remix: 'remix vite:build',
  'react-router': 'react-router build',
  'tanstack-start': 'vite build',
  'solid-start': 'vinxi build',
  qwik: 'qwik build',
  gatsby: 'gatsby build',
  angular: 'ng build',
  nest: 'nest build',
  'create-react-app': 'react-scripts build',
  'vue-cli': 'vue-cli-service build',
  vite: 'vite build',
  eleventy: 'eleventy',
  docusaurus: 'docusaurus build',
  vitepress: 'vitepress build',
  adonis: 'node ace build',
}
/** Servers that run as they are written, with the command that starts them in production. */
const starts: Readonly<Record<string, string>> = {
  express: 'node server.js',
  fastify: 'node server.js',
  hono: 'node server.js',
  koa: 'node server.js',
  hapi: 'node server.js',
  elysia: 'bun run src/index.ts',
  django: 'gunicorn project.wsgi',
  flask: "gunicorn 'app:create_app()'",
  fastapi: 'fastapi run',
  starlette: 'uvicorn app:app',
  litestar: 'litestar run',
  sanic: 'sanic app',
  tornado: 'python app.py',
  aiohttp: 'python app.py',
  streamlit: 'streamlit run app.py',
  rails: 'bin/rails server',
  sinatra: 'rackup',
  hanami: 'hanami server',
  gin: 'go build',
  echo: 'go build',
  fiber: 'go build',
  chi: 'go build',
  phoenix: 'mix release',
}

const pack = (framework: string, scripts: Record<string, string>): Package => ({
  path: '',
  name: 'shop',
  language: 'javascript',
  framework,
  packageManager: 'npm',
  manifest: 'package.json',
  lockfiles: [],
  scripts,
  dependencies: {},
  devDependencies: {},
  platforms: [],
  orms: [],
  databases: [],
  workspaceRoot: false,
})
const stackOf = (...packages: Package[]): Stack => ({
  packages,
  platforms: [],
  ci: [],
  containers: [],
  orms: [],
  databases: [],
  languages: ['javascript'],
  monorepo: false,
  unreadable: [],
})

const dataOf = (places: Place[], entry?: Package, command = ''): Data => ({
  places,
  files: filesIn(places),
  framework: entry?.framework ?? '',
  command,
  folder: entry?.path ?? '',
})

const isApp = ({ framework, path }: Package): boolean =>
  framework !== null &&
  framework !== 'expo' &&
  Boolean(builds[framework] || starts[framework]) &&
  !/(?:^|\/)(?:docs?|storybook|e2e)(?:\/|$)/.test(path)

/** Development servers that containers, Procfiles and platforms start, with what to start instead. */
const developmentServers = (containers: Containers, deployment: Deployment): (Place & { command: string })[] =>
  [
    ...containers.containers.flatMap(({ file, commands }) =>
      commands.filter(({ phase }) => phase === 'start').map(command => ({ file, ...command })),
    ),
    ...deployment.commands
      .filter(({ phase }) => phase === 'start')
      .flatMap(({ file, line, commands }) => commands.map(command => ({ file, ...command, line }))),
  ]
    .filter(({ kind }) => kind === 'dev-server')
    .map(({ file, line, text, instead }) => ({
      file,
      line,
      text: `\`${text}\` → ${instead ?? 'the built program'}`,
      command: text.slice(0, 30),
    }))

const selfStarting = new Set([
  'cloudflare',
  'firebase',
  'serverless',
  'sst',
  'app-engine',
  'capistrano',
  'kamal',
  'kubernetes',
  'fly',
])

/** Something says how a server is started where customers are. */
const isStarted = (pipelines: Pipelines, containers: Containers, deployment: Deployment): boolean =>
  deployJobs(pipelines).length > 0 ||
  containers.containers.some(({ start }) => start !== null) ||
  deployment.commands.some(({ phase }) => phase === 'start') ||
  deployment.platforms.some(({ byPush, name }) => byPush || selfStarting.has(name))

const isBuild = ({ kind }: { kind: string }): boolean => kind === 'build' || kind === 'image'

/** Apps for which no script, pipeline, image or platform has a command. */
const withoutCommand = (apps: readonly Package[], started: boolean, built: boolean): Package[] =>
  apps.filter(({ framework, scripts }) =>
    builds[framework!]
      ? !built &&
        !Object.keys(scripts).some(name => /^(?:build|vercel-build|heroku-postbuild|generate|export)(?::|$)/.test(name))
      : !built && !started && !scripts['start'] && !scripts['build'],
  )

const servedByDevelopment = (places: ReturnType<typeof developmentServers>) =>
  places.length
    ? [
        {
          outcome: 'dev-server-in-production' as const,
          data: dataOf(places, undefined, places[0]!.command),
          evidence: evidenceOf(places),
        },
      ]
    : []

const lacking = (entry: Package) => ({
  outcome: 'no-command' as const,
  key: entry.path,
  data: dataOf([], entry, builds[entry.framework!] ?? starts[entry.framework!]),
  evidence: [
    {
      label: entry.manifest ?? entry.path,
      value: `${entry.framework}; scripts: ${Object.keys(entry.scripts).join(', ') || 'none'}`,
    },
  ],
})

const neverBuilt = (entry: Package, files: readonly string[]) => {
  const places = files.map(file => ({ file, line: 1, text: 'no build' }))
  return {
    outcome: 'not-in-ci' as const,
    data: dataOf(places, entry, 'npm run build'),
    evidence: [{ label: 'read', value: files.slice(0, 8).join(', ') }],
  }
}

export default defineCheck<Data>()({
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
    'no-command': {
      status: 'fail',
      severity: 'blocker',
      title: 'No command makes or starts the {framework} app for production',
      fix: ({ framework, command, folder }) => ({
        summary: 'Write the command down where the platform finds it.',
        steps: [
          builds[framework]
            ? `Add \`"build": "${command}"\` to the scripts of ${folder ? `${folder}/` : ''}package.json.`
            : `Write a Procfile or a Dockerfile whose command is \`${command}\`.`,
          'Run it once on a fresh clone.',
        ],
        changes: [
          builds[framework]
            ? { kind: 'command', run: `npm pkg set scripts.build="${command}"${folder ? ` --prefix ${folder}` : ''}` }
            : {
                kind: 'file',
                path: `${folder ? `${folder}/` : ''}Procfile`,
                action: 'write',
                content: `web: ${command}\n`,
              },
        ],
        effortMinutes: 30,
      }),
    },
    'dev-server-in-production': {
      status: 'fail',
      severity: 'blocker',
      title: 'A development server runs in production: {command}',
      fix: ({ places }) => ({
        summary: 'Start the built program.',
        steps: stepsAt(places, ({ text }) => text),
        changes: places.map(({ file, line, text }) => ({ kind: 'manual' as const, step: `${file}:${line}: ${text}` })),
        effortMinutes: 30,
      }),
    },
    'not-in-ci': {
      status: 'fail',
      severity: 'high',
      title: 'The pipeline never builds the {framework} app',
      fix: ({ command, files }) => ({
        summary: 'Build in the pipeline.',
        steps: [`Add the step \`${command}\` behind the tests in ${files}.`],
        changes: [{ kind: 'manual', step: `${files}: add the step \`run: ${command}\`` }],
        effortMinutes: 10,
      }),
    },
    repeatable: { status: 'pass', title: 'The production build is one command that the pipeline runs' },
  },
  references: ['https://12factor.net/build-release-run', 'https://12factor.net/dev-prod-parity'],
  judge({ stack, pipelines, containers, deployment }) {
    const apps = stack.packages.filter(isApp)
    const development = developmentServers(containers, deployment)
    if (apps.length === 0 && development.length === 0)
      return skip(
        stack.packages.length
          ? 'no framework here needs a build or a server of its own'
          : 'no program in this repository',
      )
    const inPipeline = jobsOf(pipelines).flatMap(({ pipeline, job }) =>
      job.commands.filter(isBuild).map(({ line, text }) => ({ file: pipeline.file, line, text })),
    )
    const built =
      inPipeline.length > 0 ||
      [...containers.containers, ...deployment.commands].some(({ commands }) => commands.some(isBuild))
    const without = withoutCommand(apps, isStarted(pipelines, containers, deployment), built)
    const needsBuild = apps.find(entry => builds[entry.framework!] && !without.includes(entry))
    // A platform that builds every push builds every pull request too.
    const byPlatform = deployment.platforms.find(({ byPush, name }) => byPush || name === 'cloudflare')
    const files = [...new Set(pipelines.pipelines.map(({ file }) => file))]
    const unbuilt = needsBuild !== undefined && files.length > 0 && inPipeline.length === 0 && !byPlatform
    const holds = [
      ...servedByDevelopment(development),
      ...without.map(lacking),
      ...(unbuilt ? [neverBuilt(needsBuild, files)] : []),
    ]
    if (holds.length) return holds
    const by = byPlatform?.name ?? apps.map(({ framework }) => framework).join(', ')
    return {
      outcome: 'repeatable',
      data: dataOf(inPipeline, apps[0]),
      evidence: inPipeline.length ? evidenceOf(inPipeline) : [{ label: 'built by', value: by }],
    }
  },
  examples: [
    {
      name: 'built in the pipeline',
      facts: {
        stack: stackOf(pack('next', { build: 'next build', start: 'next start' })),
        containers: exampleContainers(),
        deployment: exampleDeployment(),
        pipelines: examplePipelines({
          pipelines: [
            exampleWorkflow([exampleJob('test', [exampleCommand('build', 15, 'npm run build → next build')])]),
          ],
        }),
      },
      expect: 'repeatable',
    },
    {
      name: 'no build script',
      facts: {
        stack: stackOf(pack('next', { dev: 'next dev' })),
        containers: { containers: [] },
        deployment: exampleDeployment(),
        pipelines: examplePipelines(),
      },
      expect: 'no-command',
    },
    {
      name: 'next dev in the image',
      facts: {
        stack: stackOf(pack('next', { build: 'next build' })),
        containers: exampleContainers({
          commands: [
            {
              kind: 'dev-server',
              text: 'npm run dev → next dev',
              line: 12,
              phase: 'start',
              manager: null,
              frozen: null,
              instead: 'next build, then next start',
            },
          ],
        }),
        deployment: exampleDeployment(),
        pipelines: examplePipelines(),
      },
      expect: 'dev-server-in-production',
    },
    {
      name: 'tested, never built',
      facts: {
        stack: stackOf(pack('vite', { build: 'vite build' })),
        containers: { containers: [] },
        deployment: exampleDeployment(),
        pipelines: examplePipelines({
          pipelines: [exampleWorkflow([exampleJob('test', [exampleCommand('test', 14, 'npm test')])])],
        }),
      },
      expect: 'not-in-ci',
    },
  ],
})
