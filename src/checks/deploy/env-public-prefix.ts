// No secret bears a prefix that a framework takes as leave to put it into the browser's bundle.
import { blocker, defineCheck, pass, skip } from '../../core/check.ts'
import { fileEvidence, textEvidence } from '../../core/evidence.ts'
import { publicPrefixes, publicPrefixOf } from '../../data/public-prefixes.ts'
import type { EnvironmentEntry } from '../../facts/repo/env-entry.ts'
import type { EnvironmentFiles } from '../../facts/repo/env-files.ts'
import { browserVariable } from '../../facts/repo/env-usage.example.ts'
import type { EnvironmentUsageFact } from '../../facts/repo/env-usage.ts'
import { soundsSecret, surenessOfName } from '../../formats/repo/public-names.ts'
import { hasTool, isInlined, runsOnServer } from '../../formats/repo/public-tools.ts'
import { pathKind } from '../../formats/secrets/path-kind.ts'
import { type Exposed, keepFromBrowser } from './env-fixes.ts'

/** A place that names a variable; `entry` where it gives a value that is known, `isSet` where it gives one that may not be. */
type Mention = { name: string; path: string; line: number; entry: EnvironmentEntry | null; isSet?: true }

/** Every place that gives a variable its value, reads it or sets it elsewhere; files of tests are left out. */
const mentionsOf = ({ files }: EnvironmentFiles, { settings, variables }: EnvironmentUsageFact): Mention[] => [
  ...files
    .filter(({ path }) => pathKind(path) !== 'test')
    .flatMap(({ path, entries }) => entries.map(entry => ({ name: entry.name, path, line: entry.line, entry }))),
  ...settings.flatMap(({ entry, file: path, line }) => (entry ? [{ name: entry.name, path, line, entry }] : [])),
  ...variables.flatMap(({ name, reads }) =>
    reads.filter(({ test }) => !test).map(({ path, line }) => ({ name, path, line, entry: null })),
  ),
  ...settings.map(({ name, file: path, line }) => ({ name, path, line, entry: null, isSet: true as const })),
]

/** The finding of one name, or none: by the value where a file holds it, else by the name. */
const exposureOf = (name: string, mentions: readonly Mention[], { variables, inliners }: EnvironmentUsageFact) => {
  const prefix = publicPrefixOf(name)!
  const plain = name.slice(prefix.length)
  const reads = variables.find(one => one.name === name)?.reads.filter(({ test }) => !test) ?? []
  const inlined = reads.filter(({ path }) => isInlined(prefix, path, inliners))
  // What only a server reads goes to nobody, and without the tool the prefix is a word like any other.
  if (reads.length ? inlined.length === 0 : !hasTool(prefix, inliners)) return []
  const own = mentions.filter(mention => mention.name === name)
  const secret = own.find(({ entry }) => entry?.class === 'secret' || entry?.class === 'test-secret')
  // What the value shows outweighs the name: a Supabase anonymous key named SECRET is still none.
  const seen = own.some(({ entry }) => entry?.class === 'public' || (entry?.class === 'plain' && !entry.empty))
  if (!secret && (seen || !soundsSecret(plain))) return []
  const { masked, provider, what } = secret?.entry ?? { masked: '', provider: null, what: null }
  const places = new Map(own.map(({ path, line }) => [`${path}:${line}`, { path, line }]))
  if (secret) places.delete(`${secret.path}:${secret.line}`)
  const value = `${name} = ${masked}${provider ? `, ${provider} ${what}` : ''}`
  const evidence = [
    ...(secret ? [fileEvidence(secret.path, secret.line, value)] : []),
    ...[...places.values()].slice(0, 6).map(({ path, line }) => fileEvidence(path, line, name)),
  ]
  // What no code reads goes into no bundle that is seen here.
  const named = reads.length ? surenessOfName(plain) : 'possible'
  // A name that only sounds secret may be one of laptops where nothing here gives it a value.
  const isGiven = own.some(({ entry, isSet }) => isSet || entry !== null)
  const isOpen = !isGiven || inlined.some(({ shown }) => shown)
  const byName = named === 'likely' && isOpen ? ('possible' as const) : named
  // What only looks random, under a name that says no more than "key", may be one of those that are made for browsers.
  const byValue = secret?.entry?.proof || soundsSecret(plain) ? ('certain' as const) : ('possible' as const)
  const onServer = inlined.length > 0 && inlined.every(({ path, serverAlone }) => serverAlone || runsOnServer(path))
  const confidence = onServer ? ('possible' as const) : secret ? byValue : byName
  return [
    { outcome: 'secret-exposed' as const, key: name, confidence, data: { name, plain, prefix, by: '' }, evidence },
  ]
}

/** Settings by which a value is written wherever code reads it: what only a server reads stays there. */
const byRead = /^(?:env of next\.config|define|DefinePlugin|EnvironmentPlugin)$/

/** The finding of a variable that a setting hands to the browser. */
const handedFinding = (
  { name, path, line, by }: EnvironmentUsageFact['handed'][number],
  { variables }: EnvironmentUsageFact,
) => ({
  outcome: 'secret-exposed' as const,
  key: name,
  confidence:
    byRead.test(by) &&
    !variables.some(one => one.name === name && one.reads.some(({ side, test }) => side === 'browser' && !test))
      ? ('possible' as const)
      : surenessOfName(name),
  data: { name, plain: name, prefix: '', by },
  evidence: [fileEvidence(path, line, `${name} in ${by}`)],
})

const firstPrefixes = publicPrefixes.map(({ prefix }) => prefix).slice(0, 6)

export default defineCheck<Exposed>()({
  id: 'env-public-prefix',
  stage: 'deploy',
  on: 'repo',
  title: 'No secret is named as public',
  why: `Variables that begin with ${firstPrefixes.join(', ')} and their like are written into the JavaScript that every visitor loads. Judged by the value where a file here holds it, else by the name: one that says secret, or a provider whose keys are for servers alone. Keys made to be seen are told apart.`,
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
    'secret-exposed': blocker('{name} goes to every visitor', keepFromBrowser),
    none: pass('No secret is named as public'),
  },
  references: [...new Set(publicPrefixes.map(({ source }) => source))].slice(0, 5),
  judge({ envFiles, envUsage }) {
    const mentions = mentionsOf(envFiles, envUsage)
    const names = [...new Set(mentions.map(({ name }) => name))].filter(name => publicPrefixOf(name) !== null).sort()
    const handed = envUsage.handed.filter(({ name }) => publicPrefixOf(name) === null && soundsSecret(name))
    if (names.length === 0 && handed.length === 0) return skip('no variable has a prefix that makes it public')
    const byPrefix = names.flatMap(name => exposureOf(name, mentions, envUsage))
    // One key under two names is one leak.
    const told = new Set(byPrefix.map(({ data }) => data.plain))
    const found = [
      ...byPrefix,
      ...handed.filter(({ name }) => !told.has(name)).map(one => handedFinding(one, envUsage)),
    ]
    if (found.length) return found
    const evidence = [textEvidence('public by their names', names.slice(0, 20).join(', '))]
    return { outcome: 'none', data: { name: '', plain: '', prefix: '', by: '' }, evidence }
  },
  examples: [
    { name: 'an address', facts: {}, expect: 'none' },
    {
      name: 'a key of a language model in the bundle',
      facts: { envUsage: { variables: [browserVariable('NEXT_PUBLIC_OPENAI_API_KEY', 'src/chat.tsx')] } },
      expect: 'secret-exposed',
    },
  ],
})
