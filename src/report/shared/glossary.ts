// What technical terms mean, in plain English.

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
