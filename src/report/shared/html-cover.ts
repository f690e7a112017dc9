// The first two pages of the HTML report: the cover, and everything in brief for whoever reads one page alone.
import { diffReports } from '../../core/diff.ts'
import { type Severity, severities } from '../../core/severity.ts'
import { diffCounts } from '../diff.ts'
import { effort, groups } from './group.ts'
import { signals } from './html-sections.ts'
import { attribute, section, text } from './html-text.ts'
import type { Sheet } from './sheet.ts'
import {
  costs,
  countOf,
  elapsed,
  list,
  longDate,
  plural,
  roughly,
  sentence,
  severityWords,
  targetName,
  verdictSentence,
  verdictWords,
} from './words.ts'

/** Images that may stand on the cover; an SVG in an `img` runs nothing. 200 kB at most. */
const logoPattern = /^data:image\/(?:png|jpeg|gif|webp|svg\+xml);base64,[A-Za-z0-9+/]+={0,2}$/

const tile = ({ report, options, findings }: Sheet, severity: Severity): string => {
  const n = countOf(report, severity)
  const some = groups(findings, severity)
  const { when } = severityWords[severity]
  const before = options.former ? countOf(options.former, severity) : n
  const inside = `<b>${n}</b>${severity === 'blocker' ? (n === 1 ? 'blocker' : 'blockers') : severity}, ${when}<small>${[
    ...(n ? [`about ${roughly(effort(some))}`] : []),
    ...(before === n ? [] : [`${before} last time`]),
  ].join(', ')}</small>`
  return `<li class="${severity}${n ? ' some' : ''}">${n ? `<a href="#${severity}">${inside}</a>` : inside}</li>`
}

/** The worst things in a line each. */
const worst = ({ findings }: Sheet): string => {
  const [severity] = severities.filter(one => findings.some(({ finding }) => finding.severity === one))
  if (severity !== 'blocker' && severity !== 'high') return ''
  const some = groups(findings, severity)
  const rows = some.slice(0, 8).map(({ lead: { number, finding }, more }) => {
    const others = more.length ? `, and ${more.length} more like it` : ''
    return `<li><a href="#f${number}">${text(finding.title, 200)}</a>${others}<span class="refs">costs you ${costs[finding.impact]}</span></li>`
  })
  const rest = some.length - rows.length
  return `<section aria-labelledby="short"><h2 id="short">${severity === 'blocker' ? 'What stands in the way' : 'What comes first'}</h2><ol class="worst">${rows.join('')}</ol>${rest > 0 ? `<p class="small">and ${rest} more in the plan</p>` : ''}</section>`
}

const verdict = ({ report }: Sheet): string =>
  `${sentence(verdictWords[report.verdict].toLowerCase())}: ${text(verdictSentence(report))}`

/** Whose report it is, for whom, and the verdict. */
export const cover = (sheet: Sheet): string => {
  const { report, options, findings } = sheet
  const logo = options.logo && options.logo.length <= 200_100 && logoPattern.test(options.logo) ? options.logo : null
  const people = [
    ...(options.client ? [['For', options.client]] : []),
    ...(options.consultant ? [['By', options.consultant]] : []),
    ['Date', longDate(report.startedAt)],
  ]
  const { hosts, pages, records } = report.looked
  const parts = [plural(hosts, 'host'), plural(pages, 'page'), plural(records, 'record')]
  const all = severities.flatMap(severity => groups(findings, severity))
  const changed = options.former
    ? `<p>Since ${text(longDate(options.former.startedAt), 40)}: ${diffCounts(diffReports(options.former, report))}.</p>`
    : ''
  return `<header class="cover">
${logo ? `<img src="${logo}" alt="${attribute(options.consultant ?? 'Logo', 120)}">` : ''}
<div class="band"><p class="kind">Launch readiness report</p>
<h1>${text(targetName(report), 253)}</h1>
<dl class="people">${people.map(([what, who]) => `<div><dt>${what}</dt><dd>${text(who!, 300)}</dd></div>`).join('')}</dl></div>
<div class="verdict ${report.verdict}"><strong>${verdict(sheet)}</strong>
<p>Looked at ${list(report.target.repo ? [...parts, 'the repository'] : parts)} in ${elapsed(report.durationMs)}.${all.length ? ` Putting everything right takes about ${roughly(effort(all))}.` : ''}</p>${changed}</div>
</header>`
}

/** How far a first customer gets, in the report's own sentence. */
const firstCustomer = ({ report: { firstCustomer: how } }: Sheet): string =>
  how
    ? `<p class="customer ${how.at === null ? 'arrives' : 'stops'}"><b>Your first customer.</b> ${text(how.sentence, 400)}</p>`
    : ''

export const signalSection = (sheet: Sheet): string =>
  section('signals', 'What this would look like to you after launch', '', signals(sheet))

/** Everything in brief. What it would look like stands here, but where something else has to be said before. */
export const summary = (sheet: Sheet, withSignals: boolean): string =>
  `<div class="summary"><h2 class="title" id="summary">In brief</h2>
<p class="sub">${verdict(sheet)}</p>
<ul class="counts">${severities.map(severity => tile(sheet, severity)).join('')}</ul>
${firstCustomer(sheet)}
<div class="two">${worst(sheet)}
${withSignals ? signalSection(sheet) : ''}</div></div>`
