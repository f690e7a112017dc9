// env-inventory, env-separation, env-public-prefix and env-validation, on repositories made for the test.
import { afterEach, describe, expect, it } from 'vitest'
import inventory from '../../../src/checks/deploy/env-inventory.ts'
import publicPrefix from '../../../src/checks/deploy/env-public-prefix.ts'
import separation from '../../../src/checks/deploy/env-separation.ts'
import validation from '../../../src/checks/deploy/env-validation.ts'
import type { AnyCheck } from '../../../src/core/check.ts'
import { collectors } from '../../../src/facts/index.generated.ts'
import { judgeRepo, type Verdict } from '../../support/judge-repo.ts'
import { makeUp } from '../../support/made-up-secrets.ts'
import { makeRepo, type TestRepo } from '../../support/repo.ts'

const made: TestRepo[] = []
afterEach(() => {
  for (const one of made.splice(0)) one.dispose()
})
const judged = async (check: AnyCheck, files: Record<string, string>): Promise<Verdict & { repo: TestRepo }> => {
  const repo = makeRepo(files)
  made.push(repo)
  repo.commit('first')
  return { ...(await judgeRepo(check, repo.root, collectors)), repo }
}
const outcomes = async (check: AnyCheck, files: Record<string, string>): Promise<string[]> =>
  (await judged(check, files)).outcomes

/** A helper that stops where a variable is not set. */
const need =
  'export function need(name: string) {\n  const value = process.env[name]\n  if (!value) throw new Error(name)\n  return value\n}\n'

