// The report as one self-contained HTML document for a client: no script, no request, a policy that forbids both.
import { createHash } from 'node:crypto'
import { diffReports } from '../core/diff.ts'
import type { Finding, Report } from '../core/report.ts'
import { type Severity, severities } from '../core/severity.ts'
import { diffCounts } from './diff.ts'
import type { Reporter, ReportOptions } from './options.ts'
import { instructions, needsSubject, proof } from './shared/changes.ts'
import { clean, cleanBlock, escapeHtml, safeLink } from './shared/escape.ts'
import {
  effort,
  type Group,
  groups,
  type Numbered,
  numbered,
  numbersOf,
  passed,
  ranges,
  skipped,
  untold,
} from './shared/group.ts'
import { style } from './shared/html-style.ts'
import {
  costs,
  elapsed,
  howToTell,
  journeys,
  list,
  longDate,
  minutes,
  plural,
  sentence,
  severityWords,
  targetName,
  termsIn,
  verdictSentence,
  verdictWords,
} from './shared/words.ts'

type Sheet = { report: Report; options: ReportOptions; findings: Numbered[] }

/** Text on one line, escaped. */
const text = (from: string, limit = 400): string => escapeHtml(clean(from, limit), limit + 60)

/** Text with its line breaks, for `pre`, escaped. */
const block = (from: string, limit: number): string =>
  escapeHtml(cleanBlock(from, limit).replace(/\n+$/, ''), limit + 60)

const period = (from: string): string => (!from || /[.!?:…]$/.test(from) ? from : `${from}.`)

/** Images that may stand on the cover; an SVG in an `img` runs nothing. 200 kB at most. */
const logoPattern = /^data:image\/(?:png|jpeg|gif|webp|svg\+xml);base64,[A-Za-z0-9+/]+={0,2}$/

const cover = ({ report, options, findings }: Sheet): string => {
  const logo = options.logo && options.logo.length <= 200_000 && logoPattern.test(options.logo) ? options.logo : null
  const people = [
    ...(options.client ? [['For', options.client]] : []),
    ...(options.consultant ? [['By', options.consultant]] : []),
    ['Date', longDate(report.startedAt)],
  ]
  const { hosts, pages, records } = report.looked
  const parts = [plural(hosts, 'host'), plural(pages, 'page'), plural(records, 'record')]
  const count = (severity: Severity): number => findings.filter(({ finding }) => finding.severity === severity).length
  const all = severities.flatMap(severity => groups(findings, severity))
  return `<header class="cover">
${logo ? `<img src="${logo}" alt="${text(options.consultant ?? 'Logo', 120)}">` : ''}
<p class="kind">Launch readiness report</p>
<h1>${text(targetName(report), 253)}</h1>
<dl class="people">${people.map(([what, who]) => `<div><dt>${what}</dt><dd>${text(who!, 120)}</dd></div>`).join('')}</dl>
<div class="verdict ${report.verdict}"><strong>${sentence(verdictWords[report.verdict].toLowerCase())}: ${text(verdictSentence(report))}</strong>
<p>Looked at ${list(report.target.repo ? [...parts, 'the repository'] : parts)} in ${elapsed(report.durationMs)}.${all.length ? ` Putting everything right takes about ${minutes(effort(all))}.` : ''}</p></div>
<ul class="counts">${severities
    .map(severity => {
      const n = count(severity)
      return `<li class="${severity}${n ? ' some' : ''}"><b>${n}</b>${severity === 'blocker' ? (n === 1 ? 'blocker' : 'blockers') : severity}, ${severityWords[severity].when}</li>`
    })
    .join('')}</ul>
</header>`
}

const section = (id: string, title: string, sub: string, body: string): string =>
  body
    ? `<section aria-labelledby="${id}"><h2 id="${id}">${title}</h2>${sub ? `<p class="sub">${sub}</p>` : ''}\n${body}</section>`
    : ''

const items = (rows: readonly string[]): string =>
  rows.length ? `<ul>${rows.map(row => `<li>${row}</li>`).join('')}</ul>` : ''

const evidence = (finding: Finding, most: number): string => {
  const shown = finding.evidence.slice(0, most)
  if (!shown.length) return ''
  const left = finding.evidence.length - shown.length
  const rows = shown.map(
    ({ label, value }) =>
      `<div><dt>${text(label, 160) || 'seen'}</dt><dd>${value ? `<code>${text(value, 500)}</code>` : ''}</dd></div>`,
  )
  return `<h4>What we saw</h4><dl class="seen">${rows.join('')}${left > 0 ? `<div><dt>and ${left} more</dt><dd>in the JSON report</dd></div>` : ''}</dl>`
}

