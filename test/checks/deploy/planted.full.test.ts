// Faults that are easy to overlook, planted one at a time into the sound repositories of twelve stacks. The sound ones are silent above low
// (repos.test.ts); with the fault in place it is found, above low, in the file where it was put.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import type { AnyCheck } from '../../../src/core/check.ts'
import { reaches } from '../../../src/core/severity.ts'
import { judgeFolder } from '../../support/deploy.ts'
import { buildFixture } from '../../support/fixture-repos.ts'
import { makeUp } from '../../support/made-up-secrets.ts'
import type { TestRepo } from '../../support/repo.ts'

/** What is done to a repository; `removed` takes a file out again in a commit of its own. */
type Fault = {
  name: string
  expect: string
  file: string
  /** What the evidence names, where it is not the file that was changed. */
  shows?: string
  edit?: [from: string | RegExp, to: string]
  write?: string
  removed?: boolean
  /** A second place that goes with it. */
  also?: [file: string, from: RegExp, to: string]
}

const stripe = makeUp('sk_~live_{A24}', 31)
const random = makeUp('{A40}', 32)
const password = makeUp('Qv{d3}_{A12}', 33)
const pem = `-----BEGIN ${'RSA PRIVATE'} KEY-----\n${makeUp('{B1600}', 34)}\n-----END ${'RSA PRIVATE'} KEY-----\n`

const ungated = (file: string, edit: Fault['edit']): Fault => ({
  name: 'the deploy no longer waits for the tests',
  expect: 'deploy-path:not-gated',
  file,
  edit,
})
const stranger = (file: string, before: string): Fault => ({
  name: 'the title of a stranger runs as code',
  expect: 'ci-safety:script-injection',
  file,
  edit: [before, `- run: echo "Checking \${{ github.event.pull_request.title }}"\n      ${before}`],
})
const kept = (file: string, name = 'PAYMENT_SECRET'): Fault => ({
  name: 'a secret in the image',
  expect: 'container:secrets-in-image',
  file,
  edit: [/\nUSER /, `\nENV ${name}=${random}\nUSER `],
})
const once = (file: string, write: string): Fault => ({
  name: 'a secret that was taken out again',
  expect: 'secret-in-history:unknown',
  file,
  write,
  removed: true,
})
const environment = (file: string, write: string): Fault => ({
  name: 'the environment of production in git',
  expect: 'env-file-committed:secrets',
  file,
  write,
})
const inCode = (file: string, write: string): Fault => ({
  name: 'a key in the code',
  expect: 'secret-in-tree:live',
  file,
  write,
})
const debugging = (file: string, edit: Fault['edit']): Fault => ({
  name: 'debug mode',
  expect: 'env-separation:debug-in-production',
  file,
  edit,
})

