// Sound TLSA records of a mail server.
import { association } from '../smtp/mx-smtp.example.ts'
import type { Tlsa } from './tlsa.ts'

/** The key that the server shows, in a signed zone. */
export const example: Tlsa = {
  name: '_25._tcp.mx.coachdash.example',
  records: [{ usage: 3, selector: 1, matching: 1, data: association }],
  signed: true,
}
