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
  sql: 'psql "$DATABASE_URL" -f migrations/…',
}

/** Writes the migration which is missing. */
export const writeCommands: ByTool = {
  prisma: 'npx prisma migrate dev --name catch-up',
  rails: 'bin/rails db:migrate',
  drizzle: 'npx drizzle-kit generate',
  django: 'python manage.py makemigrations',
  alembic: 'alembic revision --autogenerate -m catch-up',
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
  /prisma/.test(text) ? 'prisma' : /drizzle/.test(text) ? 'drizzle' : 'typeorm'

/** Whether such a line is a setting or a call in code, and no command. */
export const synchronisesInCode = (text: string): boolean => /synchronize|sync\(|create_all|AutoMigrate/.test(text)
