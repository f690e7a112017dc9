// ai-guard and ai-evals, on repositories made for the test.
import { afterEach, describe, expect, it } from 'vitest'
import evals from '../../../src/checks/deploy/ai-evals.ts'
import guard from '../../../src/checks/deploy/ai-guard.ts'
import type { AnyCheck } from '../../../src/core/check.ts'
import aiUse from '../../../src/facts/ai/ai-use.ts'
import deployment from '../../../src/facts/repo/deployment.ts'
import pipelines from '../../../src/facts/repo/pipelines.ts'
import stack from '../../../src/facts/repo/stack.ts'
import tree from '../../../src/facts/repo/tree.ts'
import { judgeRepo } from '../../support/judge-repo.ts'
import { makeRepo, type TestRepo } from '../../support/repo.ts'

const collectors = { tree, stack, aiUse, pipelines, deployment }
const made: TestRepo[] = []
afterEach(() => {
  for (const one of made.splice(0)) one.dispose()
})
const outcomes = async (check: AnyCheck, files: Record<string, string>): Promise<string[]> => {
  const repo = makeRepo({ 'package.json': JSON.stringify({ dependencies: { openai: '5', next: '15' } }), ...files })
  made.push(repo)
  repo.commit('first')
  return (await judgeRepo(check, repo.root, collectors)).outcomes.sort()
}
const route = (before: string, options = ''): string =>
  `import OpenAI from 'openai'\nconst openai = new OpenAI()\nexport async function POST(request: Request) {\n${before}\n  return openai.chat.completions.create({ model: 'x', messages: await request.json()${options} })\n}\n`
const session = 'const session = await auth()\n  if (!session) return new Response(null, { status: 401 })'
const limited =
  'const { success } = await ratelimit.limit(session.user.id)\n  if (!success) return new Response(null, { status: 429 })'

