import { differing, instructions, needsSubject, proof } from './changes.ts'
import { escapeMarkdown, markdownBlock, markdownCode, safeLink } from './escape.ts'
import { type Group, hiddenBy, type Numbered, ranges } from './group.ts'
import type { Sheet } from './sheet.ts'
import { journeys, list, minutes, plural, sentence, titleWithDoubt } from './words.ts'

export const period = (text: string): string => (!text || /[.!?:…]$/.test(text) ? text : `${text}.`)

const steps = ({ finding }: Numbered, sheet: Sheet): string[] => {
  const out: string[] = []
  const todo = instructions(finding, sheet)
  const { steps: given } = finding.fix
  if (given.length) out.push(...given.map((step, at) => `${at + 1}. ${escapeMarkdown(step, 600)}`), '')
  for (const { intro, paste, language } of todo) {
    if (paste === null) {
      if (!given.includes(intro)) out.push(`${sentence(period(escapeMarkdown(intro, 600)))}`, '')
    } else out.push(`${sentence(escapeMarkdown(intro, 600))}:`, '', markdownBlock(paste, language, '', 12_000), '')
  }
  return out
}

const evidence = ({ finding }: Numbered): string[] => {
  const shown = finding.evidence.slice(0, 20).map(({ label, value }) => {
    const text = value ? `: ${markdownCode(value, { limit: 1_000 })}` : ''
    return `- ${escapeMarkdown(label, 200) || 'seen'}${text}`
  })
  const left = finding.evidence.length - shown.length
  return left > 0 ? [...shown, `- and ${left} more in the JSON report`] : shown
}

const links = ({ finding }: Numbered): string => {
  const safe = finding.references.map(safeLink).filter(link => link !== null)
  return safe.length ? `Sources: ${safe.map(link => `<${link}>`).join(' ')}` : ''
}

const alike = ({ more }: Group): string[] =>
  more.length
    ? [
        `The same holds for ${ranges(more.map(({ number }) => number))}: ${list(more.map(({ finding }) => escapeMarkdown(finding.subject, 120)))}.`,
        '',
      ]
    : []

/** What to paste for the others, where it is more than the same with another name. */
const changesOfOthers = (group: Group, sheet: Sheet): string[] =>
  differing(group, sheet).flatMap(({ subject, paste }) => [
    `For ${escapeMarkdown(subject, 200)}:`,
    '',
    markdownBlock(paste, '', '', 2_000),
    '',
  ])

export const blockerSection = (group: Group, sheet: Sheet): string[] => {
  const { report, options } = sheet
  const { lead } = group
  const { finding, number } = lead
  const hidden = hiddenBy(finding, report)
  const why = period(escapeMarkdown(finding.why, 1_000))
  return [
    `### ${number}. ${escapeMarkdown(titleWithDoubt(finding), 200)}`,
    '',
    `**What we saw**${needsSubject(finding, report) ? ` at ${escapeMarkdown(finding.subject, 200)}` : ''}`,
    '',
    ...(finding.evidence.length ? evidence(lead) : ['- see the title']),
    '',
    ...alike(group),
    '**Why it matters**',
    '',
    `${why || journeys[finding.impact]}${hidden ? ` Because of it, ${plural(hidden, 'other check')} could not be judged.` : ''}`,
    '',
    `**The change** (${minutes(finding.fix.effortMinutes)})`,
    '',
    `${period(escapeMarkdown(finding.fix.summary, 600))}`,
    '',
    ...steps(lead, sheet),
    ...changesOfOthers(group, sheet),
    '**How to check that it worked**',
    '',
    markdownBlock(`npx ${proof(finding, report, options)}`, 'sh'),
    '',
    ...(links(lead) ? [links(lead), ''] : []),
  ]
}

export const shortSection = (group: Group, sheet: Sheet): string[] => {
  const { report } = sheet
  const { lead } = group
  const { finding, number } = lead
  const [first] = finding.evidence
  const seen = first
    ? ` Seen: ${escapeMarkdown(first.label, 120)}${first.value ? ` ${markdownCode(first.value, { limit: 200 })}` : ''}.`
    : ''
  return [
    `### ${number}. ${escapeMarkdown(titleWithDoubt(finding), 200)}`,
    '',
    `${period(escapeMarkdown(finding.why, 600)) || journeys[finding.impact]}${seen}${needsSubject(finding, report) ? ` Where: ${escapeMarkdown(finding.subject, 200)}.` : ''}`,
    '',
    ...alike(group),
    `${period(escapeMarkdown(finding.fix.summary, 600))} (${minutes(finding.fix.effortMinutes)})`,
    '',
    ...steps(lead, sheet),
    ...changesOfOthers(group, sheet),
  ]
}
