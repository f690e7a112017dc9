// What a handover says of production, each with what it rests on. A statement goes stale when that has changed; what may change without
// harm is not part of it.
import { createHash } from 'node:crypto'
import { type Production, runsWhen, type SeenHost, type SeenRepository, type SeenVariable } from './production.ts'
import { type WayBack, waysBack } from './runs-at.ts'

export const partNames = ['domains', 'deploy', 'secrets', 'monitoring', 'rollback', 'support'] as const
export type PartName = (typeof partNames)[number]

export type Statement = {
  /** Stable: what it speaks of, never what it says. */
  id: string
  part: PartName
  /** In words, for the document and for whoever is told that it changed. */
  says: string
  /** What was seen, as it is compared. */
  seen: unknown
  /** How one sees it again. */
  command: string
}

export type Fingerprinted = Omit<Statement, 'seen'> & { seen: unknown; fingerprint: string }

/** Objects with their keys in order, so that equal values have one text. */
const ordered = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(ordered)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [key, ordered(item)]),
  )
}

export const fingerprintOf = (seen: unknown): string =>
  createHash('sha256')
    .update(JSON.stringify(ordered(seen)))
    .digest('hex')
    .slice(0, 16)

/** In one order, where the order in which things were seen means nothing. */
const asSet = <T>(items: readonly T[]): T[] =>
  items
    .map(item => ({ item, text: JSON.stringify(ordered(item)) }))
    .sort((a, b) => (a.text < b.text ? -1 : 1))
    .map(({ item }) => item)

const list = (names: readonly string[], none: string): string => (names.length ? names.join(', ') : none)

const hostWords = ({ name, platform, edge, leadsTo, addresses }: SeenHost): string => {
  const at = platform ?? (edge ? `a server behind ${edge}` : `a server at ${list(addresses, 'no address')}`)
  const before = platform && edge && edge !== platform ? `, behind ${edge}` : ''
  return `${name} is served by ${at}${before}${leadsTo ? ` (an alias of ${leadsTo})` : ''}.`
}

const domainStatements = ({ domain, registration, dns, hosts }: Production): Statement[] => [
  ...(registration
    ? [
        {
          id: 'registration',
          part: 'domains' as const,
          says: `${domain} is registered with ${registration.registrar ?? 'a registrar that the registry does not name'}${registration.expires ? ` until ${registration.expires}` : ''}.`,
          seen: { registrar: registration.registrar, expires: registration.expires },
          command: `launch-ready dns ${domain} --only registration`,
        },
      ]
    : []),
  ...(dns
    ? [
        {
          id: 'name-servers',
          part: 'domains' as const,
          says: `DNS records are kept at ${dns.provider ?? 'the operator of the name servers'}: ${list(dns.nameServers, 'no name server')}.`,
          seen: { nameServers: dns.nameServers },
          command: `launch-ready dns map ${domain}`,
        },
      ]
    : []),
  {
    id: 'hosts',
    part: 'domains',
    says: `The product stands at ${list(
      hosts.map(({ name }) => name),
      'no host',
    )}.`,
    seen: hosts.map(({ name }) => name).sort(),
    command: `launch-ready dns map ${domain}`,
  },
  ...hosts.map(
    (host): Statement => ({
      id: `host ${host.name}`,
      part: 'domains',
      says: hostWords(host),
      seen: { platform: host.platform, edge: host.edge, leadsTo: host.leadsTo, addresses: asSet(host.addresses) },
      command: `launch-ready dns map ${domain}`,
    }),
  ),
  ...hosts.flatMap((host): Statement[] =>
    host.certificate
      ? [
          {
            id: `certificate ${host.name}`,
            part: 'domains',
            says:
              host.certificate.renews === 'itself'
                ? `The certificate of ${host.name} is from ${host.certificate.issuer} and renews itself.`
                : `The certificate of ${host.name} is from ${host.certificate.issuer} and ends on ${host.certificate.expires}.`,
            seen:
              host.certificate.renews === 'itself'
                ? { issuer: host.certificate.issuer }
                : { issuer: host.certificate.issuer, expires: host.certificate.expires },
            command: `launch-ready audit ${domain} --only certificate`,
          },
        ]
      : [],
  ),
]

