import { describe, expect, it } from 'vitest'
import { parseJsonc } from '../../../src/formats/repo/jsonc.ts'
import { detectStack, isManifest } from '../../../src/formats/repo/stack-detect.ts'

const detect = (files: Record<string, string>) =>
  detectStack(Object.keys(files), Object.fromEntries(Object.entries(files).filter(([path]) => isManifest(path))))
const json = (value: unknown): string => JSON.stringify(value)

describe('detectStack', () => {
  it.each<[string, Record<string, string>, Record<string, unknown>]>([
    [
      'Next on Vercel with Prisma',
      {
        'package.json': json({ dependencies: { next: '15', '@prisma/client': '6' }, devDependencies: { vite: '6' } }),
        'tsconfig.json': '',
        'pnpm-lock.yaml': '',
        'vercel.json': '{}',
        'prisma/schema.prisma': 'datasource db {\n provider = "postgresql"\n}',
      },
      {
        language: 'typescript',
        framework: 'next',
        packageManager: 'pnpm',
        orms: ['prisma'],
        databases: ['postgresql'],
      },
    ],
    [
      'SvelteKit before Vite',
      { 'package.json': json({ devDependencies: { '@sveltejs/kit': '2', vite: '6' } }), 'yarn.lock': '' },
      { framework: 'sveltekit', packageManager: 'yarn' },
    ],
    [
      'a package manager named in the manifest',
      { 'package.json': json({ packageManager: 'bun@1.2.0', dependencies: { hono: '4' } }), 'package-lock.json': '' },
      { framework: 'hono', packageManager: 'bun' },
    ],
    [
      'Django by requirements',
      { 'requirements.txt': 'Django==5.1\npsycopg2-binary>=2.9 # driver\n-r other.txt\n' },
      { language: 'python', framework: 'django', packageManager: 'pip', databases: ['postgresql'] },
    ],
    [
      'FastAPI by Poetry',
      {
        'pyproject.toml':
          '[tool.poetry]\nname = "api"\n[tool.poetry.dependencies]\npython = "^3.12"\nfastapi = "^0.115"\nSQLAlchemy = "2"\n',
        'poetry.lock': '',
      },
      { name: 'api', framework: 'fastapi', packageManager: 'poetry', orms: ['sqlalchemy'] },
    ],
    [
      'uv with dependency groups',
      {
        'pyproject.toml':
          '[project]\nname="x"\ndependencies=["flask[async]>=3"]\n[dependency-groups]\ndev=["pytest"]\n',
        'uv.lock': '',
      },
      { framework: 'flask', packageManager: 'uv', devDependencies: { pytest: '' } },
    ],
    [
      'Rails with a front-end build',
      {
        Gemfile: "gem 'rails', '~> 8.0'\ngroup :development, :test do\n  gem 'rspec'\nend\n",
        'package.json': json({ devDependencies: { esbuild: '1' } }),
        'config/database.yml': 'adapter: postgresql',
      },
      {
        language: 'ruby',
        framework: 'rails',
        packageManager: 'bundler',
        databases: ['postgresql'],
        devDependencies: { rspec: '', esbuild: '1' },
      },
    ],
    [
      'Laravel with Vite',
      {
        'composer.json': json({ require: { 'laravel/framework': '^12' } }),
        'package.json': json({ devDependencies: { vite: '6' } }),
      },
      { language: 'php', framework: 'laravel', packageManager: 'composer' },
    ],
    [
      'Go with a versioned module',
      {
        'go.mod':
          'module example.com/shop\ngo 1.24\nrequire (\n\tgithub.com/jackc/pgx/v5 v5.7.0\n\tgithub.com/go-chi/chi/v5 v5.1.0\n)\n',
      },
      { language: 'go', framework: 'chi', databases: ['postgresql'] },
    ],
    [
      'Phoenix',
      { 'mix.exs': 'app: :shop\n{:phoenix, "~> 1.7"},\n{:ecto_sql, "~> 3"},\n{:postgrex, ">= 0"}' },
      { language: 'elixir', framework: 'phoenix', orms: ['ecto'] },
    ],
  ])('%s', (_, files, expected) => {
    expect(detect(files).packages[0]).toMatchObject(expected)
  })

  it('tells the packages of a monorepo, their platforms, CI and containers', () => {
    const stack = detect({
      'package.json': json({ workspaces: ['apps/*'] }),
      'package-lock.json': '',
      'apps/web/package.json': json({ name: 'web', dependencies: { astro: '5' } }),
      'apps/api/package.json': json({ name: 'api', dependencies: { fastify: '5' } }),
      'apps/api/fly.toml': '',
      'apps/api/Dockerfile': '',
      '.github/workflows/ci.yml': '',
      'test/fixtures/app/package.json': json({ dependencies: { express: '1' } }),
    })
    expect(
      stack.packages.map(entry => [entry.path, entry.framework, entry.packageManager, entry.workspaceRoot]),
    ).toEqual([
      ['', null, 'npm', true],
      ['apps/api', 'fastify', 'npm', false],
      ['apps/web', 'astro', 'npm', false],
    ])
    expect(stack.platforms).toEqual([{ name: 'fly', file: 'apps/api/fly.toml' }])
    expect(stack.ci).toEqual([{ name: 'github', file: '.github/workflows/ci.yml' }])
    expect(stack.containers).toEqual([{ name: 'dockerfile', file: 'apps/api/Dockerfile' }])
  })

  it('names what it cannot read and judges the rest; a static site is one', () => {
    expect(detect({ 'package.json': '{', 'go.mod': 'module x' })).toMatchObject({
      unreadable: [{ file: 'package.json' }],
      languages: ['go'],
    })
    expect(detect({ 'public/index.html': '' }).packages[0]).toMatchObject({ language: 'static', manifest: null })
    expect(detect({}).packages).toEqual([])
  })

  it('reads JSON with comments', () => {
    expect(parseJsonc('{ // a\n "url": "http://x", /* b */ "list": [1,], }')).toEqual({ url: 'http://x', list: [1] })
  })
})
