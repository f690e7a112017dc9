import { describe, expect, it } from 'vitest'
import { matchRule, parseConnectTo, parseResolver, systemResolvers } from '../../src/net/connect-to.ts'
import { makeNetwork } from './support.ts'

describe('parseConnectTo', () => {
  it('reads names, addresses, IPv6 in brackets and empty fields', () => {
    expect(parseConnectTo('Example.com.:443:127.0.0.1:8443')).toEqual({
      host: 'example.com',
      port: 443,
      toHost: '127.0.0.1',
      toPort: 8443,
    })
    expect(parseConnectTo('[2001:DB8::1]:53:[::1]:5353')).toEqual({
      host: '2001:db8::1',
      port: 53,
      toHost: '::1',
      toPort: 5353,
    })
    expect(parseConnectTo('::127.0.0.1:')).toEqual({ host: '', port: null, toHost: '127.0.0.1', toPort: null })
  })
  it.each([
    ['a:1:b', /3 of 4 fields/],
    ['2001:db8::1:53:127.0.0.1:5353', /IPv6 addresses stand in brackets/],
    ['a:99999:b:1', /"99999".*not a port/],
    ['a:x:b:1', /"x".*not a port/],
    ['[1.2.3.4]:1:b:1', /not an IPv6 address in brackets/],
    ['a/b:1:c:2', /neither a host name nor an address/],
  ])('says what is wrong with %s', (text, message) => {
    expect(() => parseConnectTo(text)).toThrow(message)
  })
})

describe('matchRule', () => {
  const rules = [
    '192.0.2.1:443:127.0.0.1:1',
    'www.example.com:443:127.0.0.1:2',
    ':80:127.0.0.1:3',
    'www.example.com::127.0.0.1:4',
  ].map(parseConnectTo)
  it('takes the first rule that holds for the name or the address', () => {
    expect(matchRule(rules, ['www.example.com', '192.0.2.1'], 443)?.toPort).toBe(1)
    expect(matchRule(rules, ['WWW.example.com.', '192.0.2.2'], 443)?.toPort).toBe(2)
    expect(matchRule(rules, ['other.example'], 80)?.toPort).toBe(3)
    expect(matchRule(rules, ['www.example.com'], 25)?.toPort).toBe(4)
    expect(matchRule(rules, ['other.example'], 25)).toBeUndefined()
  })
  it('compares IPv6 addresses, not their spelling', () => {
    expect(matchRule([parseConnectTo('[2001:db8:0:0::1]:53:127.0.0.1:5')], ['2001:DB8::1'], 53)?.toPort).toBe(5)
  })
})

describe('parseResolver', () => {
  it('knows every form', () => {
    expect(parseResolver('1.1.1.1')).toEqual({ protocol: 'udp', host: '1.1.1.1', port: 53 })
    expect(parseResolver('127.0.0.1:5353')).toEqual({ protocol: 'udp', host: '127.0.0.1', port: 5353 })
    expect(parseResolver('[::1]:53')).toEqual({ protocol: 'udp', host: '::1', port: 53 })
    expect(parseResolver('2606:4700::1111')).toEqual({ protocol: 'udp', host: '2606:4700::1111', port: 53 })
    expect(parseResolver('tls://9.9.9.9')).toEqual({
      protocol: 'tls',
      host: '9.9.9.9',
      port: 853,
      servername: '9.9.9.9',
    })
    expect(parseResolver('tls://dns.quad9.net:8853')).toEqual({
      protocol: 'tls',
      host: 'dns.quad9.net',
      port: 8853,
      servername: 'dns.quad9.net',
    })
    expect(parseResolver('https://dns.example/dns-query')).toEqual({
      protocol: 'https',
      url: 'https://dns.example/dns-query',
    })
  })
  it.each(['dns.example', 'http://dns.example/q', '1.1.1.1:0', '', 'quic://1.1.1.1', 'a:b:c'])(
    'refuses %j in one sentence',
    text => {
      expect(() => parseResolver(text)).toThrow(/resolver|port/)
    },
  )
  it('finds the servers of the system', () => {
    expect(systemResolvers().length).toBeGreaterThan(0)
  })
})

describe('isMapped', () => {
  it('holds for a name or an address that a rule leads elsewhere, and for what the user names', () => {
    const net = makeNetwork({ connectTo: [parseConnectTo('192.0.2.1:443:127.0.0.1:8443')], ownHosts: ['localhost'] })
    expect(net.isMapped('www.example.com', '192.0.2.1', 443)).toBe(true)
    expect(net.isMapped('www.example.com', '192.0.2.1', 80)).toBe(false)
    expect(net.isMapped('www.example.com', null, 443)).toBe(false)
    expect(net.isMapped('localhost', '127.0.0.1', 3000)).toBe(true)
  })
})
