// The world file: everything that a domain looks like from outside, in one YAML document. This module is its schema, its
// reader and its documentation; README.md beside it has a complete example.
//
// world:
//   name, about     what the world is and what it shows
//   domain          the domain that is audited
//   now             ISO 8601 instant to judge at (certificates are made relative to it); the real clock when absent
//   rtt             injected round-trip time, `50ms`. DNS answers come one RTT late; on TCP the client's first flight pays one
//                   RTT more (the handshake itself is the kernel's and cannot be slowed), every later flight one RTT
//   authority       organisation of the issuing certificate authority (default `Let's Encrypt`, for CAA)
//   outside         what the resolver says of names in no zone: nxdomain (default), servfail, refused, silent
//   resolver        fault of the recursive resolver itself: servfail, refused, silent, slow …
//   zones           zone name → { servers, records, serial, ttl, delegation, transfer }
//                   records: one per line, `name [ttl] TYPE data`; `@` is the apex; names without a final dot are relative;
//                   TXT data needs no quotes (quote to give several strings); lines that begin with `#` or `;` are comments;
//                   `\# length hex` (RFC 3597) gives any type as bytes. A zone without SOA gets one (serial, first NS)
//                   servers: addresses, or { address, fault, delay, records, patch, serial, transfer }. `records` replaces what this server
//                   serves, `patch` adds lines to it (`- name TYPE [data]` removes). No servers: the resolver alone knows the zone
//                   delegation: what the parent says (NS, glue, DS), in the same syntax; default: the zone's own NS and glue.
//                   `none`: not delegated, the domain does not exist. Parents that are not written are made (192.0.2.250, .251)
//                   dnssec: { fault, ds }: signed by the lab (sign.ts), the zones above it too. The root's anchor, for dns.trustAnchors:
//                   the line that README.md gives; dns.rootServers: [192.0.2.251]
//   servers         addresses of name servers that run and serve no zone (they answer REFUSED: lame delegations)
//   addresses       address → closed | silent | reset: an address where nothing (healthy) listens on any port
//   hosts           host name → { addresses, certificate, tls, https, http, headers, redirect, routes, fallback, compress, etag, cache }
//                   addresses: default those that the zones give. The first host of an address answers unknown names there
//   mail            host name → { addresses, port25, banner, extensions, starttls, certificate, tls, mailboxes }
//   cloudflare      the zone at Cloudflare where it differs from a sound one (cloudflare-api.ts: ApiState); the API then answers at
//                   http://api.cloudflare.example/client/v4 for the state's token
//   repo, files     path of a fixture repository (copied), or files written to a temporary git repository
//   config          the config beside the product: launch-ready.config.yaml where the program runs
//   watched         what a watcher over that config's monitors has seen (src/monitor/made-store.ts); whoever runs the program writes it
//   stage           the command that is run (default: audit)
//   args            further command-line options
//   expect, forbid  what an audit must and must not say; verdict, exit
import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { parse } from 'yaml'
import * as z from 'zod'

const units = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const

/** `50ms`, `2s`, `3d`, `-1d` → milliseconds. */
const duration = z.string().transform((text, context) => {
  const match = /^(-?\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text)
  if (!match) {
    context.addIssue({ code: 'custom', message: `expected a duration such as 50ms or 3d, not ${text}` })
    return z.NEVER
  }
  return Number(match[1]) * units[match[2] as keyof typeof units]
})

const serverFaults = [
  'silent',
  'refused',
  'servfail',
  'lame',
  'truncate',
  'no-tcp',
  'wrong-id',
  'wrong-question',
  'malformed',
  'compression-loop',
] as const

const zoneServer = z.strictObject({
  address: z.string(),
  /** `lame`: answers without authority and without data. `truncate`: TC on every UDP answer. `no-tcp`: port 53 TCP is closed. */
  fault: z.enum(serverFaults).optional(),
  delay: duration.optional(),
  records: z.string().optional(),
  patch: z.string().optional(),
  serial: z.number().int().optional(),
  transfer: z.boolean().optional(),
})

const zone = z.strictObject({
  servers: z
    .array(z.union([z.string().transform(address => ({ address }) as z.infer<typeof zoneServer>), zoneServer]))
    .default([]),
  records: z.string().default(''),
  ttl: z.number().int().default(3600),
  serial: z.number().int().default(2026112501),
  delegation: z.string().optional(),
  transfer: z.boolean().default(false),
  /** Signed, as are the zones above it. `ds`: what the parent says of its key. */
  dnssec: z
    .strictObject({
      fault: z
        .enum(['expired', 'not-yet-valid', 'expiring', 'wrong-signature', 'unsigned-records', 'no-denial'])
        .optional(),
      ds: z.enum(['good', 'absent', 'other-key', 'sha1']).default('good'),
    })
    .optional(),
})

