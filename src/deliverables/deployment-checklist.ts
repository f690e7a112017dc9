// deployment-checklist.md: what has to hold for a deploy of this repository, ticked where it was seen, with the evidence; then what to do before,
// during and after a deploy, in the words of its own tools.
import type { Finding } from '../core/report.ts'
import { escapeMarkdown, markdownCode } from '../report/shared/escape.ts'
import { type DeliverableInput, type Document, factOf } from './deliverable.ts'

type Section = { title: string; checks: readonly [id: string, good: string][] }

const sections: readonly Section[] = [
  {
    title: 'The build can be repeated',
    checks: [
      ['production-build', 'One command builds it, and the pipeline runs it'],
      ['lockfile', 'One lock file pins what is installed, and git keeps it'],
      ['frozen-install', 'Automatic installs take exactly what is locked'],
      ['runtime-version', 'Every place names the same runtime, and it still gets repairs'],
      ['dependency-advisories', 'No known serious hole in the packages'],
      ['container', 'Images have a fixed base, no secret, no root, a health check'],
    ],
  },
  {
    title: 'Nothing ships untested',
    checks: [
      ['continuous-integration', 'Tests run on every change'],
      ['deploy-path', 'Deploys run by themselves, after the tests, one at a time'],
      ['ci-safety', 'Strangers cannot use the pipeline'],
    ],
  },
  {
    title: 'Configuration and secrets',
    checks: [
      ['env-inventory', 'Every variable is written down, and none is known to be missing in production'],
      ['env-separation', 'Production and development share no secret'],
      ['env-public-prefix', 'No secret reaches the browser'],
      ['env-validation', 'Missing variables stop the start'],
      ['env-file-committed', 'No environment file with secrets is in git'],
      ['secret-in-tree', 'No secret stands in the code'],
      ['secret-in-history', 'No secret stands in the history'],
      ['secret-rotation', 'What was exposed was rotated'],
    ],
  },
  {
    title: 'The database survives',
    checks: [
      ['migration-hazard', 'Migrations to come do no harm to the running product'],
      ['migration-history', 'Migrations are only added, in order'],
      ['migration-step', 'Migrations run once per deploy, before traffic'],
      ['backup', 'The database is backed up, and a restore was tried'],
    ],
  },
  {
    title: 'A bad release is noticed, and taken back',
    checks: [
      ['health-endpoint', 'A route says whether the program is well'],
      ['smoke-test', 'The running product is asked after every deploy'],
      ['rollback', 'A release can be taken back by a written and tried way'],
    ],
  },
  {
    title: 'AI',
    checks: [
      ['ai-guard', 'Calls are authenticated, limited, and keep the key'],
      ['ai-evals', 'Answers are tested'],
      ['ai-injection', 'Injected instructions are not obeyed'],
      ['ai-exfiltration', 'Nothing confidential is given away'],
    ],
  },
]

type Facts = DeliverableInput['facts']

/** What was seen where a check passed: read from the facts, because a report keeps evidence of findings alone. */
const evidence: Readonly<Record<string, (facts: Facts) => string[]>> = {
  lockfile: facts => {
    const locks = factOf(facts, 'lockfiles')
    return locks?.ok ? locks.value.groups.flatMap(group => group.locks.map(({ file }) => file)) : []
  },
  'continuous-integration': facts => commands(facts, 'test'),
  'production-build': facts => commands(facts, 'build'),
  'frozen-install': facts => commands(facts, 'install'),
  'deploy-path': facts => [...commands(facts, 'deploy'), ...platforms(facts)],
  'smoke-test': facts => commands(facts, 'smoke'),
  'migration-step': facts => [...commands(facts, 'migrate'), ...released(facts)],
  'runtime-version': facts => {
    const pins = factOf(facts, 'runtimePins')
    return pins?.ok ? pins.value.pins.map(({ file, line, values }) => `${file}:${line} ${values.join(', ')}`) : []
  },
  container: facts => {
    const containers = factOf(facts, 'containers')
    return containers?.ok
      ? containers.value.containers.map(
          ({ file, bases, user }) =>
            `${file}: ${bases.map(({ base }) => base).join(', ')}, user ${user ?? 'of the image'}`,
        )
      : []
  },
  'migration-hazard': facts => {
    const migrations = factOf(facts, 'migrations')
    return migrations?.ok
      ? migrations.value.sets.map(
          ({ folder, unreleased, count }) => `${folder}: ${unreleased.length} of ${count} not released`,
        )
      : []
  },
  'health-endpoint': facts => {
    const signs = factOf(facts, 'codeSigns')
    return signs?.ok ? signs.value.health.map(({ file, line }) => `${file}:${line}`) : []
  },
  rollback: facts => documents(facts, 'rollback'),
  backup: facts => [...documents(facts, 'backup'), ...documents(facts, 'restore')],
}

