// What is wrong with a set of name servers, from what the parent says and what each server answered.

type Answering = { state: string; rcode: string | null; reason: string | null }

/** The parts of the fact `nameServers` that are judged here. */
export type ServerLike = {
  name: string
  address: string
  family: 4 | 6
  inParent: boolean
  inChild: boolean
  udp: Answering
  tcp: Answering
}

/**
 * How one name server is doing. A server with several addresses that answers at some of them has an entry for those, and one
 * for the addresses that are lame or silent. `untried`: this machine had no way to any of them.
 */
export type ServerHealth = {
  name: string
  addresses: string[]
  state: 'answers' | 'lame' | 'silent' | 'untried'
  rcode: string | null
  noTcp: boolean
  /** It answers over TCP and not over UDP. */
  onlyTcp: boolean
}

type AddressState = ServerHealth['state']

/** Whether servers of this family are reached from here: silence is the server's own only then. */
const familyWorks = (servers: readonly ServerLike[], family: 4 | 6): boolean =>
  servers.some(server => server.family === family && (server.udp.rcode !== null || server.tcp.rcode !== null))

const stateOf = (server: ServerLike, udpWorks: boolean): AddressState => {
  const states = [server.udp.state, server.tcp.state]
  // What answers over TCP alone answers nobody: resolvers begin with UDP.
  if (server.udp.state === 'silent' && server.tcp.state === 'answers' && udpWorks) return 'silent'
  if (states.includes('answers')) return 'answers'
  if (states.includes('lame')) return 'lame'
  return states.includes('silent') ? 'silent' : 'untried'
}

/** The addresses of each name server, by how they answer. Ordered by name; what answers comes first. */
export const serverHealth = (servers: readonly ServerLike[]): ServerHealth[] => {
  const udpWorks = servers.some(server => server.udp.rcode !== null)
  const order: AddressState[] = ['answers', 'lame', 'silent', 'untried']
  return [...new Set(servers.map(server => server.name))].sort().flatMap(name => {
    const own = servers
      .filter(server => server.name === name)
      .map(server => ({ server, state: stateOf(server, udpWorks) }))
    const some = own.some(({ state }) => state === 'answers' || state === 'lame')
    return order.flatMap((state): ServerHealth[] => {
      const group = own.filter(
        each =>
          each.state === state &&
          // A silent address beside one that speaks proves nothing where its family does not work from here.
          (state !== 'silent' || !some || familyWorks(servers, each.server.family)),
      )
      if (group.length === 0 || (state === 'untried' && own.length > group.length)) return []
      const lame = group.flatMap(({ server }) => [server.udp, server.tcp]).find(answer => answer.state === 'lame')
      return [
        {
          name,
          addresses: group.map(({ server }) => server.address).sort(),
          state,
          rcode: lame?.rcode ?? null,
          noTcp:
            state === 'answers' &&
            group.some(({ server }) => server.udp.state === 'answers' && server.tcp.state === 'silent'),
          onlyTcp: state === 'silent' && group.some(({ server }) => server.tcp.state === 'answers'),
        },
      ]
    })
  })
}

const hextets = (address: string): string[] => {
  const [head = '', tail = ''] = address.split('::')
  const left = head.split(':').filter(Boolean)
  const right = tail.split(':').filter(Boolean)
  return address.includes('::')
    ? [...left, ...Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0'), ...right]
    : left
}

/** The /24 of an IPv4 address, the /48 of an IPv6 address. */
export const networkOf = (address: string): string =>
  address.includes(':')
    ? `${hextets(address)
        .slice(0, 3)
        .map(part => Number.parseInt(part, 16).toString(16))
        .join(':')}::/48`
    : `${address.split('.').slice(0, 3).join('.')}.0/24`

/** True when every address of either family lies in one network, and there is more than one server to compare. */
export const allInOneNetwork = (
  servers: readonly { name: string; address: string; family: 4 | 6 }[],
): string | null => {
  const names = new Set(servers.map(server => server.name))
  if (names.size < 2) return null
  const four = new Set(servers.filter(server => server.family === 4).map(server => networkOf(server.address)))
  const six = new Set(servers.filter(server => server.family === 6).map(server => networkOf(server.address)))
  if (four.size > 1 || six.size > 1 || four.size + six.size === 0) return null
  return [...four, ...six].join(' and ')
}

/**
 * How many machines names of servers lead to at least (RFC 2182 §3.1 wants machines apart, not names): those of one family of addresses,
 * since a machine may have one of each.
 */
export const machinesOf = (servers: readonly { address: string; family: 4 | 6 }[]): number =>
  Math.max(
    ...[4, 6].map(family => new Set(servers.filter(each => each.family === family).map(each => each.address)).size),
  )
