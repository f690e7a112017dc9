// One call of a command, with its options read: the one place that knows what commander hands over. Commands get values.
import type { NetworkOptions } from '../net/network.ts'
import { proxiesOf } from '../net/proxy.ts'
import { createFaults, type Faults } from './faults.ts'
import type { Io } from './io.ts'
import { settleNetwork } from './network-words.ts'
import type { ConfigChoice } from './settings.ts'

/** How much is said, and how. */
export type Look = { quiet: boolean; verbose: boolean; color: boolean; progress: boolean }

/** Options that every stage takes, and actions that judge. Paths are as the user wrote them. */
export type StageWords = {
  failOn?: string
  /** Check ids, globs or stages whose findings never decide the exit code. */
  softFail: readonly string[]
  only: readonly string[]
  skip: readonly string[]
  saveFacts?: string
  facts?: string
  baseline?: string
  updateBaseline: boolean
  since?: string
  active: boolean
  /** The terminal report with every finding in full. */
  full: boolean
  /** Path of a browser, or true for the one that is found. */
  browser?: string | boolean
}

/** Options of single actions; each reads its own. */
export type ActionWords = {
  ip?: string
  sender?: string
  helo?: string
  receiver?: string
  bulk: boolean
  file?: string
  deadline?: string
  commit?: string
  matrix: boolean
  dryRun: boolean
  verify: boolean
  record?: string
  by?: string
  evidence?: string
  name?: string
  expires?: string
  yes: boolean
  force: boolean
  ci?: string
  users?: string
  /** `--ip` without an address. */
  ipAddresses: boolean
  hash: boolean
  /** Logger that rules are written for. */
  as?: string
  beats: boolean
  ack?: string
  status?: string
  link?: string
  text?: string
  at?: string
  monitors: readonly string[]
  for?: string
  note?: string
  wait?: string
  channel: readonly string[]
  /** Words of `--answer path=value`. */
  answers: readonly string[]
  update: boolean
  url?: string
  oldKey?: string
  newKey?: string
}

export type Call = {
  operands: readonly string[]
  io: Io
  version: string
  look: Look
  json: boolean
  /** Words of `--report`, `format` or `format:file`. */
  reports: readonly string[]
  config: ConfigChoice
  repo?: string
  out?: string
  network: Omit<NetworkOptions, 'signal' | 'clock'>
  stage: StageWords
  action: ActionWords
  /** What is wrong so far; commands add to it and throw all of it at once. */
  faults: Faults
}

/** Options as commander hands them over. */
type Raw = Readonly<Record<string, unknown>>

const text = (raw: Raw, name: string): string | undefined => {
  const value = raw[name]
  return typeof value === 'string' ? value : undefined
}

const texts = (raw: Raw, name: string): string[] => {
  const value = raw[name]
  return (Array.isArray(value) ? value : value === undefined ? [] : [value]).map(String)
}

const isOn = (raw: Raw, name: string): boolean => raw[name] === true

/** Words of `--only a,b c`, each by itself. */
const words = (raw: Raw, name: string): string[] =>
  texts(raw, name)
    .flatMap(word => word.split(','))
    .filter(word => word !== '')

const stageWords = (raw: Raw): StageWords => ({
  failOn: text(raw, 'failOn'),
  softFail: words(raw, 'softFail'),
  only: words(raw, 'only'),
  skip: words(raw, 'skip'),
  saveFacts: text(raw, 'saveFacts'),
  facts: text(raw, 'facts'),
  baseline: text(raw, 'baseline'),
  updateBaseline: isOn(raw, 'updateBaseline'),
  since: text(raw, 'since'),
  active: isOn(raw, 'active'),
  full: isOn(raw, 'full'),
  browser: raw['browser'] as string | boolean | undefined,
})

const actionWords = (raw: Raw): ActionWords => ({
  ip: text(raw, 'ip'),
  sender: text(raw, 'sender'),
  helo: text(raw, 'helo'),
  receiver: text(raw, 'receiver'),
  bulk: isOn(raw, 'bulk'),
  file: text(raw, 'file'),
  deadline: text(raw, 'deadline'),
  commit: text(raw, 'commit'),
  matrix: isOn(raw, 'matrix'),
  dryRun: isOn(raw, 'dryRun'),
  verify: isOn(raw, 'verify'),
  record: text(raw, 'record'),
  by: text(raw, 'by'),
  evidence: text(raw, 'evidence'),
  name: text(raw, 'name'),
  expires: text(raw, 'expires'),
  yes: isOn(raw, 'yes'),
  force: isOn(raw, 'force'),
  ci: text(raw, 'ci'),
  users: text(raw, 'users'),
  ipAddresses: isOn(raw, 'ip'),
  hash: isOn(raw, 'hash'),
  as: text(raw, 'as'),
  beats: isOn(raw, 'beats'),
  ack: text(raw, 'ack'),
  status: text(raw, 'status'),
  link: text(raw, 'link'),
  text: text(raw, 'text'),
  at: text(raw, 'at'),
  monitors: words(raw, 'monitors'),
  for: text(raw, 'for'),
  note: text(raw, 'note'),
  wait: text(raw, 'wait'),
  channel: words(raw, 'channel'),
  answers: texts(raw, 'answer'),
  update: isOn(raw, 'update'),
  url: text(raw, 'url'),
  oldKey: text(raw, 'oldKey'),
  newKey: text(raw, 'newKey'),
})

/** Reads operands and options. What is wrong with them is kept in `faults`. */
export const callOf = (operands: readonly string[], raw: Raw, io: Io, version: string): Call => {
  const faults = createFaults()
  return {
    operands,
    io,
    version,
    look: {
      quiet: isOn(raw, 'quiet'),
      verbose: isOn(raw, 'verbose'),
      color: raw['color'] !== false,
      progress: raw['progress'] !== false,
    },
    json: isOn(raw, 'json'),
    reports: texts(raw, 'report'),
    config: { path: text(raw, 'config'), none: raw['config'] === false },
    repo: text(raw, 'repo'),
    out: text(raw, 'out'),
    network: {
      proxies: proxiesOf(io.env),
      ...settleNetwork(
        {
          resolvers: texts(raw, 'resolver'),
          connectTo: texts(raw, 'connectTo'),
          ca: texts(raw, 'ca'),
          timeout: text(raw, 'timeout'),
          concurrency: text(raw, 'concurrency'),
        },
        { cwd: io.cwd, version, faults },
      ),
    },
    stage: stageWords(raw),
    action: actionWords(raw),
    faults,
  }
}