describe('env-inventory', () => {
  it('demands nothing that an example of a schema names, or that the image sets', async () => {
    const schema = 'datasource db {\n  provider = "postgresql"\n  url = env("BOOKS_URL")\n}\n'
    const files = { '.env.example': 'KEY=\n', 'src/a.ts': 'process.env.KEY', 'a.py': 'os.environ["PYTHON_VERSION"]' }
    expect(await outcomes(inventory, { ...files, 'src/starters/books.prisma': schema })).toEqual(['documented'])
    expect(await outcomes(inventory, { ...files, 'prisma/schema.prisma': schema })).toEqual(['undocumented'])
  })

  it('demands nothing that migrations of laptops alone need', async () => {
    const source = (more: string) => ({
      'prisma/schema.prisma': `datasource db {\n  provider = "postgresql"\n  url = env("DATABASE_URL")\n${more}}\n`,
      '.env.example': 'DATABASE_URL=\n',
    })
    const severities = async (more: string) => (await judged(inventory, source(more))).findings.map(one => one.severity)
    expect(await severities('  shadowDatabaseUrl = env("SHADOW_URL")\n')).not.toContain('medium')
    expect(await severities('  directUrl = env("DIRECT_URL")\n')).toContain('medium')
  })

  const code = {
    'src/need.ts': need,
    'src/pay.ts':
      'new Stripe(need("STRIPE_SECRET_KEY")); const url = process.env.APP_URL; const port = process.env.PORT',
  }

  it('undocumented: names the variable and where it is read; low where all have defaults; the fix, applied, passes', async () => {
    const { outcomes: keys, findings, repo } = await judged(inventory, { ...code, '.env.example': 'APP_URL=\n' })
    expect(keys).toEqual(['undocumented'])
    expect(findings[0]).toMatchObject({
      severity: 'medium',
      title: 'Read in the code and written down nowhere: STRIPE_SECRET_KEY',
      evidence: [{ label: 'src/pay.ts:1' }, { label: 'not shown here' }],
    })
    const [change] = findings[0]!.fix.changes
    if (change?.kind !== 'file') throw new Error('a patch was expected')
    repo.write({ 'fix.patch': change.patch! })
    repo.git('apply', '--unidiff-zero', 'fix.patch')
    expect((await judgeRepo(inventory, repo.root, collectors)).outcomes).toEqual(['documented'])
    const soft = await judged(inventory, {
      'a.ts': "process.env.LIMIT ?? '10'",
      '.env.example': 'A=\n',
      'b.ts': 'process.env.A',
    })
    expect(soft.findings[0]).toMatchObject({ outcome: 'undocumented', severity: 'low' })
  })

  it('a committed file that names most of what the code needs is where people begin', async () => {
    const files = { 'a.ts': 'process.env.A!; process.env.B!; process.env.C!', '.env': 'A=1\nB=2\n' }
    expect(await outcomes(inventory, files)).toEqual(['undocumented'])
    expect(await outcomes(inventory, { ...files, '.env': 'A=1\n' })).toEqual(['no-example'])
  })

  it('settings of the product in a file named like a tool’s are its own', async () => {
    const read = "const key = process.env.API_KEY\nif (!key) throw new Error('API_KEY')\n"
    expect(await outcomes(inventory, { 'src/pay/pay.config.ts': read, '.env.example': '' })).toContain('undocumented')
    expect(await outcomes(inventory, { 'playwright.config.ts': read, '.env.example': '' })).not.toContain(
      'undocumented',
    )
  })

  it('documented: by the example, the README, compose or a platform file; what the platform sets needs none', async () => {
    expect(await outcomes(inventory, { ...code, '.env.example': 'STRIPE_SECRET_KEY=\n#APP_URL=\n' })).toEqual([
      'documented',
    ])
    expect(await outcomes(inventory, { ...code, 'README.md': 'Set `STRIPE_SECRET_KEY` and `APP_URL`.' })).toEqual([
      'documented',
    ])
    expect(
      await outcomes(inventory, {
        ...code,
        'docker-compose.yml':
          'services:\n  web:\n    environment:\n      - STRIPE_SECRET_KEY\n      - APP_URL=http://localhost\n',
      }),
    ).toEqual(['documented'])
    expect(
      await outcomes(inventory, { 'a.ts': 'process.env.NODE_ENV; process.env.VERCEL_URL; process.env.CI' }),
    ).toEqual(['skip: the code reads no environment variable'])
    expect(await outcomes(inventory, { 'test/a.test.ts': 'process.env.ONLY_IN_TESTS' })).toEqual([
      'skip: the code reads no environment variable',
    ])
  })

  it('no-example: and the fix is the file', async () => {
    const { outcomes: keys, findings } = await judged(inventory, code)
    expect(keys).toEqual(['no-example'])
    expect(findings[0]!.fix.changes).toEqual([
      { kind: 'file', path: '.env.example', action: 'write', content: 'APP_URL=\nSTRIPE_SECRET_KEY=\n' },
      // The next file of values is not committed beside it.
      { kind: 'file', path: '.gitignore', action: 'write', content: '.env\n.env.*\n!.env.example\n' },
    ])
  })

  it('unused: in the example and read nowhere, neither by code, compose, CI nor a library', async () => {
    expect(
      await outcomes(inventory, {
        ...code,
        '.env.example': 'STRIPE_SECRET_KEY=\nAPP_URL=\nOLD_MAIL_KEY=\nDATABASE_URL=\nHIDDEN=\n',
        'run.sh': 'echo $HIDDEN',
      }),
    ).toEqual(['unused'])
  })

  it('missing-in-production: where the list for production is whole, and only there', async () => {
    const files = {
      ...code,
      '.env.example': 'STRIPE_SECRET_KEY=\nAPP_URL=\n',
      '.env.development': `STRIPE_SECRET_KEY=${makeUp('sk_~test_{A24}')}\nAPP_URL=http://localhost\n`,
    }
    expect(
      await outcomes(inventory, { ...files, '.env.production': `STRIPE_SECRET_KEY=${makeUp('sk_~live_{A24}')}\n` }),
    ).toEqual(['missing-in-production'])
    // A production file of public values alone is completed by the platform.
    expect(await outcomes(inventory, { ...files, '.env.production': 'APP_URL=https://shop.test\n' })).toEqual([
      'documented',
    ])
    expect(
      await outcomes(inventory, {
        ...files,
        'render.yaml':
          'services:\n  - type: web\n    envVars:\n      - key: APP_URL\n        value: https://shop.test\n',
      }),
    ).toEqual(['missing-in-production'])
    expect(
      await outcomes(inventory, {
        ...files,
        'render.yaml':
          'services:\n  - type: web\n    envVars:\n      - fromGroup: all\n      - key: APP_URL\n        value: https://shop.test\n',
      }),
    ).toEqual(['documented'])
    expect(
      await outcomes(inventory, {
        ...files,
        'config/deploy.yml': 'env:\n  clear: { APP_URL: "https://shop.test" }\n  secret: [STRIPE_SECRET_KEY]\n',
      }),
    ).toEqual(['documented'])
  })

  it('speaks Python, Ruby and PHP', async () => {
    expect(
      await outcomes(inventory, {
        'settings.py': 'import os\nKEY = os.environ["SHOP_KEY"]',
        '.env.example': 'A=1\n',
        'b.py': 'os.getenv("A")',
      }),
    ).toEqual(['undocumented'])
    expect(await outcomes(inventory, { 'config/initializers/mail.rb': 'ENV.fetch("MAIL_TOKEN")' })).toEqual([
      'no-example',
    ])
    expect(
      await outcomes(inventory, {
        'config/app.php': "<?php return ['x' => env('SHOP_X')];",
        '.env.example': 'SHOP_X=\n',
      }),
    ).toEqual(['documented'])
  })
})

