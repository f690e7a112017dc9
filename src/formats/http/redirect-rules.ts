// Rules that lead every spelling of a site to one address, in the words of six platforms. Path and query are kept.
// http leads to https of the same host first (RFC 6797 §7.2: browsers learn there that it is always to be https), then to the one address.

export type RedirectInput = {
  /** Origin that stays: `https://www.example.com`. */
  origin: string
  /** Hosts that redirect to it. */
  hosts: readonly string[]
}

const nameOf = (origin: string): string => new URL(origin).hostname

/** Redirect rules of the Rulesets API, phase http_request_dynamic_redirect. Always Use HTTPS does the first step. */
export const cloudflareRules = ({ origin, hosts }: RedirectInput): string =>
  `${JSON.stringify(
    {
      kind: 'zone',
      name: 'one address',
      phase: 'http_request_dynamic_redirect',
      rules: [
        {
          action: 'redirect',
          description: `every spelling leads to ${origin}`,
          enabled: true,
          expression: `ssl and (http.host in {${hosts.map(host => JSON.stringify(host)).join(' ')}})`,
          action_parameters: {
            from_value: {
              status_code: 308,
              preserve_query_string: true,
              target_url: { expression: `concat(${JSON.stringify(origin)}, http.request.uri.path)` },
            },
          },
        },
      ],
    },
    null,
    2,
  )}\n`

/** vercel.json; the domains themselves are added in the project. */
export const vercelRules = ({ origin, hosts }: RedirectInput): string =>
  `${JSON.stringify({ redirects: hosts.map(host => ({ source: '/:path*', has: [{ type: 'host', value: host }], destination: `${origin}/:path*`, permanent: true })) }, null, 2)}\n`

/** _redirects; `!` makes the rule hold where a file of that name exists. Queries are passed on; http to https is Netlify's own. */
export const netlifyRules = ({ origin, hosts }: RedirectInput): string =>
  `${hosts.map(host => `https://${host}/* ${origin}/:splat 301!`).join('\n')}\n`

/** nginx server blocks. Certificates where certbot puts them. */
export const nginxRules = ({ origin, hosts }: RedirectInput): string => {
  const home = nameOf(origin)
  return `# Every spelling leads to ${origin}, path and query kept. Put beside the server block of ${home}.
server {
    listen 80;
    listen [::]:80;
    server_name ${[...hosts, home].join(' ')};
    return 308 https://$host$request_uri;
}
${hosts
  .map(
    host => `
server {
    listen 443 ssl;
    listen [::]:443 ssl;
    server_name ${host};
    ssl_certificate /etc/letsencrypt/live/${host}/fullchain.pem;
    ssl_certificate_key /etc/letsencrypt/live/${host}/privkey.pem;
    return 308 ${origin}$request_uri;
}
`,
  )
  .join('')}`
}

/** Caddyfile; Caddy gets the certificates and redirects http to https by itself. */
export const caddyRules = ({ origin, hosts }: RedirectInput): string =>
  `# Every spelling leads to ${origin}, path and query kept. Put beside the site block of ${nameOf(origin)}.
${hosts.map(host => `https://${host}`).join(', ')} {
	redir ${origin}{uri} 308
}
`

/** Rules for a virtual host or .htaccess, with mod_rewrite. */
export const apacheRules = ({ origin, hosts }: RedirectInput): string =>
  `# Every spelling leads to ${origin}, path and query kept. For the virtual host, or .htaccess at its root.
RewriteEngine On
RewriteCond %{HTTPS} !=on
RewriteRule ^ https://%{HTTP_HOST}%{REQUEST_URI} [R=308,L,NE]
${hosts.map((host, at) => `RewriteCond %{HTTP_HOST} ^${host.replaceAll('.', '\\.')}$ [NC${at < hosts.length - 1 ? ',OR' : ''}]`).join('\n')}
RewriteRule ^ ${origin}%{REQUEST_URI} [R=308,L,NE]
`

/** File name → content. */
export const redirectFiles = (input: RedirectInput): [string, string][] => [
  ['cloudflare-rules.json', cloudflareRules(input)],
  ['vercel.json', vercelRules(input)],
  ['_redirects', netlifyRules(input)],
  ['nginx.conf', nginxRules(input)],
  ['Caddyfile', caddyRules(input)],
  ['apache.conf', apacheRules(input)],
]
