// Rows of one customer are found without reading those of all.
import { defineCheck, medium, type OutcomeHolds, pass, skip, type Unknown, unknown } from '../../core/check.ts'
import { fileEvidence, textEvidence } from '../../core/evidence.ts'
import { keySet, oneMissing } from '../../facts/repo/schema-keys.example.ts'
import type { KeySet } from '../../facts/repo/schema-keys.ts'
import { addIndexes } from './repository-fixes.ts'

type Data = { count: string; set: KeySet; tables: string }

const foundIn = (set: KeySet): OutcomeHolds<'missing', Data> | Unknown => {
  const { unindexed, dialect, place } = set
  if (dialect === null)
    return unknown(`nothing says which database ${place} is for: MySQL would index these by itself`, 'medium')
  const without = unindexed.length
  const tables = [...new Set(unindexed.map(({ table }) => table))].join(', ')
  const shown = unindexed
    .slice(0, 12)
    .map(({ table, column, references, file, line }) =>
      fileEvidence(
        file,
        line,
        `${table}.${column}${references === null ? '' : ` → ${references}`}: no index begins with it`,
      ),
    )
  const more = without > 12 ? [textEvidence('more', `${without - 12} further columns`)] : []
  const count = without === 1 ? 'A foreign key' : `${without} foreign keys`
  return { outcome: 'missing', data: { count, set, tables }, evidence: [...shown, ...more], key: place }
}

export default defineCheck<Data>()({
  id: 'foreign-key-index',
  stage: 'perf',
  on: 'repo',
  title: 'Every foreign key has an index',
  why: 'PostgreSQL and SQLite make no index for a foreign key: each question for the rows of one user reads the whole table, and each delete of a parent too. Read from the migrations, schema.rb or the schema file; MySQL and Django make one by themselves; an index of the rows that are not deleted counts, one that merely holds the column behind another does not.',
  impact: {
    journey: 'visit',
    owner: 'The more customers you have, the longer they wait for pages that ask this table.',
  },
  needs: ['schemaKeys'],
  outcomes: {
    missing: medium('{count} without an index: pages slow down as you grow', addIndexes, { confidence: 'likely' }),
    indexed: pass('Every foreign key has an index'),
  },
  references: [
    'https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-FK',
    'https://www.sqlite.org/foreignkeys.html#fk_indexes',
    'https://dev.mysql.com/doc/refman/8.4/en/create-table-foreign-keys.html',
  ],
  judge: ({ schemaKeys: { sets } }) => {
    const read = sets.filter(({ tables }) => tables > 0)
    if (read.length === 0) return skip('no schema that can be read: no migrations, no schema file')
    const outcomes = read.filter(({ unindexed }) => unindexed.length > 0).map(foundIn)
    if (outcomes.length) return outcomes
    const [set] = read
    const said = read.map(({ place, tables, keys }) => `${place}: ${tables} tables, ${keys} foreign keys`).join('; ')
    return { outcome: 'indexed', data: { count: '', set: set!, tables: '' }, evidence: [textEvidence('read', said)] }
  },
  examples: [
    { name: 'all indexed', facts: {}, expect: 'indexed' },
    { name: 'one is not', facts: { schemaKeys: keySet(oneMissing) }, expect: 'missing' },
    {
      name: 'which database, nobody says',
      facts: { schemaKeys: keySet({ ...oneMissing, dialect: null }) },
      expect: 'unknown',
    },
    { name: 'no schema', facts: { schemaKeys: { sets: [] } }, expect: 'skip' },
  ],
})
