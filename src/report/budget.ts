// The table of `perf budget` in every report format.
import { clean } from '../core/clean.ts'
import { commandMessage, commandProperty, csvField, escapeHtml, escapeMarkdown, escapeXml } from './shared/escape.ts'

/** One budget: what it is of, how it stands, before and now, and why in words. */
export type BudgetLine = {
  what: string
  state: string
  before: string
  now: string
  budget: string
  why: string
  broken: boolean
}

export type BudgetTable = {
  domain: string
  version: string
  baseline: string | null
  at: string
  rows: readonly BudgetLine[]
}

export type BudgetFormat = 'terminal' | 'markdown' | 'html' | 'json' | 'sarif' | 'junit' | 'github' | 'gitlab' | 'csv'

const heads = ['what', 'state', 'before', 'now', 'budget', 'why'] as const

const words: Record<string, string> = {
  kept: 'kept',
  faster: 'faster',
  slower: 'SLOWER',
  heavier: 'HEAVIER',
  'over-budget': 'OVER BUDGET',
  fails: 'FAILS',
  new: 'new',
  'not-told': 'not told',
}

const stateOf = ({ state }: BudgetLine): string => words[state] ?? state

const brokenOf = ({ rows }: BudgetTable): BudgetLine[] => rows.filter(({ broken }) => broken)

/** The verdict in a sentence. */
export const budgetSentence = (table: BudgetTable): string => {
  const broken = brokenOf(table).length
  const untold = table.rows.filter(({ state }) => state === 'not-told').length
  const beside = table.baseline === null ? 'without a baseline' : `beside ${table.baseline}`
  if (table.rows.length === 0) return `Nothing was measured of ${table.domain}.`
  if (broken > 0)
    return `${broken} of ${table.rows.length} ${table.rows.length === 1 ? 'budget is' : 'budgets are'} broken, ${beside}.`
  if (untold > 0) return `No budget is broken; ${untold} of ${table.rows.length} could not be told, ${beside}.`
  return `All ${table.rows.length} ${table.rows.length === 1 ? 'budget is' : 'budgets are'} kept, ${beside}.`
}

const terminal = (table: BudgetTable): string => {
  const width = Math.max(0, ...table.rows.map(row => stateOf(row).length))
  const rows = table.rows.flatMap(row => [
    `  ${stateOf(row).padEnd(width)}  ${clean(row.what)}`,
    `  ${' '.repeat(width)}  ${[
      row.before && `before ${row.before}`,
      row.now && `now ${row.now}`,
      `budget ${row.budget}`,
    ]
      .filter(Boolean)
      .map(part => clean(part))
      .join(' · ')}`,
    ...(row.state === 'kept' ? [] : [`  ${' '.repeat(width)}  ${clean(row.why)}`]),
  ])
  return `${[...rows, '', budgetSentence(table)].join('\n')}\n`
}

const cells = (row: BudgetLine): string[] => [row.what, stateOf(row), row.before, row.now, row.budget, row.why]

const markdown = (table: BudgetTable): string =>
  [
    `## Performance budgets of ${escapeMarkdown(table.domain)}`,
    '',
    `| ${heads.join(' | ')} |`,
    `| ${heads.map(() => '---').join(' | ')} |`,
    ...table.rows.map(
      row =>
        `| ${cells(row)
          .map(cell => escapeMarkdown(cell))
          .join(' | ')} |`,
    ),
    '',
    escapeMarkdown(budgetSentence(table)),
    '',
  ].join('\n')

