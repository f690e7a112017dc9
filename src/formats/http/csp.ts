// Content-Security-Policy as browsers combine and enforce it (CSP Level 3): several policies, headers and meta elements.
import { createHash } from 'node:crypto'
import { registrableDomain } from '../dns/registrable-domain.ts'
import type { HtmlPage } from '../html/html.ts'

/** One policy: directive → sources as written; of a directive given twice the first counts (CSP3 §2.2.1). */
export type CspPolicy = {
  from: 'header' | 'meta'
  text: string
  directives: Record<string, string[]>
  repeated: string[]
}

const mostPolicies = 20

const parsePolicy = (text: string, from: CspPolicy['from']): CspPolicy | null => {
  const directives: Record<string, string[]> = {}
  const repeated: string[] = []
  for (const part of text.slice(0, 32_768).split(';')) {
    const [name, ...sources] = part.trim().split(/\s+/)
    if (!name) continue
    const key = name.toLowerCase()
    if (Object.hasOwn(directives, key)) repeated.push(key)
    // A page may not give itself these (CSP3 §3.3).
    else if (from === 'header' || !['frame-ancestors', 'report-uri', 'sandbox'].includes(key)) directives[key] = sources
  }
  return Object.keys(directives).length ? { from, text: text.trim(), directives, repeated } : null
}

/** All enforced policies of an answer: each header and each comma-separated part of it, then the meta elements. */
export const enforcedPolicies = (headers: readonly string[], metas: readonly string[]): CspPolicy[] =>
  [
    ...headers.flatMap(value => value.split(',')).map(text => parsePolicy(text, 'header')),
    ...metas.map(text => parsePolicy(text, 'meta')),
  ]
    .filter(policy => policy !== null)
    .slice(0, mostPolicies)

/** Sources that scripts are checked against (CSP3 §6.8.3): null when the policy says nothing about scripts. */
export const scriptSources = (policy: CspPolicy): string[] | null =>
  policy.directives['script-src-elem'] ?? policy.directives['script-src'] ?? policy.directives['default-src'] ?? null

/** Sources for handlers in attributes (`onclick`): null when the policy says nothing about scripts, and so lets them run. */
const attributeSources = ({ directives }: CspPolicy): string[] | null =>
  directives['script-src-attr'] ?? directives['script-src'] ?? directives['default-src'] ?? null

const isNonceOrHash = (source: string): boolean => /^'(nonce-|sha(256|384|512)-)/i.test(source)
const has = (sources: readonly string[], keyword: string): boolean =>
  sources.some(source => source.toLowerCase() === keyword)

/** Inline scripts run: 'unsafe-inline' counts only without nonces, hashes and 'strict-dynamic' (CSP3 §6.7.3.2). */
export const allowsInline = (sources: readonly string[]): boolean =>
  has(sources, "'unsafe-inline'") && !has(sources, "'strict-dynamic'") && !sources.some(isNonceOrHash)

/** eval() runs. */
export const allowsEval = (policy: CspPolicy): boolean =>
  has(policy.directives['script-src'] ?? policy.directives['default-src'] ?? ["'unsafe-eval'"], "'unsafe-eval'")

/** Where whoever has an account publishes files: package servers, code hosts, buckets, and all sites of a hosting platform. */
const openHosts =
  /^(?:https?:)?(?:\/\/)?(cdn\.jsdelivr\.net|(?:www\.)?unpkg\.com|esm\.(?:sh|run)|ga\.jspm\.io|cdn\.skypack\.dev|(?:raw|gist)\.githubusercontent\.com|(?:cdn\.)?rawgit\.com|(?:raw|rawcdn)\.githack\.com|cdn\.statically\.io|storage\.googleapis\.com|firebasestorage\.googleapis\.com|s3(?:[.-][\w-]+)?\.amazonaws\.com|\*\.(?:s3[\w.-]*\.amazonaws\.com|amazonaws\.com|cloudfront\.net|blob\.core\.windows\.net|azureedge\.net|azurewebsites\.net|storage\.googleapis\.com|appspot\.com|web\.app|firebaseapp\.com|github\.io|gitlab\.io|netlify\.app|vercel\.app|pages\.dev|workers\.dev|r2\.dev|herokuapp\.com|onrender\.com|fly\.dev|glitch\.me|digitaloceanspaces\.com|jsdelivr\.net|githubusercontent\.com|surge\.sh|replit\.app|repl\.co))(?::(?:\d+|\*))?(?:\/|\/npm\/|\/gh\/)?$/i

