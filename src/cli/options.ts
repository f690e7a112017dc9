// Options that several commands take, as commander declares them. They are read in call.ts, when the command runs.
import { type Command, Option } from 'commander'

/** For options that may be given several times. */
export const collect = (value: string, before: string[] | undefined): string[] => [...(before ?? []), value]

/** Options for reaching the world: also for actions that judge nothing. */
export const addNetworkOptions = (command: Command): Command =>
  command
    .option(
      '--resolver <where>',
      'DNS resolver: 1.1.1.1, 127.0.0.1:5353, tls://9.9.9.9, https://…/dns-query (repeatable)',
      collect,
    )
    .option(
      '--connect-to <host:port:address:port>',
      'connect there instead, as in curl (repeatable, first match wins)',
      collect,
    )
    .option('--ca <file>', 'extra trusted roots, PEM (repeatable)', collect)
    .option(
      '--timeout <seconds>',
      'deadline of one operation; what times out is tried once more with twice as much (default: 5)',
    )
    .option('--concurrency <n>', 'operations under way at once (default: 256)')

/** Options for what is said and how. */
export const addOutputOptions = (command: Command): Command =>
  command
    .option('--json', 'short for --report json')
    .option('-q, --quiet', 'the verdict and what blocks, no more')
    .option('-v, --verbose', 'everything, with notes')
    .option('--no-color', 'no colours (NO_COLOR and FORCE_COLOR are honoured)')
    .option('--no-progress', 'no progress on standard error')

/** Options that every stage takes (CONTRACT.md). */
export const addStageOptions = (command: Command): Command => {
  command
    .option(
      '-c, --config <file>',
      'config file: yaml, yml, json, ts, mts, mjs (default: launch-ready.config.{yaml,yml,json} up to the git root)',
    )
    .option('--no-config', 'look for no config')
    .option('--repo <dir>', 'repository to judge (default: the git root around here)')
    .option(
      '--report <format[:file]>',
      'terminal, markdown, html, pdf, json, sarif, junit, github, gitlab, csv (repeatable)',
      collect,
    )
    .option('--full', 'every finding in full on the terminal')
    .option('--out <dir>', 'write the stage’s documents there')
    .option('--fail-on <severity>', 'blocker, high, medium, low, never (default: blocker)')
    .option('--soft-fail <check...>', 'findings of these checks never decide the exit code')
    .option('--only <what...>', 'check ids, globs (spf-*) or stages')
    .option('--skip <what...>', 'check ids, globs or stages')
    .option('--save-facts <file>', 'write what was collected, secrets masked')
    .option('--facts <file>', 'judge such a file instead of the world, with no network')
    .option('--baseline <file>', 'findings recorded there do not fail the run')
    .option('--update-baseline', 'write the findings of this run into the baseline')
    .option('--since <report.json>', 'say what changed since that report')
    .option('--active', 'also run tests that post or log in; each says what it sends')
    .addOption(new Option('--browser [path]', 'render pages in this Chromium'))
  addNetworkOptions(command)
  return addOutputOptions(command)
}
