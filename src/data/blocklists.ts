// DNS blocklists that receivers use, with their test points and the codes by which they refuse to answer. Gone through 2026-11.

export type Blocklist = {
  zone: string
  name: string
  lists: 'address' | 'domain'
  /** Whether addresses of IPv6 are listed too. */
  ipv6: boolean
  /** A name (or the reversed address) that is always listed: without it the list does not answer here. */
  test: string
  /** Answers that say "you may not ask", not "listed". */
  refusals: readonly string[]
  /** Answers that are no reason for concern (policy ranges that a mail server's own address may stand in are: they are kept). */
  ignore: readonly string[]
  lookup: string
  source: string
}

/** Spamhaus and its kind: typing error, open resolver, excessive queries. */
export const refusalCodes = [
  '127.255.255.252',
  '127.255.255.254',
  '127.255.255.255',
  '127.255.255.250',
  '127.255.255.251',
  '127.255.255.253',
]

export const blocklists: readonly Blocklist[] = [
  {
    zone: 'zen.spamhaus.org',
    name: 'Spamhaus ZEN',
    lists: 'address',
    ipv6: true,
    test: '2.0.0.127',
    refusals: refusalCodes,
    ignore: [],
    lookup: 'https://check.spamhaus.org/',
    source: 'https://www.spamhaus.org/faqs/dnsbl-usage/',
  },
  {
    zone: 'bl.spamcop.net',
    name: 'SpamCop',
    lists: 'address',
    ipv6: false,
    test: '2.0.0.127',
    refusals: refusalCodes,
    ignore: [],
    lookup: 'https://www.spamcop.net/bl.shtml',
    source: 'https://www.spamcop.net/fom-serve/cache/291.html',
  },
  {
    zone: 'b.barracudacentral.org',
    name: 'Barracuda',
    lists: 'address',
    ipv6: false,
    test: '2.0.0.127',
    refusals: refusalCodes,
    ignore: [],
    lookup: 'https://www.barracudacentral.org/lookups',
    source: 'https://www.barracudacentral.org/rbl/how-to-use',
  },
  {
    zone: 'psbl.surriel.com',
    name: 'PSBL',
    lists: 'address',
    ipv6: true,
    test: '2.0.0.127',
    refusals: refusalCodes,
    ignore: [],
    lookup: 'https://psbl.org/',
    source: 'https://psbl.org/howto/',
  },
  {
    zone: 'dbl.spamhaus.org',
    name: 'Spamhaus DBL',
    lists: 'domain',
    ipv6: false,
    test: 'dbltest.com',
    refusals: [...refusalCodes, '127.0.1.255'],
    ignore: [],
    lookup: 'https://check.spamhaus.org/',
    source: 'https://www.spamhaus.org/faqs/domain-blocklist/',
  },
  {
    zone: 'multi.surbl.org',
    name: 'SURBL',
    lists: 'domain',
    ipv6: false,
    test: 'test.surbl.org',
    refusals: [...refusalCodes, '127.0.0.1'],
    ignore: [],
    lookup: 'https://www.surbl.org/surbl-analysis',
    source: 'https://www.surbl.org/lists',
  },
]