const change = ({ finding }: Numbered, report: Report, whole: boolean): string => {
  const { steps, summary, effortMinutes } = finding.fix
  const todo = instructions(finding, report)
    .slice(0, whole ? 20 : 6)
    .map(({ intro, paste }) => {
      if (paste === null) return steps.includes(intro) ? '' : `<p>${sentence(period(text(intro, 600)))}</p>`
      return `<p>${sentence(text(intro, 400))}:</p><pre>${block(paste, whole ? 6_000 : 1_200)}</pre>`
    })
  return `<h4>The change (${minutes(effortMinutes)})</h4><p>${period(text(summary, 600))}</p>${
    whole && steps.length ? `<ol class="steps">${steps.map(step => `<li>${text(step, 600)}</li>`).join('')}</ol>` : ''
  }${todo.join('')}`
}

const card = (group: Group, { report }: Sheet): string => {
  const { lead, more } = group
  const { finding, number } = lead
  const whole = finding.severity === 'blocker'
  const hidden = report.causes
    .filter(({ finding: id }) => id === finding.id)
    .reduce((sum, cause) => sum + cause.hidden, 0)
  const links = finding.references.map(safeLink).filter(link => link !== null)
  const where = needsSubject(finding, report) ? ` · ${text(finding.subject, 200)}` : ''
  return `<article class="card ${finding.severity}" id="f${number}"><h3><span class="no">${number}</span><span>${text(finding.title, 200)}</span></h3>
<p class="tags">Costs you ${costs[finding.impact]} · ${minutes(finding.fix.effortMinutes)}${where}</p>
<p>${period(text(finding.why, whole ? 1_000 : 400)) || journeys[finding.impact]}${hidden ? ` Because of it, ${plural(hidden, 'other check')} could not be judged.` : ''}</p>
${more.length ? `<p>The same holds for ${ranges(more.map(one => one.number))}: ${list(more.slice(0, 40).map(one => text(one.finding.subject, 120)))}${more.length > 40 ? ` and ${more.length - 40} others` : ''}.</p>` : ''}
${evidence(finding, whole ? 12 : 3)}${change(lead, report, whole)}${
  whole ? `<h4>How to check that it worked</h4><pre>npx ${text(proof(finding, report))}</pre>` : ''
}${
  links.length
    ? `<p class="small">Source: ${links
        .slice(0, whole ? 4 : 1)
        .map(link => `<a href="${escapeHtml(link)}" rel="noreferrer">${escapeHtml(new URL(link).hostname)}</a>`)
        .join(', ')}</p>`
    : ''
}</article>`
}

const plan = ({ findings }: Sheet): string => {
  const rows = severities.flatMap(severity => groups(findings, severity))
  if (!rows.length) return ''
  const row = ({ lead, more }: Group): string => {
    const numbers = ranges([lead.number, ...more.map(({ number }) => number)])
    const { fix, impact, severity } = lead.finding
    return `<tr><td><span class="box" aria-hidden="true"></span><a href="#f${lead.number}">${numbers}</a></td><td>${text(fix.summary, 240)}</td><td class="cost">${costs[impact]}</td><td class="cost">${severity}</td><td>${minutes(effort([{ lead, more }]))}</td></tr>`
  }
  return `<table><thead><tr><th scope="col">No.</th><th scope="col">What to do</th><th scope="col" class="cost">Costs you</th><th scope="col" class="cost">How bad</th><th scope="col">Time</th></tr></thead><tbody>${rows.slice(0, 250).map(row).join('\n')}</tbody></table>`
}

const sinceLastTime = ({ report, options }: Sheet): string => {
  if (!options.former) return ''
  const diff = diffReports(options.former, report)
  const part = (title: string, some: readonly string[]): string =>
    some.length ? `<h3>${title}</h3>${items(some.slice(0, 30))}` : ''
  return `<div class="card">${part(
    'Fixed',
    diff.fixed.map(({ title }) => text(title, 200)),
  )}${part(
    'New',
    diff.new.map(({ title }) => text(title, 200)),
  )}${part(
    'Could not be told',
    diff.couldNotTell.map(({ finding, reason }) => `${text(finding.title, 200)} (${text(reason, 200)})`),
  )}<p>${diffCounts(diff)}.</p></div>`
}

const signals = ({ report, findings }: Sheet): string =>
  items(
    report.failureSignals.flatMap(({ signal, findings: ids }) => {
      const numbers = numbersOf(findings, ids)
      return numbers.length ? [`${text(signal, 200)} (${ranges(numbers)})`] : []
    }),
  )

