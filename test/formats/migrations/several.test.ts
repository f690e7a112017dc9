import { describe, expect, it } from 'vitest'
import { hazardsOf } from '../../../src/formats/migrations/hazards.ts'
import type { Orm } from '../../../src/formats/migrations/model.ts'
import { partsOf } from '../../../src/formats/migrations/parts.ts'
import { migrationOf, readMigration } from '../../../src/formats/migrations/read.ts'
import { applyOperations, type Schema } from '../../../src/formats/migrations/schema.ts'
import { loadPostgresParser } from '../../../src/formats/migrations/sql-postgres.ts'

const parse = await loadPostgresParser()
const read = (text: string, orm: Orm) => readMigration(text, orm, 'postgresql', parse)

/** Hazards on a table `orders` that stands, and what was not read. */
const judge = (text: string, orm: Orm): string[] => {
  const schema: Schema = new Map()
  const made = 'CREATE TABLE orders (id int, note varchar(40), total int)'
  applyOperations(schema, readMigration(made, 'sql', 'postgresql', parse).operations)
  const result = read(text, orm)
  return [
    ...hazardsOf([{ file: 'm', ...result }], schema, 'postgresql', orm, true).map(
      ({ hazard, table, column }) => `${hazard} ${table ?? '?'}${column ? `.${column}` : ''}`,
    ),
    ...result.unread.map(({ line }) => `unread:${line}`),
  ]
}

