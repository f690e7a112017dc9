// Who serves a zone, by the names of its name servers, and where its records are edited. From the vendors' documentation. Looked up 2026-11-25.

export const dnsProviders: readonly { name: string; nameServer: RegExp; edit: string }[] = [
  { name: 'Cloudflare', nameServer: /\.ns\.cloudflare\.com$/, edit: 'https://dash.cloudflare.com' },
  {
    name: 'Amazon Route 53',
    nameServer: /\.awsdns-\d+\.(com|net|org|co\.uk)$/,
    edit: 'https://console.aws.amazon.com/route53',
  },
  {
    name: 'Google Cloud DNS',
    nameServer: /\.googledomains\.com$/,
    edit: 'https://console.cloud.google.com/net-services/dns',
  },
  { name: 'Azure DNS', nameServer: /\.azure-dns\.(com|net|org|info)$/, edit: 'https://portal.azure.com' },
  { name: 'Vercel', nameServer: /\.vercel-dns\.com$/, edit: 'https://vercel.com/dashboard/domains' },
  { name: 'Netlify', nameServer: /\.nsone\.net$/, edit: 'https://app.netlify.com' },
  { name: 'GoDaddy', nameServer: /\.domaincontrol\.com$/, edit: 'https://dcc.godaddy.com' },
  {
    name: 'Namecheap',
    nameServer: /\.(registrar-servers|namecheaphosting)\.com$/,
    edit: 'https://ap.www.namecheap.com',
  },
  {
    name: 'DigitalOcean',
    nameServer: /\.digitalocean\.com$/,
    edit: 'https://cloud.digitalocean.com/networking/domains',
  },
  { name: 'Hetzner', nameServer: /\.ns\.hetzner\.(com|de)$|\.second-ns\.(com|de)$/, edit: 'https://dns.hetzner.com' },
  { name: 'Gandi', nameServer: /\.gandi\.net$/, edit: 'https://admin.gandi.net' },
  { name: 'OVHcloud', nameServer: /\.ovh\.(net|ca)$/, edit: 'https://www.ovh.com/manager' },
  { name: 'Porkbun', nameServer: /\.porkbun\.com$/, edit: 'https://porkbun.com/account/domains' },
  { name: 'Squarespace', nameServer: /\.squarespacedns\.com$/, edit: 'https://account.squarespace.com/domains' },
  { name: 'IONOS', nameServer: /\.ui-dns\.(com|org|de|biz)$/, edit: 'https://my.ionos.com' },
  { name: 'DNSimple', nameServer: /\.dnsimple(-edge)?\.(com|net|org)$/, edit: 'https://dnsimple.com' },
  { name: 'Hover', nameServer: /\.hover\.com$/, edit: 'https://www.hover.com' },
  { name: 'Wix', nameServer: /\.wixdns\.net$/, edit: 'https://manage.wix.com' },
]

/** Provider of a set of name servers; null when they are none that we know. */
export const dnsProviderOf = (nameServers: readonly string[]): { name: string; edit: string } | null =>
  dnsProviders.find(provider => nameServers.some(name => provider.nameServer.test(name))) ?? null
