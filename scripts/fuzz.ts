// `npm run fuzz -- --seconds 60 --seed 1`: random worlds, repositories, mails and answers, until the time is over. What ends with a defect, what
// does not end and what overflows is printed with the seed that makes it again.
import { globSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { runInThisContext } from 'node:vm'
import fc from 'fast-check'
import { stringify } from 'yaml'
import { startWorld } from '../src/lab/start.ts'
import { loadWorld } from '../src/lab/world.ts'
import { main } from '../src/main.ts'
import { systemClock } from '../src/net/clock.ts'
import { argumentsFor, placesIn, readModule } from '../test/support/made-arguments.ts'

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '60' }, seed: { type: 'string' } } })
const until = performance.now() + Number(values.seconds) * 1000
const first = values.seed === undefined ? Date.now() % 1_000_000_007 : Number(values.seed)

const program = async (words: readonly string[], { cwd = tmpdir(), input = '' } = {}): Promise<void> => {
  let said = ''
  const say = (text: string): void => {
    said += text
  }
  const deadline = new AbortController()
  const timer = setTimeout(() => deadline.abort(), 60_000)
  const io = {
    out: say,
    err: say,
    stdin: async () => input,
    env: { PATH: process.env['PATH'], LAUNCH_READY_OFFLINE: '1' },
    cwd,
    columns: null,
  }
  const code = await main(words, {
    ...io,
    errIsTerminal: false,
    interactive: false,
    signal: deadline.signal,
    clock: systemClock,
  })
  clearTimeout(timer)
  if (deadline.signal.aborted) throw new Error(`${words.join(' ')} took longer than a minute`)
  if (![0, 1, 2, 3].includes(code) || said.includes('defect of'))
    throw new Error(`${words.join(' ')} ended with ${code}:\n${said.slice(-3000)}`)
}

const piece = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.string({ unit: 'grapheme', maxLength: 20 }),
  fc.constantFrom(
    ' ',
    '\n',
    '\t',
    '\r\n',
    '\0',
    '\u001b[31m',
    '"',
    "'",
    '`',
    '\\',
    '(',
    ')',
    '[',
    ']',
    '{',
    '}',
    '<',
    '>',
    '=',
    ':',
    ';',
    ',',
    '/',
    '*',
    '#',
    '$',
    '${',
    '%',
    '&',
    '|',
    '--',
    '<!--',
    '/*',
    '*/',
    '://',
    '@',
    '..',
  ),
)

/** Text of pieces and of the words given, some of them many times. */
const textOf = (words: readonly string[], maxLength = 60): fc.Arbitrary<string> => {
  const one = words.length ? fc.oneof(piece, fc.constantFrom(...words)) : piece
  return fc
    .array(fc.tuple(one, fc.oneof({ weight: 9, arbitrary: fc.constant(1) }, fc.integer({ min: 2, max: 400 }))), {
      maxLength,
    })
    .map(parts =>
      parts
        .map(([text, times]) => text.repeat(times))
        .join('')
        .slice(0, 20_000),
    )
}

const modules = globSync('src/formats/**/*.ts')
  .map(path => resolve(path))
  .filter(path => readModule(path).functions.size > 0)

const readerDeadline = 5_000

/** A reader of any module, any text in any place: it answers or refuses, in time. */
const readers = fc.constantFrom(...modules).chain(path =>
  fc.record({
    path: fc.constant(path),
    name: fc.constantFrom(...readModule(path).functions.keys()),
    text: textOf(readModule(path).texts),
    place: fc.nat(5),
  }),
)
const read = async ({
  path,
  name,
  text,
  place,
}: {
  path: string
  name: string
  text: string
  place: number
}): Promise<void> => {
  const params = readModule(path).functions.get(name)!
  const places = placesIn(path, params)
  const module = (await import(path)) as Record<string, (...given: unknown[]) => unknown>
  const given = argumentsFor(path, params, text, places === 0 ? 0 : place % places)
  let answer: unknown
  Object.assign(globalThis, {
    fuzzedCall: () => {
      answer = module[name]!(...given)
    },
  })
  try {
    runInThisContext('fuzzedCall()', { timeout: readerDeadline })
    await answer
  } catch (error) {
    const { code, message } = error as { code?: string; message: string }
    if (code === 'ERR_SCRIPT_EXECUTION_TIMEOUT' || /call stack|Invalid string length|heap/.test(message))
      throw new Error(`${path} ${name}: ${message}`)
  }
}

const headerNames = [
  'From',
  'To',
  'Subject',
  'Date',
  'Message-ID',
  'Received',
  'DKIM-Signature',
  'Authentication-Results',
  'ARC-Seal',
  'ARC-Message-Signature',
  'List-Unsubscribe',
  'Content-Type',
  'Content-Transfer-Encoding',
  'Return-Path',
  'MIME-Version',
]
const mails = fc
  .tuple(
    fc.array(
      fc.tuple(
        fc.constantFrom(...headerNames),
        textOf(
          [
            'v=1; a=rsa-sha256;',
            'd=a.test;',
            'multipart/mixed; boundary="a"',
            'text/html; charset=utf-8',
            'base64',
            'quoted-printable',
            '=?utf-8?B?',
            'from a by b with ESMTPS;',
          ],
          10,
        ),
      ),
      { maxLength: 15 },
    ),
    textOf(['--a', '<a href="https://a.test/">', '<img src=', '=3D', '\r\n\r\n'], 30),
  )
  .map(([headers, body]) => `${headers.map(([name, value]) => `${name}: ${value}`).join('\r\n')}\r\n\r\n${body}`)
