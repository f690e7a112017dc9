// The session of a flow, for routes behind a login: the flow is walked once and its cookies, or the token of its last answer, are shared.
// What it holds is in no fact.
import type { Config } from '../../config/schema.ts'
import { type Missing, missing } from '../../core/fact.ts'
import { tokenIn } from '../../formats/perf/session-token.ts'
import type { Cookies } from '../../net/cookies.ts'
import { isAsked, notAsked } from '../asked.ts'
import type { CollectContext } from '../definition.ts'
import { type Walked, walkOnce } from './flow-run.ts'

type Route = Config['routes'][number]

/** What a request brings along. */
export type Session = { cookies: Cookies; headers: Record<string, string> }

/** The route of the config with this URL. */
export const configuredRoute = ({ config, target }: CollectContext, url: string): Route | undefined =>
  isAsked(config.domain, target.domain) ? config.routes.find(route => new URL(route.url).href === url) : undefined

/** What a route brings along after this walk. Missing where the walk gave nothing that could open it. */
export const sessionAfter = (walked: Walked, { after = '', session }: Route): Session | Missing => {
  const token = walked.last ? tokenIn(walked.last.body, session?.json) : null
  if (session?.json !== undefined && token === null)
    return missing('unsupported', `the last answer of flow "${after}" holds no text at ${session.json}`)
  if (token === null && walked.cookies.pairs().length === 0)
    return missing('unsupported', `flow "${after}" leaves no cookie and no token, so there is no session to ask with`)
  const { header = 'authorization', prefix = 'Bearer ' } = session ?? {}
  return { cookies: walked.cookies, headers: token === null ? {} : { [header.toLowerCase()]: `${prefix}${token}` } }
}

/** A missing session, with the flow as the cause that all its routes share. */
const withoutFlow = (name: string, why: string): Missing => {
  const text = `flow "${name}" does not reach its end: ${why}`
  return missing('unsupported', text, { cause: { kind: 'fact', reason: 'unsupported', text } })
}

/** The session that a route needs. */
export const sessionOf = async (context: CollectContext, route: Route): Promise<Session | Missing> => {
  const { config, target } = context
  const name = route.after!
  if (!isAsked(config.domain, target.domain)) return missing('unsupported', notAsked(config.domain))
  const flow = config.flows?.find(item => item.name === name)
  if (!flow) return missing('unsupported', `the config has no flow "${name}"`)
  if (flow.browser) return withoutFlow(name, 'it is walked in a browser, whose session cannot be taken over')
  const walked = await walkOnce(flow, context)
  const failed = walked.steps.find(step => step.problem !== null)
  if (walked.untold !== null) return withoutFlow(name, walked.untold)
  if (failed) return withoutFlow(name, `${failed.what}: ${failed.problem}`)
  return sessionAfter(walked, route)
}
