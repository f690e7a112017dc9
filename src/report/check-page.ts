// The page of a check: what `explain` prints and what stands in src/checks/<stage>/README.md. Every outcome is shown by a sample, its slots
// filled, its fix written out with the words of common servers and providers. Pure.
import { type AnyCheck, kindsOf, type OutcomeSpec } from '../core/check.ts'
import type { GivenEvidence } from '../core/evidence.ts'
import { changeInWords } from '../core/fixes.ts'
import { type Samples, sampleOf, showOutcome } from '../core/sample.ts'
import { type Choice, headerWords, settingWords } from '../core/setting-words.ts'
import { byHand } from './shared/by-hand.ts'

export type PageOutcome = {
  key: string
  /** `passes`, or how bad it is. */
  severity: string
  title: string
  why: string | null
  fix: { summary: string; steps: string[]; ways: readonly Choice[] } | null
}

export type CheckPage = { outcomes: PageOutcome[]; byHand: string[] }

/** What samples are made from: sound facts by name, and what tests recorded. */
export type PageSource = { sound: Readonly<Record<string, unknown>>; recorded: Samples }

/** Ways that the steps do not tell already. */
const waysOf = (fix: NonNullable<ReturnType<typeof showOutcome>['fix']>): Choice[] => {
  const said = fix.steps.join('\n')
  const change = fix.changes.find(({ kind }) => kind === 'setting' || kind === 'http-header')
  if (change?.kind !== 'setting' && change?.kind !== 'http-header') return []
  const { choices } = change.kind === 'setting' ? settingWords(change) : headerWords(change)
  return choices.filter(({ text }) => !said.includes(text))
}

const outcomeOf = (
  check: AnyCheck,
  key: string,
  source: PageSource,
): { row: PageOutcome; seen: readonly GivenEvidence[] } => {
  const spec = check.outcomes[key] as OutcomeSpec<unknown>
  const severity = spec.status === 'pass' ? 'passes' : spec.severity
  const sample = sampleOf(check, key, source)
  if (!sample) throw new Error(`${check.id} ${key} has no sample: see scripts/reached.ts`)
  const { title, why, fix, evidence } = showOutcome(check, key, sample)
  if (!fix) return { row: { key, severity, title, why: null, fix: null }, seen: [] }
  const steps = fix.steps.length ? fix.steps : fix.changes.map(changeInWords)
  return {
    // The check's own sentence stands at the head of the page.
    row: {
      key,
      severity,
      title,
      why: why === check.impact.owner ? null : why,
      fix: { summary: fix.summary, steps, ways: waysOf(fix) },
    },
    seen: evidence,
  }
}

/** The page as data. Throws where an outcome has no sample. */
export const pageOf = (check: AnyCheck, source: PageSource): CheckPage => {
  const all = Object.keys(check.outcomes).map(key => outcomeOf(check, key, source))
  const stage = check.stage === 'deploy' ? 'launch-ready deploy' : `launch-ready ${check.stage} example.com`
  return {
    outcomes: all.map(({ row }) => row),
    byHand: [
      ...byHand(
        check.id,
        all.flatMap(({ seen }) => seen),
      ),
      `${stage} --only ${check.id}   (looks again)`,
    ],
  }
}

const inTable = (text: string): string => text.replaceAll('|', '\\|').replace(/\s*\n\s*/g, ' ')

const fixLines = ({ key, why, fix }: PageOutcome): string[] =>
  fix
    ? [
        `**\`${key}\`**: ${fix.summary}.${why ? ` ${why}` : ''}`.replace(/\.\.(?= |$)/, '.'),
        '',
        ...fix.steps.map((step, at) => `${at + 1}. ${step.replace(/\s*\n\s*/g, ' ')}`),
        ...(fix.steps.length ? [''] : []),
        ...fix.ways.map(({ at, text }) => `- ${at}: \`${text.replace(/\s*\n\s*/g, ' ').replaceAll('`', '')}\``),
        ...(fix.ways.length ? [''] : []),
      ]
    : []

/** Markdown of one check: why, for the owner, outcomes, fixes, how to check by hand, sources. */
export const checkPage = (check: AnyCheck, source: PageSource): string => {
  const page = pageOf(check, source)
  const lines = [
    `## \`${check.id}\``,
    '',
    `**${check.title}.** Judged for each ${kindsOf(check).join(' and ')}; stage \`${check.stage}\`; breaks: ${check.impact.journey}.`,
    '',
    `For the owner: ${check.impact.owner}`,
    '',
    check.why,
    '',
    '| outcome | severity | what it says, for example |',
    '| --- | --- | --- |',
    ...page.outcomes.map(({ key, severity, title }) => `| \`${key}\` | ${severity} | ${inTable(title)} |`),
    '',
    '### Fixes',
    '',
    ...page.outcomes.flatMap(fixLines),
    'By hand:',
    ...page.byHand.map(line => `- ${line.includes('`') || !/^[a-z]/.test(line) ? line : `\`${line}\``}`),
    '',
    ...(check.active ? ['Runs only with `--active`, because it sends more than a look.', ''] : []),
    `Sees: ${[...check.needs, ...(check.wants ?? []).map((name: string) => `${name} (where it can be had)`)].join(', ')}.`,
    '',
    ...(check.references.length ? ['Sources:', ...check.references.map((url: string) => `- <${url}>`), ''] : []),
  ]
  return lines.join('\n')
}
