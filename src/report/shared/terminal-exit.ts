// Why a run ends with 1 or 3, said on the terminal.
import { decides } from '../../core/assemble.ts'
import { severities } from '../../core/severity.ts'
import { groups } from './group.ts'
import { lines, nameLine, type Paper } from './terminal-finding.ts'
import { plural } from './words.ts'

/** Checks that are named as having told nothing. */
const mostUntold = 5

/** Why the exit code is 3 although nothing was found: a verdict of "ready" beside it would puzzle whoever runs it in CI. */
export const notTold = ({ report, options: { untold = [], gate }, width }: Paper): string[] =>
  untold.length && gate && report.verdict === 'ready' && !report.findings.some(finding => decides(finding, gate))
    ? [
        '',
        ...lines(
          `Exit 3: ${plural(untold.length, 'check')} could not tell, and could have found something at or above ${gate.failOn} (--fail-on): ${untold.slice(0, mostUntold).join(', ')}${untold.length > mostUntold ? ' …' : ''}`,
          width,
          '  ',
        ),
      ]
    : []

/** What else decides the exit code, by name: with --quiet too nobody wonders why it is 1 or 3. */
export const decidedBy = (paper: Paper): string[] => {
  const { report, findings, options, width } = paper
  const { gate } = options
  if (!gate) return []
  const others = findings.filter(({ finding }) => finding.severity !== 'blocker' && decides(finding, gate))
  const all = report.findings.filter(finding => decides(finding, gate))
  if (!all.length) return notTold(paper)
  const list = severities.flatMap(severity => groups(others, severity))
  return [
    ...(list.length ? ['', ...list.map(group => nameLine(paper, group))] : []),
    '',
    ...lines(`Exit 1: ${plural(all.length, 'finding')} at or above ${gate.failOn} (--fail-on).`, width, '  '),
  ]
}
