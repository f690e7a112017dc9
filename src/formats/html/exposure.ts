// Tells by content whether what was served is the file that its path says: a dotenv that parses, a Git HEAD with a ref, a dump with SQL.
import type { ExposureProbe } from '../../data/exposure-probes.ts'
import { scanText } from '../secrets/scan.ts'
import { isPlaceholder, looksLikePassword } from '../secrets/values.ts'

export type Exposure = {
  kind: 'secrets' | 'repository' | 'debug-console' | 'file'
  /** What proves it, without any value: names of keys, the ref, the first statement. */
  proof: string
}

/** A page, by its first character: servers send every kind of file as text/html, so types say nothing. */
const isMarkup = (body: string): boolean => /^(?:\ufeff|\u00ef\u00bb\u00bf)?\s*<(?:[a-z!]|\?xml)/i.test(body)

/** Names whose values are secret by their very name. */
const secretName =
  /(SECRET|TOKEN|PASSWORD|PASSWD|PRIVATE|CREDENTIAL|API_?KEY|ACCESS_?KEY|DATABASE_URL|REDIS_URL|MONGO\w*_UR[IL]|DSN|SMTP_PASS|WEBHOOK)/i
const publicPrefix = /^(NEXT_PUBLIC_|VITE_|REACT_APP_|PUBLIC_|EXPO_PUBLIC_|NUXT_PUBLIC_|GATSBY_)/

/** Keys made for browsers, whatever their variable is named: Stripe, Google, PostHog, Mapbox, Supabase, Sentry. */
const publicValue = /^(?:pk_|AIza|phc_|pk\.|sb_publishable_|https:\/\/[0-9a-f]{32}@)/

const isSecretPair = ({ name, value }: { name: string; value: string }): boolean =>
  secretName.test(name) &&
  !publicPrefix.test(name) &&
  value.length >= 6 &&
  !publicValue.test(value) &&
  !isPlaceholder(value) &&
  !/^(changeme|xxx+|your[-_ ].*|<.*>|\$\{.*\}|\$[A-Z_]+|(?:op|vault|ssm|secret):\/\/.*)$/i.test(value)

