// The answers of a host's other addresses, for the examples of checks.
import { observed } from '../../core/fact.ts'
import type { AddressPages } from './address-pages.ts'

/** One address alone. */
export const example: AddressPages = []

/** A second address, which answers so. */
export const secondAddress = (status: number, body: string): AddressPages => [
  {
    address: '192.0.2.11',
    answer: observed(
      { url: 'https://example.com/', status, headers: [['content-type', 'text/html']], body },
      '2026-11-25T00:00:00Z',
    ),
  },
]
