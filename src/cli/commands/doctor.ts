// `doctor`: can this machine audit? Each line says what was tried, how it went, and what to do.
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { networkInterfaces, tmpdir } from 'node:os'
import { findBrowser } from '../../core/browser-path.ts'
import { resolverLabel, systemResolvers } from '../../net/connect-to.ts'
import { createNetwork } from '../../net/create-network.ts'
import { headerOf, type Network, type ResolverEndpoint } from '../../net/network.ts'
import { wrap } from '../../report/shared/width.ts'
import type { Call } from '../call.ts'
import { exitCodes } from '../exit-code.ts'
import type { Io } from '../io.ts'

type State = 'ok' | 'warning' | 'failed'
type Line = { what: string; state: State; seen: string; advice: string | null }

const gitVersion = (): string | null => {
  try {
    return execFileSync('git', ['--version'], { cwd: tmpdir(), stdio: ['ignore', 'pipe', 'ignore'], timeout: 5000 })
      .toString()
      .trim()
  } catch {
    return null
  }
}

/** A name that exists for as long as the internet does (RFC 2606). */
const knownName = 'example.com'
/** A mail server that takes mail from everybody. */
const knownMailServer = 'gmail-smtp-in.l.google.com'

/** `ok` with what was seen, or how bad it is with what to do. */
const line = (what: string, good: boolean, seen: string, otherwise: { state: State; advice: string }): Line =>
  good ? { what, state: 'ok', seen, advice: null } : { what, state: otherwise.state, seen, advice: otherwise.advice }

const failed = (advice: string): { state: State; advice: string } => ({ state: 'failed', advice })
const warning = (advice: string): { state: State; advice: string } => ({ state: 'warning', advice })

/** What the network answers from here. */
const look = async (net: Network) => {
  const [udp, tcp, plain, secure, mail] = await Promise.all([
    net.dns.query(knownName, 'A'),
    net.dns.query(knownName, 'A', { transport: 'tcp' }),
    net.http({ url: `http://${knownName}/`, method: 'HEAD' }),
    net.http({ url: `https://${knownName}/`, method: 'HEAD' }),
    net.smtp({ host: knownMailServer, port: 25 }),
  ])
  return { udp, tcp, plain, secure, mail }
}

type Looks = Awaited<ReturnType<typeof look>>

const nameLines = ({ udp, tcp }: Looks, servers: readonly ResolverEndpoint[]): Line[] => [
  line(
    'resolver (UDP 53)',
    udp.ok && udp.value.rcode === 'NOERROR',
    udp.ok ? `${udp.value.server} answers ${udp.value.rcode} in ${Math.round(udp.value.elapsedMs)} ms` : udp.message,
    failed(
      `Nothing can be judged without names. Name another resolver: --resolver 1.1.1.1 (asked: ${servers.map(resolverLabel).join(', ') || 'none'}).`,
    ),
  ),
  line(
    'DNS over TCP 53',
    tcp.ok,
    tcp.ok ? 'answers' : tcp.message,
    warning('Long answers (SPF, DKIM, DNSSEC) come over TCP; without it they are "could not tell".'),
  ),
]

const answers = (reply: Looks['plain']): string =>
  reply.ok ? `${knownName} answers ${reply.value.hops.at(-1)?.status}` : reply.message

const webLines = ({ plain, secure }: Looks): Line[] => {
  const tls = secure.ok ? secure.value.hops.at(-1)?.tls : null
  return [
    line(
      'web (80)',
      plain.ok,
      answers(plain),
      failed('Pages cannot be looked at from here. A proxy or firewall may be in between.'),
    ),
    line('web (443)', secure.ok, answers(secure), failed('Certificates cannot be looked at from here.')),
    ...(tls
      ? [
          line(
            'no one in between',
            tls.authorized,
            tls.authorized ? 'certificates are as the world sees them' : `a certificate does not verify (${tls.error})`,
            warning(
              'A proxy on this network replaces certificates: what is judged about them would be the proxy’s. Use another network, or add its root with --ca.',
            ),
          ),
        ]
      : []),
  ]
}

