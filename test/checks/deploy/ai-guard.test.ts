// ai-guard and ai-evals, on repositories made for the test.
import { afterEach, describe, expect, it } from 'vitest'
import evals from '../../../src/checks/deploy/ai-evals.ts'
import guard from '../../../src/checks/deploy/ai-guard.ts'
import type { AnyCheck } from '../../../src/core/check.ts'
import aiUse from '../../../src/facts/ai/ai-use.ts'
import stack from '../../../src/facts/repo/stack.ts'
import tree from '../../../src/facts/repo/tree.ts'
import { judgeRepo } from '../../support/judge-repo.ts'
import { makeRepo, type TestRepo } from '../../support/repo.ts'

const made: TestRepo[] = []
afterEach(() => {
  for (const one of made.splice(0)) one.dispose()
})
const outcomes = async (check: AnyCheck, files: Record<string, string>): Promise<string[]> => {
  const repo = makeRepo({ 'package.json': JSON.stringify({ dependencies: { openai: '5', next: '15' } }), ...files })
  made.push(repo)
  repo.commit('first')
  return (await judgeRepo(check, repo.root, { tree, stack, aiUse })).outcomes.sort()
}
const route = (before: string, options = ''): string =>
  `import OpenAI from 'openai'\nconst openai = new OpenAI()\nexport async function POST(request: Request) {\n${before}\n  return openai.chat.completions.create({ model: 'x', messages: await request.json()${options} })\n}\n`
const session = 'const session = await auth()\n  if (!session) return new Response(null, { status: 401 })'
const limited =
  'const { success } = await ratelimit.limit(session.user.id)\n  if (!success) return new Response(null, { status: 429 })'

describe('ai-guard', () => {
  it('guarded: a session, a limit of requests and of tokens, bounded tools', async () => {
    expect(
      await outcomes(guard, { 'app/api/chat/route.ts': route(`${session}\n${limited}`, ', max_tokens: 500') }),
    ).toEqual(['guarded'])
    expect(
      await outcomes(guard, {
        'app/api/chat/route.ts': `import { streamText, stepCountIs } from 'ai'\nexport async function POST(req) {\n${session}\n${limited}\nreturn streamText({ model, tools, stopWhen: stepCountIs(5), maxOutputTokens: 500 })\n}`,
      }),
    ).toEqual(['guarded'])
  })
  it('no-authentication: an open route; a middleware before all routes is enough', async () => {
    expect(
      await outcomes(guard, {
        'app/api/chat/route.ts': route(limited.replace('session.user.id', 'ip'), ', max_tokens: 500'),
      }),
    ).toEqual(['no-authentication'])
    expect(
      await outcomes(guard, {
        'app/api/chat/route.ts': route('await ratelimit.limit(ip)', ', max_tokens: 500'),
        'middleware.ts': "import { clerkMiddleware } from '@clerk/nextjs/server'\nexport default clerkMiddleware()",
      }),
    ).toEqual(['guarded'])
  })
  it('no-limit: of requests, of tokens', async () => {
    expect(await outcomes(guard, { 'app/api/chat/route.ts': route(session) })).toEqual(['no-limit'])
    expect(await outcomes(guard, { 'app/api/chat/route.ts': route(`${session}\n${limited}`) })).toEqual(['no-limit'])
  })
  it('key-in-browser: by the switch of the library, by a public variable', async () => {
    expect(
      await outcomes(guard, {
        'src/chat.tsx': "'use client'\nconst c = new OpenAI({ apiKey: key, dangerouslyAllowBrowser: true })",
      }),
    ).toEqual(['key-in-browser'])
    expect(
      await outcomes(guard, {
        'src/chat.ts':
          'const client = new OpenAI({ apiKey: import.meta.env.VITE_OPENAI_API_KEY })\nclient.chat.completions.create({})',
      }),
    ).toEqual(['key-in-browser'])
  })
  it('tools-unbounded', async () => {
    expect(
      await outcomes(guard, {
        'app/api/chat/route.ts': `import { streamText } from 'ai'\nexport async function POST(req) {\n${session}\n${limited}\nreturn streamText({ model, tools: { remove: tool({ execute: deleteMany }) }, maxOutputTokens: 500 })\n}`,
      }),
    ).toEqual(['tools-unbounded'])
  })
  it('looks through a library file to the routes that use it; a job that no request reaches is not held to it', async () => {
    const lib = {
      'lib/assistant.ts':
        'export const ask = (messages) => openai.chat.completions.create({ messages, max_tokens: 100 })',
    }
    expect(
      await outcomes(guard, {
        ...lib,
        'app/api/ask/route.ts':
          "import { ask } from '@/lib/assistant'\nexport async function POST(r) { return ask(await r.json()) }",
      }),
    ).toEqual(['no-authentication', 'no-limit'])
    expect(
      await outcomes(guard, {
        ...lib,
        'app/api/ask/route.ts': `import { ask } from '@/lib/assistant'\nexport async function POST(r) {\n${session}\n${limited}\nreturn ask(await r.json()) }`,
      }),
    ).toEqual(['guarded'])
    expect(
      await outcomes(guard, { ...lib, 'jobs/nightly.ts': "import { ask } from '../lib/assistant'\nask([])" }),
    ).toEqual(['guarded'])
  })
  it('finds a call without a library, by its address', async () => {
    expect(
      await outcomes(guard, {
        'package.json': '{}',
        'api/chat.ts':
          "export default async (req, res) => res.json(await fetch('https://api.openai.com/v1/chat/completions', { method: 'POST', body: req.body }))",
      }),
    ).toEqual(['no-authentication', 'no-limit'])
  })
  it('speaks Python and Ruby', async () => {
    expect(
      await outcomes(guard, {
        'app/main.py':
          '@app.post("/chat")\ndef chat(body: Body):\n    return client.chat.completions.create(model="x", messages=body.messages)\n',
      }),
    ).toEqual(['no-authentication', 'no-limit'])
    expect(
      await outcomes(guard, {
        'app/main.py':
          'import anthropic\n@app.post("/chat")\n@limiter.limit("5/minute")\ndef chat(body: Body, user = Depends(get_current_user)):\n    return client.messages.create(model="x", max_tokens=100)\n',
      }),
    ).toEqual(['guarded'])
  })
  it('skips where no model is called, though words of it stand in comments and tests', async () => {
    expect(
      await outcomes(guard, {
        'src/a.ts': '// openai.chat.completions.create()\nexport const ai = 1',
        'src/sms.ts': 'client.messages.create({ body, from, to })',
        'src/names.ts':
          "const host = 'https://api.openai.com/v1/chat/completions'; const pattern = /dangerouslyAllowBrowser\\s*:\\s*true/",
        'test/a.test.ts': 'openai.chat.completions.create({})',
      }),
    ).toEqual(['skip: the code calls no language model'])
  })
})

describe('ai-evals', () => {
  const call = { 'lib/assistant.ts': 'openai.responses.create({})' }
  it('none, not-in-ci, present', async () => {
    expect(await outcomes(evals, call)).toEqual(['none'])
    expect(await outcomes(evals, { ...call, 'evals/answers.eval.ts': 'x' })).toEqual(['not-in-ci'])
    expect(
      await outcomes(evals, {
        ...call,
        'promptfooconfig.yaml': 'tests: []',
        '.github/workflows/ci.yml': 'jobs:\n  a:\n    steps:\n      - run: npx promptfoo eval\n',
      }),
    ).toEqual(['present'])
    expect(await outcomes(evals, { 'a.ts': '1' })).toEqual(['skip: the code calls no language model'])
  })
})
