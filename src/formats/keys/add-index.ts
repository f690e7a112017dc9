// Migrations that add indexes, each in the words of its tool; concurrently where PostgreSQL would keep customers from writing meanwhile.
import type { Dialect, Orm } from '../migrations/model.ts'
import type { Unindexed } from './unindexed.ts'

export type Adding = {
  orm: Orm
  dialect: Dialect | null
  folder: string
  /** Name of the newest migration's file or folder, and its text: what the next is numbered and headed by. */
  newest: { key: string; text: string }
  columns: readonly Unindexed[]
}

export type Written = { path: string; content: string }

const plain = (name: string): string => name.replace(/\W+/g, '_').toLowerCase()
/** At most 63 bytes, as PostgreSQL keeps (Django: 30). */
const indexName = ({ table, column }: Unindexed, most = 63): string => {
  const whole = `${plain(table)}_${plain(column)}_idx`
  return whole.length <= most
    ? whole
    : `${whole.slice(0, most - 9).replace(/_$/, '')}_${[...whole].reduce((sum, char) => (sum * 31 + char.charCodeAt(0)) % 0xffff, 7).toString(16)}_idx`
}

/** The number that a name begins with, so many further: 0007 → 0008, 20240101120000 → …01, 2024_01_01_000000 → …01. */
export const numberAfter = (key: string, by: number): string => {
  const prefix = /^(?:V|U|Migration|Version)?(\d+(?:_\d+){0,3})/.exec(key)?.[1] ?? '0'
  const last = /(\d+)$/.exec(prefix)![1]!
  const next = String(BigInt(last) + BigInt(by)).padStart(last.length, '0')
  return `${prefix.slice(0, prefix.length - last.length)}${next}`
}

const quoteFor = (dialect: Dialect | null): string => (dialect === 'mysql' ? '`' : '"')

const quoted = (name: string, dialect: Dialect | null): string => {
  const quote = quoteFor(dialect)
  return name
    .split('.')
    .map(part => `${quote}${part}${quote}`)
    .join('.')
}

/** The statement that makes one index. */
export const createIndex = (one: Unindexed, dialect: Dialect | null, concurrently = dialect === 'postgresql'): string =>
  `CREATE INDEX ${concurrently ? 'CONCURRENTLY ' : ''}${dialect === 'postgresql' ? 'IF NOT EXISTS ' : ''}${quoted(indexName(one), dialect)} ON ${quoted(one.table, dialect)} (${quoted(one.column, dialect)});`

const at = (folder: string, name: string): string => (folder === '' ? name : `${folder}/${name}`)

/** One file for each statement: a script of several is one transaction, in which nothing is built concurrently. */
const sqlFiles = (adding: Adding, name: (number: string, label: string) => string, head = ''): Written[] =>
  adding.columns.map((one, index) => ({
    path: at(adding.folder, name(numberAfter(adding.newest.key, index + 1), indexName(one))),
    content: `${head}${createIndex(one, adding.dialect)}\n`,
  }))

const rails = ({ folder, newest, columns, dialect }: Adding): Written[] => {
  const version = /Migration\[([\d.]+)\]/.exec(newest.text)?.[1] ?? '7.1'
  const concurrent = dialect === 'postgresql'
  const lines = columns.map(
    one => `    add_index :${one.table}, :${one.column}${concurrent ? ', algorithm: :concurrently' : ''}`,
  )
  return [
    {
      path: at(folder, `${numberAfter(newest.key, 1)}_index_foreign_keys.rb`),
      content: `class IndexForeignKeys < ActiveRecord::Migration[${version}]\n${concurrent ? '  disable_ddl_transaction!\n\n' : ''}  def change\n${lines.join('\n')}\n  end\nend\n`,
    },
  ]
}

const django = ({ folder, newest, columns, dialect }: Adding): Written[] => {
  const app = folder.split('/').at(-2) ?? ''
  const concurrent = dialect === 'postgresql'
  const operation = concurrent ? 'AddIndexConcurrently' : 'migrations.AddIndex'
  const lines = columns.map(one => {
    const model = one.table.slice(app.length + 1)
    return `        ${operation}(\n            model_name="${model}",\n            index=models.Index(fields=["${one.column.replace(/_id$/, '')}"], name="${indexName(one, 30)}"),\n        ),`
  })
  return [
    {
      path: at(folder, `${numberAfter(newest.key, 1)}_index_foreign_keys.py`),
      content: `${concurrent ? 'from django.contrib.postgres.operations import AddIndexConcurrently\n' : ''}from django.db import migrations, models\n\n\nclass Migration(migrations.Migration):\n${concurrent ? '    atomic = False\n\n' : ''}    dependencies = [("${app}", "${newest.key.replace(/\.py$/, '')}")]\n\n    operations = [\n${lines.join('\n')}\n    ]\n`,
    },
  ]
}

