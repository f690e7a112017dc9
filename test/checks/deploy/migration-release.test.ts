// What counts as released: tag, config, branch, the newest; and what the history of it says.
import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import hazard from '../../../src/checks/deploy/migration-hazard.ts'
import history from '../../../src/checks/deploy/migration-history.ts'
import type { AnyCheck } from '../../../src/core/check.ts'
import { judgeFolder, outcomesIn, type RepoRun } from '../../support/deploy.ts'
import { makeRepo, type TestRepo } from '../../support/repo.ts'

const sql = (number: number, text: string) => ({ [`supabase/migrations/2026010${number}000000_x.sql`]: text })
const build = (steps: (repo: TestRepo) => unknown): TestRepo => {
  const repo = makeRepo(sql(1, 'CREATE TABLE a (id int);'))
  repo.commit('first')
  steps(repo)
  return repo
}
const outcomes = async (check: AnyCheck, repo: TestRepo, run: RepoRun = {}): Promise<string[]> => {
  try {
    return outcomesIn((await judgeFolder(repo.root, [check], run))[check.id]!)
  } finally {
    repo.dispose()
  }
}
const drop = (repo: TestRepo): void => {
  repo.write(sql(2, "SET lock_timeout = '5s';\nALTER TABLE a DROP COLUMN id;"))
  repo.commit('drop')
}

describe('tools that are not read', () => {
  it.each([
    ['Sequel', 'db/migrations/001_a.rb', 'Sequel.migration { up { drop_table :a } }\n'],
    ['node-pg-migrate', 'migrations/1_a.js', 'exports.up = pgm => pgm.dropTable("a")\n'],
    ['ClickHouse', 'db/clickhouse/migrations/01_a.sql', 'ALTER TABLE a ADD COLUMN b String;\n'],
  ])('are named in the reason: %s', async (name, path, text) => {
    const repo = makeRepo({ [path]: text })
    repo.commit('first')
    expect((await outcomes(hazard, repo))[0]).toMatch(
      new RegExp(`^unknown: migrations of ${name} \\(.*\\) are not read here`),
    )
  })
})

describe('a changelog that holds several changesets', () => {
  const set = (id: number, change: string) => `<changeSet id="${id}" author="a">${change}</changeSet>\n`
  const made = set(1, '<createTable tableName="a"><column name="b" type="int"/></createTable>')
  const changelog = (...sets: string[]) => ({
    'db/changelog/all.xml': `<databaseChangeLog>\n${sets.join('')}</databaseChangeLog>\n`,
    'compose.yml': 'services:\n  db:\n    image: postgres:17\n',
  })
  it.each<[string, AnyCheck, string[], string]>([
    ['one added is judged', hazard, [made, set(2, '<dropColumn tableName="a" columnName="b"/>')], 'drops-data'],
    [
      'one that is released is not',
      hazard,
      [made, set(2, '<addColumn tableName="a"><column name="c"/></addColumn>')],
      'no-lock-timeout',
    ],
    ['one added is no edit', history, [made, set(2, '<dropTable tableName="a"/>')], 'linear'],
    [
      'one changed is an edit',
      history,
      [made.replace('"int"', '"text"').replace('"b"', '"c"')],
      'edited-after-release',
    ],
    ['one written otherwise is none', history, [made.replace('id="1" author="a"', "author='a' id='1'")], 'linear'],
  ])('%s', async (_name, check, sets, expected) => {
    const repo = makeRepo(changelog(made))
    repo.commit('first')
    repo.git('tag', 'v1')
    repo.write(changelog(...sets))
    repo.commit('next')
    expect(await outcomes(check, repo)).toContain(expected)
  })
})

describe('gorm', () => {
  it.each([
    ['makes tables when the program starts', 'db.AutoMigrate(&User{})', ['push-in-production']],
    ['makes them within a migration', 'gormigrate.New(db, nil, nil)\n\tdb.AutoMigrate(&User{})', []],
  ])('%s', async (_name, body, expected) => {
    const repo = makeRepo({ 'go.mod': 'module a\n', 'main.go': `package main\n\nfunc main() {\n\t${body}\n}\n` })
    repo.commit('first')
    expect((await outcomes(history, repo)).filter(one => one === 'push-in-production')).toEqual(expected)
  })
})

