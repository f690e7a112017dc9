// The store in a PostgreSQL that we did not write: the same suite, and two watchers that share it.
import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openStore } from '../../src/monitor/open-store.ts'
import type { Store } from '../../src/monitor/store.ts'
import { freePort } from '../support/free-port.ts'
import { describeStore } from './store-conformance.ts'

const binaries = (): string => {
  const root = '/usr/lib/postgresql'
  const versions = existsSync(root) ? readdirSync(root).sort((a, b) => Number(b) - Number(a)) : []
  const found = versions.map(version => join(root, version, 'bin')).find(path => existsSync(join(path, 'postgres')))
  if (!found) throw new Error('PostgreSQL is not installed: scripts/install-servers.sh installs it')
  return found
}

let folder = ''
let port = 0
let stop = (): void => {}
let count = 0

/** PostgreSQL refuses to run as root: its own user does. */
const asPostgres = (words: readonly string[]): [string, string[]] =>
  process.getuid?.() === 0 ? ['runuser', ['-u', 'postgres', '--', ...words]] : [words[0]!, words.slice(1)]

beforeAll(async () => {
  folder = mkdtempSync('/tmp/monitor-postgres-')
  if (process.getuid?.() === 0) execFileSync('chown', ['postgres', folder])
  const bin = binaries()
  port = await freePort()
  const [initdb, words] = asPostgres([join(bin, 'initdb'), '-D', join(folder, 'data'), '-U', 'monitor', '-A', 'trust'])
  execFileSync(initdb, words, { stdio: 'ignore', cwd: folder })
  const [postgres, given] = asPostgres([
    join(bin, 'postgres'),
    ...['-D', join(folder, 'data'), '-p', String(port), '-c', 'listen_addresses=127.0.0.1', '-k', folder],
  ])
  const server = spawn(postgres, given, { stdio: ['ignore', 'ignore', 'pipe'], cwd: folder })
  stop = () => void server.kill('SIGTERM')
  await new Promise<void>(done => {
    server.stderr.on('data', chunk => {
      if (String(chunk).includes('ready to accept connections')) done()
    })
  })
})

afterAll(() => {
  stop()
  rmSync(folder, { recursive: true, force: true })
})

const clock = { now: () => Date.UTC(2026, 10, 25) }
const urlOf = (database: string): string => `postgres://monitor@127.0.0.1:${port}/${database}`

const freshDatabase = async (): Promise<() => Promise<Store>> => {
  const { default: pg } = await import('pg')
  const client = new pg.Client({ connectionString: urlOf('postgres') })
  await client.connect()
  const name = `m${++count}`
  await client.query(`CREATE DATABASE ${name}`)
  await client.end()
  return () => openStore(urlOf(name), { cwd: '/', clock, watches: true })
}

describeStore('the store in PostgreSQL', freshDatabase)

describe('two watchers on PostgreSQL', () => {
  it('share it: the second stands by, and takes over when the first has fallen silent', async () => {
    const open = await freshDatabase()
    const [first, second] = [await open(), await open()]
    const at = clock.now()
    const watcher = (id: string, beatAt: number) => ({ id, pid: 1, host: 'box', startedAt: at, beatAt })
    expect(await first.takeWatch(watcher('one', at))).toEqual({ taken: true })
    expect(await second.takeWatch(watcher('two', at + 5_000))).toMatchObject({ taken: false, by: { id: 'one' } })
    expect(await first.beat(watcher('one', at + 10_000))).toBe(true)
    expect(await second.takeWatch(watcher('two', at + 25_000))).toMatchObject({ taken: false })
    expect(await second.takeWatch(watcher('two', at + 31_000))).toEqual({ taken: true })
    // The first notices, and looks and tells no more.
    expect(await first.beat(watcher('one', at + 32_000))).toBe(false)
    await first.close()
    await second.close()
  })
})

describe('a database that cannot be reached', () => {
  it('is said without its password', async () => {
    const opening = openStore('postgres://monitor:hunter2hunter2@127.0.0.1:1/none', { cwd: '/', clock })
    await expect(opening).rejects.toMatchObject({ fault: 'unreachable' })
    await opening.catch(error => expect(String(error)).not.toContain('hunter2'))
  })
})
