// The page of a check: what `explain` prints and what stands in src/checks/<stage>/README.md. Pure.
import { type AnyCheck, kindsOf, type OutcomeSpec } from './check.ts'

const severityWords = { blocker: 'blocker', high: 'high', medium: 'medium', low: 'low' } as const

const outcomeLine = (key: string, spec: OutcomeSpec<unknown>): string =>
  spec.status === 'pass'
    ? `| \`${key}\` | passes | ${spec.title} |`
    : `| \`${key}\` | ${severityWords[spec.severity]} | ${spec.title} |`

/** Markdown of one check: why, for the owner, outcomes, sources, examples. */
export const checkPage = (check: AnyCheck): string => {
  const outcomes = Object.entries(check.outcomes as Record<string, OutcomeSpec<unknown>>)
  const lines = [
    `## \`${check.id}\``,
    '',
    `**${check.title}.** Judged for each ${kindsOf(check).join(' and ')}; stage \`${check.stage}\`; breaks: ${check.impact.journey}.`,
    '',
    `For the owner: ${check.impact.owner}`,
    '',
    check.why,
    '',
    '| outcome | severity | what it says |',
    '| --- | --- | --- |',
    ...outcomes.map(([key, spec]) => outcomeLine(key, spec)),
    '',
    ...(check.active ? ['Runs only with `--active`, because it sends more than a look.', ''] : []),
    `Sees: ${[...check.needs, ...(check.wants ?? []).map((name: string) => `${name} (where it can be had)`)].join(', ')}.`,
    '',
    ...(check.references.length ? ['Sources:', ...check.references.map((url: string) => `- <${url}>`), ''] : []),
  ]
  return lines.join('\n')
}
