// A change of a setting in the words of the server or provider that is to be changed: what is to be, and what to type or click there. From
// the documentation of each, November 2026. `tls docs.example.com/minimum-version = TLSv1.2` is for programs and is shown to nobody.
import type { HttpHeaderChange, SettingChange } from './fix.ts'

/** Where sites run, as they are detected and called. */
export const servers = [
  'nginx',
  'Apache',
  'Caddy',
  'Cloudflare',
  'Vercel',
  'Netlify',
  'Fly.io',
  'Render',
  'Heroku',
] as const
export type Server = (typeof servers)[number]

/** What to type or click at one server. */
export type Choice = { at: string; text: string }

/** `what` is to be, as a sentence without its full stop; `choices` say how, by server. */
export type SettingWords = { what: string; choices: readonly Choice[] }

/** Host and path of a setting of a web server: `docs.example.com/old/`. */
const split = (path: string): { host: string; rest: string } => {
  const at = path.indexOf('/')
  return at < 0 ? { host: path, rest: '' } : { host: path.slice(0, at), rest: path.slice(at) }
}

const shown = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing'))

const part = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined

const choices = (texts: Partial<Record<Server, string>>): Choice[] =>
  servers.flatMap(at => (texts[at] === undefined ? [] : [{ at, text: texts[at] }]))

/** Platforms that settle TLS themselves: an old server answers for the name in their place. */
const platformOwn = 'set by the platform itself: point the DNS record of the name at it'

const versions = (host: string): SettingWords => ({
  what: `${host} speaks TLS 1.2 and 1.3, and nothing older`,
  choices: choices({
    nginx: 'ssl_protocols TLSv1.2 TLSv1.3;',
    Apache: 'SSLProtocol -all +TLSv1.2 +TLSv1.3',
    Caddy: 'tls { protocols tls1.2 tls1.3 }',
    Cloudflare: 'SSL/TLS → Edge Certificates: Minimum TLS Version 1.2, TLS 1.3 on',
    Vercel: platformOwn,
    Netlify: platformOwn,
    'Fly.io': platformOwn,
    Render: platformOwn,
    Heroku: platformOwn,
  }),
})

const ciphers = (host: string, value: string): SettingWords => ({
  what: `${host} offers current ciphers alone`,
  choices: choices({
    nginx: `ssl_ciphers ${value};`,
    Apache: `SSLCipherSuite ${value}`,
    Caddy: 'its own list is current: take the line `ciphers` out of `tls { }`',
    Cloudflare:
      'SSL/TLS → Edge Certificates: Minimum TLS Version 1.2; Advanced Certificate Manager → cipher suites: Modern',
    Vercel: platformOwn,
    Netlify: platformOwn,
    'Fly.io': platformOwn,
    Render: platformOwn,
    Heroku: platformOwn,
  }),
})

const certificate = (host: string, value: unknown): SettingWords => {
  const given = part(value, 'names')
  const names = Array.isArray(given) && given.length ? given.map(String) : [host]
  const each = names.map(name => `-d ${name}`).join(' ')
  return {
    what: `${host} has a valid certificate for ${names.join(', ')}, with its whole chain`,
    choices: choices({
      nginx: `certbot --nginx ${each}`,
      Apache: `certbot --apache ${each}`,
      Caddy: `${names.join(', ')} { … } in the Caddyfile: Caddy gets the certificate itself`,
      Cloudflare: 'SSL/TLS → Edge Certificates → Universal SSL; records set to Proxied',
      Vercel: names.map(name => `vercel domains add ${name}`).join(' && '),
      Netlify: 'Domain management → HTTPS → Verify DNS configuration',
      'Fly.io': names.map(name => `fly certs add ${name}`).join(' && '),
      Render: `Settings → Custom Domains → Add ${names.join(', ')}`,
      Heroku: `heroku domains:add ${names.join(' ')} && heroku certs:auto:enable`,
    }),
  }
}

