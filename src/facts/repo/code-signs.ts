// Signs in the code that the deploy stage judges: a route that says whether the program is well, schemas synchronised or migrated at start.
// Every code file is read once, up to a bound; tests and what others wrote are left out.
import { observed } from '../../core/fact.ts'
import { isNoCode } from '../../formats/shipped.ts'
import type { FactDefinition } from '../definition.ts'
import { filesOf, readerOf } from './script-world.ts'

/** `called`: in a program that somebody calls or installs, by its folder; what answers customers does not run it when it starts. */
export type CodePlace = { file: string; line: number; text: string; called?: true }

export type CodeSigns = {
  health: CodePlace[]
  /** The schema is changed to fit the code when the program starts. */
  synchronises: CodePlace[]
  /** Migrations run when the program starts, in every instance. */
  migratesAtStart: CodePlace[]
  /** Migrations are run by the code itself, wherever it is called. */
  migratesInCode?: CodePlace[]
  /** A timeout for locks is set outside of migrations. */
  lockTimeout: CodePlace[]
  files: number
  /** A server of Go's standard library starts here: no dependency tells it. */
  serves?: CodePlace[]
  /** Folders named `app` or `pages` in which code lies: where a framework looks for routes. */
  routeFolders?: string[]
}

const code =
  /\.(?:[cm]?[jt]sx?|py|rb|php|go|exs?|vue|svelte|astro|ya?ml|toml|prisma|rs|java|kt|cs)$|(?:^|\/)(?:build\.gradle(?:\.kts)?|pom\.xml)$/
/** Files of tests, stories and declarations by their names, and what was made small. */
const asideName = /[._-](?:test|spec|stories|d)\.[\w]+$|\.min\.js$/

const healthName =
  '(?:health|healthz|health[-_]?check|healthcheck|livez|readyz|liveness|readiness|up|ping|alive|heartbeat|__heartbeat__|__lbheartbeat__|healthy|status|server[-_]?status|_health|-/health)(?:/(?:live|ready|liveness|readiness|z))?'
const healthFile = new RegExp(
  `(?:^|/)(?:app|pages|routes|server/api|server/routes|src/app|src/pages|src/routes)/(?:.*/)?(?:api[./])?(?:${healthName})(?:/(?:route|\\+server|index)|\\.get|)\\.(?:[cm]?[jt]sx?)$`,
)
const healthRoute = new RegExp(
  [
    `(?:\\.(?:get|all|use|route|head|HandleFunc|Handle|Get|GET|Any|add_url_rule|add_api_route)|\\b(?:path|re_path|url|get|scope|match|Route::get|HandleFunc|route))\\s*\\(?\\s*r?["'\`](?:GET )?\\^?/?(?:api/|v\\d/|api/v\\d/)*${healthName}/?\\$?["'\`]`,
    `@Controller\\(\\s*["'\`]/?(?:api/)?${healthName}["'\`]`,
    `@(?:Get|GetMapping)\\(\\s*["'\`]/?(?:api/)?${healthName}["'\`]`,
    'rails/health#show|\\bresources? :health(?:[_-]?check)?\\b',
    `\\b(?:Route|Mount|HTTPRoute)\\(\\s*["']/?(?:api/)?${healthName}/?["']`,
    `\\[["']path["']\\]\\s*(?:==|in)\\s*[(\\[{]?\\s*["']/?(?:api/)?${healthName}/?["']`,
    'health:\\s*["\']/up["\']',
    // Flask and FastAPI hang what they group under a prefix, with a token behind it or without.
    `\\b(?:url_)?prefix\\s*=\\s*["']/?(?:api/)?${healthName}[/"']`,
    'health_check\\.urls|OkComputer',
    `path:\\s*["'\`]/?(?:api/)?${healthName}["'\`]|url:\\s*["'\`]/?(?:api/)?${healthName}["'\`]`,
    `pathname\\s*===?\\s*["'\`]/?(?:api/)?${healthName}["'\`]|\\.url\\s*===?\\s*["'\`]/?(?:api/)?${healthName}["'\`]`,
    `(?:case|if\\s.*===?)\\s*["'\`]/(?:api/)?${healthName}["'\`]`,
  ].join('|'),
)

const routeFolder = /(?<![^/])(?:app|pages)(?=\/)/g
const mostFolders = 2_000

