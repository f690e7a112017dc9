// `monitor test-alert` through every channel, each against its service as that one answers; a mail is seen when it comes back by IMAP.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Report } from '../../src/core/report.ts'
import { systemClock } from '../../src/net/clock.ts'
import { serve } from '../probes/support.ts'
import { services, startAlertServices } from '../support/alert-services.ts'
import { testRoot } from '../support/certificates.ts'
import { freePort } from '../support/free-port.ts'
import { startFakeImap } from '../support/imap-server.ts'
import { mailSink } from '../support/mail-sink.ts'
import { runProgram } from '../support/run-program.ts'

const names = Object.keys(services)
/** In every secret of the services. */
const secretWords = /of[- _]the[- _]test/
type Told = { channel: string; acceptedAt: number | null; answer: string | null; seenBy: string | null }

/** A folder with a config of these alerts and the roots of the services. */
const project = (alerts: readonly Record<string, unknown>[], more: Record<string, object> = {}) => {
  const cwd = mkdtempSync(join(tmpdir(), 'alert-channels-'))
  onTestFinished(() => rmSync(cwd, { recursive: true, force: true }))
  writeFileSync(join(cwd, 'roots.pem'), testRoot)
  const env: Record<string, string> = {}
  // Secrets come from the environment; the topic of ntfy is an address, and stands in the file.
  const entries = alerts.map((alert, at) =>
    Object.fromEntries(
      Object.entries(alert).map(([key, value]) => {
        if (key === 'ntfy' || typeof value !== 'string' || !secretWords.test(value)) return [key, value]
        env[`ALERT_${key.toUpperCase()}_${at}`] = value
        return [key, `\${ALERT_${key.toUpperCase()}_${at}}`]
      }),
    ),
  )
  const config = { domain: 'coachdash.example', ...more, monitor: { alerts: entries, ...more['monitor'] } }
  writeFileSync(join(cwd, 'launch-ready.config.yaml'), JSON.stringify(config))
  const testAlert = async (args: readonly string[], clock = systemClock) => {
    const ran = await runProgram(['monitor', 'test-alert', ...args, '--json'], { cwd, env, clock })
    return { ...ran, told: ran.out.startsWith('[') ? (JSON.parse(ran.out) as Told[]) : [] }
  }
  return { cwd, env, roots: join(cwd, 'roots.pem'), testAlert }
}

