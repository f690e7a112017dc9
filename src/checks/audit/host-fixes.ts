// What to change where a host has no address, shows another's page, stays out of search engines or speaks old versions of TLS.
import type { Change, Fix } from '../../core/fix.ts'
import {
  fix,
  manual,
  manualFix,
  removeHeader,
  removeRecord,
  replaceRecord,
  setHeader,
  setting,
} from '../../core/fixes.ts'

/** What `domain-resolution` found. */
export type ResolutionData = {
  host: string
  address?: string
  /** Names near to one that does not exist, which do. */
  near?: string[]
  /** The answer that most servers give. */
  majority?: { type: string; data: string; ttl: number }[]
  /** Address records that lead nowhere, where they stand in the own zone. */
  remove?: { name: string; type: string; data: string }[]
}

/** The name gets an address, or loses one that leads nowhere. */
export const lead = ({ host, remove }: ResolutionData): Fix =>
  fix(
    `Lead ${host} to the address of your hosting`,
    remove?.length
      ? remove.map(({ name, type, data }) => removeRecord(name, type, data))
      : [manual(`Add the address record of ${host} that your hosting names.`)],
    [
      `In the DNS settings of ${host}, add the record that your hosting names (an A or AAAA record, or a CNAME below the domain).`,
      'Wait for its lifetime to pass, then run this check again.',
    ],
  )

/** The server answers over IPv6 too. */
export const answerOverIpv6 = ({ host, address, remove }: ResolutionData): Fix =>
  fix(
    `Take the AAAA record of ${host} out, or let it answer at ${address}`,
    remove?.length
      ? remove.map(({ name, type, data }) => removeRecord(name, type, data))
      : [manual(`Make the web server of ${host} answer at ${address}.`)],
    [
      'Without the record everybody comes over IPv4, which works: that helps at once.',
      'Where you want IPv6: let the web server listen on it, open ports 80 and 443 for it in the firewall, then add the record again.',
    ],
    20,
  )

/** The name is registered and delegated. */
export const register = ({ host, near = [] }: ResolutionData): Fix =>
  fix(
    near[0] ? `Is it spelt right? ${near[0]} exists` : `Register ${host}, or renew it, and name its servers`,
    [manual(`Register or renew ${host} and set its name servers.`)],
    [
      ...near.map(name => `If ${name} is meant, run: \`launch-ready audit ${name}\``),
      'Look the domain up at your registrar: has it lapsed, is it on hold, was it never registered?',
      'Renew it, and set the name servers of your DNS provider.',
    ],
    30,
  )

/** Every name server gives the answer that most give. */
export const agree = ({ host, majority = [] }: ResolutionData): Fix =>
  fix(
    `Make every name server give the same answer for ${host}`,
    majority.map(({ type, data, ttl }) => replaceRecord(host, type, data, undefined, ttl)),
    [
      'Find which server has the old zone: its serial is lower, or it belongs to a former DNS provider.',
      'Let it transfer the zone again, or take it out of the delegation at the registrar.',
    ],
    30,
  )

/** What `search-indexing` found: `how` the page at `url` is kept out. */
export type IndexingData = { host: string; how: string; url: string }

const repair = (summary: string, change: Change, step: string): Fix => {
  const again = 'Ask for the page again in Google Search Console: URL inspection, request indexing.'
  return fix(summary, [change], [step, again], 10)
}

/** What shuts search engines out is taken away; a copy of the site is shut. */
export const indexingFix = {
  noindex: ({ host, how, url }: IndexingData): Fix =>
    repair(
      'Take noindex away',
      how === 'x-robots-tag'
        ? removeHeader(host, 'x-robots-tag')
        : manual(`Remove the noindex meta element from the HTML of ${url}.`),
      'Find where noindex is set: a setting of the site builder ("hide from search engines"), the framework’s metadata, or the web server.',
    ),
  'robots-blocks-all': ({ host }: IndexingData): Fix =>
    repair(
      'Let robots.txt allow everything',
      setting('web-server', `${host}/robots.txt`, { body: 'User-agent: *\nAllow: /\n' }),
      'Replace "Disallow: /" in robots.txt by "Allow: /".',
    ),
  'staging-indexable': ({ host }: IndexingData): Fix =>
    repair(
      'Keep the copy out of search engines, better behind a password',
      setHeader(host, 'x-robots-tag', 'noindex'),
      'Put a password before the copy, or send X-Robots-Tag: noindex on every answer of it.',
    ),
}

/** What `placeholder-page` found: `name` is the platform or program whose page it is. */
export type PlaceholderData = { host: string; name: string }

const publish =
  (summary: string, step: (data: PlaceholderData) => string) =>
  (data: PlaceholderData): Fix =>
    manualFix(summary, [step(data)], 20)

/** The product's own page takes the place of the other. */
export const placeholderFix = {
  'platform-404': publish(
    'Attach the name to the deployment',
    ({ host, name }) =>
      `In the dashboard of the platform (${name}), add ${host} to the project that is in production, and deploy it.`,
  ),
  'default-page': publish(
    'Serve the product instead of the default page',
    ({ host, name }) => `${name}: point the server’s configuration for ${host} at your application and reload it.`,
  ),
  parked: publish(
    'Point the name at your server',
    ({ host }) => `At the registrar, end the parking of ${host} and set its records to where the product is hosted.`,
  ),
  'dev-server': publish(
    'Deploy the production build',
    ({ host, name }) => `${name}: build for production (\`npm run build\`) and serve the result on ${host}.`,
  ),
  template: publish(
    'Fill the template in',
    ({ host, name }) =>
      `What ${host} shows is ${name}. Write what the product does, for whom and for how much, with its own name, prices and mailbox, and take out the sections that you do not fill.`,
  ),
  spam: publish(
    'Take the name and the server back',
    ({ host, name }) =>
      `${host} shows ${name}. See whether the name still points at your server (records, registration, a service given up that others took); if it does, restore the site from a clean copy, change all passwords, and close the hole before it is shown again.`,
  ),
  'coming-soon': publish(
    'Publish the real page',
    ({ host }) => `Replace the page on ${host} by the product’s own before money is spent on visitors.`,
  ),
}

/** `only`: the addresses that it holds for, where others differ: another machine, which the host's own setting does not reach. */
export type VersionsData = { host: string; versions: string[]; only: string[] }

/** TLS 1.2 is the lowest version; with `highest` 1.3 is turned on too. */
export const speak =
  (highest: boolean) =>
  (data: VersionsData): Fix =>
    fix(
      `Let ${data.host} speak TLS 1.2 and 1.3, and nothing older`,
      data.only.length
        ? [
            manual(
              `Let the server at ${data.only.join(', ')} speak TLS 1.2 and 1.3 alone, or take the address out of DNS.`,
            ),
          ]
        : [
            setting('tls', `${data.host}/minimum-version`, 'TLSv1.2'),
            ...(highest ? [setting('tls', `${data.host}/maximum-version`, 'TLSv1.3')] : []),
          ],
      [
        ...(data.only.length
          ? [`It is the server at ${data.only.join(', ')}; if nobody needs it, remove its address.`]
          : []),
        'nginx: `ssl_protocols TLSv1.2 TLSv1.3;`. Apache: `SSLProtocol -all +TLSv1.2 +TLSv1.3`. Caddy does it by itself.',
        'At a CDN or hosting platform: set the minimum TLS version to 1.2 and turn TLS 1.3 on (Cloudflare: SSL/TLS → Edge Certificates).',
        'Reload the server. If TLS 1.3 stays away, its TLS library is too old: update the operating system (OpenSSL 1.1.1 or later).',
      ],
    )
