// Container images: a base that does not move, a user that is not root, no secret inside, a health check.

import { defineCheck, skip } from '../../core/check.ts'
import type { Container } from '../../facts/repo/containers.ts'
import { evidenceOf, exampleContainers, exampleDeployment, filesIn, type Place, stepsAt } from './places.ts'

type Data = { places: Place[]; files: string; names: string }

const data = (places: Place[]): Data => ({
  places,
  files: filesIn(places),
  names: [...new Set(places.map(({ text }) => text))].slice(0, 3).join(', '),
})

/** The faults of the images, each with its places. */
const faultsOf = (images: readonly Container[], watched: boolean) =>
  [
    [
      'secrets-in-image',
      images.flatMap(({ file, secrets }) =>
        secrets.map(({ line, how, name }) => ({ file, line, text: `${how} ${name}` })),
      ),
    ],
    [
      'mutable-base',
      images.flatMap(({ file, mutableBases }) => mutableBases.map(({ line, base }) => ({ file, line, text: base }))),
    ],
    [
      'root',
      images
        .filter(({ user, stepsDown }) => user === null && !stepsDown)
        .map(({ file, userLine, bases }) => ({
          file,
          line: userLine,
          text: `no USER; base ${bases.at(-1)?.base ?? 'unknown'}`,
        })),
    ],
    [
      'no-dockerignore',
      images
        .filter(
          ({ copiesAll, dockerignore, copiedEnvironment }) =>
            copiesAll !== null && (dockerignore === null || copiedEnvironment.length > 0),
        )
        .map(ignoring),
    ],
    [
      'no-healthcheck',
      watched
        ? []
        : images
            .filter(({ healthcheck, start }) => !healthcheck && start !== null)
            .map(({ file, startLine }) => ({
              file,
              line: startLine,
              text: 'no HEALTHCHECK, and no health check of a platform',
            })),
    ],
  ] as const

const ignoring = ({ file, copiesAll, copiedEnvironment, dockerignore }: Container): Place => {
  const goesIn = copiedEnvironment.length ? `: ${copiedEnvironment.slice(0, 3).join(', ')} goes in` : ''
  return {
    file,
    line: copiesAll!,
    text: `${dockerignore === null ? 'no .dockerignore' : `${dockerignore} does not keep it out`}${goesIn}`,
  }
}

