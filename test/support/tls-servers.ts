// nginx and `openssl s_server` on loopback, one port for each chain and configuration; they serve what nobody should.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePorts } from './free-port.ts'
import type { Made } from './tls-certificates.ts'
import { untilOpen } from './until-open.ts'

export type TlsCase = {
  name: string
  /** The chain as sent; the first one's key is the server's. */
  chain: Made[]
  /** A second chain, for another type of key. */
  second?: Made[]
  /** nginx directives; `DH1024` and `DH2048` are files with such a group. */
  nginx?: string
  /** Arguments of s_server instead. */
  openssl?: string[]
}

const pem = (chain: readonly Made[]): string => chain.map(made => made.pem).join('')

export const startTlsServers = async (cases: readonly TlsCase[]): Promise<{ ports: number[]; stop: () => void }> => {
  const folder = mkdtempSync(join(tmpdir(), 'launch-ready-tls-'))
  const path = (name: string): string => join(folder, name)
  const ports = await freePorts(cases.length)
  mkdirSync(path('logs'))
  writeFileSync(
    path('openssl.cnf'),
    'openssl_conf = a\n[a]\nssl_conf = b\n[b]\nsystem_default = c\n[c]\nMinProtocol = None\nCipherString = ALL:@SECLEVEL=0\n',
  )
  const env = { ...process.env, OPENSSL_CONF: path('openssl.cnf') }
  for (const bits of ['1024', '2048'])
    execFileSync('openssl', ['dhparam', '-dsaparam', '-out', path(`DH${bits}`), bits], { stdio: 'ignore' })
  const withPaths = (text: string): string => text.replace(/\bDH\d{4}\b/g, file => path(file))
  const files = (name: string): string =>
    `ssl_certificate ${path(`${name}.pem`)}; ssl_certificate_key ${path(`${name}.key`)};`
  const openssls = new Map<number, ChildProcess>()
  const blocks = cases.map((each, index) => {
    writeFileSync(path(`${index}.pem`), pem(each.chain))
    writeFileSync(path(`${index}.key`), each.chain[0]!.key)
    writeFileSync(path(`${index}.rest.pem`), pem(each.chain.slice(1)))
    if (each.second) {
      writeFileSync(path(`${index}.second.pem`), pem(each.second))
      writeFileSync(path(`${index}.second.key`), each.second[0]!.key)
    }
    if (each.openssl) return ''
    const more = withPaths(each.nginx ?? '').replace(/(ssl_ciphers [^;]+)/, '$1:@SECLEVEL=0')
    return `server { listen 127.0.0.1:${ports[index]} ssl; ${files(String(index))} ${each.second ? files(`${index}.second`) : ''} ${more} default_type text/html; return 200 "<h1>ok</h1>"; }`
  })
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(name => `${name}_temp_path ${path(name)};`)
  writeFileSync(
    path('nginx.conf'),
    `daemon off; master_process off; pid ${path('pid')}; error_log ${path('logs/error.log')}; events { worker_connections 1024; }
     http { access_log off; ${temporary.join(' ')}\n${blocks.join('\n')} }`,
  )
  const nginx = spawn('nginx', ['-p', folder, '-c', path('nginx.conf'), '-e', path('logs/error.log')], {
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  for (const [index, { openssl, chain }] of cases.entries()) {
    if (!openssl) continue
    const rest = chain.length > 1 ? ['-cert_chain', path(`${index}.rest.pem`)] : []
    const own = ['-cert', path(`${index}.pem`), '-key', path(`${index}.key`), ...rest]
    openssls.set(
      index,
      spawn(
        'openssl',
        ['s_server', '-www', '-accept', `127.0.0.1:${ports[index]}`, ...own, ...openssl.map(withPaths)],
        {
          env,
          stdio: ['ignore', 'ignore', 'ignore'],
        },
      ),
    )
  }
  await Promise.all(ports.map((port, index) => untilOpen(port, openssls.get(index) ?? nginx, () => cases[index]!.name)))
  return {
    ports,
    stop: () => {
      for (const child of [nginx, ...openssls.values()]) child.kill()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
