import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, describe, expect, it } from 'vitest'
import { bucketOf, mergeBuckets, packBuckets, quantile, unpackBuckets } from '../../src/monitor/latency.ts'
import { openStore } from '../../src/monitor/open-store.ts'
import { appendResults, unpackResults } from '../../src/monitor/pack.ts'
import { describeStore } from './store-conformance.ts'

const folder = mkdtempSync(join(tmpdir(), 'monitor-store-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
let count = 0
const clock = { now: () => Date.UTC(2026, 10, 25) }
const pathOf = (): string => join(folder, `${++count}`, 'monitor.sqlite')

describeStore('the store in a file', async () => {
  const path = pathOf()
  return () => openStore(path, { cwd: folder, clock, watches: true })
})

describe('a file that cannot be used', () => {
  it('is kept aside, said and begun anew by the one who watches, and by nobody else', async () => {
    const path = pathOf()
    const store = await openStore(path, { cwd: folder, clock })
    await store.close()
    writeFileSync(path, 'this is no database at all, however long one looks at it'.repeat(200))
    await expect(openStore(path, { cwd: folder, clock })).rejects.toMatchObject({ fault: 'corrupt' })
    const said: string[] = []
    const again = await openStore(path, { cwd: folder, clock, watches: true, say: line => said.push(line) })
    expect(await again.monitors()).toEqual([])
    await again.close()
    expect(said).toHaveLength(1)
    expect(said[0]).toContain('.damaged-2026-11-25')
    const aside = readdirSync(join(path, '..')).find(name => name.includes('.damaged-'))!
    expect(readFileSync(join(path, '..', aside), 'utf8')).toContain('no database at all')
  })

  it('is noticed where a page in the middle is damaged', async () => {
    const path = pathOf()
    const store = await openStore(path, { cwd: folder, clock })
    for (let at = 0; at < 300; at++)
      await store.addEvent(
        { id: `e${at}`, at, kind: 'note', status: null, commit: null, text: 'x'.repeat(200), by: null, link: null },
        [],
      )
    await store.close()
    const bytes = readFileSync(path)
    bytes.fill(0xff, Math.floor(bytes.length / 2), Math.floor(bytes.length / 2) + 8_192)
    writeFileSync(path, bytes)
    await expect(openStore(path, { cwd: folder, clock })).rejects.toMatchObject({ fault: 'corrupt' })
  })

  it('says so when another program holds it', async () => {
    const path = pathOf()
    const store = await openStore(path, { cwd: folder, clock, watches: true })
    const other = new DatabaseSync(path)
    other.exec('BEGIN EXCLUSIVE')
    await expect(store.addBeat({ name: 'x', at: 1, ok: true })).rejects.toMatchObject({ fault: 'locked' })
    other.exec('ROLLBACK')
    await store.addBeat({ name: 'x', at: 1, ok: true })
    expect(await store.beats()).toHaveLength(1)
    other.close()
    await store.close()
  })

  it('that leads elsewhere, or that another program made, is neither read nor written', async () => {
    const path = pathOf()
    mkdirSync(dirname(path), { recursive: true })
    const theirs = new DatabaseSync(path)
    theirs.exec('CREATE TABLE cookies (value TEXT)')
    theirs.close()
    const before = readFileSync(path)
    const link = pathOf()
    mkdirSync(dirname(link), { recursive: true })
    symlinkSync(path, link)
    for (const [at, said] of [
      [path, /another program/],
      [link, /is a link/],
    ] as const)
      await expect(openStore(at, { cwd: folder, clock, watches: true })).rejects.toThrow(said)
    expect(readFileSync(path).equals(before)).toBe(true)
  })

  it.each([
    [
      'a view without an end',
      'ALTER TABLE state RENAME TO was; CREATE VIEW state AS WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT x AS monitor, x AS body FROM c',
    ],
    [
      'a column that fills the memory',
      'DROP TABLE beat; CREATE TABLE beat (name TEXT PRIMARY KEY, at INTEGER NOT NULL, ok INTEGER AS (hex(zeroblob(500000000))))',
    ],
    ['a trigger', 'CREATE TRIGGER t AFTER INSERT ON beat BEGIN DELETE FROM beat; END'],
  ])('with %s is refused', async (_, statements) => {
    const path = pathOf()
    await (await openStore(path, { cwd: folder, clock })).close()
    const other = new DatabaseSync(path)
    other.exec(statements)
    other.close()
    await expect(openStore(path, { cwd: folder, clock })).rejects.toThrow('launch-ready did not make')
  })

  it('of a newer version is left alone', async () => {
    const path = pathOf()
    await (await openStore(path, { cwd: folder, clock })).close()
    const other = new DatabaseSync(path)
    other.exec('INSERT INTO launch_ready_version (version) VALUES (99)')
    other.close()
    await expect(openStore(path, { cwd: folder, clock, watches: true })).rejects.toMatchObject({ fault: 'newer' })
  })
})

describe('two watchers on one file', () => {
  it('the second does not get the watch while the first lives, and gets it when it is killed', async () => {
    const path = pathOf()
    const script = `
      const { openStore } = await import(${JSON.stringify(join(import.meta.dirname, '../../src/monitor/open-store.ts'))})
      const store = await openStore(${JSON.stringify(path)}, { cwd: '/', clock: { now: () => 0 }, watches: true })
      await store.takeWatch({ id: 'first', pid: process.pid, host: 'box', startedAt: 1, beatAt: 1 })
      console.log('has it')
      setInterval(() => {}, 1000)`
    const first = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await new Promise(resolve => first.stdout.once('data', resolve))
    const second = await openStore(path, { cwd: folder, clock, watches: true })
    const watcher = { id: 'second', pid: 2, host: 'box', startedAt: 2, beatAt: 2 }
    expect(await second.takeWatch(watcher)).toEqual({
      taken: false,
      by: { id: 'first', pid: first.pid, host: 'box', startedAt: 1, beatAt: 1 },
    })
    await second.close()
    const gone = new Promise(resolve => first.once('exit', resolve))
    first.kill('SIGKILL')
    await gone
    const third = await openStore(path, { cwd: folder, clock, watches: true })
    expect(await third.takeWatch(watcher)).toEqual({ taken: true })
    await third.close()
  })
})

describe('latencies', () => {
  it('add up, and a quantile is right within five per cent', () => {
    const all = Array.from({ length: 2_000 }, (_, at) => 3 + ((at * 7919) % 4_000))
    const halves = [all.slice(0, 700), all.slice(700)].map(list =>
      list.reduce((sum, ms) => mergeBuckets(sum, [[bucketOf(ms), 1]]), mergeBuckets()),
    )
    const merged = unpackBuckets(packBuckets(mergeBuckets(...halves)))
    const sorted = [...all].sort((a, b) => a - b)
    for (const part of [0.5, 0.95, 0.99]) {
      const exact = sorted[Math.ceil(part * sorted.length) - 1]!
      expect(Math.abs(quantile(merged, part)! - exact) / exact).toBeLessThan(0.05)
    }
    expect(quantile([], 0.95)).toBe(null)
  })

  it('and looks are packed without loss, backward clocks included', () => {
    const hour = Date.UTC(2026, 10, 25, 10)
    const results = [1_000, 61_000, 30_000, 3_599_900].map((after, at) => ({
      monitor: 'app',
      at: hour + after,
      seen: (['up', 'down', 'degraded', 'unknown'] as const)[at]!,
      state: (['unknown', 'up', 'down', 'degraded'] as const)[at]!,
      latencyMs: at === 1 ? null : at * 900,
      maintenance: at === 2,
    }))
    const packed = appendResults(appendResults(new Uint8Array(), hour, results.slice(0, 2)), hour, results.slice(2))
    expect(unpackResults(packed, 'app', hour)).toEqual(results)
    expect(packed.length).toBeLessThan(24)
  })
})
