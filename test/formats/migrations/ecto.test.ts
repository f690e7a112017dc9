import { describe, expect, it } from 'vitest'
import { hazardsOf } from '../../../src/formats/migrations/hazards.ts'
import { migrationOf, readMigration } from '../../../src/formats/migrations/read.ts'
import { recipeFor } from '../../../src/formats/migrations/recipes.ts'
import { applyOperations, type Schema } from '../../../src/formats/migrations/schema.ts'
import { loadPostgresParser } from '../../../src/formats/migrations/sql-postgres.ts'

const parse = await loadPostgresParser()

const migration = (body: string, head = ''): string =>
  `defmodule Shop.Repo.Migrations.Step do\n  use Ecto.Migration\n${head}\n  def change do\n${body}\n  end\nend\n`

const read = (text: string) => readMigration(text, 'ecto', 'postgresql', parse)

const released = migration(`    create table(:orders) do
      add :total, :integer
      add :note, :string
      add :state, :string, null: false, default: "open"
      add :team_id, :bigint
      timestamps()
    end
    create table(:teams) do
      add :name, :string
    end`)

const judge = (text: string) => {
  const schema: Schema = new Map()
  applyOperations(schema, read(released).operations)
  return hazardsOf([{ file: 'm', ...read(text) }], schema, 'postgresql', 'ecto', true)
}
const hazards = (text: string): string[] =>
  judge(text).map(({ hazard, table, column }) => `${hazard} ${table ?? '?'}${column ? `.${column}` : ''}`)

const alone = '  @disable_ddl_transaction true\n  @disable_migration_lock true\n'

describe('Ecto: what hurts', () => {
  it.each<[string, string, string[]]>([
    ['a column removed', 'alter table(:orders) do\n  remove :note\nend', ['drops-data orders.note']],
    [
      'with its type, to be put back',
      'alter table("orders") do\n  remove(:note, :string)\nend',
      ['drops-data orders.note'],
    ],
    ['if it is there', 'alter table(:orders) do\n  remove_if_exists :note, :string\nend', ['drops-data orders.note']],
    ['a table dropped', 'drop table(:orders)', ['drops-data orders']],
    ['a table dropped if it is there', 'drop_if_exists table("orders"), mode: :cascade', ['drops-data orders']],
    ['a table of another schema', 'drop table(:orders, prefix: "old")', ['drops-data old.orders']],
    ['a column renamed', 'rename table(:orders), :note, to: :remark', ['renames orders.note']],
    ['a table renamed', 'rename(table(:orders), to: table(:purchases))', ['renames orders']],
    [
      'a required column',
      'alter table(:orders) do\n  add :sku, :string, null: false\nend',
      ['not-null-on-existing orders.sku'],
    ],
    [
      'required over several lines',
      'alter table(:orders) do\n  add :sku, :string,\n    size: 40,\n    null: false\nend',
      ['not-null-on-existing orders.sku'],
    ],
    [
      'timestamps for rows that are there',
      'alter table(:teams) do\n  timestamps()\nend',
      ['not-null-on-existing teams.inserted_at', 'not-null-on-existing teams.updated_at'],
    ],
    [
      'required later',
      'alter table(:orders) do\n  modify :note, :string, null: false\nend',
      ['not-null-on-existing orders.note'],
    ],
    [
      'required, and taken back',
      'alter table(:orders) do\n  modify :note, :string, null: false, from: {:string, null: true}\nend',
      ['not-null-on-existing orders.note'],
    ],
    ['another type', 'alter table(:orders) do\n  modify :total, :bigint\nend', ['type-change orders.total']],
    ['a shorter text', 'alter table(:orders) do\n  modify :note, :string, size: 20\nend', ['type-change orders.note']],
    [
      'a default for each row',
      'alter table(:orders) do\n  add :key, :uuid, default: fragment("gen_random_uuid()")\nend',
      ['rewrites-table orders.key'],
    ],
    ['a serial', 'alter table(:orders) do\n  add :number, :bigserial\nend', ['rewrites-table orders.number']],
    [
      'computed and stored',
      'alter table(:orders) do\n  add :net, :integer, generated: "ALWAYS AS (total / 2) STORED"\nend',
      ['rewrites-table orders.net'],
    ],
    [
      'a foreign key upon a column',
      'alter table(:orders) do\n  modify :team_id, references(:teams)\nend',
      ['blocks-writes orders.team_id'],
    ],
    [
      'another end of a foreign key',
      'alter table(:orders) do\n  modify(:team_id, references(:teams, on_delete: :delete_all),\n    from: references(:teams)\n  )\nend',
      ['blocks-writes orders.team_id'],
    ],
    ['a check', 'create constraint(:orders, :positive, check: "total > 0")', ['blocks-writes orders']],
    ['an index', 'create index(:orders, [:note])', ['blocks-writes orders']],
    ['a unique one, without brackets', 'create unique_index("orders", ["lower(note)"])', ['blocks-writes orders']],
    ['an index by a pipe', ':orders\n|> index([:note])\n|> create()', []],
    ['an index that is piped', 'index(:orders, [:note], name: :by_note)\n|> create()', ['blocks-writes orders']],
    [
      'concurrently within the transaction',
      'create index(:orders, [:note], concurrently: true)',
      ['concurrent-in-transaction orders'],
    ],
    ['SQL', 'execute "DROP TABLE orders"', ['drops-data orders']],
    [
      'SQL and the way back',
      'execute("ALTER TABLE orders RENAME note TO remark", "SELECT 1")',
      ['renames orders.note'],
    ],
    ['SQL in a document', 'execute """\nALTER TABLE orders\n  DROP COLUMN note;\n"""', ['drops-data orders.note']],
    [
      'SQL in a sigil',
      "execute(~s|ALTER TABLE orders ALTER note TYPE varchar(9) -- it's|)",
      ['type-change orders.note'],
    ],
    ['SQL joined', 'execute("ALTER TABLE orders " <>\n  "DROP COLUMN note")', ['drops-data orders.note']],
    ['SQL of the repository', 'execute fn -> repo().query!("DROP TABLE orders") end', ['drops-data orders']],
    [
      'rows under a lock',
      'alter table(:orders) do\n  add :sum, :integer\nend\nflush()\nrepo().update_all("orders", set: [sum: 0])',
      ['backfill-with-ddl ?'],
    ],
    ['a loop', 'for name <- [:orders, :teams] do\n  drop table(name)\nend', ['drops-data orders', 'drops-data teams']],
    [
      'a loop over words',
      'Enum.each(~w(orders teams)a, fn name ->\n  alter table(name) do\n    remove :note\n  end\nend)',
      ['drops-data orders.note', 'drops-data teams.note'],
    ],
  ])('%s', (_name, body, expected) => {
    expect(hazards(migration(body))).toEqual(expected)
  })

  it('in a function that is called, and in an attribute', () => {
    const text = migration('gone(:note)', '  @table :orders\n').replace(
      /end\n$/,
      '  defp gone(_), do: drop(table(@table))\n\n  defp unused do\n    drop table(:teams)\n  end\nend\n',
    )
    expect(hazards(text)).toEqual(['drops-data orders'])
  })
})

