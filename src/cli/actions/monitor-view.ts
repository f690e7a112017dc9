// The actions of `monitor` that look at logs, write for other tools, and show what the watcher keeps.
import type { Action } from '../actions.ts'

export const monitorViewActions: Action[] = [
  {
    stage: 'monitor',
    name: 'dashboard',
    operands: [],
    description: 'one screen over what the watcher keeps; served until it is stopped, or written as files with --out',
    load: () => import('../commands/monitor-dashboard.ts'),
    options: command => command.option('--out <dir>', 'write the dashboard and the status page as files there'),
  },
  {
    stage: 'monitor',
    name: 'export',
    operands: [
      [
        '<tool>',
        'gatus, uptime-kuma, upptime, checkly, better-stack, uptimerobot, prometheus, github-actions; systemd, docker, fly for our own',
      ],
    ],
    description: 'the same monitors for a tool that you have, or the service files of our own watcher',
    load: () => import('../commands/monitor-export.ts'),
    options: command => command.option('--out <dir>', 'write the files there (default: print them)'),
  },
  {
    stage: 'monitor',
    name: 'redact',
    operands: [['[file...]', 'logs (default: -, standard input)']],
    description:
      'a log without secrets and personal data, line by line; or the same rules as code for your logger (--as)',
    load: () => import('../commands/monitor-redact.ts'),
    options: command =>
      command
        .option('--hash', 'pseudonyms that stay the same, instead of the bare kind (key: LAUNCH_READY_HASH_KEY)')
        .option('--ip', 'addresses of machines too')
        .option('--as <logger>', 'write the rules for pino, winston, rails, django, laravel, nginx or sentry')
        .option('--out <dir>', 'with --as: write the files there'),
  },
  {
    stage: 'monitor',
    name: 'scan-logs',
    operands: [['<file...>', 'logs; - for standard input']],
    description: 'what of secrets, sessions, cards and personal data is in these logs, masked; exit 1 on anything',
    load: () => import('../commands/monitor-scan-logs.ts'),
    judges: true,
    options: command => command.option('--ip', 'addresses of machines too'),
  },
]
