// Production has secrets, addresses and switches of its own.
import { blocker, defineCheck, high, pass, skip } from '../../core/check.ts'
import { fileEvidence, textEvidence } from '../../core/evidence.ts'
import type { EnvironmentEntry } from '../../facts/repo/env-entry.ts'
import { envFile, example, secretEntry } from '../../facts/repo/env-files.example.ts'
import { listed } from '../../formats/repo/env-inventory.ts'
import {
  debugs,
  guards,
  isDevelopment,
  isProduction,
  isShipped,
  isTold,
  localPlaces,
  type PlacedValue,
  surenessOfDebug,
  valuesIn,
} from '../../formats/repo/env-separation.ts'
import { liveKeys, ownSecrets, publicAddress, switchOff, testKeys } from './env-fixes.ts'

type Data = { names: string[]; list: string; file: string; other: string }
type Place = PlacedValue<EnvironmentEntry>

const masked = ({ entry: { name, masked: mask, mode } }: Place): string =>
  `${name} = ${mask ?? (mode ? `a ${mode} key` : '…')}`

const at = <K extends string>(outcome: K, places: Place[], describe: (place: Place) => string, other = '') => {
  if (places.length === 0) return []
  const names = [...new Set(places.map(({ entry }) => entry.name))]
  const evidence = places.slice(0, 12).map(place => fileEvidence(place.file, place.line, describe(place)))
  return [{ outcome, data: { names, list: listed(names), file: places[0]!.file, other }, evidence }]
}

/** What an image or compose sets is where everybody starts; a word that a person made up may be one as well. */
const isProven = ({ entry, kind }: Place): boolean => entry.sure && kind !== 'dockerfile' && kind !== 'compose'

/** Secrets that production and development share, as one finding. */
const sharedSecrets = (
  production: readonly Place[],
  development: readonly Place[],
  files: readonly { path: string; tracked: boolean }[],
) => {
  const known = new Map(development.filter(one => guards(one.entry)).map(one => [one.entry.hash!, one]))
  const twin = ({ entry }: Place): Place => known.get(entry.hash!)!
  const same = production.filter(({ entry }) => guards(entry) && known.has(entry.hash!))
  const also = (place: Place): string => `${masked(place)}, also ${twin(place).file}:${twin(place).line}`
  const committed = new Set(files.filter(({ tracked }) => tracked).map(({ path }) => path))
  const isInGit = same.every(one => committed.has(one.file) && committed.has(twin(one).file))
  return at('same-secret', same, also, same[0] && twin(same[0]).file).map(one => ({
    ...one,
    // A file that is named for production may be one of those that are tried out on a laptop.
    confidence: same.some(isProven) ? ('likely' as const) : ('possible' as const),
    // Where git has both, that is the cause, and is told as such.
    ...(isInGit ? { severity: 'medium' as const } : {}),
  }))
}

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
  wants: ['containers'],
  actions: ['deploy env'],
  signals: {
    'data-exposed': ['same-secret', 'live-key-in-development', 'debug-in-production'],
    'payment-fails': ['test-key-in-production'],
  },
  checklist: { section: 'configuration', order: 2, line: 'Production and development share no secret' },
  outcomes: {
    'same-secret': blocker('Development and production share {list}', ownSecrets, {
      why: 'A lost laptop opens production, and a test can change what belongs to customers.',
    }),
    'localhost-in-production': blocker('In production, {list} points at this machine', publicAddress, {
      why: 'In production nothing answers there: what needs it fails for customers.',
    }),
    'test-key-in-production': blocker('Production runs on a test key: {list}', liveKeys, {
      impact: 'payment',
      why: 'Customers seem to pay, and no money arrives.',
    }),
    'live-key-in-development': high('Development runs on a live key: {list}', testKeys, {
      why: 'A mistake while trying something out reaches real customers or real money.',
    }),
    'debug-in-production': high('Production runs in debug mode: {list}', switchOff, {
      why: 'Error pages then show code, settings and customers’ data to whoever provokes an error.',
    }),
    separate: pass('Production has values of its own'),
  },
  references: ['https://12factor.net/dev-prod-parity', 'https://docs.stripe.com/keys'],
  judge({ envFiles: { files }, envUsage, containers }) {
    const settings = envUsage.settings.filter(({ unless }) => !unless || !isTold(unless, files, envUsage))
    const production = valuesIn(files, settings, isProduction)
    const development = valuesIn(files, settings, isDevelopment)
    if (production.length === 0 && development.length === 0)
      return skip('no file here sets variables for an environment')
    const pointing = localPlaces(production)
    const testing = production.filter(({ entry }) => entry.mode === 'test')
    const live = development.filter(({ entry }) => entry.mode === 'live' && entry.class === 'secret')
    const images = containers.ok ? containers.value.containers : null
    const debugging = production.filter(place => debugs(place.entry) && isShipped(place, images))
    const found = [
      ...sharedSecrets(production, development, files),
      ...(['certain', 'likely', 'possible'] as const).flatMap(confidence =>
        at('localhost-in-production', pointing(confidence), ({ entry }) => `${entry.name} names localhost`).map(
          one => ({
            ...one,
            confidence,
            ...(confidence === 'certain' ? {} : { key: confidence }),
          }),
        ),
      ),
      ...at('test-key-in-production', testing, masked),
      ...at('live-key-in-development', live, masked),
      ...at('debug-in-production', debugging, ({ entry }) => `${entry.name} = ${entry.word ?? 'on'}`).map(one => ({
        ...one,
        ...surenessOfDebug(debugging, settings, images ?? [], production),
      })),
    ]
    if (found.length) return found
    const compared = `${production.length} values of production with ${development.length} of development`
    const data = { names: [], list: '', file: '', other: '' }
    return { outcome: 'separate', data, evidence: [textEvidence('compared', compared)] }
  },
  examples: [
    { name: 'production with values of its own', facts: {}, expect: 'separate' },
    {
      name: 'one database for both',
      facts: {
        envFiles: { files: [...example.files, envFile('.env', 'default', [secretEntry('DATABASE_URL')])] },
      },
      expect: 'same-secret',
    },
  ],
})
