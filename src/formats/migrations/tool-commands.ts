// What each migration tool is called with, and where each platform runs a command once, before traffic.

type ByTool = Readonly<Record<string, string>>

/** Brings a database up to date; ids are those of `Orm`. */
export const runCommands: ByTool = {
  prisma: 'npx prisma migrate deploy',
  drizzle: 'npx drizzle-kit migrate',
  knex: 'npx knex migrate:latest',
  sequelize: 'npx sequelize-cli db:migrate',
  typeorm: 'npx typeorm migration:run -d dist/data-source.js',
  rails: 'bin/rails db:migrate',
  django: 'python manage.py migrate --no-input',
  laravel: 'php artisan migrate --force',
  alembic: 'alembic upgrade head',
  supabase: 'supabase db push',
  goose: 'goose up',
  dbmate: 'dbmate up',
  'golang-migrate': 'migrate -path migrations -database "$DATABASE_URL" up',
  flyway: 'flyway migrate',
  atlas: 'atlas migrate apply --url "$DATABASE_URL"',
  liquibase: 'liquibase update',
  'mikro-orm': 'npx mikro-orm migration:up',
  doctrine: 'php bin/console doctrine:migrations:migrate --no-interaction',
  diesel: 'diesel migration run',
  ecto: 'mix ecto.migrate',
  bun: 'go run ./cmd/migrate',
  gormigrate: 'go run ./cmd/migrate',
  'entity-framework': 'dotnet ef database update',
  'fluent-migrator': 'dotnet fm migrate -c "$CONNECTION" -a app.dll',
  sql: 'psql "$DATABASE_URL" -f migrations/…',
}

/** Writes the migration which is missing. */
export const writeCommands: ByTool = {
  prisma: 'npx prisma migrate dev --name catch-up',
  rails: 'bin/rails db:migrate',
  drizzle: 'npx drizzle-kit generate',
  django: 'python manage.py makemigrations',
  alembic: 'alembic revision --autogenerate -m catch-up',
  ecto: 'mix ecto.gen.migration catch_up',
}

/** Joins two ends of a history. */
export const mergeCommands: ByTool = {
  django: 'python manage.py makemigrations --merge',
  alembic: 'alembic merge heads -m merge',
}

/** Runs migrations where a schema was pushed. */
export const insteadOfPush: ByTool = {
  prisma: 'npx prisma migrate deploy',
  drizzle: 'npx drizzle-kit migrate',
  rails: 'bin/rails db:migrate',
  typeorm: 'npx typeorm migration:run',
  laravel: 'php artisan migrate --force',
}

/** Where each platform runs a command once, before traffic. */
export const releasePlaces: ByTool = {
  fly: '[deploy] release_command in fly.toml',
  heroku: 'a `release:` line in the Procfile',
  render: 'preDeployCommand in render.yaml',
  railway: 'preDeployCommand in railway.json',
  digitalocean: 'a job of kind PRE_DEPLOY in .do/app.yaml',
  kamal: 'the hook .kamal/hooks/pre-deploy',
  vercel: 'the build command (`<migrate> && next build`)',
  netlify: 'the build command',
}

/** The tool that a line which pushes a schema belongs to. */
export const ormOfPush = (text: string): string =>
  /prisma/.test(text)
    ? 'prisma'
    : /drizzle/.test(text)
      ? 'drizzle'
      : /schema:load/.test(text)
        ? 'rails'
        : /create_all/.test(text)
          ? 'alembic'
          : /AutoMigrate/.test(text)
            ? 'goose'
            : /sync\(/.test(text)
              ? 'sequelize'
              : 'typeorm'

/** Whether such a line makes what is missing and takes nothing away. */
export const onlyAdds = (text: string): boolean => /create_all|AutoMigrate/.test(text)

/**
 * A database that was pushed has the tables, and no record of migrations: the first migration is written from what stands there and marked as
 * run, before any other is. `<dialect>` and the like are as in the tool's own configuration.
 */
export const baselines: Readonly<Record<string, readonly string[]>> = {
  prisma: [
    'mkdir -p prisma/migrations/0_init',
    'npx prisma migrate diff --from-empty --to-schema prisma/schema.prisma --script > prisma/migrations/0_init/migration.sql',
    'npx prisma migrate resolve --applied 0_init',
  ],
  drizzle: [
    'npx drizzle-kit generate --name init',
    'psql "$DATABASE_URL" -c "CREATE SCHEMA IF NOT EXISTS drizzle; CREATE TABLE IF NOT EXISTS drizzle.__drizzle_migrations (id serial PRIMARY KEY, hash text NOT NULL, created_at bigint)"',
    `psql "$DATABASE_URL" -c "INSERT INTO drizzle.__drizzle_migrations (hash, created_at) VALUES ('$(sha256sum drizzle/0000_init.sql | cut -d ' ' -f 1)', $(node -p "require('./drizzle/meta/_journal.json').entries[0].when"))"`,
  ],
  typeorm: [
    'npx typeorm migration:generate src/migrations/Init -d src/data-source.ts  # against an empty database',
    'npx typeorm migration:run --fake -d src/data-source.ts',
  ],
  sequelize: [
    'npx sequelize-cli migration:generate --name init  # and write the tables that stand there into it',
    `psql "$DATABASE_URL" -c "CREATE TABLE IF NOT EXISTS \\"SequelizeMeta\\" (name varchar(255) PRIMARY KEY); INSERT INTO \\"SequelizeMeta\\" VALUES ('<file>')"`,
  ],
  alembic: ['alembic revision --autogenerate -m init  # against an empty database', 'alembic stamp head'],
  goose: [
    'pg_dump --schema-only "$DATABASE_URL" > migrations/00001_init.sql  # with -- +goose Up above it',
    'goose up  # on an empty database; in production insert version 1 into goose_db_version first',
  ],
}

/** Whether such a line is a setting or a call in code, and no command. */
export const synchronisesInCode = (text: string): boolean => /synchronize|sync\(|create_all|AutoMigrate/.test(text)
