// Names under which people know one company, and companies that sell what others run. From the companies' own pages, November 2026.

/** Names of one company or of one that it bought, in small letters without spaces; the first is the one that stands for all. */
export const companyNames: readonly (readonly string[])[] = [
  ['aws', 'amazon', 'amazonwebservices', 'route53', 'cloudfront', 'ses', 'ecs', 'eks', 'ec2', 'lightsail'],
  ['google', 'gcp', 'googlecloud', 'firebase', 'gsuite', 'gmail', 'cloudrun', 'appengine'],
  ['microsoft', 'azure', 'office365', 'o365', 'microsoft365', 'm365', 'outlook', 'exchangeonline'],
  ['tucows', 'hover', 'enom', 'opensrs'],
  ['godaddy', 'wildwestdomains'],
  ['ovh', 'ovhcloud'],
  ['ionos', '1und1', '1and1'],
  ['digitalocean', 'do'],
  ['fly', 'flyio'],
  ['postmark', 'postmarkapp'],
  ['sendgrid', 'twilio'],
  ['akamai', 'linode'],
  ['ns1', 'nsone'],
  ['cloudflare', 'cf'],
  ['render', 'onrender'],
  ['heroku', 'herokuapp'],
  ['paypal', 'braintree'],
]

/** Who sells under its own name what another runs, by the first names of both: people name the one, registries and name servers the other. */
export const soldBy: Readonly<Record<'registration' | 'records', Readonly<Record<string, readonly string[]>>>> = {
  registration: {
    vercel: ['name'],
    netlify: ['name'],
    aws: ['gandi'],
    google: ['squarespace'],
    squarespace: ['google'],
  },
  records: { netlify: ['ns1'], vercel: ['ns1'], google: ['squarespace'], squarespace: ['google', 'ns1'] },
}

/** Registrars whose customers are other sellers: nobody who bought a domain needs to have heard of them. */
export const wholesaleRegistrars =
  /tucows|enom|opensrs|key-?systems|\b1api\b|publicdomainregistry|\bpdr\b|ascio|cronon|internetx|launchpad|fastdomain|realtime register|hosting concepts|openprovider|rrpproxy|centralnic|csl computer|network solutions/i

/** Words that stand beside a company's name and say nothing of which it is. */
export const companyNoise = new Set(
  'inc llc ltd gmbh sas ag se bv sa ab oy srl spa corp co company limited registrar registrars registration registrations technologies domain domains com io net org dns cloud hosting platform workspace ii llc. the at via with'.split(
    ' ',
  ),
)

/** Domains of tools that show whether others are up: their pages name them beside the product. */
export const statusTools = new Set(
  'statuspage.io atlassian.com instatus.com betterstack.com betteruptime.com uptimerobot.com status.io statuscake.com pingdom.com hetrixtools.com cachethq.io upptime.js.org uptime.kuma.pet grafana.com grafana.net datadoghq.com datadoghq.eu newrelic.com site24x7.com freshping.io oneuptime.com checklyhq.com cronitor.io healthchecks.io sentry.io openstatus.dev incident.io statuspal.io hund.io sorryapp.com'.split(
    ' ',
  ),
)
