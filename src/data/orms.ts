// Object-relational mappers, migration tools and databases by the packages that show them, over all languages, and the commands by which
// each applies its migrations. From their own documentation, November 2026.

/** ORM or migration tool by dependency, over all languages. */
export const ormDependencies: readonly (readonly [string, string])[] = [
  ['prisma', 'prisma'],
  ['@prisma/client', 'prisma'],
  ['drizzle-orm', 'drizzle'],
  ['drizzle-kit', 'drizzle'],
  ['knex', 'knex'],
  ['sequelize', 'sequelize'],
  ['sequelize-cli', 'sequelize'],
  ['typeorm', 'typeorm'],
  ['@mikro-orm/core', 'mikro-orm'],
  ['kysely', 'kysely'],
  ['objection', 'knex'],
  ['node-pg-migrate', 'node-pg-migrate'],
  ['mongoose', 'mongoose'],
  ['supabase', 'supabase'],
  ['django', 'django'],
  ['sqlalchemy', 'sqlalchemy'],
  ['alembic', 'alembic'],
  ['flask-migrate', 'alembic'],
  ['sqlmodel', 'sqlalchemy'],
  ['tortoise-orm', 'tortoise'],
  ['activerecord', 'rails'],
  ['rails', 'rails'],
  ['sequel', 'sequel'],
  ['laravel/framework', 'laravel'],
  ['doctrine/orm', 'doctrine'],
  ['doctrine/doctrine-migrations-bundle', 'doctrine'],
  ['ecto_sql', 'ecto'],
  ['gorm.io/gorm', 'gorm'],
  ['entgo.io/ent', 'ent'],
  ['github.com/golang-migrate/migrate', 'golang-migrate'],
  ['github.com/pressly/goose', 'goose'],
  ['diesel', 'diesel'],
  ['sqlx', 'sqlx'],
  ['sea-orm', 'sea-orm'],
]

/** Database by driver. */
export const databaseDependencies: readonly (readonly [string, string])[] = [
  ['pg', 'postgresql'],
  ['postgres', 'postgresql'],
  ['@neondatabase/serverless', 'postgresql'],
  ['@vercel/postgres', 'postgresql'],
  ['@supabase/supabase-js', 'postgresql'],
  ['psycopg', 'postgresql'],
  ['psycopg2', 'postgresql'],
  ['psycopg2-binary', 'postgresql'],
  ['asyncpg', 'postgresql'],
  ['postgrex', 'postgresql'],
  ['github.com/jackc/pgx', 'postgresql'],
  ['github.com/lib/pq', 'postgresql'],
  ['mysql', 'mysql'],
  ['mysql2', 'mysql'],
  ['mysqlclient', 'mysql'],
  ['pymysql', 'mysql'],
  ['trilogy', 'mysql'],
  ['@planetscale/database', 'mysql'],
  ['myxql', 'mysql'],
  ['github.com/go-sql-driver/mysql', 'mysql'],
  ['sqlite3', 'sqlite'],
  ['better-sqlite3', 'sqlite'],
  ['@libsql/client', 'sqlite'],
  ['aiosqlite', 'sqlite'],
  ['ecto_sqlite3', 'sqlite'],
  ['github.com/mattn/go-sqlite3', 'sqlite'],
  ['modernc.org/sqlite', 'sqlite'],
  ['mongodb', 'mongodb'],
  ['mongoose', 'mongodb'],
  ['pymongo', 'mongodb'],
  ['redis', 'redis'],
  ['ioredis', 'redis'],
  ['@upstash/redis', 'redis'],
]

/** Commands that apply migrations, matched against the command without what stands before the program. */
export const migrating =
  /^prisma(?: -\S+)* migrate deploy|^drizzle-kit migrate|^knex migrate:(?:latest|up)|^sequelize(?:-cli)? db:migrate(?!:)|typeorm\S* .*migration:run|^typeorm(?:-ts-node-\w+)? migration:run|^mikro-orm migration:up|^node-pg-migrate up|^(?:\S*\/)?(?:rails|rake)\b.*\bdb:(?:migrate|prepare)(?![:\w])|manage\.py migrate\b|artisan migrate(?!:)|^alembic\b.*\bupgrade|^flask\b.*\bdb (?:upgrade|migrate)\b|^mix ecto\.migrate|bin\/migrate\b|\.Release\.migrate|^goose\b.*\bup\b|^migrate\b.*\bup\b|^dbmate\b.*\b(?:up|migrate)\b|^atlas migrate apply|^flyway\b.*\bmigrate|^liquibase\b.*\bupdate|^supabase (?:db push|migration up)|^sqlx migrate run|^diesel migration run|doctrine:migrations:migrate|d1 migrations apply|^node ace migration:run|^payload migrate|\bace(?:\.js)? migration:run|^psql\b.*-f \S*migrations?\S*/

/** Commands that change the schema without migrations, or start it anew. */
export const pushing =
  /^prisma (?:db push|migrate (?:dev|reset))|^drizzle-kit push|schema:sync\b|doctrine:schema:update\b.*--force|artisan migrate:(?:fresh|refresh|reset)|^(?:\S*\/)?(?:rails|rake) db:(?:schema:load|reset|drop)|^supabase db reset|^mikro-orm schema:(?:update|fresh)/
