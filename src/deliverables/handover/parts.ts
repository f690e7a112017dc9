// The parts of the handover for who builds it: domain map, deployment steps, secret handling rules.
import { runsWhen } from '../../formats/handover/production.ts'
import { takesPushes } from '../../formats/handover/runs-at.ts'
import {
  type Block,
  code,
  joined,
  type Line,
  link,
  list,
  note,
  type Section,
  type Span,
  steps,
  text,
} from './blocks.ts'
import { operations, type PaperInput, places, platformLabel, supposed } from './input.ts'
import { answered, placeOf, unsaid, writtenDown } from './places.ts'

/** The keys that sign the mail, a row each. */
const signingKeys = ({ production: { mail } }: PaperInput): Line[][] =>
  (mail?.selectors ?? []).map(({ selector, domain: at, provider, state }): Line[] => [
    [code(`${selector}._domainkey.${at}`)],
    [provider ?? 'not known'],
    [state === 'found' ? 'published' : state],
  ])

const domainFacts = ({ production, handover }: PaperInput): [string, Line][] => {
  const { registration, dns, mail, domain } = production
  const registrar = registration?.registrar ?? handover.access?.registrar?.provider
  return [
    ['Domain', [domain]],
    [
      'Registrar',
      [registrar ?? 'not known', registration?.expires ? `, registered until ${registration.expires}` : ''],
    ],
    [
      'DNS records are kept at',
      dns?.edit
        ? [link(dns.edit, dns.provider ?? dns.edit)]
        : [dns?.provider ?? handover.access?.dns?.provider ?? 'the operator of the name servers'],
    ],
    ['Name servers', [dns?.nameServers.join(', ') ?? 'could not be asked']],
    [
      'Mail arrives at',
      [
        mail ? (mail.inbox ?? (mail.mailServers.join(', ') || 'nowhere')) : 'could not be read',
        mail?.inbox ? ` (${mail.mailServers.join(', ')})` : '',
      ],
    ],
    ['May send mail', [mail?.spfServices.join(', ') || (mail?.spf ? 'the servers that SPF names' : 'no SPF record')]],
    ['DMARC', mail?.dmarc ? [code(mail.dmarc)] : ['none']],
  ]
}

const hostTable = ({ production: { hosts } }: PaperInput): Block => ({
  kind: 'table',
  head: ['Host', 'Served by', 'Leads to', 'Certificate'],
  rows: hosts.map(({ name, platform, edge, leadsTo, addresses, certificate }): Line[] => [
    [code(name)],
    [
      platform ?? (edge ? `behind ${edge}` : 'a server that names no platform'),
      platform && edge && edge !== platform ? `, behind ${edge}` : '',
    ],
    [leadsTo ? code(leadsTo) : addresses.join(', ') || 'addresses of the network before it'],
    [
      certificate
        ? `${certificate.issuer}, ${certificate.renews === 'itself' ? 'renews itself' : `ends ${certificate.expires}`}`
        : 'not seen',
    ],
  ]),
})

export const domainMap = (input: PaperInput): Section => {
  const { domain } = input.production
  const selectors = signingKeys(input)
  return {
    id: 'domains',
    title: '1 Domain map',
    sub: 'Where each name leads, and where one changes it.',
    pageBreak: true,
    blocks: [
      { kind: 'facts', rows: domainFacts(input) },
      hostTable(input),
      ...(selectors.length
        ? [
            { kind: 'heading' as const, text: 'Keys that sign the mail' },
            { kind: 'table' as const, head: ['Record', 'Service', 'State'], rows: selectors },
          ]
        : []),
      text(
        'To see all of it again: ',
        code(`launch-ready dns map ${domain}`),
        ' and ',
        code(`launch-ready email ${domain}`),
        '.',
      ),
    ],
  }
}

const mostVariables = 60

const variableTable = ({ production: { repository } }: PaperInput): Block[] => {
  const variables = (repository?.variables ?? []).filter(({ secret, required }) => secret || required)
  return variables.length
    ? [
        {
          kind: 'table',
          head: ['Variable', 'What it is', 'Named in'],
          rows: variables
            .slice(0, mostVariables)
            .map(({ name, secret, required, setIn }): Line[] => [
              [code(name)],
              [[secret ? 'secret' : 'setting', required ? 'no default' : ''].filter(Boolean).join(', ')],
              setIn.length ? joined(setIn.slice(0, 3).map(code)) : ['no file: set at the platform'],
            ]),
        },
        ...(variables.length > mostVariables
          ? [text(`And ${variables.length - mostVariables} more: `, code('launch-ready deploy env'), ' names each.')]
          : []),
      ]
    : []
}

