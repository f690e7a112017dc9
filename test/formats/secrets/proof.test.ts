// What has to be shown before an exposed secret is told loudly.
import { describe, expect, it } from 'vitest'
import {
  isAside,
  isOfLongAgo,
  mayBeDisused,
  namesOf,
  servesThisMachine,
  surenessInTree,
  tellsUse,
} from '../../../src/formats/secrets/proof.ts'

describe('a private key', () => {
  it.each([
    ['android/upload.jks', 'likely'],
    ['android/upload.jks.old', 'possible'],
    ['certs/server.key.bak', 'possible'],
  ])('in %s: %s', (path, expected) =>
    expect(surenessInTree({ kind: 'private-key', confidence: 'certain', places: [{ path }] })).toBe(expected),
  )
})

describe('a file that nothing which ships reads', () => {
  it.each([
    ['docs/setup.md', true],
    ['examples/app/config.ts', true],
    ['config/staging.json', true],
    ['deploy/preview/values.yaml', true],
    ['src/preview/mailer.ts', false],
    ['config/production.json', false],
    ['src/mailer.ts', false],
    ['config/default.json', false],
    ['deploy/template.yaml', false],
    ['config/mail.sample.yml', true],
    ['docs/production/values.yaml', false],
  ])('%s: %s', (path, expected) => expect(isAside({ rule: 'slack-webhook', places: [{ path }] })).toBe(expected))

  it('hides nothing that proves itself, or that stands elsewhere too', () => {
    expect(isAside({ rule: 'stripe-secret-live', places: [{ path: 'docs/a.md' }] })).toBe(false)
    expect(isAside({ rule: 'slack-webhook', places: [{ path: 'docs/a.md' }, { path: 'src/a.ts' }] })).toBe(false)
  })
})

describe('an environment file of a laptop', () => {
  it.each([
    ['its own site', 'APP_URL=http://localhost:8000\nKEY=1\n', true],
    [
      'where a sign-in comes back',
      'GOOGLE_CALLBACK_URL= https://192.168.1.5/callback\nX_CALLBACK=https://yourhost.com\n',
      true,
    ],
    ['one address of the world', 'APP_URL=http://localhost\nPUBLIC_URL=https://shop.net\n', false],
    ['no address', 'KEY=1\n', false],
  ])('%s: %s', (_what, text, expected) => expect(servesThisMachine(text)).toBe(expected))
})

describe('what names a secret today', () => {
  const of = (provider: string, variable: string) =>
    namesOf({ provider, kind: 'token', places: [{ path: 'a.ts', variable }] })?.source
  it.each([
    ['Tavily', 'apiKey', 'tavily'],
    ['your application', 'apiKey', undefined],
    ['your application', 'SHOP_API_KEY', 'shop[-_]?api[-_]?key'],
  ])('of %s, given to %s: %s', (provider, variable, expected) => expect(of(provider, variable)).toBe(expected))
})

describe('a secret of the past', () => {
  it('left the code for longer than a product goes without replacing it', () => {
    const newest = '2026-11-01T00:00:00Z'
    expect([isOfLongAgo('2023-01-01T00:00:00Z', newest), isOfLongAgo('2025-01-01T00:00:00Z', newest)]).toEqual([
      true,
      false,
    ])
    expect([mayBeDisused('2025-01-01T00:00:00Z', newest), mayBeDisused('2026-06-01T00:00:00Z', newest)]).toEqual([
      true,
      false,
    ])
    expect(isOfLongAgo('2012-01-01T00:00:00Z', null)).toBe(false)
  })

  it.each([
    ['its provider', 'Slack', 'token', null, "import { WebClient } from '@slack/web-api'"],
    ['a database', 'PostgreSQL', 'token', null, "import pg from 'pg'"],
    ['its variable, however it is spelled', 'your application', 'password', 'SESSION_SECRET', 'config.sessionSecret'],
    ['the file of a key', 'your application', 'private-key', null, "read('keys/id.pem')"],
  ])('is named by %s', (_what, provider, kind, variable, code) => {
    const names = namesOf({ provider, kind, places: [{ path: 'keys/id.pem', variable }] })!
    expect(names.test(code)).toBe(true)
    expect(names.test('const total = 1')).toBe(false)
  })

  it('is not looked for in manuals, locks and migrations', () => {
    expect(['README.md', 'pnpm-lock.yaml', 'db/migrate/1_a.rb', 'src/a.ts'].map(tellsUse)).toEqual([
      false,
      false,
      false,
      true,
    ])
  })
})
