// What real visitors met: the Chrome UX Report, where the config gives a key (perf.crux). The key goes out in a header and is in no fact.
import { observed } from '../../core/fact.ts'
import type { CollectContext, FactDefinition } from '../definition.ts'

export type FieldData = {
  /** null: no key is given, or too few people came. */
  page: { of: 'url' | 'origin'; lcp: number | null; cls: number | null; inp: number | null } | null
  /** Why there is none; '' where there is. */
  why: string
  /** Whether a key is given. */
  asked: boolean
}

const service = 'https://chromeuxreport.googleapis.com/v1/records:queryRecord'

const percentile = (metrics: Record<string, unknown>, name: string): number | null => {
  const metric = metrics[name] as { percentiles?: { p75?: unknown } } | undefined
  const value = Number(metric?.percentiles?.p75)
  return metric?.percentiles?.p75 === undefined || !Number.isFinite(value) ? null : value
}

/** The answer of the service for a page or for its whole origin. */
const ask = async (context: CollectContext, key: string, subject: { url: string } | { origin: string }) => {
  const answer = await context.net.http({
    url: service,
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-goog-api-key': key },
    body: JSON.stringify({ ...subject, formFactor: 'PHONE' }),
  })
  if (!answer.ok) return { why: `the Chrome UX Report was not reached: ${answer.message}` }
  const { status, body } = answer.value.hops[0]!
  if (status === 404) return { why: 'too few people came with Chrome to tell' }
  if (status === 400 || status === 401 || status === 403)
    return { why: `the Chrome UX Report refuses the key of perf.crux (status ${status})` }
  if (status !== 200) return { why: `the Chrome UX Report answers with status ${status}` }
  try {
    const { record } = JSON.parse(body) as { record?: { metrics?: Record<string, unknown> } }
    return { metrics: record?.metrics ?? {} }
  } catch {
    return { why: 'the Chrome UX Report answers with something else than JSON' }
  }
}

const fact: FactDefinition<FieldData> = {
  on: 'route',
  async collect(subject, context) {
    const key = context.config.perf?.crux
    if (!key) return observed({ page: null, why: 'no key is given (perf.crux)', asked: false }, context.now())
    const { origin } = new URL(subject.name)
    const own = await ask(context, key, { url: subject.name })
    const isFew = own.why?.startsWith('too few') ?? false
    const whole = isFew ? await context.once(`field-data: ${origin}`, () => ask(context, key, { origin })) : own
    if (!whole.metrics) return observed({ page: null, why: whole.why ?? '', asked: true }, context.now())
    const { metrics } = whole
    return observed(
      {
        page: {
          of: isFew ? 'origin' : 'url',
          lcp: percentile(metrics, 'largest_contentful_paint'),
          cls: percentile(metrics, 'cumulative_layout_shift'),
          inp: percentile(metrics, 'interaction_to_next_paint'),
        },
        why: '',
        asked: true,
      },
      context.now(),
    )
  },
}
export default fact
