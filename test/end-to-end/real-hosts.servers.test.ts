// The real program against Apache, Caddy, a bundle built by Vite, an application's debug pages and a login with every fault of a cookie.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, extname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Report } from '../../src/core/report.ts'
import { type RunningWorld, startWorld } from '../../src/lab/start.ts'
import { loadWorld } from '../../src/lab/world.ts'
import { leaf } from '../support/certificates.ts'
import { freePort } from '../support/free-port.ts'
import { auditWorld } from '../support/lab-audit.ts'
import { makeUp, makeUpJwt } from '../support/made-up-secrets.ts'
import { untilOpen } from '../support/until-open.ts'

const domain = 'workshop.example'
const names = ['www', 'files', 'plain', 'caddy', 'browse', 'spa', 'express', 'django', 'login'] as const
type Name = (typeof names)[number]
const host = (name: Name): string => `${name}.${domain}`
const addressOf = (name: Name): string => `203.0.113.${20 + names.indexOf(name)}`

const folder = mkdtempSync(join(tmpdir(), 'launch-ready-real-'))
const at = (...parts: string[]): string => join(folder, ...parts)
const put = (path: string, text: string | Buffer): void => {
  mkdirSync(dirname(at(path)), { recursive: true })
  writeFileSync(at(path), text)
}
const page = (title: string, body: string): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title></head><body><h1>${title}</h1>${body}</body></html>`

const processes: ChildProcess[] = []
const servers: Server[] = []
const ports = new Map<Name, number>()
let running: RunningWorld

/** Apache with Debian's own modules: one site that lists and holds a repository, one sound. */
const startApache = async (): Promise<void> => {
  const [files, plain] = [await freePort(), await freePort()]
  const modules = '/usr/lib/apache2/modules'
  put('apache/files/report-2026.pdf', '%PDF-1.4')
  put('apache/files/uploads/clients.csv', 'name,mail')
  put(
    'apache/files/backup.sql',
    '-- MySQL dump 10.13\nCREATE TABLE `users` (`id` int);\nINSERT INTO `users` VALUES (1);\n',
  )
  execFileSync('git', ['init', '-q', '-b', 'main', at('apache/files')])
  put('apache/plain/index.html', page('Plain', '<p>A page of a small workshop that mends clocks.</p>'))
  put('apache/plain/uploads/clients.csv', 'name,mail')
  const site = (port: number, root: string, options: string): string =>
    `Listen 127.0.0.1:${port}\n<VirtualHost 127.0.0.1:${port}>\nServerName ${root}.${domain}\nDocumentRoot ${at('apache', root)}\nSSLEngine on\nSSLCertificateFile ${at('cert.pem')}\nSSLCertificateKeyFile ${at('key.pem')}\n<Directory ${at('apache', root)}>\nOptions ${options}\nRequire all granted\n</Directory>\n</VirtualHost>`
  put(
    'apache.conf',
    `ServerRoot ${folder}\nServerName localhost\nPidFile ${at('apache.pid')}\nErrorLog ${at('apache.log')}\nServerTokens Prod\n${[
      'mpm_event',
      'authz_core',
      'dir',
      'autoindex',
      'mime',
      'ssl',
      'socache_shmcb',
      'alias',
    ]
      .map(name => `LoadModule ${name}_module ${modules}/mod_${name}.so`)
      .join(
        '\n',
      )}\nTypesConfig /etc/mime.types\nDirectoryIndex index.html\nUser www-data\nGroup www-data\n${site(files, 'files', '+Indexes')}\n${site(plain, 'plain', '-Indexes')}\n`,
  )
  execFileSync('chmod', ['-R', 'a+rX', folder])
  const apache = spawn('apache2', ['-f', at('apache.conf'), '-DFOREGROUND'], { stdio: ['ignore', 'ignore', 'inherit'] })
  processes.push(apache)
  ports.set('files', files).set('plain', plain)
  await untilOpen(files, apache)
}

/** Caddy: its own welcome page, and a site that browses and leaves an environment file. */
const startCaddy = async (): Promise<void> => {
  const [caddy, browse] = [await freePort(), await freePort()]
  const welcome = ['/usr/share/caddy/index.html'].find(existsSync)
  put('caddy/welcome/index.html', welcome ? readFileSync(welcome) : '<title>Caddy works!</title>')
  put('caddy/browse/notes/a.txt', 'a')
  put('caddy/browse/.env', `DATABASE_URL=postgres://shop:${makeUp('{A20}')}@db/shop\nMODE=production\n`)
  const tls = `tls ${at('cert.pem')} ${at('key.pem')}`
  put(
    'Caddyfile',
    `{\n\tadmin off\n\tauto_https off\n\tstorage file_system ${at('caddy-data')}\n}\nhttps://${host('caddy')}:${caddy} {\n\tbind 127.0.0.1\n\t${tls}\n\troot * ${at('caddy/welcome')}\n\tfile_server\n}\nhttps://${host('browse')}:${browse} {\n\tbind 127.0.0.1\n\t${tls}\n\troot * ${at('caddy/browse')}\n\tfile_server browse\n}\n`,
  )
  const server = spawn('caddy', ['run', '--config', at('Caddyfile'), '--adapter', 'caddyfile'], {
    stdio: 'ignore',
    env: { ...process.env, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder },
  })
  processes.push(server)
  ports.set('caddy', caddy).set('browse', browse)
  await untilOpen(caddy, server)
}

