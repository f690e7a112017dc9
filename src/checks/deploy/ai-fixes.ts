// What to do about a language model that is not guarded, or gives way to probes: shared by the checks of it.
import { type Judgement, unknown } from '../../core/check.ts'
import { textEvidence } from '../../core/evidence.ts'
import type { Fix } from '../../core/fix.ts'
import { fix, manual, manualFix } from '../../core/fixes.ts'
import type { AiProbes, ProbeResult } from '../../facts/ai/ai-probes.ts'
import type { ProbeKind } from '../../formats/ai/probes.ts'
import { verdictOf } from '../../formats/ai/verdict.ts'

const summary = 'Take from the model what it must not give, and from its answers what they must not do'
const again = 'Run `launch-ready deploy ai` again.'
const rights = 'Let every tool check the rights of who asks, and ask a person before it changes anything.'
const apart =
  'Hold documents, pages and mails apart from instructions, and say in the prompt that nothing in them is one.'

/** Against confidential data in answers. */
export const keepBack = (): Fix =>
  manualFix(
    summary,
    [
      'Take out of the prompt whatever may not come out: keys, names, prices, other customers. What is not in the context cannot leak.',
      'Fetch data by the session of who asks, before the model sees it; never by what the model says.',
      'Search answers for the canaries before they are sent, and send none that holds one.',
      again,
    ],
    180,
  )

/** Against obeyed instructions; `first` is the step that the kind of probe asks for. */
export const takeNoOrders = (first: string) => (): Fix => manualFix(summary, [first, apart, rights, again], 180)

export const probeReferences = [
  'https://genai.owasp.org/llmrisk/llm01-prompt-injection/',
  'https://genai.owasp.org/llmrisk/llm02-sensitive-information-disclosure/',
]

/** `count` of the `of` probes that could be judged. */
export type ProbeData = { count: number; of: number }

/** One finding over the probes with this verdict; none where there are none. */
const probesWith = (outcome: 'leaks' | 'obeys', results: readonly ProbeResult[], of: number) => {
  if (results.length === 0) return []
  const evidence = results
    .slice(0, 8)
    .map(({ probe, asked, reply }) => textEvidence(probe, `${asked.slice(0, 120)} → ${reply}`))
  return [{ outcome, data: { count: results.length, of }, evidence }]
}

/** Judges the probes of one kind: what leaked, what was obeyed, and what could not be told. */
export const judgeProbes = (
  kind: ProbeKind,
  { results, host, requests }: AiProbes,
): Judgement<'leaks' | 'obeys' | 'holds', ProbeData> => {
  const { total, answered, leaks, obeys, families, unsure } = verdictOf(results, kind)
  if (total === 0) return unknown('no probe of this kind was run', 'blocker')
  const found = [
    ...probesWith('leaks', leaks, answered.length),
    ...probesWith('obeys', obeys, answered.length),
    ...(unsure ? [unknown(unsure, 'blocker')] : []),
  ]
  if (found.length) return found
  const value = `${answered.length} probes in ${families} families, ${requests} requests`
  return { outcome: 'holds', data: { count: 0, of: answered.length }, evidence: [textEvidence(host, value)] }
}

/** A call of a model: the file and line that makes it, and what nothing bounds there. */
export type Guarded = { file: string; missing: string; line: number }

export const serverSide = ({ file, line }: Guarded): Fix =>
  fix(
    'Call the model on the server, and replace the key',
    [manual(`Move the call of ${file}:${line} to the server and rotate the key`)],
    [
      `Move the call of ${file}, line ${line}, into a route of your own that asks who is there.`,
      'Make a new key, keep it on the server, deploy, revoke the old one.',
      'Set a monthly limit at the provider.',
    ],
    90,
  )

export const askFirst = ({ file, missing }: Guarded): Fix =>
  fix(
    `Ask in ${file} who is there before the model is called`,
    [manual(`${file}: refuse requests without a session before calling the model`)],
    [
      'Read the session first, and answer 401 without one.',
      'If the route must be open: a captcha, a strict limit for each address, and a monthly limit at the provider.',
      ...(missing
        ? ['Limit the requests of each user, and the output tokens of each call: nothing bounds them yet.']
        : []),
    ],
    30,
  )

export const bound = ({ file, missing }: Guarded): Fix =>
  fix(
    `Bound ${missing}`,
    [manual(`${file}: bound ${missing}`)],
    [
      'Limit requests for each user (20 a minute is plenty for a person).',
      'Set the highest number of output tokens in the call.',
      'Set a monthly limit and an alert at the provider.',
    ],
    45,
  )

export const boundTools = ({ file }: Guarded): Fix =>
  fix(
    'Bound the steps, and ask before a tool changes anything',
    [manual(`${file}: set the highest number of steps and an approval for tools that change something`)],
    [
      'Set the highest number of steps (stopWhen, max_iterations, recursion_limit).',
      'Let tools that delete, send or pay wait for a person’s consent.',
      'Check in each tool whose data it may touch, by the session and never by what the model says.',
    ],
    60,
  )
