// Asks a private route as a script of a foreign site would: which origins may read the answer, with whose cookies?
import { type Missing, notApplicable, observed } from '../../core/fact.ts'
import { headerOf } from '../../net/network.ts'
import type { FactDefinition } from '../definition.ts'

export type CorsAnswer = {
  /** Origin that was sent. */
  origin: string
  status: number
  allowOrigin: string | null
  allowCredentials: boolean
}

export type CorsProbe = { url: string; answers: CorsAnswer[]; unanswered: { origin: string; message: string }[] }

const kinds = ['dashboard', 'api', 'auth', 'signup', 'payment']

const fact: FactDefinition<CorsProbe> = {
  on: 'route',
  async collect(subject, context) {
    if (!kinds.includes(String(subject.details?.['kind']))) return notApplicable('a page for everybody')
    const page = await context.need('page', subject)
    if (!page.ok) return page
    const { hostname } = new URL(subject.name)
    // The second origin begins with the host's own name: rules that compare beginnings let it in.
    const origins = ['https://launch-ready.invalid', `https://${hostname}.launch-ready.invalid`, 'null']
    const answers: CorsAnswer[] = []
    const unanswered: CorsProbe['unanswered'] = []
    const asked = await Promise.all(
      origins.map(async origin => ({
        origin,
        answer: await context.net.http({ url: subject.name, method: 'GET', headers: { origin }, maxBytes: 1024 }),
      })),
    )
    for (const { origin, answer } of asked) {
      const hop = answer.ok ? answer.value.hops[0] : undefined
      if (!hop) unanswered.push({ origin, message: (answer as Missing).message ?? 'no answer' })
      else
        answers.push({
          origin,
          status: hop.status,
          allowOrigin: headerOf(hop, 'access-control-allow-origin'),
          allowCredentials: headerOf(hop, 'access-control-allow-credentials') === 'true',
        })
    }
    if (answers.length === 0) return asked[0]!.answer as Missing
    return observed({ url: subject.name, answers, unanswered }, context.now())
  },
}
export default fact
