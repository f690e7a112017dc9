// Names below the domain that certificate logs know. The searches over them are often down: two are asked, and the first answer is taken.
import { type Fact, missing, observed } from '../../core/fact.ts'
import { limits } from '../../data/limits.ts'
import { transparencyNamesIn } from '../../formats/dns/transparency.ts'
import type { CollectContext, FactDefinition } from '../definition.ts'

export type TransparencyNames = {
  /** Sorted, each once; whatever the logs hold, wildcards too. */
  names: string[]
  /** Host of the search that answered; null where the config turns the search off. */
  by: string | null
}

/** Public searches, tried together. Looked up 2026-11-25. */
const searches: readonly string[] = [
  'https://crt.sh/?q=%25.{domain}&output=json&deduplicate=Y',
  'https://api.certspotter.com/v1/issuances?domain={domain}&include_subdomains=true&expand=dns_names',
]

const ask = async (context: CollectContext, template: string, domain: string): Promise<Fact<TransparencyNames>> => {
  const url = template.replaceAll('{domain}', domain)
  const by = new URL(url).hostname
  const answer = await context.net.http({ url, follow: 2, verify: 'strict', maxBytes: limits.transparencyBytes })
  if (!answer.ok) return answer
  const last = answer.value.hops.at(-1)
  if (last?.status !== 200)
    return missing('http-status', `certificate transparency search at ${by} answered ${last?.status ?? 'nothing'}`, {
      retryable: true,
    })
  const names = transparencyNamesIn(last.body)
  return names
    ? observed({ names, by }, context.now())
    : missing('malformed', `certificate transparency search at ${by} gave no list`, { retryable: true })
}

/** The first that answers, in the order of the list where several did; the names do not wait for one that is slow. */
const firstOf = async (asked: readonly Promise<Fact<TransparencyNames>>[]): Promise<Fact<TransparencyNames>> =>
  Promise.any(
    asked.map(async one => {
      const fact = await one
      if (!fact.ok) throw new Error(fact.message)
      return fact
    }),
  ).catch(() => asked[0]!)

const fact: FactDefinition<TransparencyNames> = {
  on: 'domain',
  async collect({ name: domain }, context) {
    const given = context.config.dns?.certificateTransparency
    if (given === false) return observed({ names: [], by: null }, context.now())
    const templates = typeof given === 'string' ? [given] : searches
    return firstOf(templates.map(template => ask(context, template, domain)))
  },
}
export default fact
