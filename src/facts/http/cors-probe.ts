// Asks a private route as a script of a foreign site would: which origins may read the answer, with whose cookies?
import { notApplicable, observed } from '../../core/fact.ts'
import { type HttpHop, headerOf } from '../../net/network.ts'
import type { FactDefinition } from '../definition.ts'

export type CorsAnswer = {
  /** Origin that was sent. */
  origin: string
  status: number
  allowOrigin: string | null
  allowCredentials: boolean
}

export type CorsProbe = { url: string; answers: CorsAnswer[]; unanswered: { origin: string; message: string }[] }

const corsAnswer = (origin: string, hop: HttpHop): CorsAnswer => ({
  origin,
  status: hop.status,
  allowOrigin: headerOf(hop, 'access-control-allow-origin'),
  allowCredentials: headerOf(hop, 'access-control-allow-credentials') === 'true',
})

/**
 * Origins that are not the product's and pass for it where rules compare beginnings (`startsWith`), ends without the dot (`endsWith`), or
 * patterns whose dots are not escaped.
 */
export const lookalikes = (host: string, domain: string): string[] => {
  const [first = '', ...rest] = host.split('.')
  const names = [
    `${host}.launch-ready.invalid`,
    `launchready${host}`,
    `launchready${domain}`,
    `${first}x${rest.join('.')}`,
  ]
  // Names below the domain are the product's own, and one without its dots is a name only below a suffix that is left whole.
  return [...new Set(names)]
    .filter(name => name.endsWith('.invalid') || (name.endsWith(domain) && !name.endsWith(`.${domain}`)))
    .map(name => `https://${name}`)
}

/** Routes whose answers may be private. */
const kinds = ['dashboard', 'api', 'auth', 'signup', 'payment']

const fact: FactDefinition<CorsProbe> = {
  on: 'route',
  async collect(subject, context) {
    if (!kinds.includes(String(subject.details?.['kind']))) return notApplicable('a page for everybody')
    const page = await context.need('page', subject)
    if (!page.ok) return page
    const { hostname } = new URL(subject.name)
    const origins = ['https://launch-ready.invalid', 'null', ...lookalikes(hostname, context.target.domain ?? hostname)]
    const asked = await Promise.all(
      origins.map(async origin => ({
        origin,
        answer: await context.net.http({ url: subject.name, method: 'GET', headers: { origin }, maxBytes: 1024 }),
      })),
    )
    const answers = asked.flatMap(({ origin, answer }) =>
      answer.ok ? [corsAnswer(origin, answer.value.hops[0]!)] : [],
    )
    const unanswered = asked.flatMap(({ origin, answer }) => (answer.ok ? [] : [{ origin, message: answer.message }]))
    const first = asked[0]!.answer
    if (answers.length === 0 && !first.ok) return first
    return observed({ url: subject.name, answers, unanswered }, context.now())
  },
}
export default fact
