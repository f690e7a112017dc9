// Hosting platforms that issue certificates themselves, by the end of a host's alias, and what each wants done. From the platforms'
// documentation of custom domains, November 2026.

/** `step` is one instruction with `{host}` in the place of the host's name. */
export type CertificatePlatform = { suffix: RegExp; name: string; step: string }

export const certificatePlatforms: readonly CertificatePlatform[] = [
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