const listening = (host: string, port: unknown): SettingWords => ({
  what: `${host} answers on port ${shown(port)}`,
  choices: choices({
    nginx: port === 443 ? `listen 443 ssl; server_name ${host};` : `listen ${shown(port)}; server_name ${host};`,
    Apache: `Listen ${shown(port)}, and <VirtualHost *:${shown(port)}> with ServerName ${host}`,
    Caddy: `${host} { … } in the Caddyfile: Caddy listens on 80 and 443 itself; open both in the firewall`,
    Cloudflare: 'DNS → Records: set the record to Proxied, then it answers on both ports',
    Vercel: `vercel domains add ${host}`,
    Netlify: `Domain management → Add a domain: ${host}`,
    'Fly.io': `fly.toml, [http_service]: force_https = true; then fly certs add ${host}`,
    Render: `Settings → Custom Domains → Add ${host}`,
    Heroku: `heroku domains:add ${host}`,
  }),
})

const answering = (host: string, path: string, status: unknown): SettingWords => {
  const code = status === 403 ? 403 : 404
  const isFolder = code === 403 || path.endsWith('/')
  const what = code === 403 ? `${host} does not list the files of ${path}` : `${host}${path} answers "not found" (404)`
  const remove = `take ${path} out of what is published, and deploy again`
  return {
    what,
    choices: choices({
      nginx: code === 403 ? 'autoindex off;' : `location ${isFolder ? '^~' : '='} ${path} { return 404; }`,
      Apache: code === 403 ? 'Options -Indexes' : `Redirect 404 ${path}`,
      Caddy: code === 403 ? 'file_server without browse' : `respond ${path}${isFolder ? '*' : ''} 404`,
      Cloudflare: `Security → WAF → Custom rules: URI Path equals ${path} → Block (and still take it away at the origin)`,
      Vercel: remove,
      Netlify: `_redirects: ${path} /404.html 404!`,
      'Fly.io': remove,
      Render: remove,
      Heroku: remove,
    }),
  }
}

const serving = (host: string, path: string, body: unknown): SettingWords => ({
  what: `${host}${path} is served with the text given`,
  choices: [{ at: 'the published folder (public, static)', text: `${path.slice(1)}:\n${shown(body).trimEnd()}` }],
})

const webServer = ({ path, value }: SettingChange): SettingWords => {
  const { host, rest } = split(path)
  if (part(value, 'listen') !== undefined) return listening(host, part(value, 'listen'))
  if (part(value, 'status') !== undefined) {
    // Source maps come as whole URLs.
    const url = /^https?:\/\//.test(path) && URL.canParse(path) ? new URL(path) : null
    return answering(url?.hostname ?? host, url?.pathname ?? (rest || '/'), part(value, 'status'))
  }
  if (part(value, 'body') !== undefined) return serving(host, rest, part(value, 'body'))
  return { what: `${path} at the web server is ${shown(value)}`, choices: [] }
}

const tls = ({ path, value }: SettingChange): SettingWords => {
  const { host, rest } = split(path)
  if (rest === '/minimum-version' || rest === '/maximum-version') return versions(host)
  if (rest === '/ciphers') return ciphers(host, shown(value))
  return certificate(host, value)
}

const textTypes = 'text/css text/javascript application/javascript application/json image/svg+xml'

