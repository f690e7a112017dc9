// Locked packages of which no vulnerability is known, and some of which one is.
import type { Advisories, Advisory } from './advisories.ts'

/** Advisories that differ from a serious one about `send` in this. */
export const advisories = (...found: Partial<Advisory>[]): Pick<Advisories, 'found'> => ({
  found: found.map(one => ({
    id: 'GHSA-xxxx',
    aliases: [],
    severity: 'high',
    summary: 'Reads files',
    package: 'send',
    version: '0.17.1',
    fixed: '0.19.0',
    lock: 'package-lock.json',
    line: 80,
    development: null,
    ...one,
  })),
})

export const example: Advisories = { asked: 80, packages: 80, source: 'https://api.osv.dev', left: [], found: [] }
