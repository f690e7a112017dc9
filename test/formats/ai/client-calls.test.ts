// Calls of a model by what a file takes from a package for models.
import { describe, expect, it } from 'vitest'
import { clientCall } from '../../../src/formats/ai/client-calls.ts'

const packages = [
  'openai',
  '@aws-sdk/client-bedrock-runtime',
  'litellm',
  'google-genai',
  'github.com/openai/openai-go',
  'ai',
]
const call = (text: string) => clientCall(text, names => names.some(name => packages.includes(name)))

describe('a call of a model', () => {
  it.each([
    ['a client of a class', "import OpenAI from 'openai'\nconst a = new OpenAI()\nawait a.responses.create({})", 3],
    [
      'a client that is required',
      "const { OpenAI } = require('openai')\nconst a = new OpenAI()\na.chat.completions.create({})",
      3,
    ],
    [
      'a client that a command is sent with',
      "import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime'\nconst b = new BedrockRuntimeClient({})\nawait b.send(new ConverseCommand({}))",
      3,
    ],
    [
      'a field of a class',
      "import OpenAI from 'openai'\nclass A {\n  b = 1\n  c() { this.ai = new OpenAI(); return this.ai.responses.parse({}) }\n}",
      4,
    ],
    ['a function of Python', 'from litellm import acompletion\n\nasync def f():\n    await acompletion(model="x")', 4],
    ['a module of Python', 'import litellm\nlitellm.completion(model="x")', 2],
    [
      'a package of parts',
      'from google import genai\nclient = genai.Client()\nclient.models.generate_content(model="x")',
      null,
    ],
    [
      'a module of parts',
      'from google.genai import Client\nclient = Client()\nclient.models.generate_content(model="x")',
      3,
    ],
    [
      'a client of Go',
      'import "github.com/openai/openai-go"\n\nvar ai = openai.NewClient()\n\nfunc f() {\n\tai.Chat.Completions.New(ctx, p)\n}',
      6,
    ],
    ['another library', "import { streamText } from 'hono/streaming'\nstreamText(c, f)", null],
    [
      'what is created and answers nothing',
      "import OpenAI from 'openai'\nconst a = new OpenAI()\na.files.create({})",
      null,
    ],
    ['an id', "import { generateId } from 'ai'\ngenerateId()", null],
    ['a type', "import type OpenAI from 'openai'\nconst run = (OpenAI: Fn) => OpenAI.chat()", null],
  ])('%s', (_what, text, line) => {
    const found = call(text)
    expect(found && text.slice(0, found.index).split('\n').length).toBe(line)
  })

  it('of a picture has no length', () => {
    const made = (path: string) => call(`import OpenAI from 'openai'\nconst a = new OpenAI()\na.${path}({})`)?.isText
    expect([made('images.generate'), made('responses.create')]).toEqual([false, true])
  })
})
