import { type Severity, severities } from '../../core/severity.ts'
import { type Stage, stages } from '../../core/stage.ts'
import type { ReportOptions } from '../options.ts'
import { howToTell } from './advice.ts'
import { termsIn } from './glossary.ts'
import { effort, groups, numberedPossible, numbersOf, passed, skipped, unknownReasons } from './group.ts'
import { card } from './html-finding.ts'
import { findingLinks, items, rich, text } from './html-text.ts'
import { type PlanRow, planRows, rowNumbers, rowsOf } from './plan.ts'
import type { Sheet } from './sheet.ts'
import { costs, longDate, minutes, plural, roughly, sentence, severityWords, stageWords } from './words.ts'

export const signals = ({ report, findings }: Sheet): string =>
  items(
    report.failureSignals.flatMap(({ signal, findings: ids }) => {
      const numbers = numbersOf(findings, ids)
      const word = numbers.length === 1 ? 'finding' : 'findings'
      return numbers.length ? [`${text(signal, 200)} <span class="refs">${word} ${findingLinks(numbers)}</span>`] : []
    }),
    'signals',
  )

const planRow = (row: PlanRow): string => {
  const { lead, more } = row.group
  const { fix, impact, title } = lead.finding
  const others = more.length ? `, and ${more.length} more` : ''
  const first = row.why ? `<span class="what">${text(row.why, 200)}</span>` : ''
  return `<tr><td><span class="box" aria-hidden="true"></span>${findingLinks(rowNumbers(row))}</td><td>${rich(fix.summary, 240)}<span class="what">${text(title, 120)}${others}</span>${first}</td><td class="cost">${costs[impact]}</td><td>${minutes(effort([row.group]))}</td></tr>`
}

const laterRow = (row: PlanRow): string =>
  `<tr><td><span class="box" aria-hidden="true"></span>${findingLinks(rowNumbers(row))}</td><td>${rich(row.why ?? '', 400)}<span class="what">not before ${longDate(row.notBefore!)}</span></td><td class="cost">${costs[row.group.lead.finding.impact]}</td><td></td></tr>`

/** A row for each thing to do, in the order to do it, by severity; 250 at most. What only time allows stands with the last severity. */
export const plan = ({ report }: Sheet, of: readonly Severity[] = severities): string => {
  let room = 250
  const rows = planRows(report)
  const later = rows.filter(({ notBefore }) => notBefore !== null).slice(0, 30)
  const bodies = of.map(severity => {
    const some = rowsOf(rows, severity)
    const shown = some.slice(0, room)
    room -= shown.length
    if (!shown.length) return ''
    const { head, when } = severityWords[severity]
    const rest = some.length - shown.length
    return `<tbody class="${severity}"><tr><th colspan="4" scope="rowgroup"><a href="#${severity}">${head}, ${when}</a> <span>about ${roughly(effort(some.map(({ group }) => group)))}</span></th></tr>
${shown.map(planRow).join('\n')}${rest ? `<tr><td colspan="4">and ${rest} more, below</td></tr>` : ''}</tbody>`
  })
  if (later.length && of.includes('low'))
    bodies.push(
      `<tbody class="low"><tr><th colspan="4" scope="rowgroup">Later</th></tr>${later.map(laterRow).join('\n')}</tbody>`,
    )
  return bodies.some(Boolean)
    ? `<table class="plan"><thead><tr><th scope="col">No.</th><th scope="col">What to do</th><th scope="col" class="cost">Costs you</th><th scope="col">Time</th></tr></thead>${bodies.join('\n')}</table>`
    : ''
}

const titleOf = (check: string, options: ReportOptions): string => text(options.describe?.[check]?.title ?? check, 120)

export const fine = ({ report, options }: Sheet): string => {
  const names = passed(report)
  const stageOf = (check: string): Stage | '' => options.describe?.[check]?.stage ?? ''
  const byStage = ['' as const, ...stages].map(stage => {
    const some = names.filter(check => stageOf(check) === stage).map(check => titleOf(check, options))
    return some.length ? `${stage ? `<h3>${stageWords[stage]}</h3>` : ''}${items(some, 'good')}` : ''
  })
  const found = report.summary.pass
    ? `${plural(report.summary.pass, 'check')} found nothing wrong.${names.length ? ' In order everywhere we looked:' : ''}`
    : 'No check could say that all is well.'
  const skips = report.summary.skip
    ? `<p class="small">${plural(report.summary.skip, 'check')} did not apply or had nothing to look at; the reasons stand at the end.</p>`
    : ''
  return `<p>${found}</p>${byStage.join('')}${skips}`
}

