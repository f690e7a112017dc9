// performance-notes.md: each area with its target, what was measured, how sure that is, and the verdict; what to change first; the waterfall of
// each page that was opened, as a picture beside it.
import { severities } from '../core/severity.ts'
import { bytesInWords } from '../formats/http/compressed.ts'
import { pageBounds, waitedFor } from '../formats/perf/page-runs.ts'
import { pageVerdict } from '../formats/perf/page-verdict.ts'
import { routeVerdict } from '../formats/perf/route-verdict.ts'
import { intervalInWords, waitInWords } from '../formats/perf/route-words.ts'
import { escapeMarkdown, markdownCode } from '../report/shared/escape.ts'
import { waterfallSvg } from '../report/shared/waterfall.ts'
import { longDate, targetName } from '../report/shared/words.ts'
import { type Deliverable, type DeliverableInput, type Document, factsOf } from './deliverable.ts'
import { table } from './markdown-table.ts'

type Row = [area: string, target: string, measured: string, verdict: string]

const cell = (text: string): string => escapeMarkdown(text, 160)
const address = (url: string): string => markdownCode(url, { inTable: true, limit: 90 })

/** Why something was not measured, and what became of it. */
const notTold = (message: string): [string, string] => [cell(message), 'not told']

const routeRows = ({ facts }: DeliverableInput): Row[] =>
  factsOf(facts, 'routeTimings').flatMap(({ subject, fact }): Row[] => {
    if (!fact.ok) return fact.because ? [] : [[address(subject), '', ...notTold(fact.message)]]
    const seen = routeVerdict(fact.value)
    const words = { within: 'within', over: seen.twice ? '**over twice**' : '**over**', open: 'too few samples' }[
      seen.verdict
    ]
    const failed = seen.failed > 0 ? `, ${seen.failed} failed` : ''
    const measured = `p95 ${waitInWords(seen.p95)} (${intervalInWords(seen.interval)}), median ${waitInWords(seen.p50)}, ${seen.count} requests${failed}`
    return [[address(subject), `p95 ${waitInWords(fact.value.targetMs)}`, cell(measured), words]]
  })

const pageRows = ({ facts }: DeliverableInput): Row[] =>
  factsOf(facts, 'pageSpeed').flatMap(({ subject, fact }): Row[] => {
    if (!fact.ok) return fact.because ? [] : [[`${address(subject)} on a phone`, '', ...notTold(fact.message)]]
    const seen = pageVerdict(fact.value, null)
    const lcps = fact.value.runs.map(({ lcp }) => lcp)
    const measured = `LCP ${seen.words.lcp} (${waitInWords(Math.min(...lcps))} to ${waitInWords(Math.max(...lcps))}), CLS ${seen.words.cls}, blocking ${seen.words.tbt}`
    const verdict = seen.outcomes.length ? `**${seen.outcomes.join(', ')}**` : 'fast'
    return [[`${address(subject)} on a phone`, `LCP ${waitInWords(pageBounds.slowLcp)}`, cell(measured), verdict]]
  })

/** Everything that is judged without an interval, a row for each check: the worst outcome of all its subjects. */
const plainRows = ({ report, describe }: DeliverableInput): Row[] => {
  const ids = [...new Set(report.checks.map(({ check }) => check))].filter(id => describe?.[id]?.stage === 'perf')
  return ids.flatMap((id): Row[] => {
    const [area, target] = [cell(describe?.[id]?.title ?? id), '']
    const findings = report.findings.filter(({ check, suppressed }) => check === id && !suppressed)
    const results = report.checks.filter(({ check }) => check === id)
    const worst = [...findings].sort((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity))[0]
    if (worst) {
      const others = findings.length > 1 ? ` (and ${findings.length - 1} more)` : ''
      return [[area, target, `${cell(worst.title)}${others}`, `**${worst.outcome}**`]]
    }
    const passed = results.find(({ status }) => status === 'pass')
    if (passed)
      return [
        [
          area,
          target,
          `${results.filter(({ status }) => status === 'pass').length} looked at`,
          passed.outcome ?? 'pass',
        ],
      ]
    const untold = results.find(({ status }) => status === 'unknown')
    return untold ? [[area, target, ...notTold(untold.reason ?? '')]] : []
  })
}

