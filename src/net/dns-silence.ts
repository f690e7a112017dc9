// What silence of a name server means: for the server, for one name, for what stands below that name.
import type { Cause } from '../core/cause.ts'
import { type Missing, missing } from '../core/fact.ts'
import { shownQuestion, silenceKey } from './dns-servers.ts'
import type { Question, ResolverContext, Server, Transport } from './dns-types.ts'

/** Names whose address or delegation a resolver could not find out in a whole deadline: what is below them will not fare better. */
const tellsOfTheWholeName = new Set(['A', 'AAAA', 'NS', 'SOA'])

/** A question that got no answer: when its waiting began (monotonic milliseconds), its deadline, and what the transport says. */
export type Unanswered = {
  server: Server
  question: Question
  transport: Transport
  started: number
  timeoutMs: number
  /** Whether it was the second look, or none is to come. */
  isLast: boolean
  why: Missing
}

export type DnsSilence = {
  /** Turns a failed exchange into the fact's reason, and remembers silence. */
  noAnswer(unanswered: Unanswered): Missing
  /** The verdict on a name or on what contains it, from an earlier question to the same resolver. */
  ofName(server: Server, name: string): Missing | undefined
}

export const createDnsSilence = ({ options, silence }: Pick<ResolverContext, 'options' | 'silence'>): DnsSilence => {
  /** By the server's label and the name. */
  const silentNames = new Map<string, Missing>()

  /** Only this name gets no answer; the server itself may live. */
  const stuckOn = ({ server, question, isLast, why }: Unanswered, over: string, waited: boolean): Missing => {
    const name = question.name || '.'
    const text = `${server.label} does not answer for ${name}`
    const stuck = missing(why.reason, `${server.label} does not answer${over} for ${shownQuestion(question)}`, {
      cause: { kind: 'resolver', endpoint: server.label, name, text },
    })
    const tells = question.name !== '' && tellsOfTheWholeName.has(question.typeText)
    if (server.recursive && waited && isLast && tells) silentNames.set(`${server.label} ${question.name}`, stuck)
    return stuck
  }
  return {
    noAnswer(unanswered) {
      const { server, transport, started, timeoutMs, isLast, why } = unanswered
      const over = transport === 'udp' ? '' : ` over ${transport.toUpperCase()}`
      const text = `${server.label} does not answer${over}`
      const cause: Cause = { kind: 'resolver', endpoint: `${server.label}${over}`, text }
      if (why.reason !== 'timeout' && why.reason !== 'malformed') return why.cause ? why : { ...why, cause }
      const dead = missing(why.reason, why.reason === 'timeout' ? text : why.message, { cause })
      const waited = options.clock.attended() - started >= Math.min(timeoutMs, options.timeoutMs) * 0.9
      const verdict = waited ? silence.silent(silenceKey(server, transport), started, dead, isLast) : undefined
      if (verdict) return verdict
      return why.cause ? why : stuckOn(unanswered, over, waited)
    },
    ofName(server, name) {
      if (silentNames.size === 0) return undefined
      const labels = name.split('.')
      for (let at = 0; at < labels.length; at++) {
        const known = silentNames.get(`${server.label} ${labels.slice(at).join('.')}`)
        if (known) return known
      }
      return undefined
    },
  }
}
