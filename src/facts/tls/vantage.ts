// Whether this machine reaches anything at all: a host that does not answer is down only where others did answer.
import { observed } from '../../core/fact.ts'
import type { FactDefinition } from '../definition.ts'

export type Vantage = {
  /** Hosts of the domain that answered over HTTP or HTTPS, in order. */
  reached: string[]
}

const fact: FactDefinition<Vantage> = {
  on: 'domain',
  deadlines: 10,
  async collect(_subject, context) {
    const hosts = await context.subjects('host')
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