const certificateFaults = [
  'expired',
  'not-yet-valid',
  'wrong-name',
  'name-mismatch',
  'self-signed',
  'untrusted',
  'incomplete-chain',
  'disordered',
  'weak-key',
  'sha1',
  'expires-soon',
] as const

const certificateObject = z.strictObject({
  /** One or more of the well-known faults; the other fields override what they stand for. */
  fault: z.union([z.enum(certificateFaults), z.array(z.enum(certificateFaults))]).optional(),
  names: z.array(z.string()).optional(),
  /** Relative to now. Default 30 days ago to 60 days ahead. */
  notBefore: duration.optional(),
  notAfter: duration.optional(),
  key: z.enum(['ec', 'rsa', 'rsa-1024']).optional(),
  signature: z.enum(['sha256', 'sha1']).optional(),
  issuer: z.enum(['lab', 'untrusted', 'self']).optional(),
  chain: z.enum(['full', 'leaf-only', 'disordered', 'with-root']).optional(),
  authority: z.string().optional(),
})

const certificate = z.union([z.enum(certificateFaults).transform(fault => ({ fault })), certificateObject])

const tlsVersion = z.enum(['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'])
const tls = z.strictObject({
  min: tlsVersion.optional(),
  max: tlsVersion.optional(),
  /** OpenSSL cipher list; default all that the library has at security level 0. */
  ciphers: z.string().optional(),
  alpn: z.array(z.enum(['h2', 'http/1.1'])).optional(),
})

/** A header's value, or several for a header that is repeated. */
const headers = z.record(z.string(), z.union([z.string(), z.array(z.string())]))

const condition = z.strictObject({
  /** Header name → text that its value must contain (case-insensitive). */
  headers: z.record(z.string(), z.string()).optional(),
  /** Headers that must be absent. */
  without: z.array(z.string()).optional(),
  /** A cookie of this name must have been sent. */
  cookie: z.string().optional(),
  query: z.record(z.string(), z.string()).optional(),
})

const answer = z.strictObject({
  when: condition.optional(),
  status: z.number().int().optional(),
  /** The status of the first, second, … request; then from the start again. */
  statuses: z.array(z.number().int()).optional(),
  headers: headers.optional(),
  /** Content type; default from the body: text/html where it begins with `<`. */
  type: z.string().optional(),
  /** `{{now+180d}}` stands for that instant, ISO 8601. */
  body: z.string().optional(),
  json: z.unknown().optional(),
  /** Relative to the world file. */
  file: z.string().optional(),
  /** A body of so many bytes, streamed; with `bomb` it is sent compressed by gzip. */
  bytes: z.number().int().optional(),
  bomb: z.boolean().optional(),
  /** Target of a redirect (status 302 unless given). `$path` stands for path and query as asked. */
  redirect: z.string().optional(),
  delay: duration.optional(),
  /** The delay of the first, second, … request; then from the start again. */
  delays: z.array(duration).optional(),
  /** Milliseconds between bytes. */
  drip: duration.optional(),
  /** In every so long a time the server does nothing for a while: who comes meanwhile waits until it is over. */
  stall: z.strictObject({ every: duration, for: duration }).optional(),
  /** After so long without a request the next one takes longer: it has to be started. */
  cold: z.strictObject({ after: duration, delay: duration }).optional(),
  /**
   * A pool of connections (of its host, by name) that the answer needs one of for its `delay`. Who gets none within `wait` is answered with
   * `full` (500 unless given).
   */
  pool: z
    .strictObject({
      name: z.string(),
      size: z.number().int(),
      wait: duration.default(0),
      full: z.strictObject({ status: z.number().int(), body: z.string().optional() }).optional(),
    })
    .optional(),
  /** Never answers; or cuts the connection. */
  behaviour: z.enum(['hang', 'reset', 'endless-headers', 'endless-body']).optional(),
  etag: z.boolean().optional(),
  /** Sends the whole body even to who has it already. */
  ignoresValidators: z.boolean().optional(),
  compress: z.array(z.enum(['br', 'gzip'])).optional(),
})

const portState = z.enum(['serve', 'closed', 'silent', 'reset'])

