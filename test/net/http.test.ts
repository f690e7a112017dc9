import http, { type IncomingMessage, type ServerResponse } from 'node:http'
import https from 'node:https'
import { type AddressInfo, connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import zlib from 'node:zlib'
import { describe, expect, it, onTestFinished } from 'vitest'
import { limits } from '../../src/data/limits.ts'
import { parseConnectTo } from '../../src/net/connect-to.ts'
import { createCookies } from '../../src/net/cookies.ts'
import { type HttpRequest, headersOf, type Network, type NetworkOptions } from '../../src/net/network.ts'
import { leaf, testRoot } from '../support/certificates.ts'
import { fakeClock } from '../support/fake-clock.ts'
import { a, local, makeNetwork, reply, tcpServer, udpServer, until } from './support.ts'

type Handle = (request: IncomingMessage, response: ServerResponse) => void

const listen = async (server: http.Server | https.Server) => {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  let connections = 0
  server.on('connection', () => {
    connections += 1
  })
  return { port: (server.address() as AddressInfo).port, connections: () => connections }
}
const webServer = (handle: Handle) => listen(http.createServer({ keepAliveTimeout: 30_000 }, handle))
const tlsServer = (
  names: string[],
  given: { expired?: boolean } = {},
  options: https.ServerOptions = {},
  handle: Handle = (_, response) => void response.end('secure'),
) => listen(https.createServer({ ...leaf(names, given), ...options }, handle))

/** A network in which www.example is at `port`, whatever port is asked for. */
const networkTo = (port: number, given: Partial<NetworkOptions> = {}): Network =>
  makeNetwork({ connectTo: [parseConnectTo(`www.example::127.0.0.1:${port}`)], ca: [testRoot], ...given })

const get = async (handle: Handle, request: Partial<HttpRequest> = {}, given: Partial<NetworkOptions> = {}) => {
  const server = await webServer(handle)
  return networkTo(server.port, given).http({ url: 'http://www.example/', ...request })
}
const lastOf = async (exchange: ReturnType<Network['http']>) => {
  const got = await exchange
  if (!got.ok) throw new Error(`${got.reason}: ${got.message}`)
  return got.value.hops.at(-1)!
}

describe('a connection that comes free', () => {
  it('is taken by a request whose own is still being opened, and the new one is kept for the next', async () => {
    const seen: string[] = []
    const slow = Promise.withResolvers<void>()
    const origin = await tlsServer(['www.example'], {}, {}, async (request, response) => {
      seen.push(request.url!)
      if (request.url === '/slow') await slow.promise
      response.end(request.url)
    })
    let connections = 0
    // Every connection after the first takes as long to come about as the test says.
    const second = Promise.withResolvers<void>()
    const front = await tcpServer(async socket => {
      if (connections++ > 0) await second.promise
      const onward = connect(origin.port, '127.0.0.1')
      for (const end of [socket, onward]) end.on('error', () => {})
      socket.pipe(onward).pipe(socket)
    })
    const net = networkTo(front.port, { timeoutMs: 10_000 })
    const first = lastOf(net.http({ url: 'https://www.example/slow' }))
    // The first connection stands and waits for its answer when the second request comes.
    await until(() => seen.includes('/slow'))
    const quick = lastOf(net.http({ url: 'https://www.example/quick' }))
    await until(() => connections === 2)
    expect(seen).toEqual(['/slow'])
    slow.resolve()
    expect([(await first).body, (await quick).body]).toEqual(['/slow', '/quick'])
    second.resolve()
    await until(() => origin.connections() === 2)
    await sleep(100)
    const rest = await Promise.all(['/a', '/b'].map(path => lastOf(net.http({ url: `https://www.example${path}` }))))
    expect(rest.map(hop => hop.body)).toEqual(['/a', '/b'])
    expect(connections).toBe(2)
  })
})

describe('an answer', () => {
  it('keeps header names in lower case, in order, repeated where repeated; says who we are', async () => {
    let agent: string | undefined
    const hop = await lastOf(
      get((request, response) => {
        agent = request.headers['user-agent']
        response.writeHead(200, [
          'X-One',
          '1',
          'Set-Cookie',
          'a=1',
          'X-Two',
          '2',
          'set-cookie',
          'b=2',
          'Content-Type',
          'text/html',
        ])
        response.end('<p>')
      }),
    )
    expect(hop.headers.slice(0, 5)).toEqual([
      ['x-one', '1'],
      ['set-cookie', 'a=1'],
      ['x-two', '2'],
      ['set-cookie', 'b=2'],
      ['content-type', 'text/html'],
    ])
    expect(headersOf(hop, 'Set-Cookie')).toEqual(['a=1', 'b=2'])
    expect(hop).toMatchObject({
      status: 200,
      httpVersion: '1.1',
      body: '<p>',
      encodedBytes: 3,
      decodedBytes: 3,
      truncated: false,
      address: '127.0.0.1',
      tls: null,
    })
    expect(agent).toBe('launch-ready/test')
  })

  it('skips interim answers', async () => {
    const hop = await lastOf(
      get((_, response) => {
        response.writeEarlyHints({ link: '</x.css>; rel=preload' })
        response.end('done')
      }),
    )
    expect(hop).toMatchObject({ status: 200, body: 'done' })
  })

  it('sends bodies and methods, and reads no body of HEAD', async () => {
    const echo: Handle = (request, response) => {
      const chunks: Buffer[] = []
      request.on('data', chunk => chunks.push(chunk))
      request.on('end', () => response.end(`${request.method} ${Buffer.concat(chunks)}`))
    }
    expect((await lastOf(get(echo, { method: 'POST', body: 'x=1' }))).body).toBe('POST x=1')
    expect(await lastOf(get(echo, { method: 'HEAD' }))).toMatchObject({ status: 200, body: '', encodedBytes: 0 })
  })

  it.each([
    ['text/html; charset=iso-8859-1', Buffer.from([0xe9]), 'é'],
    ['text/html', Buffer.from('é'), 'é'],
    ['image/png', Buffer.from([0x89, 0xff]), '\x89\xff'],
    ['text/html; charset=nonsense', Buffer.from('é'), 'é'],
    ['', Buffer.from([0xff]), '\xff'],
    // As browsers do: a byte order mark, what the page says of itself, and Windows-1252 for what is no UTF-8.
    ['text/html', Buffer.from('\ufeff<p>é</p>', 'utf16le'), '<p>é</p>'],
    ['text/html; charset=utf-8', Buffer.from('\ufeff<p>é</p>', 'utf16le'), '<p>é</p>'],
    ['text/html', Buffer.from('<meta charset="iso-8859-2">\xb1', 'latin1'), '<meta charset="iso-8859-2">ą'],
    ['', Buffer.from('<html><meta charset=koi8-r>\xc4\xc1', 'latin1'), '<html><meta charset=koi8-r>да'],
    ['text/html; charset=utf-8', Buffer.from('<meta charset="latin1">é'), '<meta charset="latin1">é'],
    ['text/html', Buffer.from('<h1>Caf\xe9 \x80</h1>', 'latin1'), '<h1>Café €</h1>'],
    ['application/json', Buffer.from('{"a":"é"}'), '{"a":"é"}'],
  ])('is read as %s', async (type, bytes, body) => {
    const hop = await lastOf(
      get((_, response) => {
        if (type) response.setHeader('content-type', type)
        response.end(bytes)
      }),
    )
    expect(hop.body).toBe(body)
  })
})

describe('phases and connections', () => {
  it('times DNS, TCP and TLS apart, and none of them on a connection used again', async () => {
    const server = await tlsServer(['www.example'])
    const dns = await udpServer(query => [reply(query, query.type === 1 ? { answers: [a('192.0.2.1')] } : {})])
    const net = makeNetwork({
      resolvers: [local(dns.port)],
      ca: [testRoot],
      connectTo: [parseConnectTo(`192.0.2.1:443:127.0.0.1:${server.port}`)],
    })
    const first = await lastOf(net.http({ url: 'https://www.example/' }))
    expect(first).toMatchObject({
      address: '192.0.2.1',
      tls: { version: 'TLSv1.3', authorized: true, error: null, alpn: 'http/1.1' },
    })
    for (const phase of ['dns', 'tcp', 'tls', 'firstByte', 'download', 'total'] as const)
      expect(first.timing[phase]).toBeGreaterThanOrEqual(0)
    expect(first.timing.tls).toBeGreaterThan(0)
    const second = await lastOf(net.http({ url: 'https://www.example/again' }))
    expect(second.timing).toMatchObject({ dns: null, tcp: null, tls: null })
    expect(server.connections()).toBe(1)
    const fresh = await lastOf(net.http({ url: 'https://www.example/', fresh: true }))
    expect(fresh.timing.tls).not.toBeNull()
    expect(server.connections()).toBe(2)
  })

  it('opens at most six connections to a host', async () => {
    let open = 0
    let most = 0
    const server = await webServer((_, response) => {
      most = Math.max(most, ++open)
      setTimeout(() => {
        open -= 1
        response.end('x')
      }, 20)
    })
    const net = networkTo(server.port)
    const all = await Promise.all(Array.from({ length: 20 }, (_, at) => net.http({ url: `http://www.example/${at}` })))
    expect(all.every(each => each.ok)).toBe(true)
    expect(most).toBe(limits.connectionsPerHost)
    expect(server.connections()).toBe(limits.connectionsPerHost)
  })

  it('asks again on a new connection when the kept one was closed meanwhile', async () => {
    const server = await tcpServer(socket => {
      socket.once('data', () => {
        socket.write('HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\nx')
        socket.once('data', () => socket.destroy())
      })
    })
    const net = networkTo(server.port)
    expect((await lastOf(net.http({ url: 'http://www.example/' }))).body).toBe('x')
    expect((await lastOf(net.http({ url: 'http://www.example/' }))).body).toBe('x')
    expect(server.connections()).toBe(2)
  })
})

describe('a kept connection', () => {
  it('that was closed meanwhile is not worth a second POST: it may have been done', async () => {
    const seen: string[] = []
    const server = await tcpServer(socket => {
      socket.on('data', (chunk: Buffer) => {
        seen.push(chunk.toString('latin1').split(' ')[0]!)
        if (seen.length > 1) socket.destroy()
        else socket.write('HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\nx')
      })
    })
    const net = networkTo(server.port)
    await net.http({ url: 'http://www.example/' })
    expect(await net.http({ url: 'http://www.example/', method: 'POST', body: 'x' })).toMatchObject({
      ok: false,
      reason: 'unreachable',
    })
    expect(seen).toEqual(['GET', 'POST'])
  })

  it('that has rested is not taken by a POST: the server may be closing it', async () => {
    const server = await tcpServer(socket => {
      socket.on('data', () => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\nx'))
    })
    const clock = fakeClock()
    const net = networkTo(server.port, { clock })
    const ask = (method: 'GET' | 'POST') =>
      net.http({ url: 'http://www.example/', method, ...(method === 'POST' ? { body: 'x' } : {}) })
    await ask('GET')
    await ask('POST')
    expect(server.connections()).toBe(1)
    await clock.turn(limits.restBeforeUnsafeMs + 1)
    await ask('GET')
    expect(server.connections()).toBe(1)
    await clock.turn(limits.restBeforeUnsafeMs + 1)
    await ask('POST')
    expect(server.connections()).toBe(2)
  })

  it('is closed when nobody has used it for a while', async () => {
    let closed = false
    const server = await tcpServer(socket => {
      socket.on('data', () => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\nx'))
      socket.on('close', () => {
        closed = true
      })
    })
    const clock = fakeClock()
    const net = networkTo(server.port, { clock })
    await net.http({ url: 'http://www.example/' })
    await clock.turn(limits.idleConnectionMs - 1)
    await net.http({ url: 'http://www.example/' })
    await clock.turn(limits.idleConnectionMs - 1)
    await sleep(20)
    expect([closed, server.connections()]).toEqual([false, 1])
    await clock.turn(1)
    await until(() => closed)
  })

  it('without a certificate that verifies is not taken by a request that wants one, though it comes free', async () => {
    const slow = Promise.withResolvers<void>()
    const origin = await tlsServer(['www.example'], { expired: true }, {}, async (_, response) => {
      await slow.promise
      response.end('x')
    })
    let connections = 0
    const second = Promise.withResolvers<void>()
    const front = await tcpServer(async socket => {
      if (connections++ > 0) await second.promise
      const onward = connect(origin.port, '127.0.0.1')
      for (const end of [socket, onward]) end.on('error', () => {})
      socket.pipe(onward).pipe(socket)
    })
    const net = networkTo(front.port)
    const first = lastOf(net.http({ url: 'https://www.example/' }))
    await until(() => origin.connections() === 1)
    const strict = net.http({ url: 'https://www.example/', verify: 'strict' })
    await until(() => connections === 2)
    slow.resolve()
    expect((await first).status).toBe(200)
    second.resolve()
    expect(await strict).toMatchObject({ ok: false, reason: 'tls-handshake' })
  })
})

describe('certificates', () => {
  it.each([
    ['expired', ['www.example'], { expired: true }, [testRoot], 'CERT_HAS_EXPIRED'],
    ['for another name', ['other.example'], {}, [testRoot], 'ERR_TLS_CERT_ALTNAME_INVALID'],
    ['of an unknown root', ['www.example'], {}, [], 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY'],
  ])('%s: carried on with, and told every time; refused when strict', async (_, names, given, ca, code) => {
    const server = await tlsServer(names, given)
    const net = networkTo(server.port, { ca })
    for (let round = 0; round < 2; round++)
      expect(await lastOf(net.http({ url: 'https://www.example/', fresh: round === 1 }))).toMatchObject({
        status: 200,
        tls: { authorized: false, error: code },
      })
    expect(await net.http({ url: 'https://www.example/', verify: 'strict' })).toMatchObject({
      ok: false,
      reason: 'tls-handshake',
      message: expect.stringContaining(code),
    })
  })

  it('are checked for the address where the URL has one', async () => {
    const server = await tlsServer(['127.0.0.1'])
    const net = makeNetwork({ ca: [testRoot], ownHosts: ['127.0.0.1'] })
    expect(await lastOf(net.http({ url: `https://127.0.0.1:${server.port}/` }))).toMatchObject({
      tls: { authorized: true, error: null },
    })
  })

  it('a server that speaks no TLS is a failed handshake', async () => {
    const server = await webServer((_, response) => void response.end('plain'))
    expect(await networkTo(server.port).http({ url: 'https://www.example/' })).toMatchObject({
      ok: false,
      reason: 'tls-handshake',
    })
  })
})

describe('redirects', () => {
  const chain =
    (to: Record<string, string>): Handle =>
    (request, response) => {
      const location = to[request.url ?? '']
      if (location === undefined) response.end('end')
      else response.writeHead(302, { location }).end('moved')
    }

  it('are kept as hops, with their bodies left out', async () => {
    const got = await get(chain({ '/': '/b', '/b': 'http://www.example/c?x#y' }), { follow: 5 })
    expect(got).toMatchObject({
      ok: true,
      value: {
        ended: 'answer',
        hops: [
          { status: 302, body: '' },
          { status: 302 },
          { status: 200, url: 'http://www.example/c?x#y', body: 'end' },
        ],
      },
    })
  })
  it('are not followed unless asked', async () => {
    expect(await get(chain({ '/': '/b' }))).toMatchObject({
      ok: true,
      value: { ended: 'answer', hops: [{ status: 302, body: 'moved' }] },
    })
  })
  it('end at a loop', async () => {
    expect(await get(chain({ '/': '/b', '/b': '/' }), { follow: 10 })).toMatchObject({
      ok: true,
      value: { ended: 'loop', hops: [{}, {}], next: { url: 'http://www.example/' } },
    })
  })
  it('end when there are too many, whatever was asked', async () => {
    const endless: Handle = (request, response) => void response.writeHead(302, { location: `${request.url}x` }).end()
    const got = await get(endless, { follow: 1_000 })
    expect(got).toMatchObject({ ok: true, value: { ended: 'too-many-redirects' } })
    expect(got.ok && got.value.hops.length).toBe(limits.redirects + 1)
  })
  it.each([
    ['http://169.254.169.254/latest/meta-data/'],
    ['http://127.0.0.1:22/'],
    ['http://[::1]/'],
    ['http://10.0.0.1/'],
    ['http://2130706433/'],
    ['http://0x7f.1/'],
    ['http://[::ffff:7f00:1]/'],
  ])('to the private address %s are never followed', async location => {
    expect(await get(chain({ '/': location }), { follow: 5 })).toMatchObject({
      ok: true,
      value: { ended: 'private-address', hops: [{ status: 302 }], next: { missing: { reason: 'unsupported' } } },
    })
  })
  it('to a name with a private address are never followed', async () => {
    const secret = await webServer((_, response) => void response.end('secret'))
    const server = await webServer(chain({ '/': `http://inside.example:${secret.port}/` }))
    const dns = await udpServer(query => [reply(query, query.type === 1 ? { answers: [a('127.0.0.1')] } : {})])
    const net = networkTo(server.port, { resolvers: [local(dns.port)] })
    expect(await net.http({ url: 'http://www.example/', follow: 5 })).toMatchObject({
      ok: true,
      value: { ended: 'private-address' },
    })
    expect(secret.connections()).toBe(0)
  })
  it.each([
    ['javascript:alert(1)', /javascript:/],
    ['data:text/html,x', /data:/],
    ['file:///etc/passwd', /file:/],
    ['http://', /not a URL/],
    [`/${'x'.repeat(20_000)}`, /20001 characters/],
    ['/a\tb', /control characters/],
  ])('to %.30s end there', async (location, why) => {
    const server = await tcpServer(socket =>
      socket.once('data', () => socket.end(`HTTP/1.1 302 Found\r\nlocation: ${location}\r\ncontent-length: 0\r\n\r\n`)),
    )
    const got = await networkTo(server.port).http({ url: 'http://www.example/', follow: 5 })
    expect(got).toMatchObject({ ok: true, value: { ended: 'bad-location', next: { why: expect.stringMatching(why) } } })
    expect(got.ok && got.value.next!.url.length).toBeLessThanOrEqual(200)
  })
  it('of 100 kB in one header are too large', async () => {
    const server = await tcpServer(socket =>
      socket.once('data', () => socket.end(`HTTP/1.1 302 Found\r\nlocation: /${'x'.repeat(100_000)}\r\n\r\n`)),
    )
    expect(await networkTo(server.port).http({ url: 'http://www.example/', follow: 5 })).toMatchObject({
      ok: false,
      reason: 'too-large',
    })
  })
  it('to a host that refuses keep the hops before it', async () => {
    const server = await webServer(chain({ '/': 'http://down.example/' }))
    const net = networkTo(server.port, {
      connectTo: [parseConnectTo(`www.example::127.0.0.1:${server.port}`), parseConnectTo('down.example::127.0.0.1:1')],
    })
    expect(await net.http({ url: 'http://www.example/', follow: 5 })).toMatchObject({
      ok: true,
      value: { ended: 'next-hop-failed', hops: [{ status: 302 }], next: { missing: { reason: 'refused' } } },
    })
  })
  it('take the caller’s secrets to no other origin, and turn POST into GET', async () => {
    const seen: IncomingMessage[] = []
    const server = await webServer((request, response) => {
      seen.push(request)
      if (request.url === '/') response.writeHead(302, { location: 'http://other.example/there' }).end()
      else response.end('end')
    })
    const net = networkTo(server.port, { connectTo: [parseConnectTo(`::127.0.0.1:${server.port}`)] })
    await net.http({
      url: 'http://www.example/',
      method: 'POST',
      body: 'x',
      headers: { Authorization: 'Bearer s', 'X-Api-Key': 's', Accept: 'text/html' },
      follow: 5,
    })
    expect(
      seen.map(request => [
        request.method,
        request.headers['authorization'],
        request.headers['x-api-key'],
        request.headers['accept'],
      ]),
    ).toEqual([
      ['POST', 'Bearer s', 's', 'text/html'],
      ['GET', undefined, undefined, 'text/html'],
    ])
  })
  it.each([
    ['from https to http of the same host', 'https://www.example/', 'http://www.example/there'],
    ['from http to https of the same host', 'http://www.example/', 'https://www.example/there'],
    ['to another port of the same host', 'https://www.example/', 'https://www.example:8443/there'],
    ['to a host below', 'https://www.example/', 'https://x.www.example/there'],
  ])('leave credentials behind %s', async (_, from, to) => {
    const seen: IncomingMessage[] = []
    const handle: Handle = (request, response) => {
      seen.push(request)
      if (request.url === '/') response.writeHead(307, { location: to }).end()
      else response.end('end')
    }
    const [plain, secure] = [await webServer(handle), await tlsServer(['*.example', '*.www.example'], {}, {}, handle)]
    const rules = [`:80:127.0.0.1:${plain.port}`, `:443:127.0.0.1:${secure.port}`, `:8443:127.0.0.1:${secure.port}`]
    const net = makeNetwork({ connectTo: rules.map(parseConnectTo), ca: [testRoot] })
    const headers = { authorization: 'Bearer s', cookie: 'sid=1', 'x-api-key': 's', accept: 'text/html' }
    await net.http({ url: from, headers, follow: 5 })
    const sent = (request: IncomingMessage | undefined) =>
      ['authorization', 'cookie', 'x-api-key', 'accept'].map(name => request?.headers[name])
    expect(seen.map(request => request.url)).toEqual(['/', '/there'])
    expect(sent(seen[0])).toEqual(['Bearer s', 'sid=1', 's', 'text/html'])
    expect(sent(seen[1])).toEqual([undefined, undefined, undefined, 'text/html'])
  })
  it('keep credentials within the origin', async () => {
    const seen: (string | undefined)[] = []
    await get(
      (request, response) => {
        seen.push(request.headers.authorization)
        if (request.url === '/') response.writeHead(302, { location: '/there' }).end()
        else response.end('end')
      },
      { headers: { authorization: 'Bearer s' }, follow: 5 },
    )
    expect(seen).toEqual(['Bearer s', 'Bearer s'])
  })
  it('leave a pinned address behind with the host that it was for', async () => {
    const pinned = await webServer(
      (_, response) => void response.writeHead(302, { location: 'http://other.example/' }).end(),
    )
    const other = await webServer((_, response) => void response.end('other'))
    const rules = [`192.0.2.1:80:127.0.0.1:${pinned.port}`, `other.example:80:127.0.0.1:${other.port}`]
    const net = makeNetwork({ connectTo: rules.map(parseConnectTo) })
    const hop = await lastOf(net.http({ url: 'http://www.example/', address: '192.0.2.1', follow: 5 }))
    expect(hop).toMatchObject({ url: 'http://other.example/', body: 'other' })
  })
  it('take a few deadlines in all, however many hops are slow', async () => {
    const clock = fakeClock()
    const answers: (() => void)[] = []
    const got = get(
      (request, response) => void answers.push(() => response.writeHead(302, { location: `${request.url}x` }).end()),
      { follow: 10 },
      { timeoutMs: 1_000, clock },
    )
    for (const nth of [1, 2, 3, 4, 5, 6, 7]) {
      await until(() => answers.length === nth)
      await clock.turn(900)
      answers.at(-1)!()
    }
    expect(await got).toMatchObject({
      ok: true,
      value: { ended: 'next-hop-failed', hops: [{}, {}, {}, {}, {}, {}, {}], next: { missing: { reason: 'timeout' } } },
    })
  })
  it('carry cookies by host, so that a page that sets one and comes back is no loop', async () => {
    const cookies = createCookies()
    const got = await get(
      (request, response) => {
        if (request.headers.cookie === 'sid=1') response.end('welcome')
        else response.writeHead(302, { location: '/', 'set-cookie': 'sid=1; HttpOnly' }).end()
      },
      { follow: 5, cookies },
    )
    expect(got).toMatchObject({ ok: true, value: { ended: 'answer', hops: [{ status: 302 }, { body: 'welcome' }] } })
    expect(cookies.pairs()).toEqual(['sid=1'])
  })
})

describe('encodings', () => {
  const encoders: [string, (bytes: Buffer) => Buffer][] = [
    ['gzip', zlib.gzipSync],
    ['deflate', zlib.deflateSync],
    ['deflate', zlib.deflateRawSync],
    ['br', zlib.brotliCompressSync],
    ['gzip, br', bytes => zlib.brotliCompressSync(zlib.gzipSync(bytes))],
  ]
  if (typeof zlib.zstdCompressSync === 'function') encoders.push(['zstd', zlib.zstdCompressSync])
  it.each(encoders)('%s is decoded', async (encoding, encode) => {
    const text = 'hello '.repeat(1_000)
    const hop = await lastOf(
      get(
        (_, response) =>
          void response
            .writeHead(200, { 'content-encoding': encoding, 'content-type': 'text/plain' })
            .end(encode(Buffer.from(text))),
      ),
    )
    expect(hop.body).toBe(text)
    expect(hop.decodedBytes).toBe(text.length)
    expect(hop.encodedBytes).toBeLessThan(text.length)
  })
  it('a bomb is cut at the bound', async () => {
    const bomb = zlib.gzipSync(Buffer.alloc(100 * 1024 * 1024))
    const before = process.memoryUsage().arrayBuffers
    const result = await lastOf(
      get((_, response) => void response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb)),
    )
    expect(result).toMatchObject({ truncated: true, decodedBytes: limits.bodyBytes })
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(50 * 1024 * 1024)
  })
  it('what is not what it says is malformed', async () => {
    expect(
      await get((_, response) => void response.writeHead(200, { 'content-encoding': 'gzip' }).end('not gzip')),
    ).toMatchObject({ ok: false, reason: 'malformed' })
    const many = Array(20).fill('gzip').join(', ')
    expect(
      await get((_, response) => void response.writeHead(200, { 'content-encoding': many }).end('x')),
    ).toMatchObject({ ok: false, reason: 'malformed' })
  })
  it('are left alone when asked', async () => {
    const hop = await lastOf(
      get((request, response) => void response.end(String(request.headers['accept-encoding'])), { decode: false }),
    )
    expect(hop.body).toBe('undefined')
  })
})

describe('bounds', () => {
  it('cut a body of 100 MB, and end the connection', async () => {
    let sent = 0
    const block = Buffer.alloc(1024 * 1024, 'x')
    const hop = await lastOf(
      get(
        (_, response) => {
          response.writeHead(200, { 'content-type': 'text/plain', 'content-length': 100 * block.length })
          const more = () => {
            while (sent < 100 && !response.destroyed) {
              sent += 1
              if (!response.write(block)) return void response.once('drain', more)
            }
          }
          more()
        },
        {},
        { timeoutMs: 5_000 },
      ),
    )
    expect(hop).toMatchObject({ truncated: true, encodedBytes: limits.bodyBytes, decodedBytes: limits.bodyBytes })
    expect(sent).toBeLessThan(60)
  })
  it('cut where the caller says', async () => {
    expect(await lastOf(get((_, response) => void response.end('0123456789'), { maxBytes: 4 }))).toMatchObject({
      body: '0123',
      truncated: true,
    })
  })
  it('end endless headers, in one or in many lines', async () => {
    for (const line of [`x: ${'y'.repeat(1000)}\r\n`, 'a: b\r\n']) {
      const server = await tcpServer(socket => {
        socket.once('data', () => {
          socket.write('HTTP/1.1 200 OK\r\n')
          const timer = setInterval(() => socket.write(line.repeat(50)), 1)
          socket.on('close', () => clearInterval(timer))
        })
      })
      expect(await networkTo(server.port, { timeoutMs: 5_000 }).http({ url: 'http://www.example/' })).toMatchObject({
        ok: false,
        reason: 'too-large',
      })
    }
  })
  it('refuse more header lines than anybody sends', async () => {
    const server = await tcpServer(socket =>
      socket.once('data', () => socket.end(`HTTP/1.1 200 OK\r\n${'a: b\r\n'.repeat(2_000)}\r\n`)),
    )
    expect(await networkTo(server.port).http({ url: 'http://www.example/' })).toMatchObject({
      ok: false,
      reason: 'too-large',
    })
  })
  it('end a body that drips', async () => {
    const clock = fakeClock()
    let drops = 0
    const result = get(
      (_, response) => {
        response.writeHead(200)
        const timer = setInterval(() => {
          drops += 1
          response.write('x')
        }, 5)
        response.on('close', () => clearInterval(timer))
      },
      {},
      { timeoutMs: 300, clock },
    )
    await until(() => drops > 5)
    await clock.turn(300)
    drops = 0
    await until(() => drops > 5)
    await clock.turn(600)
    expect(await result).toMatchObject({
      ok: false,
      reason: 'timeout',
      message: expect.stringContaining('does not finish'),
    })
  })
  it.each([
    ['SSH-2.0-OpenSSH_9.9\r\n', 'malformed'],
    ['HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nxx', 'malformed'],
    ['', 'unreachable'],
  ])('name what is no HTTP: %j', async (answer, reason) => {
    const server = await tcpServer(socket => socket.once('data', () => socket.end(answer)))
    expect(await networkTo(server.port).http({ url: 'http://www.example/' })).toMatchObject({ ok: false, reason })
  })
  it('refuse what is no web address', async () => {
    const net = makeNetwork()
    expect(await net.http({ url: 'nonsense' })).toMatchObject({ ok: false, reason: 'malformed' })
    expect(await net.http({ url: 'ftp://www.example/' })).toMatchObject({ ok: false, reason: 'unsupported' })
    expect(await net.http({ url: 'http://169.254.169.254/' })).toMatchObject({
      ok: false,
      reason: 'unsupported',
      message: expect.stringContaining('private address'),
    })
  })
})

describe('silence', () => {
  it.each([
    ['http', 'a request'],
    ['https', 'a handshake'],
  ])('%s: an origin that accepts and never answers %s costs one deadline and one second look', async scheme => {
    const server = await tcpServer(() => {})
    const clock = fakeClock()
    const net = networkTo(server.port, { timeoutMs: 800, clock })
    const first = Array.from({ length: 15 }, (_, at) => net.http({ url: `${scheme}://www.example/${at}` }))
    await until(() => server.connections() === limits.connectionsPerHost)
    await clock.turn(600)
    const late = net.http({ url: `${scheme}://www.example/late` })
    await clock.turn(200 + 1_600)
    const result = await Promise.all([...first, late, net.http({ url: `${scheme}://www.example/later` })])
    expect(result.every(each => !each.ok && each.reason === 'timeout')).toBe(true)
    expect(new Set(result.map(each => !each.ok && each.cause)).size).toBe(1)
    expect(clock.elapsed()).toBe(3 * 800)
  })
  it('a POST whose handshake hung is tried again, one that was sent is not', async () => {
    const posts: string[] = []
    const origin = await tlsServer(['www.example'], {}, {}, (request, response) => {
      posts.push(request.url!)
      if (request.url === '/quick') response.end('x')
    })
    let connections = 0
    const front = await tcpServer(socket => {
      if (++connections === 1) return
      const onward = connect(origin.port, '127.0.0.1')
      onward.on('error', () => {})
      socket.pipe(onward).pipe(socket)
    })
    const clock = fakeClock()
    const net = networkTo(front.port, { timeoutMs: 800, clock })
    const post = (path: string) => net.http({ url: `https://www.example${path}`, method: 'POST', body: 'x' })
    const hung = post('/quick')
    await until(() => connections === 1)
    await clock.turn(800)
    expect((await lastOf(hung)).status).toBe(200)
    const late = post('/slow')
    await until(() => posts.length === 2)
    await clock.turn(3 * 800)
    expect(await late).toMatchObject({ ok: false, reason: 'timeout' })
    expect(posts).toEqual(['/quick', '/slow'])
  })

  it('costs one deadline where another origin answers in it', async () => {
    const silent = await tcpServer(() => {})
    const other = await webServer((_, response) => response.end('x'))
    const clock = fakeClock()
    const rules = [`www.example::127.0.0.1:${silent.port}`, `other.example::127.0.0.1:${other.port}`]
    const net = networkTo(silent.port, { timeoutMs: 800, clock, connectTo: rules.map(parseConnectTo) })
    const waits = net.http({ url: 'http://www.example/' })
    await until(() => silent.connections() === 1)
    await clock.turn(400)
    const answered = net.http({ url: 'http://other.example/' })
    expect((await answered).ok).toBe(true)
    await clock.turn(400)
    const result = await waits
    expect(!result.ok && result.reason).toBe('timeout')
    expect(clock.elapsed()).toBe(800)
  })

  it('for less than a whole deadline silences nothing', async () => {
    let asked = 0
    const server = await webServer((_, response) => void (asked++ < 2 || response.end('x')))
    const clock = fakeClock()
    const net = networkTo(server.port, { timeoutMs: 1_000, clock })
    const hasty = net.http({ url: 'http://www.example/', timeoutMs: 100 })
    await until(() => asked === 1)
    await clock.turn(100)
    await until(() => asked === 2)
    await clock.turn(200)
    expect(await hasty).toMatchObject({ ok: false, reason: 'timeout' })
    expect(await net.http({ url: 'http://www.example/' })).toMatchObject({ ok: true })
  })
  it('of one route does not silence a site that answers', async () => {
    let hung = 0
    const server = await webServer((request, response) => {
      if (request.url === '/hang') hung += 1
      else response.end('x')
    })
    const clock = fakeClock()
    const net = networkTo(server.port, { timeoutMs: 200, clock })
    await net.http({ url: 'http://www.example/' })
    await clock.turn(1)
    const hanging = net.http({ url: 'http://www.example/hang' })
    await until(() => hung === 1)
    await clock.turn(200)
    await until(() => hung === 2)
    await clock.turn(400)
    expect(await hanging).toMatchObject({ ok: false, reason: 'timeout' })
    expect(await net.http({ url: 'http://www.example/' })).toMatchObject({ ok: true })
  })
})

describe('probes that share a connection', () => {
  it.each([0, 1])('are all answered when the server closes it after %i answers', async most => {
    let answered = 0
    const server = await tcpServer(socket => {
      let ofThis = 0
      socket.on('data', (chunk: Buffer) => {
        for (const _ of chunk.toString('latin1').matchAll(/\r\n\r\n/g)) {
          if (socket.listenerCount('data') === 0) return
          if (answered > 40 || ofThis < most) {
            ofThis += 1
            answered += 1
            socket.write('HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\nx')
          } else socket.destroy()
        }
      })
    })
    const net = networkTo(server.port)
    const results = await Promise.all(
      Array.from({ length: 12 }, (_, at) => net.http({ url: `http://www.example/${at}`, background: true })),
    )
    expect(results.map(result => result.ok || result.reason)).toEqual(
      Array.from({ length: 12 }, () => (most ? true : 'unreachable')),
    )
  })
})

describe('the end', () => {
  it('an interrupt ends requests at once', async () => {
    let asked = 0
    const server = await webServer(() => void asked++)
    const controller = new AbortController()
    const clock = fakeClock()
    const net = networkTo(server.port, { signal: controller.signal, timeoutMs: 10_000, clock })
    const under = [net.http({ url: 'http://www.example/' }), net.http({ url: 'http://www.example/', background: true })]
    await until(() => asked === 2)
    controller.abort()
    for (const result of await Promise.all(under))
      expect(result).toMatchObject({ ok: false, reason: 'internal', message: 'interrupted' })
    expect(await net.http({ url: 'http://www.example/' })).toMatchObject({ ok: false, message: 'interrupted' })
    expect(clock.elapsed()).toBe(0)
    expect(asked).toBe(2)
  })
  it('close ends kept connections', async () => {
    const closed: Promise<void>[] = []
    const server = http.createServer((_, response) => void response.end('x'))
    server.on('connection', socket => closed.push(new Promise(resolve => socket.on('close', () => resolve()))))
    const { port } = await listen(server)
    const net = networkTo(port)
    await net.http({ url: 'http://www.example/' })
    await net.close()
    await Promise.all(closed)
    expect(closed.length).toBe(1)
    expect(await net.http({ url: 'http://www.example/' })).toMatchObject({ ok: false, message: 'interrupted' })
  })
})
