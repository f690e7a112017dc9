// Kinds of values that were taken for secrets and are none, and kinds of secrets that were not seen.
import { describe, expect, it } from 'vitest'
import { scanText } from '../../../src/formats/secrets/scan.ts'
import { createVersionScanner } from '../../../src/formats/secrets/versions.ts'
import { makeUp, makeUpJwt } from '../../support/made-up-secrets.ts'

const live = (text: string, path: string) =>
  scanText(text, { path, where: 'repo' }).filter(hit => hit.class === 'live' || hit.class === 'test')
const random = makeUp('{A32}', 21)
const password = makeUp('Qv{d3}!{A9}', 22)

describe('no secret', () => {
  it.each([
    [
      'what a manual gives for an example',
      'INSTALL.md',
      `- KEY (required): Stripe key (ex: \`${makeUp('sk_~live_{A24}', 43)}\`)\n`,
    ],
    ['what a scanner is to pass over', '.gitleaks.toml', `regexes = ['''${makeUp('AK~IA{T16}', 44)}''']\n`],
    [
      'a key whose middle is left out',
      'src/form.tsx',
      `hint={\`-----BEGIN ${'RSA PRIVATE'} KEY-----\n${makeUp('{A64}', 45)}\n…\n${makeUp('{A64}', 46)}\n-----END ${'RSA PRIVATE'} KEY-----\`}\n`,
    ],
    [
      'a sentence under the name of a key',
      'gui/labels/en-US.json',
      '"auth_key": "Used to connect with the service and to sync its users with us now",\n',
    ],
    [
      'one of another language',
      'gui/labels/it-IT.json',
      '"auth_key": "Copia la Chiave Pubblica RSA, così è, dalle Impostazioni del > Dominio",\n',
    ],
    [
      'the name of a secret that is kept elsewhere',
      'deploy/config.prod.yaml',
      `.db: &DB {name: "DB_SECRET", valueFrom: "arn:aws:secretsmanager:eu-central-1:123:secret:shop/prod/database-encryption-secret-Ozx7B2"}\n`,
    ],
    [
      'a token in a folder of unit tests',
      'unittests/scans/report.jsonl',
      `{ "raw": "${makeUp('xo~xb-{d12}-{d12}-{A24}', 41)}" }`,
    ],
    ['an empty value before the next line', '.env', 'SMTP_PASSWORD=\nEMAIL_HOST_USER2=support@shop.net\n'],
    ['an empty key of YAML', 'compose.yml', '      DB_PASSWORD:\n    depends_on2: couch-Db1\n'],
    ['a message for what is missing', 'deploy.sh', ': "${DB_PASSWORD:?DB_PASSWORD is required2}"'],
    ['an alias of YAML', 'compose.yml', '  APP_PASSWORD: *db-password1\n'],
    ['an anchor before a default', 'compose.yml', '  DB_PASSWORD: &db-password1 postgres\n'],
    ['the hash of a password', 'database/x.php', `'password' => '$2y$10$${makeUp('{A53}', 4)}',`],
    ['rules of a form', 'app/LoginRequest.php', "'password' => 'required|min:8|confirmed',"],
    ['an expression to look for text with', 'deploy/entry.sh', `DB_PASSWORD='.*/DB_PASSWORD=$'`],
    ['what a server hands a request to', 'config/nginx.conf', 'uwsgi_pass=unix:///tmp/App1.socket'],
    ['sums that a scanner keeps', '.secrets.baseline', `"hashed_secret": "${makeUp('{h40}', 31)}"`],
    ['recorded data', 'src/settingsMockData.ts', `sharedSecret: "${random}"`],
    ['hashes of users', 'infra/userlist.txt', `"app" "SCRAM-SHA-256$4096:${makeUp('{B24}', 32)}"\n`],
    ['a route', 'src/a.ts', "const paths = { password: 'auth/reset_password/:token' }"],
    ['a route of Rails', 'config/routes.rb', 'match "/set_new_password" => "login#set_new_password"'],
    ['a rate', 'settings.py', '"change_password": "5/m/user",'],
    ['a default with a number behind it', 'src/seed2.ts', "const ADMIN_PASSWORD = 'Password#123'"],
    ['a run of letters and numbers', 'src/a.rb', `secret: "${'a1b2c3d4e5f6a7b8c9d0e1f2a3b4c5d6'}"`],
    ['the name of a registry key', 'src/a.rs', 'const NRPT_REG_KEY: &str = "{6C0507CB-C884-4A78-BC55-0ACEE21227F6}";'],
    ['the key of a report', 'src/a.rb', `s3_report_key = "${random}"`],
    [
      'a key of Azurite',
      'compose.yml',
      `AccountKey=${'Eby8vdM02xNOcqFlqU'}${'wJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=='}`,
    ],
    ['an example of an interface', 'openapi.json', `"example": "${makeUp('wh~sec_{A32}', 5)}"`],
    ['an example in a comment', 'src/v1.ts', ` * @example ${makeUp('wh~sec_{A32}', 5)}`],
    ['what a field shows while it is empty', 'src/form.tsx', `placeholder: "${makeUp('gl~oas-{h64}', 6)}",`],
    [
      'an example that a comment heads',
      'production.ini',
      `# Name a consumer.\n#\n# Example:\n#    api.key: shop\n#    api.secret: ${random}\nport = 1\n`,
    ],
    [
      'an address below such a heading',
      'config/production.js',
      `    // For example:\n    // \`\`\`\n    // session__url=redis://admin:${makeUp('{A14}', 23)}@cache.shop.net:9562/0\n`,
    ],
    ['what a generator writes', 'config/application.yml', `# PUSHER_SECRET: ${'abdc3b896a0f'}${'fb85d373'}\n`],
    [
      'the cases of a scanner',
      'src/rules/stripe.ts',
      `return [/sk_live_[0-9a-zA-Z]{24}/]\nconst cases = ['${makeUp('sk_~live_{A24}', 7)}']`,
    ],
    ['a token of Sentry whose last part is cut', 'src/a.ts', `const s = '${makeUp('sntr~ys_eyJ{A90}=_{A42}', 9)}'`],
    [
      'a token of Sentry whose last part is too long',
      'src/a.ts',
      `const s = '${makeUp('sntr~ys_eyJ{A90}=_{A44}', 9)}'`,
    ],
    [
      'an address in the search index of a manual',
      'search-doc-1725000000000.json',
      '{"t":"postgresql://shop:shopPass1@db:5432/shop_prod"}',
    ],
    ['a password of a seed', 'database/seeders/UserSeeder.php', `'api_secret' => '${random}'`],
    [
      'brackets that describe an address',
      'pkg/a.go',
      '// Format: redis://[[username][:password]@][host][:port][/database]',
    ],
  ])('%s', (_name, path, text) => expect(live(text, path).map(hit => [hit.rule, hit.variable])).toEqual([]))
})

