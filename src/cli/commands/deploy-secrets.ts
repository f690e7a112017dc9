// `launch-ready deploy secrets`: the checks of secrets alone; `--record` writes a rotation into the ledger; `--verify` asks the providers.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { UsageError } from '../../config/errors.ts'
import type { Config } from '../../config/schema.ts'
import { clean } from '../../core/clean.ts'
import { isoNow } from '../../core/clock.ts'
import type { SavedFact } from '../../core/fact.ts'
import { factOf } from '../../deliverables/deliverable.ts'
import { type Verification, verifySecrets } from '../../facts/repo/secrets-verify.ts'
import { repoSubject } from '../../facts/subjects.ts'
import { defaultLedger, parseLedger, printLedger } from '../../formats/secrets/ledger.ts'
import { writeWhole } from '../../report/shared/write-whole.ts'
import { withCollection } from '../../run/open.ts'
import { targetOf } from '../../run/target.ts'
import type { Call } from '../call.ts'
import { exitCodes } from '../exit-code.ts'
import { settleConfig, settleRepo } from '../settings.ts'
import { ofAction, onlyChecks, runStage } from './stage.ts'

/** A day that exists: the 31st of February does not. */
const isDay = (text: string): boolean =>
  /^\d{4}-\d{2}-\d{2}$/.test(text) && new Date(`${text}T00:00:00Z`).toJSON()?.slice(0, 10) === text

/** Adds one entry to the ledger and says so. Every part must be given: an attestation without a name attests nothing. */
const record = (root: string, path: string, { action: options, io }: Call): number => {
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
    rotated: isoNow(io.clock).slice(0, 10),
    by: options.by,
    evidence: options.evidence,
    expires: options.expires ?? null,
  }
  writeWhole(file, printLedger([...former.rotations.filter(one => one.secret !== secret), entry]))
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

/** One line on how much was read, from the facts of the run. */
const coverage = (facts: readonly SavedFact[]): string => {
  const number = (value: number): string => value.toLocaleString('en')
  const files = factOf(facts, 'secretsTree')
  const history = factOf(facts, 'secretsHistory')
  const parts: string[] = []
  if (files?.ok) parts.push(`${number(files.value.files)} files (${(files.value.bytes / 1e6).toFixed(1)} MB)`)
  if (history?.ok) {
    const { commits, versions } = history.value
    const absent = versions.missing ? `, ${number(versions.missing)} not here` : ''
    parts.push(
      `${number(commits.read)} of ${number(commits.total)} commits, ${number(versions.read)} versions of files${absent}`,
    )
  }
  const notes = history?.ok ? history.value.notes : []
  return parts.length ? `read: ${parts.join('; ')}${notes.map(note => `\n${note}`).join('')}\n` : ''
}

/** Judges the secrets; a person who asks for them wants to see how much was read, whatever was found. */
const judge = async (call: Call): Promise<number> => {
  const task = { stage: 'deploy' as const, operand: call.operands[0] }
  const { code, result } = await runStage(onlyChecks(call, ofAction('deploy secrets')), task)
  if (call.stage.saveFacts === undefined && !call.look.quiet) call.io.err(coverage(result.facts))
  return code
}

/** Asks each provider whether what was found in the files still works. */
const verify = async (root: string, config: Config, { io, network, json }: Call): Promise<number> => {
  const target = targetOf(config, { domain: null, repo: root, active: false })
  const ways = { network, clock: io.clock, env: io.env, signal: io.signal }
  const list = await withCollection({ target, config }, ways, async (collection, net) => {
    const tree = await collection.need('tree', repoSubject(root))
    if (!tree.ok) throw new UsageError(`the repository cannot be read: ${tree.message}.`)
    return verifySecrets(tree.value, { env: io.env, signal: io.signal }, net)
  })
  io.out(json ? `${JSON.stringify(list, null, 2)}\n` : printVerifications(list))
  if (io.signal.aborted) return exitCodes.interrupted
  if (list.some(one => one.state === 'works')) return exitCodes.found
  return list.some(one => one.state === 'cannot-tell') ? exitCodes.couldNotTell : exitCodes.ok
}

export const run = async (call: Call): Promise<number> => {
  const { action, operands, io, faults } = call
  if (!action.verify && action.record === undefined) return judge(call)
  const { config } = await settleConfig(call.config, io)
  const given = operands[0] ?? call.repo
  const root = settleRepo(given, io, faults)
  if (root === null && given === undefined)
    faults.add('deploy secrets needs a repository: run it inside one, or name its directory.')
  faults.throwIfAny()
  if (action.record !== undefined) return record(root!, config.deploy?.ledger ?? defaultLedger, call)
  return verify(root!, config, call)
}
