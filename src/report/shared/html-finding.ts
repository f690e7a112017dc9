// One finding of the HTML report as a card: what we saw, what to change, how to check, where it is written.
import type { Finding, Report } from '../../core/report.ts'
import { differing, instructions, needsSubject, proof } from './changes.ts'
import { safeLink } from './escape.ts'
import { type Group, hiddenBy, type Numbered } from './group.ts'
import { block, period, rich, sources, text } from './html-text.ts'
import type { Sheet } from './sheet.ts'
import { costs, journeys, longDate, minutes, plural, sentence } from './words.ts'

const row = (kind: string, head: string, body: string): string =>
  body ? `<div class="row ${kind}"><h4>${head}</h4><div>${body}</div></div>` : ''

const evidence = (finding: Finding, most: number): string => {
  const shown = finding.evidence.slice(0, most)
  const left = finding.evidence.length - shown.length
  const rows = shown.map(
    ({ label, value }) =>
      `<div><dt>${text(label, 160) || 'seen'}</dt><dd>${value ? `<code>${text(value, 500)}</code>` : ''}</dd></div>`,
  )
  if (left > 0) rows.push(`<div><dt>and ${left} more</dt><dd>in the JSON report</dd></div>`)
  return rows.length ? `<dl class="seen">${rows.join('')}</dl>` : ''
}

const change = ({ finding }: Numbered, sheet: Sheet, whole: boolean): string => {
  const { steps, summary } = finding.fix
  const todo = instructions(finding, sheet)
    .slice(0, 40)
    .map(({ intro, paste }) => {
      if (paste === null) return steps.includes(intro) ? '' : `<p>${sentence(period(rich(intro, 600)))}</p>`
      return `<p>${sentence(rich(intro, 400))}:</p><pre>${block(paste, whole ? 6_000 : 3_000)}</pre>`
    })
  return `<p>${period(rich(summary, 600))}</p>${
    steps.length ? `<ol class="steps">${steps.map(step => `<li>${rich(step, 600)}</li>`).join('')}</ol>` : ''
  }${todo.join('')}`
}

/** What to paste for the others of a group, where it is more than the same with another name. */
const changesOfOthers = (group: Group, sheet: Sheet): string =>
  differing(group, sheet)
    .map(({ subject, paste }) => `<p>For ${text(subject, 200)}:</p><pre>${block(paste, 800)}</pre>`)
    .join('')

/** The other subjects of which the same holds, each a place that the plan can lead to. */
const alike = ({ more }: Group): string => {
  if (!more.length) return ''
  const shown = more.slice(0, 40)
  const names = shown.map(
    ({ number, finding }) => `<li id="f${number}"><b>${number}</b> ${text(finding.subject, 120)}</li>`,
  )
  const rest = more.slice(40).map(({ number }) => `<span id="f${number}"></span>`)
  return `<ul class="alike">${names.join('')}${rest.length ? `<li>and ${rest.length} more${rest.join('')}</li>` : ''}</ul>`
}

const tags = (finding: Finding, report: Report): string =>
  [
    `Costs you ${costs[finding.impact]}`,
    ...(finding.confidence === 'certain' ? [] : [sentence(finding.confidence)]),
    minutes(finding.fix.effortMinutes),
    ...(needsSubject(finding, report) ? [text(finding.subject, 200)] : []),
    ...(finding.firstSeen && finding.firstSeen < report.startedAt
      ? [`Open since ${text(longDate(finding.firstSeen), 40)}`]
      : []),
  ]
    .map(tag => `<li>${tag}</li>`)
    .join('')

/** Blockers in full; what is less, shorter. */
export const card = (group: Group, sheet: Sheet): string => {
  const { report, options } = sheet
  const { lead, more } = group
  const { finding, number } = lead
  const whole = finding.severity === 'blocker'
  const hidden = hiddenBy(finding, report)
  const links = [...new Set(finding.references.map(safeLink).filter(link => link !== null))]
  return `<article class="card ${finding.severity}" id="f${number}"><h3><span class="no">${number}</span><span>${text(finding.title, 200)}</span></h3>
<ul class="tags">${tags(finding, report)}</ul>
<p class="why">${period(text(finding.why, whole ? 1_000 : 400)) || journeys[finding.impact]}${hidden ? ` Because of it, ${plural(hidden, 'other check')} could not be judged.` : ''}</p>
${row('saw', 'What we saw', evidence(finding, whole ? 12 : 3))}${row('like', more.length === 1 ? 'The same holds for' : `The same holds for ${more.length}`, alike(group))}${row('change', 'What to change', change(lead, sheet, whole) + changesOfOthers(group, sheet))}${
  whole ? row('check', 'How to check that it worked', `<pre>npx ${text(proof(finding, report, options))}</pre>`) : ''
}${row('source', whole && links.length > 1 ? 'Sources' : 'Source', sources(links.slice(0, whole ? 4 : 1)))}</article>`
}
