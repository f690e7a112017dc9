// Starts BIND, Knot and NSD on loopback ports with given zone files, for tests against servers that we did not write.
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { systemClock } from '../../src/net/clock.ts'
import { createNetwork } from '../../src/net/create-network.ts'
import type { ConnectRule, Network } from '../../src/net/network.ts'
import { freePort } from './free-port.ts'
import { ended, hasEnded } from './until-open.ts'

export type ZoneFile = { zone: string; file: string }
export type Running = { port: number; stop(): Promise<void> }

/** A network that asks 127.0.0.1:`resolver` and leads the given addresses to loopback ports. */
export const networkTo = (resolver: number, rules: Record<string, number>): Network =>
  createNetwork({
    clock: systemClock,
    resolvers: [{ protocol: 'udp', host: '127.0.0.1', port: resolver }],
    connectTo: Object.entries(rules).map(
      ([host, port]): ConnectRule => ({ host, port: null, toHost: '127.0.0.1', toPort: port }),
    ),
    ca: [],
    timeoutMs: 3000,
    concurrency: 64,
    userAgent: 'launch-ready-test',
    signal: new AbortController().signal,
  })

const untilAnswers = async (port: number, process: ChildProcess, log: () => string): Promise<void> => {
  for (;;) {
    if (hasEnded(process)) throw new Error(`the server ended:\n${log()}`)
    // A network of its own each time: it remembers who did not answer.
    const network = networkTo(port, {})
    const reply = await network.dns.query('version.example', 'A', { timeoutMs: 500 })
    await network.close()
    // BIND answers before it has read its zones.
    if (reply.ok && (!process.spawnfile.includes('named') || log().includes('all zones loaded'))) return
    await sleep(50)
  }
}

const start = async (command: string, args: string[], port: number): Promise<Running> => {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let log = ''
  child.stdout.on('data', chunk => {
    log += chunk
  })
  child.stderr.on('data', chunk => {
    log += chunk
  })
  await untilAnswers(port, child, () => log)
  return {
    port,
    stop: () => ended(child),
  }
}

const startBindOnce = async (
  folder: string,
  zones: readonly ZoneFile[],
  transfer: 'any' | 'none' = 'none',
): Promise<Running> => {
  const port = await freePort()
  mkdirSync(folder, { recursive: true })
  const conf = `options { directory "${folder}"; listen-on port ${port} { 127.0.0.1; }; listen-on-v6 { none; }; recursion no;
  pid-file none; session-keyfile none; allow-transfer { ${transfer}; }; dnssec-validation no; notify no; check-integrity no; minimal-responses no; };
  controls { };
${zones.map(({ zone, file }) => `zone "${zone || '.'}" { type primary; file "${file}"; check-names ignore; };`).join('\n')}\n`
  writeFileSync(join(folder, 'named.conf'), conf)
  return start('named', ['-g', '-n', '1', '-c', join(folder, 'named.conf')], port)
}

const startKnotOnce = async (folder: string, zones: readonly ZoneFile[]): Promise<Running> => {
  const port = await freePort()
  mkdirSync(folder, { recursive: true })
  const conf = `server:
  listen: 127.0.0.1@${port}
  rundir: ${folder}
  udp-workers: 1
  tcp-workers: 1
  background-workers: 1
database:
  storage: ${folder}
template:
  - id: default
    zonefile-sync: -1
    zonefile-load: whole
    journal-content: none
    semantic-checks: off
zone:
${zones.map(({ zone, file }) => `  - domain: ${zone || '.'}\n    file: ${file}`).join('\n')}
`
  writeFileSync(join(folder, 'knot.conf'), conf)
  return start('knotd', ['-c', join(folder, 'knot.conf')], port)
}

const startNsdOnce = async (folder: string, zones: readonly ZoneFile[]): Promise<Running> => {
  const port = await freePort()
  mkdirSync(folder, { recursive: true })
  const conf = `server:
  ip-address: 127.0.0.1@${port}
  username: ""
  zonesdir: "${folder}"
  database: ""
  pidfile: "${folder}/nsd.pid"
  xfrdfile: "${folder}/xfrd.state"
  zonelistfile: "${folder}/zone.list"
  xfrdir: "${folder}"
  server-count: 1
  hide-version: yes
remote-control:
  control-enable: no
${zones.map(({ zone, file }) => `zone:\n  name: "${zone || '.'}"\n  zonefile: "${file}"`).join('\n')}
`
  writeFileSync(join(folder, 'nsd.conf'), conf)
  return start('nsd', ['-d', '-c', join(folder, 'nsd.conf')], port)
}

/** A port that was free may be taken by the time the server asks for it: then once more on another. */
const again = async (begin: () => Promise<Running>, attempts = 4): Promise<Running> => {
  try {
    return await begin()
  } catch (error) {
    if (attempts <= 1) throw error
    return again(begin, attempts - 1)
  }
}

/** BIND, authoritative only. `transfer`: who may have the zones. */
export const startBind = (...given: Parameters<typeof startBindOnce>): Promise<Running> =>
  again(() => startBindOnce(...given))

export const startKnot = (...given: Parameters<typeof startKnotOnce>): Promise<Running> =>
  again(() => startKnotOnce(...given))

export const startNsd = (...given: Parameters<typeof startNsdOnce>): Promise<Running> =>
  again(() => startNsdOnce(...given))
