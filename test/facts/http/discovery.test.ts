// Which hosts and routes are found: from the config, by usual names and paths, and by what pages link to.
import { describe, expect, it } from 'vitest'
import { configSchema } from '../../../src/config/schema.ts'
import { type Fact, missing, observed, type Subject } from '../../../src/core/fact.ts'
import { bareTarget, type Target } from '../../../src/core/target.ts'
import type { CollectContext } from '../../../src/facts/definition.ts'
import hostsFact, { type Hosts, impossibleLabel } from '../../../src/facts/http/hosts.ts'
import routesFact from '../../../src/facts/http/routes.ts'
import { exchange, hop, redirect } from '../../../src/facts/http/web.example.ts'
import type { HttpExchange, HttpHop } from '../../../src/net/network.ts'
import { onceForTest } from '../../support/once.ts'

const at = '2026-11-25T00:00:00Z'
const domain = 'example.com'
const subject: Subject = { kind: 'domain', name: domain }

type World = {
  /** Host → its addresses; a name that is missing does not exist, null could not be asked for. */
  addresses?: Record<string, string[] | null>
  /** Host → what its front door answers over HTTPS. */
  fronts?: Record<string, HttpExchange>
  /** URL → what a GET of it answers. */
  pages?: Record<string, HttpHop>
  /** Hosts that complete a handshake, and those of them whose hello from a browser is refused. */
  handshakes?: Record<string, { chrome: boolean }>
  hosts?: Fact<Hosts>
  target?: Partial<Target>
}

const contextOf = ({ addresses = {}, fronts = {}, pages = {}, handshakes = {}, hosts, target }: World) => {
  const announced: string[] = []
  const refused: Fact<HttpExchange> = missing('refused', 'refused')
  const need = async (name: string, of: Subject): Promise<Fact<unknown>> => {
    if (name === 'hosts') return hosts!
    if (name === 'web') {
      const front = fronts[of.name]
      return observed({ https: front ? observed(front, at) : refused, http: refused }, at)
    }
    if (name === 'tls') {
      const browsers = handshakes[of.name]
      const endpoints = browsers ? [{ handshake: observed({}, at), browsers }] : []
      return endpoints.length ? observed({ endpoints }, at) : refused
    }
    const found = addresses[of.name]
    if (found === null) return missing('servfail', 'SERVFAIL')
    const status = found ? 'NOERROR' : 'NXDOMAIN'
    return observed({ status, cnames: [], addresses: (found ?? []).map(address => ({ address })) }, at)
  }
  const context = {
    need,
    target: bareTarget({ domain, ...target }),
    config: configSchema.parse({}),
    announce: ({ kind, name }: Subject) => announced.push(`${kind} ${name}`),
    now: () => at,
    once: onceForTest(),
    net: {
      http: async ({ url }: { url: string }) =>
        observed(exchange(pages[url] ?? hop(url, { status: 404, body: 'Not found' })), at),
    },
  } as unknown as CollectContext
  return { context, announced }
}

const page = (url: string, body: string): HttpExchange => exchange(hop(url, { body }))

describe('hosts', () => {
  const found = async (world: World) => {
    const { context, announced } = contextOf(world)
    const fact = await hostsFact.collect(subject, context)
    if (!fact.ok) throw new Error(fact.message)
    return { ...fact.value, lines: fact.value.hosts.map(({ name, role, how }) => `${role} ${name}: ${how}`), announced }
  }

  it('are the domain, usual names that exist, and what pages link to, in the order of their roles', async () => {
    const { lines, absent, unknown, announced } = await found({
      addresses: { [domain]: ['1'], 'www.example.com': ['1'], 'api.example.com': null, 'portal.example.com': ['2'] },
      fronts: {
        [domain]: page(
          'https://example.com/',
          '<a href="https://portal.example.com/login">Log in</a><a href="https://gone.example.com/">Gone</a><a href="https://elsewhere.example/">x</a>',
        ),
        'www.example.com': page('https://www.example.com/', '<form action="https://portal.example.com/go"></form>'),
      },
    })
    expect(lines).toEqual([
      'apex example.com: the domain itself',
      'www www.example.com: found by its usual name',
      'app portal.example.com: linked from example.com',
    ])
    expect(absent).toEqual(['app.example.com', 'gone.example.com'])
    expect(unknown).toEqual([{ name: 'api.example.com', message: 'SERVFAIL' }])
    expect(announced).toContain('route https://portal.example.com/login')
    expect(announced).toContain('route https://example.com/')
  })

  it('of the config are kept whether they exist or not, with the role that they are given', async () => {
    const { lines } = await found({
      target: {
        hosts: { app: 'go.example.com', shop: 'api.example.com', marketing: 'example.org' },
        routes: [{ url: 'https://pay.example.com/checkout', name: 'checkout', kind: 'payment' }] as Target['routes'],
      },
    })
    expect(lines).toEqual([
      'apex example.com: the domain itself',
      'marketing example.org: named in the config',
      'app go.example.com: named in the config',
      'api api.example.com: named in the config',
      'other pay.example.com: has a route in the config',
    ])
  })

  it('that any name would have are none, but www', async () => {
    const any = ['9']
    const { lines, wildcard } = await found({
      addresses: {
        [domain]: ['1'],
        [`${impossibleLabel(domain)}.${domain}`]: any,
        'www.example.com': any,
        'app.example.com': any,
        'api.example.com': ['2'],
      },
    })
    expect(wildcard).toBe(true)
    expect(lines.map(line => line.split(':')[0])).toEqual([
      'apex example.com',
      'www www.example.com',
      'api api.example.com',
    ])
  })
})

