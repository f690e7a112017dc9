// Keys and indexes of Laravel's migrations.
import { blankComments, callsOf, chainAt, lineAt, literal, literals } from '../migrations/calls.ts'
import type { KeyEvent } from './model.ts'
import { plural } from './plural.ts'

/** `App\Models\TeamMember::class` → team_member. */
const snakeOf = (model: string): string =>
  (/(\w+)::class/.exec(model)?.[1] ?? '').replace(/(?<=[a-z0-9])(?=[A-Z])/g, '_').toLowerCase()

type Chain = ReturnType<typeof chainAt>['calls']

const morphs = (table: string, name: string, line: number): KeyEvent[] => [
  { kind: 'column', table, column: `${name}_id`, type: 'bigint', line },
  { kind: 'column', table, column: `${name}_type`, type: 'string', line },
  { kind: 'index', table, columns: [`${name}_type`, `${name}_id`], line },
]

const columnEvents = (table: string, [first, ...rest]: Chain, line: number): KeyEvent[] => {
  const { name, args } = first!
  const has = (wanted: string) => rest.find(call => call.name === wanted && call.args[0] !== 'false')
  const column =
    name === 'foreignIdFor'
      ? (literal(args[1]) ?? `${snakeOf(args[0] ?? '')}_id`)
      : (literal(args[0]) ?? (name === 'id' ? 'id' : ''))
  if (column === '' || has('change')) return []
  const isPrimary = /ncrements$/.test(name) || name === 'id' || has('primary')
  const constrained = has('constrained')
  const on = literal(has('on')?.args[0])
  const to = constrained
    ? (literal(constrained.args.find(arg => !/^column:/.test(arg))?.replace(/^table:\s*/, '')) ??
      plural(column.replace(/_id$/, '')))
    : on
  return [
    { kind: 'column', table, column, type: name, line },
    ...(isPrimary || has('unique') || has('index') ? [{ kind: 'index' as const, table, columns: [column], line }] : []),
    ...((constrained || has('references')) && to
      ? [{ kind: 'foreign-key' as const, table, columns: [column], references: to, line }]
      : []),
  ]
}

const notColumns =
  /^(?:timestamps|timestampsTz|softDeletes|softDeletesTz|rememberToken|engine|charset|collation|comment|temporary|dropTimestamps|dropSoftDeletes|fullText|spatialIndex|rename\w+|rawColumn|after|datetimes|create|drop|dropIfExists|nullableTimestamps)$/

const blueprintEvents = (table: string, chain: Chain, line: number): KeyEvent[] => {
  const { name, args } = chain[0]!
  const columns = literals(args[0])
  if (/orphs$/i.test(name)) return /^drop/.test(name) ? [] : morphs(table, columns[0] ?? '', line)
  if (name === 'index' || name === 'unique' || name === 'primary') {
    const own = literal(args[1]) ?? `${table}_${columns.join('_')}_${name}`.toLowerCase()
    return [{ kind: 'index', table, columns, name: own, unique: name !== 'index', line }]
  }
  if (name === 'foreign') {
    const on = chain.find(call => call.name === 'on')
    const constrained = chain.find(call => call.name === 'constrained')
    const to = literal(on?.args[0]) ?? literal(constrained?.args[0]) ?? plural((columns[0] ?? '').replace(/_id$/, ''))
    return [{ kind: 'foreign-key', table, columns, references: to, line }]
  }
  if (name === 'dropColumn') return args.flatMap(literals).map(column => ({ kind: 'drop-column', table, column, line }))
  if (name === 'dropConstrainedForeignId') return columns.map(column => ({ kind: 'drop-column', table, column, line }))
  if (name === 'dropForeign')
    return args[0]?.startsWith('[') ? [{ kind: 'drop-foreign-key', table, columns, line }] : []
  if (name === 'dropIndex' || name === 'dropUnique' || name === 'dropPrimary')
    return [
      { kind: 'drop-index', table, ...(args[0]?.startsWith('[') ? { columns } : { name: columns[0] ?? '' }), line },
    ]
  if (name === 'renameColumn')
    return [{ kind: 'rename-column', table, column: columns[0] ?? '', to: literal(args[1]) ?? '', line }]
  if (name === 'rename') return [{ kind: 'rename-table', table, to: columns[0] ?? '', line }]
  return notColumns.test(name) ? [] : columnEvents(table, chain, line)
}

/** Reads a migration of Laravel; raw SQL in it is another reader's. */
export const laravelKeys = (original: string): KeyEvent[] => {
  const blanked = blankComments(original, 'php')
  const down = blanked.search(/function\s+down\s*\(/)
  const source = down < 0 ? blanked : blanked.slice(0, down)
  const events: KeyEvent[] = []
  for (const call of callsOf(
    source,
    /\bSchema::(?:connection\([^)]*\)->)?(?:create|table|drop|dropIfExists|rename)\b/,
  )) {
    const method = call.name.replace(/^.*(?:::|->)/, '')
    const table = literal(call.args[0])
    const line = lineAt(source, call.at)
    if (table === null) continue
    if (method === 'drop' || method === 'dropIfExists') events.push({ kind: 'drop-table', table, line })
    else if (method === 'rename') events.push({ kind: 'rename-table', table, to: literal(call.args[1]) ?? '', line })
    else {
      if (method === 'create') events.push({ kind: 'table', table, columns: [], line })
      const body = call.args[1] ?? ''
      const offset = source.indexOf(body, call.at)
      const variable = /(?:function|fn)\s*\(\s*(?:\\?[\w\\]*Blueprint\s+)?(\$\w+)/.exec(body)?.[1] ?? '$table'
      for (const match of body.matchAll(new RegExp(`\\${variable}(?=\\s*->)`, 'g'))) {
        const at = offset + match.index
        const chain = chainAt(source, at + variable.length).calls
        if (chain[0]) events.push(...blueprintEvents(table, chain, lineAt(source, at)))
      }
    }
  }
  return events
}
