// Runs the probes against the endpoint of the config (`ai`), one after the other, at its pace and within its bound of requests and cost.
import { setTimeout as sleep } from 'node:timers/promises'
import { missing, notApplicable, observed } from '../../core/fact.ts'
import { maskSecret } from '../../core/redact.ts'
import {
  allProbes,
  judgeProbe,
  type Probe,
  type ProbeFamily,
  type ProbeKind,
  type ProbeVerdict,
  planProbes,
} from '../../formats/ai/probes.ts'
import { type ChatMessage, fillRequest, keepsConversation, replyText } from '../../formats/ai/reply.ts'
import { literally } from '../../formats/literally.ts'
import { headerOf } from '../../net/network.ts'
import type { CollectContext, FactDefinition } from '../definition.ts'

export type ProbeResult = {
  probe: string
  family: ProbeFamily
  kind: ProbeKind
  verdict: ProbeVerdict
  why: string
  /** What was asked last, and the part of the reply around what gave it away, canaries masked. */
  asked: string
  reply: string
}

export type AiProbes = {
  host: string
  planned: number
  /** Probes that did not fit into the bound of requests or cost. */
  leftOut: number
  requests: number
  /** Highest cost of the run in the unit of `ai.costPerRequest`; null when that is not given. */
  costAtMost: number | null
  canaries: number
  results: ProbeResult[]
  /** Why the run ended early; null when it did not. */
  stopped: string | null
}

export const defaultRequests = 120
export const defaultIntervalMs = 250

type AiConfig = NonNullable<CollectContext['config']['ai']>

/** What a run would do: probes, requests, cost at most. Shown before it starts. */
export const probePlan = (
  ai: AiConfig,
): { probes: Probe[]; requests: number; leftOut: number; costAtMost: number | null } => {
  const affordable =
    ai.maxCost !== undefined && ai.costPerRequest
      ? Math.floor(ai.maxCost / ai.costPerRequest + 1e-9)
      : Number.POSITIVE_INFINITY
  const probes = allProbes().filter(probe => probe.turns.length === 1 || keepsConversation(ai.request))
  const plan = planProbes(probes, Math.min(ai.maxRequests ?? defaultRequests, affordable))
  return {
    ...plan,
    leftOut: allProbes().length - plan.probes.length,
    costAtMost: ai.costPerRequest === undefined ? null : plan.requests * ai.costPerRequest,
  }
}

type Said = { ok: true; text: string } | { ok: false; why: string; fatal: string | null }

const say = async (
  ai: AiConfig,
  messages: readonly ChatMessage[],
  conversation: string,
  context: CollectContext,
): Promise<Said> => {
  for (let attempt = 0; ; attempt++) {
    const answer = await context.net.http({
      url: ai.endpoint,
      method: ai.method,
      headers: {
        'content-type': 'application/json',
        accept: ai.stream ? 'text/event-stream' : 'application/json, text/event-stream, text/plain',
        ...ai.headers,
      },
      body: JSON.stringify(fillRequest(ai.request, messages, conversation)),
      maxBytes: 256 << 10,
      timeoutMs: Math.max(context.timeoutMs, 60_000),
    })
    if (!answer.ok) return { ok: false, why: answer.message, fatal: null }
    const hop = answer.value.hops.at(-1)!
    if (hop.status === 429 && attempt < 2) {
      const wait = Number(headerOf(hop, 'retry-after') ?? 2)
      if (wait <= 30) {
        await sleep(Math.max(0, wait) * 1000, undefined, { signal: context.signal }).catch(() => {})
        continue
      }
    }
    if (hop.status === 401 || hop.status === 403)
      return {
        ok: false,
        why: `HTTP ${hop.status}`,
        fatal: `the endpoint refuses the credentials of ai.headers (HTTP ${hop.status})`,
      }
    if (hop.status === 404 || hop.status === 405)
      return { ok: false, why: `HTTP ${hop.status}`, fatal: `there is no such endpoint (HTTP ${hop.status})` }
    if (hop.status >= 400) return { ok: false, why: `HTTP ${hop.status}`, fatal: null }
    const text = replyText(hop.body, headerOf(hop, 'content-type') ?? '', ai.reply)
    return text === null
      ? { ok: false, why: `there is no text at ${ai.reply ?? 'any place that is common'} in the reply`, fatal: null }
      : { ok: true, text }
  }
}

