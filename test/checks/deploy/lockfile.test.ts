import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import check from '../../../src/checks/deploy/lockfile.ts'
import { judgeFiles, outcomesIn } from '../../support/deploy.ts'

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`
const manifest = (dependencies: Record<string, string>, more = {}): string =>
  json({ name: 'shop', dependencies, ...more })
const npmLock = (dependencies: Record<string, string>, members: Record<string, unknown> = {}): string =>
  json({
    name: 'shop',
    lockfileVersion: 3,
    packages: {
      '': { name: 'shop', dependencies },
      ...members,
      ...Object.fromEntries(Object.keys(dependencies).map(name => [`node_modules/${name}`, { version: '1.2.3' }])),
    },
  })
const outcomes = async (files: Record<string, string>, more = {}) => outcomesIn(await judgeFiles(check, files, more))

/** A pipeline that installs: what nothing is seen to install is possible only. */
const installing = (...runs: string[]): Record<string, string> => ({
  '.github/workflows/test.yml': `on: [push]\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n${runs.map(run => `      - run: ${run}\n`).join('')}`,
})

describe('lockfile', () => {
  it("names 'missing' for each language that has a manifest and no lock", async () => {
    expect(await outcomes({ 'package.json': manifest({ next: '16.0.0' }) })).toEqual(['missing'])
    expect(await outcomes({ Gemfile: "source 'https://rubygems.org'\ngem 'rails', '~> 8.0'\n" })).toEqual(['missing'])
    expect(
      await outcomes({ 'composer.json': json({ require: { php: '^8.4', 'laravel/framework': '^12.0' } }) }),
    ).toEqual(['missing'])
    expect(await outcomes({ 'pyproject.toml': '[project]\nname = "shop"\ndependencies = ["django>=5"]\n' })).toEqual([
      'missing',
    ])
    expect(await outcomes({ 'go.mod': 'module shop\n\ngo 1.25\n\nrequire github.com/go-chi/chi/v5 v5.2.3\n' })).toEqual(
      ['missing'],
    )
    const loose = await judgeFiles(check, {
      'requirements.txt': 'Django>=5.0\ngunicorn==23.0.0\n',
      ...installing('pip install -r requirements.txt'),
    })
    expect(loose.findings[0]).toMatchObject({ outcome: 'missing', evidence: [{ value: 'django' }] })
  })

  it('asks for no lock of a manager that another one has taken the place of', async () => {
    const pipfile = { Pipfile: '[packages]\ndjango = "*"\n' }
    const uv = {
      'pyproject.toml': '[project]\nname = "shop"\ndependencies = ["django>=5"]\n',
      'uv.lock': 'version = 1\n\n[[package]]\nname = "django"\nversion = "5.2.8"\n',
    }
    expect(await outcomes(pipfile)).toEqual(['missing'])
    expect(await outcomes({ ...pipfile, ...uv })).not.toContain('missing')
  })

  it("takes pinned requirements for a lock, and is 'one'", async () => {
    expect(
      await outcomes({
        'requirements.txt': 'Django==5.2.8 \\\n    --hash=sha256:abc\ngunicorn==23.0.0 ; python_version > "3.8"\n',
      }),
    ).toEqual(['one'])
    expect(
      await outcomes({
        'requirements.txt': 'django==5.2.8\n',
        'pyproject.toml': '[project]\nname="x"\ndependencies=["django"]\n',
      }),
    ).toEqual(['one'])
  })

  it('skips a repository without dependencies, and packages that are examples', async () => {
    expect((await outcomes({ 'index.html': '<p>' }))[0]).toMatch(/^skip/)
    expect(
      (
        await outcomes({
          'examples/a/package.json': manifest({ a: '1' }),
          'pyproject.toml': '[tool.black]\nline-length = 100\n',
        })
      )[0],
    ).toMatch(/^skip/)
  })

  it("is 'ignored' when .gitignore keeps the lock out, when it was never added, or when it is switched off", async () => {
    const files = {
      'package.json': manifest({ a: '^1.0.0' }),
      '.gitignore': 'node_modules\npackage-lock.json\n',
      ...installing('npm ci'),
    }
    const found = await judgeFiles(check, { ...files, 'package-lock.json': npmLock({ a: '^1.0.0' }) })
    expect(found.findings[0]).toMatchObject({ outcome: 'ignored', evidence: [{ label: '.gitignore:2' }] })
    expect(found.findings[0]!.fix.changes).toContainEqual({ kind: 'command', run: "sed -i '2d' .gitignore" })
    expect(await outcomes(files)).toEqual(['ignored'])
    expect(
      await outcomes(
        { 'package.json': manifest({ a: '^1.0.0' }) },
        {
          before: (repo: { write: (files: Record<string, string>) => void }) =>
            repo.write({ 'package-lock.json': npmLock({ a: '^1.0.0' }) }),
        },
      ),
    ).toEqual(['ignored'])
    expect(await outcomes({ 'package.json': manifest({ a: '^1.0.0' }), '.npmrc': 'package-lock=false\n' })).toEqual([
      'ignored',
    ])
  })

  it("is 'several' for two package managers, and says it once", async () => {
    const found = await judgeFiles(check, {
      'package.json': manifest({ a: '^2.0.0' }),
      'package-lock.json': npmLock({ a: '^1.0.0' }),
      'yarn.lock': '# yarn lockfile v1\n',
    })
    expect(found.findings.map(({ outcome }) => outcome)).toEqual(['several'])
    expect(found.findings[0]!.fix.changes).toEqual([{ kind: 'file', path: 'yarn.lock', action: 'delete' }])
  })

  it("finds npm 'out-of-date': changed, added and removed dependencies, and a member of the workspace", async () => {
    expect(
      await outcomes({ 'package.json': manifest({ a: '^1.0.0' }), 'package-lock.json': npmLock({ a: '^1.0.0' }) }),
    ).toEqual(['one'])
    expect(
      await outcomes({ 'package.json': manifest({ a: '^2.0.0' }), 'package-lock.json': npmLock({ a: '^1.0.0' }) }),
    ).toEqual(['out-of-date'])
    expect(
      await outcomes({
        'package.json': manifest({ a: '^1.0.0', b: '1.0.0' }),
        'package-lock.json': npmLock({ a: '^1.0.0' }),
      }),
    ).toEqual(['out-of-date'])
    expect(
      await outcomes({
        'package.json': manifest({ a: '^1.0.0' }),
        'package-lock.json': npmLock({ a: '^1.0.0', b: '1.0.0' }),
      }),
    ).toEqual(['out-of-date'])
    const workspace = {
      'package.json': manifest({ a: '^1.0.0' }, { workspaces: ['packages/*'] }),
      'packages/web/package.json': json({ name: 'web', dependencies: { react: '^19.0.0' } }),
    }
    expect(
      await outcomes({
        ...workspace,
        'package-lock.json': npmLock({ a: '^1.0.0' }, { 'packages/web': { dependencies: { react: '^19.0.0' } } }),
      }),
    ).toEqual(['one'])
    const behind = await judgeFiles(check, {
      ...workspace,
      ...installing('npm ci'),
      'package-lock.json': npmLock({ a: '^1.0.0' }, { 'packages/web': { dependencies: { react: '^18.0.0' } } }),
    })
    expect(behind.findings[0]).toMatchObject({
      outcome: 'out-of-date',
      evidence: [{ label: 'packages/web/package.json:4', value: 'react (^19.0.0; locked ^18.0.0)' }],
    })
    const first = { name: 'x', lockfileVersion: 1, dependencies: { a: { version: '1.2.3' } } }
    expect(await outcomes({ 'package.json': manifest({ a: '^1.0.0' }), 'package-lock.json': json(first) })).toEqual([
      'one',
    ])
    expect(await outcomes({ 'package.json': manifest({ a: '^2.0.0' }), 'package-lock.json': json(first) })).toEqual([
      'out-of-date',
    ])
  })

  it("finds yarn 'out-of-date', classic and berry", async () => {
    const classic =
      '# yarn lockfile v1\n\n\n"@scope/a@^1.0.0", "@scope/a@^1.1.0":\n  version "1.2.0"\n  resolved "https://example.com"\n\nb@~2.0.0:\n  version "2.0.1"\n'
    expect(
      await outcomes({ 'package.json': manifest({ '@scope/a': '^1.1.0', b: '~2.0.0' }), 'yarn.lock': classic }),
    ).toEqual(['one'])
    expect(
      await outcomes({ 'package.json': manifest({ '@scope/a': '^1.2.0', b: '~2.0.0' }), 'yarn.lock': classic }),
    ).toEqual(['out-of-date'])
    const berry =
      '__metadata:\n  version: 8\n\n"a@npm:^1.0.0, a@npm:^1.1.0":\n  version: 1.2.0\n  resolution: "a@npm:1.2.0"\n\n"shop@workspace:.":\n  version: 0.0.0-use.local\n'
    expect(await outcomes({ 'package.json': manifest({ a: '^1.1.0' }), 'yarn.lock': berry })).toEqual(['one'])
    expect(await outcomes({ 'package.json': manifest({ a: '^2.0.0' }), 'yarn.lock': berry })).toEqual(['out-of-date'])
    expect(
      await outcomes({
        'package.json': manifest({ a: '^2.0.0' }, { resolutions: { a: '1.2.0' } }),
        'yarn.lock': berry,
      }),
    ).toEqual(['one'])
  })

  it("finds pnpm 'out-of-date', with importers of a workspace and the older single form", async () => {
    const lock =
      "lockfileVersion: '9.0'\n\nimporters:\n\n  .:\n    dependencies:\n      '@scope/a':\n        specifier: ^1.0.0\n        version: 1.2.3(react@19.0.0)\n    devDependencies:\n      vitest:\n        specifier: ^4.0.0\n        version: 4.0.1\n\n  apps/web:\n    dependencies:\n      next:\n        specifier: 16.0.0\n        version: 16.0.0\n\npackages:\n\n  '@scope/a@1.2.3':\n    resolution: {integrity: sha512-x}\n"
    const files = {
      'package.json': json({
        name: 'x',
        dependencies: { '@scope/a': '^1.0.0' },
        devDependencies: { vitest: '^4.0.0' },
      }),
      'pnpm-workspace.yaml': 'packages:\n  - "apps/*"\n',
      'pnpm-lock.yaml': lock,
    }
    expect(await outcomes({ ...files, 'apps/web/package.json': manifest({ next: '16.0.0' }) })).toEqual(['one'])
    expect(await outcomes({ ...files, 'apps/web/package.json': manifest({ next: '16.0.1' }) })).toEqual(['out-of-date'])
    expect(
      await outcomes({
        ...files,
        'apps/web/package.json': manifest({ next: '16.0.0' }),
        'apps/api/package.json': manifest({ hono: '4.0.0' }),
      }),
    ).toEqual(['out-of-date'])
    const single =
      'lockfileVersion: 5.4\n\nspecifiers:\n  a: ^1.0.0\n\ndependencies:\n  a: 1.2.3\n\npackages:\n\n  /a/1.2.3:\n    resolution: {integrity: x}\n'
    expect(await outcomes({ 'package.json': manifest({ a: '^1.0.0' }), 'pnpm-lock.yaml': single })).toEqual(['one'])
    expect(await outcomes({ 'package.json': manifest({ a: '^1.1.0' }), 'pnpm-lock.yaml': single })).toEqual([
      'out-of-date',
    ])
  })

  it('takes no member of a workspace of pnpm for one of npm, where npm alone locks', async () => {
    const lock = JSON.stringify({
      lockfileVersion: 3,
      packages: { '': { dependencies: { a: '^1.0.0' } }, 'node_modules/a': { version: '1.2.3' } },
    })
    const files = {
      'package.json': manifest({ a: '^1.0.0' }),
      'package-lock.json': lock,
      'pnpm-workspace.yaml': 'packages:\n  - apps/*\n',
      'apps/api/package.json': manifest({ hono: '4.0.0' }),
    }
    expect(await outcomes(files)).not.toContain('out-of-date')
  })

  it("finds bun 'out-of-date'", async () => {
    const lock =
      '{\n  "lockfileVersion": 1, // text\n  "workspaces": {\n    "": { "name": "shop", "dependencies": { "a": "^1.0.0", }, },\n  },\n  "packages": {\n    "a": ["a@1.2.3", "", {}, "sha512-x"],\n  }\n}\n'
    expect(await outcomes({ 'package.json': manifest({ a: '^1.0.0' }), 'bun.lock': lock })).toEqual(['one'])
    expect(await outcomes({ 'package.json': manifest({ a: '^1.0.0', b: '1' }), 'bun.lock': lock })).toEqual([
      'out-of-date',
    ])
  })

  it("finds Bundler 'out-of-date', leaving gems under a condition alone", async () => {
    const lock =
      'GEM\n  remote: https://rubygems.org/\n  specs:\n    pg (1.6.2-x86_64-linux)\n    rails (8.1.1)\n      actionpack (= 8.1.1)\n\nPLATFORMS\n  ruby\n\nDEPENDENCIES\n  pg (~> 1.1)\n  rails (~> 8.1, >= 8.1.0)\n\nBUNDLED WITH\n   2.7.2\n'
    const gemfile =
      'source "https://rubygems.org"\ngem "rails", ">= 8.1.0", "~> 8.1" # web\ngem "pg", "~> 1.1"\nif ENV["X"]\n  gem "extra"\nend\n'
    expect(await outcomes({ Gemfile: gemfile, 'Gemfile.lock': lock })).toEqual(['one'])
    expect(
      await outcomes({ Gemfile: `${gemfile}group :production do\n  gem "sidekiq"\nend\n`, 'Gemfile.lock': lock }),
    ).toEqual(['out-of-date'])
    expect(await outcomes({ Gemfile: gemfile.replace('"~> 1.1"', '"~> 1.5"'), 'Gemfile.lock': lock })).toEqual([
      'out-of-date',
    ])
  })

  it("finds Poetry and uv 'out-of-date'", async () => {
    const poetry =
      '[[package]]\nname = "django"\nversion = "5.2.8"\n\n[metadata]\nlock-version = "2.1"\ncontent-hash = "x"\n'
    const project = (dependency: string) => `[tool.poetry.dependencies]\npython = "^3.13"\n${dependency}\n`
    expect(await outcomes({ 'pyproject.toml': project('Django = "^5.2"'), 'poetry.lock': poetry })).toEqual(['one'])
    expect(await outcomes({ 'pyproject.toml': project('Django = "^6.0"'), 'poetry.lock': poetry })).toEqual([
      'out-of-date',
    ])
    expect(
      await outcomes({ 'pyproject.toml': project('Django = "^5.2"\nredis = "*"'), 'poetry.lock': poetry }),
    ).toEqual(['out-of-date'])
    const uv =
      'version = 1\n\n[[package]]\nname = "fastapi"\nversion = "0.121.0"\n\n[[package]]\nname = "shop"\nversion = "0.1.0"\nsource = { virtual = "." }\n\n[package.metadata]\nrequires-dist = [{ name = "fastapi", specifier = ">=0.115,<1" }]\n'
    expect(
      await outcomes({
        'pyproject.toml': '[project]\nname = "shop"\ndependencies = ["fastapi<1,>=0.115"]\n',
        'uv.lock': uv,
      }),
    ).toEqual(['one'])
    expect(
      await outcomes({
        'pyproject.toml': '[project]\nname = "shop"\ndependencies = ["fastapi>=0.120"]\n',
        'uv.lock': uv,
      }),
    ).toEqual(['out-of-date'])
  })

  it("finds Composer 'out-of-date' by content-hash, as Composer computes it", async () => {
    const composer = {
      name: 'acme/shop',
      require: { php: '^8.4', 'laravel/framework': '^12.0' },
      extra: {},
      scripts: { test: 'phpunit' },
    }
    const hash = createHash('md5')
      .update('{"extra":[],"name":"acme\\/shop","require":{"php":"^8.4","laravel\\/framework":"^12.0"}}')
      .digest('hex')
    const lock = (value: string, version = 'v12.40.1') =>
      json({ 'content-hash': value, packages: [{ name: 'laravel/framework', version }] })
    expect(await outcomes({ 'composer.json': json(composer), 'composer.lock': lock(hash) })).toEqual(['one'])
    expect(
      await outcomes({ 'composer.json': json({ ...composer, extra: { a: 'b' } }), 'composer.lock': lock(hash) }),
    ).toEqual(['out-of-date'])
    expect(await outcomes({ 'composer.json': json(composer), 'composer.lock': lock(hash, 'v11.0.0') })).toEqual([
      'out-of-date',
    ])
  })

  it("finds go.sum 'out-of-date', leaving local replacements alone", async () => {
    const mod =
      'module shop\n\ngo 1.25\n\nrequire (\n\tgithub.com/go-chi/chi/v5 v5.2.3\n\texample.com/local v0.0.0\n)\n\nreplace example.com/local => ./local\n'
    const sum = 'github.com/go-chi/chi/v5 v5.2.3 h1:x=\ngithub.com/go-chi/chi/v5 v5.2.3/go.mod h1:y=\n'
    expect(await outcomes({ 'go.mod': mod, 'go.sum': sum })).toEqual(['one'])
    expect(await outcomes({ 'go.mod': mod.replace('v5.2.3', 'v5.3.0'), 'go.sum': sum })).toEqual(['out-of-date'])
  })

  it("calls a lock with conflict markers, or one that is no JSON, 'out-of-date' and says why", async () => {
    const broken = await judgeFiles(check, {
      ...installing('npm ci'),
      'package.json': manifest({ a: '1.0.0' }),
      'package-lock.json': '<<<<<<< HEAD\n{}\n=======\n{}\n>>>>>>> main\n',
    })
    expect(broken.findings[0]).toMatchObject({
      outcome: 'out-of-date',
      evidence: [{ value: 'a merge conflict was committed in it' }],
    })
    expect(await outcomes({ 'package.json': manifest({ a: '1.0.0' }), 'package-lock.json': '{"packages":' })).toEqual([
      'out-of-date',
    ])
  })

  it('many packages without a lock are one finding with all of them, and its fix locks each', async () => {
    const files = Object.fromEntries(
      ['a', 'b', 'c', 'd', 'e'].map(name => [`${name}/package.json`, manifest({ next: '16.0.0' })]),
    )
    const { findings } = await judgeFiles(check, files)
    expect(findings.map(({ outcome, title }) => [outcome, title])).toEqual([
      ['missing', 'Each of 5 packages has no lock file: every deploy differs'],
    ])
    expect(findings[0]!.evidence.filter(({ label }) => label.endsWith('package.json'))).toHaveLength(5)
    const runs = findings[0]!.fix!.changes.map(change => (change.kind === 'command' ? change.run : ''))
    for (const name of ['a', 'b', 'c', 'd', 'e']) expect(runs).toContain(`git add ${name}/package-lock.json`)
  })

  it('judges a folder without git by what is there', async () => {
    expect(
      await outcomes(
        { 'package.json': manifest({ a: '^1.0.0' }), 'package-lock.json': npmLock({ a: '^1.0.0' }) },
        { git: false },
      ),
    ).toEqual(['one'])
  })
})

describe('a lock is behind only where its own manager says so', () => {
  const pnpm = (importers: string, more = '') => `lockfileVersion: '9.0'\n\n${more}importers:\n\n${importers}`
  const root = { 'package.json': json({ name: 'acme', private: true }) }
  const web = (manifest: unknown) => ({ 'apps/web/package.json': json(manifest) })
  const entry = (folder: string, group: string, name: string, specifier: string) =>
    `  ${folder}:\n    ${group}:\n      ${name}:\n        specifier: ${specifier}\n        version: 1.0.0\n`

  it('pnpm: overrides of the workspace and of the lock, catalogs, peers, flow style', async () => {
    const files = {
      ...root,
      ...web({ name: 'web', dependencies: { react: 'catalog:', postcss: '8.5.6', axios: 'catalog:old' } }),
      'pnpm-workspace.yaml': 'packages: ["apps/*"]\noverrides:\n  "next>postcss": 8.5.14\n  postcss: 8.5.14\n',
      'pnpm-lock.yaml': pnpm(
        `  .: {}\n\n${entry('apps/web', 'dependencies', 'react', "'catalog:'")}      postcss:\n        specifier: 8.5.14\n        version: 8.5.14\n      axios:\n        specifier: 1.15.2\n        version: 1.15.2\n`,
        'overrides:\n  axios@<2: 1.15.2\n\n',
      ),
    }
    expect(await outcomes(files)).toEqual(['one'])
    const peers = {
      ...root,
      ...web({ name: 'ui', peerDependencies: { react: '>=18' }, dependencies: { clsx: '1' } }),
      'pnpm-workspace.yaml': 'packages:\n  - apps/*\n',
      'pnpm-lock.yaml': pnpm(
        `  .: {}\n\n${entry('apps/web', 'dependencies', 'clsx', "'1'")}      react:\n        specifier: '>=18'\n        version: 19.0.0\n`,
      ),
    }
    expect(await outcomes(peers)).toEqual(['one'])
    const ranged = {
      'package.json': json({ name: 'acme', dependencies: { router: '^6.3.0' } }),
      'pnpm-lock.yaml': pnpm(
        entry('.', 'dependencies', 'router', '^6.3.6'),
        'overrides:\n  router@>=6.3.0 <6.3.6: ^6.3.6\n\n',
      ),
    }
    expect(await outcomes(ranged)).toEqual(['one'])
    const behind = { ...peers, ...web({ name: 'ui', dependencies: { clsx: '2', react: '>=18' } }) }
    expect(await outcomes(behind)).toEqual(['out-of-date'])
  })

  it('Bundler: blanks in a requirement; Composer: branches; uv: sources and members of a workspace', async () => {
    const gemfile = { Gemfile: "source 'https://rubygems.org'\ngem 'pool', '<3'\n" }
    const gems = (requirement: string) =>
      `GEM\n  remote: https://rubygems.org/\n  specs:\n    pool (2.5.0)\n\nDEPENDENCIES\n  pool (${requirement})\n`
    expect(await outcomes({ ...gemfile, 'Gemfile.lock': gems('< 3') })).toEqual(['one'])
    expect(await outcomes({ ...gemfile, 'Gemfile.lock': gems('< 2') })).toEqual(['out-of-date'])
    const uv = {
      'pyproject.toml': '[dependency-groups]\ndev = ["ruff>=1"]\n[tool.uv.workspace]\nmembers = ["api"]\n',
      'api/pyproject.toml':
        '[project]\nname = "api"\ndependencies = ["web>=2", "queue>=1"]\n[tool.uv.sources]\nqueue = { git = "https://git.example/queue" }\n',
      'uv.lock':
        'version = 1\n[[package]]\nname = "api"\nversion = "0"\nsource = { editable = "api" }\n[package.metadata]\nrequires-dist = [{ name = "web", specifier = ">=2" }, { name = "queue", git = "https://git.example/queue" }]\n[[package]]\nname = "web"\nversion = "2.1"\n',
    }
    expect(await outcomes(uv)).toEqual(['one'])
  })

  it('Cargo: one lock for a workspace; a template and a published library lock nothing', async () => {
    expect(
      await outcomes({
        'rust/Cargo.toml': '[workspace]\nmembers = ["cli"]\n',
        'rust/cli/Cargo.toml': '[package]\nname = "cli"\n[dependencies]\nserde = "1"\n',
        'rust/Cargo.lock': 'version = 4\n[[package]]\nname = "serde"\nversion = "1.0.1"\n',
      }),
    ).toEqual(['one'])
    expect((await outcomes({ '{{cookiecutter.slug}}/package.json': manifest({ a: '1' }) }))[0]).toMatch(/^skip/)
    expect(
      (
        await outcomes({
          'pyproject.toml':
            '[build-system]\nrequires = ["hatchling"]\n[project]\nname = "lib"\nclassifiers = ["Framework :: Django"]\ndependencies = ["django>=5"]\n',
        })
      )[0],
    ).toMatch(/^skip/)
  })
})

