// One look at one monitor: which probe, and what its verdict means for a customer.
import { type Clock, wasStarved } from '../core/clock.ts'
import { textEvidence } from '../core/evidence.ts'
import { registrableDomain } from '../formats/dns/registrable-domain.ts'
import type { Network } from '../net/network.ts'
import { probeDns } from '../probes/dns.ts'
import { probeEndpoint } from '../probes/endpoint.ts'
import { probeHeartbeat } from '../probes/heartbeat.ts'
import { failed, ok, type ProbeResult, unknown } from '../probes/probe.ts'
import { probeSmtp } from '../probes/smtp.ts'
import { probeTcp } from '../probes/tcp.ts'
import { probeTls } from '../probes/tls.ts'
import type { LogReader } from './log-rate.ts'
import { type Monitor, type PlannedMonitor, splitEndpoint } from './plan.ts'
import { lookUpDomain } from './registration.ts'
import type { Beat, MonitorState } from './store.ts'

/** A look of its own makes connections and names of its own: what was learnt at the last one is forgotten. */
export type LookWays = {
  connect: (monitor: PlannedMonitor) => Network
  clock: Pick<Clock, 'now' | 'elapsed' | 'attended' | 'stalledSince'>
  /** Jobs that reported, by name. */
  beats: () => ReadonlyMap<string, Beat>
  log: LogReader
  /** Flows and mail flows of the config; they are facts, and facts are collected elsewhere. */
  walkFlow: (kind: 'flow' | 'mailFlow', name: string) => Promise<ProbeResult>
  /** Whether we can see at all: an anchor answers. */
  canSee: (of: 'network' | 'names') => Promise<boolean>
}

export type Looked = {
  state: MonitorState
  detail: string
  latencyMs: number | null
  address: string | null
  /** What others would share of this fault; null where nothing is wrong. */
  cause: string | null
  isCertain: boolean
  /** We are the ones who could not see. */
  isOurs: boolean
}

const probeConfigured = (monitor: Monitor, net: Network): Promise<ProbeResult> => {
  const { config, timeoutMs } = monitor
  const { http, tcp, tls, dns, smtp, expect = {}, headers } = config
  if (http !== undefined) {
    const { status, redirect, text, notText, json, header } = expect
    return probeEndpoint(
      {
        url: http,
        timeoutMs,
        ...(headers ? { headers } : {}),
        ...(status === undefined ? {} : { status: [status].flat() }),
        ...(redirect === undefined ? {} : { redirect }),
        ...(text === undefined ? {} : { text }),
        ...(notText === undefined ? {} : { notText }),
        ...(json ? { json } : {}),
        ...(header ? { header } : {}),
      },
      net,
    )
  }
  if (tcp !== undefined) return probeTcp({ ...splitEndpoint(tcp), timeoutMs }, net)
  if (tls !== undefined) return probeTls({ ...splitEndpoint(tls), minDays: expect.daysLeft ?? 14 }, net)
  if (smtp !== undefined) return probeSmtp({ ...splitEndpoint(smtp), tls: 'verified' }, net)
  if (dns !== undefined) {
    const [name = '', type = 'A'] = dns.split(/\s+/)
    return probeDns({ name, type: type.toUpperCase(), ...(expect.data ? { expect: expect.data } : {}) }, net)
  }
  return lookUpDomain(monitor, net)
}

const probeBeat = (monitor: Monitor, ways: LookWays): ProbeResult => {
  const { heartbeat = '', every = 0, grace = every / 10 } = monitor.config
  const beat = ways.beats().get(heartbeat)
  if (beat && !beat.ok)
    return {
      ...failed('the last run failed', { evidence: [textEvidence(heartbeat, new Date(beat.at).toISOString())] }),
      final: true,
    }
  const request = { name: heartbeat, lastAt: beat?.at ?? null, since: monitor.since, everyMs: every, graceMs: grace }
  const result = probeHeartbeat(request, ways.clock)
  // Time alone decides here: a second look sees the same.
  return result.state === 'failed' ? { ...result, final: true } : result
}

