import https from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import tls from 'node:tls'
import { describe, expect, it, onTestFinished } from 'vitest'
import { limits } from '../../src/data/limits.ts'
import { encodeName } from '../../src/formats/dns/wire.ts'
import { parseConnectTo } from '../../src/net/connect-to.ts'
import { leaf, testRoot } from '../support/certificates.ts'
import { fakeClock } from '../support/fake-clock.ts'
import { a, cname, local, makeNetwork, onDnsStream, readQuery, reply, tcpServer, udpServer, until } from './support.ts'

const certificate = leaf(['dns.example', 'localhost', '127.0.0.1'])

describe('UDP', () => {
  it('asks with random ids and source ports, EDNS and recursion', async () => {
    const server = await udpServer(query => [reply(query, { answers: [a('192.0.2.1')] })])
    const net = makeNetwork({ resolvers: [local(server.port)] })
    const answers = await Promise.all(
      ['a', 'b', 'c', 'd', 'e', 'f'].map(name => net.dns.lookup(`${name}.example`, 'A')),
    )
    expect(answers.every(each => each.ok && each.value.records[0]?.data === '192.0.2.1')).toBe(true)
    expect(new Set(server.queries.map(query => query.id)).size).toBeGreaterThan(4)
    expect(new Set(server.from.map(each => each.port)).size).toBeGreaterThan(4)
    expect(server.queries.every(query => query.edns && (query.raw[2]! & 1) === 1)).toBe(true)
  })

  it('ignores a wrong id, a wrong question and a query, and takes the right answer behind them', async () => {
    const server = await udpServer(query => {
      const wrongQuestion = Buffer.concat([encodeName('other.example'), Buffer.from([0, 1, 0, 1])])
      const notAnAnswer = reply(query, { answers: [a('192.0.2.66')] })
      notAnAnswer[2]! &= 0x7f
      return [
        reply(query, { id: query.id ^ 1, answers: [a('192.0.2.66')] }),
        reply(query, { question: wrongQuestion, answers: [a('192.0.2.66')] }),
        notAnAnswer,
        Buffer.from('rubbish'),
        reply(query, { answers: [a('192.0.2.1')] }),
      ]
    })
    const answer = await makeNetwork({ resolvers: [local(server.port)] }).dns.lookup('www.example', 'A')
    expect(answer).toMatchObject({ ok: true, value: { status: 'NOERROR', records: [{ data: '192.0.2.1' }] } })
  })

  it('gives up on a server that sends nothing but wrong ids', async () => {
    const server = await udpServer(query => [reply(query, { id: query.id ^ 1, answers: [a('192.0.2.66')] })])
    const clock = fakeClock()
    const net = makeNetwork({ clock, resolvers: [local(server.port)], timeoutMs: 300 })
    const result = net.dns.lookup('www.example', 'A')
    await until(() => server.queries.length === 1)
    await clock.turn(299)
    await until(() => server.queries.length >= 3)
    await clock.turn(1)
    expect(await result).toMatchObject({
      ok: false,
      reason: 'malformed',
      cause: { kind: 'resolver', text: `resolver 127.0.0.1:${server.port} does not answer for www.example` },
    })
    expect(clock.elapsed()).toBe(300)
  })

  it('moves to TCP when it is flooded with forgeries', async () => {
    const tcp = await tcpServer(socket => onDnsStream(socket, query => [reply(query, { answers: [a('192.0.2.1')] })]))
    await udpServer(query => Array.from({ length: 100 }, () => reply(query, { id: query.id ^ 1 })), tcp.port)
    const answer = await makeNetwork({ resolvers: [local(tcp.port)] }).dns.query('www.example', 'A')
    expect(answer).toMatchObject({ ok: true, value: { transport: 'tcp', answers: [{ data: '192.0.2.1' }] } })
  })

  it('sends twice inside one deadline', async () => {
    let seen = 0
    const server = await udpServer(query =>
      query.type === 1 && seen++ === 0 ? [] : [reply(query, { answers: [a('192.0.2.1')] })],
    )
    const clock = fakeClock()
    const net = makeNetwork({ clock, resolvers: [local(server.port)], timeoutMs: 600 })
    const result = net.dns.lookup('www.example', 'A')
    await until(() => seen === 1)
    await clock.turn(600 / limits.dnsTries)
    expect(await result).toMatchObject({ ok: true })
    expect(clock.elapsed()).toBe(300)
  })

  it('asks again without EDNS where FORMERR or NOTIMP says so, and remembers', async () => {
    const server = await udpServer(query => [
      query.edns ? reply(query, { rcode: 1 }) : reply(query, { answers: [a('192.0.2.1')] }),
    ])
    const net = makeNetwork({ resolvers: [local(server.port)] })
    expect(await net.dns.lookup('a.example', 'A')).toMatchObject({ ok: true })
    expect(await net.dns.lookup('b.example', 'A')).toMatchObject({ ok: true })
    expect(server.queries.map(query => query.edns)).toEqual([true, false, false])
  })

  it('asks over TCP what was truncated', async () => {
    const tcp = await tcpServer(socket =>
      onDnsStream(socket, query => [
        reply(query, { answers: Array.from({ length: 300 }, (_, at) => a(`192.0.2.${at % 250}`)) }),
      ]),
    )
    await udpServer(query => [reply(query, { flags: 0x0200 })], tcp.port)
    const answer = await makeNetwork({ resolvers: [local(tcp.port)] }).dns.query('www.example', 'A')
    expect(answer).toMatchObject({ ok: true, value: { transport: 'tcp', truncated: false } })
    expect(answer.ok && answer.value.answers.length).toBe(300)
  })

  it('calls a refused port refused, with the cause that all share', async () => {
    const net = makeNetwork({ resolvers: [local(1)] })
    expect(await net.dns.lookup('www.example', 'A')).toMatchObject({
      ok: false,
      reason: 'refused',
      cause: { kind: 'resolver', text: 'resolver 127.0.0.1:1 does not answer' },
    })
  })

  it('calls 4,000 records too large and a compression loop malformed', async () => {
    const tcp = await tcpServer(socket =>
      onDnsStream(socket, query => [reply(query, { answers: Array.from({ length: 4000 }, () => a('192.0.2.1')) })]),
    )
    await udpServer(query => {
      if (query.name.startsWith('many')) return [reply(query, { flags: 0x0200 })]
      return [
        reply(query, { answers: [{ type: 'CNAME', data: Buffer.from([0xc0, 12 + query.nameBytes.length + 4 + 12]) }] }),
      ]
    }, tcp.port)
    const net = makeNetwork({ resolvers: [local(tcp.port)] })
    expect(await net.dns.lookup('many.example', 'A')).toMatchObject({ ok: false, reason: 'too-large' })
    expect(await net.dns.lookup('loop.example', 'A')).toMatchObject({ ok: false, reason: 'malformed' })
  })

  it('asks for any legal label and refuses what is none', async () => {
    const server = await udpServer(query => [reply(query, { answers: [a('192.0.2.1')] })])
    const net = makeNetwork({ resolvers: [local(server.port)] })
    expect(await net.dns.lookup('a\\.b\\000c:d/e._x.Example', 'A')).toMatchObject({
      ok: true,
      value: { records: [{ name: 'a\\.b\\000c:d/e._x.example' }] },
    })
    expect(server.queries[0]!.nameBytes).toEqual(Buffer.from('\x09a.b\0c:d/e\x02_x\x07example\0', 'latin1'))
    expect(await net.dns.lookup('a..b', 'A')).toMatchObject({ ok: false, reason: 'malformed' })
  })
})

