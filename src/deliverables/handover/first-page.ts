// The first pages: what to do when it is down, the seven questions, and where what people say and what was seen part.
import { runsWhen, workflowRun } from '../../formats/handover/production.ts'
import { takesPushes, type WayBack, waysBack } from '../../formats/handover/runs-at.ts'
import { sevenAnswers } from '../../formats/handover/seven.ts'
import {
  code,
  joined,
  type Line,
  link,
  list,
  note,
  type Section,
  type Span,
  steps,
  strong,
  text,
  worded,
} from './blocks.ts'
import { holders, operations, type PaperInput, places, platformLabel, supposed } from './input.ts'

const front = ({ production: { hosts, domain, routes } }: PaperInput): string =>
  routes.find(({ kind }) => kind === 'auth')?.url ??
  `https://${hosts.find(({ role }) => role === 'app')?.name ?? hosts.find(({ role }) => role === 'www')?.name ?? domain}/`

/** A link as it was found: one that is dead leads nobody on at night, and is said to be. */
const linkAsSeen = ({ links }: PaperInput, url: string, what?: string): Span => {
  const seen = links.find(one => one.url === url)
  return seen?.state === 'dead' ? `${what ?? url} (its link ${seen.detail})` : link(url, what)
}

const linksFor = (input: PaperInput, pattern: RegExp): Span[] =>
  (input.handover.links ?? [])
    .filter(({ what }) => pattern.test(what))
    .map(({ what, url }) => linkAsSeen(input, url, what))

/** Who is called, in order, as one line each. */
export const callLines = ({ handover }: PaperInput): Line[] => {
  const called = (handover.called ?? []).map(
    ({ name, phone, email, when }): Line => [
      strong(name),
      [phone, email].filter(Boolean).length ? `: ${[phone, email].filter(Boolean).join(', ')}` : '',
      when ? ` (${when})` : '',
    ],
  )
  const { owner } = handover
  const isNamed = (handover.called ?? []).some(({ email, name }) => email === owner?.email || name === owner?.name)
  return owner && !isNamed
    ? [...called, [strong(owner.name ?? 'The owner'), owner.email ? `: ${owner.email}` : '', ' (owner)']]
    : called
}

/** The repository's own way: a workflow, or a script. */
const ownWayBack = ({ production: { repository } }: PaperInput): Line | null => {
  const job = repository?.backJobs[0]
  const script = repository?.scripts.find(({ does }) => does === 'rollback')
  if (job) return [`the workflow "${job.name}": `, code(workflowRun(job) ?? job.file)]
  return script ? [code(script.run)] : null
}

/** How one takes a release back at once: the repository's own script, else what each platform has for it. */
const takeBack = (input: PaperInput): Line => {
  const { production, handover } = input
  const own = ownWayBack(input)
  if (own) return ['run ', ...own]
  const ways = waysBack(production, handover)
  const at = ({ of, label }: WayBack): string => (ways.length > 1 && of?.by !== 'file' ? ` (${label})` : '')
  const each = ways.map(
    (way): Line => [
      ...supposed(way.of),
      ...(way.command ? ['run ', code(way.command), at(way)] : [`take it back at ${way.label}`]),
    ],
  )
  return each.length ? joined(each, ', or ') : ['take it back']
}

const lookAtDeploy = (input: PaperInput): Line[] => {
  const deploys = input.production.repository?.deploys[0]
  const where: Span[] = deploys ? [' (', code(deploys.file), ')'] : []
  return [
    [
      'Was something deployed in the last hour',
      ...where,
      '? See ',
      code('git log --since=1.hour --oneline'),
      '. Then ',
      ...takeBack(input),
      ' at once; search for the cause afterwards. The part "Rollback steps" has every step.',
    ],
  ]
}

const logLines = (input: PaperInput, label?: string): Line[] => {
  const at = operations(input)
  const { logs } = input.handover.deploy ?? {}
  return [
    ...(logs ? [linkAsSeen(input, logs, label)] : linksFor(input, /log|error|trace/i)).map((span): Line => [span]),
    ...(at ? [[...supposed(at.place), code(at.operations.logs)]] : []),
  ]
}