const stacks: Record<string, Fault[]> = {
  'sound-next-prisma': [
    {
      name: 'a column that rows of today cannot have',
      expect: 'migration-hazard:not-null-on-existing',
      file: 'prisma/migrations/20261102000000_vat/migration.sql',
      write: 'ALTER TABLE "User" ADD COLUMN "vat" TEXT NOT NULL;\n',
    },
    {
      name: 'an index that stops writes',
      expect: 'migration-hazard:blocks-writes',
      file: 'prisma/migrations/20261102000000_ix/migration.sql',
      write: 'CREATE INDEX "User_email_lower" ON "User"(lower("email"));\n',
    },
    {
      name: 'a key for the browser',
      expect: 'env-public-prefix:secret-exposed',
      file: 'app/chat.tsx',
      write: 'export const key = process.env.NEXT_PUBLIC_OPENAI_API_KEY\n',
    },
    {
      name: 'an install that may change versions',
      expect: 'frozen-install:not-frozen',
      file: '.github/workflows/ci.yml',
      edit: ['npm ci', 'npm install'],
    },
    stranger('.github/workflows/ci.yml', '- run: npm test'),
    once('lib/pay.ts', `export const stripe = new Stripe('${stripe}')\n`),
  ],
  'sound-django': [
    {
      name: 'a column renamed under the running code',
      expect: 'migration-hazard:renames',
      file: 'shop/migrations/0003_rename.py',
      write:
        'from django.db import migrations\n\n\nclass Migration(migrations.Migration):\n    dependencies = [("shop", "0002_customer_tier")]\n    operations = [migrations.RenameField(model_name="customer", old_name="name", new_name="title")]\n',
    },
    debugging('project/settings.py', ['DEBUG = False', 'DEBUG = True']),
    kept('Dockerfile', 'SENTRY_AUTH_TOKEN'),
    ungated('.github/workflows/ci.yml', ['    needs: test\n', '']),
    inCode('shop/pay.py', `import stripe\n\nstripe.api_key = "${stripe}"\n`),
    {
      name: 'migrations in nobody’s hands',
      expect: 'migration-step:not-in-deploy',
      shows: 'migrations',
      file: 'fly.toml',
      edit: [/\[deploy\]\n {2}release_command = .*\n/, ''],
    },
  ],
  'sound-rails': [
    {
      name: 'a column dropped',
      expect: 'migration-hazard:drops-data',
      file: 'db/migrate/20261111000000_drop_note.rb',
      write:
        'class DropNote < ActiveRecord::Migration[8.1]\n  def change\n    remove_column :projects, :name, :string\n  end\nend\n',
    },
    {
      name: 'an index that stops writes',
      expect: 'migration-hazard:blocks-writes',
      file: 'db/migrate/20261111000000_ix.rb',
      write:
        'class Ix < ActiveRecord::Migration[8.1]\n  def change\n    add_index :projects, [:name, :id], unique: true\n  end\nend\n',
    },
    stranger('.github/workflows/ci.yml', '- run: bin/rails test'),
    {
      name: 'a smoke test that cannot fail',
      expect: 'smoke-test:cannot-fail',
      file: '.github/workflows/ci.yml',
      edit: [
        'run: npx launch-ready deploy smoke --report junit:smoke.xml',
        'run: curl -s https://shop.example.com/up || true',
      ],
    },
    {
      name: 'the key of production',
      expect: 'secret-in-tree:password',
      file: 'config/credentials/production.key',
      write: `${makeUp('{h32}', 35)}\n`,
    },
    ungated('.github/workflows/ci.yml', ['    needs: test\n', '']),
  ],
  'sound-laravel': [
    {
      name: 'a column that rows of today cannot have',
      expect: 'migration-hazard:not-null-on-existing',
      file: 'database/migrations/2026_11_03_000000_vat.php',
      write:
        "<?php\n\nreturn new class extends Migration {\n    public function up(): void\n    {\n        Schema::table('orders', function (Blueprint $table) {\n            $table->string('vat');\n        });\n    }\n};\n",
    },
    {
      name: 'a table renamed',
      expect: 'migration-hazard:renames',
      file: 'database/migrations/2026_11_03_000000_ren.php',
      write:
        "<?php\n\nreturn new class extends Migration {\n    public function up(): void\n    {\n        Schema::rename('orders', 'sales');\n    }\n};\n",
    },
    environment(
      '.env.production',
      `APP_KEY=base64:${makeUp('{B43}', 36)}=\nDB_PASSWORD=${password}\nSTRIPE_SECRET=${stripe}\n`,
    ),
    ungated('.github/workflows/ci.yml', ['    needs: test\n', '']),
    {
      name: 'migrations in nobody’s hands',
      expect: 'migration-step:not-in-deploy',
      shows: 'database/migrations',
      file: '.github/workflows/ci.yml',
      edit: ['      - run: php artisan migrate --force\n', ''],
      // Deployer's recipe for Laravel migrates by itself; the common one does not.
      also: ['deploy.php', /recipe\/laravel\.php/, 'recipe/common.php'],
    },
    once('config/mail.php', `<?php return ['key' => '${makeUp('SG~.{s22}.{s43}', 37)}'];\n`),
  ],
  'sound-phoenix': [
    ungated('.github/workflows/elixir.yml', [/ {4}needs: .*\n/, '']),
    stranger('.github/workflows/elixir.yml', '- run: mix test'),
    kept('Dockerfile', 'SECRET_KEY_BASE'),
    {
      name: 'an address of this machine',
      expect: 'env-separation:localhost-in-production',
      file: 'fly.toml',
      edit: ["  PORT = '8080'\n", "  PORT = '8080'\n  DATABASE_URL = 'ecto://app@localhost/demo'\n"],
    },
    {
      name: 'a base that moves',
      expect: 'container:mutable-base',
      file: 'Dockerfile',
      edit: ['FROM ${RUNNER_IMAGE} AS final', 'FROM debian:stable-slim AS final'],
    },
    inCode('lib/demo/pay.ex', `defmodule Demo.Pay do\n  @key "${stripe}"\n  def key, do: @key\nend\n`),
  ],
  'sound-go': [
    {
      name: 'a type that loses digits',
      expect: 'migration-hazard:type-change',
      file: 'migrations/00004_type.sql',
      write: '-- +goose Up\nALTER TABLE orders ALTER COLUMN total TYPE double precision;\n',
    },
    {
      name: 'an index within a transaction',
      expect: 'migration-hazard:concurrent-in-transaction',
      file: 'migrations/00004_ix.sql',
      write: '-- +goose Up\nCREATE INDEX CONCURRENTLY orders_note_ix ON orders (note);\n',
    },
    {
      name: 'a base that moves',
      expect: 'container:mutable-base',
      file: 'Dockerfile',
      edit: ['FROM golang:1.26 AS build', 'FROM golang:latest AS build'],
    },
    {
      name: 'the password of a database',
      expect: 'secret-in-tree:live',
      file: 'db.go',
      write: `package main\n\nconst dsn = "postgres://shop:${makeUp('{A20}', 38)}@db.acme-prod.net:5432/shop"\n`,
    },
    {
      name: 'a smoke test that cannot fail',
      expect: 'smoke-test:cannot-fail',
      file: '.gitlab-ci.yml',
      edit: [
        'npx launch-ready deploy smoke --report junit:smoke.xml',
        'curl -s https://shop.example.com/health || true',
      ],
    },
    {
      name: 'migrations in nobody’s hands',
      expect: 'migration-step:not-in-deploy',
      shows: 'migrations',
      file: '.gitlab-ci.yml',
      edit: ['    - goose -dir migrations postgres "$DATABASE_URL" up\n', ''],
    },
  ],
  'sound-sveltekit': [
    {
      name: 'a key for the browser',
      expect: 'env-public-prefix:secret-exposed',
      file: 'src/lib/admin.ts',
      write:
        "import { PUBLIC_SUPABASE_SERVICE_ROLE_KEY } from '$env/static/public'\nexport const key = PUBLIC_SUPABASE_SERVICE_ROLE_KEY\n",
    },
    stranger('.github/workflows/deploy.yml', '- run: npm test'),
    ungated('.github/workflows/deploy.yml', ['    needs: test\n', '']),
    {
      name: 'an install that may change versions',
      expect: 'frozen-install:not-frozen',
      file: '.github/workflows/deploy.yml',
      edit: ['npm ci', 'npm i'],
    },
    {
      name: 'a smoke test that cannot fail',
      expect: 'smoke-test:cannot-fail',
      file: '.github/workflows/deploy.yml',
      edit: ['curl --fail-with-body --retry 10 --retry-connrefused', 'curl --retry 10 --silent'],
    },
    once('src/lib/key.pem', pem),
  ],
  'sound-nest': [
    {
      name: 'an index that stops writes',
      expect: 'migration-hazard:blocks-writes',
      file: 'src/migrations/1759276800001-Ix.ts',
      write:
        'import { MigrationInterface, QueryRunner } from "typeorm";\n\nexport class Ix1759276800001 implements MigrationInterface {\n    public async up(queryRunner: QueryRunner): Promise<void> {\n        await queryRunner.query(`CREATE INDEX "user_locale" ON "user" ("locale")`);\n    }\n\n    public async down(queryRunner: QueryRunner): Promise<void> {\n        await queryRunner.query(`DROP INDEX "user_locale"`);\n    }\n}\n',
    },
    {
      name: 'debug mode',
      expect: 'env-separation:debug-in-production',
      file: 'Dockerfile',
      edit: ['ENV NODE_ENV=production', 'ENV NODE_ENV=development'],
    },
    ungated('.circleci/config.yml', ['          requires: [test]\n', '']),
    {
      name: 'a version without repairs',
      expect: 'runtime-version:end-of-life',
      file: 'Dockerfile',
      edit: [/node:22-slim/g, 'node:18-slim'],
    },
    inCode('src/pay.ts', `export const pay = new Stripe("${stripe}")\n`),
    {
      name: 'a secret in the image',
      expect: 'container:secrets-in-image',
      file: 'Dockerfile',
      edit: ['USER node', 'COPY .env.production ./.env\nUSER node'],
    },
  ],
  'sound-hono': [
    {
      name: 'a rebuilt table that loses the values of a column',
      expect: 'migration-hazard:drops-data',
      file: 'drizzle/0002_names.sql',
      write:
        'CREATE TABLE `__new_users` (\n\t`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,\n\t`email` text NOT NULL,\n\t`role` text DEFAULT \'member\' NOT NULL\n);\n--> statement-breakpoint\nINSERT INTO `__new_users`("id", "email", "role") SELECT "id", \'\', "role" FROM `users`;--> statement-breakpoint\nDROP TABLE `users`;--> statement-breakpoint\nALTER TABLE `__new_users` RENAME TO `users`;\n',
      also: [
        'drizzle/meta/_journal.json',
        /\n {2}\]|\]\s*\}\s*$/,
        ', { "idx": 2, "version": "6", "when": 1793000000000, "tag": "0002_names", "breakpoints": true } ] }',
      ],
    },
    ungated('.github/workflows/deploy.yml', ['    needs: [test]\n', '']),
    {
      name: 'an install that may change versions',
      expect: 'frozen-install:not-frozen',
      file: '.github/workflows/deploy.yml',
      edit: [/pnpm i --frozen-lockfile/g, 'pnpm i --no-frozen-lockfile'],
    },
    {
      name: 'a secret among public settings',
      expect: 'secret-in-tree:live',
      file: 'wrangler.jsonc',
      edit: [
        '"API_HOST": "https://api.example.com"',
        `"API_HOST": "https://api.example.com", "STRIPE_KEY": "${stripe}"`,
      ],
    },
    {
      name: 'a smoke test that cannot fail',
      expect: 'smoke-test:cannot-fail',
      file: '.github/workflows/deploy.yml',
      edit: ['curl -sSf', 'curl -sS'],
    },
    environment('.dev.vars', `AUTH_SECRET=${random}\nSTRIPE_SECRET_KEY=${stripe}\n`),
  ],
  'sound-flask': [
    {
      name: 'a column that rows of today cannot have',
      expect: 'migration-hazard:not-null-on-existing',
      file: 'migrations/versions/2c3d4e5f6071_vat.py',
      write:
        "from alembic import op\nimport sqlalchemy as sa\n\nrevision = '2c3d4e5f6071'\ndown_revision = '1b2c3d4e5f60'\n\n\ndef upgrade():\n    with op.batch_alter_table('user', schema=None) as batch_op:\n        batch_op.add_column(sa.Column('vat', sa.String(length=20), nullable=False))\n\n\ndef downgrade():\n    pass\n",
    },
    {
      name: 'two heads',
      expect: 'migration-history:out-of-order',
      file: 'migrations/versions/3d4e5f607182_b.py',
      write:
        "from alembic import op\nimport sqlalchemy as sa\n\nrevision = '3d4e5f607182'\ndown_revision = '0a1b2c3d4e5f'\n\n\ndef upgrade():\n    op.create_table('b', sa.Column('id', sa.Integer(), primary_key=True))\n\n\ndef downgrade():\n    op.drop_table('b')\n",
    },
    {
      name: 'debug mode',
      expect: 'env-separation:debug-in-production',
      file: 'Dockerfile',
      write: 'FROM python:3.13.7-slim\nENV FLASK_DEBUG=1\nUSER 1000\nCMD ["gunicorn", "app:create_app()"]\n',
    },
    stranger('.github/workflows/test.yml', '- run: poetry run pytest'),
    {
      name: 'migrations in nobody’s hands',
      expect: 'migration-step:not-in-deploy',
      shows: 'migrations',
      file: 'railway.json',
      edit: ['    "preDeployCommand": ["flask --app app db upgrade"],\n', ''],
    },
    once('app/mail.py', `SENDGRID_API_KEY = "${makeUp('SG~.{s22}.{s43}', 39)}"\n`),
  ],
  'sound-go-kubernetes': [
    {
      name: 'an index that stops writes',
      expect: 'migration-hazard:blocks-writes',
      file: 'migrations/00005_ix.sql',
      write: '-- +goose Up\nCREATE UNIQUE INDEX notes_ix ON notes (id);\n',
    },
    ungated('.github/workflows/ci.yml', ['    needs: test\n', '']),
    stranger('.github/workflows/ci.yml', '- run: go vet ./...'),
    {
      name: 'every right for every step',
      expect: 'ci-safety:write-all',
      file: '.github/workflows/ci.yml',
      edit: ['permissions: { contents: read }', 'permissions: write-all'],
    },
    {
      name: 'a smoke test that cannot fail',
      expect: 'smoke-test:cannot-fail',
      file: '.github/workflows/ci.yml',
      edit: ['curl --fail https', 'curl https'],
    },
    inCode('cmd/server/mail.go', `package main\n\nvar key = []byte("${makeUp('SG~.{s22}.{s43}', 40)}")\n`),
  ],
  'sound-bun': [
    {
      name: 'a column dropped',
      expect: 'migration-hazard:drops-data',
      file: 'apps/api/prisma/migrations/20261101000000_drop/migration.sql',
      write: 'ALTER TABLE "User" DROP COLUMN "email";\n',
    },
    {
      name: 'an install that may change versions',
      expect: 'frozen-install:not-frozen',
      file: 'Dockerfile',
      edit: ['bun install --frozen-lockfile', 'bun install'],
    },
    ungated('.github/workflows/ci.yml', ['    needs: [test]\n', '']),
    kept('Dockerfile'),
    {
      name: 'schema pushed',
      expect: 'migration-history:push-in-production',
      file: 'fly.toml',
      edit: ['bunx prisma migrate deploy', 'bunx prisma db push'],
    },
    {
      name: 'test keys where customers pay',
      expect: 'env-separation:test-key-in-production',
      file: 'fly.toml',
      edit: ['[deploy]', `[env]\n  STRIPE_SECRET_KEY = "${makeUp('sk_~test_{A24}', 41)}"\n[deploy]`],
    },
  ],
}