const fine = ({ report, options }: Sheet): string => {
  const names = passed(report).map(check => text(options.describe?.[check]?.title ?? check, 120))
  const skips = skipped(report)
    .slice(0, 12)
    .map(({ reason, count }) => `${text(reason, 200) || 'no reason given'} (${count})`)
  return `<p>${report.summary.pass ? `${plural(report.summary.pass, 'check')} found nothing wrong.` : 'No check could say that all is well.'}</p>${
    names.length ? `<p class="small">${names.join(' · ')}</p>` : ''
  }${skips.length ? `<p>Not looked at, ${report.summary.skip} in all: ${skips.join('; ')}.</p>` : ''}`
}

const unsure = ({ report }: Sheet): string =>
  items([
    ...(report.interrupted ? ['The run was interrupted. Run it again to the end.'] : []),
    ...untold(report)
      .slice(0, 30)
      .map(({ reason, count, checks }) => {
        const advice = howToTell(reason) ?? 'Run it again; if it persists, the reason says what is in the way.'
        return `${sentence(text(reason, 300)) || 'No reason was given'} (${plural(count, 'result')}: ${checks
          .slice(0, 8)
          .map(name => text(name, 80))
          .join(', ')}). ${escapeHtml(advice)}`
      }),
  ])

const accepted = ({ report }: Sheet): string =>
  items(
    report.findings
      .filter(({ suppressed }) => suppressed)
      .slice(0, 100)
      .map(({ title, subject, suppressed }) => {
        const until = suppressed!.until ? `, until ${text(suppressed!.until, 40)}` : ''
        return `${text(title, 200)} (${text(subject, 200)}): ${text(suppressed!.reason, 300)}${until}`
      }),
  )

const details = (sheet: Sheet): string =>
  severities
    .map(severity => {
      const some = groups(sheet.findings, severity)
      const { head, when } = severityWords[severity]
      return section(
        severity,
        `${head}, ${when}`,
        `About ${minutes(effort(some))} in all`,
        some.map(group => card(group, sheet)).join('\n'),
      )
    })
    .join('\n')

const glossary = (html: string): string => {
  const terms = termsIn(html.replace(/<[^>]*>/g, ' '))
  return terms.length
    ? `<dl class="terms">${terms.map(({ term, meaning }) => `<div><dt>${term}</dt><dd>${escapeHtml(sentence(meaning))}</dd></div>`).join('')}</dl>`
    : ''
}

const appendix = ({ report }: Sheet): string => {
  const hosts = [...new Set(report.target.hosts)]
  const subjects = [...new Set(report.checks.map(({ subject }) => subject))].filter(one => !hosts.includes(one)).sort()
  const part = (title: string, some: readonly string[]): string =>
    some.length
      ? `<h3>${title}</h3><p class="small">${some
          .slice(0, 200)
          .map(one => text(one, 200))
          .join(' · ')}${some.length > 200 ? ` and ${some.length - 200} more` : ''}</p>`
      : ''
  return (
    part('Hosts', hosts) +
    part('Also judged', subjects) +
    part('Assumed', report.assumptions) +
    part('Notes', report.notes)
  )
}

const policy = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; img-src data:; base-uri 'none'; form-action 'none'`

/** One HTML document; nothing in it is loaded from anywhere, and nothing from outside is markup. */
export const html: Reporter = (report, options = {}) => {
  const sheet: Sheet = { report, options, findings: numbered(report) }
  const body = [
    section('signals', 'What this would look like to you after launch', '', signals(sheet)),
    section(
      'since',
      'Since last time',
      options.former ? `Compared with ${longDate(options.former.startedAt)}` : '',
      sinceLastTime(sheet),
    ),
    section('plan', 'The plan', 'In the order in which to do it', plan(sheet)),
    details(sheet),
    section('fine', 'What is in order', '', fine(sheet)),
    section('unsure', 'What could not be told, and how to find out', '', unsure(sheet)),
    section('accepted', 'Known and accepted', '', accepted(sheet)),
  ]
    .filter(Boolean)
    .join('\n')
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<title>Launch readiness of ${text(targetName(report), 253)}, ${longDate(report.startedAt)}</title>
<link rel="icon" href="data:,">
<style>${style}</style>
</head>
<body>
<a class="skip" href="#main">To the findings</a>
${cover(sheet)}
<main id="main">
${body}
${section('words', 'Words used here', '', glossary(body))}
${section('appendix', 'What was looked at', '', appendix(sheet))}
</main>
<footer>Made by ${text(report.tool.name, 40)} ${text(report.tool.version, 40)} at ${text(report.startedAt, 40)}.</footer>
</body>
</html>
`
}