describe('lookup', () => {
  it('does not believe a resolver that denies even the top-level domain', async () => {
    const denies = (known: string[]) =>
      udpServer(query => [reply(query, { rcode: known.includes(query.name) ? 0 : 3 })])
    const captive = makeNetwork({ resolvers: [local((await denies([])).port)] })
    for (const name of ['example.com', 'www.example.com', '_dmarc.example.com'])
      expect(await captive.dns.lookup(name, 'A')).toMatchObject({
        ok: false,
        reason: 'servfail',
        cause: {
          kind: 'resolver',
          text: 'the resolver says that even .com does not exist, so it knows nothing of the internet',
        },
      })
    // A top-level domain that is there, and one that is no public one: what is denied does not exist.
    const honest = makeNetwork({ resolvers: [local((await denies(['com'])).port)] })
    expect(await honest.dns.lookup('example.com', 'A')).toMatchObject({ ok: true, value: { status: 'NXDOMAIN' } })
    expect(await captive.dns.lookup('shop.example', 'A')).toMatchObject({ ok: true, value: { status: 'NXDOMAIN' } })
    expect(await captive.dns.lookup('1.2.0.192.in-addr.arpa', 'PTR')).toMatchObject({
      ok: true,
      value: { status: 'NXDOMAIN' },
    })
    // A server of one zone, which has told something: it denies .com as it denies every other zone.
    const small = await udpServer(query => [
      query.name === 'example.com' ? reply(query, { answers: [a('192.0.2.1')] }) : reply(query, { rcode: 3 }),
    ])
    const net = makeNetwork({ resolvers: [local(small.port)] })
    await net.dns.lookup('example.com', 'A')
    expect(await net.dns.lookup('gone.com', 'TXT')).toMatchObject({ ok: true, value: { status: 'NXDOMAIN' } })
  })

  it('tells NXDOMAIN, NODATA, SERVFAIL and REFUSED apart', async () => {
    const rcodes: Record<string, number> = { nx: 3, no: 0, fail: 2, refused: 5 }
    const server = await udpServer(query => [reply(query, { rcode: rcodes[query.name.split('.')[0]!]! })])
    const net = makeNetwork({ resolvers: [local(server.port)] })
    const label = `resolver 127.0.0.1:${server.port}`
    expect(await net.dns.lookup('nx.example', 'A')).toMatchObject({ ok: true, value: { status: 'NXDOMAIN' } })
    expect(await net.dns.lookup('no.example', 'A')).toMatchObject({ ok: true, value: { status: 'NODATA' } })
    expect(await net.dns.lookup('fail.example', 'A')).toMatchObject({
      ok: false,
      reason: 'servfail',
      cause: { kind: 'resolver', text: `${label} answers SERVFAIL for fail.example` },
    })
    expect(await net.dns.lookup('refused.example', 'A')).toMatchObject({
      ok: false,
      reason: 'refused',
      cause: { kind: 'resolver', text: `${label} answers REFUSED for refused.example` },
    })
    expect(await net.dns.query('fail.example', 'A')).toMatchObject({ ok: true, value: { rcode: 'SERVFAIL' } })
  })

  it('follows CNAMEs within an answer and asks for a target that is not in it', async () => {
    const server = await udpServer(query => {
      if (query.name === 'www.example')
        return [reply(query, { answers: [cname('a.example'), cname('b.example', 'a.example')] })]
      return [reply(query, { answers: [a('192.0.2.7')] })]
    })
    expect(await makeNetwork({ resolvers: [local(server.port)] }).dns.lookup('www.example', 'A')).toMatchObject({
      ok: true,
      value: {
        status: 'NOERROR',
        cnames: ['a.example', 'b.example'],
        records: [{ name: 'b.example', data: '192.0.2.7' }],
      },
    })
    expect(server.queries.map(query => query.name)).toEqual(['www.example', 'b.example'])
  })

  it.each([
    [
      'in one answer',
      (query: ReturnType<typeof readQuery>) =>
        reply(query, { answers: [cname('b.example'), cname('www.example', 'b.example')] }),
    ],
    [
      'over two answers',
      (query: ReturnType<typeof readQuery>) =>
        reply(query, { answers: [cname(query.name === 'www.example' ? 'b.example' : 'www.example')] }),
    ],
    ['without an end', (query: ReturnType<typeof readQuery>) => reply(query, { answers: [cname(`x.${query.name}`)] })],
  ])('stops at CNAMEs in a circle, %s', async (_, handle) => {
    const server = await udpServer(query => [handle(query)])
    expect(await makeNetwork({ resolvers: [local(server.port)] }).dns.lookup('www.example', 'A')).toMatchObject({
      ok: false,
      reason: 'malformed',
    })
    expect(server.queries.length).toBeLessThan(20)
  })

  it('asks once for the same name, at once and later', async () => {
    const server = await udpServer(query => [reply(query, { answers: [a('192.0.2.1')] })])
    const net = makeNetwork({ resolvers: [local(server.port)] })
    await Promise.all([net.dns.lookup('www.example', 'A'), net.dns.lookup('WWW.example.', 'a')])
    await net.dns.lookup('www.example', 'A')
    expect(server.queries.length).toBe(1)
  })

  it('takes the second resolver when the first is silent or fails', async () => {
    const silent = await udpServer(() => [])
    const failing = await udpServer(query => [reply(query, { rcode: 2 })])
    const good = await udpServer(query => [reply(query, { answers: [a('192.0.2.1')] })])
    const clock = fakeClock()
    const resolvers = [silent, failing, good].map(server => local(server.port))
    const net = makeNetwork({ clock, resolvers, timeoutMs: 300 })
    const answers = Promise.all(['a', 'b', 'c'].map(name => net.dns.lookup(`${name}.example`, 'A')))
    await until(() => silent.queries.length === 3)
    await clock.turn(300)
    expect((await answers).every(each => each.ok)).toBe(true)
    // The silent one has cost one deadline, and costs no other.
    expect(await net.dns.lookup('d.example', 'A')).toMatchObject({ ok: true })
    expect(clock.elapsed()).toBe(300)
  })
})

