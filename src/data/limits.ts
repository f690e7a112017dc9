// Every bound on what arrives from outside and on what we send out at once, each with its reason.

export const limits = {
  /** Bytes of an HTTP body kept, on the wire and again after decoding: pages above 5 MB are not read by people either. */
  bodyBytes: 5 * 1024 * 1024,
  /** Bytes read of the body of a redirect, only to be able to reuse the connection. */
  redirectBodyBytes: 64 * 1024,
  /** Bytes of all headers of one answer: browsers stop at 256 kB, servers at 8 to 16 kB. */
  headerBytes: 64 * 1024,
  /** Header lines of one answer; nginx, Apache and Node send far fewer. */
  headerCount: 500,
  /** Redirects followed at most; browsers stop at 20, customers much earlier. */
  redirects: 10,
  /** Characters of a Location header; longer ones break proxies (8 kB is the common line limit). */
  locationLength: 8 * 1024,
  /** Stacked content encodings that are decoded; honest servers use one. */
  contentEncodings: 3,
  /** Cookies kept for one host, and the length of one (RFC 6265 §6.1: at least 50 and 4096). */
  cookiesPerHost: 50,
  cookieLength: 4096,
  /** Bytes of one DNS message over a stream: its length field has 16 bits (RFC 1035 §4.2.2). */
  dnsMessageBytes: 65_535,
  /** Records of one DNS message. An honest RRset has under a hundred; a message can hold about 4,000. */
  dnsRecords: 1_000,
  /** Bytes of UDP answer asked for with EDNS: fits every path without fragments (DNS flag day 2020). */
  dnsUdpBytes: 1_232,
  /** CNAMEs followed for one lookup; resolvers stop between 8 and 16. */
  cnameChain: 16,
  /** Compression pointers followed in one name: a name has at most 127 labels (RFC 1035 §3.1). */
  compressionPointers: 126,
  /** Datagrams with a wrong id or question ignored per query before it moves to TCP, which cannot be spoofed so. */
  dnsWrongAnswers: 32,
  /** Sends of one UDP query inside its deadline. */
  dnsTries: 2,
  /** Longest wait before the second send, in milliseconds. */
  dnsRetryAfterMs: 2_000,
  /** Records and bytes of a zone transfer: enough to prove that it is open and to list a small company's zone. */
  transferRecords: 10_000,
  transferBytes: 4 * 1024 * 1024,
  /** Queries under way at one authoritative name server. */
  queriesPerServer: 32,
  /** Queries under way at the user's own resolver: what a browser with many tabs asks of it. */
  queriesPerResolver: 48,
  /** Lookups remembered in a run. */
  cachedLookups: 20_000,
  /** Characters of one SMTP line (RFC 5321 §4.5.3.1.5 allows 512; real banners are longer) and lines of one reply. */
  smtpLine: 2_048,
  smtpLines: 100,
  /** Bytes of one mail that is read from a mailbox: Gmail takes no larger ones than 25 MB. */
  mailBytes: 32 * 1024 * 1024,
  /** Bytes of one line of a mailbox's answer, and parts of one answer: a search in 100,000 mails gives 700 kB of numbers. */
  imapLineBytes: 2 * 1024 * 1024,
  imapTokens: 250_000,
  /** Folders of a mailbox that are looked into, and new mails of one folder. */
  mailFolders: 100,
  newMails: 500,
  /** Connections to one host and port at once, as in browsers. */
  connectionsPerHost: 6,
  /** Requests under way on the one connection that background probes of a host share. */
  pipelinedRequests: 24,
  /** Milliseconds that an idle connection is kept for the next request. */
  idleConnectionMs: 4_000,
  /** Milliseconds that a connection may have rested that takes a request which must not be repeated. */
  restBeforeUnsafeMs: 500,
  /** Addresses of one host that a connection tries. */
  addressesPerHost: 8,
  /** Milliseconds between two attempts of happy eyeballs (RFC 8305 §5). */
  connectionAttemptDelayMs: 250,
  /** Milliseconds that an A answer waits for its AAAA (RFC 8305 §3). */
  resolutionDelayMs: 50,
  /** Bytes of an answer of a certificate transparency search. */
  transparencyBytes: 4_000_000,
  /** Certificates of authorities that are remembered from all hosts: a domain has a handful. */
  seenIssuers: 40,
  /** TLS handshakes under way at one address, however many names lead there. */
  handshakesPerAddress: 32,
  /** Ports of configured routes, beside 443, at which the TLS of one host is looked at. */
  routePorts: 3,
  /** Key routes of one host that are asked for over plain HTTP too. */
  plainRoutes: 10,
  /** Timeouts in a row after which a server that used to answer counts as silent. One that never answered needs a second look. */
  strikes: 3,
  /** Second looks at once: beside each other on a machine that is idle, one by one on a busy one. */
  secondLooks: 8,
  /** Second looks at one endpoint that saw no more than the first; after them the first look at it is the last. */
  vainLooks: 3,
  /** How much more time a second look has than the first. */
  secondLookFactor: 2,
} as const