const mailLine = ({ mail }: Looks): Line =>
  line(
    'mail (25)',
    mail.ok,
    mail.ok ? 'open' : mail.message,
    warning(
      'Most home and cloud networks close port 25. Mail servers’ encryption is then "could not tell"; run from a server that may send mail, or in CI.',
    ),
  )

/** Seconds by which this machine's clock may be wrong. */
const mostSkew = 60

const clockLine = ({ secure }: Looks, now: number): Line => {
  const date = secure.ok ? headerOf(secure.value.hops.at(-1)!, 'date') : null
  if (!date)
    return line(
      'clock',
      false,
      `could not be compared; it says ${new Date(now).toISOString()}`,
      warning('Compare it by eye: dates of certificates are judged by it.'),
    )
  const skew = Math.abs(Date.parse(date) - now) / 1000
  return line(
    'clock',
    skew < mostSkew,
    `${Math.round(skew)} s from a server’s`,
    warning('Dates of certificates and signatures are judged by this clock: set it.'),
  )
}

const hasIpv6 = (): boolean =>
  Object.values(networkInterfaces())
    .flat()
    .some(item => item && item.family === 'IPv6' && !item.internal && !item.address.startsWith('fe80'))

const proxyVariables = ['https_proxy', 'HTTPS_PROXY', 'http_proxy', 'HTTP_PROXY', 'all_proxy', 'ALL_PROXY']

/** What this machine has, apart from what it reaches. */
const machineLines = (env: Io['env']): Line[] => {
  const v6 = hasIpv6()
  const proxy = proxyVariables.find(name => (env[name] ?? '') !== '')
  const browser = findBrowser(env, existsSync)
  const git = gitVersion()
  return [
    line(
      'IPv6',
      v6,
      v6 ? 'this machine has a global address' : 'no global address here',
      warning('Hosts are then judged over IPv4 alone.'),
    ),
    line(
      'proxy',
      !proxy,
      proxy ? `${proxy} is set` : 'none set',
      warning('launch-ready connects directly, so that it sees what customers see; the variable is not used.'),
    ),
    line(
      'browser',
      browser !== null,
      browser ?? 'none found',
      warning('Pages are judged as served, not as rendered. Install Chromium or Chrome, or set CHROME_PATH.'),
    ),
    line('git', git !== null, git ?? 'not found', warning('The history of a repository cannot be read without git.')),
  ]
}

const marks: Record<State, string> = { ok: 'ok  ', warning: 'note', failed: 'NO  ' }

/** Columns before what was seen. */
const margin = 29

const printed = (lines: readonly Line[], able: boolean, columns: number): string => {
  const room = Math.max(30, columns - margin - 1)
  const rows = lines.flatMap(({ what, state, seen, advice }) =>
    [...wrap(seen, room), ...(advice ? wrap(advice, room) : [])].map((text, at) =>
      at ? `${' '.repeat(margin)}${text}` : `  ${marks[state]}  ${what.padEnd(20)} ${text}`,
    ),
  )
  return `\n${rows.join('\n')}\n\n  ${able ? 'This machine can audit.' : 'This machine cannot audit as it is.'}\n\n`
}

/** Exit code 0, or 3 where this machine cannot audit. */
export const run = async ({ io, network, faults, json }: Call): Promise<number> => {
  faults.throwIfAny()
  const servers = network.resolvers.length ? network.resolvers : systemResolvers()
  const net = createNetwork({ ...network, clock: io.clock, signal: io.signal })
  const looks = await look(net).finally(() => net.close())
  const lines: Line[] = [
    { what: 'Node', state: 'ok', seen: process.versions.node, advice: null },
    ...nameLines(looks, servers),
    ...webLines(looks),
    mailLine(looks),
    clockLine(looks, io.clock.now()),
    ...machineLines(io.env),
  ]
  const able = !lines.some(({ state }) => state === 'failed')
  io.out(
    json ? `${JSON.stringify({ schemaVersion: 1, able, lines }, null, 2)}\n` : printed(lines, able, io.columns ?? 80),
  )
  return able ? exitCodes.ok : exitCodes.couldNotTell
}
