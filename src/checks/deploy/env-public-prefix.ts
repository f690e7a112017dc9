// No secret bears a prefix that a framework takes as leave to put it into the browser's bundle.
import { defineCheck, skip } from '../../core/check.ts'
import { publicPrefixes, publicPrefixOf } from '../../data/public-prefixes.ts'
import type { EnvironmentEntry } from '../../facts/repo/env-entry.ts'
import type { EnvironmentFiles } from '../../facts/repo/env-files.ts'
import type { EnvironmentUsageFact } from '../../facts/repo/env-usage.ts'
import { isSecretName, pathKind } from '../../formats/secrets/scan.ts'

type Data = { name: string; plain: string; prefix: string }

/** Providers whose keys are for servers alone, by the name of a variable without its prefix. */
const serverOnly =
  /(?:^|_)(?:OPENAI|ANTHROPIC|CLAUDE|GEMINI|GROQ|MISTRAL|COHERE|DEEPSEEK|PERPLEXITY|OPENROUTER|REPLICATE|HUGGING_?FACE|HF|ELEVEN_?LABS|DEEPGRAM|ASSEMBLYAI|PINECONE|VOYAGE|TAVILY|SERPAPI|FIRECRAWL|RESEND|SENDGRID|POSTMARK|MAILGUN|BREVO|SMTP|TWILIO|AWS|NOTION|AIRTABLE|GITHUB|SLACK|LEMON_?SQUEEZY|PADDLE|PLAID|CLOUDINARY_API|XAI|TOGETHER|FIREWORKS|LANGSMITH)_(?:\w+_)?(?:API_?)?(?:KEY|TOKEN|SECRET|PASSWORD)$/
const telling =
  /SECRET|PASSWORD|PASSWD|PRIVATE_?KEY|SERVICE_?(?:ROLE|KEY|ACCOUNT)|MASTER_?KEY|ADMIN_?(?:KEY|TOKEN|API)|CREDENTIALS?$|DATABASE_URL|DB_URL|MONGO(?:DB)?_URI|REDIS_URL|WEBHOOK_SECRET|SIGNING_?KEY|ENCRYPTION_?KEY/

type Value = { place: string; entry: EnvironmentEntry }

/** Every value that a file of the repository, or of this machine, gives a variable. */
const valuesOf = (files: EnvironmentFiles, usage: EnvironmentUsageFact): Value[] => [
  ...files.files
    .filter(file => pathKind(file.path) !== 'test')
    .flatMap(file => file.entries.map(entry => ({ place: `${file.path}:${entry.line}`, entry }))),
  ...usage.settings
    .filter(setting => setting.entry !== null)
    .map(setting => ({ place: `${setting.file}:${setting.line}`, entry: setting.entry! })),
]

/** Every place that names a variable. */
const placesOf = (values: readonly Value[], usage: EnvironmentUsageFact): { name: string; place: string }[] => [
  ...values.map(({ place, entry }) => ({ name: entry.name, place })),
  ...usage.variables.flatMap(one =>
    one.reads.filter(read => !read.test).map(read => ({ name: one.name, place: `${read.path}:${read.line}` })),
  ),
  ...usage.settings.map(one => ({ name: one.name, place: `${one.file}:${one.line}` })),
]

/** Whether a name, its prefix taken off, is that of a secret. */
const soundsSecret = (plain: string): boolean =>
  !/(?:^|_)(?:PUBLIC|PUBLISHABLE|ANON|SITE_?KEY|CLIENT_ID)(?:_|$)/.test(plain) &&
  (serverOnly.test(plain) || (telling.test(plain) && (isSecretName(plain) || /URL|URI/.test(plain))))