/** How answers of a host travel: compressed, over which protocol, with what to ask by whether they changed. */
const travelling: Readonly<Record<string, { what: string; texts: Partial<Record<Server, string>> }>> = {
  '/compression': {
    what: 'compresses text: by Brotli where the browser takes it, else by gzip',
    texts: {
      nginx: `gzip on; gzip_vary on; gzip_types ${textTypes}; and with the module ngx_brotli: brotli on; brotli_types ${textTypes};`,
      Apache: `mod_brotli and mod_deflate: AddOutputFilterByType BROTLI_COMPRESS;DEFLATE text/html ${textTypes}`,
      Caddy: 'encode br gzip where the module for br is built in, else encode zstd gzip (Zstandard saves as much)',
      Cloudflare:
        'set the record to Proxied: both are on there (Rules → Compression Rules: Enable Brotli where a rule says otherwise)',
      Vercel: 'both are on for what it serves: take away a header content-encoding or cache-control: no-transform',
      Netlify: 'both are on for what it serves: take away a header content-encoding or cache-control: no-transform',
      'Fly.io': 'compress in the application (Express: the package compression, Rails: Rack::Deflater and rack-brotli)',
      Render: 'compress in the application (Express: the package compression, Rails: Rack::Deflater and rack-brotli)',
      Heroku: 'compress in the application (Express: the package compression, Rails: Rack::Deflater and rack-brotli)',
    },
  },
  '/protocols': {
    what: 'offers HTTP/2 beside HTTP/1.1',
    texts: {
      nginx: 'http2 on;',
      Apache: 'a2enmod http2, and Protocols h2 http/1.1',
      Caddy: 'on by itself: take `protocols h1` out of the global options',
      Cloudflare: 'set the record to Proxied: Speed → Settings → Protocol Optimization: HTTP/2 is on',
      Vercel: platformOwn,
      Netlify: platformOwn,
      'Fly.io': 'fly.toml: an [http_service], whose handlers tls and http speak it; no [[services]] of raw TCP',
      Render: platformOwn,
      Heroku: 'heroku features:enable http2 does so on the Common Runtime; else put a delivery network before it',
    },
  },
  '/conditional': {
    what: 'answers 304 to whoever has the file already',
    texts: {
      nginx:
        'take `if_modified_since off;` and `proxy_set_header If-None-Match "";` out; a folder that it serves itself (root) is answered so',
      Apache:
        'RequestHeader edit "If-None-Match" \'^"((.*)-(gzip|br))"$\' \'"$1", "$2"\' (mod_deflate changes the ETag)',
      Caddy: 'file_server answers so by itself: take `header_up -If-None-Match` out of reverse_proxy',
      Cloudflare: 'Rules → Transform Rules: take out what removes If-None-Match or ETag',
      'Fly.io':
        "in the application: Express app.set('etag', 'weak'), Rails Rack::ConditionalGet, Django ConditionalGetMiddleware",
      Render:
        "in the application: Express app.set('etag', 'weak'), Rails Rack::ConditionalGet, Django ConditionalGetMiddleware",
      Heroku:
        "in the application: Express app.set('etag', 'weak'), Rails Rack::ConditionalGet, Django ConditionalGetMiddleware",
    },
  },
  '/etag': {
    what: 'sends an ETag with its files',
    texts: {
      nginx: 'etag on;',
      Apache: 'FileETag MTime Size',
      Caddy: 'file_server sends one by itself: take `header -ETag` out',
      Cloudflare:
        'Speed → Settings: turn off what changes bodies (Email Obfuscation, Rocket Loader): it takes ETags away',
      'Fly.io':
        "in the application: Express app.set('etag', 'strong'), Rails Rack::ETag, Django ConditionalGetMiddleware",
      Render:
        "in the application: Express app.set('etag', 'strong'), Rails Rack::ETag, Django ConditionalGetMiddleware",
      Heroku:
        "in the application: Express app.set('etag', 'strong'), Rails Rack::ETag, Django ConditionalGetMiddleware",
    },
  },
}

/** An attribute of a cookie, as servers before the application add it. */
const cookie = (host: string, name: string, attribute: string, value: unknown): SettingWords => {
  const text = typeof value === 'string' ? `${attribute}=${value}` : attribute
  const pattern = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  return {
    what: `${host} sets the cookie ${name} with ${text}`,
    choices: choices({
      nginx: `proxy_cookie_flags ${name} ${text.toLowerCase()};`,
      Apache: `Header always edit Set-Cookie "^(${pattern}=.*)$" "$1; ${text}"`,
      Caddy: `in reverse_proxy: header_down Set-Cookie "^(${pattern}=.*)$" "$1; ${text}"`,
    }),
  }
}

const http = ({ path, value }: SettingChange): SettingWords => {
  const { host, rest } = split(path)
  const [, name, attribute] = /^\/cookies\/(.{1,200})\/(Secure|HttpOnly|SameSite)$/.exec(rest) ?? []
  if (name !== undefined && attribute !== undefined) return cookie(host, name, attribute, value)
  const known = travelling[rest]
  return known
    ? { what: `${host} ${known.what}`, choices: choices(known.texts) }
    : { what: `${path} is ${shown(value)}`, choices: [] }
}

