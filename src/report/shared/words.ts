// The words of the reports: verdicts, journeys, durations and dates in plain English, and what technical terms mean.
import type { Finding, Report } from '../../core/report.ts'
import type { Impact, Severity } from '../../core/severity.ts'
import type { Stage } from '../../core/stage.ts'

/** `1 blocker`, `3 blockers`. */
export const plural = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`

/** `a, b and c`. */
export const list = (words: readonly string[]): string =>
  words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`

/** First letter in upper case, unless the first word is a name of the net (ns2.example.com, https://…). */
export const sentence = (text: string): string =>
  /^\S*\w[.:/_]\w/.test(text) ? text : text.charAt(0).toUpperCase() + text.slice(1)

/** Minutes of work in words: `15 min`, `1 h 20 min`, `6 h`. */
export const minutes = (count: number): string => {
  const whole = Math.max(1, Math.round(count))
  if (whole < 60) return `${whole} min`
  const rest = whole % 60
  return rest && whole < 480 ? `${Math.floor(whole / 60)} h ${rest} min` : `${Math.round(whole / 60)} h`
}

/** A sum of guesses, no finer than it deserves: five minutes below an hour, a quarter of an hour above. */
export const roughly = (count: number): string => {
  const step = count < 60 ? 5 : 15
  return minutes(Math.max(step, Math.round(count / step) * step))
}

/** Milliseconds in words: `840 ms`, `3.8 s`, `2 min 5 s`. */
export const elapsed = (milliseconds: number): string => {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`
  if (milliseconds < 60_000) return `${(milliseconds / 1000).toFixed(1)} s`
  const seconds = Math.round(milliseconds / 1000)
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`
}

const months = 'January February March April May June July August September October November December'.split(' ')

/** `25 November 2026`, in UTC; what is no date may hold anything and is not shown. */
export const longDate = (instant: string): string => {
  const at = new Date(instant)
  return Number.isNaN(at.getTime())
    ? 'an unknown date'
    : `${at.getUTCDate()} ${months[at.getUTCMonth()]} ${at.getUTCFullYear()}`
}

/** What a finding costs, in two or three words: the column of a table. */
export const costs: Record<Impact, string> = {
  payment: 'payments',
  signup: 'signups',
  login: 'logins',
  data: "customers' data",
  email: 'e-mails',
  visit: 'visitors',
  trust: 'trust',
  operate: 'control',
}

/** What happens to a customer on the journey that a finding breaks. */
export const journeys: Record<Impact, string> = {
  payment: 'Customers who want to pay cannot, or pay the wrong way.',
  signup: 'People who want an account do not get one.',
  login: 'Customers do not get into their account, or somebody else does.',
  data: "Customers' data can be read by people it is not meant for.",
  email: 'E-mails do not arrive, or others can send them in your name.',
  visit: 'Visitors do not reach the site, or leave before it loads.',
  trust: 'The browser or the customer has a reason not to trust the site.',
  operate: 'Nobody notices, or nobody can repair, when something breaks.',
}

export const severityWords: Record<Severity, { head: string; when: string; meaning: string }> = {
  blocker: {
    head: 'Blockers',
    when: 'fix these first',
    meaning: 'a customer who wants to pay is lost, or their data is. Nothing else matters until these are gone.',
  },
  high: {
    head: 'High',
    when: 'this week',
    meaning: 'customers are lost now and then, or one small step is missing until they are.',
  },
  medium: { head: 'Medium', when: 'this month', meaning: 'it costs trust, or makes the next fault worse.' },
  low: {
    head: 'Low',
    when: 'when there is time',
    meaning: 'good practice that is missing; no customer notices today.',
  },
}

export const stageWords: Record<Stage, string> = {
  audit: 'Site and browser',
  dns: 'Domain and DNS',
  email: 'E-mail',
  deploy: 'Code and deployment',
  perf: 'Speed',
  monitor: 'Monitoring',
  handover: 'Handover',
}

