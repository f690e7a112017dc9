// `launch-ready deploy secrets`: the checks of secrets alone; `--record` writes a rotation into the ledger; `--verify` asks the providers.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { UsageError } from '../../config/errors.ts'
import type { Fact } from '../../core/fact.ts'
import { bareTarget } from '../../core/target.ts'
import type { CollectContext } from '../../facts/definition.ts'
import { type Verification, verifySecrets } from '../../facts/repo/secrets-verify.ts'
import tree, { type Tree } from '../../facts/repo/tree.ts'
import { defaultLedger, parseLedger, printLedger } from '../../formats/secrets/ledger.ts'
import { createNetwork } from '../../net/create-network.ts'
import { clean } from '../../report/shared/escape.ts'
import { exitCodes } from '../exit-code.ts'
import type { Io } from '../io.ts'
import type { RunOptions } from '../options.ts'
import { createFaults, settleConfig, settleNetwork, settleRepo } from '../settings.ts'
import { runStage } from './stage.ts'

export const secretChecks = [
  'env-file-committed',
  'env-public-prefix',
  'secret-in-tree',
  'secret-in-history',
  'secret-rotation',
]

type Options = RunOptions & {
  verify?: boolean
  record?: string
  by?: string
  evidence?: string
  name?: string
  expires?: string
}

/** A day that exists: the 31st of February does not. */
const isDay = (text: string): boolean =>
  /^\d{4}-\d{2}-\d{2}$/.test(text) && new Date(`${text}T00:00:00Z`).toJSON()?.slice(0, 10) === text

/** Adds one entry to the ledger and says so. Every part must be given: an attestation without a name attests nothing. */
const record = (root: string, path: string, options: Options, io: Io): number => {
  const secret = options.record!.replace(/^sha256:/, '').toLowerCase()
  if (!/^[0-9a-f]{16,64}$/.test(secret))
    throw new UsageError(
      `--record ${options.record}: expected the SHA-256 of the secret, 16 digits or more; launch-ready deploy secrets --json shows it.`,
    )
  if (!options.by || !options.evidence)
    throw new UsageError(
      '--record needs --by <who> and --evidence <how one can tell>, such as "revoked in the dashboard".',
    )
  if (options.expires !== undefined && !isDay(options.expires))
    throw new UsageError(`--expires ${options.expires}: expected a date such as 2027-11-25.`)
  const file = join(root, path)
  const former = existsSync(file) ? parseLedger(readFileSync(file, 'utf8')) : { rotations: [], problems: [] }
  if (former.problems.length)
    throw new UsageError(`${path}: ${former.problems[0]}; put it right first, so that no entry is lost.`)
  const entry = {
    secret,
    name: options.name ?? null,
    rotated: new Date(io.now()).toISOString().slice(0, 10),
    by: options.by,
    evidence: options.evidence,
    expires: options.expires ?? null,
  }
  writeFileSync(file, printLedger([...former.rotations.filter(one => one.secret !== secret), entry]))
  io.out(`Recorded in ${path}: ${secret.slice(0, 16)}… rotated ${entry.rotated} by ${entry.by}.\nCommit ${path}.\n`)
  return exitCodes.ok
}

const words = { works: 'STILL WORKS', refused: 'refused', 'cannot-tell': 'cannot tell' } as const

/** What the providers said, as text. */
export const printVerifications = (list: readonly Verification[]): string => {
  if (list.length === 0) return 'No secret was found, so no provider was asked.\n'
  const lines = list.map(
    one =>
      `  ${words[one.state].padEnd(12)} ${clean(`${one.provider} ${one.what}`)}, ${clean(one.masked)}\n               ${clean(one.place)}: ${clean(one.why)}\n               record    launch-ready deploy secrets --record ${one.hash.slice(0, 16)} --by … --evidence …`,
  )
  const count = (state: Verification['state']): number => list.filter(one => one.state === state).length
  return `${lines.join('\n')}\n\n  ${count('works')} still work, ${count('refused')} are refused, ${count('cannot-tell')} cannot be told.\n`
}

const treeOf = async (root: string, io: Io): Promise<Tree> => {
  const context = {
    env: io.env,
    signal: io.signal,
    now: () => new Date(io.now()).toISOString(),
    target: bareTarget({ repo: root }),
  } as unknown as CollectContext
  const fact: Fact<Tree> = await tree.collect({ kind: 'repo', name: 'repo', details: { root } }, context)
  if (!fact.ok) throw new UsageError(`the repository cannot be read: ${fact.message}.`)
  return fact.value
}

export const run = async (
  operands: string[],
  given: Record<string, unknown>,
  io: Io,
  version: string,
): Promise<number> => {
  const options = given as Options
  if (!options.verify && options.record === undefined) {
    // The coverage stands in the facts; a person who asks for secrets wants to see it whatever was found.
    const folder = mkdtempSync(join(tmpdir(), 'launch-ready-'))
    try {
      const saved = options.saveFacts ?? join(folder, 'facts.json')
      const code = await runStage(
        'deploy',
        operands[0],
        { ...options, only: secretChecks, saveFacts: saved },
        io,
        version,
      )
      if (options.saveFacts === undefined && !options.quiet && existsSync(saved))
        io.err(coverage(readFileSync(saved, 'utf8')))
      return code
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  }
  const faults = createFaults()
  const { config } = await settleConfig(options, io)
  const root = settleRepo(operands[0] ?? options.repo, io, faults)
  const network = settleNetwork(options, io, version, faults)
  if (root === null && (operands[0] ?? options.repo) === undefined)
    faults.add('deploy secrets needs a repository: run it inside one, or name its directory.')
  faults.throwIfAny()
  if (options.record !== undefined) return record(root!, config.deploy?.ledger ?? defaultLedger, options, io)
  const net = createNetwork(network)
  try {
    const list = await verifySecrets(await treeOf(root!, io), { env: io.env, signal: io.signal }, net)
    io.out(options.json ? `${JSON.stringify(list, null, 2)}\n` : printVerifications(list))
    if (io.signal.aborted) return exitCodes.interrupted
    if (list.some(one => one.state === 'works')) return exitCodes.found
    return list.some(one => one.state === 'cannot-tell') ? exitCodes.couldNotTell : exitCodes.ok
  } finally {
    await net.close()
  }
}

/** One line on how much was read, from the facts of the run. */
const coverage = (text: string): string => {
  const { facts } = JSON.parse(text) as { facts: { fact: string; is: Fact<Record<string, Record<string, number>>> }[] }
  const factValue = (name: string): Record<string, unknown> | null => {
    const found = facts.find(item => item.fact === name)?.is
    return found?.ok ? found.value : null
  }
  const files = factValue('secretsTree') as { files: number; bytes: number } | null
  const history = factValue('secretsHistory') as {
    commits: { read: number; total: number }
    versions: { read: number; missing: number }
    notes: string[]
  } | null
  const number = (value: number): string => value.toLocaleString('en')
  const parts = [
    ...(files ? [`${number(files.files)} files (${(files.bytes / 1e6).toFixed(1)} MB)`] : []),
    ...(history
      ? [
          `${number(history.commits.read)} of ${number(history.commits.total)} commits, ${number(history.versions.read)} versions of files${history.versions.missing ? `, ${number(history.versions.missing)} not here` : ''}`,
        ]
      : []),
  ]
  return parts.length ? `read: ${parts.join('; ')}${(history?.notes ?? []).map(note => `\n${note}`).join('')}\n` : ''
}
