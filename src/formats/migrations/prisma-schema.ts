// schema.prisma as far as tables and columns go: what `prisma migrate dev` would expect the migrations to have made.

/** Schemas of extensions and of platforms of PostgreSQL: what stands there is made by them, whatever the code names of it. */
const ofOthers =
  /^(?:auth|storage|realtime|vault|cron|net|extensions|graphql(?:_public)?|supabase_\w+|pgsodium\w*|pgbouncer|topology|tiger\w*|partman|pgboss|graphile_worker|hdb_catalog|_?timescaledb\w*|information_schema|pg_catalog)$/

export type PrismaTable = { table: string; line: number; columns: { name: string; line: number }[] }

const modelsIn = (text: string): Set<string> =>
  new Set([...text.matchAll(/^(?:model|view|type)\s+(\w+)/gm)].map(match => match[1]!))

/** Models of a schema that is spread over files: a relation may lead to a model of another file. */
export const readPrismaSchemas = (
  files: readonly { file: string; text: string }[],
): (PrismaTable & { file: string })[] => {
  const models = modelsIn(files.map(({ text }) => text).join('\n'))
  return files.flatMap(({ file, text }) => readPrismaSchema(text, models).map(table => ({ file, ...table })))
}

/** Models of a schema with the names their tables and columns bear in the database. Relations, ignored fields and views are left out. */
export const readPrismaSchema = (text: string, models: ReadonlySet<string> = modelsIn(text)): PrismaTable[] => {
  const lines = text.split(/\r?\n/)
  const tables: PrismaTable[] = []
  let open: (PrismaTable & { ignored: boolean }) | null = null
  for (const [index, raw] of lines.entries()) {
    const line = raw.replace(/(?<!["\w:/])\/\/.*$/, '').trim()
    const model = /^model\s+(\w+)\s*\{/.exec(line)
    if (model) open = { table: model[1]!, line: index + 1, columns: [], ignored: false }
    else if (open && line === '}') {
      if (!open.ignored) tables.push({ table: open.table, line: open.line, columns: open.columns })
      open = null
    } else if (open) {
      const map = /^@@map\(\s*(?:name:\s*)?"([^"]+)"/.exec(line)
      if (map) open.table = map[1]!
      const schema = /^@@schema\(\s*(?:map:\s*)?"([^"]+)"/.exec(line)?.[1]
      if (line.startsWith('@@ignore') || (schema && ofOthers.test(schema))) open.ignored = true
      const field = /^(\w+)\s+(\w+)(\[\])?\??/.exec(line)
      if (!field || line.startsWith('@@') || /@ignore\b/.test(line) || models.has(field[2]!)) continue
      open.columns.push({ name: /@map\(\s*(?:name:\s*)?"([^"]+)"/.exec(line)?.[1] ?? field[1]!, line: index + 1 })
    }
  }
  return tables
}
