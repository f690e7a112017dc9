// Foreign keys without an index, in the words of each tool: all that are planted are found, nothing else, and the migration of the fix heals.
import { afterEach, describe, expect, it } from 'vitest'
import foreignKeyIndex from '../../../src/checks/perf/foreign-key-index.ts'
import { collectors } from '../../../src/facts/index.generated.ts'
import type { SchemaKeys } from '../../../src/facts/repo/schema-keys.ts'
import { judgeRepo } from '../../support/judge-repo.ts'
import { collectFact, makeRepo, type TestRepo } from '../../support/repo.ts'

type Case = { name: string; files: Record<string, string>; missing: string[] }

const pg = { 'package.json': '{"dependencies":{"pg":"8"}}' }

const cases: Case[] = [
  {
    name: 'prisma',
    files: {
      'prisma/migrations/migration_lock.toml': 'provider = "postgresql"\n',
      'prisma/migrations/20260101000000_init/migration.sql': `
CREATE TABLE "User" ("id" TEXT NOT NULL, CONSTRAINT "User_pkey" PRIMARY KEY ("id"));
CREATE TABLE "Post" ("id" TEXT NOT NULL, "authorId" TEXT NOT NULL, "editorId" TEXT, "slug" TEXT NOT NULL, "reviewerId" TEXT, "ownerId" TEXT, "deletedAt" TIMESTAMP(3), CONSTRAINT "Post_pkey" PRIMARY KEY ("id"));
CREATE TABLE "_Likes" ("A" TEXT NOT NULL, "B" TEXT NOT NULL);
CREATE UNIQUE INDEX "_Likes_AB_unique" ON "_Likes"("A", "B");
CREATE INDEX "_Likes_B_index" ON "_Likes"("B");
CREATE UNIQUE INDEX "Post_slug_authorId_key" ON "Post"("slug", "authorId");
CREATE INDEX "Post_editorId_slug_idx" ON "Post"("editorId", "slug");
CREATE INDEX "Post_reviewerId_idx" ON "Post"("reviewerId") WHERE "deletedAt" IS NULL;
CREATE INDEX "Post_ownerId_idx" ON "Post"("ownerId") WHERE "slug" = 'home';
ALTER TABLE "Post" ADD CONSTRAINT "Post_authorId_fkey" FOREIGN KEY ("authorId") REFERENCES "User"("id");
ALTER TABLE "Post" ADD CONSTRAINT "Post_editorId_fkey" FOREIGN KEY ("editorId") REFERENCES "User"("id");
ALTER TABLE "Post" ADD CONSTRAINT "Post_reviewerId_fkey" FOREIGN KEY ("reviewerId") REFERENCES "User"("id");
ALTER TABLE "Post" ADD CONSTRAINT "Post_ownerId_fkey" FOREIGN KEY ("ownerId") REFERENCES "User"("id");
ALTER TABLE "_Likes" ADD CONSTRAINT "_Likes_A_fkey" FOREIGN KEY ("A") REFERENCES "Post"("id");
ALTER TABLE "_Likes" ADD CONSTRAINT "_Likes_B_fkey" FOREIGN KEY ("B") REFERENCES "User"("id");
`,
    },
    // Behind another column, and where the condition is none of deletion.
    missing: ['Post.authorId', 'Post.ownerId'],
  },
  {
    name: 'drizzle',
    files: {
      'drizzle/meta/_journal.json':
        '{\n  "version": "7",\n  "dialect": "postgresql",\n  "entries": [\n    { "idx": 0, "version": "7", "when": 1, "tag": "0000_init", "breakpoints": true }\n  ]\n}\n',
      'drizzle/0000_init.sql': `
CREATE TABLE IF NOT EXISTS "users" ("id" serial PRIMARY KEY NOT NULL);
--> statement-breakpoint
CREATE TABLE IF NOT EXISTS "teams" ("id" serial PRIMARY KEY NOT NULL, "user_id" integer NOT NULL);
--> statement-breakpoint
CREATE TABLE IF NOT EXISTS "notes" ("id" serial PRIMARY KEY NOT NULL, "team_id" integer NOT NULL, "user_id" integer);
--> statement-breakpoint
DO $$ BEGIN
 ALTER TABLE "notes" ADD CONSTRAINT "notes_team_id_teams_id_fk" FOREIGN KEY ("team_id") REFERENCES "public"."teams"("id") ON DELETE no action;
EXCEPTION WHEN duplicate_object THEN null;
END $$;
--> statement-breakpoint
CREATE INDEX IF NOT EXISTS "notes_user" ON "notes" USING btree ("user_id" DESC);
`,
    },
    // The tenant column of teams bears no key, and counts all the same.
    missing: ['notes.team_id', 'teams.user_id'],
  },
  {
    name: 'rails',
    files: {
      Gemfile: 'gem "rails"\ngem "pg"\n',
      'db/schema.rb': `ActiveRecord::Schema[7.1].define(version: 2026_01_02_000000) do
  create_table "users", force: :cascade do |t|
    t.string "email"
  end
  create_table "projects", force: :cascade do |t|
    t.bigint "user_id", null: false
    t.bigint "reviewer_id"
    t.string "owner_type"
    t.bigint "owner_id"
    t.datetime "deleted_at"
    t.index ["owner_type", "owner_id"], name: "index_projects_on_owner"
    t.index ["user_id"], name: "index_projects_on_user_id", where: "(deleted_at IS NULL)"
  end
  add_foreign_key "projects", "users"
  add_foreign_key "projects", "users", column: "reviewer_id"
end
`,
      'db/migrate/20260102000000_create_projects.rb':
        'class CreateProjects < ActiveRecord::Migration[7.1]\n  def change\n    create_table :projects do |t|\n      t.references :user, foreign_key: true\n    end\n  end\nend\n',
      'db/migrate/20260103000000_create_tasks.rb':
        'class CreateTasks < ActiveRecord::Migration[7.1]\n  def change\n    create_table :tasks do |t|\n      t.references :project, foreign_key: true\n      t.references :user, foreign_key: true, index: false\n    end\n  end\nend\n',
    },
    missing: ['projects.reviewer_id', 'tasks.user_id'],
  },
  {
    name: 'django',
    files: {
      'manage.py': '',
      'requirements.txt': 'django\npsycopg\n',
      'shop/migrations/0001_initial.py': `from django.db import migrations, models
class Migration(migrations.Migration):
    operations = [
        migrations.CreateModel(name="Order", fields=[
            ("id", models.BigAutoField(primary_key=True)),
            ("user", models.ForeignKey(on_delete=models.CASCADE, to="auth.user")),
            ("seller", models.ForeignKey(db_index=False, on_delete=models.CASCADE, to="auth.user")),
            ("buyer", models.ForeignKey(db_index=False, on_delete=models.CASCADE, to="auth.user")),
        ], options={"indexes": [models.Index(fields=["buyer", "user"], name="by_buyer")]}),
    ]
`,
    },
    missing: ['shop_order.seller_id'],
  },
  {
    name: 'laravel',
    files: {
      artisan: '',
      'composer.json': '{"require":{"laravel/framework":"^12"}}',
      '.env.example': 'DB_CONNECTION=pgsql\n',
      'database/migrations/2026_01_01_000000_create_posts.php': `<?php
return new class extends Migration {
  public function up(): void {
    Schema::create('users', function (Blueprint $table) { $table->id(); });
    Schema::create('posts', function (Blueprint $table) {
      $table->id();
      $table->foreignId('user_id')->constrained()->cascadeOnDelete();
      $table->foreignId('editor_id')->index()->constrained('users');
      $table->unsignedBigInteger('owner_id');
      $table->foreign('owner_id')->references('id')->on('users');
      $table->morphs('subject');
      $table->index(['owner_id', 'id']);
    });
  }
  public function down(): void { Schema::drop('posts'); }
};
`,
    },
    missing: ['posts.user_id'],
  },
  {
    name: 'knex',
    files: {
      ...pg,
      'migrations/20260101000000_init.js': `exports.up = async knex => {
  await knex.schema.createTable('users', t => { t.increments('id') })
  await knex.schema.createTable('posts', table => {
    table.increments('id')
    table.integer('user_id').references('id').inTable('users')
    table.integer('editor_id').references('users.id').index()
    table.integer('reviewer_id')
    table.foreign('reviewer_id').references('id').inTable('users')
    table.index(['reviewer_id', 'id'])
  })
}
exports.down = knex => knex.schema.dropTable('posts')
`,
    },
    missing: ['posts.user_id'],
  },
  {
    name: 'sequelize',
    files: {
      'package.json': '{"dependencies":{"pg":"8","sequelize":"6"}}',
      'migrations/20260101000000-init.js': `module.exports = {
  async up(queryInterface, Sequelize) {
    await queryInterface.createTable('users', { id: { type: Sequelize.INTEGER, primaryKey: true, autoIncrement: true } })
    await queryInterface.createTable('posts', {
      id: { type: Sequelize.INTEGER, primaryKey: true },
      user_id: { type: Sequelize.INTEGER, references: { model: 'users', key: 'id' }, onDelete: 'CASCADE' },
      editor_id: { type: Sequelize.INTEGER, references: { model: { tableName: 'users' }, key: 'id' } },
    })
    await queryInterface.addIndex('posts', ['editor_id', 'id'])
  },
  async down(queryInterface) { await queryInterface.dropTable('posts') },
}
`,
    },
    missing: ['posts.user_id'],
  },
  {
    name: 'typeorm',
    files: {
      'package.json': '{"dependencies":{"pg":"8","typeorm":"0.3"}}',
      'src/migrations/1700000000000-Init.ts': `import { MigrationInterface, QueryRunner, Table, TableIndex } from 'typeorm'
export class Init1700000000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner) {
    await queryRunner.query(\`CREATE TABLE "user" ("id" SERIAL NOT NULL, CONSTRAINT "PK_1" PRIMARY KEY ("id"))\`)
    await queryRunner.query(\`CREATE TABLE "post" ("id" SERIAL NOT NULL, "authorId" integer, "editorId" integer, CONSTRAINT "REL_1" UNIQUE ("editorId"), CONSTRAINT "PK_2" PRIMARY KEY ("id"))\`)
    await queryRunner.query(\`ALTER TABLE "post" ADD CONSTRAINT "FK_1" FOREIGN KEY ("authorId") REFERENCES "user"("id")\`)
    await queryRunner.query(\`ALTER TABLE "post" ADD CONSTRAINT "FK_2" FOREIGN KEY ("editorId") REFERENCES "user"("id")\`)
    await queryRunner.createTable(new Table({ name: 'tag', columns: [{ name: 'id', type: 'int', isPrimary: true }, { name: 'postId', type: 'int' }, { name: 'userId', type: 'int' }],
      foreignKeys: [{ columnNames: ['postId'], referencedTableName: 'post', referencedColumnNames: ['id'] }, { columnNames: ['userId'], referencedTableName: 'user', referencedColumnNames: ['id'] }] }))
    await queryRunner.createIndex('tag', new TableIndex({ name: 'i', columnNames: ['userId'] }))
  }
  async down(queryRunner: QueryRunner) { await queryRunner.query('DROP TABLE "post"') }
}
`,
    },
    missing: ['post.authorId', 'tag.postId'],
  },
  {
    name: 'alembic',
    files: {
      'pyproject.toml': '[project]\ndependencies = ["sqlalchemy", "psycopg", "alembic"]\n',
      'alembic/versions/a1_init.py': `revision = "a1"
down_revision = None
def upgrade():
    op.create_table("users", sa.Column("id", sa.Integer(), nullable=False), sa.PrimaryKeyConstraint("id"))
    op.create_table("items", sa.Column("id", sa.Integer(), nullable=False), sa.Column("owner_id", sa.Integer()), sa.Column("user_id", sa.Integer(), sa.ForeignKey("users.id"), index=True),
        sa.ForeignKeyConstraint(["owner_id"], ["users.id"]), sa.PrimaryKeyConstraint("id"))
    op.create_index(op.f("ix_items_id"), "items", ["id", "owner_id"])
def downgrade():
    op.drop_table("items")
`,
    },
    missing: ['items.owner_id'],
  },
  {
    name: 'sql',
    files: {
      ...pg,
      'supabase/migrations/20260101000000_init.sql': `
create table public.profiles (id uuid primary key references auth.users on delete cascade);
create table teams (id uuid primary key);
create table if not exists members (
  team_id uuid not null references teams (id), user_id uuid references auth.users not null, invited_by uuid references profiles (id),
  primary key (team_id, user_id)
);
create index members_user on members using hash (user_id);
create index members_inviter on members using gin (invited_by);
alter table members rename column invited_by to inviter_id;
`,
    },
    missing: ['members.inviter_id'],
  },
]