const readLogs = (input: PaperInput): Line => {
  const logs = logLines(input, 'logs')
  return logs.length
    ? ['Read the logs: ', ...joined(logs, ' or '), '. The first error after the last good minute counts.']
    : ['Read the logs. Where they are, nobody has said yet: ', code('handover.deploy.logs'), '.']
}

/** One page, in order, with the real links and commands. */
export const ifDown = (input: PaperInput): Section => {
  const { production, handover } = input
  const at = operations(input)
  const monitoring = linksFor(input, /monitor|uptime|status|alert/i)
  const people = callLines(input)
  const registrar = production.registration?.registrar ?? handover.access?.registrar?.provider
  return {
    id: 'if-down',
    title: 'If it is down, do this',
    sub: 'In this order. Stop at the step that shows the cause.',
    pageBreak: true,
    blocks: [
      steps(
        [
          'Is it down for everybody? Open ',
          link(front(input)),
          ...(monitoring.length ? [' and look at ', ...joined(monitoring)] : []),
          '. Or run ',
          code(`launch-ready audit ${production.domain} --only domain-resolution certificate route-status`),
          '.',
        ],
        ...lookAtDeploy(input),
        readLogs(input),
        ...(at?.operations.status && at.place.by !== 'file'
          ? [
              [
                `Is ${at.place.label} itself down? `,
                link(at.operations.status),
                '. Then wait, and tell customers.',
              ] satisfies Line,
            ]
          : []),
        [
          'Does the name still lead there? ',
          code(`launch-ready dns ${production.domain}`),
          `: records are kept at ${production.dns?.provider ?? handover.access?.dns?.provider ?? 'a place nobody has named yet'}, the domain at ${registrar ?? 'a registrar nobody has named yet'}${production.registration?.expires ? ` until ${production.registration.expires}` : ''}.`,
        ],
        people.length
          ? [
              'Still down after 15 minutes: call ',
              ...joined(
                people.map(line => line[0]!),
                ', then ',
              ),
              '. How they are reached stands below.',
            ]
          : ['Still down after 15 minutes: call somebody. Who, nobody has said yet: ', code('handover.called'), '.'],
        [
          'When it is up again: ',
          code('launch-ready deploy smoke'),
          ', then tell customers what happened and until when.',
        ],
      ),
      { kind: 'heading', text: 'Who is called' },
      people.length
        ? list(...people)
        : note('bad', 'Nobody is named. Until somebody is, this handover is not complete.'),
    ],
  }
}

const nextStep = (next: string | null): Line => {
  if (next === null) return ['']
  return next.startsWith('launch-ready ')
    ? [code(next)]
    : worded(next.replace(/handover\.[\w.]+/g, path => `\`${path}\``))
}

export const sevenQuestions = (input: PaperInput): Section => {
  const rows = sevenAnswers(input)
  const open = rows.some(({ next }) => next !== null)
  const yes = rows.filter(({ answer }) => answer === 'yes').length
  return {
    id: 'questions',
    title: 'Can somebody else run it?',
    sub: `${yes} of ${rows.length} answered with evidence. A date that somebody wrote down is a claim; a drill is evidence.`,
    pageBreak: true,
    blocks: [
      {
        kind: 'table',
        head: ['Question', 'Answer', 'What it rests on', 'Date', ...(open ? ['Next step'] : [])],
        rows: rows.map(({ question, answer, evidence, date, next }): Line[] => [
          [question],
          [answer],
          worded(evidence),
          [date ?? ''],
          ...(open ? [nextStep(next)] : []),
        ]),
      },
    ],
  }
}

export const contradictionSection = ({ contradictions }: PaperInput): Section | null =>
  contradictions.length === 0
    ? null
    : {
        id: 'contradictions',
        title: 'Said and seen part',
        sub: 'Both sides stand here. Put right what is said, or what is done.',
        blocks: [
          {
            kind: 'table',
            head: ['Said', 'Seen', 'Where it was said'],
            rows: contradictions.map(({ said, seen, place }): Line[] => [[said], [seen], [code(place)]]),
          },
        ],
      }

