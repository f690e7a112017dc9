// `handover write`: runs what can be seen, asks what only people know, writes the document with its evidence.
import { join, relative } from 'node:path'
import { UsageError } from '../../config/errors.ts'
import { factOf } from '../../deliverables/deliverable.ts'
import { asTyped, type ToAsk, toAsk } from '../../formats/handover/to-ask.ts'
import { readAnswer, withAnswer } from '../../formats/handover/write-answers.ts'
import type { RunResult } from '../../run/request.ts'
import type { Call } from '../call.ts'
import { Exit, exitCodes } from '../exit-code.ts'
import { type AnswersStore, checkWritable, openAnswers, saidNow, speaker } from '../handover-answers.ts'
import { gitRoot, settleRepo } from '../settings.ts'
import { runStage } from './stage.ts'

/** Where the documents go: --out, or launch-ready/ in the repository. */
export const handoverFolder = ({ io, out }: Call, repo: string | null): string =>
  out ?? (relative(io.cwd, join(repo ?? io.cwd, 'launch-ready')) || 'launch-ready')

/** `--answer path=value`: each is checked and kept before anything is looked at. */
const keepGiven = (call: Call, store: AnswersStore, by: string | null): void => {
  const { answers } = call.action
  if (answers.length === 0) return
  if (by === null) throw new UsageError('--answer: say who answers with --by <name>; git knows no name here.')
  const given = answers.map(word => {
    const at = word.indexOf('=')
    if (at < 1)
      throw new UsageError(
        `--answer ${word.slice(0, 40)}: expected path=value, such as access.dns.people=ada@example.com.`,
      )
    const path = word
      .slice(0, at)
      .trim()
      .replace(/^handover\./, '')
    const read = readAnswer(path, word.slice(at + 1).trim())
    if ('wrong' in read) throw new UsageError(`--answer ${path}: ${read.wrong}.`)
    return { path, value: read.value }
  })
  store.write(withAnswer(store.read(), given, saidNow(by, call.io.clock.now())))
}

type Prompts = typeof import('@clack/prompts')

/** Asks until it is understood or left open; null where it is left open. A person who gives up ends the program: what was said is kept. */
const askOne = async (
  { path, question, seen, hint }: ToAsk,
  { text, isCancel }: Prompts,
  signal: AbortSignal,
): Promise<unknown> => {
  const answer = await text({
    message: question,
    placeholder: seen ? `${seen} (seen; Enter takes it)` : `${hint}; Enter leaves it open`,
    signal,
    validate: typed => {
      if (!typed?.trim()) return undefined
      const read = readAnswer(path, asTyped(path, typed.trim()))
      return 'wrong' in read ? read.wrong : undefined
    },
  })
  if (isCancel(answer)) throw new Exit(exitCodes.interrupted)
  const typed = (answer ?? '').trim() || seen
  if (!typed) return null
  const read = readAnswer(path, asTyped(path, typed))
  return 'wrong' in read ? null : read.value
}

/** Asks everything that is open; each answer is kept at once. True where something was said. */
const askAll = async ({ io }: Call, result: RunResult, store: AnswersStore, known: string | null): Promise<boolean> => {
  const [production, answers] = [factOf(result.facts, 'production'), factOf(result.facts, 'handoverAnswers')]
  if (!production?.ok || !answers?.ok) return false
  const questions = toAsk(production.value, answers.value.handover)
  if (questions.length === 0) return false
  const prompts = await import('@clack/prompts')
  prompts.intro(
    `${questions.length} questions that no machine can answer. Enter leaves one open; Ctrl-C keeps what was said so far.`,
  )
  const name = await prompts.text({
    message: 'Your name, for who said it?',
    initialValue: known ?? '',
    signal: io.signal,
  })
  if (prompts.isCancel(name)) throw new Exit(exitCodes.interrupted)
  const said = saidNow(name?.trim() || 'somebody', io.clock.now())
  let kept = false
  for (const question of questions) {
    const value = await askOne(question, prompts, io.signal)
    if (value === null) continue
    store.write(withAnswer(store.read(), [{ path: question.path, value }], said))
    kept = true
  }
  prompts.outro(`Kept in ${store.path}`)
  return kept
}

/** Writes the handover; the exit code is that of the stage. */
export const run = async (call: Call): Promise<number> => {
  const { io, action } = call
  const repo = call.repo === undefined ? gitRoot(io.cwd) : settleRepo(call.repo, io, call.faults)
  call.faults.throwIfAny()
  const store = openAnswers(call, repo)
  checkWritable(store)
  const by = speaker(call, repo)
  keepGiven(call, store, by)
  const asks = io.interactive && !action.yes
  const { code } = await runStage(
    { ...call, out: handoverFolder(call, repo) },
    {
      stage: 'handover',
      operand: call.operands[0],
      writing: true,
      next: ['launch-ready handover verify', 'launch-ready handover drill rollback'],
      between: async (result, again) => (asks && (await askAll(call, result, store, by)) ? again() : result),
    },
  )
  return code
}
