// What has to be shown before an exposed secret is told loudly: that it is of what ships, and that it is of today. Where one of the two is
// only assumed, it is worth a look and no more.
import { placeholderWords } from '../../data/secret-shapes.ts'
import { literally } from '../literally.ts'
import { fileName } from '../repo/paths.ts'
import { liesIn } from '../shipped.ts'
import { secretRules } from './candidates.ts'
import { documentationHost, localHost, privateHost } from './detectors/hosts.ts'
import type { SecretHit } from './hit.ts'
import { plainName } from './names.ts'
import { pathKind, servesProduction } from './path-kind.ts'

type Place = { path: string; variable: string | null }

/** Rules whose values prove themselves, wherever they lie: by a sum of their own, or by the provider's word for what is live. */
const selfProven = new Set(
  secretRules
    .filter(
      ({ by, checksum, keywords }) => checksum !== undefined || (by === 'prefix' && /live|prod/.test(keywords[0]!)),
    )
    .map(({ id }) => id),
)

const shaped = new Set(secretRules.filter(({ by }) => by === 'prefix').map(({ id }) => id))
const named = new Set(secretRules.filter(({ by, id }) => by === 'name' && !shaped.has(id)).map(({ id }) => id))

/** Whether a rule knows a provider's values by the name that they are given to alone: production may be given another under that name. */
export const isKnownByName = (rule: string): boolean => named.has(rule)

const isUnshipped = liesIn(
  ['dependencies', 'fixtures', 'examples', 'tests', 'testSupport', 'documentation', 'manuals'],
  { anyCase: true },
)
/** Settings of a copy of the product that no customer uses. */
const isOfStage = (path: string): boolean =>
  /(?:^|[/._-])(?:staging|stage|preview|sandbox|uat|qa)(?=[/._-]|$)/i.test(path) &&
  (pathKind(path) !== 'code' || path.endsWith('.json'))

/** What is there to be copied; defaults and templates are read by what ships. */
const isSample = (path: string): boolean => pathKind(path) === 'example' && /example|sample|skel/i.test(fileName(path))

/** Whether what stands in a file is shown to others, is for tests or for a copy of the product: nothing that ships reads it. */
const standsAside = (path: string): boolean =>
  !servesProduction(path) &&
  (isUnshipped(path) || isOfStage(path) || isSample(path) || ['documentation', 'test'].includes(pathKind(path)))

/** Whether a secret stands only where nothing that ships reads it, and does not prove itself. */
export const isAside = ({ rule, places }: { rule: string; places: readonly Pick<Place, 'path'>[] }): boolean =>
  !selfProven.has(rule) && places.every(({ path }) => standsAside(path))

const ownAddress =
  /^[ \t]*(?:export[ \t]+)?(?:(?:APP|SITE|WEB|WEBSITE|PUBLIC|FRONTEND|BASE|ROOT|SERVER|NEXTAUTH|BETTER_AUTH)_(?:URL|HOST|DOMAIN|ORIGIN)|\w{0,80}(?:CALLBACK|REDIRECT)\w{0,40})[ \t]*=[ \t]*["']?(?:https?:\/\/)?([\w.-]{1,200})/gim

/** Whether the addresses that an environment file gives the product itself are all of this machine: it is a laptop's. */
export const servesThisMachine = (text: string): boolean => {
  const hosts = [...text.matchAll(ownAddress)]
    .map(([, host]) => host!)
    .filter(host => !placeholderWords.test(host) && !documentationHost.test(host))
  return hosts.length > 0 && hosts.every(host => localHost.test(host) || privateHost.test(host))
}

/** What a product makes up anew for each place it runs at, or registers anew: its own secrets, and those of its sign-in with others. */
export const isMadePerPlace = ({ kind, what }: { kind: string; what: string }): boolean =>
  kind === 'password' || kind === 'generic' || /client secret|webhook signing secret/.test(what)

const year = 365 * 86_400_000

/** For how long, up to the newest commit, the product has gone on without a secret. */
const without = (left: string, newest: string | null): number => (newest ? Date.parse(newest) - Date.parse(left) : 0)

/** Whether it has gone on so long that it replaced the secret, or lives with it. */
export const isOfLongAgo = (left: string, newest: string | null): boolean => without(left, newest) > 3 * year

/** Whether what nothing names any more may have gone out of use: the service went with the code that used it. */
export const mayBeDisused = (left: string, newest: string | null): boolean => without(left, newest) > year

/** Names of databases in their addresses, and how code names them. */
const spellings: Readonly<Record<string, string>> = {
  postgresql: 'postgres|\\bpg\\b|neon',
  mysql: 'mysql|mariadb',
  mongodb: 'mongo',
}

/** A name as code may spell it: `stripeSecretKey`, `STRIPE_SECRET_KEY`. */
const spelled = (name: string): string => plainName(name).split('_').filter(Boolean).map(literally).join('[-_]?')

/** Names that say only that a value is secret, and so of which: any code holds them. */
const saysNothing =
  /^(?:(?:api|access|auth|client|private|secret)_?)?(?:key|token|secret|password|passwd|pwd|credentials?)$/

const isTelling = (variable: string): boolean => {
  const plain = plainName(variable)
  return plain.length > 3 && !saysNothing.test(plain)
}

type Named = { provider: string; kind: string; places: readonly Place[] }

/**
 * What code that still uses a secret would name: its provider, the variable that held it, the file of a key. Null where it has no name, so
 * that nothing can be looked for.
 */
export const namesOf = ({ provider, kind, places }: Named): RegExp | null => {
  const word = /^your /.test(provider) ? '' : provider.toLowerCase().replace(/ .*$/, '')
  const sources = new Set([
    ...(word ? [spellings[word] ?? literally(word.includes('.') ? word.split('.').slice(-2).join('.') : word)] : []),
    ...places.flatMap(({ variable }) => (variable && isTelling(variable) ? [spelled(variable)] : [])),
    ...(kind === 'private-key' ? places.map(({ path }) => literally(fileName(path))) : []),
  ])
  return sources.size ? new RegExp([...sources].join('|'), 'i') : null
}

/** Whether a file can say what the product uses today: no manual, no lock, no migration, nothing that was made. */
export const tellsUse = (path: string): boolean =>
  ['environment', 'configuration', 'code', 'example'].includes(pathKind(path)) &&
  !/(?:^|\/)(?:migrations?|migrate|drizzle\/meta|versions|changelogs?)\//i.test(path) &&
  !/\.(?:css|scss|html?|xml|csv|txt)$/i.test(path)

/** A file that its own name calls a former one. */
const wasPutAside = /\.(?:old|bak|backup|orig|disabled|unused)$/i

/**
 * How sure it is that a secret in the tree opens what customers rely on: a private key is known by its form, and that it is theirs is shown
 * where its file is named for production alone.
 */
export const surenessInTree = ({
  kind,
  confidence,
  places,
}: {
  kind: string
  confidence: SecretHit['confidence']
  places: readonly Pick<Place, 'path'>[]
}): SecretHit['confidence'] => {
  if (kind !== 'private-key' || places.some(({ path }) => servesProduction(path))) return confidence
  if (places.every(({ path }) => wasPutAside.test(path))) return 'possible'
  return confidence === 'certain' ? 'likely' : confidence
}