/** Accounts and who holds them. */
export const accounts = (input: PaperInput): Section => {
  const { handover } = input
  const names = ['registrar', 'dns', 'edge', 'hosting', 'payment', 'email', 'repository'] as const
  const words: Record<(typeof names)[number], string> = {
    registrar: 'Registrar',
    dns: 'DNS records',
    edge: 'Edge network',
    hosting: 'Hosting',
    payment: 'Payments',
    email: 'Mail service',
    repository: 'Repository',
  }
  const rows = names
    .filter(name => handover.access?.[name] || (name !== 'edge' && name !== 'payment'))
    .map((name): Line[] => {
      const access = handover.access?.[name]
      const people = holders(input, name)
      return [
        [words[name]],
        access?.url ? [link(access.url, access.provider ?? access.url)] : [access?.provider ?? 'not said'],
        [people.length ? people.join(', ') : 'nobody named'],
        [access?.secondFactor === undefined ? 'not said' : access.secondFactor ? 'on' : 'off'],
        [access?.renews ?? (name === 'registrar' ? (input.production.registration?.expires ?? '') : '')],
      ]
    })
  return {
    id: 'accounts',
    title: 'Accounts and who holds them',
    blocks: [
      { kind: 'table', head: ['Account', 'At', 'Who signs in', 'Second factor', 'Renews'], rows },
      ...(handover.owner
        ? [
            text(
              'The product belongs to ',
              strong(handover.owner.name ?? handover.owner.email ?? ''),
              handover.owner.email && handover.owner.name ? ` (${handover.owner.email}).` : '.',
            ),
          ]
        : []),
    ],
  }
}

const unsaid = (answer: string): Line => ['nobody has said yet: ', code(`handover.${answer}`)]

const howDeployed = ({ production, handover }: PaperInput): Line => {
  const { repository } = production
  const deploy = repository?.deploys[0]
  const push = takesPushes(production, handover)
  if (deploy) return [`workflow "${deploy.name}" runs ${runsWhen(deploy.when)} (`, code(deploy.file), ')']
  if (push)
    return [...supposed(push), `push to ${repository?.defaultBranch ?? 'the default branch'}; ${push.label} deploys`]
  return handover.deploy?.how ? worded(handover.deploy.how) : unsaid('deploy.how')
}

const howBack = (input: PaperInput): Line => {
  const { production, handover } = input
  const own = ownWayBack(input)
  if (own) return own
  const ways = waysBack(production, handover)
  if (ways.length)
    return joined(
      ways.map(
        ({ command, steps: [first], label, of }): Line => [
          ...(of?.by === 'file' ? supposed(of) : ways.length > 1 ? [`${label}: `] : []),
          ...(command ? [code(command)] : worded(first ?? label)),
        ],
      ),
      '; ',
    )
  return handover.rollback ? worded(handover.rollback) : unsaid('rollback')
}

/** Where it runs, and how one knows where only a file suggests it. */
const hosting = (input: PaperInput): Line => {
  const [place] = places(input)
  const known = platformLabel(input)
  if (known) return [known]
  const addresses = input.production.hosts.flatMap(host => host.addresses).slice(0, 3)
  const at = addresses.length ? `a server at ${addresses.join(', ')}` : 'not known'
  return place ? [`${at}; the repository has a file for ${place.label}: `, code(place.where)] : [at]
}

/** What a new person asks first: each with its answer, or who has to give it. */
export const glance = (input: PaperInput): [string, Line][] => {
  const { production, handover } = input
  const { registration, dns } = production
  const logs = logLines(input)
  const people = callLines(input)
  return [
    [
      'Registrar',
      [
        registration?.registrar ?? handover.access?.registrar?.provider ?? 'not known',
        registration?.expires ? `, until ${registration.expires}` : '',
      ],
    ],
    [
      'DNS records',
      dns?.provider
        ? [dns.provider]
        : handover.access?.dns?.provider
          ? [handover.access.dns.provider]
          : dns
            ? [dns.nameServers.join(', ')]
            : unsaid('access.dns.provider'),
    ],
    ['Hosting', hosting(input)],
    ['Deploy', howDeployed(input)],
    ['Take a release back', howBack(input)],
    ['Logs', logs.length ? joined(logs, ' or ') : unsaid('deploy.logs')],
    [
      'Called when it is down',
      people.length
        ? joined(
            people.slice(0, 3).map(line => line[0]!),
            ', then ',
          )
        : unsaid('called'),
    ],
  ]
}
