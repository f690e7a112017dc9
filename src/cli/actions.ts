// The actions inside the stages: names, operands, own options, and the module that carries each out.
import type { Command } from 'commander'
import { handoverActions } from './actions/handover.ts'
import { monitorActions } from './actions/monitor.ts'
import { perfActions } from './actions/perf.ts'
import type { Call } from './call.ts'
import { collect } from './options.ts'

/** An action inside a stage: `launch-ready dns map`. */
export type Action = {
  stage: string
  name: string
  operands: [string, string][]
  description: string
  load: () => Promise<{ run: CommandRun }>
  options?: (command: Command) => Command
  /** It judges and reports as a stage does, and takes the same options. */
  judges?: boolean
}

/** What a command's module exports as `run`; resolves to the exit code. */
export type CommandRun = (call: Call) => Promise<number>

export const actions: Action[] = [
  {
    stage: 'dns',
    name: 'map',
    operands: [['[domain]', 'domain (default: of the config)']],
    description: 'every name, what stands there and where it leads; with --out also a zone file',
    load: () => import('./commands/dns-map.ts'),
    options: command => command.option('--out <dir>', 'write dns-map.md and the zone file there'),
  },
  {
    stage: 'dns',
    name: 'snapshot',
    operands: [['[domain]', 'domain (default: of the config)']],
    description: 'write the zone as it is into a file, for dns drift',
    load: () => import('./commands/dns-snapshot.ts'),
    options: command => command.option('--file <path>', 'where to write (default: dns.snapshot, or dns-snapshot.zone)'),
  },
  {
    stage: 'dns',
    name: 'drift',
    operands: [
      ['[domain]', 'domain (default: of the config, or of the file)'],
      ['[file]', 'snapshot or zone file (default: dns.snapshot, or dns-snapshot.zone)'],
    ],
    description: 'compare the zone with a snapshot or zone file; exit 1 when it differs',
    load: () => import('./commands/dns-drift.ts'),
  },
  {
    stage: 'email',
    name: 'spf',
    operands: [['<domain>', 'domain that the mail claims to come from']],
    description: 'may this server send for the domain? evaluated like a receiver (RFC 7208); exit 0 when it may',
    load: () => import('./commands/email-spf.ts'),
    options: command =>
      command
        .option('--ip <address>', 'address of the sending server')
        .option('--sender <address>', 'envelope sender, empty for a bounce (default: postmaster of the domain)')
        .option('--helo <name>', 'name in HELO or EHLO (default: the domain)')
        .option('--receiver <name>', 'name of the receiver, for explanations'),
  },
  {
    stage: 'email',
    name: 'message',
    operands: [['[file...]', 'mails as they arrived (.eml, with all headers); - for standard input']],
    description:
      'judge a real mail: who sent it and whether that can be verified, its form, every link; links that may hold a one-time token are followed only with --active',
    load: () => import('./commands/email-message.ts'),
    judges: true,
    options: command =>
      command
        .option('--ip <address>', 'address of the server that delivered it, where the mail does not tell')
        .option('--helo <name>', 'name that this server gave in HELO or EHLO')
        .option('--sender <address>', 'envelope sender, empty for a bounce')
        .option('--bulk', 'it is marketing or a newsletter'),
  },
  {
    stage: 'email',
    name: 'reports',
    operands: [
      ['[path]', 'file, directory or imaps://host/folder with reports (default: email.reports of the config)'],
    ],
    description:
      'who sends in your name, how much passes, and whether the DMARC policy can be tightened; exit 0 when it can',
    load: () => import('./commands/email-reports.ts'),
    options: command => command.option('--report <format[:file]>', 'terminal, json or html (repeatable)', collect),
  },
  {
    stage: 'email',
    name: 'flows',
    operands: [['[domain]', 'domain (default: of the config)']],
    description:
      'trigger the mail flows of the config and wait for their mails: do they arrive, in time, in the inbox?',
    load: () => import('./commands/email-flows.ts'),
    judges: true,
  },
  {
    stage: 'deploy',
    name: 'smoke',
    operands: [],
    description: 'after a deploy: does the running product work? exit 1 when not (deploy.smoke in the config)',
    load: () => import('./commands/deploy-smoke.ts'),
    options: command =>
      command
        .option('--deadline <duration>', 'how long steps are tried again until they pass (default: 120s)')
        .option('--commit <sha>', 'commit that was deployed (default: of the CI, else HEAD)'),
  },
  {
    stage: 'deploy',
    name: 'migrations',
    operands: [['[repo]', 'repository (default: the git root around here)']],
    description: 'what the migrations that are not released yet would do to the running product',
    load: () => import('./commands/deploy-migrations.ts'),
    options: command => command.option('--since <ref>', 'tag or commit after which migrations count as unreleased'),
  },
  {
    stage: 'deploy',
    name: 'secrets',
    operands: [['[repo]', 'repository (default: the git root around here)']],
    description: 'secrets in the files and in the history; the ledger of their rotation',
    load: () => import('./commands/deploy-secrets.ts'),
    options: command =>
      command
        .option('--verify', 'ask each provider whether what was found still works (one reading request each)')
        .option('--record <sha256>', 'write into the ledger that this secret was replaced, with --by and --evidence')
        .option('--by <who>', 'who replaced it')
        .option('--evidence <text>', 'how one can tell')
        .option('--name <text>', 'what it is, for people')
        .option('--expires <date>', 'when it is to be replaced again, such as 2027-11-25'),
  },
  {
    stage: 'deploy',
    name: 'env',
    operands: [['[repo]', 'repository (default: the git root around here)']],
    description: 'environment variables: read, written down, set, separate, public, validated',
    load: () => import('./commands/deploy-env.ts'),
    options: command => command.option('--matrix', 'print the inventory of variables (Markdown, or JSON with --json)'),
  },
  {
    stage: 'deploy',
    name: 'ai',
    operands: [['[repo]', 'repository (default: the git root around here)']],
    description: 'probe the assistant of the config (ai) for injection and leaks, with canaries',
    load: () => import('./commands/deploy-ai.ts'),
    options: command => command.option('--dry-run', 'say how many requests it would make and what they cost, no more'),
  },
  ...perfActions,
  ...monitorActions,
  ...handoverActions,
]
