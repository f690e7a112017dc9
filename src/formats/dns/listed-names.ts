// Names below a domain that the config lists, and those that need no list.

/** What the config says is meant. `subdomains` is null where it lists none; `routes` are absolute URLs. */
export type Listed = {
  subdomains: readonly string[] | null
  hosts: Readonly<Record<string, string>>
  routes: readonly { url: string }[]
}

/** `app.example.com` in `example.com` → `app`. */
export const labelBelow = (name: string, domain: string): string => name.slice(0, -domain.length - 1)

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
