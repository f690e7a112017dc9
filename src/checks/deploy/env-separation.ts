// Production has secrets, addresses and switches of its own.
import { defineCheck, skip } from '../../core/check.ts'
import type { EnvironmentEntry } from '../../facts/repo/env-entry.ts'
import type { EnvironmentFiles } from '../../facts/repo/env-files.ts'
import type { EnvironmentUsageFact } from '../../facts/repo/env-usage.ts'

type Data = { names: string[]; list: string; file: string; other: string }
type Place = { file: string; line: number; entry: EnvironmentEntry }

const shown = (names: readonly string[]): string =>
  names.length > 2 ? `${names.slice(0, 2).join(', ')} and ${names.length - 2} more` : names.join(', ')
const debugWords = /^(?:development|dev|local|debug)$/i
const debugNames = /^(?:APP_|DJANGO_|FLASK_|NEXT_PUBLIC_|VITE_|RAILS_)?DEBUG(?:_MODE)?$|^WDYR$|^DISPLAY_ERRORS$/
const environmentNames =
  /^(?:NODE|APP|RAILS|RACK|FLASK|MIX|DJANGO|NEXT_PUBLIC_APP|GO|ENV)_?ENV(?:IRONMENT)?$|^ENVIRONMENT$|^ASPNETCORE_ENVIRONMENT$/

/** Every value that is set for the environments wanted: dotenv files, and platform files, images and compose. */
const placesOf = (
  files: EnvironmentFiles,
  usage: EnvironmentUsageFact,
  wanted: (environment: string, tracked: boolean) => boolean,
): Place[] => [
  ...files.files
    .filter(file => wanted(file.environment, file.tracked))
    .flatMap(file =>
      file.entries.filter(entry => !entry.commented).map(entry => ({ file: file.path, line: entry.line, entry })),
    ),
  ...usage.settings
    .filter(setting => setting.entry !== null && setting.kind !== 'ci' && wanted(setting.environment, true))
    .map(setting => ({ file: setting.file, line: setting.line, entry: setting.entry! })),
]

type Bad =
  | 'same-secret'
  | 'localhost-in-production'
  | 'test-key-in-production'
  | 'live-key-in-development'
  | 'debug-in-production'

const at = (outcome: Bad, places: Place[], describe: (place: Place) => string, other = '') => {
  if (places.length === 0) return []
  const names = [...new Set(places.map(place => place.entry.name))]
  const evidence = places.slice(0, 12).map(place => ({ label: `${place.file}:${place.line}`, value: describe(place) }))
  return [{ outcome, data: { names, list: shown(names), file: places[0]!.file, other }, evidence }]
}

const guards = ({ entry }: Place): boolean =>
  entry.hash !== null && (entry.class === 'secret' || entry.class === 'unclear')

/** Names that say where a server listens, not whom it calls. */
const listens =
  /^(?:HOST|BIND|LISTEN|HOSTNAME|ADDR|.*_BIND(?:_ADDR(?:ESS)?)?|NO_PROXY|.*ALLOWED_HOSTS|.*TRUSTED_PROXIES|HEALTH\w*)$/i

const debugs = ({ entry }: Place): boolean =>
  (debugNames.test(entry.name) && entry.on) ||
  (environmentNames.test(entry.name) && entry.word !== null && debugWords.test(entry.word))

const masked = ({ entry }: Place): string =>
  `${entry.name} = ${entry.masked ?? (entry.mode ? `a ${entry.mode} key` : '…')}`

