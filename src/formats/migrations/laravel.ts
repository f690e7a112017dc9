// Laravel migrations (https://laravel.com/docs/12.x/migrations), read from their calls. Columns are NOT NULL unless they say nullable.
import { blankComments, callsOf, chainAt, lineAt, literal, literals } from './calls.ts'
import type { DslMigration } from './javascript.ts'
import { type Operation, shorten } from './model.ts'

const columnTypes =
  /^(?:bigIncrements|bigInteger|binary|boolean|char|dateTime|dateTimeTz|date|decimal|double|enum|float|foreignId|foreignIdFor|foreignUlid|foreignUuid|geography|geometry|id|increments|integer|ipAddress|json|jsonb|longText|macAddress|mediumInteger|mediumText|morphs|nullableMorphs|rememberToken|set|smallInteger|softDeletes|softDeletesTz|string|text|time|timestamp|timestampTz|timestamps|timestampsTz|tinyInteger|tinyText|unsignedBigInteger|unsignedInteger|unsignedSmallInteger|unsignedTinyInteger|ulid|uuid|vector|year)$/

export const readLaravel = (original: string): DslMigration => {
  const blanked = blankComments(original, 'php')
  const down = blanked.search(/function\s+down\s*\(/)
  const source = down < 0 ? blanked : blanked.slice(0, down)
  const operations: (Operation & { at: number })[] = []
  const sql: DslMigration['sql'] = []
  const add = (at: number, kind: Operation['kind'], table: string | null, more: Partial<Operation> = {}): void => {
    const line = lineAt(source, at)
    operations.push({
      kind,
      line,
      table,
      column: null,
      text: shorten(source.split('\n', line).at(-1) ?? ''),
      at,
      ...more,
    })
  }
  for (const call of callsOf(
    source,
    /\bSchema::(?:connection\([^)]*\)->)?(?:create|table|drop|dropIfExists|rename|dropColumns)\b/,
  )) {
    const method = call.name.replace(/^.*(?:::|->)/, '')
    const table = literal(call.args[0])
    if (method === 'create')
      add(call.at, 'create-table', table, {
        columns: [...(call.args[1] ?? '').matchAll(/\$\w+->(\w+)\(\s*(["'])(\w+)\2\s*(?:,\s*(\d+))?([^;]*)/g)].map(
          match => ({
            name: match[3]!,
            type: `${match[1] === 'string' ? `varchar(${match[4] ?? '255'})` : match[1]}${/->nullable\(\s*(?:true)?\s*\)/.test(match[5]!) ? '' : ' not null'}`,
          }),
        ),
      })
    else if (method === 'drop' || method === 'dropIfExists') add(call.at, 'drop-table', table)
    else if (method === 'rename') add(call.at, 'rename-table', table, { to: literal(call.args[1]) ?? '' })
    else if (method === 'dropColumns')
      for (const column of literals(call.args[1])) add(call.at, 'drop-column', table, { column })
    else {
      const body = call.args[1] ?? ''
      const offset = source.indexOf(body, call.at)
      const variable = /function\s*\(\s*(?:Blueprint\s+)?(\$\w+)|fn\s*\(\s*(?:Blueprint\s+)?(\$\w+)/.exec(body)
      const name = variable?.[1] ?? variable?.[2] ?? '$table'
      for (const match of body.matchAll(new RegExp(`\\${name}(?=\\s*->)`, 'g'))) {
        const at = offset + match.index
        const [first, ...rest] = chainAt(source, at + name.length).calls
        if (!first) continue
        const has = (wanted: RegExp): boolean => rest.some(one => wanted.test(one.name) && one.args[0] !== 'false')
        const column = literal(first.args[0])
        if (columnTypes.test(first.name)) {
          const type = first.name === 'string' ? `varchar(${first.args[1] ?? '255'})` : first.name
          if (has(/^change$/)) {
            add(at, first.name === 'enum' ? 'enum-change' : 'change-type', table, {
              column,
              type,
              notNull: !has(/^nullable$/),
            })
            continue
          }
          const nullable =
            has(/^nullable$/) ||
            /^(?:timestamps|timestampsTz|softDeletes|softDeletesTz|rememberToken|nullableMorphs)$/.test(first.name)
          add(at, 'add-column', table, {
            column: column ?? first.name,
            type,
            notNull: !nullable,
            hasDefault: has(/^(?:default|useCurrent|virtualAs|autoIncrement)$/) || /ncrements$|^id$/.test(first.name),
            volatileDefault: has(/^storedAs$|^autoIncrement$/) || /ncrements$|^id$/.test(first.name),
          })
          if (has(/^unique$/)) add(at, 'add-constraint', table, { column, constraint: 'unique' })
          if (has(/^(?:index|fullText)$/) || /orphs$/.test(first.name))
            add(at, 'add-index', table, { name: has(/^fullText$/) ? 'fulltext' : '' })
          if (has(/^(?:constrained|references)$/))
            add(at, 'add-constraint', table, { column, constraint: 'foreign-key' })
        } else if (first.name === 'dropColumn')
          for (const dropped of first.args.flatMap(literals)) add(at, 'drop-column', table, { column: dropped })
        else if (
          /^(?:dropTimestamps|dropSoftDeletes|dropRememberToken|dropMorphs|dropConstrainedForeignId)/.test(first.name)
        )
          add(at, 'drop-column', table, { column: column ?? first.name })
        else if (first.name === 'renameColumn')
          add(at, 'rename-column', table, { column, to: literal(first.args[1]) ?? '' })
        else if (first.name === 'rename') add(at, 'rename-table', table, { to: column ?? '' })
        else if (first.name === 'index' || first.name === 'fullText' || first.name === 'spatialIndex')
          add(at, 'add-index', table, { on: literals(first.args[0]), name: first.name === 'index' ? '' : 'fulltext' })
        else if (first.name === 'unique' || first.name === 'primary')
          add(at, 'add-constraint', table, { constraint: first.name === 'unique' ? 'unique' : 'primary-key' })
        else if (first.name === 'foreign') add(at, 'add-constraint', table, { constraint: 'foreign-key' })
      }
    }
  }
  for (const call of callsOf(source, /\bDB::(?:statement|unprepared|update|delete|affectingStatement)\b/)) {
    const text = literal(call.args[0])
    if (text !== null) sql.push({ text, line: lineAt(source, call.at), at: call.at })
  }
  for (const match of source.matchAll(
    /\bDB::table\(\s*(["'])(\w+)\1\s*\)|\b([A-Z]\w+)::(?=query\b|where\w*\b|all\b|each\b|chunk\w*\b)/g,
  )) {
    const { calls } = chainAt(source, match[2] ? match.index + match[0].length : match.index + match[0].length - 2)
    if (match[3] && /^(?:Schema|DB|Artisan|Log|Cache|Str|Config)$/.test(match[3])) continue
    if (
      calls.some(({ name }) =>
        /^(?:update|delete|increment|decrement|truncate|each|eachById|chunk|chunkById|lazyById)$/.test(name),
      )
    )
      add(match.index, 'data', match[2] ?? match[3] ?? null)
  }
  return {
    operations: operations.sort((a, b) => a.at - b.at).map(({ at: _at, ...operation }) => operation),
    sql,
    transaction: !/\$withinTransaction\s*=\s*false/.test(original),
  }
}
