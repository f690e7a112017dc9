// Nothing that a browser is sent holds a secret.
import { blocker, defineCheck, high, medium, pass, unknown } from '../../core/check.ts'
import { httpEvidence, textEvidence } from '../../core/evidence.ts'
import type { Fix } from '../../core/fix.ts'
import { fix, manual } from '../../core/fixes.ts'
import { genericHit, secretHit, unread } from '../../facts/http/bundles.example.ts'
import { bundleSecrets, secretName, secretPlace } from '../../formats/bundle/bundle-secrets.ts'
import { gapOf, readSummary } from '../../formats/bundle/reading.ts'
import { newSecret, theSecret } from '../../formats/secrets/secret-words.ts'

type Data = { host: string; name: string; url: string; rotate: string }

const replace = ({ name, url, rotate }: Data): Fix =>
  fix(
    `Replace ${theSecret(name)}, then keep the new one on the server`,
    [
      manual(
        `Revoke ${theSecret(name)} that ${url} holds${rotate ? ` (${rotate})` : ''}, and take it out of the build.`,
      ),
    ],
    [
      `Make a ${newSecret(name)}${rotate ? ` at ${rotate}` : ''}, put it on the server, and revoke the old one: whoever has loaded the page has it.`,
      'Move the call that needs it into a route of your server, and let the page call that route.',
      'Take the prefix that makes the variable public (NEXT_PUBLIC_, VITE_, REACT_APP_, PUBLIC_) off its name, and build again.',
      `Look for use by strangers in the provider’s log since ${url} was first served.`,
    ],
    60,
  )

const decide = ({ name, url }: Data): Fix =>
  fix(
    `See whether ${name} is meant for browsers`,
    [manual(`Decide whether ${name} in ${url} may be public; replace it if not.`)],
    [
      `Open ${url} at the place named and see what the value opens.`,
      'Where it is a secret: replace it, and keep the new one on the server. Where it is made to be public: suppress this finding with the reason.',
    ],
    20,
  )

export default defineCheck<Data>()({
  id: 'secret-in-bundle',
  stage: 'audit',
  on: 'host',
  title: 'Nothing that a browser is sent holds a secret',
  why: 'Pages, scripts with their lazy chunks, stylesheets, inline JSON and source maps are read by anybody. A key in them is a key in public: bots find it within hours. Keys made for browsers (publishable and anonymous keys, Firebase, Sentry, PostHog) are told apart and listed as seen.',
  impact: {
    journey: 'data',
    owner: 'Anyone who opens your page can take this key and act as you: read data, send mail, spend money.',
  },
  needs: ['bundles'],
  signals: ['data-exposed'],
  outcomes: {
    'live-secret': blocker('Anyone can read your {name}', replace),
    'private-key': blocker('Anyone can read a private key of yours', replace),
    'service-role-key': blocker('Anyone can read and change every row of your database', replace, {
      why: 'The key in this page passes all access rules: every customer’s data can be read, changed and deleted with it.',
    }),
    'test-secret': high('Anyone can read your {name}', replace, {
      why: 'A test key opens no money, but it shows that the build puts secrets into pages: the live one is next.',
    }),
    suspicious: medium('This looks like a secret in a page: {name}', decide, {
      why: 'If it is one, everybody who opens the page can use it.',
    }),
    clean: pass('No secret in what browsers are sent'),
  },
  references: [
    'https://owasp.org/www-project-web-security-testing-guide/latest/4-Web_Application_Security_Testing/01-Information_Gathering/05-Review_Webpage_Content_for_Information_Leakage',
    'https://supabase.com/docs/guides/api/api-keys',
  ],
  judge: ({ bundles }, { subject: { name: host } }) => {
    const faults = bundleSecrets(bundles.hits)
      .slice(0, 30)
      .map(({ key, kind, places }) => ({
        outcome: kind,
        data: { host, name: secretName(places[0]).slice(0, 36), url: places[0].url, rotate: places[0].rotate ?? '' },
        evidence: places
          .slice(0, 5)
          .map(hit => httpEvidence(hit.url, `${secretName(hit)} ${hit.masked}`, { label: secretPlace(hit) })),
        key,
      }))
    const gap = gapOf(bundles)
    if (gap) return [...faults, unknown(gap, 'blocker')]
    if (faults.length) return faults
    const named = (isWanted: (shape: string) => boolean): string =>
      [...new Set(bundles.hits.filter(hit => isWanted(hit.class)).map(secretName))].sort().slice(0, 20).join(', ')
    const open = named(shape => shape === 'public')
    const other = named(shape => shape !== 'public')
    return {
      outcome: 'clean',
      data: { host, name: '', url: '', rotate: '' },
      evidence: [
        textEvidence('read', readSummary(bundles)),
        ...(open ? [textEvidence('public by design', open)] : []),
        ...(other ? [textEvidence('keys that no rule knows, taken for public', other)] : []),
      ],
    }
  },
  examples: [
    {
      name: 'only keys that are made to be public',
      facts: {
        bundles: { hits: [secretHit({ class: 'public', provider: 'Sentry', what: 'DSN', rule: 'sentry-dsn' })] },
      },
      expect: 'clean',
    },
    { name: 'a live key', facts: { bundles: { hits: [secretHit()] } }, expect: 'live-secret' },
    {
      name: 'the key that passes all rules of the database',
      facts: { bundles: { hits: [secretHit({ kind: 'service-role', provider: 'Supabase' })] } },
      expect: 'service-role-key',
    },
    {
      name: 'only its name says so',
      facts: { bundles: { hits: [genericHit({ variable: 'sessionSecret' })] } },
      expect: 'suspicious',
    },
    { name: 'a script that gave no answer', facts: { bundles: unread }, expect: 'unknown' },
  ],
})
