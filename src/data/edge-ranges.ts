// Networks that stand in front of sites (content delivery, protection): their addresses, aliases and headers.
// Sources: https://www.cloudflare.com/ips/, https://api.fastly.com/public-ip-list, the vendors' documentation. Looked up 2026-11-25.
import ipaddr from 'ipaddr.js'

export type Edge = {
  name: string
  ranges: readonly string[]
  alias: RegExp | null
  header: { name: string; value: RegExp } | null
  /** What it calls itself in the Server header. */
  server?: RegExp
  source: string
}

export const cloudflareRanges: readonly string[] = [
  '173.245.48.0/20',
  '103.21.244.0/22',
  '103.22.200.0/22',
  '103.31.4.0/22',
  '141.101.64.0/18',
  '108.162.192.0/18',
  '190.93.240.0/20',
  '188.114.96.0/20',
  '197.234.240.0/22',
  '198.41.128.0/17',
  '162.158.0.0/15',
  '104.16.0.0/13',
  '104.24.0.0/14',
  '172.64.0.0/13',
  '131.0.72.0/22',
  '2400:cb00::/32',
  '2606:4700::/32',
  '2803:f800::/32',
  '2405:b500::/32',
  '2405:8100::/32',
  '2a06:98c0::/29',
  '2c0f:f248::/32',
]

export const edges: readonly Edge[] = [
  {
    name: 'Cloudflare',
    ranges: cloudflareRanges,
    alias: /\.cdn\.cloudflare\.net$|\.pages\.dev$/,
    header: { name: 'cf-ray', value: /./ },
    server: /^cloudflare(-nginx)?$/i,
    source: 'https://www.cloudflare.com/ips/',
  },
  {
    name: 'Fastly',
    ranges: ['151.101.0.0/16', '199.232.0.0/16', '146.75.0.0/17', '167.82.0.0/17', '2a04:4e40::/32', '2a04:4e42::/32'],
    alias: /\.fastly\.net$|\.fastlylb\.net$/,
    header: { name: 'x-served-by', value: /cache-/ },
    source: 'https://api.fastly.com/public-ip-list',
  },
  {
    name: 'Vercel',
    ranges: ['76.76.21.0/24', '66.33.60.0/24', '216.198.79.0/24', '64.29.17.0/24'],
    alias: /\.vercel(-dns(-\d+)?)?\.(com|app)$/,
    header: { name: 'x-vercel-id', value: /./ },
    server: /^vercel$/i,
    source: 'https://vercel.com/docs/domains',
  },
  {
    name: 'Netlify',
    ranges: ['75.2.60.5/32', '99.83.190.102/32', '44.219.53.0/24'],
    alias: /\.netlify\.(app|com)$|\.netlifyglobalcdn\.com$/,
    header: { name: 'x-nf-request-id', value: /./ },
    server: /^netlify$/i,
    source: 'https://docs.netlify.com/domains-https/custom-domains/configure-external-dns/',
  },
  {
    name: 'Amazon CloudFront',
    ranges: [],
    alias: /\.cloudfront\.net$/,
    header: { name: 'x-amz-cf-id', value: /./ },
    server: /^cloudfront$/i,
    source: 'https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/LocationsOfEdgeServers.html',
  },
  {
    name: 'Akamai',
    ranges: [],
    alias: /\.(edgekey|edgesuite|akamaiedge|akamai)\.net$/,
    header: { name: 'x-akamai-transformed', value: /./ },
    server: /^akamai(ghost|netstorage)/i,
    source: 'https://techdocs.akamai.com/',
  },
  {
    name: 'Azure Front Door',
    ranges: [],
    alias: /\.azurefd\.net$|\.azureedge\.net$/,
    header: { name: 'x-azure-ref', value: /./ },
    source: 'https://learn.microsoft.com/azure/frontdoor/',
  },
  {
    name: 'Google Cloud CDN and Firebase',
    ranges: ['199.36.158.0/23'],
    alias: /\.(web\.app|firebaseapp\.com)$/,
    header: { name: 'via', value: /1\.1 google/i },
    source: 'https://firebase.google.com/docs/hosting/custom-domain',
  },
  {
    name: 'GitHub Pages',
    ranges: ['185.199.108.0/22', '2606:50c0::/32'],
    alias: /\.github\.io$/,
    header: { name: 'x-github-request-id', value: /./ },
    server: /^github\.com$/i,
    source: 'https://docs.github.com/en/pages',
  },
  {
    name: 'Fly.io',
    ranges: ['66.241.124.0/23', '2a09:8280:1::/48'],
    alias: /\.fly\.dev$/,
    header: { name: 'fly-request-id', value: /./ },
    server: /^fly\//i,
    source: 'https://fly.io/docs/networking/services/',
  },
  {
    name: 'Render',
    ranges: ['216.24.57.0/24'],
    alias: /\.onrender\.com$/,
    header: { name: 'x-render-origin-server', value: /./ },
    source: 'https://render.com/docs/configure-other-dns',
  },
  {
    name: 'Railway',
    ranges: [],
    alias: /\.railway\.app$/,
    header: { name: 'x-railway-edge', value: /./ },
    server: /^railway-edge$/i,
    source: 'https://docs.railway.com/',
  },
  {
    name: 'Bunny',
    ranges: [],
    alias: /\.b-cdn\.net$/,
    header: { name: 'cdn-pullzone', value: /./ },
    server: /^bunnycdn/i,
    source: 'https://docs.bunny.net/',
  },
  {
    name: 'KeyCDN',
    ranges: [],
    alias: /\.kxcdn\.com$/,
    header: { name: 'server', value: /keycdn/i },
    source: 'https://www.keycdn.com/support',
  },
  {
    name: 'Sucuri',
    ranges: ['192.88.134.0/23', '185.93.228.0/22', '66.248.200.0/22', '2a02:fe80::/29'],
    alias: null,
    header: { name: 'server', value: /sucuri/i },
    source: 'https://docs.sucuri.net/website-firewall/',
  },
  {
    name: 'Imperva',
    ranges: [
      '199.83.128.0/21',
      '198.143.32.0/19',
      '149.126.72.0/21',
      '103.28.248.0/22',
      '45.64.64.0/22',
      '185.11.124.0/22',
      '192.230.64.0/18',
      '107.154.0.0/16',
      '45.60.0.0/16',
    ],
    alias: /\.incapdns\.net$|\.impervadns\.net$/,
    header: { name: 'x-cdn', value: /imperva|incapsula/i },
    source: 'https://docs.imperva.com/',
  },
]

