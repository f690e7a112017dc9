// A site whose www redirects to the apex.
import type { CanonicalWalk, Spelling } from './canonical-walk.ts'

/** A walk over https that answered: one line for each hop, `'https://example.com/ 301'`. */
export const spelling = (...lines: string[]): Spelling => {
  const hops = lines.map(line => {
    const [url = '', status] = line.split(' ')
    return { url, status: Number(status), location: null, secure: true }
  })
  const start = hops[0]!.url
  return {
    start,
    scheme: 'https',
    which: new URL(start).hostname.startsWith('www.') ? 'www' : 'apex',
    deep: false,
    ended: 'answer',
    hops,
    refresh: null,
    next: null,
  }
}

export const example: CanonicalWalk = {
  apex: 'example.com',
  www: 'www.example.com',
  exists: { apex: true, www: true },
  apexAddresses: ['203.0.113.10'],
  spellings: [
    spelling('https://example.com/ 200'),
    spelling('https://www.example.com/ 301', 'https://example.com/ 200'),
  ],
  tags: [],
}

/** Both hosts answer by themselves. */
export const bothAnswer: CanonicalWalk = {
  ...example,
  spellings: [example.spellings[0]!, spelling('https://www.example.com/ 200')],
}