describe('monitor test-alert', () => {
  it('reaches every service, and keeps its answer', async () => {
    const { cwd, roots, testAlert } = project(names.map(name => services[name]!.config))
    const { args, received } = await startAlertServices(roots)
    const { exit, told, err, out } = await testAlert(args)
    expect([exit, err]).toEqual([0, 'config: launch-ready.config.yaml\n'])
    expect(told.map(({ channel, acceptedAt }) => [channel, acceptedAt !== null])).toEqual(
      names.map(name => [name, true]),
    )
    expect(received.map(({ host }) => host).sort()).toEqual(names.map(name => services[name]!.host).sort())
    const evidence = readFileSync(join(cwd, 'launch-ready/evidence/alert-delivery.json'), 'utf8')
    expect(out + evidence).not.toMatch(secretWords)
  })

  it('says what each answered that does not take it, and names no secret', async () => {
    const config = services['ntfy']!.config
    const { roots, testAlert } = project([config])
    const { args } = await startAlertServices(roots, () => ({
      status: 404,
      body: '{"code":40401,"http":404,"error":"page not found: /topic-x-of-the-test"}',
    }))
    const { exit, told, out, err } = await testAlert(args)
    expect(exit).toBe(1)
    expect(told).toMatchObject([{ channel: 'ntfy', acceptedAt: null, answer: expect.stringMatching(/^404 .*40401/) }])
    expect(out + err).not.toContain('topic-x-of-the-test')
  })

  it('is seen when its word comes back by IMAP; in the spam folder nobody sees it', async () => {
    for (const [folder, seenBy] of [
      ['INBOX', 'inbox'],
      ['Junk', null],
    ] as const) {
      const imap = await startFakeImap()
      onTestFinished(() => imap.stop())
      const port = await mailSink(raw => imap.deliver(folder, raw))
      const { testAlert } = project(
        [
          {
            ...{ email: 'founder@coachdash.example', from: 'alerts@coachdash.example' },
            ...{ smtp: `smtp://127.0.0.1:${port}`, inbox: 'founder' },
          },
        ],
        {
          email: { inboxes: { founder: { imap: `imap://127.0.0.1:${imap.port}`, user: 'user', password: 'secret' } } },
        },
      )
      const { told } = await testAlert(seenBy === null ? ['--wait', '3s'] : [])
      expect(told).toMatchObject([{ channel: 'email', seenBy, answer: expect.stringContaining('queued') }])
    }
  })

  it('is a fix that a machine carries out where the mailbox is read: never-verified, accepted-not-seen, stale', async () => {
    const imap = await startFakeImap()
    onTestFinished(() => imap.stop())
    let folder = 'Junk'
    const port = await mailSink(raw => imap.deliver(folder, raw))
    const { cwd, env, testAlert } = project(
      [{ email: 'a@coachdash.example', from: 'b@coachdash.example', smtp: `smtp://127.0.0.1:${port}`, inbox: 'own' }],
      { email: { inboxes: { own: { imap: `imap://127.0.0.1:${imap.port}`, user: 'user', password: 'secret' } } } },
    )
    const judged = async (clock = systemClock): Promise<[string, string, string][]> => {
      const { out } = await runProgram(['monitor', '--only', 'alert-delivery', '--json'], { cwd, env, clock })
      const { findings } = JSON.parse(out) as Report
      return findings.map(({ outcome, fix: { changes, steps } }) => [
        outcome,
        changes.map(change => (change.kind === 'command' ? change.run : change.kind)).join(),
        steps.at(-1)!.slice(0, 17),
      ])
    }
    const command = 'launch-ready monitor test-alert'
    expect(await judged()).toEqual([['never-verified', command, 'It looks for the ']])
    await testAlert(['--wait', '3s'])
    expect(await judged()).toEqual([['accepted-not-seen', command, 'It looks for the ']])
    folder = 'INBOX'
    await testAlert([])
    expect(await judged()).toEqual([])
    const later = { ...systemClock, now: () => systemClock.now() + 40 * 86_400_000 }
    expect(await judged(later)).toEqual([['stale', command, 'It looks for the ']])
    await testAlert([], later)
    expect(await judged(later)).toEqual([])
  })
})

it('an outage and its end reach every service, in the order of each, once', async () => {
  let isDown = false
  const target = await serve(() => (isDown ? { status: 500, body: '<!channel> @everyone' } : { body: 'well' }))
  const mails: string[] = []
  const port = await mailSink(raw => mails.push(/^Subject: (.*)$/m.exec(raw)![1]!.trim()))
  const mail = { email: 'founder@coachdash.example', smtp: `smtp://127.0.0.1:${port}` }
  const { cwd, env, roots } = project([...names.map(name => services[name]!.config), mail], {
    monitor: {
      listen: `127.0.0.1:${await freePort()}`,
      interval: '10s',
      confirm: { down: 2, up: 1, after: '500ms' },
      monitors: [{ name: 'app', http: `${target}/` }],
    },
  })
  // The first thing that each is asked it turns away: what was to come stays in its order.
  const { args, received } = await startAlertServices(roots, (_name, nth) => (nth === 0 ? { status: 503 } : null))
  const stop = new AbortController()
  let isOver = false
  const watching = runProgram(['monitor', 'watch', ...args], { cwd, env, signal: stop.signal }).finally(() => {
    isOver = true
  })
  const heard = async (count: number): Promise<void> => {
    while (!isOver && (received.length < count * names.length || mails.length < count)) await systemClock.sleep(100)
  }
  await systemClock.sleep(3_000)
  isDown = true
  await heard(1)
  isDown = false
  await heard(2)
  stop.abort()
  const { err } = await watching
  expect(mails, err).toEqual(['DOWN: app', 'UP AGAIN: app'])
  for (const name of names) {
    const own = received.filter(({ host }) => host === services[name]!.host)
    expect(
      own.map(({ path, body }) => /UP AGAIN|resolve|"up"|\/close/.test(path + JSON.stringify(body))),
      name,
    ).toEqual([false, true])
    expect(JSON.stringify(own)).not.toContain('"<!channel>')
  }
})