const deploySteps = (input: PaperInput): Line[] => {
  const { repository } = input.production
  const at = operations(input)
  const push = takesPushes(input.production, input.handover)
  const { deploy } = input.handover
  return [
    ...(repository?.clone
      ? [
          [
            'Get the code: ',
            code(`git clone ${repository.clone}`),
            repository.defaultBranch ? ` (releases come from ${repository.defaultBranch})` : '',
            '.',
          ] satisfies Line,
        ]
      : []),
    ['See that everything is in order: ', code('launch-ready deploy'), ' and the last run of the pipeline.'],
    ...(repository?.migrationTools.length
      ? [
          [
            'Read the migrations to come: ',
            code('launch-ready deploy migrations'),
            '. A backup is younger than a day.',
          ] satisfies Line,
        ]
      : []),
    ...(repository?.deploys ?? [])
      .slice(0, 6)
      .map(
        ({ file, line, name, when, commands, rehearsal }): Line => [
          `Workflow "${name}" runs ${runsWhen(when)}${rehearsal ? ', and deploys to where releases are tried' : ''}: `,
          placeOf(input, file, line),
          ...(commands.length ? [', which runs ', ...joined(commands.slice(0, 3).map(code))] : []),
          '.',
        ],
      ),
    ...(repository?.deploys.length === 0 && push
      ? [
          [
            ...supposed(push, true),
            `Push to ${repository.defaultBranch ?? 'the default branch'}: ${push.label} builds and deploys what is pushed. `,
            code(`git push origin ${repository.defaultBranch ?? 'main'}`),
          ] satisfies Line,
        ]
      : []),
    ...(repository?.scripts ?? [])
      .filter(({ does }) => does === 'deploy')
      .slice(0, 3)

      .map(({ file, line, run }): Line => ['Made for it: ', placeOf(input, file, line), '. Run ', code(run), '.']),
    ...(at && !repository?.deploys.length && !push
      ? [['By hand: ', ...supposed(at.place), code(at.operations.deploy), '.'] satisfies Line]
      : []),
    ...(deploy?.how ? [answered(input, deploy.how, 'deploy.how')] : []),
    ...writtenDown(input, 'deploy'),
    ['Afterwards: ', code('launch-ready deploy smoke'), '; sign up, log in and open the dashboard once by hand.'],
  ]
}

/** A command as code; where one clicks as words. */
const typed = (way: string): Span => (/^[A-Z]/.test(way) ? way : code(way))

/** Where it runs, with how one knows. */
const whereItRuns = (input: PaperInput): string => {
  const [place] = places(input)
  const known = platformLabel(input)
  switch (place?.by) {
    case 'host':
      return `The product runs at ${known}.`
    case 'pipeline':
      return `Its pipeline deploys to ${known}.`
    case 'answer':
      return `The product runs at ${known}: so it is said, and nothing that was seen shows it.`
    case 'file':
      return `Where the product runs does not show. The repository has a file for ${place.label}: ${place.where}.`
    default:
      return 'Where the product runs does not show.'
  }
}

export const deployment = (input: PaperInput): Section => {
  const { repository } = input.production
  const at = operations(input)
  const { deploy } = input.handover
  const items = deploySteps(input)
  const how = deploy?.how ?? repository?.deploys[0] ?? repository?.scripts.find(({ does }) => does === 'deploy')
  const knows =
    how !== undefined || writtenDown(input, 'deploy').length > 0 || repository?.platforms.some(({ byPush }) => byPush)
  return {
    id: 'deploy',
    title: '2 Deployment steps',
    sub: whereItRuns(input),
    blocks: [
      ...(repository === null
        ? [note('open', 'No repository was given: run ', code('launch-ready handover write --repo path/to/repo'), '.')]
        : knows
          ? []
          : [unsaid('How a release is made does not show.', 'deploy.how')]),
      steps(...items),
      ...(variableTable(input).length
        ? [{ kind: 'heading' as const, text: 'Environment variables that it needs' }, ...variableTable(input)]
        : []),
      ...(at
        ? [
            text(
              'Which are set: ',
              ...supposed(at.place),
              typed(at.operations.variables),
              '. To set one: ',
              typed(at.operations.setVariable),
              '.',
            ),
          ]
        : []),
    ],
  }
}

const keyTables = ({ handover, production }: PaperInput): Block[] => {
  const keys = handover.secrets ?? []
  const rotations = production.repository?.rotations ?? []
  return [
    ...(keys.length
      ? [
          {
            kind: 'table' as const,
            head: ['Key', 'Where it is set and made anew', 'Last replaced', 'Every'],
            rows: keys.map(({ name, where, rotated, every }): Line[] => [
              [code(name)],
              [where ?? 'not said'],
              [rotated ?? 'not said'],
              [every ? `${every} days` : 'not said'],
            ]),
          },
        ]
      : []),
    ...(rotations.length
      ? [
          { kind: 'heading' as const, text: 'Replaced so far, by the ledger' },
          {
            kind: 'table' as const,
            head: ['Secret', 'On', 'By', 'Due again'],
            rows: rotations
              .slice(-20)
              .map(({ name, rotated, by, expires }): Line[] => [
                [name ?? 'named by its hash'],
                [rotated],
                [by],
                [expires ?? ''],
              ]),
          },
        ]
      : []),
  ]
}

export const secretRules = (input: PaperInput): Section => {
  const { handover, production } = input
  const at = operations(input)
  const keys = handover.secrets ?? []
  return {
    id: 'secrets',
    title: '3 Secret handling rules',
    sub: 'Names alone. No secret stands in this document.',
    blocks: [
      list(
        [
          'Secrets live at ',
          platformLabel(input) ?? 'the platform',
          ' and in nobody’s chat, mail or repository.',
          ...(at ? [' Which are there: ', ...supposed(at.place), typed(at.operations.variables), '.'] : []),
        ],
        ['Whoever leaves: replace every key that they could read, the same day.'],
        [
          'A key that stood in a commit, a log or a chat is public: replace it first, then clean up. ',
          code('launch-ready deploy secrets'),
          ' finds them.',
        ],
        [
          'Replace in this order: make the new one, set it, deploy, see that it works, take the old one back, see that the old one is refused. ',
          code('launch-ready handover drill rotate-key'),
          ' walks through it.',
        ],
      ),
      ...(handover.keyRotation
        ? [text(...answered(input, handover.keyRotation, 'keyRotation'))]
        : keys.length
          ? []
          : [unsaid('How keys are replaced does not show.', 'keyRotation')]),
      ...keyTables(input),
      ...(production.repository?.exposed.length
        ? [
            note(
              'bad',
              `Live secrets lie in the files of the repository (${production.repository.exposed.join(', ')}): `,
              code('launch-ready deploy secrets'),
              ' says where.',
            ),
          ]
        : []),
    ],
  }
}
