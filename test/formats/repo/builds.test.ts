// What builds and starts the programs of a repository.
import { describe, expect, it } from 'vitest'
import { developing, exampleContainer } from '../../../src/facts/repo/containers.example.ts'
import { noDeployment } from '../../../src/facts/repo/deployment.example.ts'
import {
  exampleCommand,
  exampleJob,
  noPipelines,
  example as pipelines,
  withJobs,
} from '../../../src/facts/repo/pipelines.example.ts'
import { examplePackage } from '../../../src/facts/repo/stack.example.ts'
import { type BuildFacts, judgeBuilds } from '../../../src/formats/repo/builds.ts'

const next = examplePackage()
const bare = examplePackage({ scripts: {} })
const server = examplePackage({ framework: 'express', scripts: {} })
const tested = withJobs(exampleJob('test', [exampleCommand('test', 9, 'npm test')]))
const platform = (name: string, byPush: boolean) => ({ ...noDeployment, platforms: [{ name, file: 'x', byPush }] })
const facts = (given: Partial<BuildFacts>): BuildFacts => ({
  packages: [next],
  pipelines,
  images: [],
  deployment: noDeployment,
  ...given,
})

describe('judgeBuilds', () => {
  it.each<[string, Partial<BuildFacts>, { apps: number; without: number; unbuilt: boolean; development: number }]>([
    ['built in the pipeline', {}, { apps: 1, without: 0, unbuilt: false, development: 0 }],
    [
      'no framework',
      { packages: [examplePackage({ framework: null })] },
      { apps: 0, without: 0, unbuilt: false, development: 0 },
    ],
    [
      'documentation',
      { packages: [examplePackage({ path: 'docs' })] },
      { apps: 0, without: 0, unbuilt: false, development: 0 },
    ],
    [
      'nothing builds',
      { packages: [bare], pipelines: noPipelines },
      { apps: 1, without: 1, unbuilt: false, development: 0 },
    ],
    ['tested, never built', { pipelines: tested }, { apps: 1, without: 0, unbuilt: true, development: 0 }],
    [
      'the platform builds',
      { pipelines: tested, deployment: platform('vercel', true) },
      { apps: 1, without: 0, unbuilt: false, development: 0 },
    ],
    [
      'nothing starts',
      { packages: [server], pipelines: noPipelines },
      { apps: 1, without: 1, unbuilt: false, development: 0 },
    ],
    [
      'a script of another name builds',
      {
        packages: [
          examplePackage({ framework: 'nest', scripts: { 'prestart:prod': 'tsc', 'start:prod': 'node dist/main.js' } }),
        ],
        pipelines: noPipelines,
      },
      { apps: 1, without: 0, unbuilt: false, development: 0 },
    ],
    [
      'a server that runs as it is written',
      {
        packages: [examplePackage({ framework: 'nest', scripts: { start: 'node -r ts-node/register src/main.ts' } })],
        pipelines: tested,
      },
      { apps: 1, without: 0, unbuilt: false, development: 0 },
    ],
    [
      'scripts of laptops alone',
      {
        packages: [
          examplePackage({ framework: 'nest', scripts: { 'start:dev': 'tsc-watch', types: 'tsc', x: 'tsc --noEmit' } }),
        ],
        pipelines: noPipelines,
      },
      { apps: 1, without: 1, unbuilt: false, development: 0 },
    ],
    [
      'the platform starts',
      { packages: [server], pipelines: noPipelines, deployment: platform('fly', false) },
      { apps: 1, without: 0, unbuilt: false, development: 0 },
    ],
    [
      'an image starts',
      { packages: [server], pipelines: noPipelines, images: [exampleContainer()] },
      { apps: 1, without: 0, unbuilt: false, development: 0 },
    ],
    [
      'a development server',
      { images: [exampleContainer(developing)] },
      { apps: 1, without: 0, unbuilt: false, development: 1 },
    ],
  ])('%s', (_name, given, expected) => {
    const { apps, without, unbuilt, developmentServers } = judgeBuilds(facts(given))
    expect({
      apps: apps.length,
      without: without.length,
      unbuilt: unbuilt !== null,
      development: developmentServers.length,
    }).toEqual(expected)
  })
})
