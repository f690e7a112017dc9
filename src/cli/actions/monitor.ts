// The actions of `monitor`.
import type { Action } from '../actions.ts'
import { monitorViewActions } from './monitor-view.ts'

export const monitorActions: Action[] = [
  {
    stage: 'monitor',
    name: 'watch',
    operands: [],
    description:
      'look at everything that monitor.monitors names, each minute, and tell people; runs until it is stopped',
    load: () => import('../commands/monitor-watch.ts'),
  },
  {
    stage: 'monitor',
    name: 'status',
    operands: [],
    description:
      'what is up and what is down: exit 0 all up, 1 something down, 3 not known; for cron and health checks',
    load: () => import('../commands/monitor-status.ts'),
    options: command => command.option('--beats', 'print the addresses at which jobs report'),
  },
  {
    stage: 'monitor',
    name: 'test-alert',
    operands: [],
    description: 'send a test through the real way of every channel, and keep the proof that it was taken and seen',
    load: () => import('../commands/monitor-test-alert.ts'),
    options: command =>
      command
        .option('--channel <name...>', 'these channels only')
        .option('--ack <nonce>', 'say that the test with this word was seen')
        .option('--wait <duration>', 'how long to wait until it is seen (default: 60s where an inbox is read, else 0s)')
        .option('--out <dir>', 'where evidence/alert-delivery.json goes (default: launch-ready)'),
  },
  {
    stage: 'monitor',
    name: 'event',
    operands: [
      ['<kind>', 'deploy, job or note'],
      ['[text]', 'what to say'],
    ],
    description:
      'tell the monitor of a deploy, a job or anything else; CI calls it after every deploy, also a failed one',
    load: () => import('../commands/monitor-event.ts'),
    options: command =>
      command
        .option('--commit <sha>', 'commit that was deployed (default: of the CI)')
        .option('--status <status>', 'success or failure')
        .option('--by <who>', 'who did it')
        .option('--link <url>', 'where more stands'),
  },
  {
    stage: 'monitor',
    name: 'maintenance',
    operands: [
      ['<what>', 'start, end or list'],
      ['[id]', 'with end: which one (default: all that are under way)'],
    ],
    description: 'a time in which nothing alerts and nothing counts against the target',
    load: () => import('../commands/monitor-maintenance.ts'),
    options: command =>
      command
        .option('--monitors <name...>', 'these monitors only')
        .option('--for <duration>', 'how long (default: 30m)')
        .option('--note <text>', 'why'),
  },
  {
    stage: 'monitor',
    name: 'ack',
    operands: [['[incident]', 'which one (default: the one that is open)']],
    description: 'say that somebody takes care of an incident: reminders and escalations end',
    load: () => import('../commands/monitor-ack.ts'),
    options: command => command.option('--by <who>', 'who takes care of it'),
  },
  ...monitorViewActions,
]
