// Whether this machine reaches anything at all: a host that does not answer is down only where others did answer.
import { observed } from '../../core/fact.ts'
import type { FactDefinition } from '../definition.ts'
import { hostSubject } from '../subjects.ts'

export type Vantage = {
  /** Hosts of the domain that answered over HTTP or HTTPS, in order. */
  reached: string[]
}

const fact: FactDefinition<Vantage> = {
  on: 'domain',
  deadlines: 10,
  async collect({ name: domain }, context) {
    // Not every name that was found: those are gathered from what the hosts show.
    const found = await context.need('hosts')
    const hosts = found.ok ? found.value.hosts.map(({ name }) => hostSubject(name, domain)) : []
    const answers = await Promise.all(hosts.map(async host => ({ host, web: await context.need('web', host) })))
    return observed(
      {
        reached: answers
          .filter(({ web }) => web.ok && (web.value.https.ok || web.value.http.ok))
          .map(({ host }) => host.name)
          .sort(),
      },
      context.now(),
    )
  },
}
export default fact