describe('what is there to try with', () => {
  const classOf = (text: string, path: string) =>
    scanText(text, { path, where: 'repo' }).map(hit => `${hit.class} ${hit.confidence}`)
  const hook = makeUp('wh~sec_{A32}', 24)
  const google = makeUp('GOC~SPX-{A28}', 26)
  it.each([
    ['beside a test key', `stripe = '${makeUp('sk_~test_{A24}', 25)}'\nhook = '${hook}'`, 'a.rb', 'test certain'],
    ['alone', `// stripe\nhook = '${hook}'`, 'a.rb', 'live certain'],
    [
      'a mailbox that catches what is sent',
      `smtp = "smtps://${makeUp('{h14}', 27)}:${makeUp('{h14}', 28)}@smtp.mailtrap.io:465"`,
      'cfg.go',
      'test certain',
    ],
    ['a sample that says so', `# Keys for testing\nA=1\nSECRET=${google}`, '.env.example', 'live possible'],
    ['another paragraph of it', `# Keys for testing\nA=1\n\nSECRET=${google}`, '.env.example', 'live certain'],
    ['a file of production', `# Keys for testing\nSECRET=${google}`, '.env.production', 'live certain'],
    ['a comment without a heading', `# SECRET=${google}`, 'app.ini', 'live certain'],
    ['below the heading of another paragraph', `# Example:\n# a = 1\n#\n# SECRET=${google}`, 'app.ini', 'live certain'],
  ])('%s', (_name, text, path, expected) => expect(classOf(text, path).at(-1)).toBe(expected))
})

