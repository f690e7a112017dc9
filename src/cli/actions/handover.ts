// The actions of `handover`.
import type { Action } from '../actions.ts'
import { collect } from '../options.ts'

export const handoverActions: Action[] = [
  {
    stage: 'handover',
    name: 'write',
    operands: [['[domain]', 'domain (default: of the config)']],
    description:
      'look at everything, ask what only people know, and write handover.md, .html, .pdf, renewals.ics and evidence/',
    load: () => import('../commands/handover-write.ts'),
    judges: true,
    options: command =>
      command
        .option('--by <who>', 'who answers (default: the name that git knows)')
        .option('--answer <path=value>', 'an answer, such as access.dns.people=ada@example.com (repeatable)', collect)
        .option('-y, --yes', 'ask nothing')
        .option('--force', 'write over a handover.md that launch-ready did not write'),
  },
  {
    stage: 'handover',
    name: 'verify',
    operands: [['[domain]', 'domain (default: of the config)']],
    description: 'does the handover still hold? exit 1 where it and production part; for CI',
    load: () => import('../commands/handover-verify.ts'),
    judges: true,
    options: command => command.option('--update', 'write the machine-made parts anew; the words of people stay'),
  },
  {
    stage: 'handover',
    name: 'drill',
    operands: [['<drill>', 'redeploy, rollback, rotate-key, restore or alert']],
    description: 'walk through a procedure step by step, see what can be seen, time it, and record it',
    load: () => import('../commands/handover-drill.ts'),
    options: command =>
      command
        .option('--repo <dir>', 'repository (default: the git root around here)')
        .option('--by <who>', 'who does it (default: the name that git knows)')
        .option('-y, --yes', 'ask nothing: the steps are done by others while it watches')
        .option('--deadline <duration>', 'how long it waits for what is to be seen (default: 10m)')
        .option('--url <url>', 'page that shows what is to be seen: the version, the key, the restored data')
        .option('--old-key <NAME>', 'environment variable that holds the old key (rotate-key)')
        .option('--new-key <NAME>', 'environment variable that holds the new key (rotate-key)'),
  },
]
