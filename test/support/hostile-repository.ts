// Writes repositories of strangers, and runs the program in them as somebody would who trusts nobody.
import { execFileSync } from 'node:child_process'
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { HostileRepository } from '../../fixtures/hostile/repositories.ts'
import { runProgram } from './run-program.ts'

export const outsideText = 'OUTSIDE_PASSWORD=not-to-be-read-4711'
const outsideValue = outsideText.split('=')[1]!

export const hostileEnv = {
  PATH: process.env['PATH'],
  LAUNCH_READY_OFFLINE: '1',
  AWS_SECRET_ACCESS_KEY: 'canary-aws-0815-aaaaaaaaaaaa',
  SMOKE_TOKEN: 'canary-smoke-0815-bbbbbbbbbb',
  CLOUDFLARE_API_TOKEN: 'canary-cloudflare-0815-cccc',
}

/** What must be in nothing that leaves. */
export const canaries: readonly string[] = [
  outsideValue,
  ...Object.values(hostileEnv).filter((value): value is string => value?.startsWith('canary') === true),
]

const git = (cwd: string, ...words: string[]): void => {
  execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...words], {
    cwd,
    stdio: 'ignore',
    env: { PATH: process.env['PATH'], GIT_CONFIG_GLOBAL: '/dev/null' },
  })
}

/** A folder with something outside of every repository in it. */
export const createHostileRoot = () => {
  const root = mkdtempSync(join(tmpdir(), 'hostile-'))
  const outside = join(root, 'outside')
  mkdirSync(outside)
  writeFileSync(join(outside, 'private.env'), outsideText)
  const database = new DatabaseSync(join(outside, 'private.sqlite'))
  database.exec(`CREATE TABLE cookies (value TEXT); INSERT INTO cookies VALUES ('${outsideValue}')`)
  database.close()
  return { root, outside, remove: () => rmSync(root, { recursive: true, force: true }) }
}

/** Writes the repository; its name is that of its folder, so that the proof is its own. */
export const makeHostile = (
  root: string,
  given: HostileRepository & { databases?: Record<string, string> },
  at: number,
): { folder: string; proof: string } => {
  const folder = join(root, `repository-${at}`)
  const proof = join(root, `proof-${at}`)
  const filled = (text: string): string =>
    text
      .replaceAll('$PROOF', proof)
      .replaceAll('$OUTSIDEFOLDER', join(root, 'outside'))
      .replaceAll('$OUTSIDEDATABASE', join(root, 'outside/private.sqlite'))
      .replaceAll('$OUTSIDE', join(root, 'outside/private.env'))
  const reach = (path: string): string => {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    return join(folder, path)
  }
  const write = (path: string, text: string): void => writeFileSync(reach(path), filled(text), { mode: 0o755 })
  mkdirSync(folder)
  git(folder, 'init', '-q', '-b', 'main')
  for (const [path, text] of Object.entries(given.files)) write(path, text)
  for (const [path, statements] of Object.entries(given.databases ?? {})) {
    const database = new DatabaseSync(reach(path))
    database.exec(statements)
    database.close()
  }
  for (const [path, to] of Object.entries(given.links ?? {})) symlinkSync(filled(to), reach(path))
  git(folder, 'add', '-A')
  git(folder, 'commit', '-q', '--allow-empty', '-m', 'a')
  for (const [path, text] of Object.entries(given.git ?? {})) write(join('.git', path), text)
  if (given.gitConfig) appendFileSync(join(folder, '.git/config'), filled(given.gitConfig))
  return { folder, proof }
}

/** Runs the program in the folder; `out` and `err` together are what it says. */
export const runHostile = async (
  folder: string,
  words: readonly string[],
): Promise<{ exit: number; said: string; out: string }> => {
  const { exit, out, err } = await runProgram(words, { cwd: folder, env: hostileEnv })
  return { exit, said: out + err, out }
}