describe('env-separation', () => {
  const secret = makeUp('{A40}')
  it('same-secret: where git has both files, that is the cause, and told elsewhere', async () => {
    const { findings } = await judged(separation, {
      '.env.production': `JWT_SECRET=${secret}\n`,
      '.env.development': `JWT_SECRET=${secret}\n`,
    })
    expect(findings).toMatchObject([{ outcome: 'same-secret', severity: 'medium' }])
  })
  it('same-secret: by hash, over files that git ignores too', async () => {
    const { outcomes: keys, findings } = await judged(separation, {
      '.gitignore': '.env*\n',
      '.env.production': `JWT_SECRET=${secret}\nPORT=3000\n`,
      '.env.local': `JWT_SECRET="${secret}"\nPORT=3000\n`,
    })
    expect(keys).toEqual(['same-secret'])
    expect(JSON.stringify(findings)).not.toContain(secret)
  })
  it('localhost-in-production', async () => {
    expect(
      await outcomes(separation, { '.env.production': 'NEXT_PUBLIC_API_URL=http://localhost:4000\nHOST=127.0.0.1\n' }),
    ).toEqual(['localhost-in-production'])
    expect(await outcomes(separation, { 'fly.toml': '[env]\n  API_URL = "http://localhost:3000"\n' })).toEqual([
      'localhost-in-production',
    ])
  })
  it('test-key-in-production and live-key-in-development', async () => {
    expect(
      await outcomes(separation, { '.env.production': `STRIPE_SECRET_KEY=${makeUp('sk_~test_{A24}')}\n` }),
    ).toEqual(['test-key-in-production'])
    expect(
      await outcomes(separation, { '.env.production': `NEXT_PUBLIC_STRIPE_KEY=${makeUp('pk_~test_{A24}')}\n` }),
    ).toEqual(['test-key-in-production'])
    expect(
      await outcomes(separation, { '.env.development': `STRIPE_SECRET_KEY=${makeUp('sk_~live_{A24}')}\n` }),
    ).toEqual(['live-key-in-development'])
  })
  it('debug-in-production: on by default, where nothing tells of the variable', async () => {
    const settings = { 'shop/settings.py': 'DEBUG = os.getenv("DEBUG", "True") == "True"\n' }
    const { findings } = await judged(separation, settings)
    expect(findings).toMatchObject([{ outcome: 'debug-in-production', confidence: 'possible' }])
    for (const [path, told] of [
      ['.env.example', 'DEBUG=False\n'],
      ['README.md', 'Set `DEBUG` to False.\n'],
    ] as const)
      expect(await outcomes(separation, { ...settings, [path]: told })).not.toContain('debug-in-production')
  })

  it('debug-in-production: in a file, in the image', async () => {
    expect(await outcomes(separation, { '.env.production': 'APP_DEBUG=true\n' })).toEqual(['debug-in-production'])
    expect(await outcomes(separation, { Dockerfile: 'FROM node:24\nENV NODE_ENV=development\n' })).toEqual([
      'debug-in-production',
    ])
    expect(await outcomes(separation, { 'Dockerfile.dev': 'FROM node:24\nENV NODE_ENV=development\n' })).toEqual([
      'separate',
    ])
  })
  it('debug-in-production: an image that calls itself one of development is one, unless production is seen to build it', async () => {
    const image = 'FROM node:24\nENV NODE_ENV=development\nCMD ["node", "a.js"]\n'
    const pushed = (more = '') =>
      `on: push\njobs:\n  a:\n    runs-on: u\n    steps:\n      - uses: docker/build-push-action@v6\n        with: { context: ., push: true${more} }\n`
    const sure = async (files: Record<string, string>) =>
      (await judged(separation, files)).findings.map(({ confidence }) => confidence)
    expect(await sure({ Dockerfile: image })).toEqual(['possible'])
    expect(await sure({ Dockerfile: image, '.github/workflows/a.yml': pushed() })).toEqual(['certain'])
    const both = {
      Dockerfile: image,
      'deploy.Dockerfile': image.replace('development', 'production'),
      '.github/workflows/a.yml': `${pushed()}      - uses: docker/build-push-action@v6\n        with: { file: deploy.Dockerfile, push: true }\n`,
    }
    expect(await sure(both)).toEqual(['possible'])
    expect(await sure({ ...both, '.github/workflows/a.yml': pushed(', file: deploy.Dockerfile') })).toEqual([])
  })
  it('debug-in-production: is possible where nothing shows that production runs it', async () => {
    const image = 'FROM node:24\nENV NODE_ENV=development\n'
    const sure = async (files: Record<string, string>) =>
      (await judged(separation, files)).findings.map(({ confidence }) => confidence)
    const built = {
      '.github/workflows/a.yml':
        'on: push\njobs:\n  a:\n    steps:\n      - run: docker build -f api/Dockerfile -t acme/api . && docker push acme/api\n',
    }
    expect(await sure({ 'api/Dockerfile': image })).toEqual(['possible'])
    expect(await sure({ 'api/Dockerfile': image, ...built })).toEqual(['certain'])
    expect(await sure({ 'app.json': '{ "env": { "DEBUG": "True" } }' })).toEqual(['possible'])
    expect(await outcomes(separation, { '.gitpod.Dockerfile': image })).toEqual(['separate'])
  })
  it('separate, and skip', async () => {
    expect(
      await outcomes(separation, {
        '.env.production': `JWT_SECRET=${secret}\nAPP_URL=https://shop.test\nDEBUG=false\n`,
        '.env.development': `JWT_SECRET=${makeUp('{A40}', 2)}\nAPP_URL=http://localhost\nDEBUG=true\nPORT=1\n`,
      }),
    ).toEqual(['separate'])
    expect(await outcomes(separation, { 'a.ts': '' })).toEqual(['skip: no file here sets variables for an environment'])
  })
})

