// A sound BIMI record and its logo.
import type { Bimi } from './bimi.ts'

/** A logo that can be shown. */
export const example: Bimi = {
  texts: ['v=BIMI1; l=https://coachdash.example/logo.svg'],
  record: { logo: 'https://coachdash.example/logo.svg', certificate: null, declined: false, faults: [] },
  logo: { url: 'https://coachdash.example/logo.svg', status: 200, faults: [] },
  problem: null,
}