/** Changes of Liquibase as XML, YAML and JSON say them. */
const changes: [string, string, string, string[]][] = [
  [
    'column dropped',
    '<dropColumn tableName="orders" columnName="note"/>',
    'dropColumn: { tableName: orders, columnName: note }',
    ['drops-data orders.note'],
  ],
  [
    'columns dropped',
    '<dropColumn tableName="orders"><column name="note"/><column name="total"/></dropColumn>',
    'dropColumn: { tableName: orders, columns: [{ column: { name: note } }, { column: { name: total } }] }',
    ['drops-data orders.note', 'drops-data orders.total'],
  ],
  ['table dropped', '<dropTable tableName="orders"/>', 'dropTable: { tableName: orders }', ['drops-data orders']],
  [
    'table renamed',
    '<renameTable oldTableName="orders" newTableName="sales"/>',
    'renameTable: { oldTableName: orders, newTableName: sales }',
    ['renames orders'],
  ],
  [
    'column renamed',
    '<renameColumn tableName="orders" oldColumnName="note" newColumnName="remark"/>',
    'renameColumn: { tableName: orders, oldColumnName: note, newColumnName: remark }',
    ['renames orders.note'],
  ],
  [
    'required column',
    '<addColumn tableName="orders"><column name="sku" type="int"><constraints nullable="false"/></column></addColumn>',
    'addColumn: { tableName: orders, columns: [{ column: { name: sku, type: int, constraints: { nullable: false } } }] }',
    ['not-null-on-existing orders.sku'],
  ],
  [
    'required column with a default',
    '<addColumn tableName="orders"><column name="sku" type="int" defaultValueNumeric="0"><constraints nullable="false"/></column></addColumn>',
    'addColumn: { tableName: orders, columns: [{ column: { name: sku, type: int, defaultValueNumeric: 0, constraints: { nullable: false } } }] }',
    [],
  ],
  [
    'required later',
    '<addNotNullConstraint tableName="orders" columnName="note"/>',
    'addNotNullConstraint: { tableName: orders, columnName: note }',
    ['not-null-on-existing orders.note'],
  ],
  [
    'filled and required',
    '<addNotNullConstraint tableName="orders" columnName="note" defaultNullValue="x"/>',
    'addNotNullConstraint: { tableName: orders, columnName: note, defaultNullValue: x }',
    ['not-null-on-existing orders.note', 'backfill-with-ddl orders'],
  ],
  [
    'narrowed',
    '<modifyDataType tableName="orders" columnName="note" newDataType="varchar(20)"/>',
    'modifyDataType: { tableName: orders, columnName: note, newDataType: varchar(20) }',
    ['type-change orders.note'],
  ],
  [
    'widened',
    '<modifyDataType tableName="orders" columnName="note" newDataType="varchar(80)"/>',
    'modifyDataType: { tableName: orders, columnName: note, newDataType: varchar(80) }',
    [],
  ],
  [
    'index',
    '<createIndex tableName="orders" indexName="a" unique="true"><column name="note"/></createIndex>',
    'createIndex: { tableName: orders, indexName: a, unique: true, columns: [{ column: { name: note } }] }',
    ['blocks-writes orders'],
  ],
  [
    'foreign key',
    '<addForeignKeyConstraint baseTableName="orders" baseColumnNames="total" constraintName="f" referencedTableName="teams" referencedColumnNames="id"/>',
    'addForeignKeyConstraint: { baseTableName: orders, baseColumnNames: total, constraintName: f, referencedTableName: teams, referencedColumnNames: id }',
    ['blocks-writes orders'],
  ],
  [
    'unique',
    '<addUniqueConstraint tableName="orders" columnNames="note, total"/>',
    'addUniqueConstraint: { tableName: orders, columnNames: "note, total" }',
    ['blocks-writes orders'],
  ],
  [
    'a table of its own and its index',
    '<createTable tableName="a"><column name="b" type="int"/></createTable><createIndex tableName="a" indexName="c"><column name="b"/></createIndex>',
    '',
    [],
  ],
  [
    'SQL',
    '<sql>ALTER TABLE orders DROP COLUMN note; DROP TABLE orders</sql>',
    'sql: { sql: "ALTER TABLE orders DROP COLUMN note; DROP TABLE orders" }',
    ['drops-data orders.note', 'drops-data orders'],
  ],
  [
    'SQL of another database',
    '<sql dbms="h2">DROP TABLE orders</sql>',
    'sql: { dbms: h2, sql: DROP TABLE orders }',
    [],
  ],
  ['SQL as CDATA', '<sql><![CDATA[DROP TABLE orders]]></sql>', '', ['drops-data orders']],
  ['SQL elsewhere', '<sqlFile path="a.sql"/>', 'sqlFile: { path: a.sql }', ['unread:1']],
  ['a program', '<customChange class="a.B"/>', 'customChange: { class: a.B }', ['unread:1']],
  ['its way back', '<rollback><dropTable tableName="orders"/></rollback>', '', []],
  [
    'its condition',
    '<preConditions><not><sqlCheck expectedResult="0">select 1</sqlCheck></not></preConditions><dropIndex tableName="orders" indexName="a"/>',
    'dropIndex: { tableName: orders, indexName: a }',
    [],
  ],
  ['words alone', '<comment>drop it</comment><tagDatabase tag="v1"/>', 'tagDatabase: { tag: v1 }', []],
]