describe('env-public-prefix', () => {
  const surest = async (files: Record<string, string>) =>
    (await judged(publicPrefix, { 'package.json': '{"dependencies":{"next":"16"}}', ...files })).findings.map(
      ({ confidence }) => confidence,
    )

  it('is only possible where every way to the read begins on the server of Next.js, or nothing reads it', async () => {
    const read = { 'lib/stars.ts': 'export const key = process.env.NEXT_PUBLIC_GITHUB_TOKEN\n' }
    const by = (words: string) => `${words}import { key } from '../lib/stars'\n`
    expect(await surest({ ...read, 'app/layout.tsx': by('') })).toEqual(['possible'])
    expect(await surest({ ...read, 'app/layout.tsx': by(''), 'app/bar.tsx': by("'use client'\n") })).toEqual([
      'certain',
    ])
    expect(await surest({ ...read, 'pages/index.tsx': by('') })).toEqual(['certain'])
    expect(await surest(read)).toEqual(['certain'])
    expect(await surest({ '.env.example': 'NEXT_PUBLIC_OPENAI_API_KEY=\n' })).toEqual(['possible'])
  })

  it('what only looks random may be a key made for browsers; a name that says secret leaves no doubt', async () => {
    const sure = async (name: string): Promise<string | undefined> => {
      const { findings } = await judged(publicPrefix, { '.env.production': `${name}=${makeUp('{A43}', 7)}\n` })
      return findings[0]?.confidence
    }
    expect(await sure('REACT_APP_TRACKER_KEY')).toBe('possible')
    expect(await sure('REACT_APP_SIGNING_KEY')).toBe('certain')
  })

  it('what a server alone reads is in no bundle that is seen', async () => {
    const found = async (path: string) =>
      (await judged(publicPrefix, { [path]: 'use(process.env.NEXT_PUBLIC_OPENAI_API_KEY)' })).findings.map(
        ({ severity, confidence }) => `${severity} ${confidence}`,
      )
    expect(await found('pages/api/ask.ts')).toEqual(['medium possible'])
    expect(await found('app/ask.tsx')).toEqual(['blocker certain'])
  })
  it('secret-exposed: by value and by name', async () => {
    expect(await outcomes(publicPrefix, { '.env.local': `VITE_PAY=${makeUp('sk_~live_{A24}')}\n` })).toEqual([
      'secret-exposed',
    ])
    for (const name of [
      'NEXT_PUBLIC_OPENAI_API_KEY',
      'NEXT_PUBLIC_SUPABASE_SERVICE_ROLE_KEY',
      'NEXT_PUBLIC_STRIPE_SECRET_KEY',
      'NEXT_PUBLIC_RESEND_API_KEY',
      'NEXT_PUBLIC_DATABASE_URL',
      'NEXT_PUBLIC_JWT_SECRET',
    ])
      expect(await outcomes(publicPrefix, { 'a.tsx': `process.env.${name}` }), name).toEqual(['secret-exposed'])
    const { findings } = await judged(publicPrefix, { 'a.tsx': 'process.env.NEXT_PUBLIC_OPENAI_API_KEY' })
    expect(findings[0]!.fix.changes).toMatchObject([
      { kind: 'manual', step: expect.stringContaining('to OPENAI_API_KEY') },
    ])
  })
  it('none: keys made to be seen', async () => {
    for (const name of [
      'VITE_API_URL',
      'NEXT_PUBLIC_STRIPE_PUBLISHABLE_KEY',
      'NEXT_PUBLIC_SUPABASE_ANON_KEY',
      'NEXT_PUBLIC_FIREBASE_API_KEY',
      'NEXT_PUBLIC_GOOGLE_MAPS_API_KEY',
      'NEXT_PUBLIC_POSTHOG_KEY',
      'VITE_MAPBOX_TOKEN',
      'NEXT_PUBLIC_ALGOLIA_SEARCH_KEY',
      'NEXT_PUBLIC_RECAPTCHA_SITE_KEY',
      'PUBLIC_SENTRY_DSN',
      'NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY',
      'REACT_APP_APPLICATIONINSIGHTS_CONNECTION_STRING',
    ])
      expect(await outcomes(publicPrefix, { 'a.tsx': `process.env.${name}` }), name).toEqual(['none'])
    expect(await outcomes(publicPrefix, { '.env': `VITE_STRIPE_SECRET=${makeUp('pk_~live_{A24}')}\n` })).toEqual([
      'none',
    ])
    expect(
      await outcomes(publicPrefix, {
        'fixtures/a.ts': 'process.env.NEXT_PUBLIC_OPENAI_API_KEY',
        'a.ts': 'process.env.A',
      }),
    ).toEqual(['skip: no variable has a prefix that makes it public'])
  })
})