const folder = resolve(import.meta.dirname, '../../../src/checks/deploy')
const modules = await Promise.all(
  readdirSync(folder)
    .filter(name => name.endsWith('.ts'))
    .map(name => import(pathToFileURL(join(folder, name)).href) as Promise<{ default?: AnyCheck }>),
)
const checks = new Map(
  modules.flatMap(({ default: check }) => (check?.on === 'repo' && !check.active ? [[check.id, check] as const] : [])),
)

const plant = (repo: TestRepo, { file, edit, write, removed, also }: Fault): void => {
  if (also) {
    const path = join(repo.root, also[0])
    writeFileSync(path, readFileSync(path, 'utf8').replace(also[1], also[2]))
  }
  if (edit) {
    const path = join(repo.root, file)
    const before = readFileSync(path, 'utf8')
    const after = before.replace(edit[0], edit[1])
    if (after === before) throw new Error(`${file} holds nothing to change`)
    writeFileSync(path, after)
  } else repo.write({ [file]: write ?? '' })
  repo.git('add', '-A', '-f')
  repo.commit('planted')
  if (!removed) return
  repo.git('rm', '-q', file)
  repo.commit('tidied')
}

describe('planted faults', () => {
  it('are six in each of twelve stacks', () => {
    expect(Object.values(stacks).map(faults => faults.length)).toEqual(Array(12).fill(6))
  })
  for (const [name, faults] of Object.entries(stacks))
    it.each(faults.map(fault => [fault.name, fault] as const))(`${name}: %s`, async (_what, fault) => {
      const [id, outcome] = fault.expect.split(':')
      const repo = buildFixture(name)
      try {
        plant(repo, fault)
        const results = await judgeFolder(repo.root, [checks.get(id!)!])
        const findings = results[id!]!.findings.filter(({ severity }) => reaches(severity, 'medium'))
        expect(findings.map(one => `${one.check}:${one.outcome}`)).toContain(fault.expect)
        const found = findings.filter(one => one.outcome === outcome)
        expect(JSON.stringify(found.map(({ evidence, title, fix }) => [evidence, title, fix]))).toContain(
          fault.shows ?? fault.file,
        )
      } finally {
        repo.dispose()
      }
    })
})
