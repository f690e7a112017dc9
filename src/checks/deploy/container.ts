// Container images: a base that does not move, a user that is not root, no secret inside, a health check.
import { blocker, defineCheck, low, medium, pass, skip } from '../../core/check.ts'
import { fileEvidence } from '../../core/evidence.ts'
import { copiesAll, exampleContainers, latestBase, withToken } from '../../facts/repo/containers.example.ts'
import type { Container } from '../../facts/repo/containers.ts'
import { noDeployment } from '../../facts/repo/deployment.example.ts'
import { imageFaults } from '../../formats/repo/image-faults.ts'
import type { Place } from '../../formats/workflow/seen.ts'
import { type ImageData as Data, imageFix } from './build-fixes.ts'
import { evidenceOf, filesIn } from './places.ts'

const data = (places: Place[], images: readonly Container[] = []): Data => ({
  places,
  around: Object.fromEntries(images.map(({ file, startAround }) => [file, startAround])),
  files: filesIn(places),
  names: [...new Set(places.map(({ text }) => text))].slice(0, 3).join(', '),
})

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
  signals: { 'data-exposed': ['secrets-in-image'] },
  checklist: { section: 'build', order: 6, line: 'Images have a fixed base, no secret, no root, a health check' },
  outcomes: {
    'secrets-in-image': blocker('Secrets are built into the image: {names}', imageFix['secrets-in-image'], {
      impact: 'data',
      why: 'Everybody who can pull the image can read them, and they stay in its layers after the file is deleted.',
    }),
    'mutable-base': medium('The base image changes by itself: {names}', imageFix['mutable-base'], {
      why: 'The next build may stand on another base than the one that was tested.',
    }),
    root: medium('The program runs as root in {files}', imageFix.root, {
      why: 'Whoever breaks into the program has all rights in the container.',
    }),
    'no-dockerignore': medium('Everything in the folder goes into the image of {files}', imageFix['no-dockerignore'], {
      why: 'Local settings, the history and files with secrets may end up in the image.',
    }),
    'no-healthcheck': low('Nothing notices when the container of {files} hangs', imageFix['no-healthcheck'], {
      why: 'A program that hangs keeps getting customers until somebody looks.',
    }),
    sound: pass('Container images are sound'),
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
    const found = imageFaults(images, deployment.healthChecks.length > 0).map(({ fault, places }) => ({
      outcome: fault === 'handed-secrets' || fault === 'open-arguments' ? 'secrets-in-image' : fault,
      data: data(places, images),
      evidence: evidenceOf(places),
      // What is handed in when it is built may be a value for the build alone; where nothing hands it in, nobody knows.
      ...(fault === 'handed-secrets' ? ({ confidence: 'possible', key: 'handed' } as const) : {}),
      ...(fault === 'open-arguments' ? ({ confidence: 'possible', key: 'open' } as const) : {}),
      ...(fault === 'no-dockerignore' && leaks ? ({ severity: 'high', impact: 'data' } as const) : {}),
    }))
    if (found.length) return found
    const evidence = images.map(({ file, bases, user }) =>
      fileEvidence(file, undefined, `${bases.map(({ base }) => base).join(', ')}; user ${user ?? 'of the image'}`),
    )
    return { outcome: 'sound', data: data([]), evidence }
  },
  examples: [
    { name: 'fixed base, own user, health check', facts: {}, expect: 'sound' },
    { name: 'a token as ARG', facts: { containers: exampleContainers(withToken) }, expect: 'secrets-in-image' },
    { name: 'latest', facts: { containers: exampleContainers(latestBase) }, expect: 'mutable-base' },
    { name: 'no USER', facts: { containers: exampleContainers({ user: null }) }, expect: 'root' },
    {
      name: 'COPY . . with .env beside it',
      facts: { containers: exampleContainers(copiesAll) },
      expect: 'no-dockerignore',
    },
    {
      name: 'nobody looks',
      facts: { containers: exampleContainers({ healthcheck: false }), deployment: noDeployment },
      expect: 'no-healthcheck',
    },
  ],
})
