// Which database a folder of migrations is for, and which of two versions of a migration does something else.
import { describe, expect, it } from 'vitest'
import {
  databaseOfFile,
  databaseOfFolder,
  databaseOfText,
  databasesNamedIn,
  dialectAmong,
} from '../../../src/formats/migrations/databases.ts'
import { javascriptOrm } from '../../../src/formats/migrations/javascript.ts'
import type { Orm } from '../../../src/formats/migrations/model.ts'
import { byKey, orderOfTool } from '../../../src/formats/migrations/order.ts'
import { markedFolders, migrationOf, readMigration } from '../../../src/formats/migrations/read.ts'
import { callersIn, reachedBy, runnersIn } from '../../../src/formats/migrations/runners.ts'
import { signatureOf } from '../../../src/formats/migrations/signature.ts'
import { loadPostgresParser } from '../../../src/formats/migrations/sql-postgres.ts'
import { mayBeUnread, unreadTools } from '../../../src/formats/migrations/unread-tools.ts'

describe('the database of migrations', () => {
  it.each<[string, string | null]>([
    ['ALTER TABLE a ALTER COLUMN b TYPE text USING b::text', 'postgresql'],
    ['CREATE TABLE a (id bigserial)', 'postgresql'],
    ['DO $$ BEGIN END $$', 'postgresql'],
    ['ALTER TABLE a ADD CONSTRAINT c CHECK (b > 1) NOT VALID', 'postgresql'],
    ['CREATE TABLE a (id INT AUTO_INCREMENT) ENGINE=InnoDB', 'mysql'],
    ['ALTER TABLE a MODIFY b varchar(20)', 'mysql'],
    ['PRAGMA foreign_keys=OFF', 'sqlite'],
    ['CREATE TABLE a (b LowCardinality(String)) ENGINE = ReplicatedMergeTree ORDER BY b', 'ClickHouse'],
    ['CREATE TABLE a (b NVARCHAR(MAX))', 'SQL Server'],
    ['CREATE TABLE a (id int); CREATE INDEX i ON a (id)', null],
    // Signs of two leave it open.
    ['CREATE TABLE a (id INT AUTO_INCREMENT, b jsonb)', null],
  ])('is told by what only it understands: %s', (text, expected) => {
    const found = databaseOfText(text)
    expect(found && (found.dialect ?? found.other)).toBe(expected)
  })

  it.each<[string, string | null]>([
    ['store/migration/mysql/0.17', 'mysql'],
    ['db/clickhouse/migrations', 'ClickHouse'],
    ['packages/pg/migrations', 'postgresql'],
    ['db/migrations', null],
  ])('is told by a folder: %s', (folder, expected) => {
    const found = databaseOfFolder(folder)
    expect(found && (found.dialect ?? found.other)).toBe(expected)
  })

  it.each<[string, string | null]>([
    ['db/migrate/2026-02-13-1-orders-sqlite.sql', 'sqlite'],
    ['migrations/0007_orders.postgres.up.sql', 'postgresql'],
    ['migrations/0007_drop_mysql_leftovers.sql', null],
    ['migrations/0007_orders.sql', null],
  ])('is told by a file, where a folder serves several: %s', (file, expected) =>
    expect(databaseOfFile(file)?.dialect ?? null).toBe(expected),
  )

  it.each<[string, string | null]>([
    ['services:\n  db:\n    image: postgres:17.6\n', 'postgresql'],
    ['services:\n  db:\n    image: "registry.test/pgvector/pgvector:pg17"\n', 'postgresql'],
    ['services:\n  db:\n    image: mariadb\n  cache:\n    image: redis\n', 'mysql'],
    ['MYSQL_HOST=db\n', 'mysql'],
    ['DATABASE_URL=postgresql://u@db/app\nTEST_URL=sqlite://x\n', 'postgresql'],
    ['POSTGRES_DB=a\nMYSQL_DB=b\n', null],
    ['REDIS_URL=redis://x\n', null],
  ])('is told by what runs beside it: %j', (text, expected) => {
    expect(dialectAmong(databasesNamedIn(text))).toBe(expected)
  })
})