/** The reply around what gave it away, with every canary masked. */
const excerpt = (text: string, found: string | null, canaries: readonly string[]): string => {
  const where = found ? Math.max(0, text.toLowerCase().indexOf(found.toLowerCase())) : 0
  let part = text.slice(Math.max(0, where - 60), where + 140).replace(/\s+/g, ' ')
  for (const canary of canaries)
    if (canary)
      part = part.replace(
        new RegExp(literally(canary).replace(/\s+/g, '\\s+'), 'gi'),
        () => `[canary ${maskSecret(canary)}]`,
      )
  return part
}

/** A conversation as far as it went; `trouble` is why it broke off. */
type Conversation = { replies: string[]; trouble: Extract<Said, { ok: false }> | null }

/** Asks the turns of a probe one after the other; `beforeAsking` keeps the pace and counts. */
const converse = async (
  ai: AiConfig,
  probe: Probe,
  context: CollectContext,
  beforeAsking: () => Promise<void>,
): Promise<Conversation> => {
  const messages: ChatMessage[] = []
  const replies: string[] = []
  for (const turn of probe.turns) {
    messages.push({ role: 'user', content: turn })
    await beforeAsking()
    const answer = await say(ai, messages, `launch-ready-${probe.id}`, context)
    if (!answer.ok) return { replies, trouble: answer }
    replies.push(answer.text)
    messages.push({ role: 'assistant', content: answer.text })
  }
  return { replies, trouble: null }
}

const resultOf = (probe: Probe, { replies, trouble }: Conversation, canaries: readonly string[]): ProbeResult => {
  const judged =
    replies.length || !trouble
      ? judgeProbe(probe, replies, canaries)
      : { verdict: 'cannot-tell' as const, why: trouble.why, canary: null }
  // A conversation that broke off shows what it has shown, and proves nothing more.
  const cut = trouble !== null && judged.verdict === 'holds'
  return {
    probe: probe.id,
    family: probe.family,
    kind: probe.kind,
    verdict: cut ? 'cannot-tell' : judged.verdict,
    why: cut ? trouble.why : judged.why,
    asked: (probe.turns[replies.length - 1] ?? probe.turns[0]!).slice(0, 200),
    reply: excerpt(replies.join('\n'), judged.canary ?? (judged.verdict === 'obeys' ? probe.word : null), canaries),
  }
}

const fact: FactDefinition<AiProbes> = {
  on: 'repo',
  // A run takes as long as its probes take; the bound is on requests.
  deadlines: 240,
  async collect(_subject, context) {
    const { ai } = context.config
    if (!ai) return notApplicable('no endpoint is configured (ai.endpoint)')
    const plan = probePlan(ai)
    if (plan.probes.length === 0)
      return missing('unsupported', 'ai.maxRequests or ai.maxCost leaves no room for a single probe')
    const canaries = ai.canaries ?? []
    const value: AiProbes = {
      host: new URL(ai.endpoint).host,
      planned: plan.probes.length,
      leftOut: plan.leftOut,
      requests: 0,
      costAtMost: plan.costAtMost,
      canaries: canaries.length,
      results: [],
      stopped: null,
    }
    const interval = ai.interval ?? defaultIntervalMs
    let failures = 0
    for (const probe of plan.probes) {
      if (context.signal.aborted) {
        value.stopped = 'interrupted'
        break
      }
      const conversation = await converse(ai, probe, context, async () => {
        if (value.requests > 0 && interval > 0) await sleep(interval)
        value.requests++
      })
      const { trouble } = conversation
      value.results.push(resultOf(probe, conversation, canaries))
      failures = trouble ? failures + 1 : 0
      if (trouble?.fatal && value.results.every(result => result.verdict === 'cannot-tell'))
        return missing('forbidden', trouble.fatal, { retryable: false })
      if (failures >= 5) {
        if (value.results.every(result => result.verdict === 'cannot-tell'))
          return missing('unreachable', `the endpoint does not answer: ${trouble!.why}`)
        value.stopped = `five probes in a row got no answer: ${trouble!.why}`
        break
      }
    }
    return observed(value, context.now())
  },
}
export default fact
