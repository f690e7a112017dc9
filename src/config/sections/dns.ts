// Config: what the DNS stage expects.
import * as z from 'zod'
import { hostName, webUrl } from '../values.ts'

const recordName =
  /^\S+\.\S+\s+(?:A|AAAA|CAA|CNAME|DNAME|DNSKEY|DS|HTTPS|LOC|MX|NAPTR|NS|PTR|SOA|SPF|SRV|SSHFP|SVCB|TLSA|TXT|TYPE\d+)$/i

export const dnsSection = z.strictObject({
  expected: z
    .record(z.string(), z.union([z.string(), z.array(z.string())]))
    .superRefine((records, context) => {
      for (const key of Object.keys(records))
        if (!recordName.test(key))
          context.addIssue({
            code: 'custom',
            path: [key],
            message: `expected a whole name and a type in place of "${key}", such as "www.example.com CNAME"`,
          })
    })
    .optional()
    .meta({
      description:
        'Expected records: "www.example.com CNAME" → data, or a list of data. Where they name at least half of the zone’s record sets, what they leave out is told as extra',
    }),
  subdomains: z
    .array(z.string())
    .optional()
    .meta({ description: 'Subdomain labels that are intended: [www, app, api]' }),
  snapshot: z.string().optional().meta({ description: 'File written by `dns snapshot`, compared by `dns drift`' }),
  trustAnchors: z
    .array(
      z
        .string()
        .regex(
          /^\s*\S+\s+(?:\d+\s+)?(?:IN\s+)?(?:DS|DNSKEY)\s+\d+\s+\d+\s+\d+\s+\S/i,
          'expected a DS or DNSKEY record such as ". IN DS 20326 8 2 E06D44B8…"',
        ),
    )
    .optional()
    .meta({ description: 'DNSSEC trust anchors as DS or DNSKEY records in presentation format; default: the root’s' }),
  rootServers: z
    .array(z.union([z.ipv4(), z.ipv6()], 'expected an address such as 198.41.0.4'))
    .optional()
    .meta({
      description: 'Addresses of root servers to walk delegations from; default: the configured resolver’s view',
    }),
  certificateTransparency: z
    .union([webUrl, z.literal(false)])
    .optional()
    .meta({ description: 'URL template of a certificate transparency search, with {domain}; false turns it off' }),
  ignoreSubdomains: z
    .array(hostName)
    .optional()
    .meta({ description: 'Found names that are known and not to be reported' }),
})
