// Faults of images that are shipped, worst first, each with its places.
import { describe, expect, it } from 'vitest'
import { copiesAll, exampleContainer, latestBase, withToken } from '../../../src/facts/repo/containers.example.ts'
import type { Container } from '../../../src/facts/repo/containers.ts'
import { imageFaults } from '../../../src/formats/repo/image-faults.ts'

describe('imageFaults', () => {
  it.each<[string, Partial<Container>, boolean, string[]]>([
    ['sound', {}, false, []],
    ['a token as ARG', withToken, false, ['secrets-in-image Dockerfile:4 ARG NPM_TOKEN']],
    ['latest', latestBase, false, ['mutable-base Dockerfile:1 node:latest']],
    ['root', { user: null }, false, ['root Dockerfile:10 no USER; base node:24.3-alpine']],
    ['root that steps down', { user: null, stepsDown: true }, false, []],
    ['no .dockerignore', copiesAll, false, ['no-dockerignore Dockerfile:6 no .dockerignore: .env goes in']],
    [
      'a .dockerignore that lets it in',
      { copiedEnvironment: ['.env'] },
      false,
      ['no-dockerignore Dockerfile:6 .dockerignore does not keep it out: .env goes in'],
    ],
    ['nothing is copied', { ...copiesAll, copiesAll: null }, false, []],
    [
      'no health check',
      { healthcheck: false },
      false,
      ['no-healthcheck Dockerfile:12 no HEALTHCHECK, and no health check of a platform'],
    ],
    ['a platform asks', { healthcheck: false }, true, []],
    ['nothing starts', { healthcheck: false, start: null }, false, []],
    [
      'several',
      { ...withToken, user: null, healthcheck: false },
      true,
      ['secrets-in-image Dockerfile:4 ARG NPM_TOKEN', 'root Dockerfile:10 no USER; base node:24.3-alpine'],
    ],
  ])('%s', (_name, given, isWatched, expected) => {
    const found = imageFaults([exampleContainer(given)], isWatched)
    expect(
      found.flatMap(({ fault, places }) => places.map(({ file, line, text }) => `${fault} ${file}:${line} ${text}`)),
    ).toEqual(expected)
  })
})
