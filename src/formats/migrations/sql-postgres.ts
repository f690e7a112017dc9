// PostgreSQL's own grammar (libpg-query) turned into operations. The parser is loaded when first needed: about 60 ms.
import { setFlagsFromString } from 'node:v8'
import { type Operation, plainName } from './model.ts'
import { copyOf } from './sql-copy.ts'
import { safeConstraint, safeIndex } from './sql-safe.ts'
import type { SqlStatement } from './sql-statements.ts'

type Node = Record<string, unknown>
export type Parse = (sql: string) => Node[]

let loading: Promise<Parse> | null = null

/** Loads PostgreSQL's parser. The function that it gives throws where the SQL is not PostgreSQL's. */
export const loadPostgresParser = (): Promise<Parse> => {
  loading ??= (async () => {
    // V8 would compile the grammar's one large function a second time, which takes 550 MB of memory for a tenth of a second.
    setFlagsFromString('--no-wasm-tier-up')
    setFlagsFromString('--no-wasm-dynamic-tiering')
    const parser = await import('libpg-query')
    await parser.loadModule()
    return (sql: string): Node[] =>
      ((parser.parseSync(sql) as { stmts?: { stmt?: Node }[] }).stmts ?? []).map(({ stmt }) => stmt ?? {})
  })()
  return loading
}

const node = (value: unknown): Node =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Node) : {}
const list = (value: unknown): Node[] => (Array.isArray(value) ? value.map(node) : [])
const string = (value: unknown): string => (typeof value === 'string' ? value : '')
const sval = (value: unknown): string => string(node(node(value)['String'])['sval'])

const relation = (value: unknown): string | null => {
  const { schemaname, relname } = node(value)
  if (typeof relname !== 'string') return null
  return typeof schemaname === 'string' && schemaname !== 'public' ? `${schemaname}.${relname}` : relname
}

const typeName = (value: unknown): string => {
  const { names, typmods, arrayBounds } = node(value)
  const name = list(names)
    .map(sval)
    .filter(part => part !== 'pg_catalog')
    .join('.')
  const mods = list(typmods).map(mod => String(node(node(mod['A_Const'])['ival'])['ival'] ?? '0'))
  return `${name}${mods.length ? `(${mods.join(',')})` : ''}${Array.isArray(arrayBounds) ? '[]' : ''}`
}

/** Functions whose value is the same for every row of one statement: a default of them does not rewrite the table. */
const steady =
  /^(?:now|current_timestamp|transaction_timestamp|statement_timestamp|current_date|current_user|session_user|timezone|to_timestamp|date_trunc|lower|upper|coalesce|concat|jsonb_build_object|json_build_object|jsonb_build_array|json_build_array|array_append|to_jsonb|to_json|make_interval|decode|encode)$/

