// What is wrong with a handover document, as outcomes.
import type { OutcomeHolds, Unknown } from '../../core/check.ts'
import { fileEvidence, textEvidence } from '../../core/evidence.ts'
import type { Fact } from '../../core/fact.ts'
import type { Change, Fix } from '../../core/fix.ts'
import { fix, manual, setting } from '../../core/fixes.ts'
import type { HandoverAnswers } from '../../facts/handover/handover-answers.ts'
import type { HandoverPapers } from '../../facts/handover/handover-papers.ts'
import type { Contradiction } from '../../formats/handover/contradictions.ts'
import { partings } from '../../formats/handover/partings.ts'
import { lacksOf, partTitles } from '../../formats/handover/parts.ts'
import type { Production } from '../../formats/handover/production.ts'
import { answersFile } from '../../formats/handover/schema.ts'
import { partNames } from '../../formats/handover/statements.ts'
import { type SeenAnswers, seenAnswer } from './seen-answers.ts'

/** `answer`: the key of the answers file that holds it. */
export type DocumentData = {
  what: string
  where: string
  count: number
  lacks: string[]
  answer?: string
  /** What writes the answers that were seen; only those of `lacks` are left to people. */
  seen?: Change[]
}
type Outcome = 'missing' | 'incomplete' | 'stale' | 'contains-secret' | 'contradicted' | 'complete'
type Holds = OutcomeHolds<Outcome, DocumentData>

export type DocumentSeen = {
  answers: HandoverAnswers
  production: Production
  papers: Fact<HandoverPapers>
  contradictions: readonly Contradiction[]
  seen: SeenAnswers
}

/** Whether there is anything to judge: a repository, answers, or the stage itself asks. */
export const isLookedAt = (answers: HandoverAnswers, papers: Fact<HandoverPapers>): boolean =>
  answers.given || answers.asked || papers.ok

export const write = 'launch-ready handover write'

/** What was seen is written down; the rest is asked. */
export const answerMissing = ({ lacks, seen = [] }: DocumentData): Fix =>
  fix(
    'Answer what is missing',
    [...seen, ...(lacks.length ? [manual(`Answer in ${answersFile}: ${lacks.join('; ')}`)] : [])],
    [
      ...(seen.length ? ['What was seen stands there as an answer: read it, and put right what is not so.'] : []),
      `\`${write}\` asks for each.`,
    ],
    20,
  )

/** An answer gives way to what was seen, where that is one thing. */
export const putRight = ({ lacks, seen = [] }: DocumentData): Fix =>
  fix(
    'Put right what is said, or what is done',
    [...seen, ...(lacks.length ? [manual(`Mend in ${answersFile} or in production: ${lacks.join('; ')}`)] : [])],
    [
      `\`${write}\` shows both sides of each.`,
      ...(seen.length ? ['Where production is what is wrong, leave the answer and change production.'] : []),
    ],
    30,
  )

/** The way out of what holds a secret. An entry of a list is taken out by hand: the others keep their places. */
export const takeOut = ({ what, where, answer }: DocumentData): Fix =>
  fix(
    'Take the secret out and replace it',
    [answer && !answer.includes('[') ? setting(answersFile, answer, null) : manual(`Take it out of ${where}`)],
    [
      `Make a new ${answer ? 'one' : what} at its provider and take the old one back there: whoever has read the repository has it.`,
      "Take it out of git's history as well, with git filter-repo.",
    ],
    45,
  )

const secretFaults = ({ answers, papers }: DocumentSeen): Holds[] => {
  const ofAnswers = answers.problems
    .filter(({ kind }) => kind === 'secret')
    .map(({ key, line, text }) => ({ file: answers.path, line: line ?? 1, what: key, masked: text, answer: key }))
  const ofPapers = (papers.ok ? papers.value.secrets : []).map(secret => ({ ...secret, answer: undefined }))
  return [...ofPapers, ...ofAnswers].map(({ file, line, what, masked, answer }) => ({
    outcome: 'contains-secret',
    data: { what, where: `${file}:${line}`, count: 1, lacks: [], ...(answer === undefined ? {} : { answer }) },
    evidence: [fileEvidence(file, line, masked)],
    key: `${file} ${what}`,
  }))
}

const missingFault = ({ papers, answers }: DocumentSeen): Holds[] =>
  papers.ok && papers.value.ours === null && papers.value.others.length === 0 && !answers.writing
    ? [
        {
          outcome: 'missing',
          data: { what: '', where: '', count: 0, lacks: [] },
          evidence: [
            textEvidence(
              'looked for',
              'launch-ready/handover.md, HANDOVER.md, RUNBOOK.md, OPERATIONS.md, none of them there',
            ),
          ],
        },
      ]
    : []