const planted = {
  stripe: makeUp('sk_~live_51{A97}'),
  resend: makeUp('re_~{A8}_{A24}'),
  anon: makeUpJwt({ iss: 'supabase', ref: 'abcdefabcdefabcdefab', role: 'anon', exp: 2_015_576_000 }),
  service: makeUpJwt({ iss: 'supabase', ref: 'abcdefabcdefabcdefab', role: 'service_role', exp: 2_015_576_000 }),
}

/** A single-page app as Vite builds it, with what people leave in: keys, an address of their machine, source maps. */
const buildSpa = async (): Promise<void> => {
  const { build } = await import('vite')
  put(
    'spa/index.html',
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Workshop</title></head><body><div id="root"></div><script type="module" src="/main.js"></script></body></html>',
  )
  put(
    'spa/main.js',
    `const url = import.meta.env.VITE_API ?? 'http://localhost:5000'\nexport const anon = '${planted.anon}'\ndocument.getElementById('root').textContent = anon.slice(0, 3)\nfetch(\`\${url}/orders\`)\ndocument.addEventListener('click', async () => { const { pay } = await import('./billing.js'); pay() })\n`,
  )
  put(
    'spa/billing.js',
    `const key = '${planted.stripe}'\nexport const pay = () => fetch('https://api.stripe.com/v1/charges', { method: 'POST', headers: { authorization: 'Bearer ' + key } })\n`,
  )
  put('spa/.env.production', `VITE_SUPABASE=${planted.service}\n`)
  put('spa/mail.js', '// unused\n')
  await build({
    root: at('spa'),
    configFile: false,
    logLevel: 'silent',
    define: { MAIL: JSON.stringify(planted.resend) },
    build: { sourcemap: true, outDir: at('spa/dist') },
  })
  // What a server puts into the page for its scripts.
  put(
    'spa/dist/index.html',
    readFileSync(at('spa/dist/index.html'), 'utf8').replace(
      '</body>',
      `<script id="__NEXT_DATA__" type="application/json">{"props":{"db":"${planted.service}"}}</script></body>`,
    ),
  )
}

type Answer = { status: number; headers?: Record<string, string | string[]>; body: string | Buffer }
const serve = async (name: Name, answer: (path: string) => Answer): Promise<void> => {
  const server = createServer(
    { cert: readFileSync(at('cert.pem')), key: readFileSync(at('key.pem')) },
    (request, response) => {
      const { status, headers, body } = answer(request.url ?? '/')
      response.writeHead(status, { 'content-type': 'text/html; charset=utf-8', ...headers })
      response.end(body)
    },
  )
  server.listen(0, '127.0.0.1')
  await new Promise(done => server.once('listening', done))
  servers.push(server)
  ports.set(name, (server.address() as AddressInfo).port)
}

const types: Record<string, string> = { '.js': 'text/javascript', '.map': 'application/json', '.css': 'text/css' }
const spaAnswer = (path: string): Answer => {
  const file = at('spa/dist', path)
  const known = existsSync(file) && statSync(file).isFile()
  return {
    status: 200,
    headers: known ? { 'content-type': types[extname(path)] ?? 'text/plain' } : {},
    body: readFileSync(known ? file : at('spa/dist/index.html')),
  }
}

/** As Express and finalhandler answer outside production, and Django with DEBUG. */
const expressError = `<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>Error</title>\n</head>\n<body>\n<pre>URIError: Failed to decode param &#39;/%c0%ae&#39;<br> &nbsp; &nbsp;at decodeURIComponent (&lt;anonymous&gt;)<br> &nbsp; &nbsp;at decode_param (/srv/app/node_modules/express/lib/router/layer.js:172:12)<br> &nbsp; &nbsp;at Layer.match (/srv/app/node_modules/express/lib/router/layer.js:148:15)</pre>\n</body>\n</html>\n`
const djangoError = `<!DOCTYPE html>\n<html lang="en">\n<head><title>Page not found at /x</title></head>\n<body><header id="summary"><h1>Page not found <small>(404)</small></h1></header><main id="info"><p>Using the URLconf defined in <code>shop.urls</code>, Django tried these URL patterns, in this order:</p></main>\n<footer id="explanation"><p>\n      You’re seeing this error because you have <code>DEBUG = True</code> in\n      your Django settings file. Change that to <code>False</code>, and Django\n      will display a standard 404 page.\n    </p></footer>\n</body>\n</html>`
const cookies = [
  'session=a1b2c3d4e5f6; Path=/; HttpOnly; SameSite=Lax',
  'auth_token=a1b2c3d4e5f6; Path=/; Secure; SameSite=Lax',
  'sid=a1b2c3d4e5f6; Path=/; Secure; HttpOnly',
  'sessionid=a1b2c3d4e5f6; Path=/; HttpOnly; SameSite=None',
  `connect.sid=a1b2c3d4e5f6; Path=/; Domain=${domain}; Secure; HttpOnly; SameSite=Lax`,
  'theme=dark; Path=/',
  '_ga=GA1.1.1; Path=/',
  'XSRF-TOKEN=a1b2c3d4e5f6; Path=/; Secure; SameSite=Lax',
]