describe('changesets of Liquibase', () => {
  it.each(changes)('XML: %s', (_name, xml, _yaml, expected) => {
    expect(judge(`<changeSet id="1" author="a">${xml}</changeSet>`, 'liquibase')).toEqual(expected)
  })

  it.each(changes.filter(([, , yaml]) => yaml))('YAML: %s', (_name, _xml, yaml, expected) => {
    const found = judge(`id: 1\nauthor: a\nchanges:\n  - ${yaml}\n`, 'liquibase')
    expect(found.map(one => one.replace(/:\d+$/, ':1'))).toEqual(expected)
  })

  it('of another database they do nothing', () => {
    expect(
      judge('<changeSet id="1" author="a" dbms="mysql,h2"><dropTable tableName="orders"/></changeSet>', 'liquibase'),
    ).toEqual([])
    expect(
      judge('<changeSet id="1" author="a" dbms="!postgresql"><dropTable tableName="orders"/></changeSet>', 'liquibase'),
    ).toEqual([])
  })

  it.each([
    [
      '<changeSet id="1" author="a">',
      ' runInTransaction="false"',
      '<sql>CREATE INDEX CONCURRENTLY a ON orders (note)</sql></changeSet>',
    ],
    ['--changeset a:1', ' runInTransaction:false', '\nCREATE INDEX CONCURRENTLY a ON orders (note);\n'],
  ])('each has its own transaction: %s', (head, outside, body) => {
    const open = (more: string) => (head.endsWith('>') ? `${head.slice(0, -1)}${more}>` : `${head}${more}`)
    expect(judge(open('') + body, 'liquibase')).toEqual(['concurrent-in-transaction orders'])
    expect(judge(open(outside) + body, 'liquibase')).toEqual([])
  })

  it.each([
    [
      'XML',
      '<databaseChangeLog>\n<!-- <changeSet id="0" author="a"></changeSet> -->\n<changeSet author="a" id="1">\n<dropTable tableName="x"/></changeSet>\n<changeSet author="b" id="2"></changeSet>\n</databaseChangeLog>',
      [
        ['1:a', 3],
        ['2:b', 5],
      ],
    ],
    [
      'YAML',
      'databaseChangeLog:\n  - property: { name: a }\n  - changeSet:\n      id: 1\n      author: a\n      changes:\n        - dropTable: { tableName: x }\n  - changeSet:\n      id: 2\n      author: b\n',
      [
        ['1:a', 4],
        ['2:b', 9],
      ],
    ],
    [
      'JSON',
      '{ "databaseChangeLog": [\n  { "changeSet": { "id": "1", "author": "a", "changes": [] } },\n  { "changeSet": { "id": "2", "author": "b" } }\n] }',
      [
        ['1:a', 2],
        ['2:b', 3],
      ],
    ],
    [
      'SQL',
      '--liquibase formatted sql\n\n--changeset a:1\nDROP TABLE x;\n--rollback SELECT 1;\n\n--changeset b:2 dbms:postgresql\nSELECT 1;\n',
      [
        ['a:1', 3],
        ['b:2', 7],
      ],
    ],
  ])('%s: one after the other, each at its line', (_name, text, expected) => {
    expect(partsOf(text, 'liquibase')?.map(({ id, line }) => [id, line])).toEqual(expected)
  })

  it('a changeset cut out of YAML is read as before', () => {
    const [part] = partsOf(
      'databaseChangeLog:\n- changeSet:\n    id: 1\n    changes:\n    - dropColumn:\n        tableName: orders\n        columnName: note\n',
      'liquibase',
    )!
    expect(judge(part!.text, 'liquibase')).toEqual(['drops-data orders.note'])
    expect(read(part!.text, 'liquibase').operations[0]?.line).toBe(3)
  })

  it.each(['databaseChangeLog: [', '<databaseChangeLog><changeSet id="1">', '{}', ''])(
    'broken ones hold none: %s',
    text => {
      expect(partsOf(text, 'liquibase')).toEqual([])
    },
  )
})

const ef = (body: string): string =>
  `public partial class A : Migration\n{\n    protected override void Up(MigrationBuilder migrationBuilder)\n    {\n${body}\n    }\n\n    protected override void Down(MigrationBuilder migrationBuilder)\n    {\n        migrationBuilder.DropTable(name: "orders");\n    }\n}\n`

