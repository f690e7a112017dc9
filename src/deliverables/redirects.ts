// redirects/: rules that make one canonical URL, for six platforms; the detected one is named first.
import type { SavedFact } from '../core/fact.ts'
import type { Target } from '../core/target.ts'
import { canonicalOrigin } from '../formats/http/canonical-walk.ts'
import { redirectFiles } from '../formats/http/redirect-rules.ts'
import { escapeMarkdown, markdownCode } from '../report/shared/escape.ts'
import { type Document, factOf } from './deliverable.ts'

const fileOf: Readonly<Record<string, string>> = {
  Cloudflare: 'cloudflare-rules.json',
  Vercel: 'vercel.json',
  Netlify: '_redirects',
  nginx: 'nginx.conf',
  Caddy: 'Caddyfile',
  Apache: 'apache.conf',
}

/** Platform by what stands in front of the site, else by the server's own name. */
const platformOf = (facts: readonly SavedFact[], host: string): string | null => {
  const edges = factOf(facts, 'hostEdges', host)
  if (!edges?.ok) return null
  if (edges.value.edge && fileOf[edges.value.edge]) return edges.value.edge
  const server = edges.value.headers.find(header => header.name === 'server')?.value ?? ''
  return ['nginx', 'Caddy', 'Apache'].find(name => server.toLowerCase().includes(name.toLowerCase())) ?? null
}

/** The rules, and a page that says which of them to use. Nothing where the site's spellings could not be walked. */
export const redirects = ({ facts, target }: { facts: readonly SavedFact[]; target: Target }): Document[] => {
  const walk = factOf(facts, 'canonicalWalk')
  if (!walk?.ok) return []
  const origin = canonicalOrigin(walk.value, target.canonical)
  if (origin === null) return []
  const secure = origin.replace(/^http:/, 'https:')
  const home = new URL(secure).hostname
  const hosts = [walk.value.apex, walk.value.www].filter(host => host !== home)
  const platform = platformOf(facts, home) ?? platformOf(facts, walk.value.apex)
  const chosen = platform ? fileOf[platform]! : null
  const guide = [
    `# One address: ${escapeMarkdown(secure)}`,
    '',
    `${hosts.map(host => markdownCode(host)).join(' and ')} and every http address lead there for good: http to https first, then to the one address; path and query are kept.`,
    '',
    chosen
      ? `Your site seems to run on ${platform}: use \`${chosen}\`.`
      : 'Which platform your site runs on could not be told: use the file of yours.',
    '',
    ...Object.entries(fileOf).map(([name, file]) => `- ${name}: \`${file}\``),
    '',
    'Before the redirect comes the certificate: each of these hosts needs a valid one.',
    '',
    `Check: \`launch-ready dns ${target.domain ?? walk.value.apex} --only canonical-host\``,
    '',
  ]
  return [
    { path: 'redirects/README.md', content: guide.join('\n') },
    ...redirectFiles({ origin: secure, hosts }).map(([name, content]) => ({ path: `redirects/${name}`, content })),
  ]
}
