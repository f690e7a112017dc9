// Which checks a command runs: by stage, by --only and --skip, by --active.
import type { AnyCheck } from './check.ts'
import { type Stage, stages } from './stage.ts'

const glob = (pattern: string): RegExp =>
  new RegExp(`^${pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replace(/\*/g, '.*')}$`)

/** Whether a word of --only or --skip names this check: its id, a glob over ids, or its stage. */
export const selects = (word: string, check: AnyCheck): boolean => word === check.stage || glob(word).test(check.id)

export type Selection = { stage: Stage; only: readonly string[]; skip: readonly string[]; active: boolean }

/** The checks to run, in the registry's order, and the words of --only and --skip that name nothing. */
export const planChecks = (
  all: readonly AnyCheck[],
  selection: Selection,
): { checks: AnyCheck[]; unmatched: string[] } => {
  const ofCommand = all.filter(
    check =>
      selection.stage === 'audit' ||
      check.stage === selection.stage ||
      check.id === 'suppression' ||
      check.alsoIn?.includes(selection.stage),
  )
  const unmatched = [...selection.only, ...selection.skip].filter(
    word => !(stages as readonly string[]).includes(word) && !all.some(check => selects(word, check)),
  )
  const checks = ofCommand
    .filter(check => !check.active || selection.active)
    .filter(check => selection.only.length === 0 || selection.only.some(word => selects(word, check)))
    .filter(check => !selection.skip.some(word => selects(word, check)))
  return { checks, unmatched }
}
