// `handover verify`: holds the written handover against what is seen today; exit 1 where they part. For CI.
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { UsageError } from '../../config/errors.ts'
import { clean } from '../../core/clean.ts'
import { factOf } from '../../deliverables/deliverable.ts'
import { paperFiles } from '../../deliverables/handover/files.ts'
import { readStatements } from '../../facts/handover/handover-papers.ts'
import { holds, type Verification, verify } from '../../formats/handover/verify.ts'
import { knownSecrets } from '../../run/known-secrets.ts'
import { createMask } from '../../run/mask.ts'
import type { RunResult } from '../../run/request.ts'
import { run as look } from '../../run/run.ts'
import type { Call } from '../call.ts'
import { exitCodes } from '../exit-code.ts'
import { checkWritable, openAnswers } from '../handover-answers.ts'
import { gitRoot, settleRepo } from '../settings.ts'
import { settleStage } from '../stage-settings.ts'
import { handoverFolder } from './handover-write.ts'
import { ofAction, runStage } from './stage.ts'

/** The statements that stand in the folder. Throws UsageError where there is no handover. */
const written = (call: Call, folder: string) => {
  const at = (name: string): string => resolve(call.io.cwd, join(folder, name))
  if (!existsSync(at(paperFiles.markdown)) && !existsSync(at(paperFiles.statements)))
    throw new UsageError(
      `${join(folder, paperFiles.markdown)}: there is no handover to verify; launch-ready handover write writes one.`,
    )
  const source = existsSync(at(paperFiles.statements)) ? readFileSync(at(paperFiles.statements), 'utf8') : null
  const { statements, problem } = readStatements(source)
  if (statements === null)
    throw new UsageError(
      `${join(folder, paperFiles.statements)}: ${problem}; launch-ready handover write writes it anew.`,
    )
  return statements
}

const verification = ({ facts, startedAt }: RunResult, statements: ReturnType<typeof written>): Verification | null => {
  const [production, answers] = [factOf(facts, 'production'), factOf(facts, 'handoverAnswers')]
  if (!production?.ok || !answers?.ok) return null
  const [links, contacts] = [factOf(facts, 'handoverLinks'), factOf(facts, 'handoverContacts')]
  const { handover, drills } = answers.value
  return verify({
    statements,
    production: production.value,
    handover,
    drills,
    links: links?.ok ? links.value.links : [],
    contacts: contacts?.ok ? contacts.value.contacts : [],
    now: startedAt,
  })
}

const printed = (seen: Verification, updated: boolean): string => {
  const rows = [
    ...seen.parted.flatMap(({ id, was, is, command }) => [
      `  × ${id}`,
      `      written   ${was}`,
      `      now       ${is}`,
      `      look      ${command}`,
    ]),
    ...seen.rehearsals.map(
      ({ name, at, days, command }) => `  × ${name} was last rehearsed on ${at}, ${days} days ago: ${command}`,
    ),
    ...seen.links.map(({ what, url, detail }) => `  × the link to ${what} is dead: ${url} (${detail})`),
    ...seen.contacts.map(({ what, email, detail }) => `  × ${what} cannot be reached at ${email}: ${detail}`),
    ...seen.untold.map(({ id, was }) => `  ? ${id} could not be seen now; written: ${was}`),
  ].map(row => clean(row, 600))
  if (rows.length === 0) return 'The handover holds: everything that it says is as it was seen today.\n'
  const next =
    seen.parted.length && !updated ? '\nWrite what is seen today: launch-ready handover verify --update\n' : ''
  return `${holds(seen) ? 'Nothing parted, but not everything could be seen.' : 'The handover and production part.'}\n\n${rows.join('\n')}\n${next}`
}

const codeOf = (seen: Verification, updated: boolean): number => {
  const left = updated ? { ...seen, parted: [] } : seen
  if (!holds(left)) return exitCodes.found
  return seen.untold.length ? exitCodes.couldNotTell : exitCodes.ok
}

/** Verifies the handover; with --update its machine-made parts are written anew. */
export const run = async (call: Call): Promise<number> => {
  const { io, network, version, action, json } = call
  const repo = call.repo === undefined ? gitRoot(io.cwd) : settleRepo(call.repo, io, call.faults)
  call.faults.throwIfAny()
  const folder = handoverFolder(call, repo)
  const statements = written(call, folder)
  checkWritable(openAnswers(call, repo))
  const task = { stage: 'handover' as const, operand: call.operands[0], writing: true }
  const looking: Call = { ...call, out: undefined, stage: { ...call.stage, only: ofAction('handover verify') } }
  const { request } = await settleStage(looking, task)
  const ways = { network, clock: io.clock, env: io.env, signal: io.signal, version }
  const result = await look({ ...request, whole: false }, ways)
  if (result.report.interrupted) return exitCodes.interrupted
  const mask = createMask(knownSecrets(request.config, result.facts))
  const seen = verification(result, statements)
  if (seen === null) {
    io.err('production could not be looked at; nothing was verified\n')
    return exitCodes.couldNotTell
  }
  if (action.update)
    await runStage(
      {
        ...call,
        out: folder,
        reports: [],
        json: false,
        look: { ...call.look, quiet: true },
        io: { ...io, out: () => {} },
      },
      task,
    )
  // A document that somebody wrote by hand is left as it is: then nothing was updated.
  const updated = action.update && (verification(result, written(call, folder))?.parted.length ?? 0) === 0
  io.out(
    mask.text(json ? `${JSON.stringify({ holds: holds(seen), ...seen, updated }, null, 2)}\n` : printed(seen, updated)),
  )
  return codeOf(seen, updated)
}