export const unsure = ({ report, options }: Sheet): string =>
  items([
    ...(report.interrupted ? ['The run was interrupted. Run it again to the end.'] : []),
    ...unknownReasons(report)
      .slice(0, 30)
      .map(({ reason, cause, count, checks }) => {
        const advice = howToTell(cause) ?? 'Run it again; if it persists, the reason says what is in the way.'
        const names = checks.slice(0, 8).map(name => titleOf(name, options))
        const more = checks.length > names.length ? ` and ${checks.length - names.length} more` : ''
        return `<b>${sentence(text(reason, 300)) || 'No reason was given'}.</b> Not known because of it${count === 1 ? '' : ` (${count} results)`}: ${names.join('; ')}${more}. <span class="advice">${rich(advice)}</span>`
      }),
  ])

/** What is only possible, apart from what counts. */
export const possible = (sheet: Sheet): string => {
  const found = numberedPossible(sheet.report)
  const some = severities.flatMap(severity => groups(found, severity))
  return some.map(group => card(group, sheet)).join('\n')
}

/** What nobody can see from outside: each question with the place of its answer. */
export const questions = ({ report }: Sheet): string =>
  items(
    report.questions.map(
      ({ text: asked, answer }) => `${text(asked, 300)} <span class="refs"><code>${text(answer, 120)}</code></span>`,
    ),
  )

/** Where what people say and what was seen part: both sides. */
export const contradictions = ({ report }: Sheet): string =>
  report.contradictions?.length
    ? `<table class="sides"><thead><tr><th scope="col">Said</th><th scope="col">Seen</th></tr></thead><tbody>${report.contradictions
        .slice(0, 100)
        .map(
          ({ said, seen, place }) =>
            `<tr><td>${text(said, 300)}<span class="what">${text(place, 120)}</span></td><td>${text(seen, 400)}</td></tr>`,
        )
        .join('\n')}</tbody></table>`
    : ''

export const accepted = ({ report }: Sheet): string =>
  items(
    report.findings
      .filter(({ suppressed }) => suppressed)
      .slice(0, 100)
      .map(({ title, subject, suppressed }) => {
        const until = suppressed!.until ? `, until ${text(suppressed!.until, 40)}` : ''
        return `${text(title, 200)} (${text(subject, 200)}): ${text(suppressed!.reason, 300)}${until}`
      }),
  )

/** The terms that occur in the text of the page, and what the four severities mean. */
export const glossary = (html: string, { findings }: Sheet): string => {
  const terms = termsIn(html.replace(/<[^<>]*>/g, ' '))
  const levels = severities
    .filter(severity => findings.some(({ finding }) => finding.severity === severity))
    .map(severity => ({ term: sentence(severity), meaning: severityWords[severity].meaning }))
  const all = [...levels, ...terms]
  return all.length
    ? `<dl class="terms">${all.map(({ term, meaning }) => `<div><dt>${term}</dt><dd>${rich(sentence(meaning))}</dd></div>`).join('')}</dl>`
    : ''
}

export const appendix = ({ report }: Sheet): string => {
  const hosts = [...new Set(report.target.hosts)]
  const subjects = [...new Set(report.checks.map(({ subject }) => subject))].filter(one => !hosts.includes(one)).sort()
  const part = (title: string, some: readonly string[], most = 200): string =>
    some.length
      ? `<h3>${title}</h3><p class="small">${some
          .slice(0, most)
          .map(one => text(one, 200))
          .join(' · ')}${some.length > most ? ` and ${some.length - most} more` : ''}</p>`
      : ''
  const skips = skipped(report).map(({ reason, count }) => `${reason || 'no reason given'} (${count})`)
  return (
    part('Hosts', hosts) +
    part('Also judged', subjects) +
    part('Assumed', report.assumptions) +
    part('Not looked at, and why', skips, 40) +
    part('Notes', report.notes)
  )
}