describe('what a migration does', () => {
  const django = (body: string, head = 'from django.db import migrations, models\n') =>
    `${head}class Migration(migrations.Migration):\n    dependencies = [('shop', '0001'), ('auth', '0001')]\n    operations = [${body}]\n`
  const field = "migrations.AddField(model_name='order', name='total', field=models.IntegerField(null=True)),"
  const rows = (body: string, annotation = '') => `from x import y\ndef fill(apps${annotation}, editor):\n    ${body}\n`
  const run = django('migrations.RunPython(fill)', '')
  it.each<[string, Orm, string, string, boolean]>([
    ['imports', 'django', django(field), django(field, 'from django.db import models, migrations\nimport os\n'), true],
    ['quotes and spaces', 'django', django(field), django(field.replaceAll("'", '"').replace('null', ' null')), true],
    [
      'a default that is written otherwise',
      'django',
      django(field.replace('null=True', 'default=Decimal("0")')),
      django(field.replace('null=True', 'default=Decimal(0)')),
      true,
    ],
    ['annotations', 'django', `${rows('a()')}${run}`, `${rows('a()', ': Apps')}${run}`, true],
    ['rows filled otherwise', 'django', `${rows('a()')}${run}`, `${rows('b()')}${run}`, false],
    ['another type', 'django', django(field), django(field.replace('Integer', 'Text')), false],
    ['another column', 'django', django(field), django(field.replace('total', 'sum')), false],
    [
      'how a program is run and taken back',
      'doctrine',
      '<?php\nfinal class V extends AbstractMigration {\n  public function up(Schema $s): void { fill(); }\n  public function isTransactional(): bool { return ! ($this->p() instanceof A); }\n}',
      '<?php\nfinal class V extends AbstractMigration {\n  public function up(Schema $s): void { fill(); }\n  public function down(Schema $s): void { if (a) { b(); } }\n  public function isTransactional(): bool\n  {\n    return !$this->p() instanceof B;\n  }\n}',
      true,
    ],
    ['comments of SQL', 'sql', 'DROP TABLE a;', '-- gone\ndrop table  a', true],
    ['other SQL', 'sql', 'DROP TABLE a;', 'DROP TABLE b;', false],
    ['a value in SQL', 'sql', "UPDATE a SET b = 'x'", "UPDATE a SET b = 'y'", false],
  ])('is the same or not: %s', async (_name, orm, old, now, same) => {
    const parse = await loadPostgresParser()
    expect(signatureOf(old, orm, 'postgresql', parse) === signatureOf(now, orm, 'postgresql', parse)).toBe(same)
  })
})

describe('Doctrine', () => {
  it('hands over here-documents', () => {
    const php =
      "<?php\nfinal class A extends AbstractMigration {\n  public function up(Schema $schema): void {\n    $this->addSql(<<<'SQL'\n      CREATE UNIQUE INDEX c ON b (owner, label)\n    SQL);\n  }\n}\n"
    const { operations, unread } = readMigration(php, 'doctrine', 'mysql', null)
    expect(unread).toEqual([])
    expect(operations.map(({ kind, table }) => [kind, table])).toEqual([['add-index', 'b']])
  })
})

it('Knex has tables with a call that Sequelize has too', () => {
  const knex =
    'async function up(knex) {\n  await knex.schema.alterTable("a", function (table) {\n    table.renameColumn("b", "c")\n  })\n}\n'
  expect(javascriptOrm(knex)).toBe('knex')
})

describe('umzug', () => {
  it.each([
    "exports.up = async ({ context: q }) => { await q.removeColumn('users', 'age') }",
    "module.exports = { async up(db) { await db.removeColumn('users', 'age') } }",
    "export const up = async (qi) => qi.removeColumn('users', 'age')",
  ])('hands over the query interface: %s', text => {
    expect(javascriptOrm(text)).toBe('sequelize')
    const { operations } = readMigration(text, 'sequelize', 'postgresql', null)
    expect(operations.map(({ kind, table, column }) => [kind, table, column])).toEqual([
      ['drop-column', 'users', 'age'],
    ])
  })
  it('a program that is not understood is named', () => {
    expect(
      readMigration('exports.up = async () => { await helper(1) }', 'knex', 'postgresql', null).unread,
    ).toHaveLength(1)
  })
})