/** What a mail server offers after STARTTLS. */
const mailServer = ({ path, value }: SettingChange): SettingWords => {
  const { host, rest } = split(path)
  if (rest === '/starttls')
    return {
      what: `${host} offers STARTTLS`,
      choices: [
        { at: 'Postfix', text: 'smtpd_tls_security_level = may, with smtpd_tls_chain_files = key.pem, fullchain.pem' },
        { at: 'Exim', text: 'tls_advertise_hosts = *, with tls_certificate and tls_privatekey' },
        { at: 'Exchange', text: 'Enable-ExchangeCertificate -Thumbprint … -Services SMTP' },
        {
          at: 'a mail appliance or a firewall before it',
          text: 'let the command STARTTLS through (Cisco: no inspect esmtp)',
        },
      ],
    }
  if (rest === '/minimum-version')
    return {
      what: `${host} speaks TLS 1.2 and 1.3 after STARTTLS`,
      choices: [
        { at: 'Postfix', text: 'smtpd_tls_protocols = >=TLSv1.2, smtpd_tls_mandatory_protocols = >=TLSv1.2' },
        { at: 'Exim', text: 'openssl_options = +no_sslv2 +no_sslv3 +no_tlsv1 +no_tlsv1_1' },
        { at: 'Exchange', text: 'SCHANNEL in the registry: TLS 1.2 enabled, 1.0 and 1.1 disabled; then restart' },
      ],
    }
  const names = [part(value, 'names') ?? host].flat().map(String)
  return {
    what: `${host} shows a valid certificate for ${names.join(', ')}, with its whole chain`,
    choices: [
      { at: 'certbot', text: `certbot certonly --standalone ${names.map(name => `-d ${name}`).join(' ')}` },
      {
        at: 'Postfix',
        text: 'smtpd_tls_chain_files = privkey.pem, fullchain.pem; then postfix reload at each renewal',
      },
      { at: 'Exim', text: 'tls_certificate = fullchain.pem, tls_privatekey = privkey.pem' },
    ],
  }
}

const nameServer = ({ path, value }: SettingChange): SettingWords => {
  if (part(value, 'transfer') === false)
    return {
      what: `The name server ${path} gives the whole zone to nobody but your own servers`,
      choices: [
        { at: 'BIND', text: 'allow-transfer { none; };' },
        { at: 'Knot', text: 'take the acl with `action: transfer` out of the zone' },
        { at: 'PowerDNS', text: 'allow-axfr-ips=' },
        { at: 'NSD', text: 'take `provide-xfr` out of the zone' },
      ],
    }
  if (part(value, 'tcp') === true)
    return {
      what: `The name server ${path} answers over TCP`,
      choices: [
        { at: 'the firewall', text: 'allow TCP port 53 beside UDP port 53' },
        { at: 'a DNS provider', text: 'it does so itself: tell its support that this server does not' },
      ],
    }
  const zone = shown(part(value, 'serves') ?? value)
  return {
    what: `The name server ${path} answers for ${zone}`,
    choices: [
      { at: 'a DNS provider', text: `add the zone ${zone}, or name that provider's own servers at the registrar` },
      { at: 'BIND', text: `zone "${zone}" { type primary; file "${zone}.zone"; };` },
      { at: 'Knot', text: `zone: - domain: ${zone}` },
    ],
  }
}

const registrar = ({ path, value }: SettingChange): SettingWords => {
  const { host, rest } = split(path)
  if (rest === '/glue') {
    const hosts = Object.entries((value ?? {}) as Record<string, unknown>).map(
      ([name, addresses]) => `${name}: ${[addresses].flat().map(String).join(', ')}`,
    )
    return {
      what: `The registrar of ${host} holds the addresses of its name servers`,
      choices: [{ at: 'the registrar, Host names (glue records)', text: hosts.join('; ') }],
    }
  }
  return {
    what: `${host} is served by the name servers given`,
    choices: [{ at: 'the registrar, Name servers', text: [value].flat().map(String).join(', ') }],
  }
}