describe('a folder that serves two databases', () => {
  it('is judged file by file', async () => {
    const repo = makeRepo({
      'db/migrations/001-init.sql': 'CREATE TABLE a (id integer, w smallint);',
      'db/migrations/002-wide-postgres.sql': "SET lock_timeout = '5s';\nALTER TABLE a ALTER COLUMN w TYPE int;",
    })
    repo.commit('first')
    repo.git('tag', 'v1')
    repo.write({
      'db/migrations/003-wider-sqlite.sql':
        'CREATE TABLE a_new (id integer primary key autoincrement, w int);\nINSERT INTO a_new (id, w) SELECT id, w FROM a;\nDROP TABLE a;\nALTER TABLE a_new RENAME TO a;\n',
    })
    repo.commit('rebuild')
    repo.write({
      'db/migrations/004-kind-postgres.sql': "SET lock_timeout = '5s';\nALTER TABLE a ADD COLUMN kind text;\n",
      'db/migrations/004-kind-sqlite.sql':
        "CREATE TABLE a_new (id integer primary key autoincrement, w int, kind text);\nINSERT INTO a_new (id, w, kind) SELECT id, w, 'csv' FROM a;\nDROP TABLE a;\nALTER TABLE a_new RENAME TO a;\n",
    })
    repo.commit('kind')
    expect(await outcomes(hazard, repo)).toEqual(['safe'])
  })
})

