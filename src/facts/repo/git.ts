// Git as a witness: the few plumbing commands that collectors ask, run so that nothing of the repository is executed (no hook, no
// pager, no fsmonitor, no filter, no text conversion), nothing is fetched, and nothing of the user's settings changes the answer.
import { type ChildProcessByStdio, spawn, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import type { Readable, Writable } from 'node:stream'

const settings = [
  'core.fsmonitor=false',
  'core.hooksPath=/dev/null',
  'core.untrackedCache=false',
  'core.attributesFile=/dev/null',
  'core.excludesFile=/dev/null',
  'core.quotePath=false',
  'core.sshCommand=false',
  'core.gitProxy=',
  'core.alternateRefsCommand=',
  'credential.helper=',
  'diff.external=',
  'gpg.program=false',
  'log.showSignature=false',
  'log.mailmap=false',
  'protocol.allow=never',
  'safe.directory=*',
  'submodule.recurse=false',
  'maintenance.auto=false',
  'gc.auto=0',
]

/** The arguments before the command: our settings, which win over the repository's own. */
export const gitArguments = (root: string, command: readonly string[]): string[] => [
  '--no-pager',
  '--no-optional-locks',
  // Paths are paths, never patterns; check-ignore alone refuses the option.
  ...(command[0] === 'check-ignore' ? [] : ['--literal-pathspecs']),
  ...settings.flatMap(setting => ['-c', setting]),
  '-C',
  root,
  ...command,
]

/** An environment without the GIT_* variables of the caller, without system and user configuration, prompts or fetches. */
export const gitEnvironment = (env: Readonly<Record<string, string | undefined>>): Record<string, string> => ({
  ...Object.fromEntries(
    ['PATH', 'Path', 'SystemRoot', 'HOME', 'TMPDIR', 'TEMP']
      .map(name => [name, env[name]] as const)
      .filter((entry): entry is readonly [string, string] => entry[1] !== undefined),
  ),
  LC_ALL: 'C',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_ATTR_NOSYSTEM: '1',
  GIT_TERMINAL_PROMPT: '0',
  GIT_ASKPASS: 'false',
  SSH_ASKPASS: 'false',
  GIT_NO_LAZY_FETCH: '1',
  GIT_NO_REPLACE_OBJECTS: '1',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_PAGER: 'cat',
  GIT_EXTERNAL_DIFF: '',
})

export type GitProcess = ChildProcessByStdio<Writable, Readable, Readable>

export type GitOptions = {
  env: Readonly<Record<string, string | undefined>>
  signal?: AbortSignal
  /** Milliseconds after which a command that does nothing is ended; 30 s unless given. */
  timeoutMs?: number
  /** Bytes of output kept; more ends the command with `truncated`. 64 MB unless given. */
  maxBytes?: number
  input?: string
}

/** `code` is null when git could not be started or was ended by a signal. */
export type GitResult = { code: number | null; stdout: Buffer; stderr: string; truncated: boolean; absent: boolean }

/** A running git command, for those whose output is read as a stream. */
export const startGit = (
  root: string,
  command: readonly string[],
  options: Pick<GitOptions, 'env' | 'signal'>,
): GitProcess =>
  spawn('git', gitArguments(root, command), {
    // Not the repository's own folder: some systems look for programs there first.
    cwd: tmpdir(),
    env: gitEnvironment(options.env),
    stdio: ['pipe', 'pipe', 'pipe'],
    windowsHide: true,
    ...(options.signal ? { signal: options.signal } : {}),
  })

/** Clock ticks of processor time that a process has used; null where this system does not say. */
const ticksOf = (pid: number | undefined): number | null => {
  try {
    const [, rest = ''] = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')
    const fields = rest.split(' ')
    return Number(fields[11]) + Number(fields[12])
  } catch {
    return null
  }
}

/** A command works while it uses the processor, however little a busy machine gives it; ten times as long is enough all the same. */
const mostRounds = 10
const leastTicks = 5

/** Calls `end` when a process did nothing for a while; what it puts out is bounded by bytes. Returns how to stop. */
const whenIdle = (pid: number | undefined, roundMs: number, end: () => void): (() => void) => {
  let rounds = 0
  let before = 0
  const timer = setInterval(() => {
    const ticks = ticksOf(pid)
    const worked = ticks === null ? rounds < 2 : ticks - before >= leastTicks
    before = ticks ?? 0
    rounds += 1
    if (!worked || rounds >= mostRounds) end()
  }, roundMs)
  return () => clearInterval(timer)
}

/** Runs one git command to its end. Never throws: a git that is not installed is `absent`. */
export const runGit = (root: string, command: readonly string[], options: GitOptions): Promise<GitResult> =>
  new Promise(resolve => {
    const process = startGit(root, command, options)
    const chunks: Buffer[] = []
    let bytes = 0
    let errors = ''
    let truncated = false
    let absent = false
    const stopWatching = whenIdle(process.pid, options.timeoutMs ?? 30_000, () => {
      truncated = true
      process.kill('SIGKILL')
    })
    process.stdout.on('data', (chunk: Buffer) => {
      if (truncated) return
      bytes += chunk.length
      if (bytes > (options.maxBytes ?? 64 << 20)) {
        truncated = true
        process.kill('SIGKILL')
        return
      }
      chunks.push(chunk)
    })
    process.stderr.on('data', (chunk: Buffer) => {
      if (errors.length < 4096) errors += chunk.toString('utf8')
    })
    process.on('error', error => {
      absent ||= (error as NodeJS.ErrnoException).code === 'ENOENT'
    })
    process.on('close', code => {
      stopWatching()
      resolve({ code, stdout: Buffer.concat(chunks), stderr: errors.trim(), truncated, absent })
    })
    process.stdin.on('error', () => {})
    process.stdin.end(options.input ?? '')
  })

/** Output of a command as trimmed text; null when it failed. */
export const gitText = async (
  root: string,
  command: readonly string[],
  options: GitOptions,
): Promise<string | null> => {
  const result = await runGit(root, command, options)
  return result.code === 0 ? result.stdout.toString('utf8').trim() : null
}

/** The NUL-separated records of a command's output; null when it failed. */
export const gitRecords = async (
  root: string,
  command: readonly string[],
  options: GitOptions,
): Promise<string[] | null> => {
  const result = await runGit(root, command, options)
  if (result.code !== 0) return null
  return result.stdout
    .toString('utf8')
    .split('\0')
    .filter(record => record !== '')
}

/**
 * Output of a short command as trimmed text, waited for; null when it failed or git is not installed. For the command line, which has
 * nothing else to do yet; collectors ask with `gitText`.
 */
export const gitTextNow = (root: string, command: readonly string[], env: GitOptions['env']): string | null => {
  const { status, stdout } = spawnSync('git', gitArguments(root, command), {
    cwd: tmpdir(),
    env: gitEnvironment(env),
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: 5000,
    maxBuffer: 1 << 20,
    windowsHide: true,
  })
  return status === 0 ? stdout.toString('utf8').trim() : null
}

/** The root of the repository around a folder; null where there is none. */
export const gitRoot = (from: string, env: GitOptions['env']): string | null =>
  gitTextNow(from, ['rev-parse', '--show-toplevel'], env) || null

/** The id of the commit that a tag, branch or id names; null where it names none. A leading dash would be read as an option. */
export const gitCommit = (root: string, ref: string, env: GitOptions['env']): string | null =>
  ref.startsWith('-')
    ? null
    : gitTextNow(root, ['rev-parse', '-q', '--verify', '--end-of-options', `${ref}^{commit}`], env) || null