type Network = ReturnType<typeof ipaddr.parseCIDR>

const parsedRanges = new Map<readonly string[], Network[]>()

/** Whether an address lies in one of these ranges, which are parsed once. */
const inRanges = (address: string, ranges: readonly string[]): boolean => {
  if (ranges.length === 0 || !ipaddr.isValid(address)) return false
  let networks = parsedRanges.get(ranges)
  if (!networks) {
    networks = ranges.map(range => ipaddr.parseCIDR(range))
    parsedRanges.set(ranges, networks)
  }
  const parsed = ipaddr.process(address)
  return networks.some(network => network[0].kind() === parsed.kind() && parsed.match(network as never))
}

/** The network in front of a host, and what gave it away. Null when none is recognised. */
export const edgeOf = (seen: {
  addresses: readonly string[]
  aliases: readonly string[]
  headers: readonly { name: string; value: string }[]
}): { name: string; by: 'address' | 'alias' | 'header' } | null => {
  for (const edge of edges)
    if (seen.addresses.some(address => inRanges(address, edge.ranges))) return { name: edge.name, by: 'address' }
  for (const edge of edges)
    if (seen.aliases.some(alias => edge.alias?.test(alias))) return { name: edge.name, by: 'alias' }
  for (const edge of edges)
    if (
      seen.headers.some(
        ({ name, value }) =>
          (name === edge.header?.name && edge.header.value.test(value)) ||
          (name === 'server' && edge.server?.test(value.trim())),
      )
    )
      return { name: edge.name, by: 'header' }
  return null
}

/** True for addresses of Cloudflare's edge. */
export const isCloudflare = (address: string): boolean => inRanges(address, cloudflareRanges)
