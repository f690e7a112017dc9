// The tree of commands. Each command's code is imported when it runs, so that --help loads commander alone.
import { Command, CommanderError } from 'commander'
import type { UsageError } from '../config/errors.ts'
import type { Stage } from '../core/stage.ts'
import { type Action, actions, type CommandRun } from './actions.ts'
import { describeDefect } from './defect.ts'
import { Exit, exitCodes } from './exit-code.ts'
import { errColumns, type Io } from './io.ts'
import { addNetworkOptions, addOutputOptions, addStageOptions, collect } from './options.ts'

const stageCommands = [
  ['audit', 'domain', 'everything that can be judged, in one pass: what stands between you and a customer'],
  ['dns', 'domain', 'names, canonical URL, redirects, subdomains, TTLs, TLS on every name, Cloudflare'],
  ['email', 'domain', 'SPF, DKIM, DMARC, MX, transport: does transactional mail land?'],
  ['deploy', 'repo', 'build, environment, secrets, rollback, migrations, CI'],
  ['perf', 'domain', 'latency of key routes, errors, caching, page load, bundle size: fast enough to be bought?'],
  ['monitor', 'domain', 'monitors, alerts, deploy notifications, logs: do you know before customers tell you?'],
  ['handover', 'domain', 'who can run it when you are away: accounts, deploy, rollback, keys, monitoring, contacts'],
] as const

/** A wrong domain or directory that looks like an action with a slip of the pen: the message names the action too. */
const withAction = async (stage: string, given: string | undefined, error: unknown): Promise<unknown> => {
  if (!isUsageError(error) || given === undefined || !/^[a-z-]+$/.test(given)) return error
  const { nearest, UsageError } = await import('../config/errors.ts')
  const names = actions.filter(action => action.stage === stage).map(action => action.name)
  const near = nearest(given, names)
  return near ? new UsageError(`${error.message}\nDid you mean launch-ready ${stage} ${near}?`) : error
}

/** What a command needs to run, and where its exit code goes. */
type Tree = { program: Command; io: Io; version: string; done: (code: number) => void }

/** Reads the options of a command, runs its module, and tells the exit code. */
const carryOut = async (
  { io, version, done }: Tree,
  load: () => Promise<{ run: CommandRun }>,
  operands: readonly (string | undefined)[],
  options: Record<string, unknown>,
): Promise<void> => {
  const [{ run }, { callOf }] = await Promise.all([load(), import('./call.ts')])
  const given = operands.filter(operand => operand !== undefined)
  done(await run(callOf(given, options, io, version)))
}

const addAction = (tree: Tree, command: Command, action: Action): void => {
  const sub = command.command(action.name).description(action.description)
  for (const [name, about] of action.operands) sub.argument(name, about)
  if (action.judges) addStageOptions(sub)
  else {
    addNetworkOptions(sub)
    addOutputOptions(sub)
    sub
      .option(
        '-c, --config <file>',
        'config file: yaml, yml, json, ts, mts, mjs (default: launch-ready.config.{yaml,yml,json} up to the git root)',
      )
      .option('--no-config', 'look for no config')
  }
  action.options?.(sub)
  sub.action(async (...all: unknown[]) => {
    const self = all.at(-1) as Command
    await carryOut(tree, action.load, self.args, self.optsWithGlobals())
  })
}

/** A stage as a command: its operand is the domain or the repository. */
const loadStage = async (stage: Stage): Promise<{ run: CommandRun }> => {
  const { runStage } = await import('./commands/stage.ts')
  return { run: async call => (await runStage(call, { stage, operand: call.operands[0] })).code }
}

const addStage = (tree: Tree, [stage, operand, description]: (typeof stageCommands)[number]): void => {
  const command = tree.program.command(stage).argument(`[${operand}]`).description(description)
  addStageOptions(command)
  command.action(async (given: string | undefined, _options: unknown, self: Command) => {
    try {
      await carryOut(tree, () => loadStage(stage), [given], self.opts())
    } catch (error) {
      throw await withAction(stage, given, error)
    }
  })
  for (const action of actions.filter(item => item.stage === stage)) addAction(tree, command, action)
}