const laravel = ({ folder, newest, columns, dialect }: Adding): Written[] => {
  const concurrent = dialect === 'postgresql'
  const up = columns.map(one =>
    concurrent
      ? `        DB::statement('${createIndex(one, dialect).replace(/;$/, '')}');`
      : `        Schema::table('${one.table}', fn (Blueprint $table) => $table->index('${one.column}'));`,
  )
  const down = columns.map(one =>
    concurrent
      ? `        DB::statement('DROP INDEX CONCURRENTLY IF EXISTS "${indexName(one)}"');`
      : `        Schema::table('${one.table}', fn (Blueprint $table) => $table->dropIndex(['${one.column}']));`,
  )
  return [
    {
      path: at(folder, `${numberAfter(newest.key, 1)}_index_foreign_keys.php`),
      content: `<?php\n\nuse Illuminate\\Database\\Migrations\\Migration;\n${concurrent ? 'use Illuminate\\Support\\Facades\\DB;\n' : 'use Illuminate\\Database\\Schema\\Blueprint;\nuse Illuminate\\Support\\Facades\\Schema;\n'}\nreturn new class extends Migration\n{\n${concurrent ? '    public $withinTransaction = false;\n\n' : ''}    public function up(): void\n    {\n${up.join('\n')}\n    }\n\n    public function down(): void\n    {\n${down.join('\n')}\n    }\n};\n`,
    },
  ]
}

const endingOf = (key: string): string => /\.(?:[cm]?[jt]s)$/.exec(key)?.[0] ?? '.js'

/** `exports.up` or `export const up`, as the newest migration has it. */
const isModule = (text: string, ending: string): boolean => /^export\s/m.test(text) || /ts$/.test(ending)

const knex = ({ folder, newest, columns, dialect }: Adding): Written[] => {
  const ending = endingOf(newest.key)
  const module = isModule(newest.text, ending)
  const make = (name: string, body: string): string =>
    module
      ? `export async function ${name}(knex${/ts$/.test(ending) ? ': Knex' : ''}) {\n${body}\n}\n`
      : `exports.${name} = async knex => {\n${body}\n}\n`
  const up = columns.map(
    one => `  await knex.raw(\`${createIndex(one, dialect).replace(/;$/, '').replaceAll('`', '\\`')}\`)`,
  )
  const down = columns.map(
    one =>
      `  await knex.raw(\`DROP INDEX ${dialect === 'postgresql' ? 'CONCURRENTLY ' : ''}${quoted(indexName(one), dialect).replaceAll('`', '\\`')}\`)`,
  )
  const config =
    dialect === 'postgresql'
      ? `${module ? 'export const config =' : 'exports.config ='} { transaction: false }\n\n`
      : ''
  return [
    {
      path: at(folder, `${numberAfter(newest.key, 1)}_index_foreign_keys${ending}`),
      content: `${/ts$/.test(ending) ? "import type { Knex } from 'knex'\n\n" : ''}${config}${make('up', up.join('\n'))}\n${make('down', down.join('\n'))}`,
    },
  ]
}

const sequelize = ({ folder, newest, columns, dialect }: Adding): Written[] => {
  const ending = endingOf(newest.key)
  const options = (one: Unindexed): string =>
    `{ name: '${indexName(one)}'${dialect === 'postgresql' ? ', concurrently: true' : ''} }`
  const up = columns.map(one => `    await queryInterface.addIndex('${one.table}', ['${one.column}'], ${options(one)})`)
  const down = columns.map(one => `    await queryInterface.removeIndex('${one.table}', '${indexName(one)}')`)
  const head = isModule(newest.text, ending) ? 'export default {' : 'module.exports = {'
  return [
    {
      path: at(folder, `${numberAfter(newest.key, 1)}-index-foreign-keys${ending}`),
      content: `${head}\n  async up(queryInterface) {\n${up.join('\n')}\n  },\n\n  async down(queryInterface) {\n${down.join('\n')}\n  },\n}\n`,
    },
  ]
}

const typeorm = ({ folder, newest, columns, dialect }: Adding): Written[] => {
  const ending = endingOf(newest.key)
  const number = numberAfter(newest.key, 1)
  const typed = /ts$/.test(ending)
  const up = columns.map(
    one => `    await queryRunner.query(\`${createIndex(one, dialect).replace(/;$/, '').replaceAll('`', '\\`')}\`)`,
  )
  const down = columns.map(
    one => `    await queryRunner.query(\`DROP INDEX ${quoted(indexName(one), dialect).replaceAll('`', '\\`')}\`)`,
  )
  const name = `IndexForeignKeys${number}`
  const parameter = typed ? 'queryRunner: QueryRunner' : 'queryRunner'
  const transaction =
    dialect === 'postgresql' ? `  ${typed ? 'transaction = false as const' : 'transaction = false'}\n\n` : ''
  const head = typed
    ? `import type { MigrationInterface, QueryRunner } from 'typeorm'\n\nexport class ${name} implements MigrationInterface {\n`
    : `/** @implements {import('typeorm').MigrationInterface} */\nmodule.exports = class ${name} {\n`
  return [
    {
      path: at(folder, `${number}-IndexForeignKeys${ending}`),
      content: `${head}${transaction}  async up(${parameter}) {\n${up.join('\n')}\n  }\n\n  async down(${parameter}) {\n${down.join('\n')}\n  }\n}\n`,
    },
  ]
}

