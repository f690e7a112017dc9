// How a certificate is put right: the setting that a program can apply, and the steps for whoever holds the host.
import type { DnsChange, Fix } from '../../core/fix.ts'
import type { CertificateData } from './certificate-endpoints.ts'

/** Hosting platforms by the end of a host's alias, and what they want done. */
const platforms: readonly { suffix: RegExp; name: string; step: string }[] = [
  {
    suffix: /\.vercel(-dns(-\d+)?)?\.(app|com)$/,
    name: 'Vercel',
    step: 'In Vercel: Project → Settings → Domains; add {host} and wait until it says "Valid Configuration".',
  },
  {
    suffix: /\.netlify\.(app|com)$/,
    name: 'Netlify',
    step: 'In Netlify: Domain management → HTTPS; add {host} as a domain alias, then "Renew certificate".',
  },
  {
    suffix: /\.github\.io$/,
    name: 'GitHub Pages',
    step: 'On GitHub: Settings → Pages; enter {host} as the custom domain and tick "Enforce HTTPS".',
  },
  {
    suffix: /\.onrender\.com$/,
    name: 'Render',
    step: 'In Render: Settings → Custom Domains; add {host} and press "Verify".',
  },
  {
    suffix: /\.fly\.dev$/,
    name: 'Fly.io',
    step: 'Run `fly certs add {host}`, then `fly certs show {host}` until it is issued.',
  },
  {
    suffix: /\.herokudns\.com$/,
    name: 'Heroku',
    step: 'Run `heroku domains:add {host}` and `heroku certs:auto:enable`.',
  },
  {
    suffix: /\.up\.railway\.app$/,
    name: 'Railway',
    step: 'In Railway: Settings → Networking → Custom Domain; add {host}.',
  },
  {
    suffix: /\.pages\.dev$/,
    name: 'Cloudflare Pages',
    step: 'In Cloudflare: Workers & Pages → your project → Custom domains; add {host}.',
  },
  {
    suffix: /\.cloudfront\.net$/,
    name: 'CloudFront',
    step: 'In AWS: request a certificate for {host} in ACM (us-east-1), then choose it and add the alternate name on the distribution.',
  },
  {
    suffix: /\.azurewebsites\.net$/,
    name: 'Azure App Service',
    step: 'In Azure: App Service → Custom domains → {host} → add a managed certificate binding.',
  },
  {
    suffix: /\.myshopify\.com$/,
    name: 'Shopify',
    step: 'In Shopify: Settings → Domains; connect {host} and wait for the certificate.',
  },
  {
    suffix: /\.webflow\.com$/,
    name: 'Webflow',
    step: 'In Webflow: Site settings → Publishing; add {host} and publish again.',
  },
]

/** The platform that a chain of aliases leads to; null when none is known. */
export const platformOf = (cnames: readonly string[]): string | null =>
  platforms.find(({ suffix }) => cnames.some(name => suffix.test(name)))?.name ?? null

const onPlatform = (data: CertificateData): string[] =>
  platforms.filter(({ name }) => name === data.platform).map(({ step }) => step.replaceAll('{host}', data.host))

const setting = (data: CertificateData): Fix['changes'] => [
  {
    kind: 'setting',
    provider: 'tls',
    path: `${data.host}/certificate`,
    value: { names: data.names, chain: 'full', validDays: 90, key: 'ec-p256' },
  },
]

/** A new certificate from a public authority, whole chain installed. */
export const newCertificate = (data: CertificateData): Fix => ({
  summary: `Put a valid certificate for ${data.names.join(', ')} in place`,
  steps: data.platform
    ? onPlatform(data)
    : [
        `Get a certificate for ${data.names.join(', ')} from a public authority (free from Let's Encrypt: \`certbot\`, or Caddy, which does it by itself).`,
        'Install the whole chain (`fullchain.pem`), not the certificate alone, and reload the web server.',
        'Make renewal automatic, and let the renewal reload the server.',
      ],
  changes: setting(data),
  effortMinutes: data.platform ? 15 : 30,
})

/** The same certificate, sent with what belongs to it. */
export const fullChain = (data: CertificateData): Fix => ({
  summary: `Send the whole certificate chain of ${data.host}, in order`,
  steps: data.platform
    ? onPlatform(data)
    : [
        'Configure the file with the whole chain: `ssl_certificate …/fullchain.pem` (nginx), `SSLCertificateFile …/fullchain.pem` (Apache).',
        "The file holds the host's certificate first, then the one that issued it, and so on; the root may be left out.",
        'Reload the web server.',
      ],
  changes: setting(data),
  effortMinutes: 10,
})

/** Renewal that is late. */
export const renew = (data: CertificateData): Fix => ({
  ...newCertificate(data),
  summary: `Renew the certificate of ${data.host} now, and find out why it was not renewed by itself`,
  steps: data.platform
    ? onPlatform(data)
    : [
        'See why the automatic renewal did not run: `certbot renew --dry-run`, `systemctl list-timers`, or the log of your ACME client.',
        'Renew, and reload the web server: a renewed file that is not loaded helps nobody.',
      ],
  effortMinutes: 20,
})

/** Nothing answers on port 443. */
export const listen = (data: CertificateData): Fix => ({
  summary: `Make ${data.host} answer on port 443 with a certificate for its name`,
  steps: data.platform
    ? onPlatform(data)
    : [
        `See whether the server behind ${data.addresses.join(', ') || data.host} runs, listens on port 443 and is let through by the firewall.`,
        `If ${data.host} should not exist, remove its address from DNS.`,
      ],
  changes: setting(data),
  effortMinutes: 30,
})

/** Addresses that answer differently: what is down leaves DNS, what serves another certificate gets the right one. */
export const sameEverywhere = (data: CertificateData): Fix => {
  const records = data.down.map(
    (address): DnsChange => ({
      kind: 'dns',
      action: 'remove',
      name: `${data.host}.`,
      type: address.includes(':') ? 'AAAA' : 'A',
      data: address,
    }),
  )
  const list = data.down.join(', ')
  return {
    summary: data.down.length
      ? `Bring the server at ${list} back, or take the address out of DNS`
      : `Serve the same certificate of ${data.host} at every address`,
    steps: [
      ...(data.down.length
        ? [
            `See whether the server at ${list} runs, listens on port 443 and is let through by the firewall.`,
            `If it is gone for good, remove ${list} from the address records of ${data.host}: no customer is sent there then.`,
          ]
        : []),
      ...(data.differ
        ? [
            'Install the certificate that is right on the servers behind the other addresses too (the IPv6 one is often forgotten).',
          ]
        : []),
    ],
    changes: [...(data.differ ? setting(data) : []), ...(data.aliased ? down(data) : records)],
    effortMinutes: 20,
  }
}

/** Addresses that an alias leads to are another's records. */
const down = (data: CertificateData): Fix['changes'] =>
  data.down.map(address => ({
    kind: 'manual',
    step: `Have the server at ${address} answer for ${data.host}, or ask the host that its alias leads to.`,
  }))
