// Where a repository runs its migrations outside of what pipelines and platforms name: scripts of packages, shell and other programs. Text is
// searched for the tools' own commands; nothing is run.
import { inThisOrder } from '../near.ts'
import type { Orm } from './model.ts'

/** A program that carries its migrations and runs them itself when it starts: Go, Rust. */
export const carriesMigrations = (text: string): boolean =>
  /^\/\/go:embed\s+\S*(?:migrat|schema)/m.test(text) || /\b(?:embed_migrations|sqlx::migrate)!\s*\(/.test(text)

export type Runner = { file: string; line: number; text: string; orm: Orm | null }

/** The tools' commands that bring a database up to date, lists in this order; null: of a tool without an id. */
const commands: readonly [Orm | null, ...(RegExp | readonly RegExp[])[]][] = [
  ['prisma', /\bprisma(?:@\S{1,40})?["'\s,[]+(?:--\S{1,200}\s+){0,8}migrate["'\s,[]+deploy\b/],
  ['drizzle', /\bdrizzle-kit["'\s,[]+migrate\b|drizzle-orm\/[\w-]+\/migrator/],
  ['knex', [/\bknex(?=["'\s,[])/, /["'\s,[]migrate:(?:latest|up)\b/], /\.migrate\.latest\(/],
  ['sequelize', /\bsequelize(?:-cli)?["'\s,[]+db:migrate\b(?!:)/],
  ['typeorm', /\bmigration:run\b/],
  ['rails', /\b(?:rails|rake)["'\s,[]+(?:db:migrate|db:prepare)\b/],
  ['django', /\bmanage(?:\.py)?["'\s,[]+migrate\b|\bdjango-admin\s+migrate\b|call_command\(\s*["']migrate["']/],
  ['laravel', /\bartisan["'\s,[]+migrate\b(?!:(?:fresh|reset|rollback|status|refresh))/],
  ['alembic', [/\balembic(?=["'\s,[])/, /["'\s,[]upgrade\b/], /\bflask\s+db\s+upgrade\b|command\.upgrade\(/],
  ['supabase', /\bsupabase["'\s,[]+(?:db["'\s,[]+push|migration["'\s,[]+up)\b/],
  ['goose', [/\bgoose\b/, /\bup\b/], /goose\.Up\(/],
  ['dbmate', [/\bdbmate\b/, /\b(?:up|migrate)\b/]],
  ['golang-migrate', [/\bmigrate\b/, /-(?:path|source|database)\b/, /\bup\b/], /\bm\.Up\(\)/],
  ['flyway', [/\bflyway\b/, /\bmigrate\b/], /flywayMigrate/],
  ['liquibase', [/\bliquibase\b/, /\bupdate\b/]],
  ['atlas', /\batlas["'\s,[]+migrate["'\s,[]+apply\b/],
  ['doctrine', /\bdoctrine:migrations:migrate\b/],
  ['mikro-orm', /\bmikro-orm["'\s,[]+migration:up\b|getMigrator\(\)/],
  ['ecto', /\bmix["'\s,[]+ecto\.migrate\b|Ecto\.Migrator|\.Release\.migrate\b/],
  ['entity-framework', /\bdotnet["'\s,[]+ef["'\s,[]+database["'\s,[]+update\b|\befbundle\b/],
  ['fluent-migrator', /\bdotnet["'\s,[]+fm["'\s,[]+migrate\b|\bdotnet-fm["'\s,[]+migrate\b/],
  ['diesel', /\bdiesel["'\s,[]+migration["'\s,[]+run\b|run_pending_migrations\(/],
  [
    null,
    /\.runMigrations\(|\bsqlx["'\s,[]+migrate["'\s,[]+run\b|sqlx::migrate!|\bumzug\.up\(|\b(?:db|database)[:-]migrate\b(?!:)|\bmigrate[:-](?:db|database|deploy|prod\w*|up)\b/,
    [/\bpsql\b/, /\bmigrat/],
    [/\bnode-pg-migrate\b/, /\bup\b/],
    /\bwrangler["'\s,[]+d1["'\s,[]+migrations["'\s,[]+apply\b/,
    [
      /\b(?:graphile-migrate|dbmate|shmig|tern|refinery|pgroll|kysely|reshape)\b/,
      /\b(?:migrate|up|deploy|latest|start)\b/,
    ],
  ],
]

/** The tool whose command a line holds; undefined where it holds none. */
export const toolIn = (text: string): Orm | null | undefined =>
  commands.find(([, ...signs]) => signs.some(sign => inThisOrder(text, sign instanceof RegExp ? [sign] : sign)))?.[0]

/** Programs that may run migrations: scripts of packages, shell, build files, settings of servers, scripts in any language. */
export const mayRunMigrations = (path: string): boolean =>
  /(?:^|\/)(?:package\.json|composer\.json|deno\.jsonc?|Makefile|[Jj]ustfile|Taskfile\.ya?ml|Procfile[\w.-]*|pyproject\.toml|mise\.toml|supervisord?\.conf)$|\.(?:sh|bash|ini|mk)$|(?:^|\/)(?:bin|scripts?|docker|deploy|ops|tools|hooks|\.kamal\/hooks)\/[\w./-]+$|entrypoint[\w.-]*$/.test(
    path,
  ) && !/\.(?:md|mdx|txt|lock|png|svg|sql|json5?)$/.test(path.replace(/(?:package|composer|deno)\.json$/, ''))

/** Lines of a program that run migrations. */
export const runnersIn = (file: string, text: string): Runner[] =>
  text.split('\n').flatMap((row, index) => {
    if (row.length > 2000 || /^\s*(?:#|\/\/|\*)/.test(row)) return []
    const orm = toolIn(row)
    return orm === undefined ? [] : [{ file, line: index + 1, text: row.trim().slice(0, 160), orm }]
  })

/** Scripts of a package that a platform runs to build or to start it, unless told otherwise. */
const built = [
  'vercel-build',
  'now-build',
  'heroku-postbuild',
  'prebuild',
  'build',
  'postbuild',
  'release',
  'deploy',
  'predeploy',
]
const started = ['prestart', 'start', 'start:prod', 'start:production', 'serve']

const scriptsOf = (text: string): Record<string, string> => {
  try {
    const scripts = (JSON.parse(text) as { scripts?: unknown }).scripts
    return typeof scripts === 'object' && scripts !== null
      ? Object.fromEntries(
          Object.entries(scripts).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
        )
      : {}
  } catch {
    return {}
  }
}

/** What the standard scripts of a package reach: migrations in them, in scripts that they run, and in files that they name. */
export const reachedBy = (
  file: string,
  text: string,
  runners: readonly Runner[],
): { build: Runner[]; start: Runner[] } => {
  const scripts = scriptsOf(text)
  const folder = file.includes('/') ? file.slice(0, file.lastIndexOf('/') + 1) : ''
  const lineOf = (name: string): number => text.split('\n').findIndex(row => row.includes(`"${name}"`)) + 1
  const reach = (first: readonly string[]): Runner[] => {
    const seen = new Set<string>()
    const found: Runner[] = []
    const queue = first.filter(name => scripts[name] !== undefined)
    for (let name = queue.shift(); name !== undefined && seen.size < 200; name = queue.shift()) {
      if (seen.has(name)) continue
      seen.add(name)
      const line = scripts[name]!
      const orm = toolIn(line)
      const words = line.split(/[\s"'&|;()]+/)
      const named = words.map(word => word.replace(/^\.\//, ''))
      const next = [
        ...named,
        ...words.flatMap(word =>
          word.endsWith('*') ? Object.keys(scripts).filter(one => one.startsWith(word.slice(0, -1))) : [],
        ),
      ]
      // A script that is called `db:migrate` and hides its tool is one of its own.
      const hidden = orm === null && next.some(word => word !== name && scripts[word] !== undefined)
      if (orm !== undefined && !hidden) found.push({ file, line: lineOf(name), text: line.slice(0, 160), orm })
      found.push(
        ...runners.filter(
          runner => runner.file !== file && named.some(word => word !== '' && runner.file === `${folder}${word}`),
        ),
      )
      queue.push(
        ...next.filter(word => scripts[word] !== undefined),
        ...[`pre${name}`, `post${name}`].filter(one => scripts[one] !== undefined),
      )
    }
    return found
  }
  return { build: reach(built), start: reach(started) }
}

/** Lines of a pipeline that call a script of a package in which migrations run: `pnpm --filter api db:deploy`. */
export const callersIn = (file: string, text: string, packages: readonly string[]): Runner[] => {
  const named = packages.flatMap(own =>
    Object.entries(scriptsOf(own)).flatMap(([name, line]) => {
      const orm = toolIn(line)
      return orm === undefined ? [] : [{ name, orm }]
    }),
  )
  return text.split('\n').flatMap((row, index) => {
    if (row.length > 2000 || !/\b(?:npm|pnpm|yarn|bun|turbo|nx|lerna)\b/.test(row)) return []
    const words = row.trim().split(/[\s"'&|;()]+/)
    const found = named.find(({ name }) => words.includes(name))
    return found ? [{ file, line: index + 1, text: row.trim().slice(0, 160), orm: found.orm }] : []
  })
}
