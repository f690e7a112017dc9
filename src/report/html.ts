// The report as one self-contained HTML document for a client: no script, no request, a policy that forbids both. For paper it
// may be had in two: the report itself, and an appendix with everything in full.
import { clean } from '../core/clean.ts'
import type { Report } from '../core/report.ts'
import { type Severity, severities } from '../core/severity.ts'
import type { Reporter, ReportOptions } from './options.ts'
import { reportsBody } from './shared/dmarc-chart.ts'
import { effort, groups } from './shared/group.ts'
import { brandStyle, closingWords } from './shared/html-brand.ts'
import { cover, signalSection, summary } from './shared/html-cover.ts'
import { card } from './shared/html-finding.ts'
import { htmlPage } from './shared/html-page.ts'
import {
  accepted,
  appendix,
  contradictions,
  fine,
  glossary,
  plan,
  possible,
  questions,
  unsure,
} from './shared/html-sections.ts'
import { sinceLastTime } from './shared/html-since.ts'
import { style } from './shared/html-style.ts'
import { attribute, section, text } from './shared/html-text.ts'
import { type Sheet, sheetOf } from './shared/sheet.ts'
import { longDate, plural, roughly, severityWords, targetName } from './shared/words.ts'

/** Of which severities the report itself tells the findings in full, and the plan. */
export type Told = { details: readonly Severity[]; plan: readonly Severity[] }

/** Which part of the document; `appendix` holds what `body` does not tell. `other` is the name of the other one. */
export type HtmlPart = { part: 'whole' } | ({ part: 'body' | 'appendix'; other: string } & Told)

const others = (of: readonly Severity[]): Severity[] => severities.filter(severity => !of.includes(severity))

const details = (sheet: Sheet, of: readonly Severity[]): string =>
  of
    .map(severity => {
      const some = groups(sheet.findings, severity)
      const { head, when } = severityWords[severity]
      return section(
        severity,
        `${head}, ${when}`,
        `About ${roughly(effort(some))} in all`,
        some.map(group => card(group, sheet)).join('\n'),
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
const pageFoot = (report: Report, lead: string): string => {
  const words = `${lead}${clean(targetName(report), 100)}, ${longDate(report.startedAt)}`
  const safe = words.replace(/[^a-zA-Z0-9 .-]/gu, character => `\\${character.codePointAt(0)!.toString(16)} `)
  return `@page{@bottom-left{content:"${safe}"}@bottom-right{content:counter(page) " / " counter(pages)}}\n`
}

const isFirst = ({ report }: Sheet): boolean => report.verdict === 'incomplete'

const notTold = (sheet: Sheet): string =>
  section('unsure', 'What could not be told, and how to find out', '', unsure(sheet))

/** What a client reads. */
const main = (sheet: Sheet, told: Told, elsewhere: string): string => {
  const { report, options } = sheet
  // Where this is the verdict, it is what the reader came for.
  const first = isFirst(sheet)
  return [
    ...(first ? [notTold(sheet), signalSection(sheet)] : []),
    section(
      'since',
      'Since last time',
      options.former ? `Compared with ${text(longDate(options.former.startedAt), 40)}` : '',
      sinceLastTime(sheet),
    ),
    section('plan', 'The plan', 'In the order in which to do it', plan(sheet, told.plan)),
    details(sheet, told.details),
    section('contradictions', 'Said, and seen otherwise', '', contradictions(sheet)),
    section(
      'questions',
      `Only you know: ${plural(report.questions.length, 'question')}`,
      'Answer in the config or the handover file',
      questions(sheet),
    ),
    section('closing', 'In closing', '', closingWords(options)),
    section('further', 'Everything in full', '', elsewhere),
  ]
    .filter(Boolean)
    .join('\n')
}

/** What engineers look up, in full. */
const further = (sheet: Sheet, { details: of, plan: rows }: Told): string =>
  [
    ...(rows.length
      ? [section('plan', 'The rest of the plan', 'In the order in which to do it', plan(sheet, rows))]
      : []),
    details(sheet, of),
    section('possible', 'Worth a look', 'Not certain, and not counted above', possible(sheet)),
    section('senders', 'Who sends mail in your name', 'From the DMARC reports', mailReports(sheet)),
    section('loading', 'How the pages load', 'As a phone on a slow line; the middle visit', waterfalls(sheet)),
    section('fine', 'What is in order', '', fine(sheet)),
    ...(isFirst(sheet) ? [] : [notTold(sheet)]),
    section('accepted', 'Known and accepted', '', accepted(sheet)),
  ]
    .filter(Boolean)
    .join('\n')

/** In a part, what leads to the other part is told without a link. */
const withoutDeadLinks = (page: string): string => {
  const ids = new Set([...page.matchAll(/ id="(\w+)"/g)].map(([, id]) => id))
  return page.replace(/<a href="#(\w+)">((?:[^<]|<(?!\/a>))*)<\/a>/g, (link, id: string, words: string) =>
    ids.has(id) ? link : words,
  )
}

const foot = ({ tool, startedAt }: Report): string =>
  `<footer>Made by ${text(tool.name, 40)} ${text(tool.version, 40)} at ${text(startedAt, 40)}.</footer>`

const page = (sheet: Sheet, { lead, head, body }: { lead: string; head: string; body: string }, printed: boolean) =>
  htmlPage(
    `${lead}Launch readiness of ${attribute(targetName(sheet.report), 253)}, ${attribute(longDate(sheet.report.startedAt), 40)}`,
    style + brandStyle(sheet.options, printed) + pageFoot(sheet.report, lead),
    `<a class="skip" href="#main">To the findings</a>
${head}
<main id="main">
${body}
</main>
${foot(sheet.report)}`,
  )

const lookedUp = (sheet: Sheet, body: string): string =>
  `${section('words', 'Words used here', '', glossary(body, sheet))}
${section('appendix', 'What was looked at', '', appendix(sheet))}`

/** One part of the document for paper of its own, or all of it. */
export const htmlPart = (report: Report, options: ReportOptions, wanted: HtmlPart, printed = true): string => {
  const sheet = sheetOf(report, options)
  const brief = summary(sheet, !isFirst(sheet))
  if (wanted.part === 'whole') {
    const body = `${main(sheet, { details: severities, plan: severities }, '')}\n${further(sheet, { details: [], plan: [] })}`
    const whole = `${brief}\n${body}\n${lookedUp(sheet, body)}`
    return page(sheet, { lead: '', head: cover(sheet), body: whole }, printed)
  }
  const { other } = wanted
  if (wanted.part === 'body') {
    const elsewhere = `<p>The findings that are not told here in full, with what was seen and every step to put them right, what is in order, and all that was looked at stand in <b>${text(other, 200)}</b>.</p>`
    const body = `${brief}\n${main(sheet, wanted, elsewhere)}`
    return withoutDeadLinks(page(sheet, { lead: '', head: cover(sheet), body }, printed))
  }
  const body = further(sheet, { details: others(wanted.details), plan: others(wanted.plan) })
  const head = `<header class="later"><p class="kind">Appendix to the launch readiness report</p><h1>${text(targetName(report), 253)}</h1><p class="sub">${text(longDate(report.startedAt), 40)}. The numbers are those of the plan in ${text(other, 200)}.</p></header>`
  return withoutDeadLinks(page(sheet, { lead: 'Appendix: ', head, body: `${body}\n${lookedUp(sheet, body)}` }, printed))
}

/** One HTML document; nothing in it is loaded from anywhere, and nothing from outside is markup. */
export const html: Reporter = (report, options = {}) => htmlPart(report, options, { part: 'whole' }, false)
