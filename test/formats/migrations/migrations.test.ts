import { beforeAll, describe, expect, it } from 'vitest'
import { djangoDependencies, newModels, readDjango } from '../../../src/formats/migrations/django.ts'
import { hazardsOf } from '../../../src/formats/migrations/hazards.ts'
import type { Dialect, Orm } from '../../../src/formats/migrations/model.ts'
import { disorder } from '../../../src/formats/migrations/order.ts'
import { readPrismaSchema } from '../../../src/formats/migrations/prisma-schema.ts'
import { migrationOf, readMigration } from '../../../src/formats/migrations/read.ts'
import { recipeFor } from '../../../src/formats/migrations/recipes.ts'
import { applyOperations, type Schema } from '../../../src/formats/migrations/schema.ts'
import { loadPostgresParser } from '../../../src/formats/migrations/sql-postgres.ts'
import { splitSql } from '../../../src/formats/migrations/sql-statements.ts'

let parse: Awaited<ReturnType<typeof loadPostgresParser>>
beforeAll(async () => {
  parse = await loadPostgresParser()
})

const users = (): Schema =>
  new Map([
    [
      'users',
      new Map([
        ['id', 'bigint'],
        ['email', 'varchar(100)'],
        ['age', 'integer'],
        ['plan', 'varchar(20) not null'],
      ]),
    ],
  ])
/** Hazards of one migration over a table `users` that is full, as `kind line`. */
const hazards = (text: string, orm: Orm = 'sql', dialect: Dialect = 'postgresql', app = ''): string[] => {
  const read = readMigration(text, orm, dialect, dialect === 'postgresql' ? parse : null, app)
  return hazardsOf(
    [{ file: 'm', operations: read.operations, transaction: read.transaction }],
    users(),
    dialect,
    orm,
    true,
  ).map(({ hazard, line }) => `${hazard} ${line}`)
}