/** A scheme alone, `*`, or a wildcard right below a public suffix, with whatever scheme, port and path: all of these name everybody. */
const isAnyone = (source: string): boolean => {
  if (/^(?:\*|https?:|wss?:)$/i.test(source)) return true
  const host = /^(?:[a-z][a-z0-9+.-]*:\/\/)?\*(?:\.([a-z0-9.-]+))?(?::(?:\d+|\*))?(?:\/.*)?$/i.exec(source)
  return host !== null && (host[1] === undefined || registrableDomain(host[1].toLowerCase()) === null)
}

/** Source that lets scripts of any server in (`*`, `https:`, `data:`); null when there is none, or 'strict-dynamic' overrides it. */
export const wildcardSource = (sources: readonly string[]): string | null =>
  has(sources, "'strict-dynamic'")
    ? null
    : (sources.find(source => (isAnyone(source) && !openHosts.test(source)) || /^data:$/i.test(source)) ?? null)

/** Host on which anyone publishes scripts, allowed without a path; null when there is none. */
export const openHost = (sources: readonly string[]): string | null =>
  has(sources, "'strict-dynamic'") ? null : (sources.map(source => openHosts.exec(source)?.[1]).find(Boolean) ?? null)

const directiveNames = new Set(
  'default-src script-src script-src-elem script-src-attr style-src style-src-elem style-src-attr img-src font-src connect-src media-src object-src frame-src child-src worker-src manifest-src prefetch-src fenced-frame-src base-uri form-action frame-ancestors navigate-to report-uri report-to sandbox upgrade-insecure-requests block-all-mixed-content plugin-types referrer reflected-xss require-sri-for require-trusted-types-for trusted-types webrtc'.split(
    ' ',
  ),
)
const bareKeywords =
  /^(self|none|unsafe-inline|unsafe-eval|unsafe-hashes|strict-dynamic|nonce-.+|sha(256|384|512)-.+)$/i

/** What may stand between single quotes (CSP3 §2.3.1), of every age; anything else there is dropped. */
const quotedSource =
  /^'(?:self|none|unsafe-inline|unsafe-eval|unsafe-hashes|unsafe-allow-redirects|unsafe-hashed-attributes|wasm-unsafe-eval|wasm-eval|trusted-types-eval|strict-dynamic|report-sample|report-sha(?:256|384|512)|inline-speculation-rules|(?:nonce|sha256|sha384|sha512|url-sha\d{3}|eval-sha\d{3})-[\w+/-]+={0,2})'$/i

