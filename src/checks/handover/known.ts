// What the checks of procedures share: written down, tried, and lately; and the drill that proves it.
import { ask, high, type Judgement, medium, pass, skip } from '../../core/check.ts'
import { textEvidence } from '../../core/evidence.ts'
import type { Change } from '../../core/fix.ts'
import { command, fix, manual } from '../../core/fixes.ts'
import type { HandoverAnswers } from '../../facts/handover/handover-answers.ts'
import type { Production } from '../../formats/handover/production.ts'
import { drillNames, isDocumented, rehearsalDays, rehearsalWords, stateOf } from '../../formats/handover/rehearsal.ts'
import type { Rehearsal } from '../../formats/handover/schema.ts'
import { notAskedYet } from './account.ts'
import { procedureChanges } from './seen-answers.ts'

/** `written`: the document that what was seen makes; null where that is too little. */
export type KnownData = { name: Rehearsal; at: string; days: number; written: Change[] | null }

const answerOf: Readonly<Record<Rehearsal, string>> = {
  redeploy: 'deploy.how',
  rollback: 'rollback',
  restore: 'restore',
  keyRotation: 'keyRotation',
  alert: 'links',
}

const writeDown = ({ name, written }: KnownData) =>
  fix(
    `Write down how ${rehearsalWords[name]} is done`,
    written ?? [manual(`Name the document, or the steps, in handover.${answerOf[name]} of launch-ready.handover.yaml`)],
    [
      ...(written ?? []).flatMap(change =>
        change.kind === 'file' ? [`Commit ${change.path}: the steps as they are seen from here.`] : [],
      ),
      'Let somebody who has never done it follow the words, and write down where they stop.',
      `Prove it: \`launch-ready handover drill ${drillNames[name]}\``,
    ],
    45,
  )

const rehearse = ({ name }: KnownData) =>
  fix(
    `Rehearse ${rehearsalWords[name]} on a quiet day`,
    [command(`launch-ready handover drill ${drillNames[name]}`)],
    [
      'Somebody else than the one who built it takes the keyboard.',
      'The drill times it and records day, name and what was seen.',
    ],
    30,
  )

/** The outcomes of a procedure; `what` is what the titles call it. */
export const knownOutcomes = (what: string) => ({
  undocumented: high<KnownData>(`Nobody wrote down how ${what} is done`, writeDown),
  never: medium<KnownData>(`Nobody has rehearsed ${what}`, rehearse),
  stale: medium<KnownData>(
    `${what.slice(0, 1).toUpperCase()}${what.slice(1)} was last rehearsed {days} days ago`,
    rehearse,
  ),
  done: pass(`${what.slice(0, 1).toUpperCase()}${what.slice(1)} was rehearsed on {at}`),
})

/** Judges one procedure: a claim without proof is a question, never a pass. */
export const judgeKnown = (
  name: 'redeploy' | 'rollback' | 'restore',
  answers: HandoverAnswers,
  production: Production,
  now: number,
): Judgement<keyof ReturnType<typeof knownOutcomes>, KnownData> => {
  if (!answers.given && !answers.asked) return skip(notAskedYet)
  const { handover, drills } = answers
  const documented = isDocumented(name, production, handover)
  const answer = `handover.${answerOf[name]}`
  if (!documented && production.repository === null && handover.rehearsed?.[name] === undefined) {
    const question = { id: `${name}-known`, text: `Where does it say how ${rehearsalWords[name]} is done?`, answer }
    return ask(question, 'no repository was given, and nobody has said', 'medium')
  }
  const { outcome, at, days, seen } = stateOf(name, { documented, production, handover, drills }, now)
  if (outcome === 'claimed') {
    const text = `Who saw ${rehearsalWords[name]} work? launch-ready handover drill ${drillNames[name]} proves it`
    return ask(
      { id: `${name}-proof`, text: `${text}, will you?`, answer: `handover.rehearsed.${name}` },
      seen,
      'medium',
    )
  }
  return {
    outcome,
    data: {
      name,
      at: at ?? '',
      days: days ?? rehearsalDays,
      written: procedureChanges(name, production, handover),
    },
    evidence: [textEvidence(rehearsalWords[name], seen)],
  }
}
