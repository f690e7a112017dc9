// HTTP goes through the proxy of the environment by CONNECT; what it refuses is unknown with that reason.
import { createServer, type Server } from 'node:http'
import net, { type AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { proxiesOf, proxyFor } from '../../src/net/proxy.ts'
import { makeNetwork } from './support.ts'

const listen = async (server: Server): Promise<number> => {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', () => resolve()))
  onTestFinished(() => void server.close())
  return (server.address() as AddressInfo).port
}

/** A proxy that leads every name to one port of this machine. */
const startProxy = async (to: number, answer: (target: string, login: string | undefined) => number = () => 200) => {
  const asked: string[] = []
  const server = createServer((_, response) => response.writeHead(405).end())
  server.on('connect', (request, client: net.Socket) => {
    const target = request.url ?? ''
    asked.push(target)
    client.on('error', () => {})
    const status = answer(target, request.headers['proxy-authorization'])
    if (status !== 200) return void client.end(`HTTP/1.1 ${status} No\r\n\r\n`)
    const far = net.connect(to, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n')
      far.pipe(client).pipe(far)
    })
    far.on('error', () => client.destroy())
  })
  return { port: await listen(server), asked }
}

const site = () => listen(createServer((request, response) => response.end(`this is ${request.headers.host}`)))

const bodyOf = (answer: Awaited<ReturnType<ReturnType<typeof makeNetwork>['http']>>): string =>
  answer.ok ? answer.value.hops.at(-1)!.body : `missing ${answer.reason}: ${answer.message}`

describe('the proxy of the environment', () => {
  it('carries HTTP, by the name that was asked for', async () => {
    const proxy = await startProxy(await site())
    const network = makeNetwork({ proxies: proxiesOf({ HTTP_PROXY: `http://127.0.0.1:${proxy.port}` }) })
    expect(bodyOf(await network.http({ url: 'http://coachdash.example/' }))).toBe('this is coachdash.example')
    expect(proxy.asked).toEqual(['coachdash.example:80'])
  })

  it('is given its log-in, which stands in no message', async () => {
    const proxy = await startProxy(await site(), (_, login) => (login === 'Basic YWRhOnMzY3JldA==' ? 200 : 407))
    const at = (login: string) =>
      makeNetwork({ proxies: proxiesOf({ http_proxy: `${login}@127.0.0.1:${proxy.port}` }) })
    expect(bodyOf(await at('ada:s3cret').http({ url: 'http://coachdash.example/' }))).toBe('this is coachdash.example')
    const refused = bodyOf(await at('ada:wr0ng').http({ url: 'http://coachdash.example/' }))
    expect(refused).toMatch(/^missing unproven: .*wants another user or password \(407\)/)
    expect(refused).not.toContain('wr0ng')
  })

  it.each([
    [403, /the proxy 127\.0\.0\.1:\d+, which does not lead there \(403\)/],
    [502, /does not lead there \(502\)/],
  ])('that answers %d makes the host unknown, never down', async (status, why) => {
    const proxy = await startProxy(await site(), () => status)
    const network = makeNetwork({ proxies: proxiesOf({ ALL_PROXY: `http://127.0.0.1:${proxy.port}` }) })
    for (const url of ['http://coachdash.example/', 'https://coachdash.example/']) {
      const answer = await network.http({ url })
      expect(answer.ok ? 'answered' : answer.reason).toBe('unproven')
      expect(bodyOf(answer)).toMatch(why)
    }
  })

  it('that is not there is told by its name', async () => {
    const network = makeNetwork({ proxies: proxiesOf({ HTTP_PROXY: 'http://127.0.0.1:1' }) })
    expect(bodyOf(await network.http({ url: 'http://coachdash.example/' }))).toMatch(
      /^missing unproven: .*the proxy 127\.0\.0\.1:1, which cannot be reached \(ECONNREFUSED\)/,
    )
  })

  it('is left aside where --connect-to leads, and what is no HTTP says that it went past it', async () => {
    const port = await site()
    const proxy = await startProxy(port)
    const network = makeNetwork({
      proxies: proxiesOf({ ALL_PROXY: `http://127.0.0.1:${proxy.port}` }),
      connectTo: [
        { host: 'coachdash.example', port: null, toHost: '127.0.0.1', toPort: port },
        { host: 'mail.example', port: 25, toHost: '127.0.0.1', toPort: 1 },
      ],
    })
    expect(bodyOf(await network.http({ url: 'http://coachdash.example/' }))).toBe('this is coachdash.example')
    expect(proxy.asked).toEqual([])
    const mail = await network.smtp({ host: 'mail.example', port: 25 })
    expect(mail.ok ? '' : `${mail.reason}: ${mail.message}`).toMatch(/^unproven: .*cannot go through the proxy 127/)
  })
})

describe('which proxy', () => {
  const env = {
    HTTPS_PROXY: 'http://p.example:3128',
    NO_PROXY: 'internal.example, .corp.example,10.0.0.1,api.example:8443',
  }
  it.each([
    ['https://coachdash.example/', 'p.example:3128'],
    ['http://coachdash.example/', null],
    ['https://internal.example/', null],
    ['https://a.internal.example/', null],
    ['https://notinternal.example/', 'p.example:3128'],
    ['https://a.corp.example/', null],
    ['https://10.0.0.1/', null],
    ['https://api.example:8443/', null],
    ['https://api.example/', 'p.example:3128'],
    ['https://localhost/', null],
    ['https://127.0.0.1/', null],
  ])('%s goes through %s', (text, proxy) => {
    const url = new URL(text)
    expect(proxyFor(proxiesOf(env), url, Number(url.port) || 443)?.host ?? null).toBe(proxy)
  })

  it('is none where nothing is set, where everything is excepted, and for SOCKS', () => {
    expect(proxiesOf({})).toBeNull()
    expect(proxiesOf({ ALL_PROXY: 'socks5://127.0.0.1:1080' })).toBeNull()
    expect(proxyFor(proxiesOf({ ...env, NO_PROXY: '*' }), new URL('https://a.example/'), 443)).toBeNull()
  })
})
