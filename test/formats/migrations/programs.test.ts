import { describe, expect, it } from 'vitest'
import { hazardsOf } from '../../../src/formats/migrations/hazards.ts'
import type { Orm } from '../../../src/formats/migrations/model.ts'
import { readMigration } from '../../../src/formats/migrations/read.ts'
import { applyOperations, type Schema } from '../../../src/formats/migrations/schema.ts'
import { signatureOf } from '../../../src/formats/migrations/signature.ts'
import { loadPostgresParser } from '../../../src/formats/migrations/sql-postgres.ts'

const parse = await loadPostgresParser()
const read = (text: string, orm: Orm) => readMigration(text, orm, 'postgresql', parse)

const hazards = (text: string, orm: Orm): string[] => {
  const schema: Schema = new Map()
  const made = readMigration(
    'CREATE TABLE orders (id int, note varchar(40), total int)',
    'sql',
    'postgresql',
    parse,
  ).operations
  applyOperations(schema, made)
  return hazardsOf([{ file: 'm', ...read(text, orm) }], schema, 'postgresql', orm, true).map(
    ({ hazard, table, column }) => `${hazard} ${table ?? '?'}${column ? `.${column}` : ''}`,
  )
}

const php = (body: string): string =>
  `<?php\nfinal class Version1 extends AbstractMigration {\n  private const TABLE = 'orders';\n  public function up(Schema $schema): void {\n${body}\n  }\n  public function down(Schema $schema): void { $schema->dropTable('orders'); }\n}\n`
const orders = "$t = $schema->getTable('orders');\n"

describe('Schema objects of Doctrine', () => {
  it.each<[string, string[]]>([
    [`${orders}$t->dropColumn('note');`, ['drops-data orders.note']],
    ["$schema->getTable(self::TABLE)->dropColumn('note');", ['drops-data orders.note']],
    ["$schema->dropTable('orders');", ['drops-data orders']],
    ["$schema->renameTable('orders', 'purchases');", ['renames orders']],
    [`${orders}$t->renameColumn('note', 'remark');`, ['renames orders.note']],
    [`${orders}$t->addColumn('sku', 'string', ['length' => 20]);`, ['not-null-on-existing orders.sku']],
    [`${orders}$t->addColumn('sku', Types::STRING, ['notnull' => false]);`, []],
    [`${orders}$t->addColumn('paid', 'boolean', ['default' => false]);`, []],
    [`${orders}$t->modifyColumn('note', ['notnull' => true]);`, ['not-null-on-existing orders.note']],
    [`${orders}$t->getColumn('note')->setNotnull(true);`, ['not-null-on-existing orders.note']],
    [`${orders}$c = $t->getColumn('note');\n$c->setLength(20);`, ['type-change orders.note']],
    [`${orders}$t->getColumn('note')->setOptions(['length' => 80]);`, []],
    [`${orders}$t->getColumn('total')->setType(Type::getType('string'));`, ['type-change orders.total']],
    [`${orders}$t->addIndex(['note'], 'by_note');`, ['blocks-writes orders']],
    [`${orders}$t->addUniqueIndex(['note']);`, ['blocks-writes orders']],
    [`${orders}$t->addForeignKeyConstraint('teams', ['team_id'], ['id']);`, ['blocks-writes orders']],
    ["$t = $schema->createTable('a');\n$t->addColumn('b', 'string');\n$t->addIndex(['b']);\n$t->dropColumn('b');", []],
    ["$this->connection->executeStatement('DROP TABLE orders');", ['drops-data orders']],
  ])('%s', (body, expected) => {
    expect(read(php(body), 'doctrine').unread).toEqual([])
    expect(hazards(php(body), 'doctrine')).toEqual(expected)
  })

  it.each(['$schema->getTable($name)->dropColumn("a");', `${orders}$t->dropColumn($name);`, '$this->addSql($sql);'])(
    'a name that is computed is named: %s',
    body => {
      expect(read(php(body), 'doctrine').unread).toHaveLength(1)
    },
  )
})

it('a table that TypeORM empties', () => {
  const text =
    "export class A implements MigrationInterface {\n  async up(queryRunner) {\n    await queryRunner.clearTable('orders')\n  }\n}"
  expect(hazards(text, 'typeorm')).toEqual(['drops-data orders'])
})

const rails = (body: string): string => `class A < ActiveRecord::Migration[7.1]\n  def up\n${body}\n  end\nend\n`