beforeAll(async () => {
  const { cert, key } = leaf(names.map(host))
  put('cert.pem', cert)
  put('key.pem', key)
  const zone = names.map(name => `${name} 300 A ${addressOf(name)}`).join('\n      ')
  running = await startWorld(
    loadWorld(
      `name: real hosts\ndomain: ${domain}\nzones:\n  ${domain}:\n    servers: [192.0.2.53]\n    records: |\n      @ 3600 NS ns1\n      ns1 3600 A 192.0.2.53\n      @ 300 A ${addressOf('www')}\n      ${zone}\n`,
    ),
  )
  await Promise.all([startApache(), startCaddy(), buildSpa()])
  const links = names.map(name => `<a href="https://${host(name)}/">${name}</a>`).join(' ')
  await serve('www', path =>
    path === '/'
      ? { status: 200, body: page('Workshop', links) }
      : { status: 404, body: page('Not found', '<a href="/">Start</a>') },
  )
  await serve('spa', spaAnswer)
  await serve('express', path =>
    path === '/'
      ? { status: 200, body: page('Orders', '<p>Orders of the week.</p>') }
      : { status: 400, body: expressError },
  )
  await serve('django', path =>
    path === '/' ? { status: 200, body: page('Shop', '<p>Clocks and parts.</p>') } : { status: 404, body: djangoError },
  )
  const form = '<form method="post"><input name="email"><input type="password" name="p"><button>Log in</button></form>'
  await serve('login', (path): Answer => {
    if (path === '/') return { status: 302, headers: { location: '/login' }, body: '' }
    if (path !== '/login') return { status: 404, body: page('Not found', '<a href="/">Start</a>') }
    return { status: 200, headers: { 'set-cookie': cookies }, body: page('Log in', form) }
  })
}, 60_000)

afterAll(async () => {
  for (const child of processes) child.kill('SIGTERM')
  for (const server of servers) server.close()
  await running.close()
  rmSync(folder, { recursive: true, force: true })
})

const checks = [
  'exposed-files',
  'directory-listing',
  'error-pages',
  'placeholder-page',
  'secret-in-bundle',
  'source-maps',
  'development-endpoint',
  'session-cookie',
]
let report: Promise<Report> | undefined
const audit = (): Promise<Report> => {
  report ??= auditWorld(running, [
    ...names.flatMap(name => ['--connect-to', `${addressOf(name)}:443:127.0.0.1:${ports.get(name)}`]),
    '--only',
    ...checks,
  ]).then(run => run.report)
  return report
}
const said = async (name: Name): Promise<string[]> =>
  (await audit()).findings
    .filter(item => item.subject === host(name) || item.subject.startsWith(`https://${host(name)}/`))
    .map(item => `${item.check} ${item.outcome}`)
    .sort()

describe('servers as people run them', () => {
  it.each<[Name, string[]]>([
    ['www', []],
    [
      'files',
      [
        'directory-listing listed',
        'exposed-files repository-readable',
        'exposed-files secrets-readable',
        'placeholder-page default-page',
      ],
    ],
    ['plain', []],
    ['caddy', ['placeholder-page default-page']],
    ['browse', ['directory-listing listed', 'exposed-files secrets-readable']],
    [
      'spa',
      [
        'development-endpoint present',
        'secret-in-bundle live-secret',
        'secret-in-bundle service-role-key',
        'source-maps with-sources',
      ],
    ],
    ['express', ['error-pages debug-mode']],
    ['django', ['error-pages debug-mode']],
    [
      'login',
      [
        'session-cookie no-httponly',
        'session-cookie no-samesite',
        'session-cookie no-secure',
        'session-cookie parent-domain',
        'session-cookie samesite-none-insecure',
      ],
    ],
  ])('%s', async (name, expected) => expect(await said(name)).toEqual(expected))

  it('keys made to be public are not held against it, and none is shown', async () => {
    const text = JSON.stringify(await audit())
    for (const secret of Object.values(planted)) expect(text).not.toContain(secret)
    expect(readdirSync(at('spa/dist/assets')).some(name => name.startsWith('billing-'))).toBe(true)
  })
})
