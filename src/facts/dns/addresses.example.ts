// A host with an address of each family.
import type { Addresses } from './addresses.ts'

export const example: Addresses = {
  status: 'NOERROR',
  cnames: [],
  addresses: [
    { address: '203.0.113.10', family: 4, ttl: 300, private: false },
    { address: '2001:db8::10', family: 6, ttl: 300, private: false },
  ],
}