describe('a public prefix', () => {
  const manifest = (...names: string[]): string =>
    JSON.stringify({ name: 'x', dependencies: Object.fromEntries(names.map(name => [name, '1'])) })
  const found = async (files: Record<string, string>): Promise<string[]> =>
    (await judged(publicPrefix, files)).findings.map(({ confidence, title }) => `${title.split(' ')[0]} ${confidence}`)
  it.each<[string, Record<string, string>, string[]]>([
    [
      'of the configuration of a server',
      {
        'package.json': manifest('vite', 'laravel-vite-plugin'),
        'config/disks.php':
          "<?php return ['secret' => env('PUBLIC_AWS_SECRET_ACCESS_KEY'), 'b' => env('VITE_MAIL_PASSWORD')];",
        '.env.example': 'PUBLIC_AWS_SECRET_ACCESS_KEY=\n',
        '.env.docker': `PUBLIC_AWS_SECRET_ACCESS_KEY=${makeUp('{B40}', 3)}\n`,
      },
      [],
    ],
    [
      'of a tool that the product has not',
      {
        'package.json': manifest('express', 'pg'),
        'a.ts': 'process.env.REACT_APP_DATABASE_URL; process.env.PUBLIC_API_SECRET',
      },
      [],
    ],
    [
      'of a tool of another member',
      {
        'web/package.json': manifest('next'),
        'web/a.tsx': 'process.env.NEXT_PUBLIC_SITE',
        'worker/package.json': manifest('bullmq'),
        'worker/a.ts': 'process.env.NEXT_PUBLIC_DATABASE_URL',
      },
      [],
    ],
    [
      'in a package that an app takes in',
      {
        'apps/web/package.json': manifest('next'),
        'packages/data/package.json': manifest('zod'),
        'packages/data/a.ts': 'process.env.NEXT_PUBLIC_DATABASE_URL',
      },
      ['NEXT_PUBLIC_DATABASE_URL certain'],
    ],
    [
      'of SvelteKit in a page',
      {
        'package.json': manifest('@sveltejs/kit'),
        'src/a.svelte': '<script>\nimport.meta.env.PUBLIC_DATABASE_URL\n</script>',
      },
      ['PUBLIC_DATABASE_URL certain'],
    ],
    [
      'that a bundler is told',
      {
        'package.json': manifest('vite'),
        'vite.config.ts': "export default { envPrefix: ['VITE_', 'PUBLIC_'] }",
        'a.ts': 'import.meta.env.PUBLIC_DATABASE_URL',
      },
      ['PUBLIC_DATABASE_URL certain'],
    ],
    [
      'of a key that a library of the browser takes',
      {
        'package.json': manifest('vite'),
        'a.js': "import search from 'algoliasearch/lite'\nsearch('id', import.meta.env.VITE_ALGOLIA_SECRET)",
      },
      ['VITE_ALGOLIA_SECRET possible'],
    ],
    [
      'of a key that writes, beside the same library',
      {
        'package.json': manifest('vite'),
        'a.js': "import search from 'algoliasearch'\nsearch('id', import.meta.env.VITE_ALGOLIA_ADMIN_SECRET)",
        '.env.example': 'VITE_ALGOLIA_ADMIN_SECRET=\n',
      },
      ['VITE_ALGOLIA_ADMIN_SECRET likely'],
    ],
    [
      'of a key that nothing here gives a value',
      {
        'package.json': manifest('vite'),
        'a.js': 'if (import.meta.env.VITE_LOCAL_AUTH_TOKEN) sign(import.meta.env.VITE_LOCAL_AUTH_TOKEN)',
      },
      ['VITE_LOCAL_AUTH_TOKEN possible'],
    ],
  ])('%s', async (_what, files, expected) => {
    expect(await found(files)).toEqual(expected)
  })
})

