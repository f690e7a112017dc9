// `doctor`: can this machine audit? Each line says what was tried, how it went, and what to do.
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { networkInterfaces } from 'node:os'
import { resolverLabel, systemResolvers } from '../../net/connect-to.ts'
import { createNetwork } from '../../net/create-network.ts'
import { headerOf } from '../../net/network.ts'
import { exitCodes } from '../exit-code.ts'
import type { Io } from '../io.ts'
import type { RunOptions } from '../options.ts'
import { createFaults, settleNetwork } from '../settings.ts'

type State = 'ok' | 'warning' | 'failed'
type Line = { what: string; state: State; seen: string; advice: string | null }

/** Where Chromium or Chrome usually is; the environment variable CHROME_PATH first. */
export const findBrowser = (env: Io['env']): string | null => {
  const places = [
    env['CHROME_PATH'],
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
    '/usr/bin/google-chrome-stable',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
    'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
  ]
  return places.find((place): place is string => place !== undefined && existsSync(place)) ?? null
}

const gitVersion = (): string | null => {
  try {
    return execFileSync('git', ['--version'], { stdio: ['ignore', 'pipe', 'ignore'], timeout: 5000 })
      .toString()
      .trim()
  } catch {
    return null
  }
}

/** A name that exists for as long as the internet does (RFC 2606), and one that never does (RFC 6761). */
const knownName = 'example.com'

export const run = async (
  _operands: string[],
  options: RunOptions & { json?: boolean },
  io: Io,
  version: string,
): Promise<number> => {
  const faults = createFaults()
  const settings = settleNetwork(options, io, version, faults)
  faults.throwIfAny()
  const net = createNetwork(settings)
  const lines: Line[] = []
  const add = (what: string, state: State, seen: string, advice: string | null = null): void =>
    void lines.push({ what, state, seen, advice })
  const servers = settings.resolvers.length ? settings.resolvers : systemResolvers()
  try {
    const [udp, tcp, plain, secure, mail] = await Promise.all([
      net.dns.query(knownName, 'A'),
      net.dns.query(knownName, 'A', { transport: 'tcp' }),
      net.http({ url: `http://${knownName}/`, method: 'HEAD' }),
      net.http({ url: `https://${knownName}/`, method: 'HEAD' }),
      net.smtp({ host: 'gmail-smtp-in.l.google.com', port: 25 }),
    ])
    add('Node', 'ok', process.versions.node)
    add(
      'resolver (UDP 53)',
      udp.ok && udp.value.rcode === 'NOERROR' ? 'ok' : 'failed',
      udp.ok ? `${udp.value.server} answers ${udp.value.rcode} in ${Math.round(udp.value.elapsedMs)} ms` : udp.message,
      udp.ok && udp.value.rcode === 'NOERROR'
        ? null
        : `Nothing can be judged without names. Name another resolver: --resolver 1.1.1.1 (asked: ${servers.map(resolverLabel).join(', ') || 'none'}).`,
    )
    add(
      'DNS over TCP 53',
      tcp.ok ? 'ok' : 'warning',
      tcp.ok ? 'answers' : tcp.message,
      tcp.ok ? null : 'Long answers (SPF, DKIM, DNSSEC) come over TCP; without it they are "could not tell".',
    )
    add(
      'web (80)',
      plain.ok ? 'ok' : 'failed',
      plain.ok ? `${knownName} answers ${plain.value.hops.at(-1)?.status}` : plain.message,
      plain.ok ? null : 'Pages cannot be looked at from here. A proxy or firewall may be in between.',
    )
    add(
      'web (443)',
      secure.ok ? 'ok' : 'failed',
      secure.ok ? `${knownName} answers ${secure.value.hops.at(-1)?.status}` : secure.message,
      secure.ok ? null : 'Certificates cannot be looked at from here.',
    )
    const trusted = secure.ok ? secure.value.hops.at(-1)?.tls : null
    if (trusted)
      add(
        'no one in between',
        trusted.authorized ? 'ok' : 'warning',
        trusted.authorized
          ? 'certificates are as the world sees them'
          : `a certificate does not verify (${trusted.error})`,
        trusted.authorized
          ? null
          : 'A proxy on this network replaces certificates: what is judged about them would be the proxy’s. Use another network, or add its root with --ca.',
      )
    add(
      'mail (25)',
      mail.ok ? 'ok' : 'warning',
      mail.ok ? 'open' : mail.message,
      mail.ok
        ? null
        : 'Most home and cloud networks close port 25. Mail servers’ encryption is then "could not tell"; run from a server that may send mail, or in CI.',
    )
    const date = secure.ok ? headerOf(secure.value.hops.at(-1)!, 'date') : null
    if (date) {
      const skew = Math.abs(Date.parse(date) - io.now()) / 1000
      add(
        'clock',
        skew < 60 ? 'ok' : 'warning',
        `${Math.round(skew)} s from a server’s`,
        skew < 60 ? null : 'Dates of certificates and signatures are judged by this clock: set it.',
      )
    } else
      add(
        'clock',
        'warning',
        `could not be compared; it says ${new Date(io.now()).toISOString()}`,
        'Compare it by eye: dates of certificates are judged by it.',
      )
    const v6 = Object.values(networkInterfaces())
      .flat()
      .some(item => item && item.family === 'IPv6' && !item.internal && !item.address.startsWith('fe80'))
    add(
      'IPv6',
      v6 ? 'ok' : 'warning',
      v6 ? 'this machine has a global address' : 'no global address here',
      v6 ? null : 'Hosts are then judged over IPv4 alone.',
    )
    const proxy = ['https_proxy', 'HTTPS_PROXY', 'http_proxy', 'HTTP_PROXY', 'all_proxy', 'ALL_PROXY'].find(
      name => (io.env[name] ?? '') !== '',
    )
    add(
      'proxy',
      proxy ? 'warning' : 'ok',
      proxy ? `${proxy} is set` : 'none set',
      proxy ? 'launch-ready connects directly, so that it sees what customers see; the variable is not used.' : null,
    )
    const browser = findBrowser(io.env)
    add(
      'browser',
      browser ? 'ok' : 'warning',
      browser ?? 'none found',
      browser ? null : 'Pages are judged as served, not as rendered. Install Chromium or Chrome, or set CHROME_PATH.',
    )
    const git = gitVersion()
    add(
      'git',
      git ? 'ok' : 'warning',
      git ?? 'not found',
      git ? null : 'The history of a repository cannot be read without git.',
    )
  } finally {
    await net.close()
  }
  const failed = lines.some(line => line.state === 'failed')
  if (options.json) io.out(`${JSON.stringify({ schemaVersion: 1, able: !failed, lines }, null, 2)}\n`)
  else {
    const marks: Record<State, string> = { ok: 'ok  ', warning: 'note', failed: 'NO  ' }
    io.out('\n')
    for (const line of lines) {
      io.out(`  ${marks[line.state]}  ${line.what.padEnd(20)} ${line.seen}\n`)
      if (line.advice) io.out(`${' '.repeat(29)}${line.advice}\n`)
    }
    io.out(failed ? '\n  This machine cannot audit as it is.\n\n' : '\n  This machine can audit.\n\n')
  }
  return failed ? exitCodes.couldNotTell : exitCodes.ok
}