describe('what is released', () => {
  it('is what a release holds that was tagged on a branch of its own', async () => {
    const branched = (tag: string) =>
      build(repo => {
        repo.git('tag', 'v1')
        drop(repo)
        repo.git('checkout', '-qb', 'release-2')
        repo.write({ VERSION: '2' })
        repo.commit('version')
        repo.git('tag', tag)
        repo.git('checkout', '-q', 'main')
        repo.write({ 'README.md': 'more' })
        repo.commit('more')
      })
    expect(await outcomes(hazard, branched('v2'))).toEqual(['safe'])
    expect(await outcomes(hazard, branched('v2-beta.1'))).toEqual(['drops-data'])
  })

  it('is, worth a look, what a preview held weeks before the last commit', async () => {
    const severities = async (later: string): Promise<(string | null)[]> => {
      const repo = build(one => {
        one.write({
          '.github/workflows/release.yml':
            'on: { release: { types: [published] } }\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: flyctl deploy\n',
        })
        one.commit('pipeline')
        one.git('tag', 'v1')
        drop(one)
        one.git('tag', 'v2-alpha')
        const env = { PATH: process.env.PATH, HOME: one.root, GIT_AUTHOR_DATE: later, GIT_COMMITTER_DATE: later }
        const who = ['-c', 'user.name=T', '-c', 'user.email=t@example.com']
        execFileSync('git', [...who, 'commit', '-q', '--allow-empty', '-m', 'later'], { cwd: one.root, env })
      })
      try {
        return (await judgeFolder(repo.root, [hazard]))['migration-hazard']!.findings.map(({ severity }) => severity)
      } finally {
        repo.dispose()
      }
    }
    expect(await severities('2026-12-01T00:00:00Z')).toEqual(['medium'])
    expect(await severities(new Date(Date.UTC(2026, 0, 20)).toISOString())).toEqual(['high'])
  })

  it('is the release that left this history last, where an older version is kept as well', async () => {
    const aside = (repo: TestRepo, tag: string, from: string) => {
      repo.git('checkout', '-qb', `line-${tag}`, from)
      repo.write({ VERSION: tag })
      repo.commit('version')
      repo.git('tag', tag)
      repo.git('checkout', '-q', 'main')
    }
    const repo = build(one => {
      one.git('branch', 'old')
      drop(one)
      aside(one, 'v2.0', 'main')
      aside(one, 'v1.9', 'old')
      one.write({ x: '1' })
      one.commit('more')
    })
    expect(await outcomes(hazard, repo)).toEqual(['safe'])
  })

  it('is what the last tag before HEAD holds; a tag at HEAD is the release that is being made', async () => {
    expect(
      await outcomes(
        hazard,
        build(repo => [repo.git('tag', 'v1'), drop(repo)]),
      ),
    ).toEqual(['drops-data'])
    expect(
      await outcomes(
        hazard,
        build(repo => [repo.git('tag', 'v1'), drop(repo), repo.git('tag', 'v2')]),
      ),
    ).toEqual(['drops-data'])
    expect(
      await outcomes(
        hazard,
        build(repo => [drop(repo), repo.git('tag', 'v2'), repo.write({ x: '1' }), repo.commit('x')]),
      ),
    ).toEqual(['safe'])
  })

  it('is all that the first tag holds, unless a pipeline is just building it', async () => {
    const tagged = (repo: TestRepo) => [drop(repo), repo.git('tag', 'v1')]
    expect(await outcomes(hazard, build(tagged))).toEqual(['safe'])
    // The newest five, with the table among them that they are about: nothing hurts a table born in the same set.
    const old = (repo: TestRepo): void => {
      for (const number of [3, 4, 5, 6]) repo.write(sql(number, `CREATE TABLE t${number} (id int);`))
      drop(repo)
      repo.git('tag', 'v1')
    }
    expect(await outcomes(hazard, build(old), { env: { GITHUB_REF_TYPE: 'tag' } })).toEqual(['drops-data'])
    expect(await outcomes(hazard, build(old), { env: { CI_COMMIT_TAG: 'v1' } })).toEqual(['drops-data'])
    expect(await outcomes(hazard, build(old))).toEqual(['safe'])
  })

  it('is what the config or --since says, and a ref that is none is told', async () => {
    expect(
      await outcomes(
        hazard,
        build(repo => [drop(repo), repo.git('tag', 'v2')]),
        { config: { deploy: { since: 'HEAD' } } },
      ),
    ).toEqual(['safe'])
    expect(
      await outcomes(
        hazard,
        build(repo => [drop(repo), repo.git('tag', 'v2')]),
        { env: { LAUNCH_READY_MIGRATIONS_SINCE: 'HEAD~1' } },
      ),
    ).toEqual(['drops-data'])
    expect((await outcomes(hazard, build(drop), { config: { deploy: { since: 'v9' } } }))[0]).toMatch(
      /^unknown: .*"v9" names no tag/,
    )
    expect((await outcomes(hazard, build(drop), { config: { deploy: { since: '--output=/tmp/x' } } }))[0]).toMatch(
      /^unknown: /,
    )
  })

  it('is what the deployed branch holds, or the branch that this one left', async () => {
    expect(
      await outcomes(
        hazard,
        build(repo => [repo.git('branch', 'production'), drop(repo)]),
      ),
    ).toEqual(['drops-data'])
    expect(
      await outcomes(
        hazard,
        build(repo => [repo.git('checkout', '-q', '-b', 'feature'), drop(repo)]),
      ),
    ).toEqual(['drops-data'])
    expect(
      await outcomes(
        hazard,
        build(repo => [drop(repo), repo.git('checkout', '-q', '-b', 'feature')]),
      ),
    ).toEqual(['safe'])
  })

  it('is all but the newest five where nothing says so; a table born among them is left alone', async () => {
    expect(await outcomes(hazard, build(drop))).toEqual(['safe'])
    const many = build(repo => {
      for (const number of [2, 3, 4, 5, 6, 7])
        repo.write(sql(number, number === 2 ? 'DROP TABLE old;' : `CREATE TABLE t${number} (id int);`))
      repo.commit('many')
    })
    expect(await outcomes(hazard, many)).toEqual(['safe'])
    expect(
      await outcomes(
        hazard,
        build(repo => repo.write(sql(2, 'DROP TABLE b;'))),
      ),
    ).toEqual(['drops-data', 'no-lock-timeout'])
  })
})

