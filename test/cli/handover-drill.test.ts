// `handover drill`: each procedure in front of a loopback server that changes as a product would; what was seen is recorded, what was not is not.
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { parseAnswers } from '../../src/formats/handover/answers.ts'
import { openStore } from '../../src/monitor/open-store.ts'
import { systemClock } from '../../src/net/clock.ts'
import { makeRepo, type TestRepo } from '../support/repo.ts'
import { runProgram } from '../support/run-program.ts'

const prompts = vi.hoisted(() => ({ answers: [] as unknown[], asked: [] as string[] }))
vi.mock('@clack/prompts', () => {
  const cancelled = Symbol('cancelled')
  const ask = async ({ message }: { message: string }) => {
    prompts.asked.push(message)
    const next = prompts.answers.shift()
    const answer = typeof next === 'function' ? await next() : next
    return answer === undefined ? cancelled : answer
  }
  return { confirm: ask, text: ask, isCancel: (value: unknown) => value === cancelled, intro() {}, outro() {} }
})

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
  prompts.answers.length = 0
  prompts.asked.length = 0
})

const serve = async (answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> => {
  const server: Server = createServer(answer).listen(0, '127.0.0.1')
  await once(server, 'listening')
  closing.push(() => server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const repoWith = (files: Record<string, string> = {}): TestRepo => {
  const repo = makeRepo({ 'README.md': '# CoachDash\n', ...files })
  closing.push(repo.dispose)
  return repo
}

type Told = { interactive?: boolean; env?: Record<string, string>; signal?: AbortSignal }

const drill = (repo: TestRepo, words: readonly string[], { env, ...told }: Told = {}) =>
  runProgram(['handover', 'drill', ...words, '--by', 'Grace', '--repo', repo.root], {
    cwd: repo.root,
    env: { PATH: process.env['PATH'], HOME: repo.root, ...env },
    clock: { ...systemClock, sleep: async () => {} },
    ...told,
  })

const recorded = ({ root }: TestRepo) => {
  const path = join(root, 'launch-ready.handover.yaml')
  return existsSync(path) ? parseAnswers(readFileSync(path, 'utf8')).drills : []
}

/** A product that shows each of these versions in turn; the last one stays. */
const showing = (...shown: { version: string; build?: string }[]): Promise<string> => {
  let at = 0
  return serve((_request, response) => {
    const { version, build = 'b1' } = shown[Math.min(at++, shown.length - 1)]!
    response.writeHead(200, { 'content-type': 'text/plain', 'x-build': build }).end(version)
  })
}

describe('rollback', () => {
  it('is seen when the commit marker goes back, and not when it goes forward', async () => {
    const repo = repoWith()
    const old = repo.commit('one')
    repo.write({ 'a.txt': 'a' })
    const now = repo.commit('two')
    repo.write({ 'b.txt': 'b' })
    const next = repo.commit('three')

    const forward = await drill(repo, [
      'rollback',
      '--yes',
      '--deadline',
      '1s',
      '--url',
      await showing({ version: now }, { version: next }),
    ])
    expect(forward.out).toMatch(/Not seen: .* is not a release before/)
    expect(forward.exit).toBe(1)
    expect(recorded(repo)).toEqual([])

    const back = await drill(repo, [
      'rollback',
      '--yes',
      '--url',
      await showing({ version: now }, { version: now }, { version: old }),
    ])
    expect([back.exit, back.err]).toEqual([0, ''])
    expect(back.out).toMatch(/Kept in [^\n]*\n\n {2}Bring the newest release forward again/)
    expect(recorded(repo)).toMatchObject([
      { drill: 'rollback', by: 'Grace', proof: 'seen', seen: expect.stringContaining(old.slice(0, 12)) },
    ])
  })

  it('is seen by the deploys that the monitor is told of', async () => {
    const repo = repoWith({ 'launch-ready.config.yaml': 'monitor: { monitors: [], alerts: [] }\n' })
    const store = await openStore('.launch-ready/monitor.sqlite', { cwd: repo.root, clock: systemClock })
    const tell = (commit: string, at: number) =>
      store.addEvent(
        { id: `${commit}-${at}`, at, kind: 'deploy', status: 'success', commit, text: '', by: null, link: null },
        [],
      )
    await tell('1111111', Date.now() - 60_000)
    await tell('2222222', Date.now() - 30_000)
    prompts.answers.push(async () => tell('1111111', Date.now() + 50).then(() => true), true, true, true, true)
    const ran = await drill(repo, ['rollback', '--deadline', '2s'], { interactive: true })
    await store.close()
    expect(ran.exit).toBe(0)
    expect(recorded(repo)).toMatchObject([{ seen: 'the monitor was told: from 2222222 back to 1111111' }])
  })
})

describe('redeploy', () => {
  it('is seen when the same commit comes from another build', async () => {
    const repo = repoWith()
    const now = repo.commit('one')
    const same = await drill(repo, ['redeploy', '--yes', '--deadline', '1s', '--url', await showing({ version: now })])
    expect(same.out).toMatch(/nothing shows that it was deployed anew/)
    expect(same.exit).toBe(1)
    const restless = await showing(...Array.from({ length: 400 }, (_, at) => ({ version: now, build: `visit-${at}` })))
    expect((await drill(repo, ['redeploy', '--yes', '--deadline', '1ms', '--url', restless])).exit).toBe(1)
    const url = await showing({ version: now }, { version: now }, { version: now, build: 'b2' })
    expect((await drill(repo, ['redeploy', '--yes', '--url', url])).exit).toBe(0)
    expect(recorded(repo)).toMatchObject([{ drill: 'redeploy', proof: 'seen' }])
  })
})

describe('rotate-key', () => {
  const keys = { OLD_KEY: 'old-key-4711-of-coachdash', NEW_KEY: 'new-key-4712-of-coachdash' }
  const door = (phase: { asked: number }, refusesOld: boolean) =>
    serve(({ headers }, response) => {
      const given = headers.authorization?.replace('Bearer ', '')
      const replaced = phase.asked++ > 0
      const works = given === (replaced ? keys.NEW_KEY : keys.OLD_KEY) || (!refusesOld && given === keys.OLD_KEY)
      response.writeHead(works ? 200 : 401).end()
    })

  it('is seen when the old key is refused and the new one works, and prints neither', async () => {
    const repo = repoWith()
    const ran = await drill(repo, ['rotate-key', '--yes', '--url', await door({ asked: 0 }, true)], { env: keys })
    expect([ran.exit, ran.err]).toEqual([0, ''])
    expect(recorded(repo)).toMatchObject([
      { drill: 'keyRotation', seen: expect.stringMatching(/new key works \(200\) and the old one is refused \(401\)/) },
    ])
    const all = ran.out + readFileSync(join(repo.root, 'launch-ready.handover.yaml'), 'utf8')
    for (const key of Object.values(keys)) expect(all).not.toContain(key)
  })

  it('is not seen while the old key still works', async () => {
    const repo = repoWith()
    const ran = await drill(
      repo,
      ['rotate-key', '--yes', '--deadline', '1s', '--url', await door({ asked: 0 }, false)],
      { env: keys },
    )
    expect(ran.out).toMatch(/Not seen: new key: 200; old key: 200/)
    expect([ran.exit, recorded(repo)]).toEqual([1, []])
  })

  it('is not watched with one key twice', async () => {
    const same = { OLD_KEY: keys.OLD_KEY, NEW_KEY: keys.OLD_KEY }
    const ran = await drill(repoWith(), ['rotate-key', '--yes', '--url', 'http://127.0.0.1:9/'], { env: same })
    expect([ran.exit, ran.err]).toEqual([3, expect.stringMatching(/both variables hold the same key/)])
  })

  it('does not begin with an old key that never worked', async () => {
    const repo = repoWith()
    const url = await serve((_request, response) => void response.writeHead(401).end())
    const ran = await drill(repo, ['rotate-key', '--yes', '--url', url], { env: keys })
    expect([ran.exit, ran.err]).toEqual([2, expect.stringMatching(/the old key does not work before the drill/)])
  })
})

describe('restore', () => {
  it('is seen when a copy shows the restored data, and not when nothing changed', async () => {
    const repo = repoWith()
    const same = await serve((_request, response) => void response.end('412 clients'))
    expect((await drill(repo, ['restore', '--yes', '--deadline', '1s', '--url', same])).out).toMatch(
      /shows what it showed before/,
    )
    let asked = 0
    const url = await serve((_request, response) => void response.writeHead(asked++ > 1 ? 200 : 503).end('412 clients'))
    expect((await drill(repo, ['restore', '--yes', '--url', url])).exit).toBe(0)
    expect(recorded(repo)).toMatchObject([{ drill: 'restore', proof: 'seen' }])
  })

  it('is recorded as said where nothing can show it', async () => {
    const repo = repoWith()
    const ran = await drill(repo, ['restore', '--yes'])
    expect(ran.err).toMatch(/nothing shows the restored data/)
    expect([ran.exit, recorded(repo)[0]?.proof]).toEqual([3, 'said'])
  })
})

describe('alert', () => {
  it('is seen when the word comes back, and not when another does', async () => {
    const repo = repoWith()
    prompts.answers.push(true, true, 'another')
    expect((await drill(repo, ['alert'], { interactive: true })).exit).toBe(1)
    expect(recorded(repo)).toEqual([])
  })

  it('is seen by the test alert that somebody opened', async () => {
    const repo = repoWith({
      'launch-ready.config.yaml':
        'monitor: { monitors: [], alerts: [{ name: team, webhook: "https://hooks.example/1" }] }\n',
    })
    const store = await openStore('.launch-ready/monitor.sqlite', { cwd: repo.root, clock: systemClock })
    const proof = { channel: 'team', nonce: 'n1', acceptedAt: null, answer: '200 ok', seenAt: null, seenBy: null }
    prompts.answers.push(async () => store.saveProof({ ...proof, sentAt: Date.now() + 20 }).then(() => true), true)
    const unseen = await drill(repo, ['alert', '--deadline', '1s'], { interactive: true })
    expect(unseen.out).toMatch(/sent, and nobody has seen it yet \(team: 200 ok\)/)
    prompts.answers.push(
      async () => store.saveProof({ ...proof, nonce: 'n2', sentAt: Date.now() + 20 }).then(() => true),
      async () => store.seen('n2', 'link', Date.now() + 40).then(() => true),
    )
    const seen = await drill(repo, ['alert'], { interactive: true })
    await store.close()
    expect(seen.exit).toBe(0)
    expect(recorded(repo)).toMatchObject([
      { drill: 'alert', seen: expect.stringMatching(/the test alert to team was seen after 0 s \(link\)/) },
    ])
  })
})

describe('what ends a drill', () => {
  it('a person who stops half-way leaves no record, and the words of before stay', async () => {
    const before = 'version: 1\n# ours\nhandover: { product: CoachDash }\n'
    const repo = repoWith({ 'launch-ready.handover.yaml': before })
    prompts.answers.push(true, undefined)
    const ran = await drill(repo, ['alert'], { interactive: true })
    expect([ran.exit, ran.out]).toEqual([130, expect.stringMatching(/Stopped\. Nothing was recorded\./)])
    expect(readFileSync(join(repo.root, 'launch-ready.handover.yaml'), 'utf8')).toBe(before)
  })

  it('no terminal: nothing is asked, and nothing hangs', async () => {
    const repo = repoWith()
    const ran = await drill(repo, ['alert'])
    expect(prompts.asked).toEqual([])
    expect([ran.exit, recorded(repo)[0]?.proof]).toEqual([3, 'said'])
  })

  it('an interrupt while it waits', async () => {
    const repo = repoWith()
    const abort = new AbortController()
    const now = repo.commit('one')
    const url = await serve((_request, response) => {
      if (prompts.asked.push('look') > 1) abort.abort()
      response.end(now)
    })
    const ran = await drill(repo, ['rollback', '--yes', '--url', url], { signal: abort.signal })
    expect([ran.exit, recorded(repo)]).toEqual([130, []])
  })
})
