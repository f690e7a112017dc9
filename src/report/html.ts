// The report as one self-contained HTML document for a client: no script, no request, a policy that forbids both.

import { clean } from '../core/clean.ts'
import { diffReports } from '../core/diff.ts'
import type { Report } from '../core/report.ts'
import { type Severity, severities } from '../core/severity.ts'
import { diffCounts } from './diff.ts'
import type { Reporter } from './options.ts'
import { reportsBody } from './shared/dmarc-chart.ts'
import { effort, groups, numbered } from './shared/group.ts'
import { card } from './shared/html-finding.ts'
import { htmlPage } from './shared/html-page.ts'
import {
  accepted,
  appendix,
  fine,
  glossary,
  plan,
  possible,
  questions,
  type Sheet,
  signals,
  sinceLastTime,
  unsure,
} from './shared/html-sections.ts'
import { style } from './shared/html-style.ts'
import { attribute, section, text } from './shared/html-text.ts'
import { contradictionsSection, firstCustomerSection } from './shared/html-walk.ts'
import {
  costs,
  counted,
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
} from './shared/words.ts'

/** Images that may stand on the cover; an SVG in an `img` runs nothing. 200 kB at most. */
const logoPattern = /^data:image\/(?:png|jpeg|gif|webp|svg\+xml);base64,[A-Za-z0-9+/]+={0,2}$/

const countOf = (report: Report, severity: Severity): number =>
  counted(report).filter(finding => finding.severity === severity).length

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

/** The worst things in a line each, for whoever reads one page alone. */
const worst = ({ findings }: Sheet): string => {
  const [severity] = severities.filter(one => findings.some(({ finding }) => finding.severity === one))
  if (severity !== 'blocker' && severity !== 'high') return ''
  const some = groups(findings, severity)
  const rows = some.slice(0, 8).map(({ lead: { number, finding }, more }) => {
    const others = more.length ? `, and ${more.length} more like it` : ''
    return `<li><a href="#f${number}">${text(finding.title, 200)}</a>${others}<span class="refs">costs you ${costs[finding.impact]}</span></li>`
  })
  const rest = some.length - rows.length
  return `<h2 id="short">${severity === 'blocker' ? 'What stands in the way' : 'What comes first'}</h2><ol class="worst">${rows.join('')}</ol>${rest > 0 ? `<p class="small">and ${rest} more in the plan</p>` : ''}`
}

const cover = (sheet: Sheet): string => {
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
<p class="kind">Launch readiness report</p>
<h1>${text(targetName(report), 253)}</h1>
<dl class="people">${people.map(([what, who]) => `<div><dt>${what}</dt><dd>${text(who!, 120)}</dd></div>`).join('')}</dl>
<div class="verdict ${report.verdict}"><strong>${sentence(verdictWords[report.verdict].toLowerCase())}: ${text(verdictSentence(report))}</strong>
<p>Looked at ${list(report.target.repo ? [...parts, 'the repository'] : parts)} in ${elapsed(report.durationMs)}.${all.length ? ` Putting everything right takes about ${roughly(effort(all))}.` : ''}</p>${changed}</div>
<ul class="counts">${severities.map(severity => tile(sheet, severity)).join('')}</ul>
${worst(sheet)}</header>`
}

const details = (sheet: Sheet): string =>
  severities
    .map(severity => {
      const some = groups(sheet.findings, severity)
      const { head, when } = severityWords[severity]
      return section(
        severity,
        `${head}, ${when}`,
        `About ${roughly(effort(some))} in all`,
        some.map(group => card(group, sheet.report, sheet.options)).join('\n'),
      )
    })
    .join('\n')

const mailReports = ({ options }: Sheet): string =>
  options.mailReports?.reports ? reportsBody(options.mailReports) : ''

/** Pictures of pages that were opened in a browser: drawn here, everything from outside in them escaped. */
const waterfalls = ({ options }: Sheet): string =>
  (options.waterfalls ?? [])
    .slice(0, 12)
    .map(({ url, svg }) => `<figure class="waterfall">${svg}<figcaption>${text(url, 200)}</figcaption></figure>`)
    .join('\n')

/** What stands at the foot of each printed page; everything but letters, digits, dot and dash is written as its number. */
const pageFoot = (report: Report): string => {
  const words = `${clean(targetName(report), 100)}, ${longDate(report.startedAt)}`
  const safe = words.replace(/[^a-zA-Z0-9 .-]/gu, character => `\\${character.codePointAt(0)!.toString(16)} `)
  return `@page{@bottom-left{content:"${safe}"}@bottom-right{content:counter(page) " / " counter(pages)}}\n`
}

/** One HTML document; nothing in it is loaded from anywhere, and nothing from outside is markup. */
export const html: Reporter = (report, options = {}) => {
  const sheet: Sheet = { report, options, findings: numbered(report) }
  const notTold = section('unsure', 'What could not be told, and how to find out', '', unsure(sheet))
  // Where this is the verdict, it is what the reader came for.
  const first = report.verdict === 'incomplete'
  const body = [
    ...(first ? [notTold] : []),
    firstCustomerSection(report),
    section('signals', 'What this would look like to you after launch', '', signals(sheet)),
    section(
      'since',
      'Since last time',
      options.former ? `Compared with ${text(longDate(options.former.startedAt), 40)}` : '',
      sinceLastTime(sheet),
    ),
    section('plan', 'The plan', 'In the order in which to do it', plan(sheet)),
    details(sheet),
    section('possible', 'Worth a look', 'Not certain, and not counted above', possible(sheet)),
    section(
      'questions',
      `Only you know: ${plural(report.questions.length, 'question')}`,
      'Answer in the config or the handover file',
      questions(sheet),
    ),
    contradictionsSection(report),
    section('senders', 'Who sends mail in your name', 'From the DMARC reports', mailReports(sheet)),
    section('loading', 'How the pages load', 'As a phone on a slow line; the middle visit', waterfalls(sheet)),
    section('fine', 'What is in order', '', fine(sheet)),
    ...(first ? [] : [notTold]),
    section('accepted', 'Known and accepted', '', accepted(sheet)),
  ]
    .filter(Boolean)
    .join('\n')
  return htmlPage(
    `Launch readiness of ${attribute(targetName(report), 253)}, ${attribute(longDate(report.startedAt), 40)}`,
    style + pageFoot(report),
    `<a class="skip" href="#main">To the findings</a>
${cover(sheet)}
<main id="main">
${body}
${section('words', 'Words used here', '', glossary(body, sheet))}
${section('appendix', 'What was looked at', '', appendix(sheet))}
</main>
<footer>Made by ${text(report.tool.name, 40)} ${text(report.tool.version, 40)} at ${text(report.startedAt, 40)}.</footer>`,
  )
}