const inPerf = ({ report }: DeliverableInput) =>
  report.findings.filter(({ stage, suppressed }) => stage === 'perf' && !suppressed)

const firstSteps = (input: DeliverableInput): string[] => {
  const findings = inPerf(input).slice(0, 5)
  if (findings.length === 0) return ['Nothing: what was measured is within its target.', '']
  return [
    ...findings.flatMap(({ title, fix, subject }, index) => [
      `${index + 1}. **${escapeMarkdown(title)}** (${escapeMarkdown(subject, 100)})`,
      `   ${escapeMarkdown([fix.summary, fix.steps[0]].filter(Boolean).join('. '), 300)}`,
    ]),
    '',
  ]
}

const fileOf = (url: string): string =>
  `waterfalls/${
    url
      .replace(/^https?:\/\//, '')
      .replace(/[^\w.-]+/g, '-')
      .replace(/^[-.]+|[-.]+$/g, '')
      .slice(0, 80) || 'page'
  }.svg`

/** The pages that were opened, each with its picture. */
export const waterfalls = (facts: DeliverableInput['facts']): { url: string; svg: string }[] =>
  factsOf(facts, 'pageSpeed').flatMap(({ subject, fact }) =>
    fact.ok ? [{ url: subject, svg: waterfallSvg(fact.value.median, `How ${subject} loads`) }] : [],
  )

const pageParts = (input: DeliverableInput): string[] =>
  factsOf(input.facts, 'pageSpeed').flatMap(({ subject, fact }) => {
    if (!fact.ok) return []
    const { median, emulation } = fact.value
    const waited = waitedFor(median)
    const bytes = median.requests.reduce((sum, request) => sum + request.bytes, 0)
    return [
      `### ${escapeMarkdown(subject, 120)}`,
      '',
      `![How it loads](${fileOf(subject)})`,
      '',
      `${fact.value.runs.length === 1 ? 'One visit' : `The middle of ${fact.value.runs.length} visits`} as a phone (${emulation.network}, processor ${emulation.cpuSlowdown} times slower, empty cache): ${median.requests.length} requests, ${bytesInWords(bytes)}.${
        median.lcpElement ? ` The largest element is ${markdownCode(median.lcpElement.element)}.` : ''
      }${waited ? ` It waited longest for ${escapeMarkdown(waited.what)} (${waitInWords(waited.milliseconds)}).` : ''}`,
      '',
    ]
  })

/** The notes and the pictures beside them. */
export const performanceNotes: Deliverable = input => {
  const { report, facts } = input
  const rows = [...routeRows(input), ...pageRows(input), ...plainRows(input)]
  const pages = pageParts(input)
  const text = [
    `# Performance of ${escapeMarkdown(targetName(report))}`,
    '',
    `Measured ${longDate(report.startedAt)}. A 95th percentile is called within or over its target only where the samples carry it at 95 % confidence; the interval stands beside it.`,
    '',
    ...(rows.length
      ? table(['Area', 'Target', 'Measured', 'Verdict'], rows)
      : ['Nothing could be measured; the report says why.', '']),
    '## What to change first',
    '',
    ...firstSteps(input),
    ...(pages.length ? ['## How the pages load', '', ...pages] : []),
    '## Measuring again',
    '',
    `\`launch-ready perf${report.target.domain ? ` ${report.target.domain}` : ''}\`; in CI \`launch-ready perf budget\` after \`launch-ready perf baseline\`.`,
    '',
  ].join('\n')
  const pictures: Document[] = waterfalls(facts).map(({ url, svg }) => ({ path: fileOf(url), content: svg }))
  return [{ path: 'performance-notes.md', content: text }, ...pictures]
}
