// Migrations of Django, read from their calls.
import {
  blankComments,
  type Call,
  callsOf,
  endOfBracket,
  linesOf,
  literal,
  literals,
  named,
  splitArguments,
} from './calls.ts'
import { withoutState } from './django-state.ts'
import type { DslMigration } from './javascript.ts'
import { type Operation, shorten } from './model.ts'

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
  const match = /(?<![\w.])(?:\w+\.)*(\w+)\s*\(/.exec(text)
  const open = match ? match.index + match[0].length - 1 : -1
  const options = open < 0 ? {} : named(callsOf(text, /(?<![\w.])(?:\w+\.)*\w+/)[0]?.args ?? [])
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

const callsFields = (text: string): { name: string; type: string; unique: boolean; index: boolean }[] =>
  [...text.matchAll(/\(\s*(["'])(\w+)\1\s*,\s*([\w.]+\s*\()/g)].map(match => {
    const open = match.index + match[0].length - 1
    const field = djangoField(`${match[3]!}${text.slice(open + 1, endOfBracket(text, open))}`)
    const { unique, index } = field
    return { name: match[2]!, type: `${field.type}${field.notNull ? ' not null' : ''}`, unique, index }
  })

/** What stands upon a field beside its type. */
type Upon = { unique: boolean; index: boolean }

/** What the migrations of an app have said of its models so far: tables that Django never touches, and fields as `table.column`. */
export type DjangoModels = { unmanaged: Set<string>; fields: Map<string, Upon> }
export const newModels = (): DjangoModels => ({ unmanaged: new Set(), fields: new Map() })

/** One operation of a migration. `add` and `addSql` note what it does, at its place. */
type DjangoCall = {
  kind: string
  app: string
  call: Call
  options: Record<string, string>
  positional: readonly string[]
  /** `table.column` of the field. */
  place: string
  models: DjangoModels
  add: (kind: Operation['kind'], more?: Partial<Operation>) => void
  addSql: (text: string) => void
}

type DjangoHandler = (call: DjangoCall) => void

/** Adds what comes upon a field that it had not. */
const addUpon = ({ models, place, add }: DjangoCall, field: Upon, had: Upon): void => {
  models.fields.set(place, { unique: field.unique, index: field.index })
  if (field.unique && !had.unique) add('add-constraint', { constraint: 'unique' })
  else if (field.index && !had.index && !had.unique) add('add-index', { concurrent: false })
}

const createModel: DjangoHandler = ({ options, positional, place, models, add }) => {
  const fields = callsFields(options['fields'] ?? positional[1] ?? '')
  const table = place.slice(0, place.lastIndexOf('.'))
  for (const { name, unique, index } of fields) models.fields.set(`${table}.${name}`, { unique, index })
  add('create-table', { column: null, columns: fields.map(({ name, type }) => ({ name, type })) })
}

const deleteModel: DjangoHandler = ({ add }) => {
  add('drop-table', { column: null })
}

const renameModel: DjangoHandler = ({ app, options, positional, add }) => {
  add('rename-table', {
    table: `${app}_${(literal(options['old_name'] ?? positional[0]) ?? '').toLowerCase()}`,
    column: null,
    to: `${app}_${(literal(options['new_name'] ?? positional[1]) ?? '').toLowerCase()}`,
  })
}

const alterModelTable: DjangoHandler = ({ options, positional, add }) => {
  add('rename-table', { column: null, to: literal(options['table'] ?? positional[1]) ?? '' })
}

const renameField: DjangoHandler = ({ options, positional, models, place, add }) => {
  const table = place.slice(0, place.lastIndexOf('.') + 1)
  const upon = models.fields.get(`${table}${literal(options['old_name'] ?? positional[1])}`)
  if (upon) models.fields.set(`${table}${literal(options['new_name'] ?? positional[2])}`, upon)
  add('rename-column', {
    column: literal(options['old_name'] ?? positional[1]),
    to: literal(options['new_name'] ?? positional[2]) ?? '',
  })
}

const removeField: DjangoHandler = ({ add }) => {
  add('drop-column')
}

const addField: DjangoHandler = call => {
  const { options, positional, add } = call
  const field = djangoField(options['field'] ?? positional[2] ?? '')
  if (field.class === 'ManyToManyField' || field.class === 'GenericRelation' || field.class === 'GeneratedField') return
  // Django gives existing rows the default and then takes it away from the database, unless it is a db_default.
  add('add-column', {
    type: field.type,
    notNull: field.notNull,
    hasDefault: field.databaseDefault !== null,
    volatileDefault: /Random|uuid/i.test(field.databaseDefault ?? ''),
    ...(field.notNull && field.hasDefault && field.databaseDefault === null ? { value: 'default-of-django' } : {}),
  })
  addUpon(call, field, { unique: false, index: false })
}

const alterField: DjangoHandler = call => {
  const { options, positional, place, models, add } = call
  const field = djangoField(options['field'] ?? positional[2] ?? '')
  if (field.class === 'ManyToManyField') return
  add('change-type', {
    type: field.type,
    notNull: field.notNull,
    // Django fills the empty rows with it before the column is required.
    hasDefault: field.hasDefault || field.databaseDefault !== null,
    unique: field.unique,
    value: 'altered-field',
  })
  // Of a field that nobody has seen, nobody knows what it had.
  addUpon(call, field, models.fields.get(place) ?? { unique: true, index: true })
}

const addIndex: DjangoHandler = ({ call, add }) => {
  const safe = [`AddIndexConcurrently(${call.args.map(arg => arg.replace(/\s+/g, ' ')).join(', ')})`]
  add('add-index', { column: null, concurrent: false, safe })
}

const addIndexConcurrently: DjangoHandler = ({ add }) => {
  add('add-index', { column: null, concurrent: true })
}

/** A check without a look at the rows, and the look in a migration of its own (django.contrib.postgres.operations). */
const safeCheck = (call: Call): Pick<Operation, 'safe'> => {
  const args = call.args.map(arg => arg.replace(/\s+/g, ' '))
  const name = /CheckConstraint\([\s\S]*\bname\s*=\s*(["'][^"']+["'])/.exec(args.join(', '))?.[1]
  const model = named(call.args)['model_name'] ?? call.args[0]
  return name
    ? { safe: [`AddConstraintNotValid(${args.join(', ')})`, `ValidateConstraint(model_name=${model}, name=${name})`] }
    : {}
}

const addConstraint: DjangoHandler = ({ kind, call, add }) => {
  add('add-constraint', {
    column: null,
    constraint: /CheckConstraint/.test(call.args.join(' '))
      ? 'check'
      : /Exclusion/.test(call.args.join(' '))
        ? 'exclude'
        : 'unique',
    deferred: kind.endsWith('NotValid'),
    ...safeCheck(call),
  })
}

const validateConstraint: DjangoHandler = ({ add }) => {
  add('validate-constraint', { column: null })
}

const alterUniqueTogether: DjangoHandler = ({ options, positional, add }) => {
  if (/\(/.test(options['unique_together'] ?? positional[1] ?? ''))
    add('add-constraint', { column: null, constraint: 'unique' })
}

const runPython: DjangoHandler = ({ call, add }) => {
  // `noop` is there to be reversible, and does nothing.
  if (/\bnoop\b/.test(call.args[0] ?? '')) return
  add('data', { table: null, column: null, text: shorten(`RunPython(${call.args[0] ?? ''})`) })
}

const runSQL: DjangoHandler = ({ options, positional, addSql }) => {
  const given = options['sql'] ?? positional[0]
  // A statement with its parameters is a pair, a list of them is a list of pairs.
  const isList = given !== undefined && literal(given) === null && /^[[(]/.test(given)
  const parts = isList ? splitArguments(given.slice(1, -1)) : given ? [given] : []
  for (const part of parts) {
    const text = literal(part) ?? literals(part)[0]
    if (text !== undefined && text !== null) addSql(text)
  }
}

const djangoOperations: Readonly<Record<string, DjangoHandler>> = {
  CreateModel: createModel,
  DeleteModel: deleteModel,
  RenameModel: renameModel,
  AlterModelTable: alterModelTable,
  RenameField: renameField,
  RemoveField: removeField,
  AddField: addField,
  AlterField: alterField,
  AddIndex: addIndex,
  AddIndexConcurrently: addIndexConcurrently,
  AddConstraint: addConstraint,
  AddConstraintNotValid: addConstraint,
  ValidateConstraint: validateConstraint,
  AlterUniqueTogether: alterUniqueTogether,
  RunPython: runPython,
  RunSQL: runSQL,
}

const managedOption = /["']managed["']\s*:\s*(True|False)/

/**
 * https://docs.djangoproject.com/en/stable/ref/migration-operations/ ; tables are named `<app>_<model>`. `models` is carried from one
 * migration of an app to the next: what is done to models that Django does not manage changes no database.
 */
export const readDjango = (original: string, app: string, models = newModels()): DslMigration => {
  const source = withoutState(blankComments(original, 'python'))
  const operations: (Operation & { at: number })[] = []
  const sql: DslMigration['sql'] = []
  const lineAt = linesOf(source)
  for (const call of callsOf(
    source,
    /\b(?:migrations\.|postgres(?:_operations)?\.|operations\.)?(?:CreateModel|DeleteModel|RenameModel|AddField|RemoveField|AlterField|RenameField|AddIndex|AddIndexConcurrently|RemoveIndex|RemoveIndexConcurrently|AddConstraint|AddConstraintNotValid|ValidateConstraint|AlterUniqueTogether|AlterIndexTogether|AlterModelTable|AlterModelOptions|RunSQL|RunPython)\b/,
  )) {
    const kind = call.name.replace(/^.*\./, '')
    const options = { ...named(call.args) }
    const positional = call.args.filter(arg => !/^\w+\s*=(?!=)/.test(arg))
    const model = (literal(options['model_name'] ?? options['name'] ?? positional[0]) ?? '').toLowerCase()
    const table = `${app}_${model}`
    const managed = managedOption.exec(options['options'] ?? positional[kind === 'CreateModel' ? 2 : 1] ?? '')?.[1]
    if (managed === 'False') models.unmanaged.add(table)
    if (managed === 'True') models.unmanaged.delete(table)
    if (models.unmanaged.has(table) && !kind.startsWith('Run')) continue
    const line = lineAt(call.at)
    const column = literal(options['name'] ?? positional[1])
    const add = (operation: Operation['kind'], more: Partial<Operation> = {}): void => {
      operations.push({
        kind: operation,
        line,
        table,
        column,
        text: `${kind}(${[model, column && column !== model ? column : ''].filter(Boolean).join('.')}) ${call.args.some(arg => arg.includes('field=')) ? shorten(options['field'] ?? '') : ''}`.trim(),
        at: call.at,
        ...more,
      })
    }
    djangoOperations[kind]?.({
      kind,
      app,
      call,
      options,
      positional,
      place: `${table}.${column ?? ''}`,
      models,
      add,
      addSql: text => sql.push({ text, line, at: call.at }),
    })
  }
  return {
    operations: operations.sort((a, b) => a.at - b.at).map(({ at: _at, ...operation }) => operation),
    sql,
    transaction: !/^[ \t]*atomic\s*=\s*False/m.test(source),
  }
}

/** `app.models` needs: (app, name) pairs that a Django migration depends on. */
export const djangoDependencies = (source: string): [string, string][] => {
  const at = source.search(/\bdependencies\s*=\s*\[/)
  if (at < 0) return []
  const open = source.indexOf('[', at)
  return [
    ...source.slice(open, endOfBracket(source, open)).matchAll(/\(\s*(["'])(\w+)\1\s*,\s*(["'])(\w+)\3\s*,?\s*\)/g),
  ].map(match => [match[2]!, match[4]!])
}

/** Whether a migration is marked to run when the new code has taken over (`safe = Safe.after_deploy()` of django-safemigrate). */
export const runsAfterDeploy = (text: string): boolean => /^[ \t]+safe[ \t]*=[ \t]*Safe\.after_deploy\b/m.test(text)