/** Settings of Cloudflare by their names in its API → where to click. */
const cloudflarePlaces: Readonly<Record<string, string>> = {
  ssl: 'SSL/TLS → Overview → Configure: encryption mode',
  always_use_https: 'SSL/TLS → Edge Certificates: Always Use HTTPS',
  automatic_https_rewrites: 'SSL/TLS → Edge Certificates: Automatic HTTPS Rewrites',
  min_tls_version: 'SSL/TLS → Edge Certificates: Minimum TLS Version',
  tls_1_3: 'SSL/TLS → Edge Certificates: TLS 1.3',
  'ssl/universal/settings': 'SSL/TLS → Edge Certificates: Universal SSL',
  security_header: 'SSL/TLS → Edge Certificates: HTTP Strict Transport Security (HSTS)',
  bot_management: 'Security → Settings: Bot Fight Mode',
  security_level: 'Security → Settings: Security Level',
  browser_check: 'Security → Settings: Browser Integrity Check',
  email_obfuscation: 'Scrape Shield: Email Address Obfuscation',
  rocket_loader: 'Speed → Settings: Rocket Loader',
  development_mode: 'Caching → Configuration: Development Mode',
  cache_level: 'Caching → Configuration: Caching Level',
  browser_cache_ttl: 'Caching → Configuration: Browser Cache TTL',
  brotli: 'Speed → Settings: Brotli',
  http3: 'Speed → Settings: HTTP/3',
}

/** Values of Cloudflare's API as its panel calls them. */
const cloudflareValues: Readonly<Record<string, string>> = {
  strict: 'Full (strict)',
  full: 'Full',
  flexible: 'Flexible',
  off: 'off',
  on: 'on',
}

const cloudflareValue = (value: unknown): string => {
  if (typeof value === 'string') return cloudflareValues[value] ?? value
  if (typeof value !== 'object' || value === null) return shown(value)
  const flags = Object.values(value)
  if (flags.every(flag => typeof flag === 'boolean')) return flags.every(Boolean) ? 'on' : 'off'
  return shown(value)
}

const cloudflare = ({ path, value }: SettingChange): SettingWords => {
  const record = /^dns\/(.{1,300})\/proxied$/.exec(path)?.[1]
  if (record !== undefined) {
    const mode = value === true ? 'Proxied (orange cloud)' : 'DNS only (grey cloud)'
    return {
      what: `${record} is ${mode} at Cloudflare`,
      choices: [{ at: 'Cloudflare', text: `DNS → Records → ${record}: ${mode}` }],
    }
  }
  const place =
    cloudflarePlaces[path] ?? (path.startsWith('rulesets/') ? 'Security → WAF / Rules' : path.replaceAll('_', ' '))
  const wanted = cloudflareValue(value)
  const name = place
    .split(/[→:] ?/)
    .at(-1)!
    .trim()
  return { what: `${name} is ${wanted} at Cloudflare`, choices: [{ at: 'Cloudflare', text: `${place} → ${wanted}` }] }
}

/** Where variables of production are kept. */
const variable = ({ provider, path, value }: SettingChange): SettingWords => {
  const what = `${path} is ${shown(value)}`
  if (provider !== 'production')
    return { what: `${what} in ${provider}`, choices: [{ at: provider, text: `${path} = ${shown(value)}` }] }
  return {
    what: `${what} in production`,
    choices: choices({
      Cloudflare: `wrangler secret put ${path}`,
      Vercel: `vercel env add ${path} production`,
      Netlify: `netlify env:set ${path} <value> --context production`,
      'Fly.io': `fly secrets set ${path}=<value>`,
      Render: `Environment → ${path} → Save`,
      Heroku: `heroku config:set ${path}=<value>`,
    }),
  }
}

