// How sure it is that the secrets of an environment file open what a product runs on.
import { environmentNames } from './env-separation.ts'
import { isTemplate } from './env-template.ts'

type Entry = {
  name: string
  class: string
  kind: string | null
  what?: string | null
  proof: 'shape' | 'name' | null
  sure: boolean
  word: string | null
  commented: boolean
  empty: boolean
  local: boolean
  secretName: boolean
}

/** Secrets that a product makes up itself; the others are a provider's. */
export const isOwn = (kind: string | null): boolean => kind === 'password' || kind === 'generic'

const words: readonly [RegExp, 'test' | 'development' | 'production'][] = [
  [/^(?:test|tests|testing|ci|e2e|dusk)$/i, 'test'],
  [/^(?:development|develop|dev|local)$/i, 'development'],
  [/^(?:production|prod|live)$/i, 'production'],
]

/** The environment that a file's own values name: `APP_ENV=testing`, `NODE_ENV=production`; null where none does. */
export const saidEnvironment = (
  entries: readonly Pick<Entry, 'name' | 'word' | 'commented'>[],
): 'test' | 'development' | 'production' | null => {
  const said = entries.find(({ name, word, commented }) => !commented && word !== null && environmentNames.test(name))
  return words.find(([pattern]) => pattern.test(said?.word ?? ''))?.[1] ?? null
}

const siteNames =
  /^(?:APP|SITE|WEB|WEBSITE|PUBLIC|FRONTEND|BASE|ROOT|SERVER|API|NEXTAUTH|BETTER_AUTH)_(?:URL|HOST|DOMAIN|ORIGIN)$/

/** Whether production plainly reads a file: by its name, by what it says of itself, or because it names the site that it serves. */
const isOfProduction = (environment: string, entries: readonly Entry[]): boolean =>
  environment === 'production' ||
  saidEnvironment(entries) === 'production' ||
  (environment === 'default' &&
    entries.some(
      one => !one.commented && siteNames.test(one.name) && one.class === 'plain' && !one.local && !one.empty,
    ))

/** An address that only takes messages: one to try it with and the product's own look alike. */
const takesMessages = /webhook$/

/**
 * How sure it is that a file's secrets are live; null where it holds none. A provider's own shape leaves no doubt wherever it lies. What a
 * product made up itself is certain in a file of production alone, and where others run the product it may be what everybody starts with.
 */
export const sureOfSecrets = (
  { path, environment, entries }: { path: string; environment: string; entries: readonly Entry[] },
  isHosted: boolean,
): 'certain' | 'likely' | 'possible' | null => {
  const secrets = entries.filter(one => one.class === 'secret' && !one.commented)
  if (secrets.length === 0) return null
  // A private key is known by its form wherever it lies; what it guards is not.
  const isTried = environment === 'test' || environment === 'development'
  const opens = ({ kind, what }: Entry): boolean =>
    kind !== 'private-key' && !(isTried && takesMessages.test(what ?? ''))
  if (secrets.some(one => one.proof === 'shape' && opens(one))) return 'certain'
  if (isTemplate(path, entries)) return 'possible'
  // A provider's key of a sandbox and one of the product look alike: in a file of laptops it is the first more often.
  if (environment !== 'production' && environment !== 'default') return 'possible'
  const named = environment === 'production'
  if (isHosted && !named) return 'possible'
  if (secrets.some(({ proof }) => proof === 'name')) return 'certain'
  if (isHosted || !secrets.some(({ sure }) => sure)) return 'likely'
  return isOfProduction(environment, entries) ? 'certain' : 'likely'
}