describe('silence', () => {
  it('costs one deadline and one second look for many queries, however they come', async () => {
    const server = await udpServer(() => [])
    const clock = fakeClock()
    const net = makeNetwork({ clock, resolvers: [local(server.port)], timeoutMs: 800 })
    const first = Array.from({ length: 60 }, (_, at) => net.dns.lookup(`h${at}.example`, 'A'))
    await until(() => server.queries.length === limits.queriesPerResolver)
    await clock.turn(600)
    const second = Array.from({ length: 20 }, (_, at) => net.dns.lookup(`late${at}.example`, 'MX'))
    await clock.turn(200 + 1_600)
    const result = await Promise.all([...first, ...second, net.dns.lookup('later.example', 'TXT')])
    expect(new Set(result.map(each => !each.ok && each.cause?.text))).toEqual(
      new Set([`resolver 127.0.0.1:${server.port} does not answer`]),
    )
    expect(clock.elapsed()).toBe(3 * 800)
  })

  it('of a resolver about one name does not make it dead', async () => {
    const server = await udpServer(query =>
      query.name.endsWith('stuck.example') ? [] : [reply(query, { answers: [a('192.0.2.1')] })],
    )
    const clock = fakeClock()
    const net = makeNetwork({ clock, resolvers: [local(server.port)], timeoutMs: 300 })
    const stuck = net.dns.lookup('stuck.example', 'A')
    await until(() => server.queries.length === 1)
    await clock.turn(100)
    // The root is asked for meanwhile: that it is answered proves that the resolver lives.
    await until(() => server.queries.some(query => query.name === ''))
    await clock.turn(200)
    // The second look, beside which the root is asked for again.
    await until(() => server.queries.filter(query => query.name === '').length === 2)
    await clock.turn(600)
    expect(await stuck).toMatchObject({
      ok: false,
      reason: 'timeout',
      cause: { kind: 'resolver', text: `resolver 127.0.0.1:${server.port} does not answer for stuck.example` },
    })
    expect(await net.dns.lookup('fine.example', 'A')).toMatchObject({ ok: true })
    expect(await net.dns.lookup('www.stuck.example', 'A')).toMatchObject({ ok: false, reason: 'timeout' })
    expect(clock.elapsed()).toBe(3 * 300)
  })

  it('of an authoritative server is told by its own name', async () => {
    const server = await udpServer(() => [])
    const clock = fakeClock()
    const connectTo = [parseConnectTo(`192.0.2.53:53:127.0.0.1:${server.port}`)]
    const net = makeNetwork({ clock, connectTo, timeoutMs: 200 })
    const ask = () => net.dns.query('example', 'SOA', { server: { address: '192.0.2.53' } })
    const first = ask()
    await until(() => server.queries.length === 1)
    await clock.turn(3 * 200)
    expect(await first).toMatchObject({
      ok: false,
      reason: 'timeout',
      cause: { kind: 'resolver', text: 'name server 192.0.2.53:53 does not answer' },
    })
    expect(await ask()).toMatchObject({ ok: false, reason: 'timeout' })
    expect(clock.elapsed()).toBe(3 * 200)
    expect(server.queries.every(query => (query.raw[2]! & 1) === 0)).toBe(true)
  })
})