/** What the report is about: the domain, or else the name of the repository. Not cleaned. */
export const targetName = (report: Report): string =>
  report.target.domain ?? report.target.repo?.split(/[\\/]/).filter(Boolean).at(-1) ?? 'nothing named'

/** Findings that count: not suppressed by the config and not known from the baseline. */
export const counted = (report: Report): Finding[] => report.findings.filter(finding => !finding.suppressed)

export const verdictWords: Record<Report['verdict'], string> = {
  ready: 'READY',
  'not-ready': 'NOT READY',
  incomplete: 'INCOMPLETE',
}

/** The verdict in one sentence, without its word: `3 blockers stand between you and a customer`. */
export const verdictSentence = (report: Report): string => {
  const findings = counted(report)
  const count = (severity: Severity): number => findings.filter(finding => finding.severity === severity).length
  const blockers = count('blocker')
  if (report.verdict === 'not-ready') {
    const stand = blockers === 1 ? 'stands' : 'stand'
    const also = report.interrupted ? '; interrupted before everything was seen' : ''
    return blockers
      ? `${plural(blockers, 'blocker')} ${stand} between you and a customer${also}`
      : `something stands between you and a customer${also}`
  }
  if (report.verdict === 'incomplete') {
    if (report.interrupted) return 'interrupted before everything was seen'
    return `no blocker found, but ${plural(report.summary.unknown, 'check')} could not tell`
  }
  const high = count('high')
  const rest = findings.length - high
  if (high) return `no blockers; ${plural(high, 'thing')} to put right this week`
  return rest
    ? `no blockers; ${plural(rest, 'small thing')} to tidy up`
    : 'nothing found that would cost you a customer'
}

/** How to become sure, for a reason why a check could not be judged; null where nothing better than trying again is known. */
export const howToTell = (reason: string): string | null => {
  for (const [pattern, advice] of advices) if (pattern.test(reason)) return advice
  return null
}

