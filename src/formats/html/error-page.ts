// What an error page discloses: a framework's debug mode, a stack trace, the versions of what runs there.

import { nothingHere } from '../../data/dead-pages.ts'
import type { Headers } from '../http/headers.ts'
import { findNear, type Near } from '../near.ts'
import { readHtml } from './html.ts'
import { isPage } from './page-kind.ts'

export type DebugPage = { framework: string; where: string }

const near = (first: RegExp, then: RegExp, within = 8000): Near => ({ first, then, within })

const debugPages: readonly [signs: readonly (RegExp | Near)[], framework: string, where: string][] = [
  [
    [/You(?:'|&#x27;|&#39;|’)re seeing this error because you have <code>DEBUG = True<\/code>/i],
    'Django',
    'DEBUG = False in the settings of production',
  ],
  [
    [/<title>[^<]{0,200}Werkzeug Debugger|EVALEX\s*=\s*true|__debugger__=yes/i],
    'Flask (Werkzeug)',
    'no debug=True and no FLASK_DEBUG in production; serve with gunicorn',
  ],
  [
    [near(/<h1>Routing Error<\/h1>/i, /Rails\.root/i), /Action Controller: Exception caught|<code>Rails\.root:/i],
    'Rails',
    'RAILS_ENV=production, config.consider_all_requests_local = false',
  ],
  [
    [
      /window\.ignite\s*=|Ignition\\|"?laravel_version"?\s*[:=]|class="Whoops container"|Whoops\\Exception|laravel-exceptions-renderer|class="renderer container/i,
      near(/Whoops, looks like something went wrong/i, /stack-?trace/i),
      near(/<html[^>]{0,200}class="theme-[^>]{0,100}>\s{0,200}<!--/i, / in file \//i, 2000),
    ],
    'Laravel',
    'APP_DEBUG=false and APP_ENV=production, then php artisan config:cache',
  ],
  [
    [near(/<!-- /i, /Symfony\\Component\\\w/i, 500), /class="exception-message-wrapper"|\/_profiler\/[0-9a-f]{6}/i],
    'Symfony',
    'APP_ENV=prod, APP_DEBUG=0',
  ],
  [
    [/<title>Starlette Debugger<\/title>|class="traceback-container"/i],
    'Starlette or FastAPI',
    'debug=False in Starlette() or FastAPI()',
  ],
  [[/\/_nuxt\/@vite\/client/], 'Nuxt', 'nuxt build and node .output/server/index.mjs instead of nuxt dev'],
  [
    [/<script\b[^>]{0,200}\/@vite\/client["'?]|<vite-error-overlay/i],
    'Vite',
    'vite build and a server for its files instead of vite dev',
  ],
  [
    [/"buildId"\s*:\s*"development"|\/_next\/static\/development\/|_next\/static\/chunks\/react-refresh\.js/i],
    'Next.js',
    'next build and next start instead of next dev',
  ],
  [
    [
      near(
        /<pre>[^<]{0,500}Error: /i,
        /\bat [^<]{0,300}node_modules\/express\/|&nbsp;\s?at [^<]{0,300}\.[cm]?[jt]s:\d+:\d+/i,
        2000,
      ),
    ],
    'Express',
    'NODE_ENV=production',
  ],
  [
    [
      near(/<title>[^<]{0,300}(?:Developer Exception Page|Internal Server Error)/i, /class="rawExceptionStackTrace/i),
      /Microsoft\.AspNetCore\.Diagnostics\.DeveloperExceptionPage/i,
    ],
    'ASP.NET Core',
    'ASPNETCORE_ENVIRONMENT=Production',
  ],
  [
    [near(/Server Error in '\/[^']{0,300}' Application/i, /Stack Trace:|Source Error:/i)],
    'ASP.NET',
    '<customErrors mode="On"> and <compilation debug="false"> in web.config',
  ],
  [
    [near(/Phoenix\.Router\.NoRouteError/i, /Available routes|Plug\.Debugger/i), /<!-- Plug\.Debugger/i],
    'Phoenix',
    'MIX_ENV=prod, debug_errors: false',
  ],
  [
    [near(/<title>[^<]{0,200}(?:Tracy|Nette)|id="tracy-bs"|class="tracy-/i, /tracy/i)],
    'Nette (Tracy)',
    'Debugger::enable(Debugger::Production)',
  ],
  [
    [
      /<title>Error: [^<]{0,80}<\/title>[\s\S]{0,200}CakePHP|class="cake-(?:debug|error)|Missing Controller[\s\S]{0,400}CakePHP/i,
    ],
    'CakePHP',
    "'debug' => false in config/app_local.php",
  ],
  [
    [near(/yii\\(?:web|base)\\\w+(?:Exception|Error)/i, /class="call-stack"|vendor\/yiisoft/i)],
    'Yii',
    "define('YII_DEBUG', false) and YII_ENV 'prod'",
  ],
  [
    [near(/CodeIgniter\\\w/i, /class="(?:tab-content|header-exception)|SYSTEMPATH|Displayed at/i)],
    'CodeIgniter',
    'CI_ENVIRONMENT = production',
  ],
  [
    [near(/Sinatra doesn(?:’|'|&rsquo;|&#39;)t know this ditty/i, /Try this:/i)],
    'Sinatra',
    'APP_ENV=production (RACK_ENV=production)',
  ],
  [
    [
      near(/<h1>Action Not Found<\/h1>|<title>Action not found/i, /These routes have been tried|id="routes"/i),
      near(/<h1[^>]{0,80}>\s{0,20}(?:Compilation error|Execution exception)/i, /\bIn \/[\w./-]{2,200}:\d+/),
    ],
    'Play',
    'sbt dist (or stage) and the built program instead of sbt run',
  ],
  [
    [/Error restarting Quarkus/, near(/Resource not found/i, /["'(]\/q\/(?:dev|swagger|health|arc)\b/i)],
    'Quarkus',
    'the packaged program instead of quarkus dev',
  ],
]

/** The framework whose debug page this is, and where that is switched off; null when it is none. */
export const debugPage = (body: string): DebugPage | null => {
  const text = body.slice(0, 65_536)
  const found = debugPages.find(([signs]) =>
    signs.some(sign => (sign instanceof RegExp ? sign.test(text) : findNear(text, sign) !== null)),
  )
  return found ? { framework: found[1], where: found[2] } : null
}

const traces: readonly RegExp[] = [
  /Traceback \(most recent call last\)[\s\S]{0,400}?File (?:"|&quot;)[^\n<]{1,200}line \d+/,
  /\bat [\w$.<>[\] ]{0,80}\(?(?:file:\/\/)?\/[\w./@-]{3,200}\.[cm]?[jt]sx?:\d+:\d+\)?/,
  /(?:\b|\\t)at (?:[a-z_]\w*\.){1,12}[A-Z]\w*[.$]\w+\([A-Z]\w*\.(?:java|kt|scala|groovy):\d+\)/,
  /\bgoroutine \d+ \[[a-z ]+\]:/,
  /\/[\w./@-]{2,200}\.go:\d+ (?:\(0x[0-9a-f]+\)|\+0x)/,
  /\bthread '[^'\n]{1,80}' (?:\(\d+\) )?panicked at\b[^\n<]{0,160}/,
  /(?:Fatal error|Uncaught \w*(?:Exception|Error))[\s\S]{0,400}? in (?:<b>)?\/[\w./-]{3,200}\.php/,
  /<b>(?:Warning|Notice|Deprecated|Parse error)<\/b>:[\s\S]{0,400}? in <b>\/[\w./-]{3,200}\.php<\/b> on line/,
  /\bat [\w.<>`]{3,120}\([^)]{0,200}\) in [A-Z]?:?[\\/][^\n<]{3,200}:line \d+/,
  /\/[\w./-]{2,200}\.rb:\d+:in [`'’]/,
  /\bat [\w$.<>[\] ]{1,100}\(node:[\w/]{1,40}:\d+:\d+\)/,
  /\(sqlite3?\.\w*Error\)[^\n<]{0,160}|\[SQL: (?:SELECT|INSERT|UPDATE|DELETE)\b[^\n<]{0,160}/,
  /\bconnect (?:ECONNREFUSED|ETIMEDOUT|EHOSTUNREACH) [\w.:-]{3,80}/,
  /\bSQLSTATE\[\w{5}\][^\n<]{0,160}/,
  /\b(?:PrismaClient\w+Error|SequelizeDatabaseError|QueryFailedError|TypeORMError|MongoServerError|MongooseError|ActiveRecord::\w+|PG::\w+Error|Mysql2::Error|sqlalchemy\.exc\.\w+|django\.db\.utils\.\w+|psycopg2?\.(?:errors\.)?\w+|Illuminate\\Database\\QueryException|org\.hibernate\.\w+|java\.sql\.SQL\w*Exception|Microsoft\.Data\.SqlClient\.\w+)\b[^\n<]{0,160}/,
  /\bORA-\d{5}: [^\n<]{3,160}|\bYou have an error in your SQL syntax\b[^\n<]{0,120}/,
]

/** The line that proves a stack trace, cut to 200 characters; null when there is none. */
export const stackTrace = (body: string): string | null => {
  for (const pattern of traces) {
    const found = pattern.exec(body.slice(0, 65_536))?.[0]
    if (found) return found.replace(/\s+/g, ' ').slice(0, 200)
  }
  return null
}

const product =
  /\b(nginx|apache|microsoft-iis|openresty|lighttpd|litespeed|tomcat|jetty|gunicorn|uvicorn|werkzeug|php|openssl|python|express|kestrel|puma|passenger|phusion passenger|asp\.net|mod_\w+|tengine|caddy|cowboy|daphne|hypercorn|waitress|webrick)[/ ]v?(\d+(?:\.\d+)+[\w.-]*)/i

/** A product with its version, in the headers that name products or at the foot of a server's own error page; null when there is none. */
export const versionLeak = (
  headers: Headers,
  body: string,
): { where: 'header' | 'body'; name: string; value: string } | null => {
  for (const [name, value] of headers) {
    if (/^(server|x-powered-by|x-generator)$/.test(name) && product.test(value)) return { where: 'header', name, value }
    if (/^x-asp(net|netmvc)-version$/.test(name)) return { where: 'header', name, value }
  }
  const foot =
    /<hr><center>([^<]{3,80})<\/center>/i.exec(body)?.[1] ??
    /<address>([^<]{3,120}) Server at [^<]*<\/address>/i.exec(body)?.[1] ??
    /<h3>(Apache Tomcat\/[^<]{3,40})<\/h3>/i.exec(body)?.[1]
  return foot && product.test(foot) ? { where: 'body', name: 'the foot of its error page', value: foot } : null
}

/** Whether words say that nothing is here. */
export const saysNotFound = (text: string): boolean => /\b404\b/.test(text) || nothingHere.test(text)

export type ErrorAnswer = { url: string; status: number; headers: Headers; body: string }

/** One thing that an error page gives away. */
export type Disclosure = {
  kind: 'debug-mode' | 'stack-trace' | 'version-leak'
  /** The framework in debug mode, the line of the trace, or the product with its version. */
  what: string
  /** Where the debug mode is switched off; empty for other kinds. */
  where: string
  /** The header that names the version; empty where it stands in the page, and for other kinds. */
  header: string
  /** What proves it. */
  shown: string
}

/** What one answer gives away; a debug page says more than the trace in it. */
export const disclosures = ({ headers, body }: ErrorAnswer): Disclosure[] => {
  const found = (kind: Disclosure['kind'], what: string, shown: string, more: Partial<Disclosure> = {}) => ({
    kind,
    what,
    where: '',
    header: '',
    shown,
    ...more,
  })
  const debug = debugPage(body)
  const trace = debug ? null : stackTrace(body)
  const leak = versionLeak(headers, body)
  return [
    ...(debug
      ? [found('debug-mode', debug.framework, `debug page of ${debug.framework}`, { where: debug.where })]
      : []),
    ...(trace ? [found('stack-trace', trace, trace)] : []),
    ...(leak
      ? [
          found('version-leak', leak.value, `${leak.name}: ${leak.value}`, {
            header: leak.where === 'header' ? leak.name : '',
          }),
        ]
      : []),
  ]
}

/**
 * A page that says "not found" with status 200. A page that is the front page again (a single-page app, a notice for
 * everybody: `frontBody`), a shell that scripts fill and a login are none.
 */
export const isSoft404 = (answer: ErrorAnswer, frontBody: string | null): boolean => {
  if (answer.status !== 200 || !isPage(answer) || answer.body === frontBody) return false
  const { title, text } = readHtml(answer.body, answer.url)
  return saysNotFound(`${title} ${text.slice(0, 2000)}`)
}
