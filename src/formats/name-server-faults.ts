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

/** How one name server, over all its addresses, is doing. `untried`: this machine had no way to any of them. */
export type ServerHealth = {
  name: string
  addresses: string[]
  state: 'answers' | 'lame' | 'silent' | 'untried'
  rcode: string | null
  noTcp: boolean
}

/** One entry per name server. A name answers when one of its addresses does. */
export const serverHealth = (servers: readonly ServerLike[]): ServerHealth[] =>
  [...new Set(servers.map(server => server.name))].sort().map(name => {
    const own = servers.filter(server => server.name === name)
    const states = own.flatMap(server => [server.udp, server.tcp])
    const answers = own.filter(server => server.udp.state === 'answers' || server.tcp.state === 'answers')
    const lame = states.find(answer => answer.state === 'lame')
    return {
      name,
      addresses: own.map(server => server.address).sort(),
      state: answers.length
        ? 'answers'
        : lame
          ? 'lame'
          : states.some(answer => answer.state === 'silent')
            ? 'silent'
            : 'untried',
      rcode: lame?.rcode ?? null,
      noTcp: answers.some(server => server.udp.state === 'answers' && server.tcp.state === 'silent'),
    }
  })

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