const dotenvKeys = (body: string): { names: string[]; secret: string[] } | null => {
  const lines = body
    .split(/\r?\n/)
    .map(line => line.trim())
    .filter(line => line !== '' && !line.startsWith('#'))
  if (lines.length === 0) return null
  const pairs = lines.flatMap(line => {
    const match = /^(?:export\s+)?([A-Za-z_][A-Za-z0-9_.]*)\s*=\s*(.*)$/.exec(line)
    return match ? [{ name: match[1]!, value: match[2]!.replace(/^["']|["']$/g, '') }] : []
  })
  // Multi-line values make lines that are no pair; half of them must be pairs.
  if (pairs.length === 0 || pairs.length < lines.length / 2) return null
  const secret = pairs.filter(isSecretPair).map(pair => pair.name)
  // An answer such as `error=not_found` is no environment: names there are in capitals, or every line gives one and some guard something.
  const inCapitals = pairs.filter(pair => /^[A-Z][A-Z0-9_]*$/.test(pair.name)).length >= pairs.length / 2
  const settings = pairs.length === lines.length && pairs.length >= 3 && secret.length > 0
  return inCapitals || settings ? { names: pairs.map(pair => pair.name), secret } : null
}

const list = (names: readonly string[]): string =>
  names.slice(0, 6).join(', ') + (names.length > 6 ? ` and ${names.length - 6} more` : '')

type Judge = (body: string, path: string) => Exposure | null

const file = (proof: string): Exposure => ({ kind: 'file', proof })
const secrets = (proof: string): Exposure => ({ kind: 'secrets', proof })

const passwordPair =
  /\b((?:[\w-]{0,40}[_-])?(?:password|passwd|pwd|secret(?:_?key)?))["']?[ \t]{0,8}[:=][ \t]{0,8}["']?([^\s"',;{}]{6,200})/gi

/** What names a path, a text or a rule about passwords, not a password. */
const aboutPasswords =
  /^(?:reset|forgot(?:ten)?|change|update|new|confirm|show|hide|enter|set|create|require[sd]?|min|max|allow|use|enable[sd]?|has|is|no)[_-]|(?:[_-](?:reset|url|path|route|label|text|hint|help|title|field|min|max|length|policy|regex|rule|type))$/i

/** A value that guards something: in a configuration that is served, that may be a short word with a digit in it. */
const guards = (value: string): boolean =>
  looksLikePassword(value) ||
  // Letters alone, in an order that no words have.
  (/^[A-Za-z]{10,}$/.test(value) && /[A-Z]{2}[a-z]+[A-Z]|[a-z][A-Z]{2}/.test(value)) ||
  (/^(?=.*[a-z])(?=.*\d)[\w!@#%^&*.-]{5,7}$/i.test(value) && !isPlaceholder(value))

/** Secrets by the rules that also read repositories: what is made to be public (publishable keys, addresses of tokens) is none. */
const configLike = (body: string, path: string): Exposure | null => {
  const names = scanText(body, { path, where: 'repo', maxHits: 50 })
    .filter(hit => hit.class === 'live' || hit.class === 'test')
    .map(hit => hit.variable ?? `${hit.provider} ${hit.what}`)
  for (const [, name = '', value = ''] of body.matchAll(passwordPair))
    if (!aboutPasswords.test(name) && guards(value)) names.push(name)
  return names.length ? secrets(`holds ${list([...new Set(names)])}`) : null
}

const debugConsoles: readonly [name: string, pattern: RegExp][] = [
  ['Werkzeug console', /\bEVALEX\s*=|\bCONSOLE_MODE\s*=|__debugger__=yes|<title>[^<]{0,80}Werkzeug Debugger/i],
  ['Symfony profiler', /<title>[^<]{0,80}Symfony Profiler|\bid="sf-profiler|class="sf-profiler/i],
  ['Laravel Telescope', /\bwindow\.Telescope\s*=|<title>Telescope - /],
  ['ELMAH’s log of errors', /<title>Error log for \/?[^<]{1,200}<\/title>[\s\S]{0,4000}\bELMAH\b/i],
  ['Laravel Ignition', /"can_execute_commands"\s*:/],
]

const statements =
  /^\s*(?:CREATE TABLE (?:IF NOT EXISTS )?[`"[\w]|INSERT INTO [`"[\w][\s\S]{0,2000}?\bVALUES\b|COPY [\w."]+ ?\(.*\) FROM stdin|PRAGMA foreign_keys)/im

const dump = (body: string): Exposure | null =>
  statements.test(body) || /^-- (MySQL dump|PostgreSQL database dump|MariaDB dump)/m.test(body)
    ? secrets('a database dump')
    : null

const proofs: Record<ExposureProbe['proof'], Judge> = {
  dotenv: (body, path) => {
    const keys = dotenvKeys(body)
    // An example is meant to be read, as long as its values are none.
    if (!keys || (/\.example\b/.test(path) && keys.secret.length === 0)) return null
    return keys.secret.length
      ? secrets(`an environment file with ${list(keys.secret)}`)
      : file(`an environment file with ${list(keys.names)}`)
  },
  'git-head': body =>
    /^(ref: refs\/[\w./-]+|[0-9a-f]{40})\s*$/.test(body.slice(0, 300))
      ? { kind: 'repository', proof: `Git HEAD says "${body.trim().slice(0, 80)}"` }
      : null,
  'git-config': body =>
    /^\s*\[core\]/m.test(body) && /repositoryformatversion/.test(body)
      ? { kind: 'repository', proof: 'Git configuration with [core]' }
      : null,
  'git-index': body =>
    body.startsWith('DIRC\u0000\u0000\u0000') ? { kind: 'repository', proof: 'a Git index, by its first bytes' } : null,
  svn: body =>
    /^(\d+)\r?\n(\r?\n)?dir\r?\n/.test(body) || /^12\r?\n?$/.test(body)
      ? { kind: 'repository', proof: 'Subversion entries' }
      : null,
  hg: body =>
    /^(dotencode|fncache|generaldelta|revlogv1|store|sparserevlog|share-safe)$/m.test(body) && body.length < 2000
      ? { kind: 'repository', proof: 'Mercurial requirements' }
      : null,
  'sql-dump': dump,
  archive: body =>
    body.startsWith('PK\u0003\u0004') ||
    /^\u001f\u008b/.test(body) ||
    body.startsWith('BZh') ||
    body.startsWith('ustar', 257)
      ? secrets('an archive, by its first bytes')
      : dump(body),
  sqlite: body => (body.startsWith('SQLite format 3\u0000') ? secrets('an SQLite database, by its first bytes') : null),
  'aws-credentials': body =>
    /^\s*\[[\w-]+\]/m.test(body) && /aws_(access_key_id|secret_access_key)\s*=/i.test(body)
      ? secrets('AWS credentials')
      : null,
  'private-key': body =>
    /-----BEGIN (RSA |EC |DSA |OPENSSH |ENCRYPTED )?PRIVATE KEY-----/.test(body) ? secrets('a private key') : null,
  'php-source': (body, path) =>
    /^\s*<\?php/.test(body) ? (configLike(body, path) ?? file('PHP source instead of its output')) : null,
  'php-config-backup': body =>
    /<\?php/.test(body) && /define\s*\(\s*['"]DB_/.test(body)
      ? secrets('WordPress configuration with its database password')
      : null,
  'json-config': (body, path) => {
    if (!/^\s*\{/.test(body)) return null
    try {
      JSON.parse(body)
    } catch {
      return null
    }
    return configLike(body, path)
  },
  'yaml-config': (body, path) => (/^[\w-]+:/m.test(body) ? configLike(body, path) : null),
  'docker-compose': (body, path) =>
    /^services:\s*$/m.test(body) && /^\s+image:|^\s+build:/m.test(body)
      ? (configLike(body, path) ?? file('a compose file with its services'))
      : null,
  // A state is kept whole or not at all, and longer than what is read of it.
  'terraform-state': (body, path) =>
    /^\s*\{[^{}[\]]{0,2000}"terraform_version"\s{0,4}:/.test(body)
      ? (configLike(body, path) ?? file('a Terraform state with what it made'))
      : null,
  // Rules for a server alone are no secret.
  'web-config': (body, path) =>
    /<configuration[\s>]/.test(body) && /<(?:connectionStrings|appSettings|machineKey|identity)[\s>]/.test(body)
      ? (configLike(body, path) ?? file('a configuration of IIS with its settings'))
      : null,
  'server-status': body =>
    /Apache (Server )?Status/i.test(body) &&
    /Server uptime|Total accesses|requests currently being processed/i.test(body)
      ? file('Apache server status')
      : null,
  phpinfo: body =>
    /<title>(PHP [\d.]+ - )?phpinfo\(\)<\/title>/i.test(body) ||
    (/PHP Version/i.test(body) && /Configure Command|Loaded Configuration File/i.test(body))
      ? file('phpinfo() output')
      : null,
  'actuator-env': body =>
    /"propertySources"\s*:/.test(body) ? secrets('Spring environment with its property sources') : null,
  'actuator-heap': body =>
    body.startsWith('JAVA PROFILE') || /^\u001f\u008b/.test(body) ? secrets('a heap dump') : null,
  actuator: body =>
    /"_links"\s*:/.test(body) && /\/(env|heapdump|beans|mappings|loggers)"/.test(body)
      ? file('Spring actuator index')
      : null,
  'debug-console': body => {
    const found = debugConsoles.find(([, pattern]) => pattern.test(body))
    return found ? { kind: 'debug-console', proof: found[0] } : null
  },
  'ds-store': body =>
    body.startsWith('\u0000\u0000\u0000\u0001Bud1') ? file('a macOS folder listing (.DS_Store)') : null,
  npmrc: body =>
    /(?:_authToken|_password|_auth)\s*=\s*(?!["']?\$[{\w])\S{8,}/.test(body) ? secrets('a registry token') : null,
  'git-credentials': body =>
    /^https?:\/\/[^\s:@/]{1,100}:[^\s@/]{8,200}@[\w.-]+\s*$/m.test(body) ? secrets('passwords of Git servers') : null,
  htpasswd: body =>
    /^[\w.@-]+:(\$apr1\$|\$2[aby]\$|\{SHA\}|[./0-9A-Za-z]{13}$)/m.test(body) ? secrets('password hashes') : null,
  netrc: body =>
    /^machine\s+\S{1,200}\s[\s\S]{0,400}?\bpassword\s+\S{6,}/m.test(body) ? secrets('passwords of servers') : null,
  'docker-login': body =>
    /"auths"\s{0,8}:[\s\S]{0,2000}?"auth"\s{0,8}:\s{0,8}"[A-Za-z0-9+/=]{12,}"/.test(body)
      ? secrets('logins of container registries')
      : null,
  'shell-history': body => {
    const commands = body.match(shellCommand)?.length ?? 0
    if (commands < 2) return null
    return shellSecret.test(body) ? secrets('a shell’s history with passwords') : file('a shell’s history')
  },
  log: body =>
    /^\[?(?:\d{4}-\d{2}-\d{2}[T ]|\d{2}-[A-Z][a-z]{2}-\d{4} )\d{2}:\d{2}:\d{2}/m.test(body) &&
    /(ERROR|Exception|Stack trace|INFO|DEBUG|PHP (?:Fatal|Parse|Warning|Notice|Deprecated))/.test(body)
      ? file('an application log')
      : null,
  graphiql: body => (/graphiql/i.test(body) ? { kind: 'debug-console', proof: 'GraphiQL' } : null),
}

const shellCommand =
  /^(?:sudo )?(?:cd|ls|ll|git|npm|yarn|pnpm|node|php|composer|mysql|psql|export|apt(?:-get)?|vim?|nano|ssh|scp|docker|cat|rm|mkdir|chmod|chown|systemctl|tail|wget|curl|exit)(?: .{0,400})?$/gm
const shellSecret =
  /\bmysql\w*\b.{0,200}\s-p\S{4,}|--password[= ]\S{4,}|^export \w*(?:SECRET|TOKEN|PASSWORD|_KEY)\w*=\S{8,}/m

/** Proofs that are markup themselves; every other one is void when HTML came back. */
const pages = new Set<ExposureProbe['proof']>(['server-status', 'phpinfo', 'debug-console', 'graphiql', 'web-config'])

/** What the content of an answer with status 200 proves; null when nothing: a soft 404, a single-page app's index, a login page. */
export const classifyExposure = (probe: ExposureProbe, body: string): Exposure | null => {
  if (body === '') return null
  if (!pages.has(probe.proof) && isMarkup(body)) return null
  // A byte order mark, as text or as the bytes that it is kept in.
  return proofs[probe.proof](body.replace(/^(?:\ufeff|\u00ef\u00bb\u00bf)/, ''), probe.path)
}
