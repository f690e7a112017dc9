// Calls of a language model: who may make them, how many, how large, with which tools, and where the key lies.
import { blocker, defineCheck, high, pass, skip } from '../../core/check.ts'
import { fileEvidence } from '../../core/evidence.ts'
import type { Confidence } from '../../core/severity.ts'
import { calling } from '../../facts/ai/ai-use.example.ts'
import type { GuardedCall } from '../../facts/ai/ai-use.ts'
import { askFirst, bound, boundTools, type Guarded, serverSide } from './ai-fixes.ts'
import { assuming } from './places.ts'

type Bad = 'key-in-browser' | 'no-authentication' | 'no-limit' | 'tools-unbounded'

const at = (
  outcome: Bad,
  call: GuardedCall,
  missing = '',
  place = { line: call.line, text: 'the model is called here' },
) => ({
  outcome,
  key: call.path,
  data: { file: call.path, missing, line: place.line },
  evidence: [
    fileEvidence(call.path, place.line, place.text),
    ...call.handlers
      .filter(path => path !== call.path)
      .slice(0, 4)
      .map(path => fileEvidence(path, undefined, 'reaches it')),
  ],
})

/** What nothing bounds, in words; empty when all is bounded. A bound on spending bounds both. */
const unbounded = ({ rateLimit, tokenLimit, spendLimit }: GuardedCall): string => {
  if (spendLimit || (rateLimit && tokenLimit)) return ''
  return rateLimit ? 'the answers' : tokenLimit ? 'the requests' : 'use'
}

/**
 * Calls without a bound, as one question: one limit before all of them mends it. A limit may stand at the provider or before the program, and
 * a login keeps most people out.
 */
const limitless = (calls: readonly GuardedCall[]) => {
  const order = ['use', 'the requests', 'the answers']
  const [first, ...rest] = calls
    // What nobody may be asked before is a question already, unless nothing at all bounds it.
    .filter(call => unbounded(call) !== '' && (call.authentication || (unbounded(call) === 'use' && call.ownKey)))
    .toSorted((a, b) => order.indexOf(unbounded(a)) - order.indexOf(unbounded(b)))
  if (!first) return []
  const more = rest.slice(0, 12).map(({ path, line }) => fileEvidence(path, line, 'the model is called here'))
  const found = at('no-limit', first, unbounded(first))
  return [assuming({ ...found, evidence: [...found.evidence, ...more] }, unseenLimit)]
}

const unseenLimit = 'a limit at the provider, or of a proxy before the program'

/** A route with a limit costs no more than that; the farther a request is from the call, the less certain its way. On whose key it is has to be seen. */
const surenessOf = ({ handler, direct, mayAsk, assumed, brought, ownKey }: GuardedCall): Confidence =>
  mayAsk || assumed || brought || !ownKey || (!handler && !direct) ? 'possible' : handler ? 'certain' : 'likely'

/** Keys in the browser, as one finding for each sureness: one way through a server mends them all. */
const inBrowsers = (calls: readonly GuardedCall[]) => {
  const all = calls.flatMap(call => (call.browserKey ? [inBrowser(call, call.browserKey)] : []))
  return [...Map.groupBy(all, one => 'confidence' in one).values()].map(([first, ...rest]) => ({
    ...first!,
    evidence: [...first!.evidence, ...rest.slice(0, 12).flatMap(({ evidence }) => evidence.slice(0, 1))],
  }))
}

/** Nobody is asked before the call, as far as can be told: that says all that a missing bound would. */
const isOpen = (call: GuardedCall): boolean => !call.authentication && surenessOf(call) !== 'possible'

/** A library that is allowed to run in a browser may be given the key of who sits before it. */
const inBrowser = (call: GuardedCall, place: { line: number; text: string }) => ({
  ...at('key-in-browser', call, '', place),
  ...(/dangerouslyAllowBrowser/.test(place.text) ? { confidence: 'possible' as const } : {}),
})

/** Calls that nobody is asked before, as one finding for each sureness: one question before all of them mends it. */
const open = (calls: readonly GuardedCall[]) =>
  (['certain', 'likely', 'possible'] as const).flatMap(confidence => {
    const same = calls.filter(call => surenessOf(call) === confidence)
    const [first, ...rest] = [...same.filter(one => !one.rateLimit), ...same.filter(one => one.rateLimit)]
    if (!first) return []
    const more = rest.slice(0, 12).map(({ path, line }) => fileEvidence(path, line, 'the model is called here'))
    const one = at('no-authentication', first, unbounded(first))
    // What is bounded for each visitor may be open on purpose.
    const severity = first.rateLimit ? { severity: 'medium' as const } : {}
    return [{ ...one, ...severity, evidence: [...one.evidence, ...more], confidence }]
  })

export default defineCheck<Guarded>()({
  id: 'ai-guard',
  stage: 'deploy',
  on: 'repo',
  title: 'Calls of the language model are guarded',
  why: 'Each call costs money and acts in your name. Judged for calls that a request can reach: whether the route or a middleware before it asks who is there, whether requests and tokens are bounded, whether tools have a bound of steps or an approval, and whether the key stays on the server.',
  impact: { journey: 'data', owner: 'A stranger can run up your bill overnight, or make the assistant act for him.' },
  needs: ['aiUse'],
  actions: ['deploy ai'],
  signals: { 'data-exposed': ['key-in-browser', 'no-authentication'] },
  checklist: { section: 'ai', order: 1, line: 'Calls are authenticated, limited, and keep the key' },
  outcomes: {
    'key-in-browser': blocker('The key of the language model goes to every visitor: {file}', serverSide, {
      why: 'Whoever opens the page can take the key and use it at your cost.',
    }),
    'no-authentication': blocker('Anybody can use the language model at your cost: {file}', askFirst),
    'no-limit': high('Nothing bounds {missing} of the language model: {file}', bound, {
      why: 'One user, or one script, can run up your bill overnight.',
    }),
    'tools-unbounded': high('The model may use its tools without end: {file}', boundTools, {
      why: 'A conversation that goes wrong calls tools, at your cost, without an end.',
    }),
    guarded: pass('Calls of the language model are guarded'),
  },
  references: [
    'https://genai.owasp.org/llm-top-10/',
    'https://owasp.org/www-project-top-10-for-large-language-model-applications/',
  ],
  judge({ aiUse }) {
    if (aiUse.calls.length === 0) return skip('the code calls no language model')
    const onServer = aiUse.calls.filter(({ browserKey }) => browserKey === null)
    // A call that no request reaches (a job, a command) has other bounds than a route.
    const reached = onServer.filter(({ handlers, browser }) => handlers.length > 0 && !browser)
    const found = [
      ...inBrowsers(aiUse.calls),
      ...open(reached.filter(({ authentication }) => !authentication)),
      ...limitless(reached.filter(call => !isOpen(call))),
      ...onServer
        .filter(({ tools, toolsBounded }) => tools && !toolsBounded)
        .map(call => ({ ...at('tools-unbounded', call), confidence: 'likely' as const })),
    ]
    if (found.length) return found
    const evidence = aiUse.calls
      .slice(0, 6)
      .map(({ path, line, handlers }) =>
        fileEvidence(path, line, handlers.length ? 'behind a session, bounded' : 'no request reaches it'),
      )
    return { outcome: 'guarded', data: { file: '', missing: '', line: 0 }, evidence }
  },
  examples: [
    { name: 'behind a session, bounded', facts: {}, expect: 'guarded' },
    { name: 'an open route', facts: { aiUse: calling({ authentication: false }) }, expect: 'no-authentication' },
  ],
})