describe('the history', () => {
  it("finds 'edited-after-release', but not a comment or an indent", async () => {
    expect(
      await outcomes(
        history,
        build(repo => [repo.git('tag', 'v1'), repo.write(sql(1, 'CREATE TABLE a (id bigint);')), repo.commit('edit')]),
      ),
    ).toEqual(['edited-after-release'])
    expect(
      await outcomes(
        history,
        build(repo => [
          repo.git('tag', 'v1'),
          repo.write(sql(1, '-- a comment\nCREATE TABLE a (\n  id int\n);')),
          repo.commit('edit'),
        ]),
      ),
    ).toEqual(['linear'])
  })

  it("finds 'out-of-order': before a released one, the same number twice", async () => {
    const inserted = build(repo => {
      repo.write(sql(3, 'CREATE TABLE c (id int);'))
      repo.commit('third')
      repo.git('tag', 'v1')
      repo.write(sql(2, 'CREATE TABLE b (id int);'))
      repo.commit('second')
    })
    expect(await outcomes(history, inserted)).toEqual(['out-of-order'])
    expect(
      await outcomes(
        history,
        build(repo => [repo.write({ 'supabase/migrations/20260101000000_y.sql': 'SELECT 1;' }), repo.commit('twin')]),
      ),
    ).toEqual(['out-of-order'])
  })

  it('compares with the schema of the tool, and leaves files alone that never run and do what others did', async () => {
    const model = (...fields: string[]) =>
      `model User {\n  id Int @id\n${fields.map(one => `  ${one} String\n`).join('')}}\n`
    const prisma = (files: Record<string, string>) =>
      build(repo => [
        repo.write({
          'prisma/migrations/migration_lock.toml': 'provider = "postgresql"\n',
          'prisma/migrations/20260101000000_a/migration.sql': 'CREATE TABLE "User" ("id" integer PRIMARY KEY);',
          ...files,
        }),
        repo.commit('prisma'),
      ])
    expect(
      await outcomes(history, prisma({ 'prisma/schema.prisma': model(), 'prisma/schema-v1.prisma': model('plan') })),
    ).toEqual(['linear'])
    expect(await outcomes(history, prisma({ 'prisma/schema.prisma': model('plan') }))).toEqual(['diverged-from-schema'])
    const drizzle = (orphan: string, beside: Record<string, string> = {}) =>
      build(repo => [
        repo.write({
          ...beside,
          'drizzle/meta/_journal.json': '{"dialect":"postgresql","entries":[{"tag":"0000_a"},{"tag":"0001_b"}]}',
          'drizzle/0000_a.sql': 'CREATE TABLE "shop" ("id" integer);',
          'drizzle/0001_b.sql':
            'ALTER TABLE "shop" ADD COLUMN "name" text;--> statement-breakpoint\nALTER TABLE "shop" ADD COLUMN "plan" text;',
          'drizzle/0001_old.sql': orphan,
        }),
        repo.commit('drizzle'),
      ])
    expect(await outcomes(history, drizzle('ALTER TABLE "shop"\n  ADD COLUMN "plan" text;'))).toEqual(['linear'])
    expect(await outcomes(history, drizzle('ALTER TABLE "shop" ADD COLUMN "lost" text;'))).toEqual([
      'diverged-from-schema',
    ])
    // Wrangler takes every file of the folder, and reads no journal.
    const worker = { 'apps/web/wrangler.toml': 'name = "shop"\n[[d1_databases]]\nbinding = "DB"\n' }
    expect(await outcomes(history, drizzle('ALTER TABLE "shop" ADD COLUMN "lost" text;', worker))).toEqual(['linear'])
  })

  const index = { 'supabase/migrations/20260102000000_x.sql': "SET lock_timeout = '5s';\nCREATE INDEX i ON a (id);" }
  const others = { LICENSE: 'MIT License', 'README.md': 'Run it on your own server: docker run shop\n' }
  const starts = {
    Dockerfile: 'FROM node:24\nCOPY . .\nENTRYPOINT ["./start.sh"]\n',
    'start.sh': '#!/bin/sh\nnpx supabase db push\nexec node server.js\n',
  }
  const byTag = {
    '.github/workflows/release.yml':
      'on: { push: { tags: [v*] } }\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: flyctl deploy\n',
  }
  it.each<[string, Record<string, string>, string, string]>([
    ['an index, and a pipeline releases by tags', byTag, '2026-01-10T00:00:00Z', 'high certain'],
    ['an index, and nothing shows that tags are what goes out', {}, '2026-01-10T00:00:00Z', 'medium possible'],
    ['where others run it, and somebody migrates', others, '2026-01-10T00:00:00Z', 'medium possible'],
    [
      'where it migrates before it starts, and its makers run it',
      { ...starts, ...byTag },
      '2026-01-10T00:00:00Z',
      'high certain',
    ],
    ['where others run it, and it migrates first', { ...others, ...starts }, '2026-01-10T00:00:00Z', 'medium possible'],
    ['that lay there for half a year', {}, '2026-07-10T00:00:00Z', 'medium possible'],
  ])('how loud a hazard is: %s', async (_name, files, last, expected) => {
    const repo = build(one => [
      one.git('tag', 'v1'),
      one.write({ ...index, ...files }),
      one.commit('index'),
      one.write({ x: '1' }),
      one.git('add', '-A'),
    ])
    const env = { ...process.env, GIT_AUTHOR_DATE: last, GIT_COMMITTER_DATE: last }
    execFileSync('git', ['-c', 'user.name=T', '-c', 'user.email=t@example.com', 'commit', '-qm', 'more'], {
      cwd: repo.root,
      env,
    })
    const { findings } = (await judgeFolder(repo.root, [hazard], {}))[hazard.id]!
    repo.dispose()
    expect(findings.map(({ severity, confidence }) => `${severity} ${confidence}`)).toEqual([expected])
  })

  it("finds 'push-in-production' in code, unless it is for development alone", async () => {
    const with_ = (text: string) => build(repo => [repo.write({ 'src/db.ts': text }), repo.commit('code')])
    expect(await outcomes(history, with_('new DataSource({\n  synchronize: true,\n})'))).toEqual(['push-in-production'])
    const named = (name: string) =>
      `const ${name} = {\n  type: 'sqlite',\n  database: process.env.PLACE\n    ? 'a'\n    : 'b',\n  synchronize: true,\n}\n`
    expect(await outcomes(history, with_(named('devConfig')))).toEqual(['linear'])
    expect(await outcomes(history, with_(named('config')))).toEqual(['push-in-production'])
    expect(
      await outcomes(
        history,
        with_("new DataSource({\n  synchronize: process.env.NODE_ENV !== 'production' && true,\n})"),
      ),
    ).toEqual(['linear'])
    expect(
      await outcomes(
        history,
        with_("if (process.env.NODE_ENV === 'development') {\n  await sequelize.sync({ alter: true })\n}"),
      ),
    ).toEqual(['linear'])
    expect(await outcomes(history, with_('await sequelize.sync({ force: true })'))).toEqual(['push-in-production'])
  })
})

