// One address: every spelling of it (http, https, with and without www, any path) ends at the same place in one step.
import { defineCheck, skip, unknown } from '../../core/check.ts'
import type { Change, Fix } from '../../core/fix.ts'
import type { Facts } from '../../facts/index.generated.ts'
import { absoluteName } from '../../formats/dns/name.ts'
import { registrableDomain } from '../../formats/dns/registrable-domain.ts'
import { canonicalFaults, canonicalOrigin, tellsNothing, trailOf } from '../../formats/http/canonical-walk.ts'

type Data = { host: string; origin: string; start: string; records?: { type: string; data: string }[] }

/** http goes to https of the same host first, so that browsers learn there that it is always to be https (RFC 6797 §7.2). */
const redirects = (host: string, origin: string): Change[] => [
  { kind: 'redirect', from: `http://${host}/`, to: `https://${host}/`, status: 308, tree: true },
  { kind: 'redirect', from: `https://${host}/`, to: `${origin}/`, status: 308, tree: true },
]

const fix = ({ host, origin }: Data): Fix => ({
  summary: `Redirect ${host} to ${origin} for good, path and query kept`,
  steps: [
    `In the settings of your hosting, make ${origin.replace(/^https?:\/\//, '')} the primary domain and let ${host} redirect to it with status 308 (or 301).`,
    'The ready rules for your platform are written by: launch-ready dns --out launch-ready',
  ],
  changes: redirects(host, origin),
  effortMinutes: 10,
})

const loopFix = ({ host, origin }: Data): Fix => ({
  summary: `Let ${origin} answer, and only the other spellings redirect`,
  steps: [
    `Two places redirect to each other: find the one at ${origin} (hosting, DNS provider's forwarding, Cloudflare rule) and turn it off.`,
    'Behind Cloudflare the usual cause is encryption mode Flexible: set it to Full (strict).',
  ],
  changes: [
    { kind: 'manual', step: `Turn off the redirect that ${origin} itself sends; keep the one of ${host} to it.` },
  ],
  effortMinutes: 20,
})

const certificateFix = (data: Data): Fix => ({
  summary: `Get a certificate for ${data.host}`,
  steps: [
    `Add ${data.host} to the hosting, so that it is given a certificate: the browser checks it before it follows the redirect.`,
  ],
  changes: [{ kind: 'setting', provider: 'tls', path: `${data.host}/certificate`, value: { names: [data.host] } }],
  effortMinutes: 15,
})

const recordFix = (data: Data): Fix => ({
  summary: `Add ${data.host}, and redirect it to ${data.origin}`,
  steps: [
    `Add the record, then add ${data.host} to the hosting so that it has a certificate and redirects to ${data.origin}.`,
  ],
  changes: [
    ...(data.records ?? []).map(record => ({
      kind: 'dns' as const,
      action: 'add' as const,
      name: absoluteName(data.host),
      type: record.type,
      ttl: 300,
      data: record.data,
    })),
    { kind: 'manual', step: `Add ${data.host} to the hosting: certificate, and a redirect to ${data.origin}.` },
  ],
  effortMinutes: 15,
})

const tagFix = (data: Data): Fix => ({
  summary: `Name ${data.origin} in the page's canonical link`,
  steps: [`Change <link rel="canonical"> of ${data.start} to an address that begins with ${data.origin}.`],
  changes: [{ kind: 'manual', step: `Set the canonical link of ${data.start} to ${data.origin}/.` }],
  effortMinutes: 10,
})

/** The walk of two front pages, for the examples: the first line is the apex, the others are hops of www. */
const walked = ([first = '', ...others]: string[]): Facts['canonicalWalk'] => {
  const hop = (line: string) => {
    const [url = '', status] = line.split(' ')
    return { url, status: Number(status), location: null, secure: true }
  }
  const spelling = (which: 'apex' | 'www', lines: string[]) => {
    const hops = lines.map(hop)
    return {
      start: hops[0]!.url,
      scheme: 'https' as const,
      which,
      deep: false,
      ended: 'answer' as const,
      hops,
      refresh: null,
      next: null,
    }
  }
  return {
    apex: 'example.com',
    www: 'www.example.com',
    exists: { apex: true, www: true },
    apexAddresses: ['192.0.2.10'],
    spellings: [spelling('apex', [first]), spelling('www', others)],
    tags: [],
  }
}

/** Silence is not a verdict: a spelling that could not be walked is unknown, unless its certificate was the reason. */
const isUnheard = (spelling: Facts['canonicalWalk']['spellings'][number]): boolean =>
  !spelling.deep &&
  spelling.scheme === 'https' &&
  (spelling.ended === 'failed' || spelling.ended === 'next-hop-failed') &&
  spelling.next?.reason !== 'tls-handshake' &&
  // A refused connection is an answer: it is judged.
  !(spelling.ended === 'failed' && spelling.next?.reason === 'refused')