const mailStatements = ({ domain, mail }: Production): Statement[] => {
  if (!mail) return []
  const sayMail = (id: string, says: string, seen: unknown): Statement => ({
    id,
    part: 'domains',
    says,
    seen,
    command: `launch-ready email ${domain}`,
  })
  return [
    sayMail(
      'mail servers',
      mail.mailServers.length
        ? `Mail to ${domain} goes to ${mail.inbox ?? 'a server of its own'} (${mail.mailServers.join(', ')}).`
        : `${domain} names no mail server.`,
      { servers: asSet(mail.mailServers), takesMail: mail.takesMail },
    ),
    sayMail(
      'spf',
      mail.spf
        ? `These may send mail: ${list(mail.spfServices, 'servers named by address')}.`
        : 'No SPF record says who may send.',
      {
        spf: mail.spf,
      },
    ),
    sayMail('dmarc', mail.dmarc ? `What fails is treated as DMARC says: ${mail.dmarc}` : 'There is no DMARC record.', {
      dmarc: mail.dmarc,
    }),
    ...mail.selectors.map(({ selector, domain: at, provider, state, key }) =>
      sayMail(
        `dkim ${selector}.${at}`,
        `The DKIM key ${selector} of ${at}${provider ? ` (${provider})` : ''} is ${state === 'found' ? 'published' : state}${key ? ` (key ${key})` : ''}.`,
        { state, provider, key: key ?? undefined },
      ),
    ),
  ]
}

const say = (id: string, part: PartName, says: string, seen: unknown): Statement => ({
  id,
  part,
  says,
  seen,
  command: 'launch-ready deploy',
})

const ran = (commands: readonly string[]): string => (commands.length ? `: ${commands.join('; ')}` : '')

const deployStatements = ({
  remote,
  defaultBranch,
  platforms,
  deploys,
  backJobs,
  scripts,
}: SeenRepository): Statement[] => [
  say(
    'repository',
    'deploy',
    `The code is at ${remote ?? 'no remote repository'}; releases come from ${defaultBranch ?? 'a branch that nobody named'}.`,
    {
      remote,
      defaultBranch,
    },
  ),
  say(
    'platforms',
    'deploy',
    `It is deployed to ${list(
      platforms.map(({ label, byPush }) => (byPush ? `${label} (by each push)` : label)),
      'a place that the repository does not name',
    )}.`,
    asSet(platforms.map(({ name, byPush }) => ({ name, byPush }))),
  ),
  ...deploys.map(({ file, job, name, when, branches, commands, rehearsal }) =>
    say(
      `deploy ${file} ${job}`,
      'deploy',
      `${name} (${file}) deploys ${rehearsal ? 'to where releases are tried ' : ''}${runsWhen(when)}${ran(commands)}.`,
      { when, branches: asSet(branches), commands, rehearsal: rehearsal || undefined },
    ),
  ),
  ...backJobs.map(({ file, job, name, when, commands }) =>
    say(
      `deploy ${file} ${job}`,
      'rollback',
      `${name} (${file}) takes a release back ${runsWhen(when)}${ran(commands)}.`,
      {
        when,
        commands,
      },
    ),
  ),
  // One file may hold several: each is a statement of its own.
  ...scripts.map(({ file, name, does, run }) =>
    say(
      `script ${does} ${name === file ? file : `${file} ${name}`}`,
      does === 'deploy' ? 'deploy' : 'rollback',
      `\`${run}\` is made to ${does}.`,
      { file, name },
    ),
  ),
]