describe('Ecto: what does not', () => {
  it.each<[string, string, string?]>([
    ['an optional column', 'alter table(:orders) do\n  add :sku, :string\nend'],
    ['one with a default', 'alter table(:orders) do\n  add :paid, :boolean, null: false, default: false\nend'],
    ['a name with a mark', 'alter table(:orders) do\n  add :paid?, :boolean\nend'],
    [
      'a default of now',
      'alter table(:orders) do\n  add :at, :utc_datetime, null: false, default: fragment("now()")\nend',
    ],
    ['a new reference', 'alter table(:orders) do\n  add :user_id, references(:users, on_delete: :delete_all)\nend'],
    ['a default changed', 'alter table(:orders) do\n  modify :state, :string, default: "new", null: false\nend'],
    ['a longer text', 'alter table(:orders) do\n  modify :note, :text\nend'],
    [
      'what was told to be the same',
      'alter table(:others) do\n  modify :a, :string, null: true, from: {:string, null: false}\nend',
    ],
    [
      'a foreign key unvalidated',
      'alter table(:orders) do\n  modify :team_id, references(:teams, validate: false)\nend',
    ],
    ['a check unvalidated', 'create constraint(:orders, :positive, check: "total > 0", validate: false)'],
    ['an index alone', 'create index(:orders, [:note], concurrently: true)', alone],
    [
      'a table of its own',
      'create table(:a) do\n  add :b, :string, null: false\nend\ncreate unique_index(:a, [:b])\nalter table(:a) do\n  remove :b\nend',
    ],
    ['an operator of JSON', "execute \"UPDATE orders SET data = data - 'x' WHERE data ? 'x'\""],
    [
      'what somebody vouched for',
      '# excellent_migrations:safety-assured-for-next-line table_dropped\ndrop table(:orders)',
    ],
    ['a whole file', 'drop table(:orders)', '  # excellent_migrations:safety-assured-for-this-file table_dropped\n'],
  ])('%s', (_name, body, head) => {
    const text = migration(body, head)
    expect(read(text).unread).toEqual([])
    expect(hazards(text)).toEqual([])
  })

  it('the way back', () => {
    const text = migration('', '').replace(
      'def change do\n\n  end',
      'def up do\n    create table(:a)\n  end\n\n  def down do\n    drop table(:orders)\n    undo()\n  end\n\n  defp undo, do: drop(table(:teams))',
    )
    expect(read(text).operations.map(({ kind, table }) => [kind, table])).toEqual([['create-table', 'a']])
  })
})

describe('Ecto: what is not read is named', () => {
  it.each([
    'execute(statement())',
    'Oban.Migration.up(version: 12)',
    'execute_file("priv/repo/up.sql")',
    'Shop.Settings.rename("a", "b")',
    'alter table(name) do\n  remove :a\nend',
    'alter table(:orders) do\n  add column, :string\nend',
    'statements()',
  ])('%s', body => {
    expect(read(migration(body)).unread).toHaveLength(1)
  })
})

it('Ecto keeps migrations below priv, in folders of their own too', () => {
  expect(migrationOf('apps/shop/priv/repo/migrations/2026/20260101000000_a.exs')).toEqual({
    folder: 'apps/shop/priv/repo/migrations',
    orm: 'ecto',
    key: '20260101000000_a.exs',
  })
  expect(migrationOf('priv/repo/migrations/.formatter.exs')).toBeNull()
})

it('Ecto is told the safe way in its own words', () => {
  const steps = (body: string) =>
    judge(migration(body)).flatMap(one => recipeFor(one, 'ecto', 'postgresql').steps.slice(0, 2))
  expect(steps('create unique_index(:orders, [:note], where: "note <> \'\'")')[0]).toBe(
    'Write `create unique_index(:orders, [:note], where: "note <> \'\'", concurrently: true)` with `@disable_ddl_transaction true` and `@disable_migration_lock true` in the module.',
  )
  expect(steps('alter table(:orders) do\n  modify :team_id, references(:teams)\nend')).toEqual([
    '`modify :team_id, references(:teams, validate: false)`.',
    'In the next migration: `execute "ALTER TABLE orders VALIDATE CONSTRAINT orders_team_id_fkey"` (it lets writes through).',
  ])
})
