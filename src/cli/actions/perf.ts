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
  {
    stage: 'perf',
    name: 'baseline',
    operands: [['[domain]', 'domain (default: of the config)']],
    description: 'measure, and write the intervals into a file for perf budget',
    load: () => import('../commands/perf-baseline.ts'),
    judges: true,
    options: command => command.option('--file <path>', 'where to write (default: launch-ready.perf.json)'),
  },
  {
    stage: 'perf',
    name: 'budget',
    operands: [['[domain]', 'domain (default: of the config)']],
    description:
      'measure and compare with the baseline and the budgets; exit 1 when the intervals part or a budget is broken',
    load: () => import('../commands/perf-budget.ts'),
    judges: true,
    options: command => command.option('--file <path>', 'baseline to compare with (default: launch-ready.perf.json)'),
  },
  {
    stage: 'perf',
    name: 'export',
    operands: [['<tool>', 'k6']],
    description: 'write the walk of perf users as a script for another tool, for more than one machine can send',
    load: () => import('../commands/perf-export.ts'),
    options: command =>
      command
        .option('--users <n>', 'customers at once (default: perf.users of the config, else 20)')
        .option('--file <path>', 'where to write (default: standard output)'),
  },
]
