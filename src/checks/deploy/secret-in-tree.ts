// Secrets in the files of the repository. Environment files that are in git are the business of env-file-committed.
import { defineCheck } from '../../core/check.ts'
import type { FoundSecret } from '../../facts/repo/secrets-group.ts'
import { environmentOf, isEnvironmentFile } from '../../formats/repo/dotenv.ts'

type Data = { what: string; file: string; line: number; variable: string; read: string; rotate: string; count: number }

/** How the language of a file reads a variable. */
const reading = (path: string, name: string): string => {
  const extension = path.slice(path.lastIndexOf('.') + 1).toLowerCase()
  const idioms: Record<string, string> = {
    py: `os.environ["${name}"]`,
    ipynb: `os.environ["${name}"]`,
    rb: `ENV.fetch("${name}")`,
    php: `getenv('${name}')`,
    go: `os.Getenv("${name}")`,
    ex: `System.fetch_env!("${name}")`,
    exs: `System.fetch_env!("${name}")`,
    rs: `std::env::var("${name}")`,
    yml: `\${${name}}`,
    yaml: `\${${name}}`,
    env: `${name}=`,
  }
  if (idioms[extension]) return idioms[extension]
  if (/^(?:[cm]?[jt]sx?|vue|svelte|astro)$/.test(extension)) return `process.env.${name}`
  // Not a program: what runs or composes it gives the value.
  if (/^(?:toml|sh|bash|conf|ini|properties|tf|tfvars|json|xml)$/.test(extension)) return `\${${name}}`
  return /(?:Docker|Container)file/i.test(path)
    ? `nothing (the platform sets ${name} at run time)`
    : `a read of the variable ${name}`
}

const inDotenv = (path: string): boolean => {
  const name = path.slice(path.lastIndexOf('/') + 1)
  return isEnvironmentFile(name) && environmentOf(path) !== 'example'
}

const nameOf = (secret: FoundSecret): string =>
  (secret.places[0]?.variable ?? `${secret.provider} ${secret.what}`)
    .replace(/^.*[.$](?=\w)/, '')
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/\W+/g, '_')
    .toUpperCase()

const outcomeOf = (secret: FoundSecret) =>
  secret.class === 'test'
    ? ('test' as const)
    : secret.kind === 'private-key'
      ? ('private-key' as const)
      : secret.kind === 'password'
        ? ('password' as const)
        : ('live' as const)

const moved = (data: Data, urgent: boolean) => ({
  summary: `Replace the ${data.what}, and read the new one from the environment`,
  steps: [
    `Make a new ${data.what}${data.rotate ? `: ${data.rotate}` : ' where it was made'}.`,
    `Set it as ${data.variable} where the product runs, and in your own .env.`,
    `In ${data.file}, line ${data.line}, put ${data.read} in its place${data.count > 1 ? `; it stands in ${data.count} places` : ''}. Deploy.`,
    urgent ? 'Revoke the old one: whoever has a copy of the repository has it too.' : 'Revoke the old one.',
    'Record the rotation: launch-ready deploy secrets --record.',
  ],
  changes: [
    {
      kind: 'manual' as const,
      step: `Rotate the ${data.what}${data.rotate ? ` at ${data.rotate}` : ''}, deploy with the new one, revoke the old one`,
    },
    { kind: 'manual' as const, step: `${data.file}:${data.line}: read ${data.read} instead of the value` },
  ],
  effortMinutes: 30,
})

const whatOf = ({ provider, what }: FoundSecret): string => (/^your /.test(provider) ? what : `${provider} ${what}`)

const clean: Data = { what: '', file: '', line: 0, variable: '', read: '', rotate: '', count: 0 }