describe('names and places that were judged wrongly', () => {
  const loud = async (check: AnyCheck, files: Record<string, string>): Promise<string[]> =>
    (await judged(check, files)).findings
      .filter(({ severity, confidence }) => /blocker|high/.test(severity) && confidence !== 'possible')
      .map(({ outcome, severity, confidence }) => `${outcome} ${severity} ${confidence}`)
  it.each<[string, AnyCheck, Record<string, string>, string[]]>([
    ['the login of a demonstration', publicPrefix, { 'a.tsx': 'process.env.NEXT_PUBLIC_DEMO_PASSWORD' }, []],
    [
      'a password of nobody known',
      publicPrefix,
      { 'a.tsx': 'process.env.NEXT_PUBLIC_SITE_PASSWORD', '.env.example': 'NEXT_PUBLIC_SITE_PASSWORD=\n' },
      ['secret-exposed high likely'],
    ],
    [
      'a key of a database',
      publicPrefix,
      { 'a.tsx': 'process.env.VITE_DATABASE_URL' },
      ['secret-exposed blocker certain'],
    ],
    [
      'a server that calls itself',
      separation,
      {
        'render.yaml':
          'services:\n  - type: web\n    envVars:\n      - key: INTERNAL_APP_URL\n        value: http://localhost:10000\n',
      },
      [],
    ],
    [
      'an address for visitors',
      separation,
      {
        'render.yaml':
          'services:\n  - type: web\n    envVars:\n      - key: APP_URL\n        value: http://localhost:10000\n',
      },
      ['localhost-in-production blocker certain'],
    ],
    ['a default of an image', separation, { Dockerfile: 'FROM node:24\nENV APP_URL=http://localhost:3000\n' }, []],
    [
      'an image of laptops',
      separation,
      { Dockerfile: 'FROM ruby:3.4\nENV RAILS_ENV=development DATABASE_NAME=shop_development\n' },
      [],
    ],
    [
      'a variable of infrastructure',
      inventory,
      { 'packages/infra/stack.ts': 'throwOn(process.env.STAGE!)', 'a.ts': 'process.env.A', '.env.example': 'A=\n' },
      [],
    ],
    [
      'a variable of a migration',
      inventory,
      { 'db/migrations/1.rb': 'ENV.fetch("ADMIN")', 'a.ts': 'process.env.A', '.env.example': 'A=\n' },
      [],
    ],
    [
      'a variable that may be absent',
      inventory,
      { 'a.ts': 'process.env.A; if (process.env.B) f()', '.env.example': 'A=\n' },
      [],
    ],
  ])('%s', async (_what, check, files, expected) => expect(await loud(check, files)).toEqual(expected))
})