const addBeginnings = (tree: Tree): void => {
  const init = tree.program
    .command('init')
    .description('ask, discover, and write a config; in a repository also the CI step of the smoke test')
  addNetworkOptions(init)
    .argument('[domain]')
    .option('-y, --yes', 'ask nothing, take what is discovered')
    .option('--force', 'overwrite a config that exists')
    .option('--file <file>', 'where to write (default: launch-ready.config.yaml)')
    .option(
      '--ci <provider>',
      'pipeline that gets the smoke test as a step: github, gitlab or none (default: the one found)',
    )
    .action((domain: string | undefined, _options: unknown, self: Command) =>
      carryOut(tree, () => import('./commands/init.ts'), [domain], self.opts()),
    )
  const demo = tree.program.command('demo').description('the whole thing on a broken world that it serves itself')
  addStageOptions(demo).action((_options: unknown, self: Command) =>
    carryOut(tree, () => import('./commands/demo.ts'), [], self.opts()),
  )
}

/** Commands that look something up, offline or on this machine. */
const addLookups = (tree: Tree): void => {
  const { program, io, done } = tree
  program
    .command('explain')
    .description('why a check matters, how it is judged, how it is fixed')
    .argument('<check>')
    .action((id: string) => carryOut(tree, () => import('./commands/explain.ts'), [id], {}))
  program
    .command('checks')
    .description('list the checks')
    .argument('[stage]')
    .option('--json', 'as JSON')
    .action((stage: string | undefined, options: Record<string, unknown>) =>
      carryOut(tree, () => import('./commands/checks.ts'), [stage], options),
    )
  const doctor = program
    .command('doctor')
    .description('can this machine audit: resolver, port 53, port 25, IPv6, clock, proxy, browser, git, Node')
  addNetworkOptions(doctor)
    .option('--json', 'as JSON')
    .action((options: Record<string, unknown>) => carryOut(tree, () => import('./commands/doctor.ts'), [], options))
  program
    .command('diff')
    .description('what changed between two JSON reports')
    .argument('<old>')
    .argument('<new>')
    .option('--report <format[:file]>', 'terminal, markdown or json (repeatable)', collect)
    .option('--json', 'short for --report json')
    .option('--no-color', 'no colours')
    .action((before: string, after: string, options: Record<string, unknown>) =>
      carryOut(tree, () => import('./commands/diff.ts'), [before, after], options),
    )
  program
    .command('completion')
    .description('print a completion script')
    .argument('<shell>', 'bash, zsh or fish')
    .action(async (shell: string) => {
      const { completionScript } = await import('./commands/completion.ts')
      io.out(completionScript(shell, program))
      done(exitCodes.ok)
    })
}

/** Builds the tree. `done` is told the exit code of the command that ran. */
export const buildProgram = (io: Io, version: string, done: (code: number) => void): Command => {
  const program = new Command('launch-ready')
  program
    .description('Finds what keeps a paying customer out, ranks it by what it costs, and says exactly what to change.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .addHelpText('after', '\nStart with:  launch-ready example.com\n')
    .showSuggestionAfterError(true)
    // Beside a wide column of options there are fewer than the 40 columns from which commander wraps: words would break at the edge.
    .configureHelp({ minWidthToWrap: 20 })
    .configureOutput({
      writeOut: io.out,
      writeErr: io.err,
      getOutHelpWidth: () => io.columns ?? 80,
      getErrHelpWidth: () => errColumns(io) ?? 80,
    })
    .exitOverride()
  const tree: Tree = { program, io, version, done }
  for (const stage of stageCommands) addStage(tree, stage)
  addBeginnings(tree)
  addLookups(tree)
  return program
}

/** `launch-ready example.com`: a name, an address or a URL in the place of a command asks for the audit of it. */
const withCommand = (argv: readonly string[], program: Command): string[] => {
  const [first = ''] = argv
  const isCommand = first.startsWith('-') || program.commands.some(command => command.name() === first)
  return !isCommand && /[.@]|:\/\//.test(first) ? ['audit', ...argv] : [...argv]
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
      io.out('\nStart with:  launch-ready example.com\n')
      return exitCodes.ok
    }
    await program.parseAsync(withCommand(argv, program), { from: 'user' })
    return code
  } catch (error) {
    if (error instanceof Exit) return error.code
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage
    if (isUsageError(error)) {
      io.err(`${(await import('./fitted.ts')).fitted(error.message, io)}\n`)
      return exitCodes.usage
    }
    if (io.signal.aborted) return exitCodes.interrupted
    io.err(describeDefect(error, argv))
    return exitCodes.defect
  }
}
