// What a failure under load smells of, by what the server says of it.

export const smells = ['pool', 'limiter', 'platform', 'refused', 'waits', 'server'] as const
export type Smell = (typeof smells)[number]

/** Words of databases and their clients that have no connection left. */
const poolWords: readonly string[] = [
  'too many connections',
  'too many clients',
  'remaining connection slots',
  'connection limit exceeded',
  'max_connections',
  'max_client_conn',
  'no more connections allowed',
  'timed out fetching a new connection from the connection pool',
  'connection pool timeout',
  'connection pool exhausted',
  'pool exhausted',
  'could not obtain a database connection',
  'could not obtain a connection from the pool',
  'queuepool limit',
  'er_con_count_error',
  'sequelizeconnectionacquiretimeouterror',
  'timeout acquiring a connection',
  'timeout exceeded when trying to connect',
  'er_user_limit_reached',
  'p2024',
  'p2037',
]

/** How much of a body is read for its words. */
const mostRead = 20_000

/** The cause that an answer, or its absence, speaks for; null where the request went well. */
export const smellOf = (answer: { status: number; body: string; message: string | null }): Smell | null => {
  const { status, message } = answer
  if (status === 429) return 'limiter'
  const said = `${answer.body.slice(0, mostRead)} ${message ?? ''}`.toLowerCase()
  if ((status >= 500 || status === 0) && poolWords.some(words => said.includes(words))) return 'pool'
  if (status >= 502 && status <= 504) return 'platform'
  if (status >= 500) return 'server'
  if (status > 0 || message === null) return null
  return /refuse|reset|closed the connection/.test(said) ? 'refused' : 'waits'
}

/** The cause in words, to stand behind "it smells of". */
export const smellInWords: Record<Smell, string> = {
  pool: 'a pool of database connections that is used up',
  limiter: 'a limiter of requests (429): all customers of this test come from one address',
  platform: 'the platform: it has no instance free (502, 503, 504)',
  refused: 'a server that takes no more connections',
  waits: 'a queue: requests are accepted and not answered in time',
  server: 'a fault of the application under load',
}
