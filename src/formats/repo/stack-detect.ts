// Says what a repository is made of: per package its language, framework, package manager, platform, database and CI, from the text of
// its manifests. Pure: given the paths that exist and the text of those that `isManifest` asks for.
import { parse as parseToml } from 'smol-toml'
import { parse as parseYaml } from 'yaml'

export type Language =
  | 'javascript'
  | 'typescript'
  | 'python'
  | 'ruby'
  | 'php'
  | 'go'
  | 'elixir'
  | 'rust'
  | 'java'
  | 'static'
  | 'unknown'

export type PackageManager =
  | 'npm'
  | 'pnpm'
  | 'yarn'
  | 'bun'
  | 'deno'
  | 'pip'
  | 'poetry'
  | 'uv'
  | 'pipenv'
  | 'pdm'
  | 'bundler'
  | 'composer'
  | 'go'
  | 'mix'
  | 'cargo'

/** Something found, and the file that says so. */
export type Found = { name: string; file: string }

export type StackPackage = {
  /** Folder relative to the root; empty for the root itself. */
  path: string
  name: string | null
  language: Language
  /** The one that serves: `next` rather than `react`. Null when none is known. */
  framework: string | null
  packageManager: PackageManager | null
  /** Manifest that makes it a package: package.json, pyproject.toml … Empty for a static folder. */
  manifest: string | null
  /** Lock files of this folder. */
  lockfiles: string[]
  /** Scripts by name (package.json, composer.json). */
  scripts: Record<string, string>
  /** Names → the range as written; empty where none. Runtime and development apart. */
  dependencies: Record<string, string>
  devDependencies: Record<string, string>
  platforms: Found[]
  orms: string[]
  databases: string[]
  /** True for the root of a workspace that itself serves nothing. */
  workspaceRoot: boolean
}

export type Stack = {
  packages: StackPackage[]
  /** Of the whole repository, each once: platform, CI, container files. */
  platforms: Found[]
  ci: Found[]
  containers: Found[]
  orms: string[]
  databases: string[]
  languages: Language[]
  monorepo: boolean
  /** Files that could not be understood. */
  unreadable: { file: string; why: string }[]
}

const base = (path: string): string => path.slice(path.lastIndexOf('/') + 1)
const folderOf = (path: string): string => (path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '')
const within = (folder: string, name: string): string => (folder ? `${folder}/${name}` : name)

const manifestNames = new Set([
  'package.json',
  'pnpm-workspace.yaml',
  'lerna.json',
  'deno.json',
  'deno.jsonc',
  'pyproject.toml',
  'Pipfile',
  'setup.py',
  'setup.cfg',
  'Gemfile',
  'composer.json',
  'go.mod',
  'mix.exs',
  'Cargo.toml',
  'pom.xml',
  'build.gradle',
  'build.gradle.kts',
  'vercel.json',
  'netlify.toml',
  'fly.toml',
  'render.yaml',
  'railway.json',
  'railway.toml',
  'Procfile',
  'app.json',
  'wrangler.toml',
  'wrangler.json',
  'wrangler.jsonc',
  'app.yaml',
  'serverless.yml',
  'serverless.yaml',
  'firebase.json',
  'database.yml',
  'schema.prisma',
  'nixpacks.toml',
  'apprunner.yaml',
  'heroku.yml',
])