describe('a given server', () => {
  it('is not asked at a private address unless a rule leads there', async () => {
    const net = makeNetwork()
    expect(await net.dns.query('example', 'SOA', { server: { address: '10.0.0.1' } })).toMatchObject({
      ok: false,
      reason: 'unsupported',
    })
    expect(await net.dns.query('example', 'SOA', { server: { address: 'ns.example' } })).toMatchObject({
      ok: false,
      reason: 'malformed',
    })
  })
})

describe('over TLS and HTTPS', () => {
  const dotServer = async () => {
    const sockets = new Set<Socket>()
    let connections = 0
    const server = tls.createServer({ ...certificate, ALPNProtocols: ['dot'] }, socket => {
      connections += 1
      sockets.add(socket)
      socket.on('error', () => {})
      onDnsStream(socket, query => [reply(query, { answers: [a('192.0.2.9')] })])
    })
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => {
      for (const socket of sockets) socket.destroy()
      server.close()
    })
    return { port: (server.address() as AddressInfo).port, connections: () => connections }
  }

  it('asks over one TLS connection', async () => {
    const server = await dotServer()
    const net = makeNetwork({
      resolvers: [{ protocol: 'tls', host: '127.0.0.1', port: server.port, servername: '127.0.0.1' }],
      ca: [testRoot],
    })
    const answers = await Promise.all(['a', 'b', 'c'].map(name => net.dns.query(`${name}.example`, 'A')))
    expect(
      answers.every(each => each.ok && each.value.transport === 'tls' && each.value.answers[0]?.data === '192.0.2.9'),
    ).toBe(true)
    expect(server.connections()).toBe(1)
  })

  it('does not trust a resolver with a foreign certificate or another name', async () => {
    const server = await dotServer()
    const endpoint = { protocol: 'tls' as const, host: '127.0.0.1', port: server.port, servername: '127.0.0.1' }
    expect(await makeNetwork({ resolvers: [endpoint] }).dns.lookup('a.example', 'A')).toMatchObject({
      ok: false,
      reason: 'tls-handshake',
    })
    const misnamed = makeNetwork({ resolvers: [{ ...endpoint, servername: 'other.example' }], ca: [testRoot] })
    expect(await misnamed.dns.lookup('a.example', 'A')).toMatchObject({ ok: false, reason: 'tls-handshake' })
  })

  const dohServer = async (handle: (body: Buffer) => { status?: number; body: Buffer }) => {
    const seen: { method: string | undefined; type: string | undefined }[] = []
    const server = https.createServer(certificate, (request, response) => {
      const chunks: Buffer[] = []
      request.on('data', chunk => chunks.push(chunk))
      request.on('end', () => {
        seen.push({ method: request.method, type: request.headers['content-type'] })
        const { status, body } = handle(Buffer.concat(chunks))
        response.writeHead(status ?? 200, { 'content-type': 'application/dns-message' })
        response.end(body)
      })
    })
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => {
      server.closeAllConnections()
      server.close()
    })
    return { url: `https://127.0.0.1:${(server.address() as AddressInfo).port}/dns-query`, seen }
  }

  it('posts queries over HTTPS', async () => {
    const ids: number[] = []
    const server = await dohServer(body => {
      ids.push(readQuery(body).id)
      return { body: reply(readQuery(body), { answers: [a('192.0.2.8')] }) }
    })
    const net = makeNetwork({ resolvers: [{ protocol: 'https', url: server.url }], ca: [testRoot] })
    expect(await net.dns.query('a.example', 'A')).toMatchObject({
      ok: true,
      value: { transport: 'https', server: server.url, answers: [{ data: '192.0.2.8' }] },
    })
    expect(server.seen).toEqual([{ method: 'POST', type: 'application/dns-message' }])
    // RFC 8484 §4.1: id 0, for caches.
    expect(ids).toEqual([0])
  })

  it('reaches a resolver that is named: localhost is this machine, a rule gives address and port', async () => {
    const answer = { ok: true, value: { records: [{ data: '192.0.2.9' }] } }
    const dot = await dotServer()
    const byRule = makeNetwork({
      resolvers: [{ protocol: 'tls', host: 'dns.example', port: 853, servername: '127.0.0.1' }],
      connectTo: [parseConnectTo(`dns.example:853:127.0.0.1:${dot.port}`)],
      ca: [testRoot],
    })
    expect(await byRule.dns.lookup('a.example', 'A')).toMatchObject(answer)
    const here = makeNetwork({
      resolvers: [{ protocol: 'tls', host: 'localhost', port: dot.port, servername: '127.0.0.1' }],
      ca: [testRoot],
    })
    expect(await here.dns.lookup('a.example', 'A')).toMatchObject(answer)
    const doh = await dohServer(body => ({ body: reply(readQuery(body), { answers: [a('192.0.2.9')] }) }))
    const url = doh.url.replace('127.0.0.1', 'localhost')
    expect(
      await makeNetwork({ resolvers: [{ protocol: 'https', url }], ca: [testRoot] }).dns.lookup('a.example', 'A'),
    ).toMatchObject(answer)
  })

  it('a resolver that does not exist excuses nothing', async () => {
    const url = 'https://nowhere.invalid/dns-query'
    const answer = await makeNetwork({ resolvers: [{ protocol: 'https', url }] }).dns.lookup('a.example', 'A')
    expect(answer).toMatchObject({ ok: false })
    expect(answer).not.toHaveProperty('because')
  })

  it('says what is wrong with an HTTPS resolver', async () => {
    const server = await dohServer(() => ({ status: 503, body: Buffer.from('') }))
    const endpoint = { protocol: 'https' as const, url: server.url }
    expect(await makeNetwork({ resolvers: [endpoint], ca: [testRoot] }).dns.lookup('a.example', 'A')).toMatchObject({
      ok: false,
      reason: 'http-status',
    })
    expect(await makeNetwork({ resolvers: [endpoint] }).dns.lookup('a.example', 'A')).toMatchObject({
      ok: false,
      reason: 'tls-handshake',
    })
    const wrong = await dohServer(body => ({
      body: reply({ ...readQuery(body), nameBytes: encodeName('other.example') }, { answers: [a('192.0.2.8')] }),
    }))
    expect(
      await makeNetwork({ resolvers: [{ protocol: 'https', url: wrong.url }], ca: [testRoot] }).dns.lookup(
        'a.example',
        'A',
      ),
    ).toMatchObject({ ok: false, reason: 'malformed' })
  })
})