describe('Entity Framework Core', () => {
  it.each<[string, string[]]>([
    ['migrationBuilder.DropColumn(\n  name: "note",\n  table: "orders");', ['drops-data orders.note']],
    ['migrationBuilder.DropTable(name: "orders");', ['drops-data orders']],
    ['migrationBuilder.DropTable("orders");', ['drops-data orders']],
    ['migrationBuilder.RenameColumn(name: "note", table: "orders", newName: "remark");', ['renames orders.note']],
    ['migrationBuilder.RenameTable(name: "orders", newName: "sales");', ['renames orders']],
    [
      'migrationBuilder.AddColumn<int>(name: "sku", table: "orders", type: "integer", nullable: false);',
      ['not-null-on-existing orders.sku'],
    ],
    [
      'migrationBuilder.AddColumn<int>(name: "sku", table: "orders", type: "integer", nullable: false, defaultValue: 0);',
      [],
    ],
    [
      'migrationBuilder.AddColumn<Guid>(name: "sku", table: "orders", type: "uuid", nullable: false, defaultValueSql: "gen_random_uuid()");',
      ['rewrites-table orders.sku'],
    ],
    [
      'migrationBuilder.AlterColumn<string>(name: "note", table: "orders", type: "character varying(20)", oldClrType: typeof(string), oldType: "character varying(40)");',
      ['type-change orders.note'],
    ],
    [
      'migrationBuilder.AlterColumn<string>(name: "note", table: "orders", type: "text", oldClrType: typeof(string), oldType: "character varying(40)");',
      [],
    ],
    [
      'migrationBuilder.AlterColumn<string>(name: "note", table: "orders", type: "text", nullable: false, oldType: "text", oldNullable: true);',
      ['not-null-on-existing orders.note'],
    ],
    [
      'migrationBuilder.AlterColumn<string>(name: "note", table: "orders", type: "text", nullable: true, oldType: "text");',
      [],
    ],
    ['migrationBuilder.CreateIndex(name: "a", table: "orders", column: "note");', ['blocks-writes orders']],
    [
      'migrationBuilder.CreateIndex(name: "a", table: "orders", columns: new[] { "note", "total" })\n  .Annotation("Npgsql:CreatedConcurrently", true);',
      [],
    ],
    [
      'migrationBuilder.AddForeignKey(name: "f", table: "orders", column: "total", principalTable: "teams", principalColumn: "Id");',
      ['blocks-writes orders'],
    ],
    [
      'migrationBuilder.CreateTable(name: "a", columns: table => new { Id = table.Column<int>(type: "integer", nullable: false) }, constraints: table => { table.PrimaryKey("p", x => x.Id); });\nmigrationBuilder.CreateIndex(name: "i", table: "a", column: "Id");',
      [],
    ],
    ['migrationBuilder.Sql("DROP TABLE orders;");', ['drops-data orders']],
    ['migrationBuilder.Sql(@"ALTER TABLE ""orders"" DROP COLUMN ""note"";");', ['drops-data orders.note']],
    ['migrationBuilder.Sql("CREATE INDEX CONCURRENTLY a ON orders (note);", suppressTransaction: true);', []],
    ['migrationBuilder.Sql(File.ReadAllText("a.sql"));', ['unread:5']],
    ['migrationBuilder.DropForeignKey(name: "f", table: "orders");', []],
  ])('%s', (body, expected) => {
    expect(judge(ef(body), 'entity-framework')).toEqual(expected)
  })

  it.each([
    ['Data/Migrations/20240101000000_Init.cs', 'entity-framework'],
    ['Data/Migrations/20240101000000_Init.Designer.cs', undefined],
    ['Data/Migrations/ShopContextModelSnapshot.cs', undefined],
    ['Data/Migrations/M001_Init.cs', 'fluent-migrator'],
  ])('%s', (path, orm) => {
    expect(migrationOf(path)?.orm).toBe(orm)
  })
})

const fluent = (body: string, attribute = '[Migration(1)]'): string =>
  `${attribute}\npublic class A : Migration\n{\n    public override void Up()\n    {\n${body}\n    }\n\n    public override void Down()\n    {\n        Delete.Table("orders");\n    }\n}\n`

