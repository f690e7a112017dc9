// A sound mail server of the domain.
import type { MxHost } from '../../formats/mail/mx.ts'
import type { Mx } from './mx.ts'

/** One server with an address of its own. */
export const example: Mx = {
  status: 'NOERROR',
  ttl: 3600,
  nullMx: false,
  implicit: [],
  hosts: [
    {
      exchange: 'mx.coachdash.example',
      preference: 10,
      state: 'resolves',
      cnames: [],
      addresses: [{ address: '192.0.2.25', family: 4, private: false }],
      message: null,
    },
  ],
}

/** The one record changed as given: `host({ exchange: '192.0.2.1', state: 'is-address' })`. */
export const hostWith = (given: Partial<MxHost>): Mx => ({ ...example, hosts: [{ ...example.hosts[0]!, ...given }] })

/** A domain without MX records; `more` for a null MX or addresses that are tried instead. */
export const withoutMx = (more: Partial<Mx> = {}): Mx => ({
  ...example,
  status: 'NODATA',
  ttl: null,
  hosts: [],
  ...more,
})
