// The rules of `monitor redact` as code for loggers: the same names, the same kinds, whole files that need nothing beside the logger.
import { exactNames, harmlessNames, type LogKind, nameEnds } from '../../data/log-names.ts'
import { javascriptRules, pinoCode, sentryCode, winstonCode } from './code-javascript.ts'
import { djangoCode, laravelCode, nginxCode, railsCode } from './code-servers.ts'

export type CodeFile = { path: string; content: string }

/** Kind → names, as the files hold them. Addresses of machines are left alone. */
export type NameTable = { exact: Record<string, string>; ends: [string, string][]; harmless: readonly string[] }

const entries = (table: Partial<Record<LogKind, readonly string[]>>): [string, string][] =>
  Object.entries(table).flatMap(([kind, names]) =>
    kind === 'ip' ? [] : names.map((name): [string, string] => [name.replace('.', ''), kind]),
  )

const nameTable = (): NameTable => ({
  exact: Object.fromEntries([...entries(exactNames), ...entries(nameEnds)]),
  ends: entries(nameEnds),
  harmless: harmlessNames,
})

/** Shapes in text, in the syntax that JavaScript, Python, Ruby and PCRE share. Order counts: what holds more comes first. */
export const portableShapes: readonly (readonly [LogKind, string])[] = [
  [
    'private-key',
    '-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----[\\s\\S]{0,20000}?-----END (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----',
  ],
  ['jwt', '\\beyJ[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]{8,}(?:\\.[A-Za-z0-9_-]*){0,3}'],
  ['authorization', '\\b[Bb]earer[ +]+[A-Za-z0-9._~+/=-]{8,}|\\b[Bb]asic[ +]+[A-Za-z0-9+/=_-]{12,}'],
  ['url-credential', '(?<=://)[^\\s/:@"\']{0,100}:[^\\s/@"\']{1,200}(?=@)'],
  [
    'token',
    '\\b(?:(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{16,}|whsec_[A-Za-z0-9+/=]{24,}|gh[pousr]_[A-Za-z0-9]{30,}|github_pat_[A-Za-z0-9_]{30,}|glpat-[A-Za-z0-9_-]{16,}|xox[abeprs]-[A-Za-z0-9-]{10,}|(?:AKIA|ASIA)[A-Z0-9]{16}|SG\\.[A-Za-z0-9_-]{16,}\\.[A-Za-z0-9_-]{16,}|npm_[A-Za-z0-9]{30,}|sk-(?:ant|proj|svcacct)-[A-Za-z0-9_-]{20,}|sk-[A-Za-z0-9]{40,}|re_[A-Za-z0-9]{8,}_[A-Za-z0-9]{16,}|shp(?:at|ca|pa|ss)_[A-Fa-f0-9]{32}|dop_v1_[a-f0-9]{64}|hf_[A-Za-z0-9]{30,}|pypi-[A-Za-z0-9_-]{50,})',
  ],
  ['password', '\\$2[abxy]\\$\\d\\d\\$[./A-Za-z0-9]{53}|\\$argon2(?:id|i|d)\\$[^\\s"\']{20,300}'],
  [
    'email',
    "[A-Za-z0-9._%+'-]{1,64}(?:@|%40)(?:[A-Za-z0-9-]{1,63}\\.){1,8}(?!(?:png|jpe?g|gif|webp|svg|css|js|mjs|cjs|ts|json|service|socket|lock)\\b)[A-Za-z]{2,24}\\b",
  ],
  ['iban', '\\b[A-Z]{2}\\d{2}(?:[ ]?[A-Z0-9]{4}){2,7}(?:[ ]?[A-Z0-9]{1,3})?\\b'],
  ['card', '(?<![\\w.-])(?:\\d[ -]?){12,18}\\d(?![\\w]|[.-]\\w)'],
  [
    'national-id',
    '(?<![\\w.-])(?:(?!000|666|9)\\d{3}-(?!00)\\d{2}-(?!0000)\\d{4}|\\d{3}\\.\\d{3}\\.\\d{3}-\\d{2})(?![\\w-])',
  ],
  [
    'phone',
    '(?<![\\w+])\\+[1-9](?:[ ().-]{0,2}\\d){7,14}(?!\\w)|\\([2-9]\\d\\d\\) ?\\d{3}-\\d{4}(?!\\w)|(?<![\\w.-])[2-9]\\d\\d-[2-9]\\d\\d-\\d{4}(?![\\w-])',
  ],
]

/** `name=value` and `"name": "value"` inside a text. Group 1 is the name. */
export const portablePair =
  '(?<![A-Za-z0-9])([A-Za-z][A-Za-z0-9_.-]{1,60})(?:\\\\*["\'])?\\]?\\s{0,2}(?:=>|[:=]|%3[AaDd])\\s{0,2}(?:\\\\*"(?:[^"\\\\]|\\\\[^"]){0,4000}\\\\*"|\\\\*\'[^\'\\\\]{0,4000}\\\\*\'|(?:[Bb]earer|[Bb]asic|[Tt]oken)\\s+[^\\s,;&"\']+|[^\\s,;&"\'{}<>\\[\\]]+)'

type Target = (names: NameTable) => CodeFile[]

const targets: Readonly<Record<string, Target>> = {
  pino: names => [{ path: 'redact.mjs', content: javascriptRules(names, portableShapes, portablePair) + pinoCode }],
  winston: names => [
    { path: 'redact.mjs', content: javascriptRules(names, portableShapes, portablePair) + winstonCode },
  ],
  sentry: names => [{ path: 'redact.mjs', content: javascriptRules(names, portableShapes, portablePair) + sentryCode }],
  rails: names => [
    { path: 'config/initializers/redact_logs.rb', content: railsCode(names, portableShapes, portablePair) },
  ],
  django: names => [{ path: 'redact_logs.py', content: djangoCode(names, portableShapes, portablePair) }],
  laravel: names => [{ path: 'app/Logging/RedactLogs.php', content: laravelCode(names, portableShapes, portablePair) }],
  nginx: names => [{ path: 'redact-log.conf', content: nginxCode(names) }],
}

export const redactionTargets = Object.keys(targets)

/** The files for a logger; null where we have none for it. */
export const redactionCode = (target: string): CodeFile[] | null =>
  Object.hasOwn(targets, target) ? targets[target]!(nameTable()) : null
