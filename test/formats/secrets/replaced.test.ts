// What a history says of a secret's replacement, and which secrets of it are told together.
import { describe, expect, it } from 'vitest'
import { spokenFor } from '../../../src/formats/secrets/leaks.ts'
import { mayBeReplaced } from '../../../src/formats/secrets/replaced.ts'

const gone = (given: object = {}) => ({
  ...{
    hash: 'a',
    rule: 'slack-webhook',
    kind: 'token',
    provider: 'Slack',
    what: 'incoming webhook',
    masked: 'hook…aa',
  },
  ...{ confidence: 'certain' as const, places: [{ path: 'src/a.ts', variable: 'HOOK' }], removed: null },
  ...{ last: { date: '2026-10-01T00:00:00Z' }, ...given },
})
const now = Date.parse('2026-11-30T00:00:00Z')
const at = { time: now, newest: '2026-11-01T00:00:00Z' }
/** Another hook under a name of its own, in the newest version. */
const standing = [
  { hash: 'z', kind: 'token', rule: 'slack-webhook', places: [{ path: 'lib/b.ts', variable: 'ALERTS_HOOK' }] },
]
const on = (date: string, subject = '') => ({ subject, date: `${date}T00:00:00Z` })

describe('a secret that is gone', () => {
  it.each<[string, object, boolean]>([
    ['a hook', {}, false],
    ['one that its commit says was rotated', { removed: on('2026-10-02', 'Rotate the webhook secret') }, true],
    [
      'an id of Alibaba Cloud without its secret',
      { rule: 'alibaba', provider: 'Alibaba Cloud', what: 'access key', masked: 'LTAI…bn' },
      true,
    ],
    [
      'a token of Instagram after sixty days',
      { provider: 'Meta', what: 'access token', masked: 'IGAA…pR', last: { date: '2026-08-01T00:00:00Z' } },
      true,
    ],
    [
      'one of today',
      { provider: 'Meta', what: 'access token', masked: 'IGAA…pR', last: { date: '2026-11-01T00:00:00Z' } },
      false,
    ],
    ['one that its commit says further down', { removed: { ...on('2026-10-02', 'Squash'), replaced: true } }, true],
    ['one that its commit says is another now', { removed: on('2026-10-02', 'Update secret key base') }, true],
    [
      'the same behind a word for its kind',
      { removed: on('2026-10-02', 'fix (base): changed the default keys') },
      true,
    ],
    [
      'one that its commit says is another now, in more words',
      { removed: on('2026-10-02', 'auth: Swap hard coded private key with generated ones') },
      true,
    ],
    [
      'a password of a developer',
      { kind: 'password', confidence: 'likely', places: [{ path: '.env.dev', variable: 'DB_PASSWORD' }] },
      true,
    ],
    [
      'a signing key of a developer',
      { kind: 'private-key', rule: 'private-key', places: [{ path: 'api/override.env', variable: 'JWT_PRIVATE_KEY' }] },
      true,
    ],
    [
      'a key of which nothing shows what it opened',
      { kind: 'private-key', rule: 'private-key', places: [{ path: 'api/override.env', variable: 'SSH_KEY' }] },
      true,
    ],
    [
      'a key that a file of production held',
      { kind: 'private-key', rule: 'private-key', places: [{ path: 'prod.env', variable: 'SSH_KEY' }] },
      false,
    ],
    ['one whose place alone is another', { removed: on('2026-10-02', 'Change API key to env variable') }, false],
    ['what its looks alone tell of', { kind: 'generic', confidence: 'likely' }, true],
    [
      'the same in a file of production',
      { kind: 'generic', confidence: 'likely', places: [{ path: 'production.ini', variable: 'A' }] },
      false,
    ],
    ['a token of Google that lives for an hour', { rule: 'google-access-token' }, true],
    ['a token of an application of GitHub', { rule: 'github-token', masked: 'ghs_…aa' }, true],
    ['a token of a person there', { rule: 'github-token', masked: 'ghp_…aa' }, false],
    ['a token that has expired', { rule: 'signed-token', expires: now / 1000 - 60 }, true],
    ['one that left the code long ago', { removed: on('2022-02-01') }, true],
    ['one that nothing names any more', { unnamed: true }, true],
    ['one whose name holds another one elsewhere', { places: [{ path: 'a.ts', variable: 'ALERTS_HOOK' }] }, true],
    ['one that has not', { rule: 'signed-token', expires: now / 1000 + 60 }, false],
  ])('%s: %s', (_name, given, expected) => expect(mayBeReplaced(gone(given), standing, [], at)).toBe(expected))

  it('is told with those of its kind, which are replaced in one place, and with what left one file in one commit', () => {
    const all = [
      gone(),
      gone({ hash: 'b', places: [{ path: 'src/b.ts', variable: null }] }),
      gone({ hash: 'c', rule: 'private-key', kind: 'private-key', places: [{ path: 'c.pem', variable: null }] }),
      gone({ hash: 'd', rule: 'private-key', kind: 'private-key', places: [{ path: 'd.pem', variable: null }] }),
      gone({ hash: 'e', rule: 'sendgrid', removed: { id: '1', ...on('2026-10-02') } }),
      gone({
        hash: 'f',
        rule: 'password',
        kind: 'password',
        confidence: 'likely',
        removed: { id: '1', ...on('2026-10-02') },
      }),
    ]
    const keys = [1, 2].map(at =>
      gone({
        hash: `k${at}`,
        rule: 'private-key',
        kind: 'private-key',
        places: [{ path: `k/${at}`, variable: null }],
        removed: { id: '2', ...on('2026-10-02') },
      }),
    )
    expect([...spokenFor(keys)].map(([hash, others]) => [hash, others.length])).toEqual([['k1', 1]])
    const versions = [1, 2, 3].map(at =>
      gone({
        hash: `v${at}`,
        rule: 'google-service-account',
        kind: 'service-role',
        places: [{ path: 'firebase.json', variable: 'private_key' }],
        removed: { id: `${at}`, ...on('2026-10-02') },
      }),
    )
    expect([...spokenFor(versions)].map(([hash, others]) => [hash, others.length])).toEqual([['v1', 2]])
    const told = [...spokenFor(all)].map(([hash, others]) => [hash, ...others.map(one => one.hash)].join(' '))
    expect(told).toEqual(['a b', 'c', 'd', 'e f'])
  })
})
