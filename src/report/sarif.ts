// The report as SARIF 2.1.0 (OASIS) for code scanning, within the limits that GitHub documents for uploads.

import { clean } from '../core/clean.ts'
import type { Finding } from '../core/report.ts'
import type { Confidence, Severity } from '../core/severity.ts'
import type { Reporter, ReportOptions } from './options.ts'
import { anchor } from './shared/anchor.ts'
import { instructions, proof } from './shared/changes.ts'
import { escapeMarkdown, safeLink } from './shared/escape.ts'
import { type Sheet, sheetOf } from './shared/sheet.ts'
import { sinceOf } from './shared/since.ts'
import { titleWithDoubt } from './shared/words.ts'

/** GitHub shows the 5,000 worst results of a run and refuses 25,000; a rule may have 20 tags, of which 10 are shown. */
export const mostResults = 5_000

/** Characters of all messages together: packed, the file stays below the 10 MB that GitHub takes. */
const mostText = 6_000_000

/** GitHub reads the number as CVSS: from 9.0 critical, from 7.0 high, from 4.0 medium, above 0 low. */
export const securitySeverity: Record<Severity, string> = { blocker: '9.5', high: '8.0', medium: '5.5', low: '2.5' }

const levels: Record<Severity, 'error' | 'warning' | 'note'> = {
  blocker: 'error',
  high: 'error',
  medium: 'warning',
  low: 'note',
}

/** How sure a result is (SARIF 2.1.0 §3.27.25: 0 to 100). */
const ranks: Record<Confidence, number> = { certain: 100, likely: 60, possible: 20 }

/** What is only possible is a note, however bad it would be. */
const levelOf = ({ severity, confidence }: Finding): 'error' | 'warning' | 'note' =>
  confidence === 'possible' ? 'note' : levels[severity]

/** Rules are outcomes, since one check has outcomes of different severity. */
const ruleId = ({ check, outcome }: Finding): string => `${check}/${outcome}`

const pascal = (text: string): string =>
  text.replace(/(?:^|[^a-z0-9]+)([a-z0-9])/gi, (_, letter: string) => letter.toUpperCase())

const helpMarkdown = (why: string, links: readonly string[]): string =>
  [escapeMarkdown(why, 1_500), [...new Set(links)].map(link => `- <${link}>`).join('\n')].filter(Boolean).join('\n\n')

const rule = (finding: Finding, { describe }: ReportOptions): Record<string, unknown> => {
  const about = describe?.[finding.check]
  const links = [...(about?.references ?? []), ...finding.references].map(safeLink).filter(link => link !== null)
  const help = [clean(about?.why ?? finding.why, 1_500), ...new Set(links)].filter(Boolean)
  return {
    id: ruleId(finding),
    name: pascal(`${finding.check} ${finding.outcome}`),
    shortDescription: {
      text: clean(about ? `${about.title}: ${finding.outcome}` : `${finding.check}: ${finding.outcome}`, 1_000),
    },
    fullDescription: { text: clean(about?.why ?? finding.why, 1_000) || finding.check },
    help: { text: help.join('\n\n') || finding.check, markdown: helpMarkdown(help[0] ?? '', links) || finding.check },
    ...(links[0] ? { helpUri: links[0] } : {}),
    defaultConfiguration: { level: levels[finding.severity] },
    properties: {
      // GitHub shows the severity of rules with this tag alone.
      tags: [...new Set(['security', 'launch', finding.stage, finding.impact])],
      precision: 'high',
      'problem.severity': levels[finding.severity] === 'note' ? 'recommendation' : levels[finding.severity],
      'security-severity': securitySeverity[finding.severity],
    },
  }
}

