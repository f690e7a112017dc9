// Reverse DNS of a sound sending address.
import type { ReverseDns } from './reverse-dns.ts'

/** One name, which leads back to the address. */
export const example: ReverseDns = {
  address: '192.0.2.25',
  why: 'ip4:192.0.2.25 in SPF',
  reverse: '25.2.0.192.in-addr.arpa',
  names: [{ name: 'mail.coachdash.example', confirmed: true, addresses: ['192.0.2.25'] }],
}
