// Calls of a language model: who may make them, how many, how large, with which tools, and where the key lies.
import { defineCheck, skip } from '../../core/check.ts'
import type { GuardedCall } from '../../facts/ai/ai-use.ts'

type Data = { file: string; missing: string; line: number }

type Bad = 'key-in-browser' | 'no-authentication' | 'no-limit' | 'tools-unbounded'

const at = (outcome: Bad, call: GuardedCall, missing = '', line = call.line, value = 'the model is called here') => ({
  outcome,
  key: call.path,
  data: { file: call.path, missing, line },
  evidence: [
    { label: `${call.path}:${line}`, value },
    ...call.handlers
      .filter(path => path !== call.path)
      .slice(0, 4)
      .map(label => ({ label, value: 'reaches it' })),
  ],
})

/** What nothing bounds, in words; empty when all is bounded. A bound on spending bounds both. */
const unbounded = ({ rateLimit, tokenLimit, spendLimit }: GuardedCall): string => {
  if (spendLimit || (rateLimit && tokenLimit)) return ''
  return rateLimit ? 'the answers' : tokenLimit ? 'the requests' : 'use'
}

export default defineCheck<Data>()({
  id: 'ai-guard',
  stage: 'deploy',
  on: 'repo',
  title: 'Calls of the language model are guarded',
  why: 'Each call costs money and acts in your name. Judged for calls that a request can reach: whether the route or a middleware before it asks who is there, whether requests and tokens are bounded, whether tools have a bound of steps or an approval, and whether the key stays on the server.',
  impact: { journey: 'data', owner: 'A stranger can run up your bill overnight, or make the assistant act for him.' },
  needs: ['aiUse'],
  actions: ['deploy ai'],
  checklist: { section: 'ai', order: 1, line: 'Calls are authenticated, limited, and keep the key' },
  outcomes: {
    'key-in-browser': {
      status: 'fail',
      severity: 'blocker',
      title: 'The key of the language model goes to every visitor: {file}',
      fix: ({ file, line }) => ({
        summary: 'Call the model on the server, and replace the key',
        steps: [
          `Move the call of ${file}, line ${line}, into a route of your own that asks who is there.`,
          'Make a new key, keep it on the server, deploy, revoke the old one.',
          'Set a monthly limit at the provider.',
        ],
        changes: [{ kind: 'manual', step: `Move the call of ${file}:${line} to the server and rotate the key` }],
        effortMinutes: 90,
      }),
    },
    'no-authentication': {
      status: 'fail',
      severity: 'blocker',
      title: 'Anybody can use the language model at your cost: {file}',
      fix: ({ file }) => ({
        summary: `Ask in ${file} who is there before the model is called`,
        steps: [
          'Read the session first, and answer 401 without one.',
          'If the route must be open: a captcha, a strict limit for each address, and a monthly limit at the provider.',
        ],
        changes: [{ kind: 'manual', step: `${file}: refuse requests without a session before calling the model` }],
        effortMinutes: 30,
      }),
    },
    'no-limit': {
      status: 'fail',
      severity: 'high',
      title: 'Nothing bounds {missing} of the language model: {file}',
      fix: ({ file, missing }) => ({
        summary: `Bound ${missing}`,
        steps: [
          'Limit requests for each user (20 a minute is plenty for a person).',
          'Set the highest number of output tokens in the call.',
          'Set a monthly limit and an alert at the provider.',
        ],
        changes: [{ kind: 'manual', step: `${file}: bound ${missing}` }],
        effortMinutes: 45,
      }),
    },
    'tools-unbounded': {
      status: 'fail',
      severity: 'high',
      title: 'The model may use its tools without end: {file}',
      fix: ({ file }) => ({
        summary: 'Bound the steps, and ask before a tool changes anything',
        steps: [
          'Set the highest number of steps (stopWhen, max_iterations, recursion_limit).',
          'Let tools that delete, send or pay wait for a person’s consent.',
          'Check in each tool whose data it may touch, by the session and never by what the model says.',
        ],
        changes: [
          {
            kind: 'manual',
            step: `${file}: set the highest number of steps and an approval for tools that change something`,
          },
        ],
        effortMinutes: 60,
      }),
    },
    guarded: { status: 'pass', title: 'Calls of the language model are guarded' },
  },
  references: [
    'https://genai.owasp.org/llm-top-10/',
    'https://owasp.org/www-project-top-10-for-large-language-model-applications/',
  ],
  judge({ aiUse }) {
    if (aiUse.calls.length === 0) return skip('the code calls no language model')
    const found = aiUse.calls.flatMap(call => {
      if (call.browserKey) return [at('key-in-browser', call, '', call.browserKey.line, call.browserKey.text)]
      // A call that no request reaches (a job, a command) has other bounds than a route.
      const open = call.handlers.length > 0 && !call.browser
      const missing = unbounded(call)
      return [
        ...(open && !call.authentication ? [at('no-authentication', call)] : []),
        ...(open && missing ? [at('no-limit', call, missing)] : []),
        ...(call.tools && !call.toolsBounded ? [at('tools-unbounded', call)] : []),
      ]
    })
    if (found.length) return found
    const evidence = aiUse.calls.slice(0, 6).map(call => ({
      label: `${call.path}:${call.line}`,
      value: call.handlers.length ? 'behind a session, bounded' : 'no request reaches it',
    }))
    return { outcome: 'guarded', data: { file: '', missing: '', line: 0 }, evidence }
  },
  examples: [
    {
      name: 'an open route',
      facts: {
        aiUse: {
          packages: [{ name: 'openai', manifest: 'package.json' }],
          evals: { files: [], packages: [], ci: null },
          calls: [
            {
              path: 'app/api/chat/route.ts',
              line: 8,
              handler: true,
              browser: false,
              browserKey: null,
              authentication: false,
              rateLimit: true,
              tokenLimit: true,
              spendLimit: false,
              tools: false,
              toolsBounded: false,
              toolsDangerous: false,
              handlers: ['app/api/chat/route.ts'],
            },
          ],
        },
      },
      expect: 'no-authentication',
    },
    {
      name: 'behind a session, bounded',
      facts: {
        aiUse: {
          packages: [{ name: 'openai', manifest: 'package.json' }],
          evals: { files: [], packages: [], ci: null },
          calls: [
            {
              path: 'app/api/chat/route.ts',
              line: 8,
              handler: true,
              browser: false,
              browserKey: null,
              authentication: true,
              rateLimit: true,
              tokenLimit: true,
              spendLimit: false,
              tools: true,
              toolsBounded: true,
              toolsDangerous: false,
              handlers: ['app/api/chat/route.ts'],
            },
          ],
        },
      },
      expect: 'guarded',
    },
  ],
})
