// What the values of variables say of an environment: debug mode, this machine, secrets that guard something.

type Value = {
  name: string
  line: number
  class: string
  hash: string | null
  commented: boolean
  on: boolean
  word: string | null
}

const debugWords = /^(?:development|dev|local|debug)$/i
const debugNames =
  /^(?:APP_|DJANGO_|FLASK_|NEXT_PUBLIC_|VITE_|RAILS_)?DEBUG(?:_MODE)?$|^WDYR$|^DISPLAY_ERRORS$|^(?:consider_all_requests_local|debug_errors|debug|DetailedErrors)$/

/** Names of variables that say which environment it is: NODE_ENV, RAILS_ENV, ENVIRONMENT. */
export const environmentNames =
  /^(?:NODE|APP|RAILS|RACK|FLASK|MIX|DJANGO|NEXT_PUBLIC_APP|GO|ENV)_?ENV(?:IRONMENT)?$|^ENVIRONMENT$|^ASPNETCORE_ENVIRONMENT$/

/** Names that say where a server listens, not whom it calls. */
const listenNames =
  /^(?:HOST|BIND|LISTEN|HOSTNAME|ADDR|.*_BIND(?:_ADDR(?:ESS)?)?|NO_PROXY|.*ALLOWED_HOSTS|.*TRUSTED_PROXIES|HEALTH\w*)$/i

/** Names of what runs beside the program: a server that calls itself, an agent, a collector, a browser. */
const besideNames =
  /(?:^|_)(?:INTERNAL|LOCAL|LOCALHOST|LOOPBACK|SELF|SIDECAR|AGENT|COLLECTOR|OTEL|OTLP|STATSD|EXPORTER|METRICS|PROMETHEUS|DD|DATADOG|BIND|LISTEN|SOCKET|PROXY|HEALTHCHECK)(?:_|$)/i
/** Names of addresses that a browser or a service elsewhere is given. */
const publicNames =
  /^(?:NEXT_PUBLIC|VITE|REACT_APP|PUBLIC|NUXT_PUBLIC|EXPO_PUBLIC|GATSBY)_|^(?:APP|SITE|PUBLIC|WEB|WEBSITE|FRONTEND|CLIENT|BASE|ROOT|NEXTAUTH|AUTH|BETTER_AUTH|SERVER|API|CANONICAL|EXTERNAL)_?(?:BASE_?)?(?:URL|URI|ORIGIN|HOST|DOMAIN)$|(?:^|_)(?:CALLBACK|REDIRECT|WEBHOOK|RETURN|SUCCESS|CANCEL)_(?:URL|URI)$|(?:^|_)PUBLIC_(?:URL|URI|HOST|ORIGIN)$/i

/** Names of databases and queues, which some run on the machine of the program. */
const serviceNames =
  /(?:^|_)(?:DATABASE|DB|POSTGRES|POSTGRESQL|PG|MYSQL|MONGO|MONGODB|REDIS|AMQP|RABBITMQ|ELASTICSEARCH)(?:_|$)/i

/**
 * How sure it is that a setting of production that names this machine is a fault; null where it is meant. A browser and a service elsewhere
 * cannot follow it, and on a platform nothing else runs on the machine. What an image or compose sets is a default.
 */
export const localFault = (name: string, kind: string | null): 'certain' | 'likely' | 'possible' | null => {
  if (listenNames.test(name) || besideNames.test(name)) return null
  const isDefault = kind === 'dockerfile' || kind === 'compose'
  if (publicNames.test(name)) return isDefault ? 'possible' : 'certain'
  if (serviceNames.test(name)) return isDefault ? 'possible' : kind === 'platform' ? 'certain' : 'likely'
  return kind === 'platform' ? 'likely' : 'possible'
}

/** Whether a value switches debug mode on: `DEBUG=true`, `NODE_ENV=development`. */
export const debugs = ({ name, on, word }: Pick<Value, 'name' | 'on' | 'word'>): boolean =>
  (debugNames.test(name) && on) || (environmentNames.test(name) && word !== null && debugWords.test(word))

/** Whether a value guards something, so that two environments must not share it. */
export const guards = (value: Pick<Value, 'class' | 'hash'>): boolean =>
  value.hash !== null && (value.class === 'secret' || value.class === 'unclear')

/** A value and the file that gives it. */
export type PlacedValue<E> = { file: string; line: number; kind: string | null; entry: E }