describe('a secret', () => {
  const jwt = makeUpJwt({ sub: '1', iat: 1_700_000_000, exp: 2_000_000_000 }, 8)
  it.each([
    ['marks inside a password', '.env', `DB_PASSWORD=Xk9{${makeUp('{A8}', 9)}<q$3\n`],
    ['a default of the shell', 'deploy.sh', `export JWT_SECRET="\${JWT_SECRET:-${random}}"`],
    [
      'a service of compose in production',
      'docker-compose.prod.yml',
      `DATABASE_URL: postgres://app:${makeUp('{A20}', 10)}@db:5432/app`,
    ],
    ['a signed token that lives for long', '.env', `API_TOKEN=${jwt}\n`],
    ['a key of two parts', '.env', `ACME_API_KEY=${makeUp('{A24}', 11)}.${makeUp('{A32}', 12)}\n`],
    ['bytes of Go', 'main.go', `jwtSecret := []byte("${random}")`],
    ['a joined name', 'run.sh', `PGPASSWORD=${password} psql -h db.shop.net`],
    ['a command of MySQL', 'run.sh', `mysql -h db.shop.net -u root -p${password} shop`],
    ['sshpass', 'run.sh', `sshpass -p ${password} ssh root@shop.net`],
    ['SQL', 'sql/roles.sql', `ALTER ROLE app WITH LOGIN PASSWORD '${password}';`],
    [
      'basic authentication',
      'src/a.ts',
      `headers: { Authorization: 'Basic ${Buffer.from(`admin:${password}`).toString('base64')}' }`,
    ],
    ['an authorization by token', 'src/a.ts', `headers: { Authorization: 'Token ${random}' }`],
    ['a key in an address', 'src/a.ts', `fetch('https://api.shop.net/v1?api_key=${random}')`],
    [
      'a client secret of Azure without a name',
      'src/a.ts',
      `new Credential(id, '${makeUp('{A3}', 13)}8Q~${makeUp('{A34}', 14)}')`,
    ],
    ['a bot of Telegram without a name', 'src/a.ts', `new Bot('${makeUp('{d10}:A~A{A33}', 15)}')`],
  ])('%s', (_name, path, text) => expect(live(text, path)).toHaveLength(1))

  it.each([
    ['a literal', `client.connect("46.62.135.100", username="root", password="${password}", timeout=20)`],
    ['a variable', `PW = "${password}"\nssh.connect('app.shop.net', username='root', password=PW)`],
    [
      'a list',
      `for pw in ["${password}", "x"]:\n  try:\n    c.connect("46.62.135.100", username="root", password=pw); break`,
    ],
    [
      'a list by name',
      `PASSWORDS = ["${password}"]\nfor pw in PASSWORDS:\n    c.connect("46.62.135.100", username="root", password=pw)`,
    ],
    ['an object', `await ssh.connect({ host: 'app.shop.net', username: 'deploy', password: '${password}' })`],
    ['a dictionary', `SERVER = {"host": "46.62.135.100", "port": 22, "username": "root", "password": "${password}"}`],
  ])('a login of a server, by %s', (_name, text) => {
    expect(live(text, 'scripts/deploy.py').filter(hit => hit.confidence === 'certain')).toMatchObject([
      { rule: 'server-login', secret: password },
    ])
  })

  it.each([
    ['of this machine', `c.connect("127.0.0.1", username="root", password="${password}")`],
    ['of a private network', `c.connect("192.168.1.20", username="root", password="${password}")`],
    ['of a manual', `c.connect("server.example.com", username="root", password="${password}")`],
    ['from the environment', 'c.connect("46.62.135.100", username="root", password=os.environ["PW"])'],
    ['that is asked for', 'pw = getpass()\nc.connect("46.62.135.100", username="root", password=pw)'],
    ['that is to be filled in', 'c.connect("46.62.135.100", username="root", password="your-password")'],
    ['of a form', `<Login username="anna" password="${password}" />`],
  ])('no login of a server: one %s', (_name, text) => {
    expect(live(text, 'scripts/deploy.py').filter(hit => hit.rule === 'server-login')).toEqual([])
  })

  it('key ids of AWS without a digit are some too', () => {
    expect(live(`k = '${makeUp('AK~IA', 1)}${'QWZXKJHVPLMRTYBN'}'`, 'src/a.ts')).toMatchObject([
      { rule: 'aws-access-key' },
    ])
  })

  it('is as sure as its shape and its place', () => {
    const sureness = (text: string, path: string) => live(text, path).map(hit => hit.confidence)
    expect(sureness(`SENDGRID = '${makeUp('SG~.{s22}.{s43}', 2)}'`, 'src/a.py')).toEqual(['certain'])
    expect(sureness(`JWT_SECRET=${random}\n`, '.env.production')).toEqual(['likely'])
    expect(sureness(`db_password: ${random}\n`, 'config/prod.yml')).toEqual(['likely'])
    expect(sureness(`const jwtSecret = '${random}'`, 'src/a.ts')).toEqual(['possible'])
  })
})