describe('transfer', () => {
  const soa = { type: 'SOA', data: Buffer.concat([encodeName('ns'), encodeName('me'), Buffer.alloc(20)]) }
  const transferFrom = async (handle: (query: ReturnType<typeof readQuery>) => Buffer[]) => {
    const server = await tcpServer(socket => onDnsStream(socket, handle))
    const net = makeNetwork({ connectTo: [parseConnectTo(`192.0.2.53:53:127.0.0.1:${server.port}`)], timeoutMs: 400 })
    return net.dns.transfer('example', { address: '192.0.2.53' })
  }
  it('gives the records between the two SOAs', async () => {
    const got = await transferFrom(query => [
      reply(query, { answers: [soa, a('192.0.2.1')] }),
      reply(query, { answers: [a('192.0.2.2', 'b.example'), soa] }),
    ])
    expect(got.ok && got.value.map(record => record.data)).toEqual(['ns me 0 0 0 0 0', '192.0.2.1', '192.0.2.2'])
  })
  it('says that it is not allowed', async () => {
    expect(await transferFrom(query => [reply(query, { rcode: 5 })])).toMatchObject({ ok: false, reason: 'forbidden' })
    expect(await transferFrom(query => [reply(query, {})])).toMatchObject({ ok: false, reason: 'forbidden' })
  })
  it('ends one that does not end', async () => {
    const many = Array.from({ length: 2000 }, () => a('192.0.2.1'))
    const got = await transferFrom(query =>
      Array.from({ length: 12 }, (_, at) => reply(query, { answers: at ? many : [soa, ...many] })),
    )
    expect(got).toMatchObject({ ok: false, reason: 'too-large' })
  })
})

