// RDAP servers of top-level domains that small products use; the others come from IANA's bootstrap file.
// Source: https://data.iana.org/rdap/dns.json. Looked up 2026-11-25.

export const rdapServers: Readonly<Record<string, string>> = {
  com: 'https://rdap.verisign.com/com/v1/',
  net: 'https://rdap.verisign.com/net/v1/',
  org: 'https://rdap.publicinterestregistry.org/rdap/',
  app: 'https://pubapi.registry.google/rdap/',
  dev: 'https://pubapi.registry.google/rdap/',
}
