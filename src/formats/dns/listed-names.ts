// Names below a domain that the config lists, and those that need no list.

/** What the config says is meant. `subdomains` is null where it lists none; `routes` are absolute URLs. */
export type Listed = {
  subdomains: readonly string[] | null
  hosts: Readonly<Record<string, string>>
  routes: readonly { url: string }[]
}

/** `app.example.com` in `example.com` → `app`. */
export const labelBelow = (name: string, domain: string): string => name.slice(0, -domain.length - 1)

/** The names that `dns.subdomains` lists, whole or as labels below the domain. */
export const listedNames = (subdomains: readonly string[] | null, domain: string): string[] =>
  (subdomains ?? []).map(given => {
    const name = given.toLowerCase().replace(/\.$/, '')
    return name === domain || name.endsWith(`.${domain}`) ? name : `${name}.${domain}`
  })

/** Whether a name may be a host: names with an underscore are for records about one (RFC 8552). */
export const isHostName = (name: string): boolean => /^(?!.*(^|\.)_)[a-z0-9_-]+(\.[a-z0-9_-]+)+$/.test(name)

/** Labels under which mail is handed over and fetched; what answers there over HTTPS is seldom meant for visitors. */
const mailLabels =
  /^(mail|smtp|imap|pop3?|mx\d*|mxs?|relay|email|autodiscover|autoconfig|mta-sts|ns\d*|dns\d*|ftp|cpanel|whm|webdisk|cpcontacts|cpcalendars)\d*\./

/** Whether a name serves mail, name service or the panel of a hosting provider, by its label or because NS or MX records name it. */
export const isServiceName = (name: string, sources: readonly string[]): boolean =>
  sources.includes('service') || mailLabels.test(name)

/** Labels that programs ask for by rule: RFC 8461 §3.3, and the autodiscovery of mail programs. */
const askedByRule = ['mta-sts', 'autodiscover', 'autoconfig']

/** Whether a name is meant: listed, used by a host or route, or named by the zone's own NS and MX records. */
export const isListed = (
  { name, sources }: { name: string; sources: readonly string[] },
  domain: string,
  { subdomains, hosts, routes }: Listed,
): boolean => {
  if (subdomains === null) return true
  const label = labelBelow(name, domain)
  return (
    subdomains.includes(label) ||
    subdomains.includes(name) ||
    Object.values(hosts).includes(name) ||
    routes.some(route => new URL(route.url).hostname === name) ||
    sources.includes('service') ||
    /(^|\.)_/.test(label) ||
    askedByRule.includes(label)
  )
}