describe('ai-guard', () => {
  it('no-limit: half a bound is one question, whichever half it is', async () => {
    const files = {
      'app/api/a/route.ts': route(`${session}\n${limited}`),
      'app/api/b/route.ts': route(session, ', max_tokens: 500'),
    }
    expect(await outcomes(guard, files)).toEqual(['no-limit'])
    expect(await outcomes(guard, { ...files, 'app/api/c/route.ts': route(session) })).toEqual(['no-limit'])
  })

  it('a model on hardware of one’s own costs nobody anything', async () => {
    const server = (maker: string, how: string) => ({
      'requirements.txt': 'transformers\nopenai\n',
      'worker/server.py': `from ${maker} import model\n@app.post("/generate")\ndef answer(request):\n    return model.${how}(request)\n`,
    })
    expect((await outcomes(guard, server('transformers', 'generate')))[0]).toMatch(/^skip/)
    expect(await outcomes(guard, server('openai', 'create'))).toContain('no-authentication')
  })

  it('what a queue hands over is no request, and who sends strangers away may ask them', async () => {
    const call =
      "import OpenAI from 'openai'\nconst openai = new OpenAI()\nexport const ask = (text) => openai.chat.completions.create({ model: 'x', messages: text })\n"
    const controller = (how: string) => ({
      'src/ask.ts': call,
      'src/a.module.ts': "import { A } from './a.controller'\n@Module({ controllers: [A] })\nexport class All {}\n",
      'src/a.controller.ts': `import { ask } from './ask'\n@Controller('a')\nexport class A {\n  @${how}('ask')\n  async on(value) {\n    return ask(value)\n  }\n}\n`,
    })
    expect(await outcomes(guard, controller('EventPattern'))).toEqual(['guarded'])
    expect(await outcomes(guard, controller('Post'))).toContain('no-authentication')
    const bot = (more: string) => ({
      'bot/ask.py':
        'from openai import OpenAI\nopenai = OpenAI()\ndef ask(text):\n    return openai.responses.create(model="x", input=text)\n',
      'bot/main.py': 'from bot.handlers import llm\n\nrun(llm.answer)\n',
      'bot/handlers/llm.py': `from bot.ask import ask\n\nasync def answer(update, context):\n    user = await find(update)\n${more}    return ask(update.message)\n`,
    })
    const sureness = async (files: Record<string, string>) => {
      const repo = makeRepo({ 'requirements.txt': 'openai\n', ...files })
      made.push(repo)
      repo.commit('first')
      return (await judgeRepo(guard, repo.root, collectors)).findings
        .filter(({ outcome }) => outcome === 'no-authentication')
        .map(({ confidence }) => confidence)
    }
    expect(await sureness(bot(''))).not.toContain('possible')
    expect(await sureness(bot('    if not user:\n        return None\n'))).toEqual(['possible'])
  })

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
  it('no-authentication: a hook that looks who is there, and refuses nobody, leaves it a guess', async () => {
    const endpoint = {
      'src/routes/api/ask/+server.ts': `import OpenAI from 'openai'\nconst openai = new OpenAI()\nexport const POST = async ({ request }) =>\n  openai.chat.completions.create({ model: 'x', max_tokens: 9, messages: await request.json() })\n`,
    }
    const hook = (more: string) =>
      `export const handle = async ({ event, resolve }) => {\n  event.locals.user = await getUser(event)\n${more}  return resolve(event)\n}\n`
    expect(await outcomes(guard, { ...endpoint, 'src/hooks.server.ts': hook('') })).toContain('no-authentication')
    const asking = Object.entries(endpoint).map(([path, text]) => [
      path,
      text.replace('=>\n', "=> {\n  if (!session) error(401, 'Sign in')\n  return ").replace(/\n$/, '\n}\n'),
    ])
    expect(await outcomes(guard, { ...Object.fromEntries(asking), 'src/hooks.server.ts': hook('') })).not.toContain(
      'no-authentication',
    )
    expect(
      await outcomes(guard, {
        ...endpoint,
        'src/hooks.server.ts': hook("  if (!event.locals.user) redirect(303, '/')\n"),
      }),
    ).not.toContain('no-authentication')
  })
  it('no-authentication: a controller that is handed the service, a route that is chained to its path', async () => {
    const service = {
      'src/ask.module.ts':
        "import { AskController } from './ask.controller'\n@Module({ controllers: [AskController] })\nexport class AskModule {}\n",
      'src/ask.service.ts': `import OpenAI from 'openai'\nconst openai = new OpenAI()\n@Injectable()\nexport class AskService {\n  ask(text: string) {\n    return openai.chat.completions.create({ model: 'x', max_tokens: 9, messages: [text] })\n  }\n}\n`,
    }
    const controller = (before: string) =>
      `import { AskService } from './ask.service'\n${before}@Controller('ask')\nexport class AskController {\n  constructor(private readonly service: AskService) {}\n  @Post()\n  ask(@Body('text') text: string) {\n    return this.service.ask(text)\n  }\n}\n`
    expect(await outcomes(guard, { ...service, 'src/ask.controller.ts': controller('') })).toEqual([
      'no-authentication',
    ])
    expect(
      await outcomes(guard, { ...service, 'src/ask.controller.ts': controller("@UseGuards(AuthGuard('jwt'))\n") }),
    ).not.toContain('no-authentication')
    const chained = (before: string) =>
      `const OpenAI = require('openai')\nconst router = express.Router()\nconst openai = new OpenAI()\nrouter.route('/').post(\n  ${before}wrap(async (req, res) => {\n    res.send(await openai.chat.completions.create({ model: 'x', max_tokens: 9, messages: req.body }))\n  })\n)\nmodule.exports = router\n`
    const app = { 'src/app.js': "const routes = require('./routes')\nexpress().use(routes).listen(3000)\n" }
    const mounted = {
      ...app,
      'src/middlewares/auth.js': 'module.exports = (req, res, next) => (req.user ? next() : res.status(401).end())\n',
      'src/routes/auth.route.js':
        "const auth = require('../middlewares/auth')\nrouter.get('/me', auth, me)\nmodule.exports = router\n",
      'src/routes/index.js':
        "const authRoute = require('./auth.route')\nconst askRoute = require('./ask.route')\nrouter.use('/auth', authRoute)\nrouter.use('/ask', askRoute)\n",
    }
    expect(await outcomes(guard, { ...mounted, 'src/routes/ask.route.js': chained('') })).toEqual(['no-authentication'])
    expect(await outcomes(guard, { ...mounted, 'src/routes/ask.route.js': chained('requireAuth, ') })).toEqual([
      'no-limit',
    ])
  })
  it('no-authentication: a procedure that is public, beside one that is not', async () => {
    const trpc =
      'export const createTRPCRouter = t.router\nexport const publicProcedure = t.procedure\nexport const protectedProcedure = t.procedure.use(isAuthenticated)\n'
    const router = (kind: string) => ({
      'src/server/trpc.ts': trpc,
      'src/server/routers/ask.ts': `import { generateText } from 'ai'\nimport { createTRPCRouter, ${kind} } from '../trpc'\nexport const ask = createTRPCRouter({\n  ask: ${kind}.mutation(async ({ input }) => generateText({ model, maxOutputTokens: 9, prompt: input })),\n})\n`,
      'src/pages/api/trpc/[trpc].ts':
        "import { ask } from '../../../server/routers/ask'\nexport default handler(ask)\n",
    })
    expect(await outcomes(guard, router('publicProcedure'))).toContain('no-authentication')
    expect(await outcomes(guard, router('protectedProcedure'))).not.toContain('no-authentication')
  })
  it('no-authentication: a handler of net/http, a function of Deno', async () => {
    const go = (before: string) =>
      `package main\n\nimport "github.com/sashabaranov/go-openai"\n\nfunc main() {\n\tmux.HandleFunc("POST /ask", ask)\n}\n\nfunc ask(w http.ResponseWriter, r *http.Request) {\n${before}\tclient := openai.NewClient(os.Getenv("OPENAI_API_KEY"))\n\tclient.CreateChatCompletion(r.Context(), openai.ChatCompletionRequest{MaxTokens: 9})\n}\n`
    expect(await outcomes(guard, { 'main.go': go('') })).toEqual(['no-authentication'])
    const asking = '\tif getCurrentUser(r) == nil {\n\t\treturn\n\t}\n'
    expect(await outcomes(guard, { 'main.go': go(asking) })).not.toContain('no-authentication')
    const deno = {
      'package.json': '{}',
      'supabase/functions/ask/index.ts':
        'import OpenAI from "npm:openai@4"\nconst openai = new OpenAI()\nDeno.serve(async req => Response.json(await openai.chat.completions.create({ model: "x", max_tokens: 9, messages: await req.json() })))\n',
    }
    expect(await outcomes(guard, deno)).toEqual(['no-authentication'])
  })
  it('no-limit: of requests, of tokens', async () => {
    expect(await outcomes(guard, { 'app/api/chat/route.ts': route(session) })).toEqual(['no-limit'])
    expect(await outcomes(guard, { 'app/api/chat/route.ts': route(`${session}\n${limited}`) })).toEqual(['no-limit'])
  })
  it('key-in-browser: not of a session of sound, which a secret of minutes opens', async () => {
    const page = (address: string) => ({
      'package.json': '{"dependencies":{"openai":"6","react":"19"}}',
      'src/voice.tsx': `'use client'\nimport { useState } from 'react'\nexport const Voice = async (token: string) => {\n  await fetch('https://api.openai.com/v1/${address}', { method: 'POST', headers: { Authorization: \`Bearer \${token}\` } })\n}\n`,
    })
    const found = (address: string) => outcomes(guard, page(address))
    expect(await found('realtime?model=a')).not.toContain('key-in-browser')
    expect(await found('chat/completions')).toContain('key-in-browser')
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
  it('tools-unbounded: a loop of one’s own, or a bound taken away; the AI SDK runs one step unless told', async () => {
    const streaming = (more: string) => ({
      'app/api/chat/route.ts': `import { streamText } from 'ai'\nexport async function POST(req) {\n${session}\n${limited}\nreturn streamText({ model, tools: { remove: tool({ execute: deleteMany }) }, maxOutputTokens: 500${more} })\n}`,
    })
    expect(await outcomes(guard, streaming(''))).toEqual(['guarded'])
    expect(await outcomes(guard, streaming(', maxSteps: Infinity'))).toEqual(['tools-unbounded'])
    expect(await outcomes(guard, streaming(', stopWhen: () => false'))).toEqual(['tools-unbounded'])
    const looping = `${session}\n${limited}\nwhile (true) {\n const a = await openai.chat.completions.create({ model, tools, max_tokens: 9 })\n if (!a.choices[0].message.tool_calls) break\n}`
    expect(
      await outcomes(guard, {
        'app/api/chat/route.ts': `import OpenAI from 'openai'\nexport async function POST(req) {\n${looping}\n}\n`,
      }),
    ).toEqual(['tools-unbounded'])
  })
  it('tools-unbounded: neither a form that the model has to fill in nor a loop elsewhere is a loop of tools', async () => {
    const asking = (before: string, more: string, after = '') => ({
      'requirements.txt': 'litellm\n',
      'judge.py': `import litellm\n\n\ndef judge(text):\n${before}        answer = litellm.completion(model="x", max_tokens=9, tools=[form]${more})\n        use(answer.tool_calls)\n${after}`,
    })
    const loop = '    while True:\n'
    expect(await outcomes(guard, asking(loop, ''))).toEqual(['tools-unbounded'])
    expect(
      await outcomes(guard, asking(loop, ', tool_choice={"type": "function", "function": {"name": "best"}}')),
    ).toEqual(['guarded'])
    expect(await outcomes(guard, asking('    if text:\n', '', `\n\ndef wait():\n${loop}        pass\n`))).toEqual([
      'guarded',
    ])
  })

  it('names of other packages are no model’s: an Agent of undici, a streamText of hono', async () => {
    expect(
      await outcomes(guard, {
        'lib/fetch.ts': "import { Agent } from 'undici'\nexport const agent = new Agent({ connect: { timeout: 5 } })\n",
        'app/api/feed/route.ts':
          "import { streamText } from 'hono/streaming'\nimport { generateText } from '../../../lib/words'\nexport const POST = c => streamText(c, s => s.write(generateText()))\n",
        'lib/words.ts': "export const generateText = () => 'lorem'\n",
      }),
    ).toEqual(['skip: the code calls no language model'])
  })
  it('follows real imports, not names: a route that imports another `server` reaches nothing', async () => {
    const make = {
      'artifacts/code/server.ts':
        "import { streamObject } from 'ai'\nexport const code = prompt => streamObject({ model, prompt, maxOutputTokens: 9 })\n",
    }
    const other = {
      'app/api/history/route.ts':
        "import { NextResponse } from 'next/server'\nexport const GET = () => NextResponse.json({})\nexport const POST = GET\n",
    }
    expect(await outcomes(guard, { ...make, ...other })).toEqual(['guarded'])
    const route = `import { code } from '@/artifacts/code/server'\nexport async function POST(request) {\n${session}\n${limited}\nreturn code(await request.text())\n}\n`
    expect(await outcomes(guard, { ...make, ...other, 'app/api/chat/route.ts': route })).toEqual(['guarded'])
    expect(
      await outcomes(guard, { ...make, 'app/api/chat/route.ts': route.replace(session, '').replace(limited, '') }),
    ).toEqual(['no-authentication'])
  })
  it('counts what stands before a router, in a wrapper, behind an alias or in a package of the workspace', async () => {
    const controller = {
      'controllers/ai.js':
        "const OpenAI = require('openai')\nconst client = new OpenAI()\nexports.ask = async (req, res) => res.json(await client.chat.completions.create({ max_tokens: 9 }))\n",
    }
    const app = (guards: string) => ({
      'app.js': `const express = require('express')\nconst ai = require('./controllers/ai')\nconst app = express()\n${guards}\napp.post('/ask', ai.ask)\n`,
    })
    expect(
      await outcomes(guard, { ...controller, ...app('app.use(rateLimit({}))\napp.use(isAuthenticated)') }),
    ).toEqual(['guarded'])
    expect(await outcomes(guard, { ...controller, ...app('') })).toEqual(['no-authentication'])
    const wrapped = {
      'tsconfig.json': '{ "compilerOptions": { "paths": { "#srv/*": ["./server/*"] } } }',
      'server/wrap.ts':
        'export const tenant = handler => async request => {\n const session = await getSession()\n if (!session) throw 1\n await ratelimit.limit(session.id)\n return handler(request)\n}\n',
      'server/index.ts': "export * from './wrap'\n",
      'app/api/ask/route.ts':
        "import OpenAI from 'openai'\nimport { tenant as withTenant } from '#srv/wrap'\nexport const POST = withTenant(async r => openai.chat.completions.create({ max_tokens: 9 }))\n",
    }
    expect(await outcomes(guard, wrapped)).toEqual(['guarded'])
    const workspace = {
      'package.json': '{ "name": "acme", "workspaces": ["packages/*"], "dependencies": { "openai": "5" } }',
      'packages/ai/package.json': '{ "name": "@acme/ai", "dependencies": { "openai": "5" } }',
      'packages/ai/src/index.ts':
        "import OpenAI from 'openai'\nexport const ask = m => openai.chat.completions.create({ m, max_tokens: 9 })\nexport const other = 1\n",
    }
    const open = (name: string) => ({
      'apps/web/app/api/ask/route.ts': `import { ${name} } from '@acme/ai'\nexport const POST = async r => Response.json(await ${name}(r))\n`,
    })
    expect(await outcomes(guard, { ...workspace, ...open('ask') })).toEqual(['no-authentication'])
    expect(await outcomes(guard, { ...workspace, ...open('other') })).toEqual(['guarded'])
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
    ).toEqual(['no-authentication'])
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
    ).toEqual(['no-authentication'])
  })
  it('speaks Python and Ruby', async () => {
    expect(
      await outcomes(guard, {
        'app/main.py':
          '@app.post("/chat")\ndef chat(body: Body):\n    return client.chat.completions.create(model="x", messages=body.messages)\n',
      }),
    ).toEqual(['no-authentication'])
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

describe('an open route', () => {
  const severities = async (files: Record<string, string>): Promise<string[]> => {
    const repo = makeRepo({ 'package.json': JSON.stringify({ dependencies: { openai: '5', next: '15' } }), ...files })
    made.push(repo)
    repo.commit('first')
    const { findings } = await judgeRepo(guard, repo.root, collectors)
    return findings.filter(({ outcome }) => outcome === 'no-authentication').map(({ severity }) => severity)
  }

  it('is one finding, however many routes', async () => {
    expect(await severities({ 'app/api/a/route.ts': route(''), 'app/api/b/route.ts': route('') })).toEqual(['blocker'])
  })
  it('that uses code which asks who is there, whatever it is named, is no certain one', async () => {
    const helper = {
      'lib/helpers.ts':
        "export async function getProfile() {\n  const { data } = await supabase.auth.getUser()\n  if (!data.user) throw new Error('nobody')\n  return data.user\n}\n",
    }
    const uses = `import { getProfile } from '../../../lib/helpers'\n${route('await getProfile()')}`
    const found = await severities({ ...helper, 'app/api/a/route.ts': uses })
    expect(found.filter(one => one !== 'medium')).toEqual([])
  })
  it('that is a service of a framework takes no requests itself', async () => {
    const service =
      "import OpenAI from 'openai'\nimport { Injectable } from '@nestjs/common'\n@Injectable()\nexport class Words {\n  constructor() { api.get('/x') }\n  make() { return new OpenAI().chat.completions.create({ max_tokens: 9 }) }\n}\n"
    expect(await severities({ 'src/words.service.ts': service })).toEqual([])
  })
  it('whose key is that of who asks costs nothing', async () => {
    expect(
      await outcomes(guard, {
        'app/api/a/route.ts': `import OpenAI from 'openai'\nexport async function POST(request) {\n${session}\nconst openai = new OpenAI({ apiKey: profile.openai_api_key })\nreturn openai.chat.completions.create({ model: 'x' })\n}\n`,
      }),
    ).toEqual(['guarded'])
  })
})

describe('whose key it is, and who is asked', () => {
  const seen = async (files: Record<string, string>): Promise<string[]> => {
    const repo = makeRepo({
      'package.json': JSON.stringify({ dependencies: { openai: '5', ai: '5', next: '15' } }),
      ...files,
    })
    made.push(repo)
    repo.commit('first')
    const { findings } = await judgeRepo(guard, repo.root, collectors)
    return findings.map(one => `${one.outcome} ${one.confidence}`)
  }
  const calling = (before: string, client = 'new OpenAI({ apiKey: process.env.OPENAI_API_KEY })') =>
    `import OpenAI from 'openai'\nconst openai = ${client}\nexport async function GET(request) {\n${before}\nreturn Response.json(await openai.chat.completions.create({ model: 'x' }))\n}\n`

  it.each<[string, Record<string, string>, string[]]>([
    ['nobody is asked', { 'app/sum/route.ts': calling('') }, ['no-authentication certain']],
    [
      'that the key is there is no question',
      { 'app/sum/route.ts': calling('if (process.env.OPENAI_API_KEY === undefined) return') },
      ['no-authentication certain'],
    ],
    [
      'the word of a timer',
      { 'app/sum/route.ts': calling("if (request.headers.get('x-job-token') !== process.env.JOB_TOKEN) return") },
      ['no-limit possible'],
    ],
    [
      'a secret in the address',
      { 'app/sum/route.ts': calling("if (new URL(request.url).searchParams.get('secret') !== known) return") },
      ['no-limit possible'],
    ],
    [
      'a key that nobody knows of',
      { 'app/sum/route.ts': calling('', 'new OpenAI({ apiKey: found })') },
      ['no-authentication possible'],
    ],
    [
      'the key of the customer',
      {
        'lib/run.ts':
          "import { generateText } from 'ai'\nexport const run = ({ model }: { model: LanguageModel }) => generateText({ model })\n",
        'lib/block.ts':
          "import { run } from './run'\nexport const block = ({ credentials: { apiKey, baseUrl } }) => run({ model: create({ apiKey, baseUrl }) })\n",
        'app/api/talk/route.ts':
          "import { block } from '../../../lib/block'\nexport async function POST(r) { return block(await r.json()) }\n",
      },
      ['no-authentication possible'],
    ],
  ])('%s', async (_name, files, expected) => {
    expect(await seen(files)).toEqual(expected)
  })
})