describe('FluentMigrator', () => {
  it.each<[string, string[]]>([
    [
      'Delete.Column("note").Column("total").FromTable("orders");',
      ['drops-data orders.note', 'drops-data orders.total'],
    ],
    ['Delete.Table("orders");', ['drops-data orders']],
    ['Delete.FromTable("orders").AllRows();', ['drops-data orders']],
    ['Delete.Index("a").OnTable("orders");', []],
    ['Rename.Column("note").OnTable("orders").To("remark");', ['renames orders.note']],
    ['Rename.Table("orders").To("sales");', ['renames orders']],
    ['Alter.Table("orders").AddColumn("sku").AsInt32().NotNullable();', ['not-null-on-existing orders.sku']],
    ['Alter.Table("orders").AddColumn("sku").AsInt32().NotNullable().WithDefaultValue(0);', []],
    ['Create.Column("sku").OnTable("orders").AsString(20).Nullable();', []],
    ['Alter.Column("note").OnTable("orders").AsString(20).Nullable();', ['type-change orders.note']],
    [
      'Create.Index("a").OnTable("orders").OnColumn("note").Ascending().WithOptions().Unique();',
      ['blocks-writes orders'],
    ],
    [
      'Create.ForeignKey("f").FromTable("orders").ForeignColumn("total").ToTable("teams").PrimaryColumn("id");',
      ['blocks-writes orders'],
    ],
    ['Create.Table("a").WithColumn("id").AsInt32().PrimaryKey();\nCreate.Index().OnTable("a").OnColumn("id");', []],
    ['IfDatabase("postgres").Execute.Sql("DROP TABLE orders");', ['drops-data orders']],
    ['Execute.Script("a.sql");', ['unread:6']],
  ])('%s', (body, expected) => {
    expect(judge(fluent(body), 'fluent-migrator')).toEqual(expected)
  })

  it('runs within a transaction unless told', () => {
    const body = 'Execute.Sql("CREATE INDEX CONCURRENTLY a ON orders (note)");'
    expect(judge(fluent(body), 'fluent-migrator')).toEqual(['concurrent-in-transaction orders'])
    expect(judge(fluent(body, '[Migration(1, TransactionBehavior.None)]'), 'fluent-migrator')).toEqual([])
  })
})

const gorm = (body: string): string =>
  `package a\n\nvar list = []*gormigrate.Migration{\n\t{\n\t\tID: "1",\n\t\tMigrate: func(tx *gorm.DB) error {\n${body}\n\t\t},\n\t\tRollback: func(tx *gorm.DB) error { return tx.Migrator().DropTable("orders") },\n\t},\n}\n`

describe('gormigrate', () => {
  it.each<[string, string[]]>([
    ['return tx.Migrator().DropColumn(&Order{}, "note")', ['drops-data orders.note']],
    ['return tx.Migrator().DropColumn("orders", "note")', ['drops-data orders.note']],
    ['return tx.Migrator().RenameColumn(new(Order), "note", "remark")', ['renames orders.note']],
    ['return tx.Migrator().DropTable("teams", &model.Order{})', ['drops-data teams', 'drops-data orders']],
    ['return tx.Migrator().RenameTable("orders", "sales")', ['renames orders']],
    [
      'type Order struct { Sku int `gorm:"not null"` }\nreturn tx.Migrator().AddColumn(&Order{}, "Sku")',
      ['not-null-on-existing orders.Sku'],
    ],
    ['type Order struct { Sku int }\nreturn tx.Migrator().AddColumn(&Order{}, "Sku")', []],
    ['return tx.Migrator().CreateIndex(&Order{}, "idx_note")', ['blocks-writes orders']],
    ['return tx.Exec("ALTER TABLE orders DROP COLUMN note").Error', ['drops-data orders.note']],
    ['return tx.AutoMigrate(&Order{})', ['unread:7']],
    ['return tx.Exec(statement()).Error', ['unread:7']],
  ])('%s', (body, expected) => {
    expect(judge(gorm(body), 'gormigrate')).toEqual(expected)
  })

  it('a list is cut into its migrations, each with what it calls', () => {
    const text =
      'package a\n\nvar list = []*gormigrate.Migration{\n\t{ID: "1", Migrate: first, Rollback: nil},\n\t{ID: "2", Migrate: func(tx *gorm.DB) error { return nil }},\n}\n\nfunc first(tx *gorm.DB) error {\n\treturn gone(tx)\n}\n\nfunc gone(tx *gorm.DB) error {\n\treturn tx.Migrator().DropTable("orders")\n}\n'
    const parts = partsOf(text, 'gormigrate')!
    expect(parts.map(({ id, line }) => [id, line])).toEqual([
      ['1', 4],
      ['2', 5],
    ])
    expect(parts.map(part => judge(part.text, 'gormigrate'))).toEqual([['drops-data orders'], []])
    expect(read(parts[0]!.text, 'gormigrate').operations[0]?.line).toBe(10)
  })
})
