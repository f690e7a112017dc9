import { describe, expect, it } from 'vitest'
import { environmentSettings, setsEnvironment } from '../../../src/formats/repo/env-sources.ts'
import { environmentUsage as usageOf } from '../../../src/formats/repo/env-usage.ts'
import { loadParser } from '../../../src/formats/repo/javascript-nodes.ts'
import { processorTime } from '../../support/processor-time.ts'

const parse = await loadParser()
const environmentUsage = (path: string, source: string) => usageOf(parse, path, source)

const reads = (path: string, source: string) =>
  environmentUsage(path, source).reads.map(
    read =>
      `${read.name}:${read.line}${read.hasDefault ? ' default' : ''}${read.side === 'browser' ? ' browser' : ''}${read.strict ? ' strict' : ''}`,
  )

it.each([
  ['docker/local/api.Dockerfile', 'development'],
  ['docker/dev/Dockerfile.production', 'production'],
  ['docker/Dockerfile', 'production'],
  ['infra/prod/Dockerfile', 'production'],
])('%s is an image of %s', (path, expected) => {
  const { settings } = environmentSettings(path, 'FROM node:24\nENV NODE_ENV=development\n')
  expect(settings.map(({ environment }) => environment)).toEqual([expected])
})

describe('environmentUsage', () => {
  it('demands nothing of a schema of which one of several has to fit, and reads no container of an editor', () => {
    const source =
      "const schema = z.discriminatedUnion('MODE', [z.object({ MODE: z.literal('1'), KEY: z.string() }), z.object({ MODE: z.literal('0') })])\nschema.parse(process.env)"
    const variables = environmentUsage('env.ts', source).schemas.flatMap(one => one.variables)
    expect(variables.map(({ name, optional }) => `${name} ${optional}`)).toEqual(['MODE true', 'KEY true', 'MODE true'])
    expect(setsEnvironment('.devcontainer/Dockerfile')).toBeNull()
    expect(setsEnvironment('docker/Dockerfile')).toBe('dockerfile')
  })

  it('demands of a schema the variables behind its fields, and none that is changed on the way', () => {
    const variables = (source: string) =>
      environmentUsage('env.ts', source).schemas.flatMap(one =>
        one.variables.map(({ name, optional }) => `${name} ${optional}`),
      )
    const fields = 'const S = z.object({ API_URL: z.string(), ONLY: z.boolean(), KEY: z.string() })\n'
    expect(
      variables(
        `${fields}S.parse({ API_URL: process.env.NEXT_PUBLIC_API_URL, ONLY: isOn(process.env.ONLY), KEY: process.env.KEY! })`,
      ),
    ).toEqual(['NEXT_PUBLIC_API_URL false', 'ONLY true', 'KEY false'])
    expect(variables(`${fields}S.parse(process.env)`)).toEqual(['API_URL false', 'ONLY false', 'KEY false'])
  })

  it.each<[string, string, string, string[]]>([
    [
      'what one branch of Ruby alone demands, but for production',
      'a.rb',
      "case region\nwhen 'eu'\n  a = ENV.fetch('A')\nend\nb = ENV.fetch('B')\nif Rails.env.production?\n  c = ENV.fetch('C')\nend\nd = ENV.fetch('D') if wanted?",
      ['A:3', 'B:5 strict', 'C:7 strict', 'D:9'],
    ],
    [
      'a default behind a function, and a switch of Python',
      'a.py',
      'A = config(\n  "A", cast=lambda v: int(v) if v else None, default=None\n)\nif not environ.get("B"):\n  pass\nC = config("C", cast=Csv())',
      ['A:1 default strict', 'B:4 default', 'C:6 strict'],
    ],
    [
      'members, computed and optional',
      'a.ts',
      "process.env.A\nprocess.env['B']\nprocess.env?.C\nglobalThis.process.env.D",
      ['A:1', 'B:2', 'C:3', 'D:4'],
    ],
    [
      'defaults',
      'a.ts',
      "const a = process.env.A ?? 'x', b = process.env.B || 'y', c = process.env.C && 1",
      ['A:1 default', 'B:1 default', 'C:1 default'],
    ],
    [
      'switches, which mean no where they are unset',
      'a.ts',
      "if (process.env.A) f()\nconst b = process.env.B === '1', c = process.env.C ? 1 : 2\nif (!process.env.D) throw 1",
      ['A:1 default', 'B:2 default', 'C:2 default', 'D:3'],
    ],
    ['destructuring', 'a.js', "const { A, B = 'x', C: c } = process.env", ['A:1', 'B:1 default', 'C:1']],
    ['an alias', 'a.ts', 'const env = process.env\nuse(env.A)', ['A:2']],
    ['non-null tells the compiler alone', 'a.ts', 'new Stripe(process.env.KEY!)', ['KEY:1']],
    [
      'not writes, strings and comments',
      'a.ts',
      "process.env.A = 'x'\n// process.env.B\nconst s = 'process.env.C'",
      [],
    ],
    [
      'a client component',
      'a.tsx',
      "'use client'\nexport const A = () => <p>{process.env.NEXT_PUBLIC_A}{process.env.B}</p>",
      ['NEXT_PUBLIC_A:2 browser', 'B:2 browser'],
    ],
    ['Vite', 'a.ts', 'import.meta.env.VITE_API; import.meta.env.DEV; import.meta.env.MODE', ['VITE_API:1 browser']],
    [
      'env-var',
      'a.js',
      "const e = require('env-var')\ne.get('A').required().asString(); cache.get('B')",
      ['A:2 strict'],
    ],
    [
      'convict',
      'a.js',
      "const c = require('convict')\nc({ a: { b: { default: null, env: 'A' } }, d: { default: 1, env: 'B' } })",
      ['A:2', 'B:2 default'],
    ],
    ['nconf', 'a.js', "import nconf from 'nconf'\nnconf.env().required(['A', 'b:c'])", ['A:2 strict']],
    [
      'a schema of Astro',
      'astro.config.mjs',
      "export default defineConfig({ env: { schema: {\nA: envField.string({ context: 'server', access: 'secret' }),\nB: envField.number({ context: 'client', access: 'public', default: 1 }) } } })",
      ['A:2 strict', 'B:3 default browser'],
    ],
    ['viper', 'a.go', 'viper.BindEnv("crm.token", "A")', ['A:1']],
    ['demands of dotenv', 'a.rb', 'Dotenv.require_keys("A", "B")', ['A:1 strict', 'B:1 strict']],
    ['Deno and Bun', 'a.ts', "Deno.env.get('A'); Bun.env.B", ['A:1', 'B:1']],
    [
      'SvelteKit',
      'a.ts',
      "import { A } from '$env/static/private'\nimport { PUBLIC_B } from '$env/static/public'\nimport { env } from '$env/dynamic/private'\nenv.C",
      ['A:1 strict', 'PUBLIC_B:2 browser strict', 'C:4'],
    ],
    [
      'a helper of its own',
      'a.ts',
      "const requireEnv = (name: string) => { const v = process.env[name]; if (!v) throw new Error(name); return v }\nrequireEnv('A')",
      ['A:2 strict'],
    ],
    [
      'a Vue component',
      'a.vue',
      '<template><p/></template>\n<script setup lang="ts">\nconst a = import.meta.env.VITE_A\n</script>',
      ['VITE_A:3 browser'],
    ],
    ['an Astro page', 'a.astro', '---\nconst a = import.meta.env.SECRET_A\n---\n<p>{a}</p>', ['SECRET_A:2']],
    [
      'decorators and generics',
      'a.ts',
      '@Injectable() class A { constructor(@Inject() private x: Map<string, string>) { use<string>(process.env.A) } }',
      ['A:1'],
    ],
    [
      'Python',
      'a.py',
      'import os\nos.environ["A"]\nos.environ.get("B", "x")\nos.getenv("C")\n# os.environ["D"]\nos.environ["E"] = "1"',
      ['A:2 strict', 'B:3 default', 'C:4'],
    ],
    [
      'environs',
      'a.py',
      'A = env.bool("A", not B)\nC = env.int("C", 60 * 60)\nD = env.str(\n  "D",\n  """x""")\nE = env.str("E", validate=f)\nF = env("F", cast=int, default=1)',
      ['A:1 default strict', 'C:2 default strict', 'D:3 default strict', 'E:6 strict', 'F:7 default strict'],
    ],
    [
      'a scheme of django-environ',
      'a.py',
      'env = environ.Env(\n    A=(int, 20),\n    B=(str, ""),\n)\nX = env("A")\nY = env.str("B")\nZ = env("C")',
      ['A:5 default strict', 'B:6 default strict', 'C:7 strict'],
    ],
    [
      'Python that asks first',
      'a.py',
      'if "A" in os.environ:\n    X = os.environ["A"]\nif USE_MAIL:\n    Y = os.environ["B"]\n\n    Z = os.environ["C"]\nW = os.environ["D"]',
      ['A:2 default', 'B:4', 'C:6', 'D:7 strict'],
    ],
    [
      'Python that asks over several lines',
      'a.py',
      'if (\n    a\n    or b\n):\n    X = {\n        "x": os.environ["A"],\n    }\nY = os.environ["B"]',
      ['A:6', 'B:8 strict'],
    ],
    [
      'decouple',
      'a.py',
      "from decouple import config\nA = config('A')\nB = config('B', default=1)",
      ['A:2 strict', 'B:3 default strict'],
    ],
    [
      'Ruby',
      'a.rb',
      'ENV["A"]\nENV.fetch("B")\nENV.fetch("C", 1)\nENV.fetch("D") { 2 }\nENV["E"] || 3',
      ['A:1', 'B:2 strict', 'C:3 default strict', 'D:4 default strict', 'E:5 default'],
    ],
    [
      'Ruby switches',
      'a.rb',
      'plugin :x if ENV["A"]\ny unless ENV["B"].present?\nraise "no" if ENV["C"].nil?\nz = ENV["D"] || raise("no")',
      ['A:1 default', 'B:2 default', 'C:3 default', 'D:4'],
    ],
    ['Ruby that asks first', 'a.rb', 'ENV.fetch("A") if ENV.key?("A")\nENV.fetch("B")', ['A:1 default', 'B:2 strict']],
    [
      'PHP that asks first',
      'a.php',
      "if (isset($_SERVER['A'])) { $_SERVER['A']; } array_key_exists('B', $_ENV) && $_ENV['B']; $_ENV['C'];",
      ['A:1 default', 'A:1 default', 'B:1 default', 'C:1'],
    ],
    ['PHP', 'a.php', "env('A', 'x'); getenv('B'); $_ENV['C'] ?? 1;", ['A:1 default', 'B:1', 'C:1 default']],
    [
      'a field of Go that is looked at when its default is in',
      'a.go',
      'type C struct {\n  A string `env:"A" validate:"required"`\n  B string `envconfig:"B" required:"true"`\n}',
      ['A:2 default', 'B:3 strict'],
    ],
    [
      'a comment of Svelte',
      'a.svelte',
      "<!--\n<script>\nimport { PUBLIC_A } from '$env/static/public'\n</script>\n-->\n<script>\nprocess.env.B\n</script>",
      ['B:7 browser'],
    ],
    ['Go', 'a.go', 'os.Getenv("A")\ntype C struct {\n  B string `env:"B,required"`\n}', ['A:1', 'B:3 strict']],
    ['Elixir, a name that is handed on', 'a.exs', '"A" |> System.get_env("3") |> String.to_integer()', ['A:1 default']],
    ['Elixir', 'a.exs', 'System.fetch_env!("A")\nSystem.get_env("B") || "x"', ['A:1 strict', 'B:2 default']],
    [
      'Elixir that raises',
      'a.exs',
      'System.get_env("A") ||\n  raise "no"\nif System.get_env("B") do\nend',
      ['A:1', 'B:3 default'],
    ],
    ['Prisma', 'schema.prisma', 'url = env("DATABASE_URL")', ['DATABASE_URL:1 strict']],
    [
      'YAML filled in by Rails',
      'config/database.yml',
      'url: <%= ENV["A"] %>\npool: <%= ENV.fetch("B") { 5 } %>\n# <%= ENV["C"] %>',
      ['A:1', 'B:2 default strict'],
    ],
    [
      'YAML of Symfony',
      'config/mailer.yaml',
      "dsn: '%env(MAILER_DSN)%'\nport: '%env(int:MAILER_PORT)%'",
      ['MAILER_DSN:1 strict', 'MAILER_PORT:2 strict'],
    ],
    ['YAML of others', '.github/workflows/a.yml', 'env: ${{ secrets.A }}', []],
    ['C#', 'a.cs', 'Environment.GetEnvironmentVariable("A") ?? "x"', ['A:1 default']],
    ['Rust', 'a.rs', 'std::env::var("A")', ['A:1']],
  ])('%s', (_, path, source, expected) => {
    expect(reads(path, source)).toEqual(expected)
  })

  it('reads schemas: zod, t3-env, envalid, pydantic, and how they are switched off', () => {
    const zod = environmentUsage(
      'env.ts',
      'const schema = z.object({ A: z.string(), B: z.string().optional(), C: z.coerce.number().default(1) })\nexport const env = schema.parse(process.env)',
    )
    expect(zod.schemas).toEqual([
      {
        tool: 'zod',
        line: 1,
        skipped: null,
        variables: [
          { name: 'A', line: 1, optional: false },
          { name: 'B', line: 1, optional: true },
          { name: 'C', line: 1, optional: true },
        ],
      },
    ])
    const t3 = environmentUsage(
      'env.js',
      'export const env = createEnv({ server: { A: z.string() }, client: { NEXT_PUBLIC_B: z.string() }, runtimeEnv: { A: process.env.A }, skipValidation: !!process.env.SKIP_ENV_VALIDATION })',
    )
    expect(t3.schemas).toMatchObject([
      {
        tool: 't3-env',
        variables: [{ name: 'A' }, { name: 'NEXT_PUBLIC_B' }],
        skipped: { when: 'variable', by: 'SKIP_ENV_VALIDATION' },
      },
    ])
    expect(
      environmentUsage('env.ts', 'createEnv({ server: { A: z.string() }, skipValidation: true })').schemas[0]!.skipped,
    ).toMatchObject({ when: 'always' })
    expect(
      environmentUsage(
        'env.ts',
        "createEnv({ server: { A: z.string() }, skipValidation: process.env.NODE_ENV === 'production' })",
      ).schemas[0]!.skipped,
    ).toMatchObject({ when: 'production' })
    expect(
      environmentUsage('env.ts', 'cleanEnv(process.env, { A: str(), B: port({ default: 3000 }) })').schemas[0],
    ).toMatchObject({
      tool: 'envalid',
      variables: [
        { name: 'A', optional: false },
        { name: 'B', optional: true },
      ],
    })
    const apart = 'const spec = { A: str(), B: str({ devDefault: "x" }) }\nmodule.exports = cleanEnv(process.env, spec)'
    const joi =
      'const schema = Joi.object()\n  .keys({ A: Joi.string().required(), B: Joi.number().required(), C: Joi.string() })\n  .unknown()\nschema.validate(process.env)'
    for (const source of [apart, joi])
      expect(environmentUsage('env.js', source).schemas[0]?.variables, source).toMatchObject([
        { name: 'A', optional: false },
        { name: 'B', optional: false },
        ...(source === joi ? [{ name: 'C', optional: true }] : []),
      ])
    expect(
      environmentUsage(
        'settings.py',
        'class Settings(BaseSettings):\n    model_config = SettingsConfigDict(env_prefix="APP_")\n    database_url: str\n    debug: bool = False\n',
      ).schemas[0],
    ).toMatchObject({
      tool: 'pydantic-settings',
      variables: [
        { name: 'APP_DATABASE_URL', line: 3, optional: false },
        { name: 'APP_DEBUG', optional: true },
      ],
    })
  })

  it('reads the class that a validator holds the environment against, and no other', () => {
    const source = (call: string) =>
      `import { IsOptional, IsString } from 'class-validator'\nclass Wanted {\n  @IsString()\n  API_KEY: string\n\n  @IsOptional()\n  @IsString()\n  LOCALE: string\n\n  PORT = 80\n}\n${call}\n`
    expect(environmentUsage('a.config.ts', source('validateConfig(process.env, Wanted)')).schemas).toMatchObject([
      {
        tool: 'class-validator',
        variables: [
          { name: 'API_KEY', line: 4, optional: false },
          { name: 'LOCALE', optional: true },
          { name: 'PORT', optional: true },
        ],
      },
    ])
    expect(environmentUsage('a.dto.ts', source('new Wanted()')).schemas).toEqual([])
  })

  it('goes on by idiom where a file does not parse, and counts what it cannot name', () => {
    const broken = environmentUsage('a.ts', 'const = = process.env.A; @@@ `')
    expect(broken.reads.map(read => read.name)).toEqual(['A'])
    expect(environmentUsage('a.ts', 'export const get = (n: string) => process.env[n]').dynamic).toBe(1)
  })

  it('is not slowed by depth or length', () => {
    const started = processorTime()
    environmentUsage('a.ts', `process.env.A${' + 1'.repeat(20_000)}`)
    environmentUsage('a.ts', `process.env.A; ${'['.repeat(3000)}${']'.repeat(3000)}`)
    expect(processorTime() - started).toBeLessThan(4000)
  })
})