let repo: TestRepo | null = null
afterEach(() => repo?.dispose())

const found = async (root: string): Promise<string[]> => {
  const fact = await collectFact<SchemaKeys>(root, collectors, 'schemaKeys')
  if (!fact.ok) throw new Error(fact.message)
  return fact.value.sets.flatMap(({ unindexed }) => unindexed.map(({ table, column }) => `${table}.${column}`))
}

describe.each(cases)('$name', ({ files, missing }) => {
  it('finds what no index begins with, and nothing else', async () => {
    repo = makeRepo(files)
    repo.commit('first')
    expect(await found(repo.root)).toEqual(missing)
  })

  it('is healed by the migration of its fix, which is no hazard itself', async () => {
    repo = makeRepo(files)
    repo.commit('first')
    const { findings } = await judgeRepo(foreignKeyIndex, repo.root, collectors)
    expect(findings.map(({ outcome }) => outcome)).toEqual(['missing'])
    const changes = findings[0]!.fix.changes
    expect(changes.length).toBeGreaterThan(0)
    for (const change of changes) {
      if (change.kind !== 'file') throw new Error(`no file: ${change.kind}`)
      repo.write({ [change.path]: change.content! })
    }
    repo.commit('second')
    expect(await found(repo.root)).toEqual([])
    const migrations = await collectFact<{ sets: { hazards: unknown[]; unread: unknown[]; unreleased: string[] }[] }>(
      repo.root,
      collectors,
      'migrations',
    )
    if (!migrations.ok) throw new Error(migrations.message)
    for (const { hazards, unread } of migrations.value.sets)
      expect({ hazards, unread }).toEqual({ hazards: [], unread: [] })
  })
})