describe('SQL of PostgreSQL', () => {
  it.each<[string, string[]]>([
    ['DROP TABLE users', ['drops-data 1']],
    ['ALTER TABLE public.users DROP COLUMN age', ['drops-data 1']],
    ['TRUNCATE users', ['drops-data 1']],
    ['ALTER TABLE users ADD COLUMN token uuid DEFAULT gen_random_uuid()', ['rewrites-table 1']],
    ['ALTER TABLE users ADD COLUMN n bigserial', ['rewrites-table 1']],
    ['ALTER TABLE users ADD COLUMN full_name text GENERATED ALWAYS AS (email || email) STORED', ['rewrites-table 1']],
    ['ALTER TABLE users SET UNLOGGED', ['rewrites-table 1']],
    ['VACUUM FULL users', ['rewrites-table 1']],
    ['CREATE INDEX ON users (email)', ['blocks-writes 1']],
    ['ALTER TABLE users ADD FOREIGN KEY (plan) REFERENCES plans (id)', ['blocks-writes 1']],
    ['ALTER TABLE users ADD CONSTRAINT adult CHECK (age > 17)', ['blocks-writes 1']],
    ['ALTER TABLE users ADD UNIQUE (email)', ['blocks-writes 1']],
    ['ALTER TABLE users ADD COLUMN nick text UNIQUE', ['blocks-writes 1']],
    ['ALTER TABLE users ADD COLUMN nick text NOT NULL', ['not-null-on-existing 1']],
    ['ALTER TABLE users ALTER COLUMN age SET NOT NULL', ['not-null-on-existing 1']],
    ['ALTER TABLE users RENAME COLUMN age TO years', ['renames 1']],
    ['ALTER TABLE users RENAME TO people', ['renames 1']],
    ['ALTER TABLE users ALTER COLUMN age TYPE bigint', ['type-change 1']],
    ['ALTER TABLE users ALTER COLUMN email TYPE varchar(50)', ['type-change 1']],
    ["ALTER TYPE plan RENAME VALUE 'pro' TO 'paid'", ['enum-change 1']],
    ['BEGIN;\nCREATE INDEX CONCURRENTLY i ON users (email);\nCOMMIT;', ['concurrent-in-transaction 2']],
    ['BEGIN;\nALTER TABLE users ADD COLUMN x text;\nUPDATE users SET x = email;\nCOMMIT;', ['backfill-with-ddl 3']],
    ['BEGIN;\nALTER TABLE users ADD COLUMN x text;\nCOMMIT;\nUPDATE users SET x = email;', []],
    ['DELETE FROM users', ['drops-data 1']],
    ['DELETE FROM users WHERE age < 3', []],
    ["CREATE TYPE mood AS ENUM ('a');\nALTER TYPE mood RENAME VALUE 'a' TO 'b';", []],
    ['CREATE INDEX IF NOT EXISTS i ON ONLY users (email)', []],
    ['REINDEX TABLE users', ['blocks-writes 1']],
    ['ALTER TABLE users ADD COLUMN a timestamptz DEFAULT clock_timestamp()', ['rewrites-table 1']],
    ["ALTER TABLE users ADD COLUMN IF NOT EXISTS a jsonb DEFAULT '{}'::jsonb NOT NULL", []],
    ['DO $$ BEGIN DROP TABLE users; END $$', ['drops-data 1']],
    [
      'DO $$ BEGIN\n ALTER TABLE users ADD CONSTRAINT fk FOREIGN KEY (plan) REFERENCES plans(id);\nEXCEPTION\n WHEN duplicate_object THEN null;\nEND $$;',
      ['blocks-writes 2'],
    ],
    [
      "DO $x$\nDECLARE r record;\nBEGIN\n  IF EXISTS (SELECT 1 FROM users) THEN\n    ALTER TABLE users DROP COLUMN age;\n  ELSE\n    RAISE NOTICE 'none';\n  END IF;\nEND $x$ LANGUAGE plpgsql;",
      ['drops-data 5'],
    ],
    ["DO $$ BEGIN EXECUTE 'DROP TABLE users'; END $$", ['drops-data 1']],
    [
      "DO $$ BEGIN FOR i IN 1..3 LOOP\n EXECUTE format('ALTER TABLE users DROP COLUMN age');\n END LOOP; END $$",
      ['drops-data 2'],
    ],
    ['CREATE FUNCTION later() RETURNS void AS $$ BEGIN DELETE FROM users; END $$ LANGUAGE plpgsql', []],
    [
      'CREATE FUNCTION now_then() RETURNS void AS $$\nBEGIN\n DELETE FROM users;\nEND $$ LANGUAGE plpgsql;\nSELECT now_then();',
      ['drops-data 3'],
    ],
    [
      'BEGIN;\nALTER TABLE users ADD CONSTRAINT c CHECK (age > 3) NOT VALID;\nALTER TABLE users VALIDATE CONSTRAINT c;\nCOMMIT;',
      ['blocks-writes 3'],
    ],
    ['ALTER TABLE users ALTER COLUMN plan SET NOT NULL', []],
    // The safe ways.
    ['ALTER TABLE users ADD COLUMN nick text', []],
    ["ALTER TABLE users ADD COLUMN nick text NOT NULL DEFAULT ''", []],
    ['ALTER TABLE users ADD COLUMN at timestamptz NOT NULL DEFAULT now()', []],
    ['ALTER TABLE users ADD COLUMN boss bigint REFERENCES users (id)', []],
    ['CREATE INDEX CONCURRENTLY i ON users (email)', []],
    ['ALTER TABLE users ADD CONSTRAINT fk FOREIGN KEY (plan) REFERENCES plans (id) NOT VALID', []],
    ['ALTER TABLE users VALIDATE CONSTRAINT fk', []],
    ['ALTER TABLE users ADD CONSTRAINT u UNIQUE USING INDEX i', []],
    [
      'ALTER TABLE users ADD CONSTRAINT c CHECK (age IS NOT NULL) NOT VALID; ALTER TABLE users VALIDATE CONSTRAINT c; ALTER TABLE users ALTER COLUMN age SET NOT NULL',
      [],
    ],
    ['ALTER TABLE users ALTER COLUMN email TYPE varchar(200)', []],
    ['ALTER TABLE users ALTER COLUMN email TYPE text', []],
    ["ALTER TYPE plan ADD VALUE 'team'", []],
    [
      'CREATE TABLE notes (id bigint); CREATE INDEX ON notes (id); ALTER TABLE notes ADD COLUMN x int NOT NULL; DROP TABLE notes',
      [],
    ],
    ["INSERT INTO users (email) VALUES ('a')", []],
  ])('%s', (sql, expected) => {
    expect(hazards(sql)).toEqual(expected)
  })

  it.each([
    "DO $$ BEGIN EXECUTE 'DROP TABLE ' || quote_ident(name); END $$",
    "DO $$ BEGIN EXECUTE format('ALTER TABLE %I DROP COLUMN age', name); END $$",
    'DO $$ BEGIN EXECUTE statement; END $$',
    'CALL clean_up()',
  ])('names what cannot be known: %s', sql => {
    const read = readMigration(sql, 'sql', 'postgresql', parse)
    expect(read.unread).toHaveLength(1)
    expect(read.operations.map(({ kind }) => kind)).toEqual(['other'])
  })

  it('names a statement that does not parse, and judges the rest', () => {
    const read = readMigration(
      'ALTER TABLE users ADD COLUMN a int;\nALTR TABLE users;\nDROP TABLE users;',
      'sql',
      'postgresql',
      parse,
    )
    expect(read.unread).toEqual([{ line: 2, text: expect.stringMatching(/^ALTR TABLE users \(syntax error/) }])
    expect(read.operations.map(({ kind, line }) => [kind, line])).toEqual([
      ['add-column', 1],
      ['drop-table', 3],
    ])
  })

  it('takes a value added to an enum and used at once for a fault, where a transaction holds both', () => {
    const sql = "ALTER TYPE plan ADD VALUE 'team';\nUPDATE users SET plan = 'team';"
    expect(hazards(sql, 'prisma')).toContain('enum-change 1')
    expect(hazards("ALTER TYPE plan ADD VALUE 'team';", 'prisma')).toEqual([])
  })

  it('knows the enum that Prisma rebuilds', () => {
    const sql =
      'CREATE TYPE "Plan_new" AS ENUM (\'a\');\nALTER TABLE "users" ALTER COLUMN "plan" TYPE "Plan_new" USING ("plan"::text::"Plan_new");\nALTER TYPE "Plan" RENAME TO "Plan_old";\nDROP TYPE "Plan_old";'
    expect(hazards(sql, 'prisma')).toEqual(['enum-change 2'])
  })

  it('asks for a lock timeout once, where a lock on a table that exists is taken', () => {
    const once = (sql: string, elsewhere = false) => {
      const read = readMigration(sql, 'prisma', 'postgresql', parse)
      return hazardsOf(
        [{ file: 'm', operations: read.operations, transaction: true }],
        users(),
        'postgresql',
        'prisma',
        elsewhere,
      ).map(({ hazard }) => hazard)
    }
    expect(once('ALTER TABLE users ADD COLUMN a int; ALTER TABLE users ADD COLUMN b int;')).toEqual(['no-lock-timeout'])
    expect(once("SET lock_timeout = '5s'; ALTER TABLE users ADD COLUMN a int;")).toEqual([])
    expect(once('ALTER TABLE users ADD COLUMN a int;', true)).toEqual([])
    expect(once('CREATE TABLE x (id int); ALTER TABLE x ADD COLUMN a int;')).toEqual([])
  })
})

describe('transactions of the tools', () => {
  const sql = 'CREATE INDEX CONCURRENTLY i ON users (email);'
  it.each<[Orm, string, boolean]>([
    ['prisma', sql, false],
    ['prisma', `${sql}\nALTER TABLE users ADD COLUMN a int;`, true],
    ['drizzle', sql, true],
    ['goose', `-- +goose Up\n${sql}\n-- +goose Down\nDROP INDEX i;`, true],
    ['goose', `-- +goose NO TRANSACTION\n-- +goose Up\n${sql}`, false],
    ['dbmate', `-- migrate:up\n${sql}`, true],
    ['dbmate', `-- migrate:up transaction:false\n${sql}`, false],
    ['sql', sql, false],
    [
      'rails',
      'class A < ActiveRecord::Migration[8.0]\n  def change\n    add_index :users, :email, algorithm: :concurrently\n  end\nend',
      true,
    ],
    [
      'rails',
      'class A < ActiveRecord::Migration[8.0]\n  disable_ddl_transaction!\n  def change\n    add_index :users, :email, algorithm: :concurrently\n  end\nend',
      false,
    ],
    ['knex', "exports.up = knex => knex.raw('CREATE INDEX CONCURRENTLY i ON users (email)')", true],
    [
      'knex',
      "exports.up = knex => knex.raw('CREATE INDEX CONCURRENTLY i ON users (email)')\nexports.config = { transaction: false }",
      false,
    ],
    [
      'typeorm',
      'export class A implements MigrationInterface {\n  async up(queryRunner) {\n    await queryRunner.query(`CREATE INDEX CONCURRENTLY i ON users (email)`)\n  }\n}',
      true,
    ],
    [
      'typeorm',
      'export class A implements MigrationInterface {\n  transaction = false as const\n  async up(queryRunner) {\n    await queryRunner.query(`CREATE INDEX CONCURRENTLY i ON users (email)`)\n  }\n}',
      false,
    ],
    [
      'sequelize',
      "module.exports = { up: queryInterface => queryInterface.addIndex('users', ['email'], { concurrently: true }) }",
      false,
    ],
    [
      'django',
      'class Migration(migrations.Migration):\n    operations = [AddIndexConcurrently("user", models.Index(fields=["email"]))]',
      true,
    ],
    [
      'django',
      'class Migration(migrations.Migration):\n    atomic = False\n    operations = [AddIndexConcurrently("user", models.Index(fields=["email"]))]',
      false,
    ],
    ['alembic', 'def upgrade():\n    op.create_index("i", "users", ["email"], postgresql_concurrently=True)', true],
    [
      'alembic',
      'def upgrade():\n    with op.get_context().autocommit_block():\n        op.create_index("i", "users", ["email"], postgresql_concurrently=True)',
      false,
    ],
    [
      'laravel',
      "return new class extends Migration {\n  public function up() {\n    DB::statement('CREATE INDEX CONCURRENTLY i ON users (email)');\n  }\n};",
      true,
    ],
    [
      'laravel',
      "return new class extends Migration {\n  public $withinTransaction = false;\n  public function up() {\n    DB::statement('CREATE INDEX CONCURRENTLY i ON users (email)');\n  }\n};",
      false,
    ],
  ])('%s %#', (orm, text, fails) => {
    expect(hazards(text, orm, 'postgresql', '').some(one => one.startsWith('concurrent-in-transaction'))).toBe(fails)
  })

  it('is a fault of the update that fills rows, when the lock of the DDL is held meanwhile', () => {
    const sql = 'ALTER TABLE users ADD COLUMN x text;\nUPDATE users SET x = email;'
    expect(hazards(sql, 'prisma')).toEqual(['backfill-with-ddl 2'])
    expect(hazards('UPDATE users SET plan = email;', 'prisma')).toEqual([])
    expect(hazards(sql, 'prisma', 'mysql')).toEqual(['backfill-with-ddl 2'])
    expect(hazards(sql, 'prisma', 'sqlite')).toEqual([])
  })
})

describe('SQL of MySQL and SQLite', () => {
  it.each<[string, string[]]>([
    ['ALTER TABLE `users` DROP COLUMN `age`, ADD COLUMN `x` INT', ['drops-data 1']],
    ['ALTER TABLE users MODIFY age BIGINT', ['type-change 1']],
    ['ALTER TABLE users CHANGE age years INT', ['renames 1']],
    ['RENAME TABLE users TO people', ['renames 1']],
    ["ALTER TABLE users MODIFY COLUMN plan ENUM('a','b')", ['enum-change 1']],
    ['ALTER TABLE users ADD COLUMN nick VARCHAR(20) NOT NULL', ['not-null-on-existing 1']],
    ['ALTER TABLE users ADD CONSTRAINT fk FOREIGN KEY (plan) REFERENCES plans (id)', ['blocks-writes 1']],
    ['CREATE FULLTEXT INDEX ft ON users (email)', ['blocks-writes 1']],
    ['ALTER TABLE users ENGINE=InnoDB', ['rewrites-table 1']],
    ['ALTER TABLE users ADD COLUMN n INT AUTO_INCREMENT UNIQUE', ['rewrites-table 1']],
    ['ALTER TABLE users CONVERT TO CHARACTER SET utf8mb4', ['rewrites-table 1']],
    // Online in MySQL 8: no hazard.
    ['CREATE INDEX i ON users (email)', []],
    ['ALTER TABLE users ADD UNIQUE INDEX u (email)', []],
    ['ALTER TABLE users ADD COLUMN nick VARCHAR(20) NOT NULL DEFAULT "x"', []],
    ['ALTER TABLE users MODIFY plan VARCHAR(40) NOT NULL', []],
    ['ALTER TABLE users DROP FOREIGN KEY fk, DROP INDEX i', []],
    ['ALTER TABLE users MODIFY age INT NOT NULL', ['not-null-on-existing 1']],
    ["INSERT INTO users VALUES ('; DROP TABLE users; --')", []],
    ['# DROP TABLE users\nSELECT 1', []],
    [
      'DELIMITER //\nCREATE TRIGGER t BEFORE INSERT ON users FOR EACH ROW BEGIN DELETE FROM users; END//\nDELIMITER ;',
      [],
    ],
  ])('MySQL: %s', (sql, expected) => {
    expect(hazards(sql, 'sql', 'mysql')).toEqual(expected)
  })

  it('remembers from CREATE TABLE that a column takes no null', () => {
    const schema: Schema = new Map()
    const read = (text: string) => readMigration(text, 'prisma', 'mysql', null, '')
    applyOperations(
      schema,
      read("CREATE TABLE `t` (`id` INTEGER NOT NULL, `plan` VARCHAR(20) NOT NULL DEFAULT 'a')").operations,
    )
    const { operations } = read("ALTER TABLE `t` MODIFY `plan` VARCHAR(40) NOT NULL DEFAULT 'a'")
    expect(hazardsOf([{ file: 'm', operations, transaction: false }], schema, 'mysql', 'prisma', true)).toEqual([])
  })

  it.each<[string, string[]]>([
    ['DROP TABLE "users"', ['drops-data 1']],
    ['ALTER TABLE users DROP COLUMN age', ['drops-data 1']],
    ['ALTER TABLE users ADD COLUMN nick TEXT NOT NULL', ['not-null-on-existing 1']],
    ['ALTER TABLE users RENAME COLUMN age TO years', ['renames 1']],
    ['CREATE INDEX i ON users (email)', []],
    // Prisma and Django rebuild a table by copy.
    [
      'PRAGMA foreign_keys=OFF;\nCREATE TABLE "new_users" ("id" INTEGER NOT NULL PRIMARY KEY, "email" TEXT, "age" INTEGER, "plan" TEXT NOT NULL, "note" TEXT);\nINSERT INTO "new_users" ("id", "email", "age", "plan") SELECT "id", "email", "age", "plan" FROM "users";\nDROP TABLE "users";\nALTER TABLE "new_users" RENAME TO "users";\nPRAGMA foreign_keys=ON;',
      [],
    ],
    [
      'CREATE TABLE new_users ("id" INTEGER NOT NULL PRIMARY KEY, "email" TEXT, "age" INTEGER, "plan" TEXT NOT NULL);\nINSERT INTO new_users SELECT * FROM users;\nDROP TABLE users;\nALTER TABLE new_users RENAME TO users;',
      [],
    ],
    [
      'ALTER TABLE users RENAME TO users_old;\nCREATE TABLE users ("id" INTEGER NOT NULL PRIMARY KEY, "email" TEXT, "age" INTEGER, "plan" TEXT NOT NULL);\nINSERT INTO users SELECT id, email, age, plan FROM users_old;\nDROP TABLE users_old;',
      [],
    ],
    [
      'CREATE TABLE "new_users" ("id" INTEGER NOT NULL PRIMARY KEY, "email" TEXT, "plan" TEXT NOT NULL);\nINSERT INTO "new_users" ("id", "email", "plan") SELECT "id", "email", "plan" FROM "users";\nDROP TABLE "users";\nALTER TABLE "new_users" RENAME TO "users";',
      ['drops-data 2'],
    ],
    [
      'CREATE TABLE new_users ("id" INTEGER NOT NULL PRIMARY KEY, "email" TEXT, "age" INTEGER, "plan" TEXT NOT NULL);\nDROP TABLE users;\nALTER TABLE new_users RENAME TO users;',
      ['drops-data 2'],
    ],
    [
      'CREATE TABLE new_users ("id" INTEGER NOT NULL PRIMARY KEY, "email" TEXT, "age" INTEGER, "plan" TEXT NOT NULL);\nINSERT INTO new_users SELECT id, email, age, plan FROM users WHERE age > 3;\nDROP TABLE users;\nALTER TABLE new_users RENAME TO users;',
      ['drops-data 2'],
    ],
    [
      'CREATE TABLE new_users ("id" INTEGER PRIMARY KEY, "email" TEXT, "years" INTEGER, "plan" TEXT NOT NULL);\nINSERT INTO new_users (id, email, years, plan) SELECT id, email, age, plan FROM users;\nDROP TABLE users;\nALTER TABLE new_users RENAME TO users;',
      ['renames 2'],
    ],
    [
      'CREATE TABLE new_users (id INTEGER PRIMARY KEY, email TEXT, age INTEGER NOT NULL, plan TEXT NOT NULL);\nINSERT INTO new_users SELECT id, email, age, plan FROM users;\nDROP TABLE users;\nALTER TABLE new_users RENAME TO users;',
      ['not-null-on-existing 1'],
    ],
    [
      'CREATE TABLE new_users (id INTEGER PRIMARY KEY, email TEXT, age INTEGER NOT NULL, plan TEXT NOT NULL);\nINSERT INTO new_users SELECT id, email, coalesce(age, 0) AS age, plan FROM users;\nDROP TABLE users;\nALTER TABLE new_users RENAME TO users;',
      [],
    ],
    [
      'CREATE TEMPORARY TABLE kept AS SELECT id, email, age, plan FROM users;\nDROP TABLE users;\nCREATE TABLE users ("id" INTEGER NOT NULL PRIMARY KEY, "email" TEXT, "age" INTEGER, "plan" TEXT NOT NULL);\nINSERT INTO users SELECT id, email, age, plan FROM kept;\nDROP TABLE kept;',
      [],
    ],
    ['CREATE TABLE a (id INTEGER PRIMARY KEY AUTOINCREMENT, CHECK (id > 0)); ALTER TABLE a DROP COLUMN id;', []],
  ])('SQLite: %s', (sql, expected) => {
    expect(hazards(sql, 'sql', 'sqlite')).toEqual(expected)
  })

  it('cuts statements at the right places', () => {
    const texts = splitSql(
      `SELECT 'a;b', "c;d", $$e;f$$, $x$g;h$x$; -- i;j\n/* k;\nl */ SELECT 2;\n\nSELECT 3`,
      'postgresql',
    )
    expect(texts.map(({ line, text }) => [line, text.slice(0, 8)])).toEqual([
      [1, "SELECT '"],
      [2 + 1, 'SELECT 2'],
      [5, 'SELECT 3'],
    ])
    expect(() => splitSql(`${"'".repeat(9999)}$a$`)).not.toThrow()
  })
})

describe('migrations of ORMs', () => {
  it('Rails', () => {
    const rails = (body: string) =>
      hazards(
        `class A < ActiveRecord::Migration[8.0]\n  def change\n${body}\n  end\n  def down\n    drop_table :users\n  end\nend\n`,
        'rails',
      )
    expect(rails('    add_column :users, :nick, :string, null: false')).toEqual(['not-null-on-existing 3'])
    expect(rails('    add_column :users, :nick, :string, null: false, default: ""')).toEqual([])
    expect(rails('    remove_column :users, :age, :integer\n    rename_column :users, :plan, :tier')).toEqual([
      'drops-data 3',
      'renames 4',
    ])
    expect(rails('    add_reference :users, :team')).toEqual(['blocks-writes 3'])
    expect(rails('    add_reference :users, :team, index: false')).toEqual([])
    expect(rails('    change_column :users, :age, :bigint\n    change_column_null :users, :email, false')).toEqual([
      'type-change 3',
      'not-null-on-existing 4',
    ])
    expect(
      rails(
        '    change_table :users, bulk: true do |t|\n      t.remove :age\n      t.string :nick\n      t.rename :plan, :tier\n    end',
      ),
    ).toEqual(['drops-data 4', 'renames 6'])
    expect(
      rails(
        '    create_table :teams do |t|\n      t.string :name\n      t.references :owner, foreign_key: { to_table: :users }\n    end\n    add_index :teams, :name',
      ),
    ).toEqual([])
    expect(
      rails(
        '    add_foreign_key :users, :teams, validate: false\n    add_check_constraint :users, "age > 0", name: "x"',
      ),
    ).toEqual(['blocks-writes 4'])
    expect(rails('    execute <<~SQL\n      ALTER TABLE users\n        DROP COLUMN age;\n    SQL')).toEqual([
      'drops-data 4',
    ])
    expect(rails('    add_index :users,\n              [:email, :age],\n              unique: true')).toEqual([
      'blocks-writes 3',
    ])
    expect(rails('    safety_assured { remove_column :users, :age }\n    # remove_column :users, :plan')).toEqual([])
    expect(
      rails(
        '    rename_column :users, :plan, "tier"\n    add_enum_value :tier, "z"\n    rename_enum_value :tier, from: "a", to: "b"',
      ),
    ).toEqual(['renames 3', 'enum-change 5'])
    expect(rails('    drop_join_table :users, :teams')).toEqual(['drops-data 3'])
    expect(rails('    add_column :users, :nick, :string\n    User.update_all(nick: "x")')).toEqual([
      'backfill-with-ddl 4',
    ])
  })

  it('Django', () => {
    const django = (operations: string) =>
      hazards(
        `from django.db import migrations, models\n\nclass Migration(migrations.Migration):\n    operations = [\n${operations}\n    ]\n`,
        'django',
        'postgresql',
        'shop',
      )
    expect(
      django('        migrations.RemoveField("customer", "age"),\n        migrations.DeleteModel(name="Order"),'),
    ).toEqual(['drops-data 5', 'drops-data 6'])
    expect(
      django(
        '        migrations.AddField(\n            model_name="customer",\n            name="tier",\n            field=models.CharField(max_length=9),\n        ),',
      ),
    ).toEqual(['not-null-on-existing 5'])
    expect(
      django('        migrations.AddField("customer", "tier", models.CharField(max_length=9, null=True)),'),
    ).toEqual([])
    expect(
      django(
        '        migrations.AddField("customer", "tier", models.CharField(max_length=9, default="x", db_default="x")),',
      ),
    ).toEqual([])
    expect(
      django(
        '        migrations.AddField("customer", "team", models.ForeignKey("Team", null=True, on_delete=models.CASCADE)),',
      ),
    ).toEqual(['blocks-writes 5'])
    expect(django('        migrations.AddField("customer", "tags", models.ManyToManyField("Tag")),')).toEqual([])
    expect(
      django(
        '        migrations.RenameField("customer", "a", "b"),\n        migrations.AddIndex("customer", models.Index(fields=["x"])),',
      ),
    ).toEqual(['renames 5', 'blocks-writes 6'])
    expect(
      django(
        '        migrations.SeparateDatabaseAndState(state_operations=[migrations.RemoveField("customer", "age")]),',
      ),
    ).toEqual([])
    const helped = (how: string) =>
      readDjango(
        `def kept(name):\n    return [\n        migrations.RemoveField(name, "id"),\n        *more(name),\n    ]\n\ndef more(name):\n    return [migrations.RemoveField(name, "old")]\n\nclass Migration(migrations.Migration):\n    operations = [\n        ${how},\n    ]\n`,
        'shop',
      ).operations.map(({ kind, line }) => `${kind} ${line}`)
    expect(helped('migrations.SeparateDatabaseAndState(state_operations=[*kept("customer")])')).toEqual([])
    expect(helped('migrations.SeparateDatabaseAndState(state_operations=kept("customer"))')).toEqual([])
    expect(helped('*kept("customer")')).toEqual(['drop-column 3', 'drop-column 8'])
    expect(django('        migrations.RunSQL("DROP TABLE users"),')).toEqual(['drops-data 5'])
    expect(django('        migrations.RunSQL(sql=[("DROP TABLE users", None), "SELECT 1"]),')).toEqual(['drops-data 5'])
    expect(
      django(
        '        migrations.CreateModel(name="T", fields=[("id", models.AutoField())]),\n        migrations.AddIndex("t", models.Index(fields=["id"])),',
      ),
    ).toEqual([])
    expect(
      django(
        '        migrations.CreateModel(name="T", fields=[("id", models.AutoField())], options={"managed": False}),\n        migrations.RunSQL("DROP TABLE users"),',
      ),
    ).toEqual(['drops-data 6'])
    expect(djangoDependencies('dependencies = [("shop", "0001_initial"), ("auth", "0012_x"),]\n')).toEqual([
      ['shop', '0001_initial'],
      ['auth', '0012_x'],
    ])
  })

  it.each([
    ['CreateModel(name="Ticket", fields=[("id", models.AutoField())], options={"managed": False})', []],
    ['AlterModelOptions(name="ticket", options={"managed": False})', []],
    ['CreateModel(name="Ticket", fields=[("id", models.AutoField())], options={"managed": True})', ['add-column']],
    ['CreateModel(name="Order", fields=[("id", models.AutoField())], options={"managed": False})', ['add-column']],
  ])('Django touches no table of a model that it does not manage: %s', (before, kinds) => {
    const models = newModels()
    const read = (call: string) =>
      readMigration(
        `class Migration(migrations.Migration):\n    operations = [migrations.${call}]`,
        'django',
        'postgresql',
        parse,
        'shop',
        models,
      ).operations.map(({ kind }) => kind)
    read(before)
    expect(read('AddField("ticket", "reporter", models.TextField())')).toEqual(kinds)
  })

  it('Django: a field that takes the place of another is new under its old name too', () => {
    const field = 'models.ForeignKey(null=True, on_delete=models.SET_NULL, to="shop.kind"'
    const read = readMigration(
      `class Migration(migrations.Migration):\n    operations = [\n migrations.AddField("order", "kind_new", ${field})),\n migrations.RemoveField("order", "kind"),\n migrations.RenameField("order", "kind_new", "kind"),\n migrations.AlterField("order", "kind", ${field}, related_name="orders")),\n]`,
      'django',
      'postgresql',
      parse,
      'shop',
    )
    const schema: Schema = new Map([['shop_order', new Map([['kind', 'varchar(20)']])]])
    const found = hazardsOf(
      [{ file: 'm', operations: read.operations, transaction: true }],
      schema,
      'postgresql',
      'django',
      true,
    )
    expect(found.map(({ hazard }) => hazard)).toEqual(['blocks-writes', 'drops-data'])
  })

  it('Django: leaves are ends of the line, whatever the app is called and its files are named', () => {
    const entry = (key: string, app: string, before: string) => ({
      file: `src/stock/migrations/${key}.py`,
      key: `${key}.py`,
      text: `class Migration(migrations.Migration):\n    dependencies = [("${app}", "${before}")]`,
      order: 0,
    })
    const ends = (app: string, second: string) =>
      disorder(
        'django',
        [entry('0001_a', 'users', '0001_x'), entry('0002_b', app, '0001_a'), entry('0003_c', app, second)],
        new Set(),
        false,
        [],
      ).length
    expect(ends('stock', '0002_b')).toBe(0)
    expect(ends('warehouse', '0002_b')).toBe(0)
    expect(ends('stock', '0001_a')).toBe(2)
    expect(migrationOf('src/stock/migrations/0004_old-and_non-used.py')?.orm).toBe('django')
  })

  it.each([
    ['models.CharField(max_length=9)', 'models.CharField(max_length=9, db_index=True)', ['blocks-writes index']],
    ['models.CharField(max_length=9)', 'models.CharField(max_length=9, unique=True)', ['blocks-writes unique']],
    ['models.SlugField()', 'models.SlugField(max_length=50, blank=True)', []],
    ['models.CharField(max_length=9, unique=True)', 'models.CharField(max_length=9, db_index=True)', []],
  ])('Django: what an altered field brings: %s, %s', (before, after, expected) => {
    const [models, schema]: [ReturnType<typeof newModels>, Schema] = [newModels(), new Map()]
    const read = (call: string) => {
      const text = `class Migration(migrations.Migration):\n    operations = [migrations.${call}]`
      return readMigration(text, 'django', 'postgresql', parse, 'shop', models)
    }
    applyOperations(schema, read(`CreateModel(name="Ticket", fields=[("code", ${before})])`).operations)
    const altered = { file: 'm', ...read(`AlterField("ticket", "code", ${after})`) }
    const found = hazardsOf([altered], schema, 'postgresql', 'django', true)
    expect(found.map(({ hazard, of }) => `${hazard} ${of}`)).toEqual(expected)
    // Of one that nobody has seen made, nobody knows what it had.
    expect(read(`AlterField("other", "code", ${after})`).operations.map(({ kind }) => kind)).toEqual(['change-type'])
  })

  it('Django: an altered field is judged by what it was', () => {
    const set = (before: string, after: string) => {
      const schema: Schema = new Map([['shop_customer', new Map([['name', before]])]])
      const read = readMigration(
        `class Migration(migrations.Migration):\n    operations = [migrations.AlterField("customer", "name", ${after})]`,
        'django',
        'postgresql',
        parse,
        'shop',
      )
      return hazardsOf(
        [{ file: 'm', operations: read.operations, transaction: true }],
        schema,
        'postgresql',
        'django',
        true,
      ).map(({ hazard }) => hazard)
    }
    expect(set('varchar(80) not null', 'models.CharField(max_length=120, help_text="x")')).toEqual([])
    expect(set('varchar(80) not null', 'models.CharField(max_length=40)')).toEqual(['type-change'])
    expect(set('varchar(80)', 'models.CharField(max_length=80)')).toEqual(['not-null-on-existing'])
    expect(set('varchar(80) not null', 'models.TextField()')).toEqual([])
    expect(set('integer', 'models.BigIntegerField(null=True)')).toEqual(['type-change'])
  })

  it('Laravel', () => {
    const laravel = (body: string, dialect: Dialect = 'postgresql') =>
      hazards(
        `<?php\nreturn new class extends Migration {\n  public function up(): void\n  {\n${body}\n  }\n  public function down(): void\n  {\n    Schema::drop('users');\n  }\n};\n`,
        'laravel',
        dialect,
      )
    const table = (inner: string) => `    Schema::table('users', function (Blueprint $table) {\n      ${inner}\n    });`
    expect(laravel(table("$table->string('nick');"))).toEqual(['not-null-on-existing 6'])
    expect(laravel(table("$table->string('nick')->nullable();"))).toEqual([])
    expect(laravel(table("$table->dropColumn(['age', 'plan']);"))).toEqual(['drops-data 6', 'drops-data 6'])
    expect(laravel(table("$table->renameColumn('age', 'years');\n      $table->index('email');"))).toEqual([
      'renames 6',
      'blocks-writes 7',
    ])
    expect(laravel(table("$table->foreignId('team_id')->nullable()->constrained();"))).toEqual(['blocks-writes 6'])
    expect(laravel(table("$table->bigInteger('age')->change();"))).toEqual(['type-change 6'])
    expect(laravel(table("$table->index('email');"), 'mysql')).toEqual([])
    expect(laravel("    DB::statement('ALTER TABLE users DROP COLUMN age');\n    // Schema::drop('users');")).toEqual([
      'drops-data 5',
    ])
    expect(
      laravel(
        `${table("$table->string('nick')->nullable();")}\n    DB::table('users')->where('id', '>', 0)->update(['nick' => 'x']);`,
      ),
    ).toEqual(['backfill-with-ddl 8'])
    expect(
      laravel(
        "    Schema::create('teams', function (Blueprint $table) {\n      $table->id();\n      $table->foreignId('owner_id')->constrained('users');\n    });",
      ),
    ).toEqual([])
  })

  it('Knex, Sequelize and TypeORM', () => {
    expect(
      hazards(
        "exports.up = async knex => {\n  await knex.schema.alterTable('users', t => {\n    t.dropColumn('age')\n    t.string('nick').notNullable()\n    t.string('a').notNullable().defaultTo('x')\n    t.index(['email'])\n    t.bigInteger('plan').alter()\n  })\n}\nexports.down = knex => knex.schema.dropTable('users')",
        'knex',
      ),
    ).toEqual(['drops-data 3', 'not-null-on-existing 4', 'blocks-writes 6', 'type-change 7'])
    expect(
      hazards(
        "export async function up(knex: Knex): Promise<void> {\n  await knex.schema\n    .createTable('a', t => t.increments())\n    .renameTable('users', 'people')\n}",
        'knex',
      ),
    ).toEqual(['renames 4'])
    expect(
      hazards(
        "module.exports = {\n  async up(queryInterface, Sequelize) {\n    await queryInterface.addColumn('users', 'nick', { type: Sequelize.STRING, allowNull: false })\n    await queryInterface.removeColumn('users', 'age')\n    await queryInterface.addIndex('users', ['email'])\n    await queryInterface.addConstraint('users', { type: 'foreign key', fields: ['plan'] })\n    await queryInterface.renameColumn('users', 'a', 'b')\n  },\n  down: queryInterface => queryInterface.dropTable('users'),\n}",
        'sequelize',
      ),
    ).toEqual(['not-null-on-existing 3', 'drops-data 4', 'blocks-writes 5', 'blocks-writes 6', 'renames 7'])
    expect(
      hazards(
        "export class A implements MigrationInterface {\n  public async up(queryRunner: QueryRunner): Promise<void> {\n    await queryRunner.addColumn('users', new TableColumn({ name: 'nick', type: 'varchar' }))\n    await queryRunner.createForeignKey('users', new TableForeignKey({ columnNames: ['x'] }))\n    await queryRunner.query(`ALTER TABLE \"users\" DROP COLUMN \"age\"`)\n  }\n  public async down(queryRunner: QueryRunner): Promise<void> {\n    await queryRunner.dropTable('users')\n  }\n}",
        'typeorm',
      ),
    ).toEqual(['not-null-on-existing 3', 'blocks-writes 4', 'drops-data 5'])
  })

  it('Alembic', () => {
    expect(
      hazards(
        'def upgrade() -> None:\n    op.add_column("users", sa.Column("nick", sa.String(20), nullable=False))\n    op.alter_column("users", "age", type_=sa.BigInteger())\n    op.create_foreign_key("fk", "users", "teams", ["t"], ["id"])\n    with op.batch_alter_table("users") as batch_op:\n        batch_op.drop_column("plan")\n    op.execute("DROP TABLE users")\n\n\ndef downgrade() -> None:\n    op.drop_table("users")\n',
        'alembic',
      ),
    ).toEqual(['not-null-on-existing 2', 'type-change 3', 'blocks-writes 4', 'drops-data 6', 'drops-data 7'])
    expect(
      hazards(
        'def upgrade():\n    op.create_table("t", sa.Column("id", sa.Integer()))\n    op.create_index("i", "t", ["id"])\n    op.add_column("users", sa.Column("nick", sa.String(), server_default="x", nullable=False))\n',
        'alembic',
      ),
    ).toEqual([])
  })
})

describe('where migrations lie', () => {
  it.each<[string, string | null]>([
    ['prisma/migrations/20260101_x/migration.sql', 'prisma'],
    ['packages/db/prisma/migrations/20260101_x/migration.sql', 'prisma'],
    ['db/migrate/20260101000000_x.rb', 'rails'],
    ['db/migrate/20230412155030_create_pay_tables.pay.rb', 'rails'],
    ['shop/migrations/0001_initial.py', 'django'],
    ['shop/migrations/__init__.py', null],
    ['database/migrations/2026_01_01_000000_x.php', 'laravel'],
    ['alembic/versions/abc_x.py', 'python'],
    ['supabase/migrations/20260101_x.sql', 'supabase'],
    ['migrations/001_x.up.sql', 'golang-migrate'],
    ['migrations/001_x.down.sql', null],
    ['src/main/resources/db/migration/V1__x.sql', 'flyway'],
    ['migrations/20260101-x.js', 'javascript'],
    ['drizzle/0000_x.sql', 'sql-or-drizzle'],
    ['test/migrations/0001_x.sql', null],
    ['node_modules/a/migrations/0001_x.sql', null],
    ['src/20260101_x.js', null],
  ])('%s', (path, orm) => {
    expect(migrationOf(path)?.orm ?? null).toBe(orm)
  })
})

describe('schema.prisma', () => {
  it('gives tables and columns by their names in the database', () => {
    expect(
      readPrismaSchema(
        'enum Role { A }\nmodel User {\n  id Int @id // key\n  fullName String? @map("full_name")\n  role Role\n  posts Post[]\n  secret String @ignore\n  @@map("users")\n}\nmodel Post {\n  id Int @id\n  author User @relation(fields: [authorId], references: [id])\n  authorId Int\n}\nmodel Old {\n  id Int @id\n  @@ignore\n}\n',
      ).map(({ table, columns }) => [table, columns.map(({ name }) => name)]),
    ).toEqual([
      ['users', ['id', 'full_name', 'role']],
      ['Post', ['id', 'authorId']],
    ])
  })
})

describe('recipes', () => {
  it('are themselves without the hazard that they are for', () => {
    const sqlIn = (steps: readonly string[]): string[] =>
      steps.flatMap(step => [...step.matchAll(/`((?:CREATE|ALTER|REINDEX)[^`]*;)`/g)].map(match => match[1]!))
    for (const sql of [
      'CREATE INDEX ON users ("fullName", age)',
      'CREATE UNIQUE INDEX u ON users (email)',
      'ALTER TABLE users ADD FOREIGN KEY (plan) REFERENCES "Plan" (id)',
      'ALTER TABLE users ADD UNIQUE (email)',
      'CREATE UNIQUE INDEX live ON users USING btree (lower(email) text_pattern_ops DESC NULLS LAST, age) INCLUDE (plan) WITH (fillfactor=70) TABLESPACE fast WHERE age IS NOT NULL',
      'CREATE INDEX tags ON public.users USING gin (plan gin_trgm_ops)',
      'REINDEX TABLE users',
      'ALTER TABLE users ADD CONSTRAINT fk FOREIGN KEY (plan) REFERENCES plans (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED',
      'ALTER TABLE users ADD COLUMN note text, ADD CONSTRAINT adult CHECK (age > 17 AND age < 130)',
      'ALTER TABLE users ADD CONSTRAINT u UNIQUE NULLS NOT DISTINCT (email, plan) INCLUDE (age) DEFERRABLE',
      'ALTER TABLE users ADD PRIMARY KEY (email)',
      'ALTER TABLE users ALTER COLUMN age SET NOT NULL',
    ]) {
      const before = readMigration(sql, 'sql', 'postgresql', parse)
      const [hazard] = hazardsOf(
        [{ file: 'm', operations: before.operations, transaction: false }],
        users(),
        'postgresql',
        'sql',
        true,
      )
      const steps = sqlIn(recipeFor(hazard!, 'sql', 'postgresql').steps)
      expect(steps.length, sql).toBeGreaterThan(0)
      const after = steps.map((text, index) => {
        const read = readMigration(text, 'sql', 'postgresql', parse)
        expect(read.unread, text).toEqual([])
        return { file: `m${index}`, operations: read.operations, transaction: read.transaction }
      })
      expect(hazardsOf(after, users(), 'postgresql', 'sql', true), sql).toEqual([])
    }
  })

  it.each([
    'CREATE UNIQUE INDEX "live" ON "users" USING btree (lower("email") text_pattern_ops DESC NULLS LAST, age) INCLUDE (plan) WITH (fillfactor=70) TABLESPACE fast WHERE "age" IS NOT NULL',
    'CREATE INDEX IF NOT EXISTS tags ON public.users USING gin (plan gin_trgm_ops)',
    'CREATE INDEX ON users ((email || plan))',
  ])('keep an index as it is, and build it concurrently: %s', sql => {
    const [operation] = readMigration(sql, 'sql', 'postgresql', parse).operations
    const safe = operation!.safe![0]!
    expect(safe).toContain(' CONCURRENTLY ')
    expect(safe.replace(' CONCURRENTLY', '')).toBe(sql)
  })

  it.each<[Orm, string, string]>([
    [
      'rails',
      'class A < ActiveRecord::Migration[8.0]\n  def change\n    add_index :users, "lower(email)", unique: true, where: "age > 3", name: "live"\n  end\nend',
      'add_index :users, "lower(email)", unique: true, where: "age > 3", name: "live", algorithm: :concurrently',
    ],
    [
      'django',
      'class Migration(migrations.Migration):\n    operations = [migrations.AddIndex(model_name="user", index=models.Index(fields=["age"], name="live", condition=models.Q(age__gt=3)))]',
      'AddIndexConcurrently(model_name="user", index=models.Index(fields=["age"], name="live", condition=models.Q(age__gt=3)))',
    ],
    [
      'alembic',
      'def upgrade():\n    op.create_index("live", "users", ["age"], postgresql_where=sa.text("age > 3"))',
      'op.create_index("live", "users", ["age"], postgresql_where=sa.text("age > 3"), postgresql_concurrently=True)',
    ],
    [
      'sequelize',
      "module.exports = { async up(queryInterface) { await queryInterface.addIndex('users', ['age'], { name: 'live', where: { age: 3 } }) } }",
      "queryInterface.addIndex('users', ['age'], { concurrently: true, name: 'live', where: { age: 3 } })",
    ],
  ])('keep an index in the words of %s', (orm, text, expected) => {
    const { operations } = readMigration(text, orm, 'postgresql', parse, 'shop')
    const [hazard] = hazardsOf([{ file: 'm', operations, transaction: true }], users(), 'postgresql', orm, true)
    expect(recipeFor(hazard!, orm, 'postgresql').steps[0]).toContain(expected)
    const call = /(?:migrations\.)?(?:add_index |AddIndex\(|op\.create_index\(|queryInterface\.addIndex\()[^\n]*/.exec(
      text,
    )![0]
    const tail = { django: ']', sequelize: ' } }' }[orm as string] ?? ''
    const again = readMigration(text.replace(call, `${expected}${tail}`), orm, 'postgresql', parse, 'shop')
    expect(again.operations.map(({ kind, concurrent }) => [kind, concurrent])).toEqual([['add-index', true]])
  })

  it('hold over two releases: a check that is released proves NOT NULL', () => {
    const schema = users()
    applyOperations(
      schema,
      readMigration('ALTER TABLE users ADD CONSTRAINT c CHECK (age IS NOT NULL) NOT VALID', 'sql', 'postgresql', parse)
        .operations,
    )
    const read = readMigration(
      'ALTER TABLE users VALIDATE CONSTRAINT c; ALTER TABLE users ALTER COLUMN age SET NOT NULL',
      'sql',
      'postgresql',
      parse,
    )
    expect(
      hazardsOf([{ file: 'm', operations: read.operations, transaction: false }], schema, 'postgresql', 'sql', true),
    ).toEqual([])
  })

  it('speak the words of the tool', () => {
    const index = { hazard: 'blocks-writes' as const, table: 'users', column: 'email', of: 'index' }
    expect(recipeFor(index, 'rails', 'postgresql').steps[0]).toMatch(
      /add_index :users, :email, algorithm: :concurrently.*disable_ddl_transaction!/,
    )
    expect(recipeFor(index, 'django', 'postgresql').steps[0]).toMatch(/AddIndexConcurrently.*atomic = False/)
    expect(recipeFor(index, 'prisma', 'postgresql').steps[0]).toMatch(
      /CREATE INDEX CONCURRENTLY.*a migration file of its own/,
    )
    expect(recipeFor({ ...index, of: 'foreign-key' }, 'rails', 'postgresql').steps.join(' ')).toMatch(
      /validate: false.*validate_foreign_key/,
    )
    expect(
      recipeFor(
        { hazard: 'not-null-on-existing', table: 'users', column: 'age', of: 'set-not-null' },
        'laravel',
        'postgresql',
      ).steps[0],
    ).toMatch(/DB::statement\("ALTER TABLE users ADD CONSTRAINT .* NOT VALID"\)/)
    expect(
      recipeFor({ hazard: 'no-lock-timeout', table: null, column: null, of: '' }, 'sequelize', 'mysql').steps[0],
    ).toMatch(/lock_wait_timeout/)
  })
})

describe('calls in every form', () => {
  const rails = (body: string) => `class B < ActiveRecord::Migration[8.0]\n  def change\n    ${body}\n  end\nend\n`
  it.each<[string, string[]]>([
    ['change_column :users, :email, :string, limit: 200', []],
    ['change_column :users, :email, :string, limit: 20', ['type-change 3']],
    ['change_column :users, :price, :decimal, precision: 12, scale: 2', []],
    ['change_column :users, :price, :decimal, precision: 8, scale: 2', ['type-change 3']],
    ['change_column :users, :price, :decimal, precision: 12, scale: 4', ['type-change 3']],
    ['add_column :users, :seq, :bigserial', ['rewrites-table 3']],
    ['create_table :users, force: :cascade do |t|\n    end', ['drops-data 3']],
    ['create_table :others, force: true do |t|\n    end', []],
    ['up_only { drop_table :users }', ['drops-data 3']],
    ['up_only do\n      remove_column :users, :age\n    end', ['drops-data 4']],
    ['add_foreign_key :users, :plans, validate: false\n    validate_foreign_key :users, :plans', ['blocks-writes 4']],
    ['rename_schema :shop, :store', ['renames 3']],
  ])('Rails: %s', (body, expected) => {
    const read = readMigration(rails(body), 'rails', 'postgresql', parse)
    const schema = users()
    schema.get('users')!.set('price', 'numeric(10,2)')
    const found = hazardsOf([{ file: 'm', ...read }], schema, 'postgresql', 'rails', true)
    expect(found.map(({ hazard, line }) => `${hazard} ${line}`)).toEqual(expected)
  })

  it('Rails: what is taken back stands elsewhere, and is named', () => {
    expect(readMigration(rails('revert AddPlan'), 'rails', 'postgresql', parse).unread).toHaveLength(1)
  })

  it.each([
    'with op.batch_alter_table("users") as batch_op:\n        batch_op.drop_column("age")',
    'with op.batch_alter_table("users", schema=None, naming_convention=dict(ix="ix_(x)")) as b:\n        b.drop_column("age")',
    'with op.batch_alter_table(\n        table_name="users",\n        recreate="always",\n    ) as (bop):\n        bop.drop_column("age")',
    'with op.batch_alter_table(TABLE) as table:\n        table.drop_column("age")',
    'with operations.batch_alter_table("users") as b:\n        b.drop_column("age")',
  ])('Alembic: %s', body => {
    const text = `from alembic import op\nfrom alembic import op as operations\nTABLE = "users"\ndef upgrade():\n    ${body}\n`
    const { operations } = readMigration(text, 'alembic', 'postgresql', parse)
    expect(operations.map(({ kind, table, column }) => [kind, table, column])).toEqual([
      ['drop-column', 'users', 'age'],
    ])
  })

  it.each<[Orm, string]>([
    [
      'mikro-orm',
      "export class A extends Migration {\n  async up() {\n    this.addSql('DROP TABLE users;')\n  }\n  async down() { this.addSql('x') }\n}",
    ],
    [
      'doctrine',
      "<?php\nfinal class V extends AbstractMigration {\n  public function up(Schema $schema): void {\n    $this->addSql('DROP TABLE users');\n  }\n  public function down(Schema $schema): void {}\n}",
    ],
  ])('%s hands over SQL', (orm, text) => {
    const read = readMigration(text, orm, 'postgresql', parse)
    expect(read.operations.map(({ kind, table }) => [kind, table])).toEqual([['drop-table', 'users']])
    expect(read.unread).toEqual([])
  })

  it.each<[string, string[]]>([
    // A check proves nothing before it is validated.
    [
      'ALTER TABLE users ADD CONSTRAINT c CHECK (age IS NOT NULL) NOT VALID; ALTER TABLE users ALTER COLUMN age SET NOT NULL',
      ['not-null-on-existing 1'],
    ],
    ['ALTER TABLE users VALIDATE CONSTRAINT users_age_not_null; ALTER TABLE users ALTER COLUMN age SET NOT NULL', []],
    ['REINDEX (CONCURRENTLY false) TABLE users', ['blocks-writes 1']],
    ['DROP DATABASE shop', ['drops-data 1']],
  ])('PostgreSQL: %s', (sql, expected) => {
    expect(hazards(sql)).toEqual(expected)
  })

  it('a widening of a column that nobody knows is only possible', () => {
    const { operations } = readMigration('ALTER TABLE a ALTER COLUMN b TYPE text', 'sql', 'postgresql', parse)
    const found = hazardsOf([{ file: 'm', operations, transaction: false }], new Map(), 'postgresql', 'sql', true)
    expect(found.map(({ hazard, unsure }) => [hazard, unsure])).toEqual([['type-change', true]])
  })

  it('a constraint that a rebuilt table lacks is told as possible', () => {
    const made =
      'CREATE TABLE new_a (id INTEGER PRIMARY KEY, email TEXT);\nINSERT INTO new_a SELECT id, email FROM a;\nDROP TABLE a;\nALTER TABLE new_a RENAME TO a;'
    const schema: Schema = new Map()
    applyOperations(
      schema,
      readMigration('CREATE TABLE a (id INTEGER PRIMARY KEY, email TEXT UNIQUE)', 'sql', 'sqlite', null).operations,
    )
    const judge = (sql: string) =>
      hazardsOf(
        [{ file: 'm', ...readMigration(sql, 'sql', 'sqlite', null) }],
        new Map([...schema]),
        'sqlite',
        'sql',
        true,
      ).map(({ hazard, unsure }) => [hazard, unsure])
    expect(judge(made)).toEqual([['drops-data', true]])
    expect(judge(`${made}\nCREATE UNIQUE INDEX a_email ON a (email);`)).toEqual([])
  })
})
