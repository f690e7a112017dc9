// How each tool is told things: raw SQL, names as a database wants them, and a migration outside of a transaction.
import type { Dialect, Orm } from './model.ts'

/** Text as a string of the tool's language, in quotes that it does not hold itself. */
const inQuotes = (sql: string): string =>
  !sql.includes('"') ? `"${sql}"` : sql.includes("'") ? `"${sql.replaceAll('"', '\\"')}"` : `'${sql}'`

const reserved =
  /^(?:user|order|group|table|column|index|check|default|end|primary|references|select|to|from|where|limit|offset|all|and|any|as|case|desc|asc|grant|in|not|null|or|then|union|unique|using|when|with|session_user|current_user)$/

/** A name as the database wants it written: quoted where it has capitals, is no plain word, or is a keyword. */
export const identifier = (name: string, dialect: Dialect | null): string =>
  name
    .split('.')
    .map(part =>
      /^[a-z_][a-z0-9_]*$/.test(part) && !reserved.test(part)
        ? part
        : dialect === 'mysql'
          ? `\`${part}\``
          : `"${part}"`,
    )
    .join('.')

/** How one writes raw SQL, and leaves the transaction, in each tool. */
export const raw = (orm: Orm, sql: string): string => {
  switch (orm) {
    case 'rails':
      return `execute ${inQuotes(sql)}`
    case 'django':
      return `migrations.RunSQL(${inQuotes(sql)})`
    case 'laravel':
      return `DB::statement(${inQuotes(sql)});`
    case 'knex':
      return `await knex.raw(${inQuotes(sql)})`
    case 'sequelize':
      return `await queryInterface.sequelize.query(${inQuotes(sql)})`
    case 'typeorm':
      return `await queryRunner.query(${inQuotes(sql)})`
    case 'mikro-orm':
      return `this.addSql(${inQuotes(sql)})`
    case 'doctrine':
      return `$this->addSql(${inQuotes(sql)});`
    case 'alembic':
      return `op.execute(${inQuotes(sql)})`
    case 'ecto':
      return `execute ${inQuotes(sql)}`
    case 'entity-framework':
      return `migrationBuilder.Sql("${sql.replaceAll('"', '\\"')}");`
    case 'fluent-migrator':
      return `Execute.Sql("${sql.replaceAll('"', '\\"')}");`
    case 'gormigrate':
      return `tx.Exec(\`${sql.replaceAll('`', '')}\`)`
    default:
      return `${sql};`
  }
}

/** What makes a migration run outside of a transaction. */
export const outside = (orm: Orm): string => {
  switch (orm) {
    case 'rails':
      return '`disable_ddl_transaction!` at the top of the class'
    case 'django':
      return '`atomic = False` in the Migration class'
    case 'laravel':
      return '`public $withinTransaction = false;` in the migration'
    case 'knex':
      return '`exports.config = { transaction: false }`'
    case 'typeorm':
      return '`transaction = false` in the class, and `migrationsTransactionMode: "each"` in the data source'
    case 'alembic':
      return '`with op.get_context().autocommit_block():` around it'
    case 'sequelize':
      return 'no `transaction` given to the call'
    case 'goose':
      return '`-- +goose NO TRANSACTION` at the top of the file'
    case 'dbmate':
      return '`-- migrate:up transaction:false`'
    case 'flyway':
      return '`executeInTransaction=false` in a .conf beside it'
    case 'liquibase':
      return '`runInTransaction` set to `false` in its changeset'
    case 'atlas':
      return '`-- atlas:txmode none` at the top of the file'
    case 'mikro-orm':
      return '`isTransactional() { return false }` in the class'
    case 'doctrine':
      return '`public function isTransactional(): bool { return false; }` in the class'
    case 'ecto':
      return '`@disable_ddl_transaction true` and `@disable_migration_lock true` in the module'
    case 'diesel':
      return '`run_in_transaction = false` in a metadata.toml beside it'
    case 'entity-framework':
      return '`suppressTransaction: true` in the call of `Sql`'
    case 'fluent-migrator':
      return '`TransactionBehavior.None` in its `[Migration(…)]`'
    case 'gormigrate':
      return '`UseTransaction: false` in the options of gormigrate'
    case 'drizzle':
      return 'running it by hand (`psql -f`), because drizzle-kit migrates within one transaction'
    default:
      return 'a migration file of its own with this one statement'
  }
}
