// The actions of `perf`.
import type { Action } from '../actions.ts'

export const perfActions: Action[] = [
  {
    stage: 'perf',
    name: 'users',
    operands: [['[domain]', 'domain (default: of the config)']],
    description:
      'many customers at once walk the flows and routes of the config, beside the same walk by one: does it stand? sends requests, logs in',
    load: () => import('../commands/perf-users.ts'),
    judges: true,
    options: command => command.option('--users <n>', 'customers at once (default: perf.users of the config, else 20)'),
  },
]