export default defineCheck<Data>()({
  id: 'canonical-host',
  stage: 'dns',
  on: 'domain',
  title: 'Every spelling of the address leads to one place',
  why: 'http and https, apex and www, the front page and a deep link with a query are walked hop by hop. Each spelling must end at one origin in at most two permanent steps that keep path and query; certificates count before redirects, because a browser checks them first.',
  impact: {
    journey: 'visit',
    owner: 'People who type your address another way see an error, lose their login, or split your search ranking.',
  },
  needs: ['canonicalWalk'],
  signals: {
    'duplicate-pages': ['both-serve', 'canonical-tag-disagrees'],
    'certificate-warnings': ['loop', 'chain', 'certificate-before-redirect'],
    'links-break': ['path-lost', 'query-lost', 'apex-missing', 'www-missing'],
  },
  outcomes: {
    'both-serve': { status: 'fail', severity: 'high', title: '{host} serves a second copy of the site', fix },
    'www-missing': {
      status: 'fail',
      severity: 'medium',
      title: '{host} leads nowhere; people still type it',
      fix: recordFix,
    },
    'apex-missing': {
      status: 'fail',
      severity: 'blocker',
      title: '{host} leads nowhere, only www works',
      fix: recordFix,
    },
    loop: { status: 'fail', severity: 'blocker', title: '{host} redirects in circles', fix: loopFix },
    chain: { status: 'fail', severity: 'medium', title: '{host} takes three or more redirects', fix },
    'path-lost': { status: 'fail', severity: 'high', title: 'Deep links to {host} end on the wrong page', fix },
    'query-lost': { status: 'fail', severity: 'medium', title: 'Links to {host} lose their parameters', fix },
    temporary: { status: 'fail', severity: 'low', title: '{host} redirects as if for today only', fix },
    'certificate-before-redirect': {
      status: 'fail',
      severity: 'blocker',
      title: 'https://{host} warns before it redirects',
      fix: certificateFix,
    },
    'canonical-tag-disagrees': {
      status: 'fail',
      severity: 'medium',
      title: 'The page names another address as the real one',
      fix: tagFix,
    },
    one: { status: 'pass', title: 'All spellings lead to {origin}' },
  },
  references: [
    'https://www.rfc-editor.org/rfc/rfc9110#section-15.4',
    'https://www.rfc-editor.org/rfc/rfc6596',
    'https://developers.google.com/search/docs/crawling-indexing/consolidate-duplicate-urls',
  ],
  judge: ({ canonicalWalk: walk }, { target }) => {
    if (walk.exists.apex === false && walk.exists.www === false)
      return skip('neither the domain nor its www has an address')
    const origin = canonicalOrigin(walk, target.canonical)
    if (origin === null) return unknown('no spelling of the address gave an answer', 'blocker')
    const found = canonicalFaults(walk, origin).map(({ outcome, key, start, trail }) => {
      const host = outcome === 'temporary' ? key : new URL(start).hostname
      return { outcome, key, data: { host, origin, start }, evidence: [{ label: start, value: trail }] }
    })
    // Nobody types www before a name below the domain.
    const missing =
      walk.exists.www === false && registrableDomain(walk.apex) === walk.apex
        ? ('www-missing' as const)
        : walk.exists.apex === false
          ? ('apex-missing' as const)
          : null
    const host = missing === 'www-missing' ? walk.www : walk.apex
    const records = missing === 'www-missing' ? [{ type: 'CNAME', data: absoluteName(walk.apex) }] : []
    const absent = missing
      ? [
          {
            outcome: missing,
            data: { host, origin, start: host, records },
            evidence: [{ label: host, value: 'no address' }],
          },
        ]
      : []
    const unheard = walk.spellings.filter(
      spelling => isUnheard(spelling) || tellsNothing(spelling, new URL(origin).hostname),
    )
    const open = unheard.map(spelling => unknown(trailOf(spelling), 'high'))
    if (found.length || absent.length || open.length) return [...absent, ...found, ...open]
    return {
      outcome: 'one',
      data: { host: walk.apex, origin, start: origin },
      evidence: walk.spellings
        .filter(spelling => !spelling.deep)
        .map(spelling => ({ label: spelling.start, value: trailOf(spelling) })),
    }
  },
  examples: [
    {
      name: 'www redirects to the apex',
      facts: {
        canonicalWalk: walked(['https://example.com/ 200', 'https://www.example.com/ 301', 'https://example.com/ 200']),
      },
      expect: 'one',
    },
    {
      name: 'both answer',
      facts: { canonicalWalk: walked(['https://example.com/ 200', 'https://www.example.com/ 200']) },
      expect: 'both-serve',
    },
  ],
})
