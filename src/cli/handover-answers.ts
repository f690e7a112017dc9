// The answers file as commands write it: whole or not at all, and never where something of it would be lost.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { UsageError } from '../config/errors.ts'
import { gitTextNow } from '../facts/repo/git.ts'
import { parseAnswers } from '../formats/handover/answers.ts'
import { answersFile, type Said } from '../formats/handover/schema.ts'
import type { Call } from './call.ts'
import { writeText } from './reports.ts'

export type AnswersStore = {
  path: string
  read(): string | null
  write(text: string): void
}

/** The file at the root of the repository, or in the working directory where there is none. */
export const openAnswers = ({ io }: Pick<Call, 'io'>, repo: string | null): AnswersStore => {
  const path = join(repo ?? io.cwd, answersFile)
  const read = (): string | null => (existsSync(path) ? readFileSync(path, 'utf8') : null)
  return {
    path,
    read,
    write: text => writeText(io, path, text),
  }
}

/** Throws UsageError where the file cannot be written to without loss, with every fault and its line. */
export const checkWritable = (store: AnswersStore): void => {
  const text = store.read()
  if (text === null) return
  const { writable, problems } = parseAnswers(text)
  if (writable) return
  throw new UsageError(
    problems
      .map(({ line, text: what }) => `${answersFile}${line === null ? '' : `:${line}`}: ${what}; nothing was written`)
      .join('\n'),
  )
}

/** Who speaks: --by, or the name that git knows. */
export const speaker = ({ io, action }: Pick<Call, 'io' | 'action'>, repo: string | null): string | null =>
  action.by ?? (gitTextNow(repo ?? io.cwd, ['config', '--get', 'user.name'], io.env) || null)

export const saidNow = (by: string, now: number): Said => ({ by, at: new Date(now).toISOString().slice(0, 10) })