describe('routes', () => {
  const hostsOf = (...roles: Hosts['hosts'][number]['role'][]): Fact<Hosts> =>
    observed(
      {
        hosts: roles.map(role => ({
          name: role === 'apex' ? domain : `${role}.${domain}`,
          role,
          source: role === 'apex' ? 'domain' : 'usual-name',
          how: '',
        })),
        absent: [],
        unknown: [],
        wildcard: false,
      },
      at,
    )
  const found = async (world: World): Promise<string[]> => {
    const fact = await routesFact.collect(subject, contextOf(world).context)
    if (!fact.ok) throw new Error(fact.message)
    return fact.value.routes.map(({ url, kind, how }) => `${kind} ${url}: ${how}`)
  }
  const front = 'https://example.com/'
  const www = 'https://www.example.com/'
  const failing = (url: string): HttpExchange => exchange(hop(url, { status: 500, body: 'Error' }))

  it('are the front doors that take connections as browsers begin them and answer no request, apex and www as one', async () => {
    const hosts = hostsOf('apex', 'www', 'app', 'other')
    const [taken, turnedAway] = [{ chrome: true }, { chrome: false }]
    const all = Object.fromEntries(['example.com', 'www.example.com', 'other.example.com'].map(name => [name, taken]))
    expect(await found({ hosts, handshakes: { ...all, 'app.example.com': turnedAway } })).toEqual([
      'home https://example.com/: front page',
    ])
    expect(await found({ hosts, handshakes: { 'app.example.com': taken } })).toEqual([
      'page https://app.example.com/: front page',
    ])
  })

  it('are front pages and the key pages that they link to, two of a kind', async () => {
    const links = ['/login', '/signin', '/sign-in', '/pricing'].map(path => `<a href="${path}">x</a>`).join('')
    expect(
      await found({
        hosts: hostsOf('apex', 'app'),
        fronts: { [domain]: page(front, links), 'app.example.com': page('https://app.example.com/', '<p>Hi') },
      }),
    ).toEqual([
      'home https://example.com/: front page',
      'auth https://example.com/login: linked from example.com',
      'auth https://example.com/signin: linked from example.com',
      'pricing https://example.com/pricing: linked from example.com',
      'page https://app.example.com/: front page of the app',
    ])
  })

  it('of the config come first, and links of their kinds do not count', async () => {
    expect(
      await found({
        hosts: hostsOf('apex'),
        fronts: { [domain]: page(front, '<a href="/login">Log in</a>') },
        target: {
          routes: [{ url: 'https://id.example.com/enter', name: 'enter', kind: 'auth' }] as Target['routes'],
        },
      }),
    ).toEqual(['home https://example.com/: front page', 'auth https://id.example.com/enter: named in the config'])
  })

  it('of the config remain where hosts cannot be found', async () => {
    expect(
      await found({
        hosts: missing('servfail', 'SERVFAIL'),
        target: { routes: [{ url: front, name: 'home', kind: 'home' }] as Target['routes'] },
      }),
    ).toEqual(['home https://example.com/: named in the config'])
  })

  it.each<[string, Record<string, HttpExchange>, string[]]>([
    [
      'the same page on both is one',
      { [domain]: page(front, '<p>Hi'), 'www.example.com': page(www, '<p>Hi') },
      [front],
    ],
    [
      'different pages are two',
      { [domain]: page(front, '<p>Hi'), 'www.example.com': page(www, '<p>Ho') },
      [front, www],
    ],
    ['the same failure on both is one', { [domain]: failing(front), 'www.example.com': failing(www) }, [front]],
    [
      'a test of visitors in the place of the page',
      {
        [domain]: exchange(hop(front, { status: 202, headers: [['x-amzn-waf-action', 'challenge']], body: '' })),
        'www.example.com': page(www, '<p>Hi'),
      },
      [front, www],
    ],
    ['one that fails is seen', { [domain]: page(front, '<p>Hi'), 'www.example.com': failing(www) }, [front, www]],
    [
      'a page outside the domain is none',
      { [domain]: exchange(redirect(front, 'https://e.example/'), hop('https://e.example/')) },
      [],
    ],
  ])('of www and the apex: %s', async (_name, fronts, urls) => {
    const routes = await found({ hosts: hostsOf('apex', 'www'), fronts })
    expect(routes.map(line => line.split(' ')[1]?.slice(0, -1))).toEqual(urls)
  })

  it('at usual paths count where nothing links there', async () => {
    const login = hop(`${front}login`, { body: '<form><input type=password></form>' })
    expect(
      await found({
        hosts: hostsOf('apex'),
        fronts: { [domain]: page(front, '<p>Hi') },
        pages: { [login.url]: login, [`${front}signup`]: redirect(`${front}signup`, '/') },
      }),
    ).toEqual(['home https://example.com/: front page', 'auth https://example.com/login: found by its usual path'])
  })

  it('at usual paths prove nothing where every path answers alike', async () => {
    const shell = (url: string) => hop(url, { body: `<div id="root"></div>${'x'.repeat(400)}` })
    const paths = ['login', 'signup', 'pricing', impossibleLabel(domain)]
    expect(
      await found({
        hosts: hostsOf('apex'),
        fronts: { [domain]: page(front, '<p>Hi') },
        pages: Object.fromEntries(paths.map(path => [`${front}${path}`, shell(`${front}${path}`)])),
      }),
    ).toEqual(['home https://example.com/: front page'])
  })
})