/** What stands in the alert; `short` leaves title and fix. */
const message = (finding: Finding, sheet: Sheet, short: boolean): { text: string } => {
  const { report, options } = sheet
  const seen = finding.evidence.slice(0, 8).map(({ label, value }) => `${clean(label, 200)}: ${clean(value, 400)}`)
  const change = instructions(finding, sheet)
    .slice(0, 8)
    .map(({ intro, paste }) => [clean(intro, 400), ...(paste === null ? [] : [clean(paste, 1_000)])].join(': '))
  const lines = [
    `${clean(titleWithDoubt(finding), 300)} (${clean(finding.subject, 300)})`,
    clean(finding.why, 600),
    ...seen.map(line => `Seen: ${line}`),
    `Fix: ${clean(finding.fix.summary, 600)}`,
    ...change.map(line => `- ${line}`),
    `Check: npx ${proof(finding, report, options)}`,
  ].filter(Boolean)
  // Embedded links of SARIF messages are written [text](target): brackets from outside must not make one (§3.11.6).
  return { text: (short ? [lines[0], lines.at(-1)] : lines).join('\n').replace(/[[\]\\]/g, '\\$&') }
}

const result = (
  finding: Finding,
  sheet: Sheet,
  { ruleIndex, short, state }: { ruleIndex: number; short: boolean; state: string | undefined },
): { message: { text: string } } & Record<string, unknown> => {
  const { path, line, column } = anchor(finding, sheet.options)
  return {
    ruleId: ruleId(finding),
    ruleIndex,
    level: levelOf(finding),
    rank: ranks[finding.confidence],
    message: message(finding, sheet, short),
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: encodeURI(path).replace(/[?#]/g, encodeURIComponent), uriBaseId: '%SRCROOT%' },
          region: { startLine: line, startColumn: column },
        },
        logicalLocations: [{ name: clean(finding.subject, 500), kind: 'resource' }],
      },
    ],
    partialFingerprints: { 'launchReadyFinding/v1': finding.id, primaryLocationLineHash: `${finding.id}:1` },
    properties: {
      'security-severity': securitySeverity[finding.severity],
      impact: finding.impact,
      confidence: finding.confidence,
      effortMinutes: finding.fix.effortMinutes,
    },
    ...(state ? { baselineState: state } : {}),
    ...(finding.suppressed
      ? {
          suppressions: [
            { kind: 'external', status: 'accepted', justification: clean(finding.suppressed.reason, 500) },
          ],
        }
      : {}),
  }
}

/** One run; the worst `mostResults` findings. Unknown checks are notifications of the run: they are no results, and no passes. */
export const sarif: Reporter = (report, options = {}) => {
  const findings = report.findings.slice(0, mostResults)
  const rules = new Map<string, Finding>()
  for (const finding of findings) if (!rules.has(ruleId(finding))) rules.set(ruleId(finding), finding)
  const index = new Map([...rules.keys()].map((id, at) => [id, at]))
  const notifications = report.checks
    .filter(({ status }) => status === 'unknown')
    .slice(0, 500)
    .map(({ check, subject, reason }) => ({
      level: 'warning',
      message: {
        text: clean(`${check} of ${subject} could not be judged: ${reason ?? 'no reason given'}`).replace(
          /[[\]\\]/g,
          '\\$&',
        ),
      },
    }))
  const sheet = sheetOf(report, options)
  const since = sinceOf(report, options)
  let room = mostText
  const results = findings.map(finding => {
    const one = result(finding, sheet, {
      ruleIndex: index.get(ruleId(finding))!,
      short: room <= 0,
      // What is fixed is no result: GitHub closes an alert that is no longer there, and would open one that is "absent".
      // SARIF knows no such state: its suppression says it.
      state: since?.stateOf(finding).replace('suppressed', 'unchanged'),
    })
    room -= one.message.text.length
    return one
  })
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: report.tool.name,
            semanticVersion: report.tool.version,
            informationUri: 'https://github.com/launch-ready/launch-ready',
            rules: [...rules.values()].map(finding => rule(finding, options)),
          },
        },
        automationDetails: { id: `launch-ready/${clean(report.target.domain ?? 'repository', 253)}/` },
        originalUriBaseIds: { '%SRCROOT%': { description: { text: 'The root of the repository.' } } },
        columnKind: 'utf16CodeUnits',
        invocations: [
          {
            executionSuccessful: !report.interrupted,
            startTimeUtc: report.startedAt,
            ...(notifications.length ? { toolExecutionNotifications: notifications } : {}),
          },
        ],
        results,
      },
    ],
  }
  return `${JSON.stringify(log, null, 2)}\n`
}