export default defineCheck<Data>()({
  id: 'env-public-prefix',
  stage: 'deploy',
  on: 'repo',
  title: 'No secret is named as public',
  why: `Variables that begin with ${publicPrefixes
    .map(item => item.prefix)
    .slice(0, 6)
    .join(
      ', ',
    )} and their like are written into the JavaScript that every visitor loads. Judged by the value where a file here holds it, else by the name: one that says secret, or a provider whose keys are for servers alone. Keys made to be seen are told apart.`,
  impact: {
    journey: 'data',
    owner:
      'Every visitor can read the key out of the page and use it at your cost, or read your customers’ data with it.',
  },
  needs: ['envFiles', 'envUsage'],
  actions: ['deploy secrets', 'deploy env'],
  signals: ['data-exposed'],
  checklist: { section: 'configuration', order: 3, line: 'No secret reaches the browser' },
  outcomes: {
    'secret-exposed': {
      status: 'fail',
      severity: 'blocker',
      title: '{name} goes to every visitor',
      fix: ({ name, plain, prefix }) => ({
        summary: `Rename ${name} to ${plain}, use it on the server alone, and replace the key`,
        steps: [
          `Make a new key: the old one has been in every visitor's browser since it was deployed.`,
          `Name it ${plain}, without ${prefix}, in every environment.`,
          'Where the browser called the provider, let it call a route of your own that does so on the server.',
          'Deploy, revoke the old key.',
        ],
        // Renaming alone would break the page, and the old key would still work: nothing here is for a program.
        changes: [{ kind: 'manual', step: `Rename ${name} to ${plain}, use it on the server alone, rotate the key` }],
        effortMinutes: 60,
      }),
    },
    none: { status: 'pass', title: 'No secret is named as public' },
  },
  references: [...new Set(publicPrefixes.map(item => item.source))].slice(0, 5),
  judge({ envFiles, envUsage }) {
    const values = valuesOf(envFiles, envUsage)
    const named = placesOf(values, envUsage)
    const names = [...new Set(named.map(item => item.name))].filter(name => publicPrefixOf(name) !== null).sort()
    if (names.length === 0) return skip('no variable has a prefix that makes it public')
    const found = names.flatMap(name => {
      const prefix = publicPrefixOf(name)!
      const plain = name.slice(prefix.length)
      const own = values.filter(value => value.entry.name === name)
      const secret = own.find(({ entry }) => entry.class === 'secret' || entry.class === 'test-secret')
      // What the value shows outweighs the name: a Supabase anonymous key named SECRET is still none.
      const seen = own.some(({ entry }) => entry.class === 'public' || (entry.class === 'plain' && !entry.empty))
      if (!secret && (seen || !soundsSecret(plain))) return []
      const { masked, provider, what } = secret?.entry ?? { masked: '', provider: null, what: null }
      const places = new Set(
        named.filter(item => item.name === name && item.place !== secret?.place).map(item => item.place),
      )
      const evidence = [
        ...(secret
          ? [{ label: secret.place, value: `${name} = ${masked}${provider ? `, ${provider} ${what}` : ''}` }]
          : []),
        ...[...places].slice(0, 6).map(label => ({ label, value: name })),
      ]
      return [{ outcome: 'secret-exposed' as const, key: name, data: { name, plain, prefix }, evidence }]
    })
    if (found.length) return found
    const evidence = [{ label: 'public by their names', value: names.slice(0, 20).join(', ') }]
    return { outcome: 'none', data: { name: '', plain: '', prefix: '' }, evidence }
  },
  examples: [
    {
      name: 'a key of a language model in the bundle',
      facts: {
        envFiles: { isGit: true, gitignore: null, unprotected: [], unreadable: [], files: [] },
        envUsage: {
          variables: [
            {
              name: 'NEXT_PUBLIC_OPENAI_API_KEY',
              reads: [
                { path: 'src/chat.tsx', line: 9, side: 'browser', hasDefault: false, strict: false, test: false },
              ],
              count: 1,
              browser: true,
              required: true,
              schema: null,
              platform: false,
            },
          ],
          settings: [],
          complete: [],
          schemas: [],
          mentioned: [],
          explained: [],
          dynamic: 0,
          problems: [],
        },
      },
      expect: 'secret-exposed',
    },
    {
      name: 'an address',
      facts: {
        envFiles: { isGit: true, gitignore: null, unprotected: [], unreadable: [], files: [] },
        envUsage: {
          variables: [
            {
              name: 'VITE_API_URL',
              reads: [{ path: 'src/api.ts', line: 1, side: 'browser', hasDefault: false, strict: false, test: false }],
              count: 1,
              browser: true,
              required: true,
              schema: null,
              platform: false,
            },
          ],
          settings: [],
          complete: [],
          schemas: [],
          mentioned: [],
          explained: [],
          dynamic: 0,
          problems: [],
        },
      },
      expect: 'none',
    },
  ],
})