describe('env-validation', () => {
  const reads = 'process.env.A_KEY; process.env.B_KEY; process.env.C_KEY'
  it('none: and the fix is a module that validates', async () => {
    const { outcomes: keys, findings, repo } = await judged(validation, { 'src/a.ts': reads })
    expect(keys).toEqual(['none'])
    const [change] = findings[0]!.fix.changes
    if (change?.kind !== 'file') throw new Error('a file was expected')
    repo.write({ [change.path]: change.content! })
    expect((await judgeRepo(validation, repo.root, collectors)).outcomes).toEqual(['validated'])
  })
  it('validated: schemas, and reads that raise', async () => {
    expect(
      await outcomes(validation, { 'src/env.ts': 'z.object({ A: z.string() }).parse(process.env)', 'src/a.ts': reads }),
    ).toEqual(['validated'])
    expect(
      await outcomes(validation, {
        'settings.py': 'os.environ["A"]; os.environ["B"]; os.environ["C"]; os.getenv("D")',
      }),
    ).toEqual(['validated'])
    expect(await outcomes(validation, { 'a.rb': 'ENV["A"]; ENV["B"]; ENV["C"]' })).toEqual(['none'])
  })
  it('skipped-in-production: for good, or because the image sets the switch', async () => {
    const env = 'createEnv({ server: { A: z.string() }, skipValidation: !!process.env.SKIP_ENV_VALIDATION })'
    expect(await outcomes(validation, { 'src/env.js': env })).toEqual(['validated'])
    expect(await outcomes(validation, { 'src/env.js': env, 'fly.toml': '[env]\nSKIP_ENV_VALIDATION = "1"\n' })).toEqual(
      ['skipped-in-production'],
    )
    expect(
      await outcomes(validation, {
        'src/env.js': env,
        '.github/workflows/ci.yml': 'env:\n  SKIP_ENV_VALIDATION: "1"\n',
      }),
    ).toEqual(['validated'])
    expect(
      await outcomes(validation, { 'src/env.js': 'createEnv({ server: { A: z.string() }, skipValidation: true })' }),
    ).toEqual(['skipped-in-production'])
  })
  it('skips where little is read', async () => {
    expect(await outcomes(validation, { 'a.ts': 'process.env.A' })).toEqual([
      'skip: the code needs fewer than three variables',
    ])
    expect(await outcomes(validation, { 'a.ts': '1' })).toEqual(['skip: the code needs no variable'])
  })
})