describe('a repository that others start from', () => {
  const ignoring = (name: string) => ({
    'package.json': json({ name, dependencies: { a: '^1.0.0' } }),
    '.gitignore': 'package-lock.json\n',
    ...installing('npm ci'),
  })
  it.each([
    ['acme-starter', 'medium'],
    ['template-web', 'medium'],
    ['restarted', 'high'],
    ['shop', 'high'],
  ])('%s: leaving the lock out is %s', async (name, severity) =>
    expect((await judgeFiles(check, ignoring(name))).findings).toMatchObject([{ outcome: 'ignored', severity }]),
  )

  it('a gem leaves the versions to those who install it', async () =>
    expect((await outcomes({ Gemfile: "source 'https://rubygems.org'\ngemspec\ngem 'rake', '~> 13'\n" }))[0]).toMatch(
      /^skip/,
    ))
})

describe('beside the product', () => {
  const product = {
    'package.json': '{ "name": "shop", "dependencies": { "express": "5.0.0" } }',
    'package-lock.json':
      '{ "lockfileVersion": 3, "packages": { "": { "dependencies": { "express": "5.0.0" } }, "node_modules/express": { "version": "5.0.0" } } }',
  }
  const severities = async (files: Record<string, string>): Promise<string[]> =>
    (await judgeFiles(check, { ...product, ...files })).findings.map(one => `${one.outcome} ${one.severity}`)
  /** A folder that a script of the product knows. */
  const folder = (manifest: object) => ({
    'look/package.json': json({ private: true, ...manifest }),
    'check.sh': 'cd look && npm install\n',
  })
  const tool = { 'mover/requirements.txt': 'boto3\nrequests==2.0.0\n' }

  it.each<[string, Record<string, string>, string[]]>([
    ['a tool that nothing deploys', tool, ['missing low']],
    [
      'a tool that an image installs',
      { ...tool, Dockerfile: 'FROM python:3\nCOPY mover/ .\nRUN pip install -r requirements.txt\n' },
      ['missing high'],
    ],
    ['a service that nothing installs', { 'api/requirements.txt': 'fastapi\n' }, ['missing medium']],
    [
      'a service in an image of its own',
      {
        'api/requirements.txt': 'fastapi\n',
        'api/Dockerfile': 'FROM python:3.13\nRUN pip install -r requirements.txt\n',
      },
      ['missing high'],
    ],
    [
      'a package for others',
      {
        'packages/client/package.json':
          '{ "name": "@acme/client", "version": "1.0.0", "files": ["dist"], "dependencies": { "ms": "^2.0.0" } }',
      },
      ['missing low'],
    ],
    ['tools alone in a folder of their own', folder({ devDependencies: { prettier: '^3.5.0' } }), ['missing low']],
    ['what makes pages there', folder({ devDependencies: { esbuild: '^1.0.0' } }), ['missing high']],
    [
      'what runs there, and only the root is installed',
      { ...folder({ dependencies: { sharp: '^1.0.0' } }), 'check.sh': 'ls ./look\n' },
      ['missing medium'],
    ],
    ['what runs there', folder({ dependencies: { sharp: '^1.0.0' } }), ['missing high']],
    [
      'assets that are kept in git beside a program in another language',
      {
        'api/requirements.txt': 'fastapi==0.120.0\n',
        'api/Dockerfile': 'FROM python:3.13\nRUN pip install -r requirements.txt\n',
        ...folder({ scripts: { build: 'tailwindcss -o look.css' }, devDependencies: { tailwindcss: '^4.1.0' } }),
        'check.sh': 'ls look\n',
      },
      ['missing low'],
    ],
    [
      'one line that keeps several out',
      {
        '.gitignore': 'yarn.lock\n',
        'a/package.json': '{ "name": "a", "dependencies": { "express": "^5.0.0" } }',
        'b/package.json': '{ "name": "b", "dependencies": { "express": "^5.0.0" } }',
        'b/Dockerfile': 'FROM node:24\nCOPY . .\nRUN npm ci\n',
      },
      ['ignored high'],
    ],
  ])('%s', async (_name, files, expected) => {
    expect(await severities({ ...installing('npm ci', 'pip install -r requirements.txt'), ...files })).toEqual(expected)
  })

  const ruby = {
    Gemfile: "source 'https://rubygems.org'\ngem 'rails', '~> 8.0'\n",
    'Gemfile.lock': 'GEM\n  specs:\n    rails (8.0.1)\n\nDEPENDENCIES\n  rails (~> 8.0)\n',
  }
  const tools =
    '{ "private": true, "description": "Tools of a Rails shop", "devDependencies": { "prettier": "^3.5.0" } }'
  it.each<[string, Record<string, string>, string[]]>([
    ['tools of those who write it', { 'package.json': tools }, ['missing low']],
    [
      'the same where the image installs them',
      { 'package.json': tools, Dockerfile: 'FROM ruby:3.4\nRUN npm install && npx prettier .\n' },
      ['missing high'],
    ],
    [
      'what is built of them',
      { 'package.json': tools.replace('{ "private"', '{ "scripts": { "build": "gulp" }, "private"') },
      ['missing high'],
    ],
    ['what runs in the product', { 'package.json': '{ "dependencies": { "htmx.org": "^2.0.0" } }' }, ['missing high']],
    ['a gem of Windows', { Gemfile: `${ruby.Gemfile}gem 'wdm', '>= 0.1.0' if Gem.win_platform?\n` }, []],
    ['a gem without a condition', { Gemfile: `${ruby.Gemfile}gem 'wdm', '>= 0.1.0'\n` }, ['out-of-date high']],
  ])('in another language: %s', async (_name, files, expected) => {
    const { findings } = await judgeFiles(check, { ...ruby, ...installing('bundle install', 'npm ci'), ...files })
    expect(findings.map(one => `${one.outcome} ${one.severity}`)).toEqual(expected)
  })

  it.each<[string, Record<string, string>, string]>([
    ['what nothing installs', {}, 'missing medium'],
    ['what a pipeline installs', installing('npm ci'), 'missing high'],
    ['what a pipeline of another language installs', installing('pip install .'), 'missing medium'],
    ['what a platform installs by itself', { 'vercel.json': '{}' }, 'missing high'],
    ['what an image installs', { Dockerfile: 'FROM node:24\nRUN yarn install\n' }, 'missing high'],
  ])('%s', async (_name, files, expected) => {
    const { findings } = await judgeFiles(check, { 'package.json': manifest({ express: '^5.0.0' }), ...files })
    expect(findings.map(one => `${one.outcome} ${one.severity}`)).toEqual([expected])
  })

  it('tools at the root of parts that have locks of their own', async () => {
    const files = {
      'package.json': '{ "devDependencies": { "concurrently": "^9.1.0" } }',
      'server/package.json': product['package.json'],
      'server/package-lock.json': product['package-lock.json'],
      ...installing('npm ci'),
    }
    const { findings } = await judgeFiles(check, files)
    expect(findings.map(one => `${one.outcome} ${one.severity}`)).toEqual(['missing low'])
  })

  it('Composer takes what a package replaces for installed', async () => {
    const lock = { packages: [{ name: 'acme/new', version: '1.0.0', replace: { 'acme/old': '^2.1' } }] }
    const manifest = json({ require: { 'acme/new': '^1.0', 'acme/old': '^2.1', 'acme/gone': '^1.0' } })
    const { findings } = await judgeFiles(check, { 'composer.json': manifest, 'composer.lock': json(lock) })
    expect(findings[0]!.evidence[0]!.value).toMatch(/^acme\/gone/)
    expect(findings[0]!.evidence[0]!.value).not.toContain('acme/old')
  })

  it.each<[string, string, string]>([
    ['etc', 'COPY conf /etc/shop/\n', 'missing low'],
    ['etc', 'COPY etc/ ./\n', 'missing high'],
    ['look', 'COPY outlook/ ./\n', 'missing low'],
  ])('a folder %s in an image that says: %s', async (at, copies, expected) => {
    const Dockerfile = `FROM python:3.13\n${copies}RUN pip install -r requirements.txt\n`
    expect(await severities({ [`${at}/requirements.txt`]: 'boto3\n', Dockerfile })).toEqual([expected])
  })

  it('Composer goes on with what is locked where nothing that is wanted differs', async () => {
    const files = {
      'composer.json': json({ name: 'acme/shop', version: '2.0.0', require: { 'slim/slim': '^4.0' } }),
      'composer.lock': json({ 'content-hash': 'a'.repeat(32), packages: [{ name: 'slim/slim', version: '4.12.0' }] }),
    }
    const { findings } = await judgeFiles(check, files)
    expect(findings.map(one => `${one.outcome} ${one.severity}`)).toEqual(['out-of-date low'])
  })

  it('a group of extras that takes in others of its own package asks for nothing', async () => {
    const project = (extra: string): Record<string, string> => ({
      'pyproject.toml': `[project]\nname = "Shop"\ndependencies = ["django>=5"]\n[project.optional-dependencies]\nall = ["${extra}"]\n`,
      'uv.lock':
        'version = 1\n[[package]]\nname = "django"\nversion = "5.2"\n[[package]]\nname = "shop"\nversion = "1"\nsource = { editable = "." }\n[package.metadata]\nrequires-dist = [{ name = "django", specifier = ">=5" }]\n',
    })
    expect(await outcomes(project('shop[mail,pay]'))).toEqual(['one'])
    expect(await outcomes(project('stripe>=1'))).toEqual(['out-of-date'])
  })
})
