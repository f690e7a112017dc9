// Puts the ways out together: one resolver, one dialler, one HTTP client, one SMTP probe, sharing limits and what is known to be silent.
import { isIP } from 'node:net'
import { type Fact, type Missing, missing, observed } from '../core/fact.ts'
import { isLocalName, leadsElsewhere, matchRule, normalHost, systemResolvers } from './connect-to.ts'
import { createDialler } from './dial.ts'
import type { ResolverContext } from './dns-types.ts'
import { createHttp, type Http } from './http.ts'
import { createLife } from './life.ts'
import { createLimiter } from './limits.ts'
import type { Network, NetworkOptions } from './network.ts'
import { pastProxy } from './proxy.ts'
import { createResolver } from './resolver.ts'
import { createSecondLook, isBusy, oneLook, type SecondLook } from './second-look.ts'
import { createSilence } from './silence.ts'
import { createSmtp } from './smtp.ts'
import { createRoots } from './tls-client.ts'

/** A resolver that does not exist is no excuse: nothing is skipped for it, everything is unknown. */
const withoutExcuse = ({ because, ...why }: Missing): Missing => why

/** What all ways out of one run share. */
type Shared = Pick<ResolverContext, 'life' | 'silence' | 'secureContext'>

/** Resolvers that are found by name are looked at twice by whoever asks them. */
const secondLook = oneLook

const withoutLimit: ResolverContext['slots'] = task => task()

/** The system's resolver, for a resolver that is given by its name: it is itself looked up so, and reached wherever it is. */
const bootstrapResolver = ({ timeoutMs, clock }: NetworkOptions, shared: Shared) =>
  createResolver({
    ...shared,
    secondLook,
    options: { resolvers: systemResolvers(), connectTo: [], timeoutMs, clock },
    slots: withoutLimit,
    postDns: async url => missing('unsupported', `${url} is not used to find a resolver`),
    bootstrap: async name => missing('unsupported', `${name} is not used to find a resolver`),
    isOwn: () => true,
  })

type Bootstrap = ReturnType<typeof bootstrapResolver>

/** HTTP for DNS over HTTPS alone. */
const resolverHttp = (options: NetworkOptions, shared: Shared, { lookup }: Bootstrap): Http => {
  const { timeoutMs, clock } = options
  const connectTo = options.connectTo.filter(rule => rule.host !== '' && !isIP(rule.host))
  const dialling = {
    secondLook,
    options: { connectTo, timeoutMs, clock },
    slots: withoutLimit,
    lookup,
    isOwn: () => true,
  }
  return createHttp({
    ...shared,
    secondLook,
    options,
    slots: withoutLimit,
    dial: createDialler({ ...shared, ...dialling }),
  })
}

const postDns = async (http: Http, url: string, query: Buffer, timeoutMs: number): Promise<Fact<Uint8Array>> => {
  const headers = { 'content-type': 'application/dns-message', accept: 'application/dns-message' }
  const answer = await http.post(url, query, headers, timeoutMs)
  if (!answer.ok) return withoutExcuse(answer)
  const { status, bytes } = answer.value
  if (status !== 200) return missing('http-status', `${url} answers ${status} to a DNS query`)
  return observed(new Uint8Array(bytes), '')
}

const resolverAddresses = async ({ lookup }: Bootstrap, name: string): Promise<Fact<string[]>> => {
  if (isLocalName(name)) return observed(['127.0.0.1'], '')
  const found = await lookup(name, 'A')
  if (!found.ok) return found
  const addresses = found.value.records.map(record => record.data)
  return addresses.length ? observed(addresses, '') : missing('unreachable', `resolver ${name} has no address`)
}

/** Makes the network of one run. Close it, or its kept connections hold the process for some seconds. */
export const createNetwork = (options: NetworkOptions): Network => {
  const life = createLife(options.signal)
  const shared: Shared = { life, silence: createSilence(options.clock), secureContext: createRoots(options.ca) }
  const { clock } = options
  const slots = createLimiter(options.concurrency, () => isBusy(clock))
  // Whoever waits in one lane may wait for the next: answers for connections, connections for names.
  const lane = (): SecondLook =>
    options.oneLook ? oneLook : createSecondLook({ clock, ...shared, control: () => dns.control() })
  const [forNames, forConnections, forAnswers] = [lane(), lane(), lane()]
  const ownHosts = new Set((options.ownHosts ?? []).map(normalHost))
  const isOwn = (host: string): boolean => ownHosts.has(normalHost(host))
  const bootstrap = bootstrapResolver(options, shared)
  const dnsHttp = resolverHttp(options, shared, bootstrap)
  const dns = createResolver({
    ...shared,
    secondLook: forNames,
    options,
    slots,
    isOwn,
    postDns: (url, query, timeoutMs) => postDns(dnsHttp, url, query, timeoutMs),
    bootstrap: name => resolverAddresses(bootstrap, name),
  })
  const dial = createDialler({ ...shared, secondLook: forConnections, options, slots, lookup: dns.lookup, isOwn })
  // What is no HTTP goes past the proxy: where that fails, the network's own rules may be why.
  const past = <T>(fact: Fact<T>, host: string): Fact<T> => pastProxy(fact, options.proxies, host)
  const http = createHttp({ ...shared, secondLook: forAnswers, options, slots, dial })
  const smtp = createSmtp({ ...shared, secondLook: forAnswers, options, dial })
  return {
    options,
    dns: { query: dns.query, lookup: dns.lookup, transfer: dns.transfer },
    async dial(request) {
      const opened = await dial(request)
      if (!opened.ok) return past(opened, request.host)
      const { socket, address, port, mapped, elapsedMs } = opened.value
      return { ...opened, value: { socket, address, port, mapped, elapsedMs } }
    },
    http: http.exchange,
    secondLook: forAnswers,
    smtp: async request => past(await smtp(request), request.host),
    isMapped(host, address, port) {
      const names = address === null ? [host] : [host, address]
      if (names.some(isOwn)) return true
      const rule = matchRule(options.connectTo, names, port)
      return rule !== undefined && leadsElsewhere(rule, address ?? host)
    },
    async close() {
      life.end()
      for (const each of [dns, bootstrap, http, dnsHttp]) each.close()
      // One turn of the loop, so that sockets are gone when this resolves.
      await new Promise<void>(resolve => setImmediate(resolve))
    },
  }
}