const alembic = ({ folder, newest, columns, dialect }: Adding): Written[] => {
  const revision = /^revision\s*(?::\s*\w+\s*)?=\s*["'](\w+)["']/m.exec(newest.text)?.[1] ?? ''
  const concurrent = dialect === 'postgresql'
  const indent = concurrent ? '        ' : '    '
  const up = columns.map(
    one =>
      `${indent}op.create_index("${indexName(one)}", "${one.table}", ["${one.column}"]${concurrent ? ', postgresql_concurrently=True' : ''})`,
  )
  const down = columns.map(one => `    op.drop_index("${indexName(one)}", table_name="${one.table}")`)
  return [
    {
      path: at(folder, 'index_foreign_keys.py'),
      content: `"""Index foreign keys"""\n\nfrom alembic import op\n\nrevision = "1ndexf0re1gn"\ndown_revision = "${revision}"\nbranch_labels = None\ndepends_on = None\n\n\ndef upgrade():\n${concurrent ? '    with op.get_context().autocommit_block():\n' : ''}${up.join('\n')}\n\n\ndef downgrade():\n${down.join('\n')}\n`,
    },
  ]
}

/** Drizzle runs its migrations in one transaction: nothing is built concurrently there. The journal names them. */
const drizzle = (adding: Adding, journal: string): Written[] => {
  const { folder, newest, columns, dialect } = adding
  const number = numberAfter(newest.key, 1)
  const tag = `${number}_index_foreign_keys`
  const statements = columns.map(one => createIndex(one, dialect, false))
  const entries = [...journal.matchAll(/"idx"\s*:\s*(\d+)[\s\S]{0,200}?"when"\s*:\s*(\d+)/g)]
  const last = entries.at(-1)
  const entry = `{ "idx": ${Number(last?.[1] ?? -1) + 1}, "version": "${/"version"\s*:\s*"(\d+)"/.exec(journal)?.[1] ?? '7'}", "when": ${Number(last?.[2] ?? 0) + 1}, "tag": "${tag}", "breakpoints": true }`
  const close = journal.lastIndexOf(']')
  const content = `${journal.slice(0, close).trimEnd()}${entries.length ? ',' : ''}\n    ${entry}\n  ${journal.slice(close)}`
  return [
    { path: at(folder, `${tag}.sql`), content: `${statements.join('\n--> statement-breakpoint\n')}\n` },
    { path: at(folder, 'meta/_journal.json'), content },
  ]
}

/** Files of the migration that adds the indexes; none where the tool has no files of its own that could be written. */
export const indexMigration = (adding: Adding, journal: string | null): Written[] => {
  if (adding.columns.length === 0) return []
  switch (adding.orm) {
    case 'rails':
      return rails(adding)
    case 'django':
      return django(adding)
    case 'laravel':
      return laravel(adding)
    case 'knex':
      return knex(adding)
    case 'sequelize':
      return sequelize(adding)
    case 'typeorm':
      return typeorm(adding)
    case 'alembic':
      return alembic(adding)
    case 'drizzle':
      return journal === null ? [] : drizzle(adding, journal)
    case 'prisma':
      return sqlFiles(adding, (number, label) => `${number}_${label}/migration.sql`)
    case 'diesel':
      return sqlFiles(adding, (number, label) => `${number}_${label}/up.sql`)
    case 'golang-migrate':
      return sqlFiles(adding, (number, label) => `${number}_${label}.up.sql`)
    case 'flyway':
      return sqlFiles(adding, (number, label) => `V${number}__${label}.sql`)
    case 'goose':
      return sqlFiles(
        adding,
        (number, label) => `${number}_${label}.sql`,
        adding.dialect === 'postgresql' ? '-- +goose NO TRANSACTION\n-- +goose Up\n' : '-- +goose Up\n',
      )
    case 'dbmate':
      return sqlFiles(
        adding,
        (number, label) => `${number}_${label}.sql`,
        adding.dialect === 'postgresql' ? '-- migrate:up transaction:false\n' : '-- migrate:up\n',
      )
    case 'supabase':
    case 'sql':
      return sqlFiles(adding, (number, label) => `${number}_${label}.sql`)
    default:
      return []
  }
}
