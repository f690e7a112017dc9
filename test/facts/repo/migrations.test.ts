import { afterEach, describe, expect, it, vi } from 'vitest'
import { makeRepo, type TestRepo } from '../../support/repo.ts'

const made: TestRepo[] = []
afterEach(() => {
  vi.doUnmock('libpg-query')
  vi.resetModules()
  for (const one of made.splice(0)) one.dispose()
})

/** The fact of a repository, with collectors loaded anew. */
const migrationsOf = async (files: Record<string, string>) => {
  const repo = makeRepo(files)
  made.push(repo)
  repo.commit('first')
  const { factsOf } = await import('../../support/deploy.ts')
  const fact = (await factsOf(repo.root).need('migrations')) as {
    ok: true
    value: {
      sets: { orm: string; dialect: string | null; hazards: { hazard: string }[]; unread: { text: string }[] }[]
    }
  }
  return fact.value.sets.map(({ orm, dialect, hazards, unread }) => ({
    orm,
    dialect,
    hazards: hazards.map(one => one.hazard),
    unread: unread.map(({ text }) => text),
  }))
}

describe('migrations', () => {
  it('knows tool and database from lock, journal, manifest, configuration, or the SQL itself', async () => {
    expect(
      await migrationsOf({
        'a/prisma/migrations/migration_lock.toml': 'provider = "mysql"\n',
        'a/prisma/migrations/20260101_x/migration.sql': 'CREATE TABLE a (id int);',
        'b/drizzle/meta/_journal.json': '{"dialect":"sqlite","entries":[{"tag":"0000_x"}]}',
        'b/drizzle/0000_x.sql': 'CREATE TABLE b (id int);',
        'c/package.json': '{"dependencies":{"knex":"3","pg":"8","better-sqlite3":"12"}}',
        'c/migrations/20260101_x.js': "exports.up = knex => knex.schema.createTable('c', t => t.increments())",
        'd/migrations/001_x.sql': 'CREATE TABLE d (id INT AUTO_INCREMENT PRIMARY KEY) ENGINE=InnoDB;',
        'e/migrations/001_x.sql': 'DROP TABLE e;',
        'f/composer.json': '{"require":{"laravel/framework":"12"}}',
        'f/.env.example': 'DB_CONNECTION=pgsql\n',
        'f/database/migrations/2026_01_01_000000_x.php':
          "<?php Schema::table('f', function ($table) { $table->index('a'); });",
      }),
    ).toEqual([
      { orm: 'prisma', dialect: 'mysql', hazards: [], unread: [] },
      { orm: 'drizzle', dialect: 'sqlite', hazards: [], unread: [] },
      { orm: 'knex', dialect: 'postgresql', hazards: [], unread: [] },
      { orm: 'sql', dialect: 'mysql', hazards: [], unread: [] },
      { orm: 'sql', dialect: 'postgresql', hazards: ['drops-data', 'no-lock-timeout'], unread: [] },
      { orm: 'laravel', dialect: 'postgresql', hazards: ['blocks-writes', 'no-lock-timeout'], unread: [] },
    ])
  })

  it('judges what hurts every database where nothing says which it is', async () => {
    expect(await migrationsOf({ 'migrations/001_x.sql': 'CREATE INDEX i ON e (a); DROP TABLE e;' })).toEqual([
      {
        orm: 'sql',
        dialect: null,
        hazards: ['drops-data'],
        unread: [expect.stringContaining('nothing says which database')],
      },
    ])
  })

  it('guesses nothing where PostgreSQL’s parser is not installed', async () => {
    vi.resetModules()
    vi.doMock('libpg-query', () => {
      throw new Error('not installed')
    })
    const [set] = await migrationsOf({ 'supabase/migrations/001_a.sql': 'DROP TABLE a;' })
    expect(set).toEqual({
      orm: 'supabase',
      dialect: 'postgresql',
      hazards: [],
      unread: ['PostgreSQL’s parser is not installed (npm install libpg-query)'],
    })
  })
})
