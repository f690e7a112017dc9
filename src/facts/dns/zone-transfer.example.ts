// A name server that refuses to transfer the zone.
import type { ZoneTransfer } from './zone-transfer.ts'

const refused: ZoneTransfer['servers'][number] = {
  name: 'ns1.example.com',
  address: '192.0.2.53',
  state: 'refused',
  records: 0,
  message: 'REFUSED',
}

export const example: ZoneTransfer = { zone: 'example.com', servers: [refused], records: null }

/** The server gives the zone to anyone. */
export const open: ZoneTransfer = {
  ...example,
  servers: [{ ...refused, state: 'open', records: 41, message: '' }],
  records: [],
}