/** Whether the text of a file is needed to detect the stack. */
export const isManifest = (path: string): boolean => {
  const name = base(path)
  if (/(?:^|\/)(?:node_modules|vendor|\.venv|venv|site-packages)\//.test(path)) return false
  return (
    manifestNames.has(name) ||
    /^requirements[\w.-]*\.(?:txt|in)$/.test(name) ||
    /(?:^|\/)requirements\/[\w.-]+\.(?:txt|in)$/.test(path) ||
    /^fly\.[\w-]+\.toml$/.test(name) ||
    /(?:^|\/)config\/deploy(?:\.\w+)?\.ya?ml$/.test(path)
  )
}

/** Lock files and whose they are. */
export const lockfileManagers: Readonly<Record<string, PackageManager>> = {
  'package-lock.json': 'npm',
  'npm-shrinkwrap.json': 'npm',
  'pnpm-lock.yaml': 'pnpm',
  'yarn.lock': 'yarn',
  'bun.lock': 'bun',
  'bun.lockb': 'bun',
  'deno.lock': 'deno',
  'poetry.lock': 'poetry',
  'uv.lock': 'uv',
  'Pipfile.lock': 'pipenv',
  'pdm.lock': 'pdm',
  'Gemfile.lock': 'bundler',
  'composer.lock': 'composer',
  'go.sum': 'go',
  'mix.lock': 'mix',
  'Cargo.lock': 'cargo',
}

/** Framework by dependency, the one that serves first. */
const javascriptFrameworks: readonly [string, string][] = [
  ['next', 'next'],
  ['nuxt', 'nuxt'],
  ['nuxt3', 'nuxt'],
  ['@sveltejs/kit', 'sveltekit'],
  ['astro', 'astro'],
  ['@remix-run/react', 'remix'],
  ['@remix-run/node', 'remix'],
  ['@react-router/dev', 'react-router'],
  ['@tanstack/react-start', 'tanstack-start'],
  ['@solidjs/start', 'solid-start'],
  ['@builder.io/qwik-city', 'qwik'],
  ['gatsby', 'gatsby'],
  ['@angular/core', 'angular'],
  ['@nestjs/core', 'nest'],
  ['fastify', 'fastify'],
  ['hono', 'hono'],
  ['express', 'express'],
  ['koa', 'koa'],
  ['@hapi/hapi', 'hapi'],
  ['elysia', 'elysia'],
  ['@adonisjs/core', 'adonis'],
  ['expo', 'expo'],
  ['react-scripts', 'create-react-app'],
  ['@vue/cli-service', 'vue-cli'],
  ['@11ty/eleventy', 'eleventy'],
  ['@docusaurus/core', 'docusaurus'],
  ['vitepress', 'vitepress'],
  ['vite', 'vite'],
]
const pythonFrameworks: readonly [string, string][] = [
  ['django', 'django'],
  ['fastapi', 'fastapi'],
  ['flask', 'flask'],
  ['starlette', 'starlette'],
  ['litestar', 'litestar'],
  ['sanic', 'sanic'],
  ['tornado', 'tornado'],
  ['aiohttp', 'aiohttp'],
  ['streamlit', 'streamlit'],
]
const rubyFrameworks: readonly [string, string][] = [
  ['rails', 'rails'],
  ['hanami', 'hanami'],
  ['sinatra', 'sinatra'],
  ['jekyll', 'jekyll'],
]
const phpFrameworks: readonly [string, string][] = [
  ['laravel/framework', 'laravel'],
  ['symfony/framework-bundle', 'symfony'],
  ['slim/slim', 'slim'],
  ['codeigniter4/framework', 'codeigniter'],
]
const goFrameworks: readonly [string, string][] = [
  ['github.com/gin-gonic/gin', 'gin'],
  ['github.com/labstack/echo', 'echo'],
  ['github.com/gofiber/fiber', 'fiber'],
  ['github.com/go-chi/chi', 'chi'],
]

/** ORM or migration tool by dependency, over all languages. */
const ormDependencies: readonly [string, string][] = [
  ['prisma', 'prisma'],
  ['@prisma/client', 'prisma'],
  ['drizzle-orm', 'drizzle'],
  ['drizzle-kit', 'drizzle'],
  ['knex', 'knex'],
  ['sequelize', 'sequelize'],
  ['sequelize-cli', 'sequelize'],
  ['typeorm', 'typeorm'],
  ['@mikro-orm/core', 'mikro-orm'],
  ['kysely', 'kysely'],
  ['objection', 'knex'],
  ['node-pg-migrate', 'node-pg-migrate'],
  ['mongoose', 'mongoose'],
  ['supabase', 'supabase'],
  ['django', 'django'],
  ['sqlalchemy', 'sqlalchemy'],
  ['alembic', 'alembic'],
  ['flask-migrate', 'alembic'],
  ['sqlmodel', 'sqlalchemy'],
  ['tortoise-orm', 'tortoise'],
  ['activerecord', 'rails'],
  ['rails', 'rails'],
  ['sequel', 'sequel'],
  ['laravel/framework', 'laravel'],
  ['doctrine/orm', 'doctrine'],
  ['doctrine/doctrine-migrations-bundle', 'doctrine'],
  ['ecto_sql', 'ecto'],
  ['gorm.io/gorm', 'gorm'],
  ['entgo.io/ent', 'ent'],
  ['github.com/golang-migrate/migrate', 'golang-migrate'],
  ['github.com/pressly/goose', 'goose'],
  ['diesel', 'diesel'],
  ['sqlx', 'sqlx'],
  ['sea-orm', 'sea-orm'],
]

/** Database by driver. */
const databaseDependencies: readonly [string, string][] = [
  ['pg', 'postgresql'],
  ['postgres', 'postgresql'],
  ['@neondatabase/serverless', 'postgresql'],
  ['@vercel/postgres', 'postgresql'],
  ['@supabase/supabase-js', 'postgresql'],
  ['psycopg', 'postgresql'],
  ['psycopg2', 'postgresql'],
  ['psycopg2-binary', 'postgresql'],
  ['asyncpg', 'postgresql'],
  ['postgrex', 'postgresql'],
  ['github.com/jackc/pgx', 'postgresql'],
  ['github.com/lib/pq', 'postgresql'],
  ['mysql', 'mysql'],
  ['mysql2', 'mysql'],
  ['mysqlclient', 'mysql'],
  ['pymysql', 'mysql'],
  ['trilogy', 'mysql'],
  ['@planetscale/database', 'mysql'],
  ['myxql', 'mysql'],
  ['github.com/go-sql-driver/mysql', 'mysql'],
  ['sqlite3', 'sqlite'],
  ['better-sqlite3', 'sqlite'],
  ['@libsql/client', 'sqlite'],
  ['aiosqlite', 'sqlite'],
  ['ecto_sqlite3', 'sqlite'],
  ['github.com/mattn/go-sqlite3', 'sqlite'],
  ['modernc.org/sqlite', 'sqlite'],
  ['mongodb', 'mongodb'],
  ['mongoose', 'mongodb'],
  ['pymongo', 'mongodb'],
  ['redis', 'redis'],
  ['ioredis', 'redis'],
  ['@upstash/redis', 'redis'],
]

const platformFiles: readonly [RegExp, string][] = [
  [/(?:^|\/)vercel\.json$/, 'vercel'],
  [/(?:^|\/)netlify\.toml$/, 'netlify'],
  [/(?:^|\/)fly(?:\.[\w-]+)?\.toml$/, 'fly'],
  [/(?:^|\/)render\.yaml$/, 'render'],
  [/(?:^|\/)railway\.(?:json|toml)$/, 'railway'],
  [/(?:^|\/)(?:Procfile|heroku\.yml)$/, 'heroku'],
  [/(?:^|\/)wrangler\.(?:toml|jsonc?)$/, 'cloudflare'],
  [/(?:^|\/)config\/deploy(?:\.\w+)?\.ya?ml$/, 'kamal'],
  [/(?:^|\/)serverless\.ya?ml$/, 'serverless'],
  [/(?:^|\/)sst\.config\.[mc]?ts$/, 'sst'],
  [/(?:^|\/)app\.yaml$/, 'app-engine'],
  [/(?:^|\/)firebase\.json$/, 'firebase'],
  [/(?:^|\/)apprunner\.yaml$/, 'app-runner'],
  [/(?:^|\/)\.do\/app\.ya?ml$/, 'digitalocean'],
  [/(?:^|\/)\.platform\.app\.yaml$/, 'platform-sh'],
  [/(?:^|\/)amplify\.yml$/, 'amplify'],
  [/(?:^|\/)captain-definition$/, 'caprover'],
  [/(?:^|\/)(?:deployer|deploy)\.php$/, 'deployer'],
  [/(?:^|\/)config\/deploy\.rb$/, 'capistrano'],
]

/** CI systems by their file, root-relative. */
const ciFiles: readonly [RegExp, string][] = [
  [/^\.github\/workflows\/[^/]+\.ya?ml$/, 'github'],
  [/^\.gitlab-ci\.ya?ml$/, 'gitlab'],
  [/^bitbucket-pipelines\.yml$/, 'bitbucket'],
  [/^\.circleci\/config\.ya?ml$/, 'circleci'],
  [/^azure-pipelines[\w.-]*\.ya?ml$/, 'azure'],
  [/^\.buildkite\/[^/]+\.ya?ml$/, 'buildkite'],
  [/^Jenkinsfile$/, 'jenkins'],
  [/^\.travis\.yml$/, 'travis'],
  [/^\.drone\.yml$/, 'drone'],
  [/^\.woodpecker(?:\.ya?ml$|\/)/, 'woodpecker'],
  [/^\.forgejo\/workflows\/[^/]+\.ya?ml$/, 'forgejo'],
  [/^\.gitea\/workflows\/[^/]+\.ya?ml$/, 'gitea'],
]

const containerFile =
  /(?:^|\/)(?:(?:Dockerfile|Containerfile)(?:\.[\w.-]+)?|[\w.-]+\.[Dd]ockerfile|(?:docker-)?compose(?:\.[\w-]+)*\.ya?ml)$/

/** The CI system that a file belongs to, by its path from the root. */
export const ciOf = (path: string): string | null => ciFiles.find(([pattern]) => pattern.test(path))?.[1] ?? null

/** Whether a file builds or composes containers. */
export const isContainerFile = (path: string): boolean => containerFile.test(path) && !/\.dockerignore$/.test(path)

type Record_ = Record<string, unknown>
const isRecord = (value: unknown): value is Record_ =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const strings = (value: unknown): Record<string, string> =>
  isRecord(value)
    ? Object.fromEntries(
        Object.entries(value)
          .filter((entry): entry is [string, string] => typeof entry[1] === 'string')
          .slice(0, 2000),
      )
    : {}

/** JSON with comments and trailing commas, as wrangler.jsonc and deno.jsonc are written. */
export const parseJsonc = (text: string): unknown => {
  const bare = text.replace(
    /("(?:[^"\\]|\\.)*")|\/\/[^\n]*|\/\*[\s\S]*?\*\//g,
    (_, string: string | undefined) => string ?? '',
  )
  return JSON.parse(bare.replace(/("(?:[^"\\]|\\.)*")|,(?=\s*[}\]])/g, (_, string: string | undefined) => string ?? ''))
}

/** Canonical name of a Python distribution (PEP 503). */
const pythonName = (name: string): string => name.toLowerCase().replace(/[-_.]+/g, '-')

/** `name[extra]>=1.2 ; marker` of requirements and PEP 508 → name and range. */
const requirement = (line: string): [string, string] | null => {
  const match = /^[ \t]*([A-Za-z0-9][\w.-]*)[ \t]*(?:\[[^\]]*\])?[ \t]*([^;#]*)/.exec(line)
  return match && !line.trimStart().startsWith('-') ? [pythonName(match[1]!), match[2]!.trim()] : null
}

const requirements = (lines: readonly string[]): Record<string, string> =>
  Object.fromEntries(lines.map(requirement).filter((entry): entry is [string, string] => entry !== null))

type Manifest = Pick<StackPackage, 'name' | 'language' | 'scripts' | 'dependencies' | 'devDependencies'> & {
  packageManager: PackageManager | null
  workspaceRoot: boolean
}
const blank = (language: Language): Manifest => ({
  name: null,
  language,
  scripts: {},
  dependencies: {},
  devDependencies: {},
  packageManager: null,
  workspaceRoot: false,
})

const readers: Record<string, (text: string) => Manifest> = {
  'package.json': text => {
    const json = JSON.parse(text.replace(/^\ufeff/, '')) as Record_
    if (!isRecord(json)) throw new Error('is not an object')
    const manager =
      typeof json.packageManager === 'string' ? /^(npm|pnpm|yarn|bun)@/.exec(json.packageManager)?.[1] : undefined
    const dependencies = {
      ...strings(json.peerDependencies),
      ...strings(json.optionalDependencies),
      ...strings(json.dependencies),
    }
    return {
      name: typeof json.name === 'string' ? json.name : null,
      language: 'javascript',
      scripts: strings(json.scripts),
      dependencies,
      devDependencies: strings(json.devDependencies),
      packageManager: (manager as PackageManager | undefined) ?? null,
      workspaceRoot: json.workspaces !== undefined,
    }
  },
  'pyproject.toml': text => {
    const toml = parseToml(text) as Record_
    const project = isRecord(toml.project) ? toml.project : {}
    const tool = isRecord(toml.tool) ? toml.tool : {}
    const poetry = isRecord(tool.poetry) ? tool.poetry : null
    const list = (value: unknown): string[] =>
      Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : []
    const groups = isRecord(toml['dependency-groups']) ? toml['dependency-groups'] : {}
    const optional = isRecord(project['optional-dependencies']) ? project['optional-dependencies'] : {}
    const plain = (value: unknown): Record<string, string> =>
      isRecord(value)
        ? Object.fromEntries(
            Object.entries(value)
              .filter(([name]) => name !== 'python')
              .map(([name, range]) => [pythonName(name), typeof range === 'string' ? range : '']),
          )
        : {}
    const poetryGroups =
      poetry && isRecord(poetry.group)
        ? Object.values(poetry.group).map(group => plain(isRecord(group) ? group.dependencies : {}))
        : []
    return {
      ...blank('python'),
      name:
        typeof project.name === 'string'
          ? project.name
          : poetry && typeof poetry.name === 'string'
            ? poetry.name
            : null,
      scripts: strings(project.scripts),
      dependencies: { ...requirements(list(project.dependencies)), ...plain(poetry?.dependencies) },
      devDependencies: {
        ...requirements([...Object.values(groups), ...Object.values(optional)].flatMap(list)),
        ...plain(poetry?.['dev-dependencies']),
        ...Object.assign({}, ...poetryGroups),
      },
      packageManager: poetry ? 'poetry' : tool.uv ? 'uv' : tool.pdm ? 'pdm' : null,
      workspaceRoot: isRecord(tool.uv) && tool.uv.workspace !== undefined,
    }
  },
  Pipfile: text => {
    const toml = parseToml(text) as Record_
    const plain = (value: unknown): Record<string, string> =>
      isRecord(value)
        ? Object.fromEntries(
            Object.entries(value).map(([name, range]) => [pythonName(name), typeof range === 'string' ? range : '']),
          )
        : {}
    return {
      ...blank('python'),
      dependencies: plain(toml.packages),
      devDependencies: plain(toml['dev-packages']),
      scripts: strings(toml.scripts),
      packageManager: 'pipenv',
    }
  },
  'requirements.txt': text => ({
    ...blank('python'),
    dependencies: requirements(text.split('\n')),
    packageManager: 'pip',
  }),
  'setup.py': text => ({
    ...blank('python'),
    dependencies: requirements(
      [...(/install_requires\s*=\s*\[([\s\S]*?)\]/.exec(text)?.[1] ?? '').matchAll(/['"]([^'"]+)['"]/g)].map(
        match => match[1]!,
      ),
    ),
    packageManager: 'pip',
  }),
  Gemfile: text => {
    const gems = (part: string): Record<string, string> =>
      Object.fromEntries(
        [...part.matchAll(/^[ \t]*gem[ \t]+['"]([\w.-]+)['"](?:\s*,\s*['"]([^'"]+)['"])?/gm)].map(match => [
          match[1]!,
          match[2] ?? '',
        ]),
      )
    const groups = [...text.matchAll(/^group\s+([^\n]*?)\s+do\b([\s\S]*?)^end/gm)].filter(
      match => !/:production/.test(match[1]!) && /:(?:development|test)/.test(match[1]!),
    )
    const development = groups.map(match => gems(match[2]!))
    const runtime = groups.reduce((rest, match) => rest.replace(match[0], ''), text)
    return {
      ...blank('ruby'),
      dependencies: gems(runtime),
      devDependencies: Object.assign({}, ...development) as Record<string, string>,
      packageManager: 'bundler',
    }
  },
  'composer.json': text => {
    const json = JSON.parse(text) as Record_
    const scripts = isRecord(json.scripts)
      ? Object.fromEntries(
          Object.entries(json.scripts).map(([name, run]) => [
            name,
            Array.isArray(run) ? run.filter(step => typeof step === 'string').join(' && ') : String(run),
          ]),
        )
      : {}
    return {
      ...blank('php'),
      name: typeof json.name === 'string' ? json.name : null,
      scripts,
      dependencies: strings(json.require),
      devDependencies: strings(json['require-dev']),
      packageManager: 'composer',
    }
  },
  'go.mod': text => ({
    ...blank('go'),
    name: /^module\s+(\S+)/m.exec(text)?.[1] ?? null,
    dependencies: Object.fromEntries(
      [...text.matchAll(/^[ \t]*(?:require[ \t]+)?([\w.-]+\.[\w.-]+\/\S+)[ \t]+(v\S+)/gm)].map(match => [
        match[1]!,
        match[2]!,
      ]),
    ),
    packageManager: 'go',
  }),
  'mix.exs': text => ({
    ...blank('elixir'),
    name: /app:\s*:(\w+)/.exec(text)?.[1] ?? null,
    dependencies: Object.fromEntries(
      [...text.matchAll(/\{\s*:(\w+)\s*,\s*"([^"]*)"/g)].map(match => [match[1]!, match[2]!]),
    ),
    packageManager: 'mix',
  }),
  'Cargo.toml': text => {
    const toml = parseToml(text) as Record_
    const plain = (value: unknown): Record<string, string> =>
      isRecord(value)
        ? Object.fromEntries(
            Object.entries(value).map(([name, range]) => [name, typeof range === 'string' ? range : '']),
          )
        : {}
    return {
      ...blank('rust'),
      name: isRecord(toml.package) && typeof toml.package.name === 'string' ? toml.package.name : null,
      dependencies: plain(toml.dependencies),
      devDependencies: plain(toml['dev-dependencies']),
      packageManager: 'cargo',
      workspaceRoot: toml.workspace !== undefined && toml.package === undefined,
    }
  },
  'pom.xml': () => blank('java'),
  'build.gradle': () => blank('java'),
  'build.gradle.kts': () => blank('java'),
  'deno.json': text => {
    const json = parseJsonc(text) as Record_
    return {
      ...blank('typescript'),
      scripts: strings(json.tasks),
      dependencies: strings(json.imports),
      packageManager: 'deno',
    }
  },
}
readers['deno.jsonc'] = readers['deno.json']!

/** Order in which manifests of one folder decide its language; the rest still give dependencies. */
const manifestOrder = [
  'composer.json',
  'Gemfile',
  'mix.exs',
  'pyproject.toml',
  'Pipfile',
  'requirements.txt',
  'setup.py',
  'go.mod',
  'Cargo.toml',
  'pom.xml',
  'build.gradle',
  'build.gradle.kts',
  'package.json',
  'deno.json',
  'deno.jsonc',
]

const pick = (table: readonly [string, string][], names: ReadonlySet<string>): string[] => [
  ...new Set(
    table
      .filter(
        ([name]) =>
          names.has(name) ||
          [...names].some(have => name.includes('/') && name.includes('.') && have.startsWith(`${name}/v`)),
      )
      .map(([, value]) => value),
  ),
]

const frameworkOf = (language: Language, names: ReadonlySet<string>): string | null =>
  pick(
    language === 'python'
      ? pythonFrameworks
      : language === 'ruby'
        ? rubyFrameworks
        : language === 'php'
          ? phpFrameworks
          : language === 'go'
            ? goFrameworks
            : language === 'elixir'
              ? [['phoenix', 'phoenix']]
              : language === 'rust'
                ? [
                    ['axum', 'axum'],
                    ['actix-web', 'actix'],
                    ['rocket', 'rocket'],
                  ]
                : javascriptFrameworks,
    names,
  )[0] ?? null

const byPath = (a: Found, b: Found): number =>
  a.name === b.name ? (a.file < b.file ? -1 : 1) : a.name < b.name ? -1 : 1

/** Lower-case databases that a package's own files name. */
const databasesOfFiles = (texts: Readonly<Record<string, string>>, folder: string): string[] => {
  const found: string[] = []
  for (const [path, text] of Object.entries(texts)) {
    if (folder && !path.startsWith(`${folder}/`)) continue
    if (base(path) === 'schema.prisma') {
      const provider = /datasource\s+\w+\s*\{[^}]*provider\s*=\s*"(\w+)"/.exec(text)?.[1]
      if (provider) found.push(provider === 'cockroachdb' ? 'postgresql' : provider)
    }
    if (base(path) === 'database.yml')
      for (const match of text.matchAll(/adapter:\s*["']?(postgresql|mysql2|trilogy|sqlite3)/g))
        found.push(match[1] === 'sqlite3' ? 'sqlite' : match[1] === 'postgresql' ? 'postgresql' : 'mysql')
  }
  return found
}

const workspaceFolders = (texts: Readonly<Record<string, string>>): boolean => {
  const pnpm = texts['pnpm-workspace.yaml']
  if (pnpm) {
    try {
      return isRecord(parseYaml(pnpm, { maxAliasCount: 20, prettyErrors: false }))
    } catch {}
  }
  return texts['lerna.json'] !== undefined
}

const notShipped = /(?:^|\/)(?:test|tests|__tests__|spec|fixtures?|__fixtures__|examples?|templates?|testdata)\//

/** Detects the stack. `paths` are all files of the repository; `texts` the text of those that `isManifest` names. */
export const detectStack = (allPaths: readonly string[], allTexts: Readonly<Record<string, string>>): Stack => {
  // What tests, examples and templates hold is not what is shipped.
  const paths = allPaths.filter(path => !notShipped.test(path))
  const texts = Object.fromEntries(Object.entries(allTexts).filter(([path]) => !notShipped.test(path)))
  const unreadable: Stack['unreadable'] = []
  const all = new Set(paths)
  const byFolder = new Map<string, { file: string; manifest: Manifest }[]>()
  for (const path of Object.keys(texts).sort()) {
    const name = base(path)
    const reader = readers[/^requirements[\w.-]*\.(?:txt|in)$/.test(name) ? 'requirements.txt' : name]
    const folder = folderOf(path).replace(/(^|\/)requirements$/, '')
    const read =
      reader ?? (/(?:^|\/)requirements\/[\w.-]+\.(?:txt|in)$/.test(path) ? readers['requirements.txt'] : undefined)
    if (!read) continue
    try {
      const manifest = read(texts[path]!)
      const list = byFolder.get(folder) ?? []
      list.push({ file: path, manifest })
      byFolder.set(folder, list)
    } catch (error) {
      unreadable.push({
        file: path,
        why: String((error as Error).message)
          .split('\n')[0]!
          .slice(0, 160),
      })
    }
  }
  const platforms: Found[] = []
  for (const path of paths)
    for (const [pattern, name] of platformFiles) if (pattern.test(path)) platforms.push({ name, file: path })
  const containers = paths
    .filter(isContainerFile)
    .map(file => ({ name: /compose/i.test(base(file)) ? 'compose' : 'dockerfile', file }))
  const rootWorkspace = workspaceFolders(texts)

  const packages: StackPackage[] = [...byFolder.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([folder, list]) => {
      const rank = (file: string): number => {
        const at = manifestOrder.indexOf(/requirements/.test(file) ? 'requirements.txt' : base(file))
        return at < 0 ? 99 : at
      }
      const sorted = [...list].sort((a, b) => rank(a.file) - rank(b.file))
      // A package.json beside a Gemfile or composer.json is the front-end build of that application; where it alone names a server, it decides.
      const dependencies = Object.assign(
        {},
        ...[...sorted].reverse().map(entry => entry.manifest.dependencies),
      ) as Record<string, string>
      const devDependencies = Object.assign(
        {},
        ...[...sorted].reverse().map(entry => entry.manifest.devDependencies),
      ) as Record<string, string>
      const names = new Set([...Object.keys(dependencies), ...Object.keys(devDependencies)])
      const decided =
        sorted.find(entry =>
          frameworkOf(
            entry.manifest.language,
            new Set(Object.keys({ ...entry.manifest.devDependencies, ...entry.manifest.dependencies })),
          ),
        ) ?? sorted[0]!
      const runtimeFramework = frameworkOf(
        decided.manifest.language,
        new Set(Object.keys(decided.manifest.dependencies)),
      )
      const framework = runtimeFramework ?? frameworkOf(decided.manifest.language, names)
      const lockfiles = Object.keys(lockfileManagers)
        .map(name => within(folder, name))
        .filter(path => all.has(path))
      const rootLock = Object.keys(lockfileManagers)
        .filter(name => all.has(name))
        .map(name => lockfileManagers[name]!)
      const javascript = base(decided.file) === 'package.json'
      const own = lockfiles
        .map(path => lockfileManagers[base(path)]!)
        .filter(manager => javascript === ['npm', 'pnpm', 'yarn', 'bun'].includes(manager))
      const inherited = javascript
        ? rootLock.find(manager => ['npm', 'pnpm', 'yarn', 'bun'].includes(manager))
        : rootLock.find(manager => manager === 'uv')
      const packageManager =
        decided.manifest.packageManager ??
        own[0] ??
        inherited ??
        (javascript ? 'npm' : decided.manifest.language === 'python' ? 'pip' : null)
      const typescript = javascript && (all.has(within(folder, 'tsconfig.json')) || names.has('typescript'))
      const here = platforms.filter(
        found => folderOf(found.file) === folder || folderOf(found.file).startsWith(folder ? `${folder}/` : '\0'),
      )
      return {
        path: folder,
        name: decided.manifest.name,
        language: typescript ? 'typescript' : decided.manifest.language,
        framework,
        packageManager,
        manifest: decided.file,
        lockfiles,
        scripts: Object.assign({}, ...[...sorted].reverse().map(entry => entry.manifest.scripts)) as Record<
          string,
          string
        >,
        dependencies,
        devDependencies,
        platforms: [...here].sort(byPath),
        orms: pick(ormDependencies, names),
        databases: [...new Set([...databasesOfFiles(texts, folder), ...pick(databaseDependencies, names)])],
        workspaceRoot: decided.manifest.workspaceRoot || (folder === '' && rootWorkspace),
      }
    })
  if (packages.length === 0 && paths.some(path => /(?:^|\/)index\.html?$/.test(path)))
    packages.push({
      path: '',
      name: null,
      language: 'static',
      framework: null,
      packageManager: null,
      manifest: null,
      lockfiles: [],
      scripts: {},
      dependencies: {},
      devDependencies: {},
      platforms: [...platforms].sort(byPath),
      orms: [],
      databases: [],
      workspaceRoot: false,
    })

  const pathOrms = [
    ...(paths.some(path => /(?:^|\/)supabase\/migrations\/[^/]+\.sql$/.test(path)) ? ['supabase'] : []),
    ...(paths.some(path => /(?:^|\/)schema\.prisma$/.test(path)) ? ['prisma'] : []),
    ...(paths.some(path => /(?:^|\/)alembic\.ini$/.test(path)) ? ['alembic'] : []),
  ]
  const ci = paths.flatMap(file => {
    const name = ciOf(file)
    return name ? [{ name, file }] : []
  })
  return {
    packages,
    platforms: [...platforms].sort(byPath),
    ci: ci.sort(byPath),
    containers: containers.sort(byPath),
    orms: [...new Set([...packages.flatMap(entry => entry.orms), ...pathOrms])].sort(),
    databases: [...new Set([...packages.flatMap(entry => entry.databases), ...databasesOfFiles(texts, '')])].sort(),
    languages: [...new Set(packages.map(entry => entry.language))].sort(),
    monorepo: packages.length > 1,
    unreadable,
  }
}