describe('interruption', () => {
  it('ends what is under way at once', async () => {
    const server = await udpServer(() => [])
    const stream = await tcpServer(() => {})
    const controller = new AbortController()
    const clock = fakeClock()
    const net = makeNetwork({
      clock,
      resolvers: [local(server.port)],
      connectTo: [parseConnectTo(`192.0.2.53:53:127.0.0.1:${stream.port}`)],
      signal: controller.signal,
      timeoutMs: 5_000,
    })
    const under = [
      net.dns.lookup('a.example', 'A'),
      net.dns.query('b.example', 'A'),
      net.dns.query('c.example', 'A', { server: { address: '192.0.2.53' }, transport: 'tcp' }),
      net.dns.transfer('example', { address: '192.0.2.53' }),
      net.dial({ host: 'www.example', port: 80 }),
    ]
    await until(() => server.queries.length >= 4 && stream.connections() === 2)
    controller.abort()
    for (const result of await Promise.all<{ ok: boolean }>(under))
      expect(result).toMatchObject({ ok: false, reason: 'internal', message: 'interrupted' })
    expect(clock.elapsed()).toBe(0)
    expect(await net.dial({ host: '192.0.2.1', port: 80 })).toMatchObject({ ok: false, message: 'interrupted' })
    expect(await net.dns.transfer('example', { address: '192.0.2.53' })).toMatchObject({ message: 'interrupted' })
    expect(await net.dns.lookup('c.example', 'A')).toMatchObject({ ok: false, message: 'interrupted' })
  })
})
