// What certificate logs know, for the examples of checks.
import type { TransparencyNames } from './transparency-names.ts'

export const example: TransparencyNames = { names: ['app.example.com'], by: 'crt.sh' }