const readMail = (mail: string): Promise<void> =>
  program(['email', 'message', '-', '--timeout', '0.2', '--resolver', '127.0.0.1:1', '--no-config'], { input: mail })

const fileNames = [
  'package.json',
  'package-lock.json',
  'pnpm-lock.yaml',
  'yarn.lock',
  'Dockerfile',
  '.dockerignore',
  '.github/workflows/ci.yml',
  '.gitlab-ci.yml',
  '.env',
  '.env.example',
  'compose.yaml',
  'prisma/schema.prisma',
  'migrations/001_a.sql',
  'migrations/20260101_a.js',
  'app/migrations/0001_a.py',
  'alembic/versions/a.py',
  'db/migrate/20260101000000_a.rb',
  'database/migrations/2026_01_01_000000_a.php',
  'Procfile',
  'fly.toml',
  'vercel.json',
  'render.yaml',
  'requirements.txt',
  'pyproject.toml',
  'Gemfile',
  'go.mod',
  'src/a.ts',
  'src/b.py',
  'README.md',
  '.nvmrc',
  'tsconfig.json',
]
const repositories = fc
  .uniqueArray(fc.constantFrom(...fileNames), { minLength: 1, maxLength: 8 })
  .chain(names =>
    fc.tuple(
      ...names.map(name =>
        fc.tuple(
          fc.constant(name),
          textOf(
            [
              'name',
              'scripts',
              'FROM node',
              'RUN npm ci',
              'on: push',
              'jobs:',
              '- run: ',
              'KEY=',
              'process.env.A',
              'os.environ["A"]',
              'ALTER TABLE a',
              'CREATE TABLE a (',
              'op.add_column(',
              'add_column :a, :b',
              '{"dependencies":{',
              '"a": "^1.0.0"',
              '}}',
            ],
            30,
          ),
        ),
      ),
    ),
  )
const readRepository = async (files: readonly (readonly [string, string])[]): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), 'fuzz-'))
  try {
    for (const [path, text] of files) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), text)
    }
    await program(['deploy', '.', '--fail-on', 'never', '--no-config'], { cwd: folder })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const plain = (text: string): string => text.replace(/[^\x20-\x7e]/g, '').slice(0, 4000)
const worlds = fc.record({
  body: textOf(
    [
      '<a href="/a">',
      '<form method=post>',
      '<script>',
      '<img srcset="',
      '<style>url(',
      '<meta name=viewport content="',
      '</script>',
      '<title>',
    ],
    60,
  ),
  header: fc.constantFrom(
    'content-security-policy',
    'strict-transport-security',
    'set-cookie',
    'link',
    'x-robots-tag',
    'cache-control',
    'server',
    'content-type',
  ),
  value: textOf(['max-age=', 'default-src', "'self'", 'Secure', 'text/html'], 20).map(plain),
  txt: textOf(['v=spf1', 'include:a.coachdash.example', '-all', 'v=DMARC1;', 'p=none', 'rua=mailto:a@b.test'], 20).map(
    text => plain(text).replace(/["\\]/g, '').slice(0, 250),
  ),
})
const readWorld = async ({
  body,
  header,
  value,
  txt,
}: {
  body: string
  header: string
  value: string
  txt: string
}): Promise<void> => {
  const running = await startWorld(
    loadWorld(
      stringify({
        name: 'fuzz',
        domain: 'coachdash.example',
        zones: {
          'coachdash.example': {
            servers: ['192.0.2.53'],
            records: `@ NS ns1\nns1 A 192.0.2.53\n@ A 192.0.2.10\n@ TXT "${txt}"\n_dmarc TXT "${txt}"`,
          },
        },
        hosts: { 'coachdash.example': { headers: { [header]: value.trim() || 'a' }, routes: { '/': { body } } } },
      }),
    ),
  )
  try {
    await program(['audit', 'coachdash.example', ...running.args(), '--timeout', '1', '--fail-on', 'never'], {
      cwd: running.cwd,
    })
  } finally {
    await running.close()
  }
}

type Target = { name: string; runs: number; check: (seed: number, runs: number) => Promise<fc.RunDetails<unknown>> }
const target = <T>(
  name: string,
  runs: number,
  arbitrary: fc.Arbitrary<T>,
  property: (value: T) => Promise<void>,
): Target => ({
  name,
  runs,
  check: (seed, numRuns) =>
    fc.check(fc.asyncProperty(arbitrary, property), { seed, numRuns, endOnFailure: true }) as Promise<
      fc.RunDetails<unknown>
    >,
})
const targets = [
  target('readers', 300, readers, read),
  target('mails', 5, mails, readMail),
  target('repositories', 2, repositories, readRepository),
  target('worlds', 1, worlds, readWorld),
]

console.log(`seed ${first}`)
const done: Record<string, number> = {}
for (let seed = first; performance.now() < until; seed++)
  for (const { name, runs, check } of targets) {
    if (performance.now() >= until) break
    const result = await check(seed, runs)
    done[name] = (done[name] ?? 0) + result.numRuns
    if (!result.failed) continue
    console.error(
      `${name} failed with seed ${seed}: npm run fuzz -- --seed ${seed}\n${String((result.errorInstance as Error | undefined)?.stack ?? '').slice(0, 1000)}\n${fc.defaultReportMessage(result)?.slice(0, 6000)}`,
    )
    process.exit(1)
  }
console.log(
  `no crash and no hang: ${Object.entries(done)
    .map(([name, count]) => `${count} ${name}`)
    .join(', ')}`,
)
process.exit(0)