export default defineCheck<Data>()({
  id: 'container',
  stage: 'deploy',
  on: 'repo',
  title: 'Container images have fixed bases, no secrets and no root',
  why: 'An image is what runs in production and what everybody with access to the registry can read: its layers keep every ARG, ENV and copied file. A base without a version changes under an unchanged Dockerfile. Judged on the Dockerfiles that are shipped; those for development and tests are left out.',
  impact: {
    journey: 'operate',
    owner: 'Whoever gets at the image, or breaks into the program, gets more than they should.',
  },
  needs: ['containers', 'deployment'],
  checklist: { section: 'build', order: 6, line: 'Images have a fixed base, no secret, no root, a health check' },
  outcomes: {
    'secrets-in-image': {
      status: 'fail',
      severity: 'blocker',
      impact: 'data',
      title: 'Secrets are built into the image: {names}',
      why: 'Everybody who can pull the image can read them, and they stay in its layers after the file is deleted.',
      fix: ({ places }) => ({
        summary: 'Take the secrets out of the image, then rotate them.',
        steps: [
          ...stepsAt(
            places,
            ({ text }) =>
              `remove ${text}; give it at run time as an environment variable of the platform, or for a build step as \`RUN --mount=type=secret,id=${(/\w+$/.exec(text)?.[0] ?? 'token').toLowerCase()} …\`.`,
          ),
          'Rotate every secret that was in a published image.',
        ],
        changes: [{ kind: 'manual', step: 'Rotate the secrets that images already hold.' }],
        effortMinutes: 45,
      }),
    },
    'mutable-base': {
      status: 'fail',
      severity: 'medium',
      title: 'The base image changes by itself: {names}',
      fix: ({ places }) => ({
        summary: 'Name the version of the base image.',
        steps: stepsAt(
          places,
          ({ text }) =>
            `write the version that runs today behind \`${text.replace(/:.*$/, '')}:\` (see it with \`docker image inspect ${text}\`), best with its digest: \`name:version@sha256:…\`.`,
        ),
        changes: places.map(({ file, line, text }) => ({
          kind: 'manual' as const,
          step: `${file}:${line}: give ${text} a version`,
        })),
        effortMinutes: 10,
      }),
    },
    root: {
      status: 'fail',
      severity: 'medium',
      title: 'The program runs as root in {files}',
      fix: ({ places }) => ({
        summary: 'Run as a user without rights.',
        steps: stepsAt(
          places,
          ({ text }) =>
            `before CMD, add \`${text.includes('node') ? 'USER node' : 'RUN useradd --system --uid 1001 app && chown -R app /app'}\`${text.includes('node') ? '' : ' and `USER app`'}.`,
        ),
        changes: places.map(({ file, text }) => ({
          kind: 'file' as const,
          path: file,
          action: 'patch' as const,
          patch: text.includes('node')
            ? '+USER node'
            : '+RUN useradd --system --uid 1001 app && chown -R app /app\n+USER app',
        })),
        effortMinutes: 15,
      }),
    },
    'no-dockerignore': {
      status: 'fail',
      severity: 'medium',
      title: 'Everything in the folder goes into the image of {files}',
      fix: ({ places }) => ({
        summary: 'Write a .dockerignore.',
        steps: ['Put this .dockerignore beside the Dockerfile’s context.', ...stepsAt(places, ({ text }) => text)],
        changes: [
          {
            kind: 'file',
            path: '.dockerignore',
            action: 'write',
            content: '.git\n.env\n.env.*\n!.env.example\nnode_modules\n**/*.log\n.DS_Store\ncoverage\n',
          },
        ],
        effortMinutes: 5,
      }),
    },
    'no-healthcheck': {
      status: 'fail',
      severity: 'low',
      title: 'Nothing notices when the container of {files} hangs',
      fix: ({ places }) => ({
        summary: 'Let the platform ask whether the program answers.',
        steps: stepsAt(
          places,
          () =>
            'add `HEALTHCHECK --interval=30s --timeout=3s CMD wget -qO- http://127.0.0.1:3000/health || exit 1`, or the health check of the platform.',
        ),
        changes: places.map(({ file }) => ({
          kind: 'file' as const,
          path: file,
          action: 'patch' as const,
          patch: '+HEALTHCHECK --interval=30s --timeout=3s CMD wget -qO- http://127.0.0.1:3000/health || exit 1',
        })),
        effortMinutes: 10,
      }),
    },
    sound: { status: 'pass', title: 'Container images are sound' },
  },
  references: [
    'https://docs.docker.com/build/building/best-practices/',
    'https://docs.docker.com/build/building/secrets/',
    'https://docs.docker.com/reference/dockerfile/',
  ],
  judge({ containers: { containers }, deployment }) {
    const images = containers.filter(({ problem }) => problem === null)
    if (images.length === 0) return skip('no Dockerfile that is shipped')
    const leaks = images.some(({ copiesAll, copiedEnvironment }) => copiesAll !== null && copiedEnvironment.length > 0)
    const worse = { severity: 'high', impact: 'data' } as const
    const holds = faultsOf(images, deployment.healthChecks.length > 0)
      .filter(([, places]) => places.length > 0)
      .map(([outcome, places]) => ({
        outcome,
        data: data(places),
        evidence: evidenceOf(places),
        ...(outcome === 'no-dockerignore' && leaks ? worse : {}),
      }))
    if (holds.length) return holds
    const evidence = images.map(({ file, bases, user }) => ({
      label: file,
      value: `${bases.map(({ base }) => base).join(', ')}; user ${user ?? 'of the image'}`,
    }))
    return { outcome: 'sound', data: data([]), evidence }
  },
  examples: [
    {
      name: 'fixed base, own user, health check',
      facts: { containers: exampleContainers({}), deployment: exampleDeployment() },
      expect: 'sound',
    },
    {
      name: 'a token as ARG',
      facts: {
        containers: exampleContainers({ secrets: [{ line: 4, how: 'ARG', name: 'NPM_TOKEN' }] }),
        deployment: exampleDeployment(),
      },
      expect: 'secrets-in-image',
    },
    {
      name: 'latest',
      facts: {
        containers: exampleContainers({ mutableBases: [{ line: 1, base: 'node:latest' }] }),
        deployment: exampleDeployment(),
      },
      expect: 'mutable-base',
    },
    {
      name: 'no USER',
      facts: { containers: exampleContainers({ user: null }), deployment: exampleDeployment() },
      expect: 'root',
    },
    {
      name: 'COPY . . with .env beside it',
      facts: {
        containers: exampleContainers({ dockerignore: null, copiedEnvironment: ['.env'] }),
        deployment: exampleDeployment(),
      },
      expect: 'no-dockerignore',
    },
    {
      name: 'nobody looks',
      facts: { containers: exampleContainers({ healthcheck: false }), deployment: exampleDeployment() },
      expect: 'no-healthcheck',
    },
  ],
})
