// deployment-checklist.md: what has to hold for a deploy of this repository, ticked where it was seen, with the evidence; then what to do before,
// during and after a deploy, in the words of its own tools.
import { type ChecklistPlace, type ChecklistSection, checklistSections } from '../core/checklist.ts'
import type { Evidence } from '../core/evidence.ts'
import type { Finding } from '../core/report.ts'
import type { Facts } from '../facts/index.generated.ts'
import { escapeMarkdown, markdownCode } from '../report/shared/escape.ts'
import { type DeliverableInput, type Document, factOf } from './deliverable.ts'

type Described = NonNullable<DeliverableInput['describe']>
type Line = ChecklistPlace & { check: string }

/** The lines of a section, in the order that the checks state. */
const linesOf = (section: ChecklistSection, describe: Described): Line[] =>
  Object.entries(describe)
    .flatMap(([check, { checklist }]) => (checklist?.section === section ? [{ ...checklist, check }] : []))
    .sort((a, b) => a.order - b.order || (a.check < b.check ? -1 : 1))

/** Characters of one place that are shown. */
const mostShown = 160

/** What a pass rests on, as it is shown: a file that is there by its path alone, everything else with what stands there. */
const placeOf = (seen: Evidence): string =>
  (seen.kind === 'file' && seen.line === undefined ? seen.label : `${seen.label} ${seen.value}`.trim()).slice(
    0,
    mostShown,
  )

const shown = (evidence: readonly Evidence[]): string => {
  const places = [...new Set(evidence.map(placeOf))]
  const more = places.length > 3 ? ` and ${places.length - 3} more` : ''
  return (
    places
      .slice(0, 3)
      .map(text => markdownCode(text))
      .join(', ') + more
  )
}

const openItem = (findings: readonly Finding[]): string[] =>
  findings.flatMap(({ title, severity, evidence: seen, fix }) => [
    `  - **${severity}**: ${escapeMarkdown(title)} (about ${fix.effortMinutes} min)`,
    ...(seen.length
      ? [
          `    seen: ${seen
            .slice(0, 3)
            .map(({ label, value }) => markdownCode(`${label} ${value}`.slice(0, 160)))
            .join(', ')}`,
        ]
      : []),
    `    fix: ${escapeMarkdown(fix.summary)}`,
  ])

/** The item of one check: ticked with its places, open with what has to be done, or absent where it does not apply. */
const itemOf = ({ check, line }: Line, { report }: DeliverableInput): string[] => {
  const results = report.checks.filter(result => result.check === check)
  if (results.every(({ status }) => status === 'skip')) return []
  const findings = report.findings.filter(finding => finding.check === check && finding.suppressed === null)
  if (findings.length) return [`- [ ] ${line}`, ...openItem(findings)]
  const unknown = results.find(({ status }) => status === 'unknown')
  if (unknown) return [`- [ ] ${line} (could not be judged: ${escapeMarkdown(unknown.reason ?? 'no reason given')})`]
  const seen = results.flatMap(({ evidence = [] }) => evidence)
  return [`- [x] ${line}${seen.length ? ` (${shown(seen)})` : ''}`]
}

/** Whether a pipeline runs the smoke test. */
const smokeRuns = (facts: DeliverableInput['facts']): boolean => {
  const pipelines = factOf(facts, 'pipelines')
  return pipelines?.ok === true && pipelines.value.pipelines.some(({ jobs }) => jobs.some(hasSmokeStep))
}

const hasSmokeStep = (job: Facts['pipelines']['pipelines'][number]['jobs'][number]): boolean =>
  job.commands.some(({ kind }) => kind === 'smoke')

const everyDeploy = (facts: DeliverableInput['facts']): string[] => {
  const migrations = factOf(facts, 'migrations')
  const hazards = migrations?.ok ? migrations.value.sets.flatMap(set => set.hazards) : []
  return [
    '- [ ] The pipeline is green for the commit that is deployed.',
    ...(migrations?.ok && migrations.value.sets.length
      ? [
          `- [ ] The migrations to come were read${hazards.length ? ` (${hazards.length} ${hazards.length === 1 ? 'place' : 'places'} to look at: \`launch-ready deploy migrations\`)` : ''}; a backup is younger than a day.`,
        ]
      : []),
    '- [ ] New variables are set in production before the code that reads them.',
    '- [ ] It is not Friday evening, and somebody is there for the next hour.',
    `- [ ] After it: ${smokeRuns(facts) ? 'the smoke test of the pipeline is green' : '`launch-ready deploy smoke` is green'}; sign up, log in and pay once by hand after a change there.`,
    '- [ ] Errors and latency are looked at for fifteen minutes.',
    '- [ ] If one of these fails: rollback.md first, the search for the cause second.',
  ]
}

/** One checklist for the repository; its lines stand on the checks. */
export const deploymentChecklist = (input: DeliverableInput): Document[] => {
  const { facts, target, now, describe = {} } = input
  const sections = Object.entries(checklistSections).flatMap(([section, title]) => {
    const items = linesOf(section as ChecklistSection, describe).flatMap(line => itemOf(line, input))
    return items.length ? [`## ${title}`, '', ...items, ''] : []
  })
  const lines = [
    `# Deployment checklist${target.domain ? `: ${escapeMarkdown(target.domain)}` : ''}`,
    '',
    `Judged ${new Date(now).toISOString().slice(0, 10)}. A tick was seen in the repository, with the place beside it; the rest has to be done. Written by \`launch-ready deploy\`; it overwrites this file.`,
    '',
    ...sections,
    '## For every deploy',
    '',
    ...everyDeploy(facts),
  ]
  return [{ path: 'deployment-checklist.md', content: `${lines.join('\n').trimEnd()}\n` }]
}