export default defineCheck<Data>()({
  id: 'env-separation',
  stage: 'deploy',
  on: 'repo',
  title: 'Production shares no secret and no address with development',
  why: 'Values are compared by hash over every dotenv file on this machine, compose, Dockerfile and platform files. One secret for both means that a laptop that is lost opens production, and that a test writes into it. Providers whose keys say test or live are held to it.',
  impact: {
    journey: 'data',
    owner: 'A mistake while trying something out reaches real customers, or real payments go to a test account.',
  },
  needs: ['envFiles', 'envUsage'],
  actions: ['deploy env'],
  checklist: { section: 'configuration', order: 2, line: 'Production and development share no secret' },
  outcomes: {
    'same-secret': {
      status: 'fail',
      severity: 'blocker',
      title: 'Development and production share {list}',
      fix: ({ names, other }) => ({
        summary: `Give production a ${names.length === 1 ? 'secret' : 'set of secrets'} of its own`,
        steps: [
          ...names.map(name => `Make a new ${name} for production, set it there, deploy.`),
          `Leave the old one to development (${other}), or better replace it too.`,
        ],
        changes: names.map(name => ({
          kind: 'setting' as const,
          provider: 'production',
          path: name,
          value: 'a new value that stands in no other environment',
        })),
        effortMinutes: 10 * names.length,
      }),
    },
    'localhost-in-production': {
      status: 'fail',
      severity: 'blocker',
      title: 'In production, {list} points at this machine',
      fix: ({ names, file }) => ({
        summary: `Put the public address into ${file}`,
        steps: [`Replace localhost in ${names.join(', ')} by the host name that customers or servers use.`],
        changes: names.map(name => ({
          kind: 'setting' as const,
          provider: file,
          path: name,
          value: 'the address of production',
        })),
        effortMinutes: 10,
      }),
    },
    'test-key-in-production': {
      status: 'fail',
      severity: 'blocker',
      impact: 'payment',
      title: 'Production runs on a test key: {list}',
      why: 'Customers seem to pay, and no money arrives.',
      fix: ({ names, file }) => ({
        summary: 'Use the live keys in production',
        steps: [
          `Switch the provider’s dashboard to live, and copy the live keys for ${names.join(', ')} into ${file}.`,
          'Pay once with a real card, and refund it.',
        ],
        changes: names.map(name => ({ kind: 'setting' as const, provider: file, path: name, value: 'the live key' })),
        effortMinutes: 15,
      }),
    },
    'live-key-in-development': {
      status: 'fail',
      severity: 'high',
      title: 'Development runs on a live key: {list}',
      fix: ({ names, file }) => ({
        summary: 'Use test keys on laptops, and replace the live ones',
        steps: [
          `Put the provider’s test keys into ${file} for ${names.join(', ')}.`,
          'Replace the live keys: they have lain on a laptop.',
        ],
        changes: names.map(name => ({ kind: 'setting' as const, provider: file, path: name, value: 'the test key' })),
        effortMinutes: 20,
      }),
    },
    'debug-in-production': {
      status: 'fail',
      severity: 'high',
      title: 'Production runs in debug mode: {list}',
      why: 'Error pages then show code, settings and customers’ data to whoever provokes an error.',
      fix: ({ names, file }) => ({
        summary: `Switch it off in ${file}`,
        steps: [`Set ${names.join(', ')} to false, or to production.`],
        changes: names.map(name => ({
          kind: 'setting' as const,
          provider: file,
          path: name,
          value: environmentNames.test(name) ? 'production' : 'false',
        })),
        effortMinutes: 5,
      }),
    },
    separate: { status: 'pass', title: 'Production has values of its own' },
  },
  references: ['https://12factor.net/dev-prod-parity', 'https://docs.stripe.com/keys'],
  judge({ envFiles, envUsage }) {
    const production = placesOf(envFiles, envUsage, environment => environment === 'production')
    const development = placesOf(
      envFiles,
      envUsage,
      (environment, tracked) =>
        environment === 'development' || environment === 'test' || (environment === 'default' && !tracked),
    )
    if (production.length === 0 && development.length === 0)
      return skip('no file here sets variables for an environment')
    const known = new Map(development.filter(guards).map(place => [place.entry.hash!, place]))
    const same = production.filter(place => guards(place) && known.has(place.entry.hash!))
    const twin = ({ entry }: Place): Place => known.get(entry.hash!)!
    const local = production.filter(({ entry }) => entry.local && !listens.test(entry.name))
    const live = development.filter(({ entry }) => entry.mode === 'live' && entry.class === 'secret')
    const testing = production.filter(({ entry }) => entry.mode === 'test')
    const found = [
      ...at(
        'same-secret',
        same,
        place => `${masked(place)}, also ${twin(place).file}:${twin(place).line}`,
        same[0] && twin(same[0]).file,
      ),
      ...at('localhost-in-production', local, ({ entry }) => `${entry.name} names localhost`),
      ...at('test-key-in-production', testing, masked),
      ...at('live-key-in-development', live, masked),
      ...at('debug-in-production', production.filter(debugs), ({ entry }) => `${entry.name} = ${entry.word ?? 'on'}`),
    ]
    if (found.length) return found
    const compared = `${production.length} values of production with ${development.length} of development`
    return {
      outcome: 'separate',
      data: { names: [], list: '', file: '', other: '' },
      evidence: [{ label: 'compared', value: compared }],
    }
  },
  examples: [
    {
      name: 'one database password for both',
      facts: {
        envUsage: {
          variables: [],
          settings: [],
          complete: [],
          schemas: [],
          mentioned: [],
          explained: [],
          dynamic: 0,
          problems: [],
        },
        envFiles: {
          isGit: true,
          gitignore: null,
          unprotected: [],
          unreadable: [],
          files: (['.env', '.env.production'] as const).map(path => ({
            path,
            environment: path === '.env' ? ('default' as const) : ('production' as const),
            tracked: false,
            ignored: true,
            encrypted: false,
            problems: [],
            entries: [
              {
                name: 'JWT_SECRET',
                line: 1,
                class: 'secret' as const,
                provider: null,
                what: null,
                kind: null,
                masked: 'abcd…9f (40 characters, sha256 1a2b3c4d)',
                hash: '1a2b3c4d5e6f7a8b',
                secretName: true,
                empty: false,
                reference: false,
                commented: false,
                local: false,
                on: false,
                word: null,
                mode: null,
              },
            ],
          })),
        },
      },
      expect: 'same-secret',
    },
    {
      name: 'production with values of its own',
      facts: {
        envUsage: {
          variables: [],
          settings: [],
          complete: [],
          schemas: [],
          mentioned: [],
          explained: [],
          dynamic: 0,
          problems: [],
        },
        envFiles: {
          isGit: true,
          gitignore: null,
          unprotected: [],
          unreadable: [],
          files: [
            {
              path: '.env.production',
              environment: 'production',
              tracked: true,
              ignored: false,
              encrypted: false,
              problems: [],
              entries: [
                {
                  name: 'NODE_ENV',
                  line: 1,
                  class: 'plain',
                  provider: null,
                  what: null,
                  kind: null,
                  masked: null,
                  hash: null,
                  secretName: false,
                  empty: false,
                  reference: false,
                  commented: false,
                  local: false,
                  on: false,
                  word: 'production',
                  mode: null,
                },
              ],
            },
          ],
        },
      },
      expect: 'separate',
    },
  ],
})
