// A sound image, and others that differ from it.
import type { Container, Containers } from './containers.ts'

export const exampleContainer = (given: Partial<Container> = {}): Container => ({
  file: 'Dockerfile',
  folder: '',
  problem: null,
  dockerignore: '.dockerignore',
  copiedEnvironment: [],
  commands: [],
  start: 'node server.js',
  startLine: 12,
  mutableBases: [],
  bases: [{ line: 1, base: 'node:24.3-alpine' }],
  user: 'node',
  userLine: 10,
  stepsDown: false,
  healthcheck: true,
  secrets: [],
  copiesAll: 6,
  startAround: { after: 11, before: ['COPY . .'], behind: ['CMD ["node", "server.js"]'], open: false },
  ...given,
})

/** Images that each differ from the sound one in this. */
export const exampleContainers = (...containers: Partial<Container>[]): Containers => ({
  containers: containers.map(exampleContainer),
})

export const noContainers: Containers = exampleContainers()

export const example: Containers = exampleContainers({})

/** An image that is given a token as an argument of its build. */
export const withToken: Partial<Container> = { secrets: [{ line: 4, how: 'ARG', name: 'NPM_TOKEN' }] }

/** An image on a base whose tag moves. */
export const latestBase: Partial<Container> = { mutableBases: [{ line: 1, base: 'node:latest' }] }

/** An image into which the whole folder goes, an environment file among it. */
export const copiesAll: Partial<Container> = { dockerignore: null, copiedEnvironment: ['.env'] }

/** An image that starts a server for development. */
export const developing: Partial<Container> = {
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
}
