// What is named for pretence: its makers know that it opens nothing.
import { describe, expect, it } from 'vitest'
import { scanText } from '../../../src/formats/secrets/scan.ts'
import { makeUp } from '../../support/made-up-secrets.ts'

const surest = (text: string, path: string) =>
  scanText(text, { path, where: 'repo' })
    .filter(hit => hit.class === 'live')
    .map(({ confidence }) => confidence)
const pem = `-----BEGIN ${'RSA PRIVATE'} KEY-----\n${makeUp('{B1600}', 34)}\n-----END ${'RSA PRIVATE'} KEY-----\n`
const stripe = makeUp('sk_~live_{A24}')
const firecrawl = makeUp('fc-{h32}', 3)

describe('only possible', () => {
  it.each([
    ['a key file that says so', 'config/gpg/unsecure_private.key', pem],
    [
      'a key in a class of stubs',
      'debug/helpers.py',
      `class JWT_STUB_VALUES:\n    # made for it\n    KEY = """${pem}"""\n`,
    ],
    [
      'a key in an object of dummies',
      'src/build.ts',
      `  const dummyCredentials = {\n    kind: 'x',\n    key: \`${pem}\`,\n  }\n`,
    ],
    [
      'a key that a comment asks to replace',
      'src/App.js',
      `const FIRECRAWL_API_KEY = '${firecrawl}'; // Replace with your actual API key\n`,
    ],
  ])('%s', (_what, path, text) => expect(surest(text, path)).toEqual(['possible']))
})

describe('loud all the same', () => {
  it.each([
    ['a key file', 'config/gpg/server.key', pem],
    ['a key below code that mocks something else', 'src/pay.ts', `call(mockups)\nconst key = \`${pem}\`\n`],
    ['a key with another comment', 'src/App.js', `const FIRECRAWL_API_KEY = '${firecrawl}'; // of our account\n`],
    ['what proves itself', 'src/App.js', `const stubKey = '${stripe}'\n`],
  ])('%s', (_what, path, text) => expect(surest(text, path)).toEqual(['certain']))
})