describe('versions of one file', () => {
  const body = Array.from({ length: 400 }, (_, at) => `line ${at} of a long file`).join('\n')
  const secret = makeUp('sk_~live_{A24}', 16)
  it('finds in the second version what stands in the part that is as before, at its new place', () => {
    const scan = createVersionScanner()
    const before = `${body}\nkey = '${secret}'\n${body}`
    const [first] = scan('a.ts', before)
    const [second] = scan('a.ts', `first line\n${before}`)
    expect([first?.line, second?.line, second?.secret]).toEqual([401, 402, secret])
    expect(scan('a.ts', `first line\n${body}\n${body}`)).toEqual([])
    expect(scan('a.ts', `first line\n${body}\nkey = '${secret}'\n${body}`)).toHaveLength(1)
  })
  it('reads what stands above a secret again with it', () => {
    const scan = createVersionScanner()
    const shown = `# Example:\n# api.key: shop\n# api.secret: ${random}\nport = 1\n`
    const lines = (count: number, word: string): string => `${word} = 1\n`.repeat(count)
    for (let behind = 80; behind < 100; behind++) {
      const at = (word: string) =>
        `${lines(600, 'before')}${shown}${lines(behind, 'behind')}${word} = 2\n${lines(600, 'after')}`
      scan('a.ini', at('old'))
      expect(scan('a.ini', at('new')).filter(hit => hit.class === 'live')).toEqual([])
    }
  })
})

describe('what only looks like a live secret', () => {
  const hex64 = makeUp('{h64}', 71)
  const pem = `-----BEGIN ${'PRIVATE'} KEY-----\n${makeUp('{B1600}', 72)}\n-----END ${'PRIVATE'} KEY-----\n`
  const certain = (text: string, path: string) =>
    live(text, path)
      .filter(hit => hit.confidence !== 'possible')
      .map(hit => `${hit.provider} ${hit.what}: ${hit.confidence}`)
  it.each<[string, string, string, string[]]>([
    ['a slug that ends in an id', 'docs.ts', `// https://wiki.test/Remove-an-old-key-${makeUp('{h32}', 70)}`, []],
    ['a key of the same shape', 'src/mail.ts', `mail('${makeUp('key~-{h32}', 70)}')`, ['Mailgun API key: certain']],
    ['a section for laptops', 'config/secrets.yml', `development:\n  secret_key_base: ${makeUp('{h128}', 73)}\n`, []],
    [
      'a section for customers',
      'config/secrets.yml',
      `development:\n  a: 1\nproduction:\n  secret_key_base: ${makeUp('{h128}', 73)}\n`,
      ['Rails session secret: likely'],
    ],
    ['an answer in a collection of requests', 'api/Create.bru', `"privateKey": "${hex64}"`, []],
    ['a bare key of 64 digits', 'src/a.ts', `const privateKey = '${hex64}'`, ['your application private key: likely']],
    ['a wallet', 'src/a.ts', `const privateKey = '0x${hex64}'`, ['Ethereum wallet private key: certain']],
    ['a key that signs itself', 'priv/cert/saml_selfsigned_key.pem', pem, []],
    ['a key of a sample', 'ssl/default.pem', pem, []],
    ['a key of a server', 'ssl/shop.pem', pem, ['your servers private key: certain']],
    ['a key of the steps of a test', 'features/step_definitions/keys.rb', pem, []],
    [
      'an old DSN',
      'config/sentry.php',
      `'dsn' => 'https://${makeUp('{h32}', 75)}:${makeUp('{h32}', 76)}@sentry.io/118877'`,
      [],
    ],
    ['words in disguise', 'docker/app.env', 'APP_KEY=S0m3R@nd0mStr1ngOf32Ch4rs3x4ct1\n', []],
    [
      'a signing secret of nobody known',
      'src/hook.ts',
      `verify(body, '${makeUp('wh~sec_{A32}', 74)}')`,
      ['your webhooks webhook signing secret: certain'],
    ],
    [
      'a signing secret of Stripe',
      'src/hook.ts',
      `stripe.verify(body, '${makeUp('wh~sec_{A32}', 74)}')`,
      ['Stripe webhook signing secret: certain'],
    ],
  ])('%s', (_name, path, text, expected) => expect(certain(text, path)).toEqual(expected))
})