export default defineCheck<Data>()({
  id: 'secret-in-tree',
  stage: 'deploy',
  on: 'repo',
  title: 'No secret stands in the code',
  why: 'Rules of our own know the shapes of some 200 providers, private keys, connections with their passwords, and names that say secret. Placeholders, manuals, tests and fixtures, encrypted values and keys that are made to be seen are told apart and are no findings.',
  impact: {
    journey: 'data',
    owner: 'Whoever gets a copy of the code can act as your company, and nobody can tell that it was not you.',
  },
  needs: ['secretsTree'],
  actions: ['deploy secrets'],
  signals: ['data-exposed'],
  checklist: { section: 'configuration', order: 6, line: 'No secret stands in the code' },
  outcomes: {
    live: { status: 'fail', severity: 'blocker', title: '{what} stands in {file}', fix: data => moved(data, true) },
    'private-key': {
      status: 'fail',
      severity: 'blocker',
      title: 'A private key stands in {file}',
      fix: data => moved(data, true),
    },
    password: { status: 'fail', severity: 'high', title: 'A {what} stands in {file}', fix: data => moved(data, true) },
    test: {
      status: 'fail',
      severity: 'medium',
      title: '{what} stands in {file}',
      why: 'It opens a test account alone, but it is one copy away from the live one, and it lies with everybody who has the code.',
      fix: data => moved(data, false),
    },
    clean: { status: 'pass', title: 'No secret in {count} files' },
  },
  references: [
    'https://owasp.org/www-community/vulnerabilities/Use_of_hard-coded_password',
    'https://12factor.net/config',
  ],
  judge({ secretsTree }) {
    const found = secretsTree.secrets.flatMap(secret => {
      const places = secret.places.filter(place => !inDotenv(place.path))
      const [place] = places
      if (!place) return []
      const variable = nameOf(secret)
      const what = whatOf(secret)
      const read = reading(place.path, variable)
      const evidence = [
        { label: `${place.path}:${place.line}`, value: `${what}, ${secret.masked}` },
        ...places.slice(1, 6).map(other => ({ label: `${other.path}:${other.line}`, value: 'the same' })),
      ]
      const data = {
        what,
        file: place.path,
        line: place.line,
        variable,
        read,
        rotate: secret.rotate ?? '',
        count: secret.count,
      }
      return [{ outcome: outcomeOf(secret), key: secret.hash, data, evidence }]
    })
    if (found.length) return found
    const { files, publicKeys, skipped } = secretsTree
    const left = `${files} files; ${skipped.binary} binary and ${skipped.large.length} very large ones left out`
    const seen = publicKeys.slice(0, 10).map(key => ({
      label: `${key.places[0]!.path}:${key.places[0]!.line}`,
      value: `${key.provider} ${key.what}, made to be seen`,
    }))
    return { outcome: 'clean', data: { ...clean, count: files }, evidence: [{ label: 'read', value: left }, ...seen] }
  },
  examples: [
    {
      name: 'a Stripe key in the code',
      facts: {
        secretsTree: {
          secrets: [
            {
              rule: 'stripe-secret-live',
              provider: 'Stripe',
              what: 'live secret key',
              class: 'live',
              kind: 'token',
              confidence: 'certain',
              masked: 'sk_l…9f (32 characters, sha256 1a2b3c4d)',
              hash: '1a2b3c4d',
              rotate: 'https://dashboard.stripe.com/apikeys',
              places: [{ path: 'src/billing.ts', line: 4, variable: 'stripeSecretKey' }],
              count: 1,
            },
          ],
          publicKeys: [],
          placeholders: 0,
          documentation: 0,
          encrypted: 0,
          files: 12,
          bytes: 40_000,
          skipped: { binary: 0, large: [], unreadable: [] },
        },
      },
      expect: 'live',
    },
    {
      name: 'nothing but a publishable key',
      facts: {
        secretsTree: {
          secrets: [],
          publicKeys: [],
          placeholders: 3,
          documentation: 1,
          encrypted: 0,
          files: 12,
          bytes: 40_000,
          skipped: { binary: 2, large: [], unreadable: [] },
        },
      },
      expect: 'clean',
    },
  ],
})