/** A value as YAML in one line. */
const flow = (value: unknown): string => {
  if (typeof value === 'string') {
    const isPlain = /^[A-Za-z0-9_/](?:[\w./@%+-]| (?=\S)|:(?=\w|\/))*$/.test(value)
    const isOther = /^(?:true|false|null|yes|no|on|off|\.inf|\.nan|\d[\d.exoa-f_:+-]*)$/i.test(value)
    return isPlain && !isOther ? value : JSON.stringify(value)
  }
  if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`
  if (typeof value !== 'object' || value === null) return shown(value)
  const entries = Object.entries(value).map(([name, one]) => `${name}: ${flow(one)}`)
  return entries.length ? `{ ${entries.join(', ')} }` : '{}'
}

/** A key of one entry of a list, told apart by another key of it: `monitor.monitors[name=app].interval`; null for any other path. */
export const entryAt = (path: string): { list: string; by: string; name: string; key: string } | null => {
  const [, list, by, name, key] = /^([\w.]{1,200})\[(\w{1,40})=([^\]]{1,200})\]\.([\w.]{1,100})$/.exec(path) ?? []
  return list && by && name && key ? { list, by, name, key } : null
}

/** A key of a file of ours, or an entry of a list in it; null takes the key out. */
const ownFile = ({ provider, path, value }: SettingChange): SettingWords => {
  if (value === null) return { what: `${path} stands no longer in ${provider}`, choices: [] }
  const entry = entryAt(path)
  if (entry) {
    const { list, by, name, key } = entry
    return {
      what: `${key} of ${name} in ${list} of ${provider} is ${flow(value)}`,
      choices: [
        { at: provider, text: `${list.split('.').at(-1)}:\n  - ${by}: ${flow(name)}\n    ${key}: ${flow(value)}` },
      ],
    }
  }
  const isEntry = path.endsWith('[]')
  const keys = path.replace(/\[\]$/, '').split('.')
  const last = isEntry ? `- ${flow(value)}` : `${keys.at(-1)}: ${flow(value)}`
  const outer = isEntry ? keys : keys.slice(0, -1)
  const text = [...outer.map((key, depth) => `${'  '.repeat(depth)}${key}:`), `${'  '.repeat(outer.length)}${last}`]
  return {
    what: isEntry ? `${keys.join('.')} of ${provider} has an entry more` : `${path} of ${provider} is ${flow(value)}`,
    choices: [{ at: provider, text: text.join('\n') }],
  }
}

/** A change of a setting as people read it. Pure; every provider has words. */
export const settingWords = (change: SettingChange): SettingWords => {
  switch (change.provider) {
    case 'tls':
      return tls(change)
    case 'web-server':
      return webServer(change)
    case 'http':
      return http(change)
    case 'launch-ready.config.yaml':
    case 'launch-ready.handover.yaml':
      return ownFile(change)
    case 'mail-server':
      return mailServer(change)
    case 'name-server':
      return nameServer(change)
    case 'registrar':
      return registrar(change)
    case 'cloudflare':
      return cloudflare(change)
    default:
      return variable(change)
  }
}

/** A change of a response header at each server. The application itself can always send it. */
export const headerWords = ({ action, host, path = '', name, value = '' }: HttpHeaderChange): SettingWords => {
  const isSet = action === 'set'
  const quoted = value.replace(/(["\\])/g, '\\$1')
  const below = path === '' ? '/(.*)' : `${path}(.*)`
  const entry = JSON.stringify({ source: below, headers: [{ key: name, value }] })
  return {
    what: isSet ? `${host}${path} sends ${name}` : `${host}${path} no longer sends ${name}`,
    choices: choices({
      nginx: isSet ? `add_header ${name} "${quoted}" always;` : `proxy_hide_header ${name};`,
      Apache: isSet ? `Header always set ${name} "${quoted}"` : `Header always unset ${name}`,
      Caddy: isSet ? `header ${path === '' ? '' : `${path}* `}${name} "${quoted}"` : `header -${name}`,
      Cloudflare: `Rules → Transform Rules → Modify Response Header: ${isSet ? `Set static ${name} = ${value}` : `Remove ${name}`}`,
      Vercel: isSet ? `vercel.json, in "headers": ${entry}` : `take ${name} out of "headers" in vercel.json`,
      Netlify: isSet
        ? `_headers: ${path === '' ? '/*' : `${path}*`}\n    ${name}: ${value}`
        : `take ${name} out of _headers`,
      'Fly.io': isSet
        ? `fly.toml, [http_service.http_options.response.headers]: ${name} = "${quoted}"`
        : `take ${name} out of the application`,
    }),
  }
}

/** The choices of the server that was detected; all of them where none was, or it has no words of its own. */
export const choicesAt = ({ choices: all }: SettingWords, server: string | null | undefined): readonly Choice[] => {
  const own = all.filter(({ at }) => at === server)
  return own.length ? own : all
}
