// The repositories of fixtures/repos, built for a test: `dot-name` becomes `.name`, the first commit is tagged when expected.yaml says so,
// and what lies under `later/` comes in a second commit.

import { existsSync, readdirSync, readFileSync } from 'node:fs'

import { join, resolve } from 'node:path'
import { parse } from 'yaml'
import { makeUp } from './made-up-secrets.ts'
import { makeRepo, type TestRepo } from './repo.ts'

export type ExpectedFinding = { check: string; outcome: string; file?: string }
export type Expected = {
  about: string
  stack: string
  /** Tag of the first commit. */
  release?: string
  sound?: boolean
  expect?: ExpectedFinding[]
  /** Outcomes of a sound repository that have to be reached, not merely skipped. */
  passes?: { check: string; outcome: string }[]
  forbid?: { check: string; outcome?: string }[]
  /** Checks that ask, because a repository does not show it. */
  asks?: string[]
  /** Checks whose whole result is listed; the test's own list where it is not given. */
  judges?: string[]
}

const folder = resolve(import.meta.dirname, '../../fixtures/repos')

export const fixtureNames = (): string[] =>
  readdirSync(folder)
    // A repository without this file belongs to a test of its own.
    .filter(name => existsSync(join(folder, name, 'expected.yaml')))
    .sort()

export const expectedOf = (name: string): Expected =>
  parse(readFileSync(join(folder, name, 'expected.yaml'), 'utf8')) as Expected

const walk = (at: string, under = ''): string[] =>
  readdirSync(join(at, under), { withFileTypes: true }).flatMap(entry => {
    const path = under ? `${under}/${entry.name}` : entry.name
    return entry.isDirectory() ? walk(at, path) : [path]
  })

const realName = (path: string): string =>
  path
    .split('/')
    .map(part => part.replace(/^dot-/, '.'))
    .join('/')

/** Builds one. Dispose of it afterwards. */
export const buildFixture = (name: string): TestRepo => {
  const expected = expectedOf(name)
  const files = walk(join(folder, name)).filter(path => path !== 'expected.yaml')
  const read = (paths: readonly string[], cut: number): Record<string, Buffer> =>
    Object.fromEntries(paths.map(path => [realName(path.slice(cut)), expanded(readFileSync(join(folder, name, path)))]))
  // `@@sk_~live_{A24}@@` becomes a token made at run time: no scanner, ours included, has to stop at a fixture.
  const expanded = (content: Buffer): Buffer =>
    content.includes('@@')
      ? Buffer.from(content.toString('utf8').replace(/@@([^@\n]+)@@/g, (_, template: string) => makeUp(template)))
      : content
  const later = files.filter(path => path.startsWith('later/'))
  const repo = makeRepo(
    read(
      files.filter(path => !path.startsWith('later/')),
      0,
    ) as Record<string, Uint8Array>,
  )
  repo.commit('first')
  if (expected.release) repo.git('tag', expected.release)
  if (later.length) {
    repo.write(read(later, 6) as Record<string, Uint8Array>)
    repo.commit('second')
  }
  return repo
}
