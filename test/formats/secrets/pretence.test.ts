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
const jwt = `${Buffer.from('{"alg":"HS256"}').toString('base64url')}.${Buffer.from('{"user":"master","admin":true}').toString('base64url')}.${makeUp('{A43}', 5)}`
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
    ['a token named for tests', 'crypto/keys.go', `var (\n\tTestMasterToken = "${jwt}"\n)\n`],
    [
      'a token below words of tests',
      'crypto/assets.go',
      `// This file contains test assets\n\nvar masterToken = "${jwt}"\n`,
    ],
    [
      'a key in settings that are commented out, beside a name for manuals',
      'config/app.yaml',
      `services:\n    #services:\n    #  "HOST":\n    #    url: "https://example.com/files"\n    #    key: "${pem.replaceAll('\n', '\\n')}"\n`,
    ],
  ])('%s', (_what, path, text) => expect(surest(text, path)).toEqual(['possible']))
})

describe('loud all the same', () => {
  it.each([
    ['a key file', 'config/gpg/server.key', pem],
    ['a key below code that mocks something else', 'src/pay.ts', `call(mockups)\nconst key = \`${pem}\`\n`],
    [
      'a key that is commented out beside a name of somebody',
      'config/app.yaml',
      `#    url: "https://files.shop.net/"\n#    key: "${pem.replaceAll('\n', '\\n')}"\n`,
    ],
    [
      'a key in use behind settings that are commented out',
      'config/app.yaml',
      `#    url: "https://example.com/"\nkey: "${pem.replaceAll('\n', '\\n')}"\n`,
    ],
    [
      'a key whose own first line begins with dashes, below a comment that links a manual',
      'keys/server.key',
      `# Made as https://example.com/keys says\n${pem}`,
    ],
    ['what proves itself, named for tests', 'src/App.js', `const testKey = '${stripe}'\n`],
    ['a key with another comment', 'src/App.js', `const FIRECRAWL_API_KEY = '${firecrawl}'; // of our account\n`],
    ['what proves itself', 'src/App.js', `const stubKey = '${stripe}'\n`],
  ])('%s', (_what, path, text) => expect(surest(text, path)).toEqual(['certain']))
})