const host = z.strictObject({
  addresses: z.array(z.string()).optional(),
  certificate: certificate.default({}),
  tls: tls.default({}),
  https: portState.default('serve'),
  /**
   * `redirect`: 301 to https on the same host. `serve`: the same routes as https; a list of paths: these alone, and a redirect for the
   * rest. An answer: that, for every path.
   */
  http: z
    .union([
      z.enum(['redirect', 'serve', 'closed', 'silent', 'reset']),
      z.strictObject({ serve: z.array(z.string()) }),
      answer,
    ])
    .default('redirect'),
  /** On every answer over https (over http too where it serves). */
  headers: headers.default({}),
  /** Everything goes elsewhere; path and query are kept. */
  redirect: z
    .strictObject({ to: z.string(), status: z.number().int().default(308), keep: z.boolean().default(true) })
    .optional(),
  /** Key: path, or `METHOD /path`; a final `*` matches every path that begins so. A list: the first whose `when` holds. */
  routes: z.record(z.string(), z.union([answer, z.array(answer)])).default({}),
  /** What paths without a route get; default a plain 404. Status 200 makes a soft 404. */
  fallback: answer.optional(),
  compress: z.array(z.enum(['br', 'gzip'])).default([]),
  etag: z.boolean().default(false),
  /**
   * A shared cache stands before it: what Cache-Control lets it keep it gives to whoever asks next, with `x-cache: HIT`. `no-cookies`: as
   * networks do by themselves, it keeps nothing that sets a cookie.
   */
  cache: z.union([z.boolean(), z.literal('no-cookies')]).default(false),
})

const mailHost = z.strictObject({
  addresses: z.array(z.string()).optional(),
  /** `rejects`: greets with 554. */
  port25: z.enum(['serve', 'closed', 'silent', 'reset', 'rejects']).default('serve'),
  banner: z.string().optional(),
  extensions: z.array(z.string()).default(['PIPELINING', 'SIZE 36700160', '8BITMIME']),
  starttls: z.enum(['offered', 'absent', 'refused', 'broken']).default('offered'),
  /** Addresses that it would take mail for; without them it refuses every sender. */
  mailboxes: z.array(z.string()).optional(),
  certificate: certificate.default({}),
  tls: tls.default({}),
})

const expectation = z.strictObject({ check: z.string(), outcome: z.string(), subject: z.string() })
const prohibition = z.strictObject({
  check: z.string(),
  outcome: z.string().optional(),
  subject: z.string().optional(),
})

const worldSchema = z.strictObject({
  name: z.string(),
  about: z.string().optional(),
  /** Null: only the repository is judged. */
  domain: z.string().nullable(),
  /** The command whose report is expected; an audit unless given. */
  stage: z.enum(['audit', 'dns', 'email', 'deploy', 'perf', 'monitor', 'handover']).default('audit'),
  now: z.iso.datetime().optional(),
  rtt: duration.optional(),
  authority: z.string().default("Let's Encrypt"),
  outside: z.enum(['nxdomain', 'servfail', 'refused', 'silent']).default('nxdomain'),
  resolver: z.strictObject({ fault: z.enum(serverFaults).optional(), delay: duration.optional() }).default({}),
  zones: z.record(z.string(), zone).default({}),
  servers: z.array(z.string()).default([]),
  addresses: z.record(z.string(), z.enum(['closed', 'silent', 'reset'])).default({}),
  hosts: z.record(z.string(), host).default({}),
  mail: z.record(z.string(), mailHost).default({}),
  cloudflare: z.record(z.string(), z.unknown()).optional(),
  repo: z.string().optional(),
  files: z.record(z.string(), z.string()).optional(),
  config: z.string().optional(),
  watched: z.record(z.string(), z.unknown()).optional(),
  args: z.array(z.string()).default([]),
  expect: z.array(expectation).default([]),
  forbid: z.array(prohibition).default([]),
  verdict: z.enum(['ready', 'not-ready', 'incomplete']).optional(),
  exit: z.number().int().optional(),
  /** Data shared through YAML anchors; ignored. */
  shared: z.unknown().optional(),
})

export type ServerFault = (typeof serverFaults)[number]
export type ZoneSpec = z.infer<typeof zone>
export type ZoneServerSpec = z.infer<typeof zoneServer>
export type CertificateSpec = z.infer<typeof certificateObject>
export type TlsSpec = z.infer<typeof tls>
export type AnswerSpec = z.infer<typeof answer>
export type HostSpec = z.infer<typeof host>

/** A host with its defaults. */
export const hostSpec = (given: z.input<typeof host>): HostSpec => host.parse(given)
export type MailSpec = z.infer<typeof mailHost>
export type Expectation = z.infer<typeof expectation>
export type Prohibition = z.infer<typeof prohibition>

/** A world as read: `directory` is where its relative paths begin. */
export type World = z.infer<typeof worldSchema> & { directory: string }

/**
 * Reads a world from a file, or from YAML text (recognised by a line break). Throws an Error whose message names every
 * fault with its path in the document.
 */
export const loadWorld = (pathOrText: string): World => {
  const isText = pathOrText.includes('\n')
  const text = isText ? pathOrText : readFileSync(pathOrText, 'utf8')
  const parsed = worldSchema.safeParse(parse(text, { merge: true }))
  if (!parsed.success) {
    throw new Error(`${isText ? 'world' : pathOrText} is not a world:\n${z.prettifyError(parsed.error)}`)
  }
  return { ...parsed.data, directory: isText ? '.' : dirname(resolve(pathOrText)) }
}
