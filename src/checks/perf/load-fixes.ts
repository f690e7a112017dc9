// What to change where many customers at once are too many, by what the failures smell of.
import type { Fix } from '../../core/fix.ts'
import { fix, manual } from '../../core/fixes.ts'
import type { Smell } from '../../formats/perf/load-smell.ts'

export type Load = { domain: string; users: number; step: string; smell: Smell | null }

const slow: [string, string, string[]] = [
  'Shorten what every request of this step waits for',
  'Find what requests wait for when many come (database, one process, a lock), and let it do less for each',
  [
    'Look at the processor and at open connections of the database during the test: which one is at its end?',
    'More than one process or instance of the server uses the machine whole.',
  ],
]

const bySmell: Record<Smell, [string, string, string[]]> = {
  pool: [
    'Put a pooler before the database, and free connections sooner',
    'Put a pooler, which shares few connections among many (PgBouncer, the platform’s pooled connection string), before the database, or raise the size of the pool',
    [
      'Connections in use are requests per second times the seconds that each holds one: free it before calling other services.',
      'Pool size × instances must stay below the database’s limit, with some left for migrations.',
      'Open one pool for each process, never one client for each request.',
    ],
  ],
  limiter: [
    'See that the limiter counts customers, not addresses of an office',
    'Check that the limit for one address leaves room for people who share one (an office, a mobile network)',
    [
      'This test comes from one address. Let its address pass, or give each customer of the test a key of its own, and run it again.',
    ],
  ],
  platform: [
    'Give the platform more room',
    'Raise the number of instances, or how many requests one takes at once',
    ['Look at the platform’s metrics of that moment: restarts, memory, time to start another instance.'],
  ],
  refused: [
    'Let the server take more connections',
    'Raise the limits of open connections of server and proxy (worker_connections, backlog, open files)',
    ['A server that was restarted for lack of memory refuses too: look at its log for that moment.'],
  ],
  waits: slow,
  server: [
    'Find the fault that only shows under load',
    'Look in the error tracker for what this step threw during the test',
    ['Usual causes: a shared variable, a transaction that meets another one, a file that two requests write.'],
  ],
}

export const standTheLoad = ({ users, step, smell }: Load): Fix => {
  const [summary, first, more] = smell === null ? slow : bySmell[smell]
  return fix(
    summary,
    [manual(`${first}. First seen at: ${step}`)],
    [...more, `Run it again: \`launch-ready perf users --users ${users}\``],
    180,
  )
}
