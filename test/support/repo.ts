// Repositories made for a test: files written below a temporary folder, committed with dates that do not move, and facts collected of them.
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type Config, configSchema } from '../../src/config/schema.ts'
import type { Fact, Subject } from '../../src/core/fact.ts'
import { bareTarget } from '../../src/core/target.ts'
import type { CollectContext, FactDefinition } from '../../src/facts/definition.ts'
import { onceForTest } from './once.ts'

export type TestRepo = {
  root: string
  git: (...command: string[]) => string
  write: (files: Readonly<Record<string, string | Uint8Array>>) => void
  link: (path: string, target: string) => void
  remove: (path: string) => void
  /** Adds everything and commits; gives the commit's id. Each commit is an hour younger than the one before. */
  commit: (message: string) => string
  dispose: () => void
}

let clock = Date.UTC(2026, 0, 1)

/** What `git init` writes, without its samples of hooks: some thousand repositories are made, and a process costs more than these files. */
const initialize = (root: string): void => {
  const git = join(root, '.git')
  for (const folder of ['objects', 'refs/heads', 'refs/tags']) mkdirSync(join(git, folder), { recursive: true })
  writeFileSync(join(git, 'HEAD'), 'ref: refs/heads/main\n')
  writeFileSync(
    join(git, 'config'),
    '[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = false\n\tlogallrefupdates = true\n',
  )
}

/** The commit that is checked out, read as git keeps it. */
const headOf = (root: string): string => {
  const head = readFileSync(join(root, '.git/HEAD'), 'utf8').trim()
  return head.startsWith('ref: ') ? readFileSync(join(root, '.git', head.slice(5)), 'utf8').trim() : head
}

const settings = ['user.name=Test', 'user.email=test@example.com', 'commit.gpgsign=false', 'maintenance.auto=false']

/** An empty folder below the system's temporary one; a git repository unless `git` is false. */
export const makeRepo = (
  files: Readonly<Record<string, string | Uint8Array>> = {},
  options: { git?: boolean } = {},
): TestRepo => {
  const root = mkdtempSync(join(tmpdir(), 'launch-ready-repo-'))
  const git = (...command: string[]): string => {
    const date = new Date(clock).toISOString()
    return execFileSync('git', [...settings.flatMap(setting => ['-c', setting]), ...command], {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env.PATH,
        HOME: root,
        GIT_CONFIG_NOSYSTEM: '1',
        GIT_AUTHOR_DATE: date,
        GIT_COMMITTER_DATE: date,
      },
    }).trim()
  }
  const write = (more: Readonly<Record<string, string | Uint8Array>>): void => {
    for (const [path, text] of Object.entries(more)) {
      mkdirSync(dirname(join(root, path)), { recursive: true })
      writeFileSync(join(root, path), text)
    }
  }
  if (options.git !== false) initialize(root)
  write(files)
  return {
    root,
    git,
    write,
    link: (path, target) => {
      mkdirSync(dirname(join(root, path)), { recursive: true })
      symlinkSync(target, join(root, path))
    },
    remove: path => rmSync(join(root, path), { recursive: true, force: true }),
    commit: message => {
      clock += 3_600_000
      git('add', '-A')
      git('commit', '-q', '--allow-empty', '-m', message)
      return headOf(root)
    },
    dispose: () => rmSync(root, { recursive: true, force: true }),
  }
}

/** A subject of kind repo. */
export const repoSubject = (root: string): Subject => ({ kind: 'repo', name: 'shop', details: { root } })

/** Collects one fact of a repository; what it needs is collected by the given collectors, once each. */
export const collectFact = async <T>(
  root: string,
  collectors: Readonly<Record<string, FactDefinition<unknown>>>,
  name: string,
  more: { config?: unknown; env?: Record<string, string>; net?: CollectContext['net'] } = {},
): Promise<Fact<T>> => {
  const subject = repoSubject(root)
  const memo = new Map<string, Promise<Fact<unknown>>>()
  const need = (wanted: string): Promise<Fact<unknown>> => {
    const known = memo.get(wanted)
    if (known) return known
    const collector = collectors[wanted]
    if (!collector) throw new Error(`the test gave no collector of ${wanted}`)
    const promise = collector.collect(subject, context)
    memo.set(wanted, promise)
    return promise
  }
  const config: Config = configSchema.parse(more.config ?? {})
  const context: CollectContext = {
    net: more.net ?? (undefined as unknown as CollectContext['net']),
    target: bareTarget({ repo: root }),
    config,
    env: { PATH: process.env.PATH, ...more.env },
    now: () => '2026-11-25T00:00:00.000Z',
    need: need as CollectContext['need'],
    subjects: async kind => (kind === 'repo' ? [subject] : []),
    announce: () => {},
    once: onceForTest(),
    signal: new AbortController().signal,
    timeoutMs: 10_000,
  }
  const fact = (await need(name)) as Fact<T>
  if (fact.ok && JSON.stringify(JSON.parse(JSON.stringify(fact.value))) !== JSON.stringify(fact.value))
    throw new Error('a fact must be plain JSON')
  return fact
}

/** The value of a fact that must be there. */
export const observedValue = <T>(fact: Fact<T>): T => {
  if (!fact.ok) throw new Error(`missing: ${fact.reason}: ${fact.message}`)
  return fact.value
}
