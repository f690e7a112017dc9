// Two name servers that have the same version of the zone.
import type { ApexViews } from './apex-views.ts'

/** Two servers of one primary with these serials and these MX records. */
export const twoServers = (serials: [number, number], mx: [string, string]): ApexViews => ({
  zone: 'example.com',
  views: serials.map((serial, at) => ({
    server: `ns${at + 1}.example.com`,
    address: `192.0.2.${at + 1}`,
    serial,
    primary: 'ns1.example.com',
    sets: [{ type: 'MX', records: [mx[at]!] }],
  })),
})

export const example: ApexViews = twoServers([7, 7], ['10 mx', '10 mx'])
