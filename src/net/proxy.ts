// The proxy of this network (HTTPS_PROXY, HTTP_PROXY, NO_PROXY): HTTP goes through it by CONNECT (RFC 9110 §9.3.6), so that TLS is still
// spoken with the host itself. What a proxy refuses says nothing about the host: it is unknown, with that reason.
import { Buffer } from 'node:buffer'
import { connect, isIP, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { type Fact, missing, observed } from '../core/fact.ts'
import { isLoopback } from './addresses.ts'
import { normalHost } from './connect-to.ts'

/** The proxies of the environment; null where none is set. `except` are the entries of NO_PROXY. */
export type Proxies = { http: URL | null; https: URL | null; except: readonly string[] }

type Environment = Readonly<Record<string, string | undefined>>

/** Reads a variable in lower case first, as curl does. */
const variable = (env: Environment, name: string): string => env[name.toLowerCase()]?.trim() || env[name]?.trim() || ''

const proxyUrl = (text: string): URL | null => {
  const whole = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`
  if (text === '' || !URL.canParse(whole)) return null
  const url = new URL(whole)
  return url.protocol === 'http:' || url.protocol === 'https:' ? url : null
}

/** HTTPS_PROXY, HTTP_PROXY and NO_PROXY in either case; ALL_PROXY where one of them is not set. A SOCKS proxy is none of these. */
export const proxiesOf = (env: Environment): Proxies | null => {
  const all = variable(env, 'ALL_PROXY')
  // In a CGI program HTTP_PROXY in capitals comes from a request's header.
  const forHttp = env['REQUEST_METHOD'] === undefined ? variable(env, 'HTTP_PROXY') : (env['http_proxy']?.trim() ?? '')
  const http = proxyUrl(forHttp || all)
  const https = proxyUrl(variable(env, 'HTTPS_PROXY') || all)
  if (!http && !https) return null
  return {
    http,
    https,
    except: variable(env, 'NO_PROXY')
      .toLowerCase()
      .split(/[\s,]+/)
      .filter(Boolean)
      .slice(0, 200),
  }
}

/** Whether an entry of NO_PROXY names the host: itself, a domain above it, with a port where one is given; `*` is everything. */
const isNamed = (entry: string, host: string, port: number): boolean => {
  if (entry === '*') return true
  const [, name = entry, wanted] = /^(.*?)(?::(\d{1,5}))?$/.exec(entry) ?? []
  if (wanted !== undefined && Number(wanted) !== port) return false
  const bare = name.replace(/^\*?\./, '').replace(/^\[(.*)\]$/, '$1')
  return host === bare || (isIP(host) === 0 && bare !== '' && host.endsWith(`.${bare}`))
}

/** The proxy through which a URL is asked for; null where it is reached directly. This machine always is. */
export const proxyFor = (proxies: Proxies | null | undefined, url: URL, port: number): URL | null => {
  if (!proxies) return null
  const host = normalHost(url.hostname)
  if (host === 'localhost' || (isIP(host) && isLoopback(host))) return null
  if (proxies.except.some(entry => isNamed(entry, host, port))) return null
  return url.protocol === 'https:' ? proxies.https : proxies.http
}

/** How a proxy is called in messages: without the log-in that its URL may hold. */
export const proxyName = ({ host }: URL): string => `the proxy ${host}`

/** What cannot go through a proxy and failed past it: unknown, since a network with a proxy often lets nothing else out. */
export const pastProxy = <T>(fact: Fact<T>, proxies: Proxies | null | undefined, host: string): Fact<T> => {
  if (fact.ok || !proxies || fact.because !== undefined) return fact
  if (!['timeout', 'refused', 'unreachable'].includes(fact.reason)) return fact
  if (isIP(host) ? isLoopback(host) : host === 'localhost') return fact
  const proxy = proxies.https ?? proxies.http
  if (!proxy || proxies.except.some(entry => isNamed(entry, normalHost(host), 0))) return fact
  return missing('unproven', `${fact.message}; it cannot go through ${proxyName(proxy)} of this network`)
}

const most = 16_384

const loginOf = ({ username, password }: URL): string => {
  if (username === '') return ''
  const words = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  return `Proxy-Authorization: Basic ${Buffer.from(words).toString('base64')}\r\n`
}

const openTo = (proxy: URL): Socket => {
  const host = proxy.hostname.replace(/^\[(.*)\]$/, '$1')
  const port = Number(proxy.port) || (proxy.protocol === 'https:' ? 443 : 80)
  return proxy.protocol === 'https:'
    ? connectTls({ host, port, ...(isIP(host) ? {} : { servername: host }) })
    : connect({ host, port })
}

const refusalOf = (status: string | undefined): string => {
  if (status === undefined) return 'does not answer in HTTP'
  return status === '407' ? 'wants another user or password (407)' : `does not lead there (${status})`
}

/** A socket to `target` (`host:port`) through a proxy. Missing: what the proxy says, or that it does not answer. */
export const connectThrough = (
  proxy: URL,
  target: string,
  { after }: { after: (call: () => void) => () => void },
): Promise<Fact<Socket>> =>
  new Promise(resolve => {
    const socket = openTo(proxy)
    const name = proxyName(proxy)
    let head = ''
    const end = (result: Fact<Socket>): void => {
      stop()
      socket.off('data', read)
      socket.off('error', failed)
      socket.off('close', closed)
      // Between here and its next user an error must not end the process.
      socket.on('error', () => {})
      if (!result.ok) socket.destroy()
      resolve(result)
    }
    const refuse = (why: string): void =>
      end(missing('unproven', `${target} is asked for through ${name}, which ${why}`))
    const failed = (error: NodeJS.ErrnoException): void => refuse(`cannot be reached (${error.code ?? error.message})`)
    const closed = (): void => refuse('closed the connection')
    const read = (chunk: Buffer): void => {
      head += chunk.toString('latin1')
      const until = head.indexOf('\r\n\r\n')
      if (until < 0) {
        if (head.length > most) refuse('does not answer in HTTP')
        return
      }
      const status = /^HTTP\/1\.[01] (\d{3})/.exec(head)?.[1]
      if (!status?.startsWith('2')) {
        refuse(refusalOf(status))
        return
      }
      socket.pause()
      const rest = Buffer.from(head.slice(until + 4), 'latin1')
      if (rest.length) socket.unshift(rest)
      end(observed(socket, ''))
    }
    const stop = after(() => refuse('does not answer in time'))
    socket.on('data', read)
    socket.once('error', failed)
    socket.once('close', closed)
    socket.once(proxy.protocol === 'https:' ? 'secureConnect' : 'connect', () =>
      socket.write(`CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n${loginOf(proxy)}\r\n`),
    )
  })