const isVolatile = (value: unknown): boolean => {
  const seen = JSON.stringify(value ?? null)
  for (const match of seen.matchAll(/"funcname":\[((?:\{"String":\{"sval":"[^"]*"\}\},?)+)\]/g)) {
    const name = [...match[1]!.matchAll(/"sval":"([^"]*)"/g)].at(-1)?.[1] ?? ''
    if (!steady.test(name)) return true
  }
  return false
}

const constraintKinds: Readonly<Record<string, NonNullable<Operation['constraint']>>> = {
  CONSTR_FOREIGN: 'foreign-key',
  CONSTR_CHECK: 'check',
  CONSTR_UNIQUE: 'unique',
  CONSTR_PRIMARY: 'primary-key',
  CONSTR_EXCLUSION: 'exclude',
}

const constraintsOf = (definition: Node): Node[] => list(definition['constraints']).map(one => node(one['Constraint']))

type Base = Pick<Operation, 'line' | 'text'>

const columnOperation = (base: Base, table: string | null, definition: Node): Operation[] => {
  const constraints = constraintsOf(definition)
  const has = (type: string): Node | undefined => constraints.find(({ contype }) => contype === type)
  const type = typeName(definition['typeName'])
  const fallback = has('CONSTR_DEFAULT')
  const serial = /^(?:small|big)?serial\d?$/.test(type)
  const column = string(definition['colname'])
  const operations: Operation[] = [
    {
      ...base,
      kind: 'add-column',
      table,
      column,
      type,
      notNull: Boolean(has('CONSTR_NOTNULL')) || Boolean(has('CONSTR_PRIMARY')),
      hasDefault:
        fallback !== undefined || serial || Boolean(has('CONSTR_IDENTITY')) || Boolean(has('CONSTR_GENERATED')),
      // A stored generated column, an identity and a serial are computed for every row (ALTER TABLE, Notes).
      volatileDefault:
        serial ||
        Boolean(has('CONSTR_IDENTITY')) ||
        (has('CONSTR_GENERATED') !== undefined && has('CONSTR_GENERATED')?.['generated_kind'] !== 'v') ||
        isVolatile(fallback?.['raw_expr']),
    },
  ]
  // REFERENCES on a new column without a default validates nothing: every value is null.
  for (const type of ['CONSTR_UNIQUE', 'CONSTR_PRIMARY'])
    if (has(type))
      operations.push({ ...base, kind: 'add-constraint', table, column, constraint: constraintKinds[type]! })
  if (has('CONSTR_CHECK') && fallback)
    operations.push({ ...base, kind: 'add-constraint', table, column, constraint: 'check' })
  return operations
}

const safeOf = (part: SqlStatement, index: number, operation: Operation): Operation => {
  const safe = operation.constraint && !operation.deferred ? safeConstraint(part, index, operation) : []
  return safe.length ? { ...operation, safe } : operation
}

const alterCommand = (base: Base, table: string | null, command: Node): Operation[] => {
  const column = string(command['name']) || null
  const definition = node(command['def'])
  const make = (kind: Operation['kind'], more: Partial<Operation> = {}): Operation[] => [
    { ...base, kind, table, column, ...more },
  ]
  switch (command['subtype']) {
    case 'AT_AddColumn':
      return columnOperation(base, table, node(definition['ColumnDef']))
    case 'AT_DropColumn':
      return make('drop-column')
    case 'AT_AlterColumnType': {
      const to = node(definition['ColumnDef'])
      return make('change-type', { type: typeName(to['typeName']), hasDefault: to['raw_default'] !== undefined })
    }
    case 'AT_SetNotNull':
      return make('set-not-null')
    case 'AT_AddConstraint': {
      const constraint = node(definition['Constraint'])
      const kind = constraintKinds[string(constraint['contype'])]
      if (constraint['contype'] === 'CONSTR_NOTNULL')
        return make('set-not-null', {
          column: sval(list(constraint['keys'])[0]),
          deferred: constraint['skip_validation'] === true,
        })
      if (!kind) return make('alter-table')
      const test = node(node(constraint['raw_expr'])['NullTest'])
      const checked =
        test['nulltesttype'] === 'IS_NOT_NULL' ? sval(list(node(node(test['arg'])['ColumnRef'])['fields']).at(-1)) : ''
      return make('add-constraint', {
        constraint: kind,
        name: string(constraint['conname']),
        on: list(constraint['fk_attrs'] ?? constraint['keys']).map(sval),
        ...(relation(constraint['pktable']) ? { references: relation(constraint['pktable'])! } : {}),
        deferred: constraint['skip_validation'] === true || constraint['indexname'] !== undefined,
        ...(checked ? { checksNotNull: checked } : {}),
      })
    }
    case 'AT_ValidateConstraint':
      return make('validate-constraint', { name: column ?? '' })
    case 'AT_SetLogged':
    case 'AT_SetUnLogged':
    case 'AT_SetTableSpace':
    case 'AT_SetAccessMethod':
      return make('rewrite')
    default:
      return make('alter-table')
  }
}

const objectName = (value: unknown): string => {
  const items = list(node(node(value)['List'])['items'])
  return plainName((items.length ? items : [node(value)]).map(sval).join('.'))
}

/** One statement as the parser gives it; `table` is the relation that it names. */
type Statement = {
  base: Base
  part: SqlStatement
  body: Node
  table: string | null
  make: (operation: Operation['kind'], more?: Partial<Operation>) => Operation[]
}

type ReadStatement = (statement: Statement) => Operation[]

const createStmt: ReadStatement = ({ body, make }) => {
  const elements = list(body['tableElts'])
    .map(one => node(one['ColumnDef']))
    .filter(one => one['colname'] !== undefined)
  return make('create-table', {
    columns: elements.map(one => {
      const kinds = constraintsOf(one).map(({ contype }) => contype)
      const required = kinds.includes('CONSTR_NOTNULL') || kinds.includes('CONSTR_PRIMARY')
      return {
        name: string(one['colname']),
        type: `${typeName(one['typeName'])}${required ? ' not null' : ''}`,
        hasDefault:
          /serial/.test(typeName(one['typeName'])) ||
          kinds.some(kind => /DEFAULT|IDENTITY|GENERATED/.test(string(kind))),
      }
    }),
  })
}

const createTableAsStmt: ReadStatement = ({ part, body, make }) => {
  const copy = copyOf(part.tokens)
  return make('create-table', {
    table: relation(node(body['into'])['rel']),
    ...(copy ? { copy, columns: copy.columns.map(({ name }) => ({ name, type: '' })) } : {}),
  })
}

const alterTableStmt: ReadStatement = ({ base, part, body, table, make }) => {
  if (body['objtype'] !== 'OBJECT_TABLE') return make('other')
  return list(body['cmds']).flatMap((command, index) =>
    alterCommand(base, table, node(command['AlterTableCmd'])).map(one => safeOf(part, index, one)),
  )
}

const renameStmt: ReadStatement = ({ body, make }) => {
  if (body['renameType'] === 'OBJECT_TABLE') return make('rename-table', { to: string(body['newname']) })
  if (body['renameType'] === 'OBJECT_COLUMN')
    return make('rename-column', { column: string(body['subname']), to: string(body['newname']) })
  if (body['renameType'] === 'OBJECT_TYPE')
    return make('other', { name: objectName(body['object']), to: string(body['newname']) })
  return make('other')
}

const alterObjectSchemaStmt: ReadStatement = ({ body, table, make }) => {
  return body['objectType'] === 'OBJECT_TABLE'
    ? make('rename-table', { to: `${string(body['newschema'])}.${table ?? ''}` })
    : make('other')
}

const indexStmt: ReadStatement = ({ part, body, make }) => {
  // ON ONLY a partitioned table marks an index to come; nothing is built.
  if (node(body['relation'])['inh'] !== true) return make('other')
  return make('add-index', {
    concurrent: body['concurrent'] === true,
    unique: body['unique'] === true,
    name: string(body['idxname']),
    ...(body['concurrent'] === true ? {} : { safe: safeIndex(part.text) }),
    on: list(body['indexParams'])
      .map(one => string(node(one['IndexElem'])['name']))
      .filter(Boolean),
  })
}

const reindexStmt: ReadStatement = ({ part, body, make }) => {
  // Those of the system's own tables cannot be built concurrently, and no customer writes there.
  if (body['kind'] === 'REINDEX_OBJECT_SYSTEM') return make('other')
  const asked = list(body['params'])
    .map(one => node(one['DefElem']))
    .find(one => one['defname'] === 'concurrently')
  const off = /^(?:false|off|0)$/i.test(string(node(node(node(asked?.['arg'])['String']))['sval']))
  return asked && !off
    ? make('add-index', { concurrent: true })
    : make('add-index', { concurrent: false, safe: safeIndex(part.text) })
}

const dropStmt: ReadStatement = ({ body, make }) => {
  const names = list(body['objects']).map(objectName)
  if (body['removeType'] === 'OBJECT_TABLE') return names.flatMap(name => make('drop-table', { table: name }))
  if (body['removeType'] === 'OBJECT_SCHEMA') return names.flatMap(name => make('drop-table', { table: `${name}.*` }))
  if (body['removeType'] === 'OBJECT_INDEX')
    return make('drop-index', { concurrent: body['concurrent'] === true, name: names[0] ?? '' })
  return make('other')
}

const truncateStmt: ReadStatement = ({ body, make }) => {
  return list(body['relations']).flatMap(one => make('truncate', { table: relation(node(one['RangeVar'])) }))
}

const deleteStmt: ReadStatement = ({ body, make }) => {
  // Without a condition it is TRUNCATE by another name.
  return make(body['whereClause'] === undefined && body['usingClause'] === undefined ? 'truncate' : 'data')
}

const updateStmt: ReadStatement = ({ make }) => {
  return make('data')
}

const insertStmt: ReadStatement = ({ part, body, make }) => {
  if (node(node(body['selectStmt'])['SelectStmt'])['fromClause'] === undefined) return make('other')
  const copy = copyOf(part.tokens)
  return make('data', copy ? { copy } : {})
}

const createEnumStmt: ReadStatement = ({ body, make }) => {
  return make('create-type', { name: plainName(list(body['typeName']).map(sval).join('.')) })
}

const alterEnumStmt: ReadStatement = ({ body, make }) => {
  return body['oldVal'] !== undefined
    ? make('enum-change', { name: list(body['typeName']).map(sval).join('.') })
    : make('enum-add', { name: list(body['typeName']).map(sval).join('.'), value: string(body['newVal']) })
}

const variableSetStmt: ReadStatement = ({ body, make }) => {
  return /^(?:lock_timeout|statement_timeout)$/.test(string(body['name']))
    ? make('set-timeout', { name: string(body['name']) })
    : make('other')
}

const transactionStmt: ReadStatement = ({ body, make }) => {
  return body['kind'] === 'TRANS_STMT_BEGIN' || body['kind'] === 'TRANS_STMT_START'
    ? make('begin')
    : body['kind'] === 'TRANS_STMT_COMMIT'
      ? make('commit')
      : make('other')
}

const rewritten: ReadStatement = ({ make }) => {
  return make('rewrite')
}

const vacuumStmt: ReadStatement = ({ body, make }) => {
  return JSON.stringify(body).includes('"full"')
    ? make('rewrite', { table: relation(node(node(list(body['rels'])[0]?.['VacuumRelation'])['relation'])) })
    : make('other')
}

const selectStmt: ReadStatement = ({ base, make }) => {
  return /set_config\('(?:lock|statement)_timeout'/.test(base.text)
    ? make('set-timeout', { name: 'lock_timeout' })
    : make('other')
}

const statements: Readonly<Record<string, ReadStatement>> = {
  CreateStmt: createStmt,
  CreateTableAsStmt: createTableAsStmt,
  AlterTableStmt: alterTableStmt,
  RenameStmt: renameStmt,
  AlterObjectSchemaStmt: alterObjectSchemaStmt,
  IndexStmt: indexStmt,
  ReindexStmt: reindexStmt,
  DropStmt: dropStmt,
  TruncateStmt: truncateStmt,
  DeleteStmt: deleteStmt,
  UpdateStmt: updateStmt,
  InsertStmt: insertStmt,
  CreateEnumStmt: createEnumStmt,
  AlterEnumStmt: alterEnumStmt,
  VariableSetStmt: variableSetStmt,
  TransactionStmt: transactionStmt,
  ClusterStmt: rewritten,
  RepackStmt: rewritten,
  VacuumStmt: vacuumStmt,
  SelectStmt: selectStmt,
  DropdbStmt: ({ body, make }) => make('drop-table', { table: `${string(body['dbname'])}.*` }),
  LockStmt: ({ make }) => make('alter-table'),
}

/** What one statement does, as the parser gives it. */
export const operationsOf = (base: Base, part: SqlStatement, tree: Node): Operation[] => {
  const [kind = '', given] = Object.entries(tree)[0] ?? []
  const body = node(given)
  const table = relation(body['relation'])
  const make: Statement['make'] = (operation, more = {}) => [{ ...base, kind: operation, table, column: null, ...more }]
  return statements[kind]?.({ base, part, body, table, make }) ?? make('other')
}