const advices: [RegExp, string][] = [
  [/port 25\b|\bsmtp\b/i, 'Run it from a server or in CI, where mail ports are open.'],
  [
    /credential|token|password|api key|\$\{/i,
    'Name the credential in the config (its value stays in the environment) and run again.',
  ],
  [
    /forbidden|not allowed|permission|\b40[13]\b/i,
    'Give the token the read permission that the message names, and run again.',
  ],
  [/rate.?limit|too many requests|\b429\b/i, 'Wait ten minutes and run again.'],
  [/playwright-core is not installed/, 'Run npm install --save-dev playwright-core here, and run again.'],
  [/browser|chromium|playwright/i, 'Install Chromium on this machine and run again.'],
  [/ipv6/i, 'Run it from a network that has IPv6.'],
  [
    /resolver|dns server|servfail|name server/i,
    'Run `launch-ready doctor`, or name another resolver: --resolver 1.1.1.1.',
  ],
  [/too few|samples/i, 'Run it again when there is more to measure.'],
  [
    /timeout|timed out|no answer|not answer|unreachable|refused|reset/i,
    'Run it again, from another network if it persists.',
  ],
]

/** Terms that founders ask about, each with its plain meaning; `pattern` finds it in a text. */
export const glossary: { term: string; pattern: RegExp; meaning: string }[] = [
  { term: 'Apex', pattern: /\bapex\b/i, meaning: 'the bare domain, without www or another name in front.' },
  {
    term: 'API',
    pattern: /\bAPIs?\b/,
    meaning: 'the address at which programs, your own app first of all, talk to your server.',
  },
  {
    term: 'Baseline',
    pattern: /\bbaseline\b/i,
    meaning: 'a list of what was known earlier, so that only new things raise the alarm.',
  },
  { term: 'CAA', pattern: /\bCAA\b/, meaning: 'a DNS entry that says who may issue certificates for your domain.' },
  {
    term: 'Certificate',
    pattern: /\bcertificates?\b/i,
    meaning: 'the proof, checked by every browser, that a site is who it says it is.',
  },
  { term: 'CNAME', pattern: /\bCNAME\b/, meaning: 'a DNS entry that makes one name an alias of another.' },
  {
    term: 'Cookie',
    pattern: /\bcookies?\b/i,
    meaning: 'a note that a site leaves in the browser, for example to remember a login.',
  },
  {
    term: 'CORS',
    pattern: /\bCORS\b/,
    meaning: 'the rule that decides which other sites may read your answers through a visitor’s browser.',
  },
  {
    term: 'CSP',
    pattern: /\bCSP\b|content.security.policy/i,
    meaning: 'a header that lists what a page may load, so that injected code does not run.',
  },
  {
    term: 'DKIM',
    pattern: /\bDKIM\b/,
    meaning: 'a signature on each e-mail, so that receivers can tell it is really yours.',
  },
  {
    term: 'DMARC',
    pattern: /\bDMARC\b/,
    meaning: 'a DNS entry that tells receivers what to do with mail that pretends to be yours.',
  },
  {
    term: 'DNS',
    pattern: /\bDNS\b/,
    meaning: 'the public directory that leads from your domain’s name to your servers.',
  },
  { term: 'DNSSEC', pattern: /\bDNSSEC\b/, meaning: 'signatures on the DNS, so that nobody can forge its answers.' },
  {
    term: 'Header',
    pattern: /\bheaders?\b/i,
    meaning: 'a line that a server sends along with a page, read by the browser alone.',
  },
  {
    term: 'HSTS',
    pattern: /\bHSTS\b|strict-transport-security/i,
    meaning: 'a header that tells browsers to use the encrypted address only.',
  },
  { term: 'HTTPS', pattern: /\bHTTPS\b/, meaning: 'the encrypted way to reach a site; the padlock in the browser.' },
  { term: 'MTA-STS', pattern: /\bMTA-STS\b/i, meaning: 'a rule that mail to you must travel encrypted.' },
  { term: 'MX', pattern: /\bMX\b/, meaning: 'the DNS entry that says which server receives your e-mail.' },
  {
    term: 'Name server',
    pattern: /\bname ?servers?\b/i,
    meaning: 'a machine that answers for your domain in the DNS.',
  },
  {
    term: 'Redirect',
    pattern: /\bredirect(s|ed)?\b/i,
    meaning: 'a server’s word to the browser that a page lives at another address.',
  },
  { term: 'SPF', pattern: /\bSPF\b/, meaning: 'the DNS entry that lists who may send e-mail for your domain.' },
  {
    term: 'Subdomain',
    pattern: /\bsubdomains?\b/i,
    meaning: 'a name in front of your domain, such as app in app.example.com.',
  },
  { term: 'TLS', pattern: /\bTLS\b|\bSSL\b/, meaning: 'the encryption between browser and server (older name: SSL).' },
  {
    term: 'TTL',
    pattern: /\bTTLs?\b/,
    meaning: 'how long others may remember a DNS entry before asking again; a change takes that long to arrive.',
  },
  {
    term: 'TXT',
    pattern: /\bTXT\b/,
    meaning: 'a DNS entry that holds plain text, used by e-mail and by proofs of ownership.',
  },
  {
    term: 'Webhook',
    pattern: /\bwebhooks?\b/i,
    meaning: 'an address of yours that another service calls, for example when somebody has paid.',
  },
  { term: 'AAAA', pattern: /\bAAAA\b/, meaning: 'the DNS entry that holds a server’s IPv6 address.' },
  { term: 'BIMI', pattern: /\bBIMI\b/, meaning: 'a DNS entry that shows your logo beside your e-mails.' },
  {
    term: 'Branch',
    pattern: /\bbranch(es)?\b/i,
    meaning: 'a line of work on the code; the main branch is what customers get.',
  },
  {
    term: 'CDN',
    pattern: /\bCDN\b|content network/i,
    meaning: 'a network of servers near your visitors that answers in your server’s place, and takes floods for it.',
  },
  {
    term: 'CI',
    pattern: /\bCI\b|\b[Pp]ipelines?\b|\b[Ww]orkflows?\b/,
    meaning: 'the machine that builds and tests each change to the code, and may put it live: the pipeline.',
  },
  {
    term: 'Commit',
    pattern: /\bcommit(s|ted)?\b/i,
    meaning: 'one saved change to the code; what was committed stays in its history.',
  },
  {
    term: 'Container',
    pattern: /\bcontainers?\b|\bDockerfile\b/i,
    meaning: 'a box with a program and all that it needs, started as one; its image is the box as a file.',
  },
  { term: 'Deploy', pattern: /\bdeploy(s|ed|ment)?\b/i, meaning: 'to put a new version of the product live.' },
  {
    term: 'Environment variable',
    pattern: /environment variables?|(?<![\w/])\.env\b/i,
    meaning:
      'a setting that a program is given when it starts, passwords and keys among them; .env is the file they are often kept in.',
  },
  {
    term: 'Frame',
    pattern: /\bframes?\b|\bframing\b|x-frame-options/i,
    meaning: 'a window inside a page that shows another page.',
  },
  { term: 'IPv6', pattern: /\bIPv6\b/i, meaning: 'the newer kind of address; many phones use it first.' },
  {
    term: 'Lock file',
    pattern: /lock ?files?\b/i,
    meaning: 'the list of the exact versions of everything that the code is built from.',
  },
  {
    term: 'Migration',
    pattern: /\bmigrations?\b/i,
    meaning: 'a step that changes the shape of the database; a bad one stops the product or loses data.',
  },
  {
    term: 'Port',
    pattern: /\bport \d+|\bports\b/i,
    meaning: 'a numbered door of a server: 443 for pages, 25 for e-mail.',
  },
  {
    term: 'Registrar',
    pattern: /\bregistrars?\b/i,
    meaning: 'the company at which the domain is registered and paid for.',
  },
  {
    term: 'Repository',
    pattern: /\brepositor(y|ies)\b/i,
    meaning: 'the place where the code and its history are kept.',
  },
  { term: 'Resolver', pattern: /\bresolvers?\b/i, meaning: 'the machine that looks names up in the DNS for you.' },
  {
    term: 'Rollback',
    pattern: /\broll(ing|ed)?[ -]?backs?\b/i,
    meaning: 'to put the version before back in place, fast.',
  },
  {
    term: 'Source map',
    pattern: /source ?maps?\b/i,
    meaning: 'a file that turns the code in the browser back into what the developers wrote.',
  },
  {
    term: 'Status code',
    pattern: /\bstatus (code )?[1-5]\d\d\b|\b(404|500)\b/i,
    meaning: 'a server’s answer as a number: 200 is fine, 301 means moved, 404 not found, 500 that the server failed.',
  },
  { term: 'Zone', pattern: /\bzones?\b/i, meaning: 'all DNS entries of a domain together.' },
  {
    term: 'DANE',
    pattern: /\bDANE\b|\bTLSA\b/,
    meaning: 'a DNS entry that says which certificate a mail server must show.',
  },
  {
    term: 'HTTP',
    pattern: /\bHTTP\b/,
    meaning: 'the language in which browsers ask for pages; without the S, unencrypted.',
  },
  { term: 'SHA-1', pattern: /\bSHA-1\b/, meaning: 'an old way of signing that can be forged today.' },
  {
    term: 'TCP',
    pattern: /\bTCP\b|\bUDP\b/,
    meaning: 'a way for data to travel, in order and complete; UDP is the quicker one, for short questions.',
  },
]

/** Glossary entries whose term occurs in the text, in the order of the alphabet. */
export const termsIn = (text: string): { term: string; meaning: string }[] =>
  glossary
    .filter(({ pattern }) => pattern.test(text))
    .map(({ term, meaning }) => ({ term, meaning }))
    .sort((a, b) => (a.term.toLowerCase() < b.term.toLowerCase() ? -1 : 1))
