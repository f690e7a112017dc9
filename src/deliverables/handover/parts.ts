// The six parts: domain map, deployment steps, secret handling rules, monitoring links, rollback steps, support contacts.
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
  worded,
} from './blocks.ts'
import { callLines } from './first-page.ts'
import { operations, type PaperInput, platformLabel, saidBy } from './input.ts'

const unsaid = (what: string, answer: string): Block =>
  note('open', `${what} Nobody has said yet: answer `, code(`handover.${answer}`), '.')

/** A path in the repository as a link of the repository's host, where that is known; else as code. */
const placeOf = ({ production }: PaperInput, file: string, line?: number): Span => {
  const { remote, defaultBranch } = production.repository ?? {}
  const shown = line === undefined ? file : `${file}:${line}`
  return remote && defaultBranch && /^(?:github|gitlab)\.com\//.test(remote)
    ? link(`https://${remote}/blob/${defaultBranch}/${file}${line === undefined ? '' : `#L${line}`}`, shown)
    : code(shown)
}

/** An answer that is a document of the repository, a link or plain words. */
const answered = (input: PaperInput, value: string, path: string): Line => {
  const by = saidBy(input, path)
  const file = (input.production.repository?.named ?? []).find(one => one.answer === path)
  const said: Span[] = file
    ? ['See ', placeOf(input, file.path)]
    : URL.canParse(value)
      ? ['See ', link(value)]
      : worded(value)
  return [...said, ...(by ? [` (said by ${by})`] : [])]
}

export const domainMap = (input: PaperInput): Section => {
  const { registration, dns, hosts, mail, domain } = input.production
  const registrar = registration?.registrar ?? input.handover.access?.registrar?.provider
  const facts: [string, Line][] = [
    ['Domain', [domain]],
    [
      'Registrar',
      [registrar ?? 'not known', registration?.expires ? `, registered until ${registration.expires}` : ''],
    ],
    [
      'DNS records are kept at',
      dns?.edit
        ? [link(dns.edit, dns.provider ?? dns.edit)]
        : [dns?.provider ?? input.handover.access?.dns?.provider ?? 'the operator of the name servers'],
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
  const selectors = (mail?.selectors ?? []).map(({ selector, domain: at, provider, state }): Line[] => [
    [code(`${selector}._domainkey.${at}`)],
    [provider ?? 'not known'],
    [state === 'found' ? 'published' : state],
  ])
  return {
    id: 'domains',
    title: '1 Domain map',
    sub: 'Where each name leads, and where one changes it.',
    pageBreak: true,
    blocks: [
      { kind: 'facts', rows: facts },
      {
        kind: 'table',
        head: ['Host', 'Served by', 'Leads to', 'Certificate'],
        rows: hosts.map(({ name, platform, edge, leadsTo, addresses, certificate }): Line[] => [
          [code(name)],
          [
            platform ?? (edge ? `behind ${edge}` : 'a server of your own'),
            platform && edge && edge !== platform ? `, behind ${edge}` : '',
          ],
          [leadsTo ? code(leadsTo) : addresses.join(', ') || 'addresses of the network before it'],
          [
            certificate
              ? `${certificate.issuer}, ${certificate.renews === 'itself' ? 'renews itself' : `ends ${certificate.expires}`}`
              : 'not seen',
          ],
        ]),
      },
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

const variableTable = ({ production: { repository } }: PaperInput): Block[] => {
  const variables = (repository?.variables ?? []).filter(({ secret, required }) => secret || required)
  return variables.length
    ? [
        {
          kind: 'table',
          head: ['Variable', 'What it is', 'Named in'],
          rows: variables
            .slice(0, 60)
            .map(({ name, secret, required, setIn }): Line[] => [
              [code(name)],
              [[secret ? 'secret' : 'setting', required ? 'needed to start' : ''].filter(Boolean).join(', ')],
              setIn.length ? joined(setIn.slice(0, 3).map(code)) : ['no file: set at the platform'],
            ]),
        },
      ]
    : []
}

export const deployment = (input: PaperInput): Section => {
  const { repository } = input.production
  const at = operations(input)
  const { deploy } = input.handover
  const items: Line[] = [
    ...(repository?.remote
      ? [
          [
            'Get the code: ',
            code(`git clone https://${repository.remote}.git`),
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
        ({ file, line, name, when, commands }): Line => [
          `${name} deploys on ${when}: `,
          placeOf(input, file, line),
          ...(commands.length ? [', which runs ', ...joined(commands.slice(0, 3).map(code))] : []),
          '.',
        ],
      ),
    ...(repository?.deploys.length === 0 && repository.platforms.some(({ byPush }) => byPush)
      ? [
          [
            `Push to ${repository.defaultBranch ?? 'the default branch'}: ${repository.platforms.find(({ byPush }) => byPush)!.label} builds and deploys what is pushed. `,
            code(`git push origin ${repository.defaultBranch ?? 'main'}`),
          ] satisfies Line,
        ]
      : []),
    ...(repository?.scripts ?? [])
      .filter(({ does }) => does === 'deploy')
      .slice(0, 3)
      .map(({ file }): Line => ['Made for it: ', placeOf(input, file), '. Run ', code(`./${file}`), '.']),
    ...(at && !repository?.deploys.length && !repository?.platforms.some(({ byPush }) => byPush)
      ? [['By hand: ', code(at.deploy), '.'] satisfies Line]
      : []),
    ...(deploy?.how ? [answered(input, deploy.how, 'deploy.how')] : []),
    ['Afterwards: ', code('launch-ready deploy smoke'), '; sign up, log in and open the dashboard once by hand.'],
  ]
  const how = deploy?.how ?? repository?.deploys[0] ?? repository?.scripts.find(({ does }) => does === 'deploy')
  const knows = how !== undefined || repository?.platforms.some(({ byPush }) => byPush)
  return {
    id: 'deploy',
    title: '2 Deployment steps',
    sub: `The product runs at ${platformLabel(input) ?? 'a place that nothing names yet'}.`,
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
      ...(at ? [text('Which are set: ', code(at.variables), '. To set one: ', code(at.setVariable), '.')] : []),
    ],
  }
}

export const secretRules = (input: PaperInput): Section => {
  const { handover, production } = input
  const at = operations(input)
  const keys = handover.secrets ?? []
  const rotations = production.repository?.rotations ?? []
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
          ...(at ? [' Which are there: ', code(at.variables), '.'] : []),
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

export const monitoring = (input: PaperInput): Section => {
  const { handover, production, links } = input
  const { monitors = [], alerts = [] } = production.monitoring ?? {}
  const states = new Map(
    links.map(({ url, state, detail }) => [url, `${state === 'live' ? 'live' : state} (${detail})`]),
  )
  const all = handover.links ?? []
  return {
    id: 'monitoring',
    title: '4 Monitoring links',
    blocks: [
      all.length
        ? {
            kind: 'table',
            head: ['What', 'Where', 'When last asked'],
            rows: all.map(({ what, url }): Line[] => [[what], [link(url)], [states.get(url) ?? 'not asked']]),
          }
        : unsaid('Where one sees whether it is up does not show.', 'links'),
      ...(production.monitoring === null
        ? [
            note(
              'open',
              'No monitor of launch-ready is configured, so what is watched is not known: ',
              code('launch-ready monitor'),
              ' fills this in.',
            ),
          ]
        : [
            { kind: 'heading' as const, text: 'What is watched, and who is told' },
            monitors.length
              ? list(
                  ...monitors
                    .slice(0, 30)
                    .map(({ name, kind, what }): Line => [`${name}: ${kind} `, what ? code(what) : '']),
                )
              : text('The hosts and key pages of the product, by ', code('launch-ready monitor watch'), '.'),
            alerts.length
              ? list(
                  ...alerts.map(
                    ({ name, kind, people }): Line => [
                      `${name}, by ${kind}${people.length ? `: ${people.join(', ')}` : ''}`,
                    ],
                  ),
                )
              : note('bad', 'Nobody is told.'),
            text(
              'Up or down now: ',
              code('launch-ready monitor status'),
              '. Is an alert real: ',
              code('launch-ready monitor test-alert'),
              '.',
            ),
          ]),
      ...(production.repository?.health.length
        ? [
            text(
              'The platform itself asks: ',
              ...joined(production.repository.health.slice(0, 4).map(({ text: at }) => code(at))),
              '.',
            ),
          ]
        : []),
    ],
  }
}

export const rollback = (input: PaperInput): Section => {
  const { handover, production } = input
  const { repository } = production
  const way = repository?.rollback ?? null
  const scripts = (repository?.scripts ?? []).filter(({ does }) => does === 'rollback')
  const documents = (repository?.documents ?? []).filter(({ topic }) => topic === 'rollback')
  const forbids = repository?.forbids ?? []
  const restore = (repository?.documents ?? []).filter(({ topic }) => topic === 'restore')
  const items: Line[] = [
    ...(forbids.length ? [['Look at "What the migrations forbid" below first.'] satisfies Line] : []),
    ...scripts.slice(0, 2).map(({ file }): Line => ['Run ', code(`./${file}`), '; its first lines say how.']),
    ...(way?.steps ?? []).map((step): Line => worded(step)),
    ['See that it worked: ', code('launch-ready deploy smoke --commit <commit of the old release>'), '.'],
    ['Write down what happened, and deploy again only with the fix.'],
  ]
  const known = way !== null || scripts.length > 0 || documents.length > 0 || handover.rollback !== undefined
  return {
    id: 'rollback',
    title: '5 Rollback steps',
    sub: 'Sign-up, log-in or payment does not work: take it back at once. Something looks odd and customers can work: repair it with a new release.',
    blocks: [
      ...(known ? [] : [unsaid('How a release is taken back does not show.', 'rollback')]),
      steps(...items),
      ...(way?.command ? [{ kind: 'code' as const, text: way.command }] : []),
      ...(way ? [text(`What does not go back: ${way.limits}`)] : []),
      ...(handover.rollback ? [text(...answered(input, handover.rollback, 'rollback'))] : []),
      ...(documents.length
        ? [
            text(
              'Written down in ',
              ...joined(documents.slice(0, 3).map(({ file, line }) => placeOf(input, file, line))),
              '.',
            ),
          ]
        : []),
      ...(forbids.length
        ? [
            { kind: 'heading' as const, text: 'What the migrations forbid' },
            list(
              ...forbids.slice(0, 20).map(({ file, line, what }): Line => [placeOf(input, file, line), `: ${what}.`]),
            ),
          ]
        : []),
      { kind: 'heading', text: 'If the data is gone' },
      ...(handover.restore ? [text(...answered(input, handover.restore, 'restore'))] : []),
      ...(restore.length
        ? [
            text(
              'Written down in ',
              ...joined(restore.slice(0, 3).map(({ file, line }) => placeOf(input, file, line))),
              '.',
            ),
          ]
        : []),
      ...(production.declared.backup ? [text(`Backups: ${production.declared.backup}.`)] : []),
      ...(repository?.backups.length
        ? [
            list(
              ...repository.backups
                .slice(0, 4)
                .map(({ file, line, text: what }): Line => [placeOf(input, file, line), `: ${what}`]),
            ),
          ]
        : []),
      ...(handover.restore || restore.length ? [] : [unsaid('How a backup is brought back does not show.', 'restore')]),
    ],
  }
}

export const support = (input: PaperInput): Section => {
  const { handover, contacts } = input
  const states = new Map(contacts.map(({ email, detail }) => [email, detail]))
  const people = callLines(input)
  return {
    id: 'support',
    title: '6 Support contacts',
    blocks: [
      handover.support?.length
        ? {
            kind: 'table',
            head: ['For', 'Where', 'When last looked at'],
            rows: handover.support.map(({ what, email, url, phone }): Line[] => [
              [what],
              [
                ...(email ? [link(`mailto:${email}`, email)] : []),
                ...(url ? [link(url)] : []),
                ...(phone ? [phone] : []),
              ].flatMap((item, at): Span[] => (at ? [', ', item] : [item])),
              [email ? (states.get(email) ?? 'not looked at') : ''],
            ]),
          }
        : unsaid('Where customers ask for help does not show.', 'support'),
      { kind: 'heading', text: 'Who is called when it is down' },
      people.length ? list(...people) : unsaid('Nobody is named.', 'called'),
    ],
  }
}
