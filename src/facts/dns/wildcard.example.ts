// An invented name does not exist.
import type { Wildcard } from './wildcard.ts'

export const example: Wildcard = { asked: 'x.example.com', records: [] }