const commands = (facts: Facts, kind: string): string[] => {
  const pipelines = factOf(facts, 'pipelines')
  return pipelines?.ok
    ? pipelines.value.pipelines.flatMap(({ file, jobs }) =>
        jobs.flatMap(job =>
          job.commands.filter(command => command.kind === kind).map(({ line, text }) => `${file}:${line} ${text}`),
        ),
      )
    : []
}

const platforms = (facts: Facts): string[] => {
  const deployment = factOf(facts, 'deployment')
  return deployment?.ok
    ? deployment.value.platforms.filter(({ byPush }) => byPush).map(({ name, file }) => `${file}: ${name}`)
    : []
}

const released = (facts: Facts): string[] => {
  const deployment = factOf(facts, 'deployment')
  return deployment?.ok
    ? deployment.value.commands
        .filter(({ phase }) => phase === 'release')
        .map(({ file, line, text }) => `${file}:${line} ${text}`)
    : []
}

const documents = (facts: Facts, topic: string): string[] => {
  const deployment = factOf(facts, 'deployment')
  return deployment?.ok
    ? deployment.value.documents
        .filter(one => one.topic === topic)
        .map(({ file, line, rehearsed }) => `${file}:${line}${rehearsed ? `, rehearsed ${rehearsed}` : ''}`)
    : []
}

const shown = (list: readonly string[]): string => {
  const unique = [...new Set(list)]
  return (
    unique
      .slice(0, 3)
      .map(text => markdownCode(text))
      .join(', ') + (unique.length > 3 ? ` and ${unique.length - 3} more` : '')
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

/** One checklist for the repository. */
export const deploymentChecklist = ({ report, facts, target, now }: DeliverableInput): Document[] => {
  const lines = [
    `# Deployment checklist${target.domain ? `: ${escapeMarkdown(target.domain)}` : ''}`,
    '',
    `Judged ${new Date(now).toISOString().slice(0, 10)}. A tick was seen in the repository, with the place beside it; the rest has to be done. Written by \`launch-ready deploy\`; it overwrites this file.`,
    '',
  ]
  const live = report.findings.filter(({ suppressed }) => suppressed === null)
  for (const { title, checks } of sections) {
    const items = checks.flatMap(([id, good]) => {
      const result = report.checks.filter(({ check }) => check === id)
      if (result.length === 0 || result.every(({ status }) => status === 'skip')) return []
      const findings = live.filter(({ check }) => check === id)
      const unknown = result.find(({ status }) => status === 'unknown')
      if (findings.length) return [`- [ ] ${good}`, ...openItem(findings)]
      if (unknown)
        return [`- [ ] ${good} (could not be judged: ${escapeMarkdown(unknown.reason ?? 'no reason given')})`]
      const seen = evidence[id]?.(facts) ?? []
      return [`- [x] ${good}${seen.length ? ` (${shown(seen)})` : ''}`]
    })
    if (items.length) lines.push(`## ${title}`, '', ...items, '')
  }
  lines.push('## For every deploy', '', ...everyDeploy(facts), '')
  return [{ path: 'deployment-checklist.md', content: `${lines.join('\n').trimEnd()}\n` }]
}

const everyDeploy = (facts: Facts): string[] => {
  const migrations = factOf(facts, 'migrations')
  const hazards = migrations?.ok ? migrations.value.sets.flatMap(set => set.hazards) : []
  const smoke = commands(facts, 'smoke').length > 0
  return [
    '- [ ] The pipeline is green for the commit that is deployed.',
    ...(migrations?.ok && migrations.value.sets.length
      ? [
          `- [ ] The migrations to come were read${hazards.length ? ` (${hazards.length} ${hazards.length === 1 ? 'place' : 'places'} to look at: \`launch-ready deploy migrations\`)` : ''}; a backup is younger than a day.`,
        ]
      : []),
    '- [ ] New variables are set in production before the code that reads them.',
    '- [ ] It is not Friday evening, and somebody is there for the next hour.',
    `- [ ] After it: ${smoke ? 'the smoke test of the pipeline is green' : '`launch-ready deploy smoke` is green'}; sign up, log in and pay once by hand after a change there.`,
    '- [ ] Errors and latency are looked at for fifteen minutes.',
    '- [ ] If one of these fails: rollback.md first, the search for the cause second.',
  ]
}
