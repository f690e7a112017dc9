// The redirect rules in the real servers: nginx and Caddy load them, and every spelling is walked again. Apache checks their syntax.
import { execFileSync, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import {
  apacheRules,
  caddyRules,
  cloudflareRules,
  netlifyRules,
  nginxRules,
  vercelRules,
} from '../../src/formats/http/redirect-rules.ts'
import { systemClock } from '../../src/net/clock.ts'
import { createNetwork } from '../../src/net/create-network.ts'
import { freePort } from '../support/free-port.ts'
import { ended, untilOpen } from '../support/until-open.ts'

const folder = mkdtempSync(join(tmpdir(), 'launch-ready-redirects-'))
const stops: (() => Promise<void>)[] = []
afterAll(async () => {
  for (const stop of stops) await stop()
  rmSync(folder, { recursive: true, force: true })
})

const input = { origin: 'https://www.coach.example', hosts: ['coach.example'] }
const starts = [
  'http://coach.example/a/b?c=d&e=f%20g',
  'https://coach.example/a/b?c=d&e=f%20g',
  'http://www.coach.example/a/b?c=d&e=f%20g',
  'https://coach.example/',
  'http://coach.example/',
]

const certificate = (): { cert: string; key: string } => {
  const [cert, key] = [join(folder, 'fullchain.pem'), join(folder, 'privkey.pem')]
  execFileSync(
    'openssl',
    [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
      '-nodes',
      '-days',
      '2',
      '-subj',
      '/CN=coach.example',
      '-addext',
      'subjectAltName=DNS:coach.example,DNS:www.coach.example',
      '-keyout',
      key,
      '-out',
      cert,
    ],
    { stdio: 'ignore' },
  )
  return { cert, key }
}

/** Walks each start once and says status and Location. */
const walk = async (http: number, https: number): Promise<string[]> => {
  const rule = (port: number, toPort: number) =>
    ['coach.example', 'www.coach.example'].map(host => ({ host, port, toHost: '127.0.0.1', toPort }))
  const net = createNetwork({
    clock: systemClock,
    resolvers: [],
    connectTo: [...rule(80, http), ...rule(443, https)],
    ca: [],
    timeoutMs: 3000,
    concurrency: 4,
    userAgent: 'test',
    signal: new AbortController().signal,
  })
  try {
    return await Promise.all(
      starts.map(async url => {
        const answer = await net.http({ url })
        if (!answer.ok) return `${url} ${answer.message}`
        const hop = answer.value.hops[0]!
        return `${url} ${hop.status} ${hop.headers.find(([name]) => name === 'location')?.[1] ?? ''}`
      }),
    )
  } finally {
    await net.close()
  }
}

/** http leads to https of the same host, https of the other host to the one address. */
const wanted = starts.map(url => {
  const { protocol, host } = new URL(url)
  return `${url} 308 https://${protocol === 'http:' ? host : 'www.coach.example'}${url.replace(/^https?:\/\/[^/]+/, '')}`
})

/** Starts a server and walks each start as soon as it listens. */
const walked = async (
  [http, https]: readonly [number, number],
  command: string,
  args: string[],
  env: Record<string, string> = {},
): Promise<string[]> => {
  const child = spawn(command, args, { stdio: 'ignore', env: { ...process.env, ...env } })
  stops.push(() => ended(child))
  await Promise.all([untilOpen(http, child), untilOpen(https, child)])
  return walk(http, https)
}

describe('redirect rules', () => {
  test('nginx loads them, and every spelling is led for good', async () => {
    const { cert, key } = certificate()
    const [http, https] = [await freePort(), await freePort()]
    const rules = nginxRules(input)
      .replace('listen 80;', `listen 127.0.0.1:${http};`)
      .replaceAll('listen 443 ssl;', `listen 127.0.0.1:${https} ssl;`)
      .replace(/\s+listen \[::\].*/g, '')
      .replaceAll(/\/etc\/letsencrypt\/live\/[^/]+\/fullchain\.pem/g, cert)
      .replaceAll(/\/etc\/letsencrypt\/live\/[^/]+\/privkey\.pem/g, key)
    const home = join(folder, 'nginx')
    mkdirSync(home, { recursive: true })
    writeFileSync(
      join(home, 'nginx.conf'),
      `daemon off; pid ${home}/pid; error_log ${home}/error.log; events {} http { access_log off; client_body_temp_path ${home}; proxy_temp_path ${home}; fastcgi_temp_path ${home}; uwsgi_temp_path ${home}; scgi_temp_path ${home}; ${rules} }`,
    )
    expect(await walked([http, https], 'nginx', ['-p', home, '-c', join(home, 'nginx.conf')])).toEqual(wanted)
  })
  test('Caddy loads them, and every spelling is led for good', async () => {
    const { cert, key } = certificate()
    const [http, https] = [await freePort(), await freePort()]
    const file = join(folder, 'Caddyfile')
    // The certificate is given here: in life Caddy gets it by itself. The site of www stands beside, as the rules say.
    const rules = caddyRules(input).replace(' {\n', ` {\n\tbind 127.0.0.1\n\ttls ${cert} ${key}\n`)
    const site = `https://www.coach.example {\n\tbind 127.0.0.1\n\ttls ${cert} ${key}\n\trespond ok\n}\n`
    writeFileSync(
      file,
      `{\n\tadmin off\n\thttp_port ${http}\n\thttps_port ${https}\n\tdefault_bind 127.0.0.1\n}\n${rules}\n${site}`,
    )
    const homes = { HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder }
    const words = ['run', '--config', file, '--adapter', 'caddyfile']
    expect(await walked([http, https], 'caddy', words, homes)).toEqual(wanted)
  })
  test('Apache accepts their syntax', () => {
    const home = join(folder, 'apache')
    mkdirSync(home, { recursive: true })
    const modules = '/usr/lib/apache2/modules'
    writeFileSync(
      join(home, 'apache.conf'),
      `ServerRoot ${home}\nServerName localhost\nErrorLog ${home}/error.log\nListen 127.0.0.1:1\nPidFile ${home}/pid\nLoadModule mpm_event_module ${modules}/mod_mpm_event.so\nLoadModule authz_core_module ${modules}/mod_authz_core.so\nLoadModule rewrite_module ${modules}/mod_rewrite.so\n<VirtualHost *>\n${apacheRules(input)}</VirtualHost>\n`,
    )
    expect(() =>
      execFileSync('/usr/sbin/apache2', ['-t', '-f', join(home, 'apache.conf')], { stdio: 'pipe' }),
    ).not.toThrow()
  })
  test('the others follow the syntax that is published', () => {
    expect(JSON.parse(vercelRules(input))).toEqual({
      redirects: [
        {
          source: '/:path*',
          has: [{ type: 'host', value: 'coach.example' }],
          destination: 'https://www.coach.example/:path*',
          permanent: true,
        },
      ],
    })
    for (const line of netlifyRules(input).trim().split('\n'))
      expect(line).toMatch(/^https?:\/\/[a-z.]+\/\* https:\/\/www\.coach\.example\/:splat 301!$/)
    const rules = JSON.parse(cloudflareRules(input)) as {
      phase: string
      rules: {
        action: string
        expression: string
        action_parameters: { from_value: { status_code: number; preserve_query_string: boolean } }
      }[]
    }
    expect(rules.phase).toBe('http_request_dynamic_redirect')
    expect(rules.rules[0]).toMatchObject({
      action: 'redirect',
      action_parameters: { from_value: { status_code: 308, preserve_query_string: true } },
    })
    expect(rules.rules[0]!.expression).toBe('ssl and (http.host in {"coach.example"})')
  })
})