const recoveryStatements = (
  { forbids, backups, documents }: SeenRepository,
  declared: string | null,
  ways: readonly WayBack[],
): Statement[] => [
  say(
    'rollback',
    'rollback',
    ways.length
      ? `A release is taken back with what ${list(
          ways.map(({ label }) => label),
          '',
        )} has for it.`
      : 'Nothing says how a release is taken back.',
    ways.map(({ label, command }) => ({ way: label, command })),
  ),
  say(
    'migrations',
    'rollback',
    forbids.length
      ? `${forbids.length} migrations keep the release before from running: ${[...new Set(forbids.map(({ file }) => file))].join(', ')}.`
      : 'No migration keeps the release before from running.',
    asSet(forbids.map(({ file, hazard }) => ({ file, hazard }))),
  ),
  say(
    'documents',
    'rollback',
    `How it is done is written down in ${list([...new Set(documents.map(({ file }) => file))], 'no document')}.`,
    documents.map(({ file, topic }) => `${topic} ${file}`).sort(),
  ),
  say(
    'backups',
    'rollback',
    backups.length || declared
      ? `Backups are made by ${list([...new Set([...(declared ? [declared] : []), ...backups.map(({ text }) => text)])], '')}.`
      : 'The repository makes no backups.',
    { declared, found: asSet([...new Set(backups.map(({ file, text }) => `${file} ${text}`))]) },
  ),
]

const variableWords = ({ name, required, secret }: SeenVariable): string => {
  const is = [secret ? 'secret' : '', required ? 'no default' : ''].filter(Boolean)
  return is.length ? `${name} (${is.join(', ')})` : name
}

const runningStatements = ({ variables, health, rotations }: SeenRepository): Statement[] => [
  say(
    'variables',
    'secrets',
    `The program reads ${variables.length} environment variables${variables.length ? `: ${variables.map(variableWords).join(', ')}` : ''}.`,
    asSet(variables.map(({ name, required, secret }) => ({ name, required, secret }))),
  ),
  say(
    'health',
    'monitoring',
    health.length
      ? `The platform asks for health at ${health.map(({ text }) => text).join(', ')}.`
      : 'No platform file asks whether the program is well.',
    asSet(health.map(({ text }) => text)),
  ),
  ...(rotations.length
    ? [
        say(
          'rotations',
          'secrets',
          `The ledger holds ${rotations.length} ${rotations.length === 1 ? 'replacement' : 'replacements'} of keys, the last of ${rotations
            .map(({ rotated }) => rotated)
            .sort()
            .at(-1)}.`,
          asSet(rotations.map(({ name, rotated }) => ({ name, rotated }))),
        ),
      ]
    : []),
]

const monitoringStatements = ({ monitoring }: Production): Statement[] =>
  monitoring
    ? [
        {
          id: 'monitors',
          part: 'monitoring',
          says: `Watched: ${list(
            monitoring.monitors.map(
              ({ name, kind, what, paused }) => `${name} (${kind} ${what}${paused ? ', paused' : ''})`,
            ),
            'hosts and routes of the config',
          )}.`,
          seen: asSet(
            monitoring.monitors.map(({ name, kind, what, paused }) => ({
              name,
              kind,
              what,
              paused: paused || undefined,
            })),
          ),
          command: 'launch-ready monitor status',
        },
        {
          id: 'alerts',
          part: 'monitoring',
          says: `Told: ${list(
            monitoring.alerts.map(({ name, kind, people }) => `${name} (${[kind, ...people].join(', ')})`),
            'nobody',
          )}.`,
          seen: asSet(monitoring.alerts.map(alert => ({ ...alert, people: asSet(alert.people) }))),
          command: 'launch-ready monitor test-alert',
        },
      ]
    : []

/** Everything that the document says of what was seen. */
export const statementsOf = (production: Production): Fingerprinted[] =>
  [
    ...domainStatements(production),
    ...mailStatements(production),
    ...(production.repository
      ? [
          ...deployStatements(production.repository),
          ...recoveryStatements(production.repository, production.declared.backup, waysBack(production, {})),
          ...runningStatements(production.repository),
        ]
      : []),
    ...monitoringStatements(production),
  ].map(statement => ({ ...statement, fingerprint: fingerprintOf(statement.seen) }))
