// Secrets that are written out in the config are refused, with the place and what to write; their value is shown nowhere.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { literalSecrets } from '../../src/config/literal-secrets.ts'
import { loadConfig } from '../../src/config/load.ts'

describe('a secret in the config itself', () => {
  it.each([
    [{ cloudflare: { token: 'v1.0-abcdef' } }, ['cloudflare.token']],
    [{ monitor: { token: 'hunter2hunter2', beatSecret: 'abcdefghi' } }, ['monitor.token', 'monitor.beatSecret']],
    [
      { monitor: { alerts: [{ name: 'team', slack: 'https://hooks.slack.com/services/T/B/x' }] } },
      ['monitor.alerts[0].slack'],
    ],
    [
      { routes: [{ url: 'https://a.example/', headers: { authorization: 'Bearer abc' } }] },
      ['routes[0].headers.authorization'],
    ],
    [
      { email: { inboxes: { canary: { imap: 'imaps://imap.a.example', password: 'abc' } } } },
      ['email.inboxes.canary.password'],
    ],
    [{ cloudflare: { token: '${CLOUDFLARE_API_TOKEN}' } }, []],
    [
      {
        routes: [
          { url: 'https://a.example/', headers: { authorization: 'Bearer ${SMOKE_TOKEN}', accept: 'text/html' } },
        ],
      },
      [],
    ],
    [{ email: { inboxes: { canary: { imap: 'imap://127.0.0.1:1143', password: 'abc' } } } }, []],
    [{ cloudflare: { token: 'lab', api: 'http://api.cloudflare.example/client/v4' } }, []],
  ])('%j', (config, at) => expect(literalSecrets(config).map(({ text }) => text.split(': ')[0])).toEqual(at))

  it('is refused with its line, and never shown', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'launch-ready-literal-'))
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    const path = join(folder, 'launch-ready.config.yaml')
    writeFileSync(path, 'domain: a.example\ncloudflare:\n  token: v1.0-abcdef0123456789\n')
    const refused = await loadConfig(path, {}).catch((error: Error) => error.message)
    expect(refused).toMatch(
      /config\.yaml:3: cloudflare\.token: a secret is written out here.*"\$\{CLOUDFLARE_API_TOKEN\}"/,
    )
    expect(refused).not.toContain('abcdef0123456789')
  })
})
