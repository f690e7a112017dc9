// Puts the ways out together: one resolver, one dialler, one HTTP client, one SMTP probe, sharing limits and what is known to be silent.
import { isIP } from 'node:net'
import { type Missing, missing, observed } from '../core/fact.ts'
import { isLocalName, leadsElsewhere, matchRule, normalHost, systemResolvers } from './connect-to.ts'
import { createDialler } from './dial.ts'
import { createHttp } from './http.ts'
import { createLife } from './life.ts'
import { createLimiter } from './limits.ts'
import type { Network, NetworkOptions } from './network.ts'
import { createResolver } from './resolver.ts'
import { createSilence } from './silence.ts'
import { createSmtp } from './smtp.ts'
import { createRoots } from './tls-client.ts'

/** A resolver that does not exist is no excuse: nothing is skipped for it, everything is unknown. */
const withoutExcuse = ({ because, ...why }: Missing): Missing => why

/** Makes the network of one run. Close it, or its kept connections hold the process for some seconds. */
export const createNetwork = (options: NetworkOptions): Network => {
  const life = createLife(options.signal)
  const slots = createLimiter(options.concurrency)
  const silence = createSilence()
  const secureContext = createRoots(options.ca)
  const ownHosts = new Set((options.ownHosts ?? []).map(normalHost))
  const isOwn = (host: string): boolean => ownHosts.has(normalHost(host))

  // A resolver that is given by its name is itself looked up with the system's, and reached wherever it is.
  const bootstrap = createResolver({
    options: { resolvers: systemResolvers(), connectTo: [], timeoutMs: options.timeoutMs },
    life,
    slots: task => task(),
    silence,
    secureContext,
    postDns: async url => missing('unsupported', `${url} is not used to find a resolver`),
    bootstrap: async name => missing('unsupported', `${name} is not used to find a resolver`),
    isOwn: () => true,
  })
  const resolverHttp = createHttp({
    options,
    life,
    slots: task => task(),
    silence,
    secureContext,
    dial: createDialler({
      options: {
        connectTo: options.connectTo.filter(rule => rule.host !== '' && !isIP(rule.host)),
        timeoutMs: options.timeoutMs,
      },
      life,
      slots: task => task(),
      silence,
      lookup: bootstrap.lookup,
      isOwn: () => true,
    }),
  })
  const dns = createResolver({
    options,
    life,
    slots,
    silence,
    secureContext,
    isOwn,
    async postDns(url, query, timeoutMs) {
      const headers = { 'content-type': 'application/dns-message', accept: 'application/dns-message' }
      const answer = await resolverHttp.post(url, query, headers, timeoutMs)
      if (!answer.ok) return withoutExcuse(answer)
      const { status, bytes } = answer.value
      if (status !== 200) return missing('http-status', `${url} answers ${status} to a DNS query`)
      return observed(new Uint8Array(bytes), '')
    },
    async bootstrap(name) {
      if (isLocalName(name)) return observed(['127.0.0.1'], '')
      const found = await bootstrap.lookup(name, 'A')
      if (!found.ok) return found
      const addresses = found.value.records.map(record => record.data)
      return addresses.length ? observed(addresses, '') : missing('unreachable', `resolver ${name} has no address`)
    },
  })
  const dial = createDialler({ options, life, slots, silence, lookup: dns.lookup, isOwn })
  const http = createHttp({ options, life, slots, silence, dial, secureContext })
  const smtp = createSmtp({ options, life, dial, secureContext })

  return {
    options,
    dns: { query: dns.query, lookup: dns.lookup, transfer: dns.transfer },
    async dial(request) {
      const opened = await dial(request)
      if (!opened.ok) return opened
      const { socket, address, port, mapped, elapsedMs } = opened.value
      return { ...opened, value: { socket, address, port, mapped, elapsedMs } }
    },
    http: http.exchange,
    smtp,
    isMapped(host, address, port) {
      const names = address === null ? [host] : [host, address]
      if (names.some(isOwn)) return true
      const rule = matchRule(options.connectTo, names, port)
      return rule !== undefined && leadsElsewhere(rule, address ?? host)
    },
    async close() {
      life.end()
      dns.close()
      bootstrap.close()
      http.close()
      resolverHttp.close()
      // One turn of the loop, so that sockets are gone when this resolves.
      await new Promise<void>(resolve => setImmediate(resolve))
    },
  }
}