const synchronising =
  /\bsynchronize\s*:\s*true\b|\.sync\(\s{0,20}\{[^{}]{0,300}\b(?:alter|force)\s*:\s*true|\bSchema\.sync\b|db\.create_all\(\)|\.AutoMigrate\(/
const migrating =
  /\bmigrationsRun\s*:\s*true\b|\bmigrate\.(?:latest\(|up\(\))|\bumzug\.up\(|\.runMigrations\(|\bawait migrate\(\s*\w+\s*,\s*\{\s*migrationsFolder|call_command\(\s*["']migrate["']|command\.upgrade\(\s*\w+\s*,\s*["']head|Artisan::call\(\s*["']migrate|goose\.Up\(|m\.Up\(\)/
/** A program that runs its migrations itself: the interfaces of the tools, without their commands. */
const programmatic =
  /from\s+['"]drizzle-orm\/[\w/-]*migrator['"]|require\(\s*['"]drizzle-orm\/[\w/-]*migrator|\bmigrationsRun\s*:\s*true\b|\bdriver\s*:\s*['"]expo['"]|\.migrate\.(?:latest\(|up\(\))|\b(?:umzug|migrator)\w{0,20}\.(?:up|migrateToLatest|executePendingMigrations)\(|\bgetMigrator\(\)\.up|\.runMigrations\(|\bprisma["'\s,[]+migrate["'\s,[]+deploy\b|call_command\(\s*["']migrate["']|\bcommand\.upgrade\(|alembic\.config\.main\(|Artisan::call\(\s*["']migrate["']|\bgoose\.Up\w*\(|\bprovider\.Up\(|golang-migrate\/migrate|\bm\.Up\(\)|\bFlyway\.configure\(|\bflyway\.migrate\(\)|\bnew Liquibase\(|\bSpringLiquibase\b|\borg\.flywaydb:flyway-|<artifactId>flyway-|\bspring-boot-starter-flyway\b|\borg\.liquibase:liquibase-core\b|<artifactId>liquibase-core<|\bgormigrate\.New\(|\.MigrateUp\(|\bEcto\.Migrator\b|ActiveRecord::(?:MigrationContext|Migrator|Tasks::DatabaseTasks\.migrate)|\bmigration_context\.migrate\b|\bsqlx::migrate!|\bembed_migrations!|\.Database\.Migrate(?:Async)?\(\)/
const serving = /\bhttp\.(?:ListenAndServe(?:TLS)?|Serve(?:TLS)?)\(|\.ListenAndServe(?:TLS)?\(/
const timeouts = /\block_timeout\b|lock_wait_timeout|StrongMigrations\.lock_timeout/
const prefilter =
  /expo|health|heartbeat|status|ping|livez|readyz|["'/]up\b|alive|synchronize|\.sync\(|igrat|upgrade\(|lock_|create_all|\.Up\w*\(|[Ff]lyway|[Ll]iquibase|alembic|ListenAndServe|http\.Serve/

/** Whether what stands around says that it is for development alone. */
const developmentOnly = (before: string, row: string): boolean =>
  /NODE_ENV|isDev|is_dev|\bdev(?:Config|Options|Settings|_?[Dd]ata_?[Ss]ource|:)|development|APP_ENV|DEBUG|process\.argv|__main__|import\.meta\.main|require\.main/.test(
    `${before}\n${row}`,
  )

const mostRowsAbove = 60

/** The row that opens the object or block in which a row stands: the nearest above that is less indented. */
const headOf = (rows: readonly string[], at: number): string => {
  const depth = (row: string): number => row.length - row.trimStart().length
  const own = depth(rows[at] ?? '')
  for (let above = at - 1; above >= Math.max(0, at - mostRowsAbove); above--) {
    const row = rows[above]!
    if (row.trim() !== '' && depth(row) < own) return row
  }
  return ''
}

/** Programs that people install, with a database of their own. */
const installed = /(?:^|\/)[\w-]*(?:desktop|electron|mobile)[\w-]*\//

/** Programs that somebody calls, and what answers a request. */
const whenCalled =
  /(?:^|\/)(?:migrations?|scripts?|bin|cli|commands?|versions|seeds?|[Cc]ontrollers?)\/|migrat\w*\.\w+$/

const fact: FactDefinition<CodeSigns> = {
  on: 'repo',
  deadlines: 6,
  async collect(_subject, context) {
    const tree = await context.need('tree')
    if (!tree.ok) return tree
    const reader = readerOf(context, tree.value)
    const signs: CodeSigns & { migratesInCode: CodePlace[]; serves: CodePlace[] } = {
      health: [],
      synchronises: [],
      migratesAtStart: [],
      migratesInCode: [],
      lockTimeout: [],
      files: 0,
      serves: [],
    }
    const folders = new Set<string>()
    for (const file of filesOf(tree.value)) {
      if (!code.test(file) || isNoCode(file) || asideName.test(file) || signs.files >= 20_000) continue
      if (healthFile.test(file)) signs.health.push({ file, line: 1, text: 'route by its file name' })
      for (const { index } of file.matchAll(routeFolder))
        if (folders.size < mostFolders) folders.add(file.slice(0, file.indexOf('/', index)))
      const text = reader.maybe(file, { maxBytes: 256 << 10 })
      signs.files += 1
      if (text === null || !prefilter.test(text)) continue
      const look = (pattern: RegExp, places: CodePlace[], guarded: boolean): void => {
        const match = pattern.exec(text)
        if (!match || places.length >= 20) return
        const line = text.slice(0, match.index).split('\n').length
        const rows = text.split('\n')
        const row = rows[line - 1] ?? ''
        if (/^\s*(?:\/\/|#|\*)/.test(row)) return
        const before = `${headOf(rows, line - 1)}\n${rows.slice(Math.max(0, line - 4), line - 1).join('\n')}`
        if (guarded && developmentOnly(before, row)) return
        const called = whenCalled.test(file) || installed.test(file) ? { called: true as const } : {}
        places.push({ file, line, text: row.trim().slice(0, 160), ...called })
      }
      if (!/\.(?:ya?ml|toml|prisma)$/.test(file)) {
        look(healthRoute, signs.health, false)
        // A migration of gormigrate may make its tables so: it runs once.
        if (!text.includes('gormigrate.')) look(synchronising, signs.synchronises, true)
        // What answers a request or a command does not run when the program starts.
        if (!whenCalled.test(file)) look(migrating, signs.migratesAtStart, true)
        look(programmatic, signs.migratesInCode, false)
        if (file.endsWith('.go')) look(serving, signs.serves, true)
      }
      // Alembic's env.py opens the connection that every migration uses.
      if (!/(?:^|\/)(?:migrations?|migrate|versions)\/(?!env\.py$)/.test(file)) look(timeouts, signs.lockTimeout, false)
    }
    return observed({ ...signs, routeFolders: [...folders].sort() }, context.now())
  },
}
export default fact
