// Settles how the world is reached. Every command reads it, so it loads nothing that only some need.
import { UsageError } from '../config/errors.ts'
import { readUserFile } from '../config/user-file.ts'
import { parseConnectTo, parseResolver } from '../net/connect-to.ts'
import type { NetworkOptions } from '../net/network.ts'
import type { Faults } from './faults.ts'

/** How the world is reached, as words of the command line. */
export type NetworkWords = {
  resolvers: readonly string[]
  connectTo: readonly string[]
  ca: readonly string[]
  timeout?: string
  concurrency?: string
}

/** Roots in a PEM file, each by itself. Throws UsageError. */
const readRoots = (path: string, cwd: string): string[] => {
  const pem = readUserFile(path, cwd, 'roots of --ca')
  const found = pem.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g)
  if (!found)
    throw new UsageError(`${path}: the roots of --ca hold no certificate; expected PEM (-----BEGIN CERTIFICATE-----).`)
  return found.map(certificate => `${certificate}\n`)
}

/** `--timeout`, `--concurrency`, `--resolver`, `--connect-to`, `--ca` → network options. */
export const settleNetwork = (
  words: NetworkWords,
  { cwd, version, faults }: { cwd: string; version: string; faults: Faults },
): Omit<NetworkOptions, 'signal' | 'clock'> => {
  const timeout = words.timeout === undefined ? 5 : Number(words.timeout)
  if (!(timeout > 0 && timeout <= 600))
    faults.add(`--timeout ${words.timeout}: expected seconds between 0 and 600, such as 5 or 0.5.`)
  const concurrency = words.concurrency === undefined ? 256 : Number(words.concurrency)
  if (!Number.isInteger(concurrency) || concurrency < 1 || concurrency > 1000)
    faults.add(`--concurrency ${words.concurrency}: expected a whole number from 1 to 1000.`)
  return {
    ca: words.ca.flatMap(path => faults.try(() => readRoots(path, cwd), [])),
    resolvers: words.resolvers.flatMap(text => faults.try(() => [parseResolver(text)], [], '--resolver: ')),
    connectTo: words.connectTo.flatMap(text => faults.try(() => [parseConnectTo(text)], [], '--connect-to: ')),
    timeoutMs: timeout * 1000,
    concurrency,
    userAgent: `launch-ready/${version} (+https://github.com/launch-ready/launch-ready)`,
  }
}