describe('Rails', () => {
  it.each<[string, string[]]>([
    [
      "safety_assured do\n  execute 'ALTER TABLE orders ADD CONSTRAINT c CHECK (note IS NOT NULL) NOT VALID'\n  execute 'ALTER TABLE orders VALIDATE CONSTRAINT c'\nend\nchange_column_null :orders, :note, false",
      [],
    ],
    ['safety_assured { remove_column :orders, :note }', []],
    [
      'safety_assured do\n  remove_column :orders, :note\nend\nremove_column :orders, :total',
      ['drops-data orders.total'],
    ],
    ["change_column_null :orders, :note, false, 'x'", ['not-null-on-existing orders.note', 'backfill-with-ddl orders']],
    [
      'change_column :orders, :note, :text\nchange_column :orders, :note, :string, limit: 40',
      ['type-change orders.note'],
    ],
    ['add_column :orders, :upper, :virtual, type: :string, as: "UPPER(note)"', []],
    [
      'add_column :orders, :upper, :virtual, type: :string, as: "UPPER(note)", stored: true',
      ['rewrites-table orders.upper'],
    ],
  ])('%s', (body, expected) => {
    expect(hazards(rails(body), 'rails')).toEqual(expected)
  })
})

const go = (body: string, add = 'goose.AddMigrationContext(up, down)'): string =>
  `package migrations\n\nimport "github.com/pressly/goose/v3"\n\nfunc init() {\n\t${add}\n}\n\nfunc up(ctx context.Context, tx *sql.Tx) error {\n${body}\n\treturn nil\n}\n\nfunc down(ctx context.Context, tx *sql.Tx) error {\n\t_, err := tx.Exec("DROP TABLE orders")\n\treturn err\n}\n`

describe('programs in Go', () => {
  it.each<[string, string, string[], string?]>([
    ['SQL', '\t_, err := tx.ExecContext(ctx, `ALTER TABLE orders DROP COLUMN note`)', ['drops-data orders.note']],
    [
      'in quotes, joined',
      '\ttx.Exec("ALTER TABLE orders " +\n\t\t"RENAME COLUMN note TO remark")',
      ['renames orders.note'],
    ],
    ['in a variable', '\tq := `DROP TABLE orders`\n\ttx.Exec(q)', ['drops-data orders']],
    ['a format', '\ttx.Exec(fmt.Sprintf("ALTER TABLE orders ALTER note TYPE %s", kind))', ['type-change orders.note']],
    [
      'within the transaction',
      '\ttx.Exec("CREATE INDEX CONCURRENTLY a ON orders (note)")',
      ['concurrent-in-transaction orders'],
    ],
    [
      'without one',
      '\ttx.Exec("CREATE INDEX CONCURRENTLY a ON orders (note)")',
      [],
      'goose.AddMigrationNoTxContext(up, down)',
    ],
    [
      'a name of its own',
      '\ttx.Exec("DROP TABLE orders")',
      ['drops-data orders'],
      'goose.AddNamedMigration("1_a.go", up, down)',
    ],
  ])('goose: %s', (_name, body, expected, add) => {
    expect(read(go(body, add), 'goose').unread).toEqual([])
    expect(hazards(go(body, add), 'goose')).toEqual(expected)
  })

  it('goose: in a function that is called', () => {
    const text = `${go('\tgone(tx)')}\nfunc gone(tx *sql.Tx) {\n\ttx.Exec("DROP TABLE orders")\n}\n`
    expect(hazards(text, 'goose')).toEqual(['drops-data orders'])
  })

  it('goose: what it does is compared, not how it is written', () => {
    const does = (body: string) => signatureOf(go(body), 'goose', 'postgresql', parse)
    expect(does('\t// told\n\ttx.Exec("DROP TABLE orders")')).toBe(does('\ttx.Exec(`DROP TABLE orders`)'))
    expect(does('\ttx.Exec("DROP TABLE orders")')).not.toBe(does('\ttx.Exec("DROP TABLE teams")'))
  })

  it('bun', () => {
    const text =
      'package migrations\n\nimport "github.com/uptrace/bun"\n\nfunc init() {\n\tMigrations.MustRegister(func(ctx context.Context, db *bun.DB) error {\n\t\t_, err := db.ExecContext(ctx, "DROP TABLE orders")\n\t\treturn err\n\t}, nil)\n}\n'
    expect(hazards(text, 'bun')).toEqual(['drops-data orders'])
  })

  it.each(['\ttx.Exec(statement())', '\tfill(tx)', '\tdb.NewDropTable().Model(&Order{}).Exec(ctx)'])(
    'what is not read is named: %s',
    body => {
      expect(read(go(body), 'goose').unread).not.toEqual([])
    },
  )
})
