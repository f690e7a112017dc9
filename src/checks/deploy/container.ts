// Container images: a base that does not move, a user that is not root, no secret inside, a health check.
import { blocker, defineCheck, low, medium, pass, skip } from '../../core/check.ts'
import { fileEvidence } from '../../core/evidence.ts'
import { fix, manual, patchFile, writeFile } from '../../core/fixes.ts'
import { copiesAll, exampleContainers, latestBase, withToken } from '../../facts/repo/containers.example.ts'
import { noDeployment } from '../../facts/repo/deployment.example.ts'
import { imageFaults } from '../../formats/repo/image-faults.ts'
import type { Place } from '../../formats/workflow/seen.ts'
import { evidenceOf, filesIn, fixAt, stepsAt } from './places.ts'

type Data = { places: Place[]; files: string; names: string }

const data = (places: Place[]): Data => ({
  places,
  files: filesIn(places),
  names: [...new Set(places.map(({ text }) => text))].slice(0, 3).join(', '),
})

const healthcheck = 'HEALTHCHECK --interval=30s --timeout=3s CMD wget -qO- http://127.0.0.1:3000/health || exit 1'
const addUser = 'RUN useradd --system --uid 1001 app && chown -R app /app'
const ignored = '.git\n.env\n.env.*\n!.env.example\nnode_modules\n**/*.log\n.DS_Store\ncoverage\n'
/** Images of Node.js bring a user `node`. */
const hasOwnUser = ({ text }: Place): boolean => text.includes('node')
const takeOut = ({ text }: Place): string => {
  const id = (/\w+$/.exec(text)?.[0] ?? 'token').toLowerCase()
  return `remove ${text}; give it at run time as an environment variable of the platform, or for a build step as \`RUN --mount=type=secret,id=${id} …\`.`
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
  signals: { 'data-exposed': ['secrets-in-image'] },
  checklist: { section: 'build', order: 6, line: 'Images have a fixed base, no secret, no root, a health check' },
  outcomes: {
    'secrets-in-image': blocker(
      'Secrets are built into the image: {names}',
      ({ places }) =>
        fix(
          'Take the secrets out of the image, then rotate them.',
          [manual('Rotate the secrets that images already hold.')],
          [...stepsAt(places, takeOut), 'Rotate every secret that was in a published image.'],
          45,
        ),
      {
        impact: 'data',
        why: 'Everybody who can pull the image can read them, and they stay in its layers after the file is deleted.',
      },
    ),
    'mutable-base': medium('The base image changes by itself: {names}', ({ places }) =>
      fixAt(
        'Name the version of the base image.',
        places,
        ({ text }) => `give ${text} a version`,
        ({ text }) =>
          `write the version that runs today behind \`${text.replace(/:.*$/, '')}:\` (see it with \`docker image inspect ${text}\`), best with its digest: \`name:version@sha256:…\`.`,
        { minutes: 10 },
      ),
    ),
    root: medium('The program runs as root in {files}', ({ places }) => {
      const patches = places.map(place =>
        patchFile(place.file, hasOwnUser(place) ? '+USER node' : `+${addUser}\n+USER app`),
      )
      const lines = (place: Place) => (hasOwnUser(place) ? 'USER node' : `${addUser}\` and \`USER app`)
      const steps = stepsAt(places, place => `before CMD, add \`${lines(place)}\`.`)
      return fix('Run as a user without rights.', patches, steps)
    }),
    'no-dockerignore': medium('Everything in the folder goes into the image of {files}', ({ places }) => {
      const steps = ['Put this .dockerignore beside the Dockerfile’s context.', ...stepsAt(places, ({ text }) => text)]
      return fix('Write a .dockerignore.', [writeFile('.dockerignore', ignored)], steps, 5)
    }),
    'no-healthcheck': low('Nothing notices when the container of {files} hangs', ({ places }) => {
      const patches = places.map(({ file }) => patchFile(file, `+${healthcheck}`))
      const steps = stepsAt(places, () => `add \`${healthcheck}\`, or the health check of the platform.`)
      return fix('Let the platform ask whether the program answers.', patches, steps, 10)
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
    const isHanded = images.flatMap(({ secrets }) => secrets).every(({ handed }) => handed === true)
    const found = imageFaults(images, deployment.healthChecks.length > 0).map(({ fault, places }) => ({
      outcome: fault,
      data: data(places),
      evidence: evidenceOf(places),
      // What is handed in when it is built may be a value for the build alone.
      ...(fault === 'secrets-in-image' && isHanded ? ({ confidence: 'likely' } as const) : {}),
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
