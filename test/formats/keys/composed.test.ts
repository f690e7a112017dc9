// Migrations that make indexes in a loop: their tables and columns are known by name, not by reading.
import { expect, test } from 'vitest'
import { composedWords, mayBeIndexed } from '../../../src/formats/keys/composed.ts'

const php = `private array $indexes = [['projects', ['team_id'], 'idx_projects_team_id'], ['environments', ['project_id'], 'x']];
foreach ($this->indexes as [$table, $columns, $name]) { DB::statement("CREATE INDEX \\"{$name}\\" ON \\"{$table}\\" ({$list})"); }`

test.each<[string, string, boolean]>([
  ['Laravel, SQL from a list', php, true],
  [
    'Laravel, the builder',
    "foreach (['projects'] as $t) { Schema::table($t, fn ($x) => $x->index('team_id')); }",
    true,
  ],
  ['Rails', '%w[projects].each { |table| add_index table, :team_id }\n[:projects, :team_id]', true],
  ['Knex', "for (const name of ['projects']) await knex.schema.alterTable(name, t => t.index('team_id'))", true],
  ['Alembic', 'for table in ["projects"]:\n    op.create_index(name, table, ["team_id"])', true],
  ['SQL in JavaScript', 'for (const t of ["projects"]) await q(`CREATE INDEX ${t}_i ON ${t} ("team_id")`)', true],
  ['plain SQL', 'CREATE INDEX a ON "projects" ("team_id");', false],
  ['plain Rails', 'add_index :projects, :team_id', false],
  ['plain Laravel', "Schema::table('projects', function ($table) { $table->index('team_id'); });", false],
  ['plain Alembic', 'op.create_index("i", "projects", ["team_id"])', false],
])('%s', (_, text, isComposed) => {
  const words = composedWords(text)
  expect(words !== null).toBe(isComposed)
  if (words) expect(mayBeIndexed({ table: 'public.projects', column: 'team_id' }, [words])).toBe(true)
})

test('what it does not name is left as it was', () => {
  const words = composedWords(php)!
  expect(mayBeIndexed({ table: 'projects', column: 'owner_id' }, [words])).toBe(false)
  expect(mayBeIndexed({ table: 'invoices', column: 'team_id' }, [words])).toBe(false)
})