/** What nobody has said is asked by the stage; a document that was written, or that somebody began, lacks it. */
const incompleteFault = ({ answers, production, papers, seen }: DocumentSeen): Holds[] => {
  const hand = papers.ok && papers.value.ours === null && !answers.given ? papers.value.others : []
  if (hand.length) {
    const there = new Set(hand.flatMap(({ parts }) => parts))
    const gone = partNames.filter(part => !there.has(part)).map(part => partTitles[part])
    return gone.length
      ? [
          {
            outcome: 'incomplete',
            data: { what: gone.join(', '), where: hand[0]!.path, count: gone.length, lacks: gone },
            evidence: [fileEvidence(hand[0]!.path, undefined, `has no part on: ${gone.join(', ')}`)],
          },
        ]
      : []
  }
  const begun = answers.given || (papers.ok && papers.value.ours !== null)
  const lacks = begun ? lacksOf(production, answers.handover) : []
  // Without the repository nobody can say that deploy and rollback are missing.
  const told =
    production.repository === null ? lacks.filter(({ part }) => part !== 'deploy' && part !== 'rollback') : lacks
  const known = told.map(({ answer }) => seenAnswer(answer, { production, handover: answers.handover, seen }))
  return told.length
    ? [
        {
          outcome: 'incomplete',
          data: {
            what: told.map(({ what }) => what).join(', '),
            where: '',
            count: told.length,
            lacks: told.flatMap(({ answer }, at) => (known[at] ? [] : [`handover.${answer}`])),
            seen: known.flatMap(changes => changes ?? []),
          },
          evidence: told.map(({ part, what }) => textEvidence(partTitles[part], `nobody said ${what}`)),
        },
      ]
    : []
}

const staleFaults = ({ production, papers, answers }: DocumentSeen): (Holds | Unknown)[] => {
  if (!papers.ok || papers.value.ours === null || answers.writing) return []
  const { statements, path, problem } = papers.value.ours
  if (statements === null)
    return [{ unknown: `${path} cannot be held against production: ${problem}`, couldBe: 'medium' }]
  const parted = partings(statements, production).filter(({ kind }) => kind !== 'untold')
  return parted.length
    ? [
        {
          outcome: 'stale',
          data: { what: parted[0]!.id, where: path, count: parted.length, lacks: [] },
          evidence: parted.slice(0, 20).map(({ id, was, is }) => textEvidence(id, `written: ${was} · now: ${is}`)),
        },
      ]
    : []
}

const contradictedFault = ({ contradictions }: DocumentSeen): Holds[] =>
  contradictions.length
    ? [
        {
          outcome: 'contradicted',
          data: {
            what: '',
            where: '',
            count: contradictions.length,
            lacks: contradictions.flatMap(({ place, set }) => (set ? [] : [place])),
            seen: contradictions.flatMap(({ set }) =>
              set ? [setting(answersFile, `handover.${set.path}`, set.value, set.was)] : [],
            ),
          },
          evidence: contradictions
            .slice(0, 40)
            .map(({ said, seen, place }) => textEvidence(place, `said: ${said} · seen: ${seen}`)),
        },
      ]
    : []

const unreadAnswers = ({ answers }: DocumentSeen): Unknown[] =>
  answers.problems
    .filter(({ kind }) => kind !== 'secret' && (kind !== 'version' || answers.version !== null))
    .map(({ line, text }) => ({
      unknown: `${answers.path}${line === null ? '' : `:${line}`} ${text}`,
      couldBe: 'medium',
    }))

/** Everything that holds, worst first, and what could not be told. */
export const documentFaults = (seen: DocumentSeen): (Holds | Unknown)[] => [
  ...secretFaults(seen),
  ...missingFault(seen),
  ...incompleteFault(seen),
  ...contradictedFault(seen),
  ...staleFaults(seen),
  ...unreadAnswers(seen),
]

export const soundEvidence = ({ ours, others }: HandoverPapers) => [
  ...(ours
    ? [
        fileEvidence(
          ours.path,
          undefined,
          `${ours.statements?.length ?? 0} statements, written ${ours.written ?? 'at an unknown time'}`,
        ),
      ]
    : []),
  ...others.map(({ path, parts }) => fileEvidence(path, undefined, `${parts.length} parts`)),
]
