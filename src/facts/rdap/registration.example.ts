// The registration of a domain, for the examples of checks.
import type { Registration } from './registration.ts'

/** Registered until a year after the examples' day (2026-11-25), locked against transfer. */
export const example: Registration = {
  name: 'example.com',
  states: ['client transfer prohibited'],
  expires: '2027-11-25T00:00:00.000Z',
  registrar: 'Example Registrar',
}