const html = (table: BudgetTable): string => {
  const rows = table.rows.map(
    row =>
      `<tr class="${row.broken ? 'broken' : 'kept'}">${cells(row)
        .map(cell => `<td>${escapeHtml(cell)}</td>`)
        .join('')}</tr>`,
  )
  const style =
    'body{font:16px/1.5 system-ui,sans-serif;margin:2rem;color:#1d2733}table{border-collapse:collapse}td,th{border-bottom:1px solid #cbd5df;padding:.4rem .8rem;text-align:left;vertical-align:top}.broken td:nth-child(2){font-weight:700;color:#a3151a}'
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Performance budgets of ${escapeHtml(table.domain)}</title><style>${style}</style></head>
<body><h1>Performance budgets of ${escapeHtml(table.domain)}</h1>
<p>${escapeHtml(budgetSentence(table))}</p>
<table><thead><tr>${heads.map(head => `<th>${head}</th>`).join('')}</tr></thead>
<tbody>${rows.join('\n')}</tbody></table></body></html>
`
}

const json = (table: BudgetTable): string =>
  `${JSON.stringify({ schemaVersion: 1, domain: table.domain, at: table.at, baseline: table.baseline, passed: brokenOf(table).length === 0, rows: table.rows }, null, 2)}\n`

const junit = (table: BudgetTable): string => {
  const counts = `tests="${table.rows.length}" failures="${brokenOf(table).length}"`
  const errors = table.rows.filter(({ state }) => state === 'not-told').length
  const cases = table.rows.map(row => {
    const said = escapeXml(clean(`${stateOf(row)}: ${row.why}`))
    const inner = row.broken
      ? `<failure message="${said}"/>`
      : row.state === 'not-told'
        ? `<error message="${said}"/>`
        : ''
    return `    <testcase classname="perf budget" name="${escapeXml(clean(row.what))}" time="0.000">${inner}</testcase>`
  })
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${counts} errors="${errors}" time="0.000">`,
    `  <testsuite name="launch-ready perf budget" ${counts} errors="${errors}" skipped="0" time="0.000">`,
    ...cases,
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n')
}

const github = (table: BudgetTable): string => {
  const lines = table.rows
    .filter(({ broken, state }) => broken || state === 'not-told')
    .slice(0, 10)
    .map(
      row =>
        `::${row.broken ? 'error' : 'notice'} title=${commandProperty(`Performance budget: ${stateOf(row).toLowerCase()}`)}::${commandMessage(`${row.what}: ${row.why}`)}`,
    )
  return `${[...lines, clean(budgetSentence(table))].join('\n')}\n`
}

/** GitLab Code Quality. The fingerprint names the route and the state, so that a branch shows what it broke itself. */
const gitlab = (table: BudgetTable): string =>
  `${JSON.stringify(
    brokenOf(table).map(row => ({
      description: clean(`${row.what}: ${row.why}`),
      check_name: `perf-budget/${row.state}`,
      fingerprint: clean(`perf-budget ${row.state} ${row.what}`),
      severity: 'major',
      location: { path: table.baseline ?? 'launch-ready.config.yaml', lines: { begin: 1 } },
    })),
    null,
    2,
  )}\n`

const csv = (table: BudgetTable): string =>
  `${[
    heads.join(','),
    ...table.rows.map(row =>
      cells(row)
        .map(cell => csvField(cell))
        .join(','),
    ),
  ].join('\r\n')}\r\n`

const sarif = (table: BudgetTable): string => {
  const results = brokenOf(table).map(row => ({
    ruleId: `perf-budget/${row.state}`,
    level: 'error',
    message: { text: clean(`${row.what}: ${row.why}`) },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: table.baseline ?? 'launch-ready.config.yaml' },
          region: { startLine: 1 },
        },
      },
    ],
    partialFingerprints: { 'launchReady/v1': clean(`perf-budget ${row.state} ${row.what}`) },
  }))
  const rules = [...new Set(results.map(({ ruleId }) => ruleId))].map(id => ({
    id,
    shortDescription: { text: 'A performance budget is broken' },
  }))
  const driver = { name: 'launch-ready', version: table.version, rules }
  return `${JSON.stringify({ version: '2.1.0', $schema: 'https://json.schemastore.org/sarif-2.1.0.json', runs: [{ tool: { driver }, results }] }, null, 2)}\n`
}

const printers: Record<BudgetFormat, (table: BudgetTable) => string> = {
  terminal,
  markdown,
  html,
  json,
  sarif,
  junit,
  github,
  gitlab,
  csv,
}

export const printBudget = (format: BudgetFormat, table: BudgetTable): string => printers[format](table)
