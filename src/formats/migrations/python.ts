// Migrations of Django and Alembic, read from their calls.
import { blankComments, type Call, callsOf, endOfBracket, lineAt, literal, literals, named } from './calls.ts'
import type { DslMigration } from './javascript.ts'
import { type Operation, shorten } from './model.ts'

const rowAt = (source: string, line: number): string => shorten(source.split('\n', line).at(-1) ?? '')

const djangoTypes: Readonly<Record<string, string>> = {
  CharField: 'varchar',
  SlugField: 'varchar',
  EmailField: 'varchar',
  URLField: 'varchar',
  FileField: 'varchar',
  ImageField: 'varchar',
  TextField: 'text',
  IntegerField: 'integer',
  PositiveIntegerField: 'integer',
  SmallIntegerField: 'smallint',
  BigIntegerField: 'bigint',
  PositiveBigIntegerField: 'bigint',
  AutoField: 'integer',
  BigAutoField: 'bigint',
  BooleanField: 'boolean',
  DateTimeField: 'timestamptz',
  DateField: 'date',
  DecimalField: 'numeric',
  FloatField: 'double precision',
  JSONField: 'jsonb',
  UUIDField: 'uuid',
  ForeignKey: 'foreign key',
  OneToOneField: 'foreign key',
}

/** `models.CharField(max_length=80, null=True)` → its column. */
const djangoField = (
  text: string,
): {
  type: string
  class: string
  notNull: boolean
  hasDefault: boolean
  databaseDefault: string | null
  unique: boolean
  index: boolean
} => {
  const match = /(?:\w+\.)*(\w+)\s*\(/.exec(text)
  const open = match ? match.index + match[0].length - 1 : -1
  const options = open < 0 ? {} : named(callsOf(text, /(?:\w+\.)*\w+/)[0]?.args ?? [])
  const name = match?.[1] ?? ''
  const length =
    options['max_length'] ??
    (name === 'SlugField' ? '50' : name === 'EmailField' ? '254' : name === 'URLField' ? '200' : '')
  const base = djangoTypes[name] ?? name
  return {
    type:
      base === 'varchar'
        ? `varchar(${length})`
        : base === 'numeric'
          ? `numeric(${options['max_digits'] ?? ''},${options['decimal_places'] ?? ''})`
          : base,
    class: name,
    notNull: options['null'] !== 'True',
    hasDefault:
      options['default'] !== undefined || options['auto_now'] !== undefined || options['auto_now_add'] !== undefined,
    databaseDefault: options['db_default'] ?? null,
    unique: options['unique'] === 'True' || name === 'OneToOneField' || options['primary_key'] === 'True',
    index:
      options['db_index'] === 'True' ||
      (/^(?:SlugField|ForeignKey|OneToOneField)$/.test(name) && options['db_index'] !== 'False'),
  }
}

/** `state_operations=[…]` changes nothing in the database. */
const withoutState = (source: string): string => {
  let text = source
  for (const match of source.matchAll(/state_operations\s*=\s*\[/g)) {
    const open = match.index + match[0].length - 1
    const end = endOfBracket(source, open)
    text = text.slice(0, open) + text.slice(open, end).replace(/[^\n]/g, ' ') + text.slice(end)
  }
  return text
}

/** https://docs.djangoproject.com/en/stable/ref/migration-operations/ ; tables are named `<app>_<model>`. */
export const readDjango = (original: string, app: string): DslMigration => {
  const source = withoutState(blankComments(original, 'python'))
  const operations: (Operation & { at: number })[] = []
  const sql: DslMigration['sql'] = []
  for (const call of callsOf(
    source,
    /\b(?:migrations\.|postgres(?:_operations)?\.|operations\.)?(?:CreateModel|DeleteModel|RenameModel|AddField|RemoveField|AlterField|RenameField|AddIndex|AddIndexConcurrently|RemoveIndex|RemoveIndexConcurrently|AddConstraint|AddConstraintNotValid|ValidateConstraint|AlterUniqueTogether|AlterIndexTogether|AlterModelTable|RunSQL|RunPython)\b/,
  )) {
    const kind = call.name.replace(/^.*\./, '')
    const options = { ...named(call.args) }
    const positional = call.args.filter(arg => !/^\w+\s*=(?!=)/.test(arg))
    const model = (literal(options['model_name'] ?? options['name'] ?? positional[0]) ?? '').toLowerCase()
    const table = `${app}_${model}`
    const line = lineAt(source, call.at)
    const column = literal(options['name'] ?? positional[1])
    const add = (operation: Operation['kind'], more: Partial<Operation> = {}): void => {
      operations.push({
        kind: operation,
        line,
        table,
        column,
        text: `${kind}(${[model, column && column !== model ? column : ''].filter(Boolean).join('.')}) ${/field=([\s\S]*)/.test(call.args.join(' ')) ? shorten(options['field'] ?? '') : ''}`.trim(),
        at: call.at,
        ...more,
      })
    }
    switch (kind) {
      case 'CreateModel':
        add('create-table', { column: null, columns: callsFields(options['fields'] ?? positional[1] ?? '') })
        break
      case 'DeleteModel':
        add('drop-table', { column: null })
        break
      case 'RenameModel':
        add('rename-table', {
          table: `${app}_${(literal(options['old_name'] ?? positional[0]) ?? '').toLowerCase()}`,
          column: null,
          to: `${app}_${(literal(options['new_name'] ?? positional[1]) ?? '').toLowerCase()}`,
        })
        break
      case 'AlterModelTable':
        add('rename-table', { column: null, to: literal(options['table'] ?? positional[1]) ?? '' })
        break
      case 'RenameField':
        add('rename-column', {
          column: literal(options['old_name'] ?? positional[1]),
          to: literal(options['new_name'] ?? positional[2]) ?? '',
        })
        break
      case 'RemoveField':
        add('drop-column')
        break
      case 'AddField': {
        const field = djangoField(options['field'] ?? positional[2] ?? '')
        if (field.class === 'ManyToManyField' || field.class === 'GenericRelation' || field.class === 'GeneratedField')
          break
        // Django gives existing rows the default and then takes it away from the database, unless it is a db_default.
        add('add-column', {
          type: field.type,
          notNull: field.notNull,
          hasDefault: field.databaseDefault !== null,
          volatileDefault: /Random|uuid/i.test(field.databaseDefault ?? ''),
          ...(field.hasDefault && field.databaseDefault === null ? { value: 'default-of-django' } : {}),
        })
        if (field.unique) add('add-constraint', { constraint: 'unique' })
        else if (field.index) add('add-index', { concurrent: false })
        break
      }
      case 'AlterField': {
        const field = djangoField(options['field'] ?? positional[2] ?? '')
        if (field.class !== 'ManyToManyField')
          add('change-type', { type: field.type, notNull: field.notNull, unique: field.unique, value: 'altered-field' })
        break
      }
      case 'AddIndex':
        add('add-index', { column: null, concurrent: false })
        break
      case 'AddIndexConcurrently':
        add('add-index', { column: null, concurrent: true })
        break
      case 'AddConstraint':
      case 'AddConstraintNotValid':
        add('add-constraint', {
          column: null,
          constraint: /CheckConstraint/.test(call.args.join(' '))
            ? 'check'
            : /Exclusion/.test(call.args.join(' '))
              ? 'exclude'
              : 'unique',
          deferred: kind.endsWith('NotValid'),
        })
        break
      case 'ValidateConstraint':
        add('validate-constraint', { column: null })
        break
      case 'AlterUniqueTogether':
        if (/\(/.test(options['unique_together'] ?? positional[1] ?? ''))
          add('add-constraint', { column: null, constraint: 'unique' })
        break
      case 'RunPython':
        // `noop` is there to be reversible, and does nothing.
        if (/\bnoop\b/.test(call.args[0] ?? '')) break
        add('data', { table: null, column: null, text: shorten(`RunPython(${call.args[0] ?? ''})`) })
        break
      case 'RunSQL': {
        const given = options['sql'] ?? positional[0]
        for (const text of given ? literals(given) : []) sql.push({ text, line: lineAt(source, call.at), at: call.at })
        break
      }
      default:
    }
  }
  return {
    operations: operations.sort((a, b) => a.at - b.at).map(({ at: _at, ...operation }) => operation),
    sql,
    transaction: !/^\s*atomic\s*=\s*False/m.test(source),
  }
}

const callsFields = (text: string): { name: string; type: string }[] =>
  [...text.matchAll(/\(\s*(["'])(\w+)\1\s*,\s*([\w.]+\s*\()/g)].map(match => {
    const open = match.index + match[0].length - 1
    const field = djangoField(`${match[3]!}${text.slice(open + 1, endOfBracket(text, open))}`)
    return { name: match[2]!, type: `${field.type}${field.notNull ? ' not null' : ''}` }
  })

/** `app.models` needs: (app, name) pairs that a Django migration depends on. */
export const djangoDependencies = (source: string): [string, string][] => {
  const at = source.search(/\bdependencies\s*=\s*\[/)
  if (at < 0) return []
  const open = source.indexOf('[', at)
  return [
    ...source.slice(open, endOfBracket(source, open)).matchAll(/\(\s*(["'])(\w+)\1\s*,\s*(["'])(\w+)\3\s*,?\s*\)/g),
  ].map(match => [match[2]!, match[4]!])
}

const columnOf = (
  text: string | undefined,
): { name: string | null; type: string; notNull: boolean; hasDefault: boolean; volatile: boolean } => {
  const call: Call | undefined = text ? callsOf(text, /(?:sa\.|sqlmodel\.)?Column/)[0] : undefined
  const options = named(call?.args ?? [])
  const standard = options['server_default'] ?? ''
  return {
    name: literal(call?.args[0]),
    type:
      call?.args[1]
        ?.replace(/^(?:sa|postgresql|sqlmodel\.sql\.sqltypes|sqlmodel)\./, '')
        .replace(/\(\)$/, '')
        .toLowerCase() ?? '',
    notNull: options['nullable'] === 'False',
    hasDefault: standard !== '' || /Identity|Computed/.test(call?.args.join(' ') ?? ''),
    volatile: /uuid|random/i.test(standard) || /Computed/.test(call?.args.join(' ') ?? ''),
  }
}

/** https://alembic.sqlalchemy.org/en/latest/ops.html */
export const readAlembic = (original: string): DslMigration => {
  const blanked = blankComments(original, 'python')
  const down = blanked.search(/^def\s+downgrade\b/m)
  const source = down < 0 ? blanked : blanked.slice(0, down)
  const operations: (Operation & { at: number })[] = []
  const sql: DslMigration['sql'] = []
  const batches = [...source.matchAll(/batch_alter_table\(\s*(["'])(\w+)\1[^)]*\)\s*as\s+(\w+)/g)].map(match => ({
    at: match.index,
    table: match[2]!,
    name: match[3]!,
  }))
  for (const call of callsOf(
    source,
    /\b(?:op|batch_op|\w*batch\w*)\.(?:create_table|drop_table|rename_table|add_column|drop_column|alter_column|create_index|drop_index|create_foreign_key|create_check_constraint|create_unique_constraint|create_primary_key|execute)\b/,
  )) {
    const [receiver = '', method = ''] = call.name.split('.')
    const batch =
      receiver === 'op' ? null : (batches.findLast(({ at, name }) => at < call.at && name === receiver) ?? null)
    const positional = call.args.filter(arg => !/^\w+\s*=(?!=)/.test(arg))
    const options = named(call.args)
    // In a batch the table is not among the arguments.
    const args =
      batch && !/index|constraint|foreign|primary/.test(method) ? [`'${batch.table}'`, ...positional] : positional
    const line = lineAt(source, call.at)
    const add = (kind: Operation['kind'], table: string | null, more: Partial<Operation> = {}): void => {
      operations.push({ kind, line, table, column: null, text: rowAt(source, line), at: call.at, ...more })
    }
    const table = literal(args[0])
    switch (method) {
      case 'create_table':
        add('create-table', table, {
          columns: callsOf(call.args.join(','), /(?:sa\.|sqlmodel\.)?Column/).map(one => ({
            name: literal(one.args[0]) ?? '',
            type: (one.args[1] ?? '').replace(/^sa\./, '').replace(/\(\)$/, '').toLowerCase(),
          })),
        })
        break
      case 'drop_table':
        add('drop-table', table)
        break
      case 'rename_table':
        add('rename-table', table, { to: literal(args[1]) ?? '' })
        break
      case 'add_column': {
        const column = columnOf(args[1])
        add('add-column', table, {
          column: column.name,
          type: column.type,
          notNull: column.notNull,
          hasDefault: column.hasDefault,
          volatileDefault: column.volatile,
        })
        break
      }
      case 'drop_column':
        add('drop-column', table, { column: literal(args[1]) })
        break
      case 'alter_column': {
        const column = literal(args[1])
        if (options['new_column_name'])
          add('rename-column', table, { column, to: literal(options['new_column_name']) ?? '' })
        if (options['type_'])
          add('change-type', table, {
            column,
            type: options['type_']
              .replace(/^(?:sa|postgresql)\./, '')
              .replace(/\(\)$/, '')
              .toLowerCase(),
          })
        if (options['nullable'] === 'False') add('set-not-null', table, { column })
        break
      }
      case 'create_index':
        add('add-index', batch?.table ?? literal(args[1]), {
          concurrent: options['postgresql_concurrently'] === 'True',
          unique: options['unique'] === 'True',
          on: literals(batch ? args[1] : args[2]),
        })
        break
      case 'drop_index':
        add('drop-index', null, { concurrent: options['postgresql_concurrently'] === 'True' })
        break
      case 'create_foreign_key':
        add('add-constraint', batch?.table ?? literal(args[1]), {
          constraint: 'foreign-key',
          deferred: options['postgresql_not_valid'] === 'True',
        })
        break
      case 'create_check_constraint':
      case 'create_unique_constraint':
      case 'create_primary_key':
        add('add-constraint', batch?.table ?? literal(args[1]), {
          constraint:
            method === 'create_check_constraint' ? 'check' : method === 'create_primary_key' ? 'primary-key' : 'unique',
          deferred: options['postgresql_not_valid'] === 'True' || options['postgresql_using_index'] !== undefined,
        })
        break
      case 'execute': {
        const text = literal(args.at(-1)) ?? literal(/(?:sa\.)?text\(\s*([\s\S]*)\)\s*$/.exec(args.at(-1) ?? '')?.[1])
        if (text !== null) sql.push({ text, line, at: call.at })
        break
      }
      default:
    }
  }
  return {
    operations: operations.sort((a, b) => a.at - b.at).map(({ at: _at, ...operation }) => operation),
    sql,
    transaction: !/autocommit_block\(\)/.test(source),
  }
}