describe('where nothing says what is released', () => {
  it('what lay there longer than a month was shipped with what came after it', async () => {
    const repo = makeRepo(sql(1, 'CREATE TABLE a (id int);'))
    const at = (day: string) => ({ GIT_COMMITTER_DATE: `${day}T00:00:00Z`, GIT_AUTHOR_DATE: `${day}T00:00:00Z` })
    const commit = (day: string): void => {
      repo.git('add', '-A')
      execFileSync('git', ['commit', '-q', '-m', day], { cwd: repo.root, env: { ...process.env, ...at(day) } })
    }
    repo.git('config', 'user.email', 'a@example.com')
    repo.git('config', 'user.name', 'A')
    commit('2025-11-01')
    repo.write(sql(2, "SET lock_timeout = '5s';\nALTER TABLE a DROP COLUMN id;"))
    commit('2026-01-02')
    expect(outcomesIn((await judgeFolder(repo.root, [hazard]))['migration-hazard']!)).toEqual(['drops-data'])
    repo.write({ readme: '1' })
    commit('2026-06-01')
    expect(await outcomes(hazard, repo)).toEqual(['safe'])
  })
})

describe('what no tag tells', () => {
  const commitAt = (repo: TestRepo, message: string, day: string): void => {
    repo.git('add', '-A')
    execFileSync(
      'git',
      ['-c', 'user.name=a', '-c', 'user.email=a@b.c', 'commit', '-q', '-m', message, '--allow-empty'],
      {
        cwd: repo.root,
        env: { ...process.env, GIT_AUTHOR_DATE: `${day}T12:00:00Z`, GIT_COMMITTER_DATE: `${day}T12:00:00Z` },
      },
    )
  }
  const edit = (repo: TestRepo) => repo.write(sql(1, 'CREATE TABLE a (id bigint);'))

  it('a tag that names no release is none', async () => {
    const tagged = (tag: string) => build(repo => [repo.git('tag', tag), edit(repo), repo.commit('edit')])
    expect(await outcomes(history, tagged('before-cleanup'))).toEqual(['linear'])
    expect(await outcomes(history, tagged('v1.0'))).toEqual(['edited-after-release'])
  })

  it('a tag after which the product went on for years is no release of today', async () => {
    const aged = async (commits: number) => {
      const repo = makeRepo(sql(1, 'CREATE TABLE a (id int);'))
      commitAt(repo, 'first', '2022-01-01')
      repo.git('tag', 'v1')
      for (let at = 0; at < commits; at += 1) commitAt(repo, 'x', '2024-01-01')
      edit(repo)
      commitAt(repo, 'edit', '2026-01-01')
      const judged = (await judgeFolder(repo.root, [history]))[history.id]!
      repo.dispose()
      return judged.findings.map(one => `${one.outcome} ${one.confidence}`)
    }
    // Not held against the tag: it is a guess, by what lay there a month before.
    expect(await aged(45)).toEqual(['edited-after-release possible'])
    expect(await aged(2)).toEqual(['edited-after-release possible'])
  })

  it('an edit of what lay there for a month is a guess where nothing says what is released', async () => {
    const lay = async (day: string) => {
      const repo = makeRepo(sql(1, 'CREATE TABLE a (id int);'))
      commitAt(repo, 'first', day)
      edit(repo)
      commitAt(repo, 'edit', '2026-01-20')
      const judged = (await judgeFolder(repo.root, [history]))[history.id]!
      repo.dispose()
      return judged.findings.map(one => `${one.outcome} ${one.confidence}`)
    }
    expect(await lay('2025-11-01')).toEqual(['edited-after-release possible'])
    expect(await lay('2026-01-10')).toEqual([])
  })

  it('a history that one commit brought tells nothing of what is new', async () => {
    const repo = makeRepo(sql(1, 'CREATE TABLE a (id int);'))
    repo.write({ 'supabase/migrations/20230301000000_x.sql': "SET lock_timeout = '5s';\nDROP TABLE b;" })
    commitAt(repo, 'everything', '2026-01-01')
    expect(await outcomes(hazard, repo)).toEqual(['safe'])
  })

  it('of Alembic is the same under another name of its file', async () => {
    const migration = (name: string, revision: string) => ({
      [`alembic/versions/${name}.py`]: `revision = '${revision}'\ndown_revision = None\ndef upgrade():\n    op.execute("SET lock_timeout = '5s'")\n    op.drop_column('a', 'b')\n`,
    })
    const found = async (revision: string) => {
      const repo = makeRepo({
        'requirements.txt': 'alembic\npsycopg2\n',
        'alembic.ini': '[alembic]\nsqlalchemy.url = postgresql://db/a\n',
        ...migration('0001_old_words', 'abc123'),
      })
      repo.commit('first')
      repo.git('tag', 'v1')
      repo.git('rm', '-q', 'alembic/versions/0001_old_words.py')
      repo.write(migration('0001_new_words', revision))
      repo.commit('second')
      const told = await outcomes(hazard, repo)
      repo.dispose()
      return told
    }
    expect(await found('abc123')).toEqual(['safe'])
    expect(await found('def456')).toEqual(['drops-data'])
  })

  it('an edit of rows alone is medium, and one that leaves nothing is none', async () => {
    const rails = (body: string) => ({
      'db/migrate/20260101000000_fill.rb': `class Fill < ActiveRecord::Migration[8.0]\n  def up\n${body}  end\nend\n`,
    })
    const edited = async (was: string, is: string) => {
      const repo = makeRepo(rails(was))
      repo.commit('first')
      repo.git('tag', 'v1')
      repo.write(rails(is))
      repo.commit('second')
      const judged = (await judgeFolder(repo.root, [history]))[history.id]!
      repo.dispose()
      return judged.findings.map(one => `${one.outcome} ${one.severity}`)
    }
    expect(await edited('    Agent.update_all(on: true)\n', '    Agent.update_all(on: false)\n')).toEqual([
      'edited-after-release medium',
    ])
    expect(await edited('    Agent.update_all(on: true)\n', '')).toEqual([])
    expect(await edited('    add_column :a, :b, :string\n', '')).toEqual(['edited-after-release medium'])
  })

  it('a folder that no setting of the database names is run by choice', async () => {
    const repo = makeRepo({
      'config/database.yml': 'production:\n  adapter: postgresql\n',
      'db/migrate/20260101000000_a.rb':
        'class A < ActiveRecord::Migration[8.0]\n  def change\n    create_table :a\n  end\nend\n',
      'db/json_migrate/20260102000000_b.rb':
        'class B < ActiveRecord::Migration[8.0]\n  def up\n    drop_table :c\n  end\nend\n',
    })
    repo.commit('first')
    repo.git('tag', 'v1')
    repo.git('mv', 'db/json_migrate/20260102000000_b.rb', 'db/json_migrate/20260103000000_b.rb')
    repo.commit('second')
    const judged = (await judgeFolder(repo.root, [hazard]))[hazard.id]!
    repo.dispose()
    expect(judged.findings.filter(one => one.outcome === 'drops-data').map(one => one.confidence)).toEqual(['possible'])
  })
})
