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
  ...given,
})

/** Images that each differ from the sound one in this. */
export const exampleContainers = (...containers: Partial<Container>[]): Containers => ({
  containers: containers.map(exampleContainer),
})

export const noContainers: Containers = exampleContainers()

export const example: Containers = exampleContainers({})