/** What is written wrongly, in words; browsers drop such parts in silence. */
export const policyFaults = (policy: CspPolicy): string[] => {
  const faults = policy.repeated.map(name => `${name} is given twice; the second is ignored`)
  for (const [name, sources] of Object.entries(policy.directives)) {
    if (!directiveNames.has(name)) {
      faults.push(`"${name.slice(0, 60)}" is no directive`)
      continue
    }
    if (!name.endsWith('-src') && !/^(script|style)-src-|^(base-uri|form-action|frame-ancestors)$/.test(name)) continue
    for (const source of sources) {
      if (directiveNames.has(source.toLowerCase())) faults.push(`a semicolon is missing before ${source.toLowerCase()}`)
      else if (/[‘’‚‛“”„′`"´]/.test(source)) faults.push(`${source.slice(0, 60)} in ${name} has other quotes than '`)
      else if (bareKeywords.test(source)) faults.push(`${source.slice(0, 60)} in ${name} needs single quotes around it`)
      else if (/^'.*'$/.test(source) && !quotedSource.test(source))
        faults.push(`${source.slice(0, 60)} in ${name} is nothing that browsers know`)
    }
    if (has(sources, "'none'") && sources.length > 1)
      faults.push(`'none' in ${name} stands beside other sources, so it is ignored`)
    if (/^(?:script|default)-src/.test(name) && has(sources, "'strict-dynamic'") && !sources.some(isNonceOrHash))
      faults.push(`'strict-dynamic' in ${name} has no nonce or hash beside it, so no script runs`)
  }
  return faults
}

/** Whether other sites may put the page into a frame, by the policies alone: null when none speaks of it. */
export const frameAncestors = (policies: readonly CspPolicy[]): 'anyone' | 'limited' | null => {
  const lists = policies.map(policy => policy.directives['frame-ancestors']).filter(list => list !== undefined)
  if (lists.length === 0) return null
  return lists.every(list => list.some(isAnyone)) ? 'anyone' : 'limited'
}

export type PolicyWeakness = {
  kind: 'malformed' | 'ineffective' | 'unsafe-inline' | 'unsafe-eval' | 'wildcard'
  /** The source, or what is wrong, in words. */
  detail: string
}

/** A nonce says which element may load, not from where: without base-uri a <base> that is slipped in decides (CSP3 §8.2). */
const lacksBase = (policies: readonly CspPolicy[], lists: readonly string[][]): boolean =>
  lists.every(list => list.some(source => /^'nonce-/i.test(source))) &&
  policies.every(policy => policy.directives['base-uri'] === undefined)

/** What the policies together leave open, one of each kind; a weakness counts only where every policy about scripts has it. */
export const policyWeaknesses = (policies: readonly CspPolicy[]): PolicyWeakness[] => {
  const lists = policies.map(scriptSources).filter(list => list !== null)
  const fault = policies.flatMap(policyFaults)[0]
  const malformed = fault === undefined ? [] : [{ kind: 'malformed' as const, detail: fault }]
  if (lists.length === 0)
    return [...malformed, { kind: 'ineffective', detail: 'it has neither script-src nor default-src' }]
  const wild = lists.every(list => wildcardSource(list) !== null) ? wildcardSource(lists[0]!) : null
  const open = lists.every(list => openHost(list) !== null) ? openHost(lists[0]!) : null
  return [
    ...malformed,
    ...(lists.every(allowsInline) || policies.map(attributeSources).every(list => list === null || allowsInline(list))
      ? [{ kind: 'unsafe-inline' as const, detail: "'unsafe-inline' for scripts" }]
      : []),
    ...(policies.every(allowsEval) ? [{ kind: 'unsafe-eval' as const, detail: "'unsafe-eval'" }] : []),
    ...(wild ? [{ kind: 'wildcard' as const, detail: wild }] : []),
    ...(open ? [{ kind: 'ineffective' as const, detail: `anyone may publish scripts on ${open}` }] : []),
    ...(!open && lacksBase(policies, lists)
      ? [
          {
            kind: 'ineffective' as const,
            detail: 'scripts with a nonce come from wherever a <base> leads: base-uri is missing',
          },
        ]
      : []),
  ]
}

/** Contents of the meta elements that set a policy. */
export const metaPolicies = (page: HtmlPage): string[] =>
  page.metas.filter(meta => meta.httpEquiv && meta.name === 'content-security-policy').map(meta => meta.content)

/** Whether browsers ask for http:// URLs of the page over https:// instead (W3C Upgrade Insecure Requests §3). */
export const upgradesInsecure = (policies: readonly string[]): boolean =>
  policies.some(policy => /(^|;)\s*upgrade-insecure-requests\b/i.test(policy))

const origins = (page: HtmlPage, kinds: readonly string[]): string[] => {
  const own = new URL(page.url).origin
  const found = page.resources
    .filter(item => kinds.includes(item.kind) && /^https?:/.test(item.url))
    .map(item => new URL(item.url.replace(/^http:/, 'https:')).origin)
    .filter(origin => origin !== own)
  return [...new Set(found)].sort().slice(0, 30)
}

const isProgram = (type: string): boolean =>
  /^(|module|text\/javascript|application\/javascript|importmap|speculationrules)$/i.test(type.trim())

/** A policy that lets this page do what it does in its HTML and nothing more: the start for a site that has none. */
export const policyFor = (page: HtmlPage): string => {
  const hashes = page.inlineScripts
    .filter(script => isProgram(script.type))
    .slice(0, 20)
    .map(script => `'sha256-${createHash('sha256').update(script.text).digest('base64')}'`)
  const frames = origins(page, ['frame'])
  return [
    "default-src 'self'",
    ["script-src 'self'", ...origins(page, ['script']), ...new Set(hashes)].join(' '),
    ["style-src 'self' 'unsafe-inline'", ...origins(page, ['stylesheet'])].join(' '),
    "img-src 'self' data: https:",
    "font-src 'self' data: https:",
    "connect-src 'self' https:",
    ...(frames.length ? [["frame-src 'self'", ...frames].join(' ')] : []),
    "object-src 'none'",
    "base-uri 'self'",
    "frame-ancestors 'self'",
  ].join('; ')
}