describe('what the product can do without', () => {
  const written = { '.env.example': 'APP_URL=\n', 'src/a.ts': 'process.env.APP_URL' }
  const undocumented = async (files: Record<string, string>): Promise<string[]> =>
    (await judged(inventory, { ...written, ...files })).findings
      .filter(one => one.outcome === 'undocumented')
      .map(one => one.severity)
  const schema = (field: string, before = '') => ({
    'src/env.ts': `import { z } from 'zod'\nimport { listed } from './lists'\n${before}export const env = z.object({ APP_URL: z.string(), ALLOWED: ${field} }).parse(process.env)\n`,
  })

  it.each<[string, Record<string, string>, string[]]>([
    ['a field that is demanded', schema('z.string()'), ['medium']],
    [
      'a helper that may be left out',
      schema(
        'words.pipe(z.array(z.string()))',
        'const words = z.preprocess(v => v, z.array(z.string()).optional())\n\n',
      ),
      ['low'],
    ],
    [
      'a change that gives a value',
      schema('z.preprocess(v => (v ? String(v).split(",") : []) ?? [], z.array(z.string()))'),
      ['low'],
    ],
    [
      'a helper that demands',
      schema('words.pipe(z.array(z.string()))', 'const words = z.string().min(1)\n\n'),
      ['medium'],
    ],
    ['a helper of another file', schema('listed'), ['low']],
    [
      'a package for other programs',
      {
        'packages/client/package.json': '{ "name": "@acme/client", "version": "1.0.0", "main": "index.js" }',
        'packages/client/index.ts': 'send(process.env.CLIENT_VERSION!)',
      },
      [],
    ],
    [
      'a package of the product',
      {
        'packages/pay/package.json': '{ "name": "@acme/pay", "private": true }',
        'packages/pay/need.ts': need,
        'packages/pay/index.ts': 'new Stripe(need("STRIPE_SECRET_KEY")); process.env.APP_URL',
      },
      ['medium'],
    ],
    [
      'a name that a bundler replaces',
      {
        'tsup.config.ts': "export default { define: { 'process.env.BUILD_NAME': 'x' } }",
        'src/b.ts': 'send(process.env.BUILD_NAME!)',
      },
      [],
    ],
    ['what only the compiler is told of', { 'src/b.ts': 'new Stripe(process.env.STRIPE_SECRET_KEY!)' }, ['medium']],
    [
      'a name that the program sets itself',
      { 'src/b.ts': 'process.env.MAIL_PLACE = settings.place\nsend(process.env.MAIL_PLACE)\n' },
      [],
    ],
    [
      'a name with a default in the parameters of Symfony',
      { 'config/services.yaml': "parameters:\n    env(SITE_FOLDERS): ''\n    folders: '%env(csv:SITE_FOLDERS)%'\n" },
      [],
    ],
    [
      'a header of the request',
      { 'src/L.php': "<?php $x = $_SERVER['HTTP_ACCEPT_LANGUAGE']; $y = $_SERVER['REQUEST_URI'];" },
      [],
    ],
    ['a setting of the server', { 'src/L.php': "<?php $x = $_SERVER['SHOP_MODE'];" }, ['medium']],
    [
      'a section for laptops',
      { 'config/packages/debug.yaml': 'when@dev:\n    debug:\n        to: "%env(DUMP_SERVER)%"\n' },
      [],
    ],
    [
      'a section for everybody',
      { 'config/packages/mail.yaml': 'when@dev:\n    a: 1\nmail:\n    dsn: "%env(MAIL_DSN)%"\n' },
      ['medium'],
    ],
    [
      'a name that is asked for first',
      {
        'config/initializers/s3.rb':
          "if ENV['S3_KEY'] &&\n   ENV['S3_REGION'] &&\n   x\n  a(ENV.fetch('S3_KEY'))\nend\n",
      },
      ['medium'],
    ],
  ])('%s', async (_name, files, expected) => {
    expect(await undocumented(files)).toEqual(expected)
  })
})
