// How DNS providers want a record typed in: what stands in the name field, whether text is quoted. Seen in their panels, 2026-11.

export type DnsPanel = {
  id: string
  name: string
  /** Ends of the names of its name servers, or how these end. */
  nameservers: readonly (string | RegExp)[]
  /** What the name field holds for the domain itself; names below it are typed without the domain, unless `whole`. */
  apex: '@' | '' | 'whole'
  whole: boolean
  /** Text must be typed within double quotes. */
  quotes: boolean
  where: string
}

const panel = (
  id: string,
  name: string,
  nameservers: (string | RegExp)[],
  where: string,
  more: Partial<DnsPanel> = {},
): DnsPanel => ({ id, name, nameservers, where, apex: '@', whole: false, quotes: false, ...more })

const panels: readonly DnsPanel[] = [
  panel('cloudflare', 'Cloudflare', ['ns.cloudflare.com'], 'DNS → Records'),
  panel('route53', 'Amazon Route 53', [/\.awsdns-\d+\.(com|net|org|co\.uk)$/], 'Hosted zones → your zone', {
    apex: '',
    quotes: true,
  }),
  panel('google', 'Google Cloud DNS', ['googledomains.com'], 'Network services → Cloud DNS', {
    apex: '',
    quotes: true,
  }),
  panel('squarespace', 'Squarespace', ['squarespacedns.com', 'domains.squarespace.com'], 'Domains → DNS settings'),
  panel('godaddy', 'GoDaddy', ['domaincontrol.com'], 'Domain portfolio → DNS'),
  panel('namecheap', 'Namecheap', ['registrar-servers.com'], 'Domain list → Advanced DNS'),
  panel('porkbun', 'Porkbun', ['porkbun.com'], 'Domain management → DNS', { apex: '' }),
  panel('vercel', 'Vercel', ['vercel-dns.com'], 'Domains → your domain', { apex: '' }),
  panel('netlify', 'Netlify DNS', ['nsone.net'], 'Domains → your domain'),
  panel('digitalocean', 'DigitalOcean', ['digitalocean.com'], 'Networking → Domains'),
  panel(
    'hetzner',
    'Hetzner DNS',
    ['hetzner.com', 'hetzner.de', 'first-ns.de', 'second-ns.com'],
    'DNS console → your zone',
    { quotes: true },
  ),
  panel('gandi', 'Gandi', ['gandi.net'], 'Domain → DNS records', { quotes: true }),
  panel('ovh', 'OVHcloud', ['ovh.net', 'anycast.me'], 'Web cloud → DNS zone', { apex: '' }),
  panel('ionos', 'IONOS', ['ui-dns.com', 'ui-dns.org', 'ui-dns.de', 'ui-dns.biz'], 'Domains → DNS'),
  panel(
    'azure',
    'Azure DNS',
    ['azure-dns.com', 'azure-dns.net', 'azure-dns.org', 'azure-dns.info'],
    'DNS zones → your zone',
  ),
  panel('dnsimple', 'DNSimple', ['dnsimple.com', 'dnsimple-edge.net'], 'Domain → DNS → Record editor', { apex: '' }),
  panel('wix', 'Wix', ['wixdns.net'], 'Domains → Manage DNS records', { apex: 'whole', whole: true }),
  panel('hover', 'Hover', ['hover.com'], 'Your domain → DNS'),
  panel('namesilo', 'NameSilo', ['dnsowl.com'], 'Domain manager → DNS', { apex: '' }),
  panel('bunny', 'bunny.net', ['bunny.net'], 'DNS → your zone', { apex: '' }),
  panel('hostinger', 'Hostinger', ['dns-parking.com'], 'Domains → DNS / Nameservers'),
]

/** The provider by the names of the name servers; null when none is known. */
export const panelOf = (nameservers: readonly string[]): DnsPanel | null =>
  panels.find(item =>
    nameservers.some(name =>
      item.nameservers.some(end =>
        typeof end === 'string' ? name === end || name.endsWith(`.${end}`) : end.test(name),
      ),
    ),
  ) ?? null

/** What to type into the name field: `@`, `_dmarc`, the whole name. A null panel: relative with `@`, as most want it. */
export const panelName = (of: DnsPanel | null, name: string, domain: string): string => {
  const whole = name.replace(/\.$/, '').toLowerCase()
  if (of?.whole) return whole
  if (whole === domain)
    return of === null ? '@' : of.apex === 'whole' ? domain : of.apex === '' ? '(leave empty)' : of.apex
  return whole.endsWith(`.${domain}`) ? whole.slice(0, -domain.length - 1) : whole
}

/** What to type as the value: text quoted where the provider asks for it, in pieces of 255 characters. */
export const panelValue = (of: DnsPanel | null, type: string, data: string): string =>
  type !== 'TXT' || !of?.quotes
    ? data
    : (data.match(/.{1,255}/gs) ?? ['']).map(piece => `"${piece.replace(/(["\\])/g, '\\$1')}"`).join(' ')

/** One sentence for a fix: where to click and what to type. */
export const panelSentence = (of: DnsPanel | null, name: string, domain: string): string | null =>
  of === null
    ? null
    : `At ${of.name} (${of.where}): type TXT, name ${panelName(of, name, domain)}, the text ${of.quotes ? 'within double quotes' : 'without quotes'}`
