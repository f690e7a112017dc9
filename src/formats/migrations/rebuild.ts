// Tables that a migration makes anew by copy, as SQLite's "Making Other Kinds Of Table Schema Changes" has it: `new_x` is made, filled from `x`
// and put into its place, or `x` is moved aside and filled back. What such a table lacks that the old one had is lost.
import type { Hazard } from './hazards.ts'
import type { Operation } from './model.ts'
import { columnsOf, constraintsOf, type Schema } from './schema.ts'

/** What a rebuild does to one table: `at` is the operation that shows it. */
export type Loss = Pick<Hazard, 'hazard' | 'table' | 'column' | 'why'> & { at: Operation; to?: string; unsure?: true }

export type Rebuild = {
  /** Names that only the rebuild uses: dropping and renaming them is no hazard of its own. */
  names: ReadonlySet<string>
  losses: Loss[]
}

/** A table while the migration runs: one that stood before (`origin`), or one that was made here and perhaps filled. */
type Content = {
  origin: string | null
  made: Operation | null
  filledFrom: Content | null
  fill: Operation | null
  names: string[]
}

/** New column → the old columns that its values come from; `bare` where nothing fills an empty one. */
type Kept = Map<string, { from: string[]; bare: boolean }>

const standing = (name: string): Content => ({ origin: name, made: null, filledFrom: null, fill: null, names: [name] })

/** Follows the tables through the migration. `dropped` holds the operations that took an old table away, by its first name. */
const follow = (operations: readonly Operation[]) => {
  const contents = new Map<string, Content>()
  const dropped = new Map<string, Operation>()
  const at = (name: string): Content => {
    if (!contents.has(name)) contents.set(name, standing(name))
    return contents.get(name)!
  }
  for (const operation of operations) {
    const { kind, table, to, copy } = operation
    if (table === null) continue
    if (kind === 'create-table') {
      const made: Content = { origin: null, made: operation, filledFrom: null, fill: null, names: [table] }
      if (copy) Object.assign(made, { filledFrom: at(copy.from), fill: operation })
      contents.set(table, made)
    } else if (kind === 'data' && copy && contents.get(table)?.made) {
      Object.assign(at(table), { filledFrom: at(copy.from), fill: operation })
    } else if (kind === 'rename-table' && to) {
      const moved = at(table)
      moved.names.push(to)
      contents.delete(table)
      contents.set(to, moved)
    } else if (kind === 'drop-table') {
      const gone = at(table)
      if (gone.origin !== null) dropped.set(gone.origin, operation)
      contents.delete(table)
    }
  }
  return { contents, dropped }
}

/** Where the values of a table come from, back to the table `origin`; null where nothing was copied from it. */
const keptOf = (content: Content, origin: string, before: readonly string[] | null, depth = 0): Kept | null => {
  if (content.origin === origin) return new Map((before ?? []).map(name => [name, { from: [name], bare: true }]))
  const copy = content.fill?.copy
  if (!copy || !content.filledFrom || depth > 8) return null
  const source = keptOf(content.filledFrom, origin, before, depth + 1)
  if (source === null) return null
  if (copy.all) {
    const names = content.made?.columns?.map(({ name }) => name) ?? []
    const olds = [...source.values()]
    return names.length === olds.length ? new Map(names.map((name, index) => [name, olds[index]!])) : source
  }
  return new Map(
    copy.columns.map(({ name, from, bare }) => {
      // Before nothing is known of the old table, a name stands for itself.
      const found = before === null ? from.map(one => ({ from: [one] })) : from.flatMap(one => source.get(one) ?? [])
      return [name, { from: found.flatMap(one => one.from), bare }]
    }),
  )
}

const isNarrowed = (content: Content): boolean =>
  content.fill !== null &&
  (content.fill.copy?.whole === false || (content.filledFrom !== null && isNarrowed(content.filledFrom)))

/** Columns that are gone, under another name, or required where they were not. */
const columnLosses = (table: string, drop: Operation, content: Content, kept: Kept, schema: Schema): Loss[] => {
  const before = columnsOf(schema, table)
  const losses: Loss[] = []
  for (const [column] of before ?? []) {
    const under = [...kept].filter(([, { from }]) => from.includes(column))
    const loss = { table, column, at: content.fill ?? drop }
    if (under.length === 0)
      losses.push({
        ...loss,
        hazard: 'drops-data',
        why: 'the table is made anew without this column: its values are gone',
      })
    else if (!under.some(([name]) => name === column) && under[0]![1].bare)
      losses.push({
        ...loss,
        hazard: 'renames',
        to: under[0]![0],
        why: 'the table is made anew with the column under another name, and the running code asks for the old one',
      })
  }
  for (const { name, type, hasDefault, primary } of content.made?.columns ?? []) {
    if (primary || !/ not null$/.test(type)) continue
    const comes = kept.get(name)
    const was = comes?.from.length === 1 ? before?.get(comes.from[0]!) : undefined
    const emptied = comes
      ? comes.bare && was !== undefined && !/ not null$/.test(was)
      : before !== null && !hasDefault && !content.fill?.copy?.all
    if (emptied)
      losses.push({
        table,
        column: name,
        at: content.made!,
        hazard: 'not-null-on-existing',
        why: 'rows without a value cannot be copied: the migration fails on them',
      })
  }
  return losses
}

/** Constraints that the old table had and the new one has not, neither by itself nor by a unique index made afterwards. */
const constraintLosses = (
  table: string,
  content: Content,
  operations: readonly Operation[],
  schema: Schema,
): Loss[] => {
  if (!content.made?.constraints) return []
  const now = new Set([
    ...content.made.constraints,
    ...operations.flatMap(one =>
      one.kind === 'add-index' && one.unique && one.table !== null && content.names.includes(one.table)
        ? [`unique(${(one.on ?? []).join(',')})`]
        : [],
    ),
  ])
  const columns = new Set(content.made.columns?.map(({ name }) => name))
  return (
    constraintsOf(schema, table)
      .filter(one => !now.has(one))
      // A constraint of a column that is gone goes with it, and that is told already.
      .filter(
        one => /^check/.test(one) || (/\((.*)\)$/.exec(one)?.[1]?.split(',') ?? []).every(name => columns.has(name)),
      )
      .map(one => ({
        table,
        column: null,
        at: content.made!,
        hazard: 'drops-data',
        unsure: true,
        why: `the table is made anew without its constraint ${one}`,
      }))
  )
}

/** The tables that a migration makes anew, and what each of them loses. */
export const rebuildOf = (operations: readonly Operation[], schema: Schema): Rebuild => {
  const { contents, dropped } = follow(operations)
  const names = new Set<string>()
  const losses: Loss[] = []
  for (const [table, drop] of dropped) {
    const content = contents.get(table)
    if (!content?.made) continue
    const before = columnsOf(schema, table)
    const kept = keptOf(content, table, before && [...before.keys()])
    // Made anew and not filled: the old rows are gone, and the DROP says so by itself.
    if (kept === null) continue
    for (const name of [
      table,
      ...content.names,
      ...operations.flatMap(one => (one.kind === 'rename-table' && one.table === table && one.to ? [one.to] : [])),
    ])
      names.add(name)
    losses.push(
      ...columnLosses(table, drop, content, kept, schema),
      ...constraintLosses(table, content, operations, schema),
    )
    if (isNarrowed(content))
      losses.push({
        table,
        column: null,
        at: content.fill ?? drop,
        hazard: 'drops-data',
        why: 'only some of the rows are copied into the new table: the others are gone',
      })
  }
  return { names, losses }
}