/** Every value that is set for the environments wanted: dotenv files, and platform files, images and compose. */
export const valuesIn = <E extends Value>(
  files: readonly { path: string; environment: string; tracked: boolean; entries: readonly E[] }[],
  settings: readonly { file: string; line: number; environment: string; kind: string; entry: E | null }[],
  wanted: (environment: string, tracked: boolean) => boolean,
): PlacedValue<E>[] => [
  ...files
    .filter(({ environment, tracked }) => wanted(environment, tracked))
    .flatMap(({ path, entries }) =>
      entries.filter(({ commented }) => !commented).map(entry => ({ file: path, line: entry.line, kind: null, entry })),
    ),
  ...settings.flatMap(({ file, line, environment, kind, entry }) =>
    entry !== null && kind !== 'ci' && wanted(environment, true) ? [{ file, line, kind, entry }] : [],
  ),
]

/** Whether anything written down sets or names the variable that decides: whoever deploys the product is told of it. */
export const isTold = (
  variable: string,
  files: readonly { entries: readonly { name: string }[] }[],
  usage: { settings: readonly { name: string; kind: string }[]; explained: readonly string[] },
): boolean =>
  files.some(({ entries }) => entries.some(({ name }) => name === variable)) ||
  usage.settings.some(({ name, kind }) => name === variable && kind !== 'code') ||
  usage.explained.includes(variable)

/**
 * Places that name this machine, by sureness. A file that still holds placeholders is a pattern to fill in: its values are none of a server.
 * Values of Heroku's button are what its form begins with.
 */
export const localPlaces = <E extends Value & { local: boolean }>(
  production: readonly PlacedValue<E>[],
): ((how: 'certain' | 'likely' | 'possible') => PlacedValue<E>[]) => {
  const patterns = new Set(production.filter(({ entry }) => entry.class === 'placeholder').map(({ file }) => file))
  const sureness = ({ entry, kind, file }: PlacedValue<E>): 'certain' | 'likely' | 'possible' | null => {
    const sure = entry.local ? localFault(entry.name, kind) : null
    return sure !== null && (patterns.has(file) || /(?:^|\/)app\.json$/.test(file)) ? 'possible' : sure
  }
  return how => production.filter(one => sureness(one) === how)
}

/** Values of production, and those of laptops and tests: an untracked `.env` is one of the latter. */
export const isProduction = (environment: string): boolean => environment === 'production'
export const isDevelopment = (environment: string, tracked: boolean): boolean =>
  environment === 'development' || environment === 'test' || (environment === 'default' && !tracked)

type DebugPlace = { file: string; kind: string | null; entry: { name: string; word: string | null } }

/**
 * Whether a place is assumed to be of production: an image that nothing is seen to build, where it lies below the root or calls itself one
 * of development, and what Heroku's button begins with.
 */
const isAssumed = ({ kind, file, entry }: DebugPlace, images: readonly { file: string; built?: true }[]): boolean =>
  kind === 'dockerfile'
    ? images.some(one => one.file === file && (file.includes('/') || environmentNames.test(entry.name)) && !one.built)
    : /(?:^|\/)app\.json$/.test(file)

/** Whether an image is one of those that are shipped, as far as they were read; what else sets a value may be of production. */
export const isShipped = ({ kind, file }: DebugPlace, images: readonly { file: string }[] | null): boolean =>
  kind !== 'dockerfile' || images === null || images.some(one => one.file === file)

/** Whether an image calls itself one of development beside another that calls itself one of production: each is what it says. */
const isOneOfTwo = ({ kind, entry }: DebugPlace, production: readonly DebugPlace[]): boolean =>
  kind === 'dockerfile' &&
  environmentNames.test(entry.name) &&
  production.some(
    other =>
      other.kind === 'dockerfile' &&
      other.entry.name === entry.name &&
      /^prod(?:uction)?$/i.test(other.entry.word ?? ''),
  )

/** Settings may be replaced where the product runs; a default is, where a variable may be set that nothing here shows. */
export const surenessOfDebug = (
  debugging: readonly DebugPlace[],
  settings: readonly { unless?: string }[],
  images: readonly { file: string; built?: true }[],
  production: readonly DebugPlace[],
): { confidence?: 'likely' | 'possible' } => {
  if (debugging.every(one => isAssumed(one, images) || isOneOfTwo(one, production))) return { confidence: 'possible' }
  if (!debugging.every(({ kind }) => kind === 'code')) return {}
  return { confidence: settings.some(({ unless }) => unless) ? 'possible' : 'likely' }
}
