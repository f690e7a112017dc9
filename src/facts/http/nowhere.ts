// What a host answers where nothing is: a path that cannot exist, and one that is malformed. GET only.
import { type Fact, observed } from '../../core/fact.ts'
import type { HttpExchange } from '../../net/network.ts'
import type { FactDefinition } from '../definition.ts'
import { getOnce } from './fetch.ts'
import { impossibleLabel } from './hosts.ts'
import { openDoor } from './web.ts'

export type NowhereAnswer = { url: string; status: number; headers: [string, string][]; body: string }

export type Nowhere = {
  /** The answers that came; the first is to the path that cannot exist. */
  answers: NowhereAnswer[]
  unanswered: { url: string; message: string }[]
}

const firstCharacters = 131_072

const fact: FactDefinition<Nowhere> = {
  on: 'host',
  async collect(subject, context) {
    const opened = await openDoor(subject, context)
    if (!opened.ok) return opened
    const { web } = opened.value
    const scheme = web.https.ok ? 'https' : 'http'
    const origin = `${scheme}://${subject.name}`
    const domain = context.target.domain ?? subject.name
    // The overlong encoding of a dot (RFC 3629 §10): no server should fail on it.
    const urls = [`${origin}/${impossibleLabel(domain)}`, `${origin}/%c0%ae`]
    const asked = await Promise.all(
      urls.map(
        async (url): Promise<{ url: string; answer: Fact<HttpExchange> }> => ({
          url,
          answer: await getOnce(context, url),
        }),
      ),
    )
    const first = asked[0]!.answer
    if (!first.ok) return first
    return observed(
      {
        answers: asked.flatMap(({ url, answer }) => {
          const hop = answer.ok ? answer.value.hops[0] : undefined
          return hop
            ? [{ url, status: hop.status, headers: hop.headers, body: hop.body.slice(0, firstCharacters) }]
            : []
        }),
        unanswered: asked.flatMap(({ url, answer }) => (answer.ok ? [] : [{ url, message: answer.message }])),
      },
      context.now(),
    )
  },
}
export default fact
