// A domain's security.txt, for the examples of checks.
import type { SecurityTxt } from './security-txt.ts'

/** A file with a contact and a date ahead of the examples' day (2026-11-25); some of its content may be given. */
export const withFile = (given: Partial<NonNullable<SecurityTxt['file']>>): SecurityTxt => ({
  url: 'https://example.com/.well-known/security.txt',
  host: 'example.com',
  status: 200,
  file: { contacts: ['mailto:security@example.com'], expires: '2027-03-01T00:00:00.000Z', faults: [], ...given },
})

/** A current file. */
export const example: SecurityTxt = withFile({})
