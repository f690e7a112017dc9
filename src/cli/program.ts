// The tree of commands. Each command's code is imported when it runs, so that --help loads commander alone.
import { Command, CommanderError } from 'commander'
import type { UsageError } from '../config/errors.ts'
import { describeDefect } from './defect.ts'
import { Exit, exitCodes } from './exit-code.ts'
import type { Io } from './io.ts'
import { addNetworkOptions, addOutputOptions, addStageOptions, collect } from './options.ts'

const stageCommands = [
  ['audit', 'domain', 'everything that can be judged, in one pass: what stands between you and a customer'],
  ['dns', 'domain', 'names, canonical URL, redirects, subdomains, TTLs, TLS on every name, Cloudflare'],
  ['email', 'domain', 'SPF, DKIM, DMARC, MX, transport: does transactional mail land?'],
  ['deploy', 'repo', 'build, environment, secrets, rollback, migrations, CI'],
] as const

/** Actions inside a stage: [stage, name, arguments, description, module, own options]. */
type Action = {
  stage: string
  name: string
  operands: [string, string][]
  description: string
  load: () => Promise<{ run: ActionRun }>
  options?: (command: Command) => Command
  /** It judges and reports as a stage does, and takes the same options. */
  judges?: boolean
}

/** What an action's module exports as `run`: operands, options, the outside → exit code. */
export type ActionRun = (
  operands: string[],
  options: Record<string, unknown>,
  io: Io,
  version: string,
) => Promise<number>

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
    options: command =>
      command.option(
        '--report <format[:file]>',
        'terminal, json or html (repeatable)',
        (value, before: string[] = []) => [...before, value],
      ),
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
]

/** A wrong domain or directory that looks like an action with a slip of the pen: the message names the action too. */
const withAction = async (stage: string, given: string | undefined, error: unknown): Promise<unknown> => {
  if (!isUsageError(error) || given === undefined || !/^[a-z-]+$/.test(given)) return error
  const { nearest, UsageError } = await import('../config/errors.ts')
  const names = actions.filter(action => action.stage === stage).map(action => action.name)
  const near = nearest(given, names)
  return near ? new UsageError(`${error.message}\nDid you mean launch-ready ${stage} ${near}?`) : error
}

/** Builds the tree. `done` is told the exit code of the command that ran. */
export const buildProgram = (io: Io, version: string, done: (code: number) => void): Command => {
  const program = new Command('launch-ready')
  program
    .description('Finds what keeps a paying customer out, ranks it by what it costs, and says exactly what to change.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .addHelpText('after', '\nStart with:  launch-ready audit example.com\n')
    .showSuggestionAfterError(true)
    .configureOutput({
      writeOut: io.out,
      writeErr: io.err,
      getOutHelpWidth: () => io.columns ?? 80,
      getErrHelpWidth: () => io.columns ?? 80,
    })
    .exitOverride()

  for (const [stage, operand, description] of stageCommands) {
    const command = program.command(stage).argument(`[${operand}]`).description(description)
    addStageOptions(command)
    command.action(async (given: string | undefined, _options: unknown, self: Command) => {
      const { runStage } = await import('./commands/stage.ts')
      try {
        done(await runStage(stage, given, self.opts(), io, version))
      } catch (error) {
        throw await withAction(stage, given, error)
      }
    })
    for (const action of actions.filter(item => item.stage === stage)) {
      const sub = command.command(action.name).description(action.description)
      for (const [name, about] of action.operands) sub.argument(name, about)
      if (action.judges) addStageOptions(sub)
      else {
        addNetworkOptions(sub)
        addOutputOptions(sub)
        sub.option('-c, --config <file>', 'config file (default: launch-ready.config.* here or above)')
      }
      action.options?.(sub)
      sub.action(async (...all: unknown[]) => {
        const self = all.at(-1) as Command
        const { run } = await action.load()
        done(await run(self.args, { ...self.optsWithGlobals() }, io, version))
      })
    }
  }

  const simple = (name: string, description: string): Command => program.command(name).description(description)

  addNetworkOptions(
    simple('init', 'ask, discover, and write a config; in a repository also the CI step of the smoke test'),
  )
    .argument('[domain]')
    .option('-y, --yes', 'ask nothing, take what is discovered')
    .option('--force', 'overwrite a config that exists')
    .option('--file <file>', 'where to write (default: launch-ready.config.yaml)')
    .option(
      '--ci <provider>',
      'pipeline that gets the smoke test as a step: github, gitlab or none (default: the one found)',
    )
    .action(async (domain: string | undefined, _options: unknown, self: Command) => {
      const { run } = await import('./commands/init.ts')
      done(await run(domain === undefined ? [] : [domain], self.opts(), io, version))
    })

  addStageOptions(simple('demo', 'the whole thing on a broken world that it serves itself')).action(
    async (_options: unknown, self: Command) => {
      const { run } = await import('./commands/demo.ts')
      done(await run([], self.opts(), io, version))
    },
  )

  simple('explain', 'why a check matters, how it is judged, how it is fixed')
    .argument('<check>')
    .action(async (id: string) => {
      const { run } = await import('./commands/explain.ts')
      done(await run([id], {}, io))
    })

  simple('checks', 'list the checks')
    .argument('[stage]')
    .option('--json', 'as JSON')
    .action(async (stage: string | undefined, options: Record<string, unknown>) => {
      const { run } = await import('./commands/checks.ts')
      done(await run(stage === undefined ? [] : [stage], options, io))
    })

  addNetworkOptions(
    simple('doctor', 'can this machine audit: resolver, port 53, port 25, IPv6, clock, proxy, browser, git, Node'),
  )
    .option('--json', 'as JSON')
    .action(async (options: Record<string, unknown>) => {
      const { run } = await import('./commands/doctor.ts')
      done(await run([], options, io, version))
    })

  simple('diff', 'what changed between two JSON reports')
    .argument('<old>')
    .argument('<new>')
    .option('--report <format[:file]>', 'terminal, markdown or json (repeatable)', collect)
    .option('--json', 'short for --report json')
    .option('--no-color', 'no colours')
    .action(async (before: string, after: string, options: Record<string, unknown>) => {
      const { run } = await import('./commands/diff.ts')
      done(await run([before, after], options, io))
    })

  simple('completion', 'print a completion script')
    .argument('<shell>', 'bash, zsh or fish')
    .action(async (shell: string) => {
      const { completionScript } = await import('./commands/completion.ts')
      io.out(completionScript(shell, program))
      done(exitCodes.ok)
    })

  return program
}

const isUsageError = (error: unknown): error is UsageError => error instanceof Error && error.name === 'UsageError'

/** Parses and runs. Every failure ends here: a wrong command line is 2, a defect of the tool is 4. */
export const runProgram = async (argv: readonly string[], io: Io, version: string): Promise<number> => {
  let code: number = exitCodes.ok
  const program = buildProgram(io, version, value => {
    code = value
  })
  try {
    if (argv.length === 0) {
      io.out(program.helpInformation())
      io.out('\nStart with:  launch-ready audit example.com\n')
      return exitCodes.ok
    }
    await program.parseAsync([...argv], { from: 'user' })
    return code
  } catch (error) {
    if (error instanceof Exit) return error.code
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage
    if (isUsageError(error)) {
      io.err(`${error.message}\n`)
      return exitCodes.usage
    }
    if (io.signal.aborted) return exitCodes.interrupted
    io.err(describeDefect(error, argv))
    return exitCodes.defect
  }
}