describe('folders and order', () => {
  it('are marked by lock files, whatever they are called', () => {
    const marked = markedFolders(['db/history/migration_lock.toml', 'sql/atlas.sum', 'out/meta/_journal.json'])
    expect([...marked]).toEqual(['db/history', 'sql', 'out'])
    expect(migrationOf('db/history/20260101_a/migration.sql', marked)).toMatchObject({
      folder: 'db/history',
      orm: 'prisma',
    })
    expect(migrationOf('out/0000_a.sql', marked)).toMatchObject({ folder: 'out' })
    expect(migrationOf('db/history/20260101_a/migration.sql')).toBeNull()
  })
  it('lie in a folder for each database: Doctrine', () => {
    expect(migrationOf('migrations/Postgresql/Version20260101000000.php')).toEqual({
      folder: 'migrations/Postgresql',
      orm: 'doctrine',
      key: 'Version20260101000000.php',
    })
  })
  it('take folders of versions for one history', () => {
    expect(migrationOf('migration/postgres/0.30/01__a.sql')).toEqual({
      folder: 'migration/postgres',
      orm: 'sql-or-drizzle',
      key: '0.30/01__a.sql',
    })
    const keys = ['0.10/1_a', '0.9/2_b', '0.9/10_c'].map(key => ({ key }))
    expect([...keys].sort(byKey).map(({ key }) => key)).toEqual(['0.9/2_b', '0.9/10_c', '0.10/1_a'])
  })
  it('follow the tool: Prisma goes by letters', () => {
    const keys = ['20241231_b', '202310311254_a'].map(key => ({ key }))
    expect([...keys].sort(orderOfTool('prisma')).map(({ key }) => key)).toEqual(['202310311254_a', '20241231_b'])
  })
})

describe('tools that are not read', () => {
  it.each([
    ['Flyway (Java)', 'db/migration/V1__A.java', 'class V1__A extends BaseJavaMigration'],
    ['Kysely', 'migrations/1_a.ts', 'export const up = (db: Kysely<any>) => {}'],
    ['node-pg-migrate', 'migrations/1_a.js', 'exports.up = pgm => pgm.dropTable("a")'],
    ['umzug', 'src/migrations/1.ts', 'export const up: MigrationFn = async () => {}'],
    ['SeaORM', 'migration/src/m20260101_a.rs', 'impl MigrationTrait for Migration {}'],
  ])('are named: %s', (name, path, text) => {
    expect(mayBeUnread(path)).toBe(true)
    expect(unreadTools.find(one => one.path.test(path) && one.text.test(text))?.name).toBe(name)
  })
})

describe('what runs migrations', () => {
  const scripts = (given: Record<string, string>) => JSON.stringify({ scripts: given })
  it.each<[string, Record<string, string>, number]>([
    [
      'run-s',
      { build: 'run-s db:migrate build:next', 'db:migrate': 'drizzle-kit migrate', 'build:next': 'next build' },
      1,
    ],
    ['a file', { build: 'npm-run-all check app', check: 'node scripts/check.js', app: 'next build' }, 1],
    ['before the build', { prebuild: 'prisma migrate deploy', build: 'next build' }, 1],
    ['a pattern', { build: 'run-s build:*', 'build:db': 'knex migrate:latest', 'build:web': 'vite build' }, 1],
    ['by hand', { build: 'next build', 'db:migrate': 'drizzle-kit migrate' }, 0],
  ])('is reached from the build: %s', (_name, given, count) => {
    const runners = runnersIn('scripts/check.js', "execSync('prisma migrate deploy')")
    expect(reachedBy('package.json', scripts(given), runners).build).toHaveLength(count)
  })
  it('is called from a pipeline by the name of its script', () => {
    const own = scripts({ 'db:deploy': 'prisma migrate deploy' })
    expect(callersIn('ci.yml', '- run: pnpm --filter=@x/api db:deploy\n- run: npm test', [own])).toEqual([
      { file: 'ci.yml', line: 1, text: '- run: pnpm --filter=@x/api db:deploy', orm: 'prisma' },
    ])
  })
  it.each<[string, string | null | undefined]>([
    ['npx prisma migrate deploy', 'prisma'],
    ["execFile('prisma', ['migrate', 'deploy'])", 'prisma'],
    ['./manage.py migrate --no-input', 'django'],
    ['hook-pre-app = exec:./manage.py migrate', 'django'],
    ['php artisan migrate --force', 'laravel'],
    ['php artisan migrate:fresh', undefined],
    ['prisma migrate dev', undefined],
    ['sequelize-cli db:migrate:undo', undefined],
  ])('is a command of a tool: %s', (line, tool) => {
    expect(runnersIn('a', line)[0]?.orm).toBe(tool)
  })
})
