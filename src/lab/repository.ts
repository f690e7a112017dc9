// Git repositories for worlds: a fixture copied or files written into a temporary directory, committed by nobody in particular.
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const identity = {
  GIT_AUTHOR_NAME: 'Lab',
  GIT_AUTHOR_EMAIL: 'lab@example.com',
  GIT_COMMITTER_NAME: 'Lab',
  GIT_COMMITTER_EMAIL: 'lab@example.com',
  GIT_AUTHOR_DATE: '2026-11-01T12:00:00Z',
  GIT_COMMITTER_DATE: '2026-11-01T12:00:00Z',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_SYSTEM: '/dev/null',
}

const git = (directory: string, ...args: string[]): string =>
  execFileSync('git', args, {
    cwd: directory,
    env: { PATH: process.env['PATH'], ...identity },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  })

/** Commits everything that is not ignored; files that became ignored leave the index. */
export const commitAll = (directory: string, message: string): void => {
  git(directory, 'rm', '-r', '-q', '--cached', '--ignore-unmatch', '.')
  git(directory, 'add', '-A')
  git(directory, 'commit', '-q', '--allow-empty', '-m', message)
}

/**
 * Makes a repository in `directory`. Paths of `files` that begin with `!` are written after the commit and stay untracked; those
 * that begin with `+` are committed although they are ignored.
 */
export const makeRepository = (directory: string, fixture: string | null, files: Record<string, string>): void => {
  mkdirSync(directory, { recursive: true })
  if (fixture) cpSync(fixture, directory, { recursive: true })
  const write = (path: string, content: string): void => {
    mkdirSync(dirname(join(directory, path)), { recursive: true })
    writeFileSync(join(directory, path), content)
  }
  const entries = Object.entries(files)
  for (const [path, content] of entries) if (!path.startsWith('!')) write(path.replace(/^\+/, ''), content)
  git(directory, 'init', '-q', '-b', 'main')
  git(directory, 'add', '-A')
  const forced = entries.filter(([path]) => path.startsWith('+')).map(([path]) => path.slice(1))
  if (forced.length > 0) git(directory, 'add', '-f', ...forced)
  git(directory, 'commit', '-q', '--allow-empty', '-m', 'First version')
  for (const [path, content] of entries) if (path.startsWith('!')) write(path.slice(1), content)
}