const probe = async (monitor: Monitor, ways: LookWays): Promise<ProbeResult> => {
  const { config } = monitor
  if (config.heartbeat !== undefined) return probeBeat(monitor, ways)
  if (config.log !== undefined) return ways.log.look(config, ways.clock.now())
  if (config.flow !== undefined) return ways.walkFlow('flow', config.flow)
  if (config.mailFlow !== undefined) return ways.walkFlow('mailFlow', config.mailFlow)
  const net = ways.connect(monitor)
  try {
    return await probeConfigured(monitor, net)
  } finally {
    await net.close()
  }
}

/** A look has a network of its own, in which nothing else answers at the time: `unproven` there is settled by the anchors. */
const unanswered = new Set(['timeout', 'unproven', 'unreachable', 'refused'])

const statusIn = ({ evidence }: ProbeResult): number => {
  for (const { at } of evidence as { at?: { kind?: string; status?: number } }[])
    if (at?.kind === 'http' && at.status !== undefined) return at.status
  return 0
}

const ofNames = ({ cause, reason }: ProbeResult): boolean =>
  cause?.kind === 'resolver' || cause?.kind === 'name' || reason === 'servfail'

/** What shares this fault with others: the name, the certificate, the machine, the application, or nothing. */
export const causeOf = (monitor: PlannedMonitor, result: ProbeResult, lastAddress: string | null): string => {
  const { host, kind, name } = monitor
  if (host === null || kind === 'domain') return `monitor:${name}`
  if (ofNames(result) || kind === 'dns') return `dns:${registrableDomain(host) ?? host}`
  if (result.reason === 'tls-handshake' || kind === 'tls' || /certificate/.test(result.reason ? result.detail : ''))
    return `certificate:${host}`
  if (result.reason !== undefined && unanswered.has(result.reason)) return `host:${lastAddress ?? host}`
  return statusIn(result) >= 500 ? `answer:${host}` : `monitor:${name}`
}

/** `unknown` of a probe that a customer would see as an outage, as long as it is not us: no answer, no name. */
const isOutage = ({ reason, cause }: ProbeResult): boolean =>
  cause?.kind !== 'busy' && reason !== undefined && (unanswered.has(reason) || reason === 'servfail')

const stateOf = async (
  monitor: PlannedMonitor,
  result: ProbeResult,
  ways: LookWays,
  begun: number,
): Promise<Pick<Looked, 'state' | 'isOurs'>> => {
  if (result.state === 'ok') {
    const slow = monitor.slowMs !== null && result.latencyMs !== null && result.latencyMs > monitor.slowMs
    return { state: slow ? 'degraded' : 'up', isOurs: false }
  }
  const silent = isOutage(result) || (result.reason !== undefined && unanswered.has(result.reason)) || ofNames(result)
  if (silent && result.cause?.kind !== 'name') {
    // A time-out of ours is nobody's outage; a refusal is one on a busy machine too.
    const isUnheard = result.reason === 'timeout' || result.reason === 'unproven' || result.reason === 'servfail'
    if (isUnheard && wasStarved(ways.clock, begun)) return { state: 'unknown', isOurs: true }
    if (!(await ways.canSee('network'))) return { state: 'unknown', isOurs: true }
    if (ofNames(result) && !(await ways.canSee('names'))) return { state: 'unknown', isOurs: true }
  }
  if (result.state === 'failed' || isOutage(result)) return { state: 'down', isOurs: false }
  return { state: 'unknown', isOurs: false }
}

const inSeconds = (ms: number): string => (ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`)

/** Looks once; never throws: a defect of ours is nobody's outage. */
export const lookAt = async (monitor: Monitor, ways: LookWays, lastAddress: string | null): Promise<Looked> => {
  const begun = ways.clock.attended()
  let result: ProbeResult
  try {
    result = await probe(monitor, ways)
  } catch (error) {
    result = unknown(`the look failed: ${error instanceof Error ? error.message : String(error)}`)
  }
  const { state, isOurs } = await stateOf(monitor, result, ways, begun)
  const slow = state === 'degraded' ? `, slower than ${inSeconds(monitor.slowMs!)}` : ''
  return {
    state,
    isOurs,
    detail: `${result.detail}${slow}`,
    latencyMs: state === 'up' || state === 'degraded' ? result.latencyMs : null,
    address: result.state === 'ok' ? (result.address ?? null) : null,
    cause: state === 'down' || state === 'degraded' ? causeOf(monitor, result, lastAddress) : null,
    isCertain: result.final === true,
  }
}

export { failed, ok, unknown }