describe('databases that index by themselves', () => {
  it('MySQL does', async () => {
    repo = makeRepo({
      'package.json': '{"dependencies":{"mysql2":"3"}}',
      'drizzle/meta/_journal.json':
        '{"version":"5","dialect":"mysql","entries":[{"idx":0,"version":"5","when":1,"tag":"0000_a","breakpoints":true}]}',
      'drizzle/0000_a.sql':
        'CREATE TABLE `users` (`id` int PRIMARY KEY);\nCREATE TABLE `notes` (`id` int PRIMARY KEY, `writer` int, CONSTRAINT `f` FOREIGN KEY (`writer`) REFERENCES `users`(`id`));\n',
    })
    repo.commit('first')
    expect(await found(repo.root)).toEqual([])
  })

  it('a schema of Prisma that keeps no keys in MySQL does not', async () => {
    repo = makeRepo({
      'prisma/schema.prisma':
        'datasource db {\n  provider = "mysql"\n  relationMode = "prisma"\n}\nmodel User {\n  id String @id\n  notes Note[]\n  marks Mark[]\n}\nmodel Note {\n  id String @id\n  userId String\n  user User @relation(fields: [userId], references: [id])\n}\nmodel Mark {\n  id String @id\n  userId String @map("user_id")\n  user User @relation(fields: [userId], references: [id])\n  @@index(userId)\n  @@map("marks")\n}\n',
    })
    repo.commit('first')
    expect(await found(repo.root)).toEqual(['Note.userId'])
  })

  it('tables of Drizzle without migrations are read from the code', async () => {
    repo = makeRepo({
      'package.json': '{"dependencies":{"drizzle-orm":"1","pg":"8"}}',
      'src/db/schema.ts': `import { index, integer, pgTable, serial } from 'drizzle-orm/pg-core'
export const users = pgTable('users', { id: serial('id').primaryKey() })
export const notes = pgTable('notes', {
  id: serial().primaryKey(),
  userId: integer('user_id').references(() => users.id),
  editorId: integer('editor_id').references(() => users.id, { onDelete: 'cascade' }),
}, table => [index('by_editor').on(table.editorId, table.id)])
`,
    })
    repo.commit('first')
    expect(await found(repo.root)).toEqual(['notes.user_id'])
  })
})
