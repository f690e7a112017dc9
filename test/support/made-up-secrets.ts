// Tokens for tests, made at run time from a template, so that no file holds anything that a scanner would stop at. The same template and
// seed always give the same token.

const alphabets: Record<string, string> = {
  A: 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789',
  h: '0123456789abcdef',
  H: '0123456789ABCDEF',
  U: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789',
  T: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567',
  l: 'abcdefghijklmnopqrstuvwxyz0123456789',
  t: 'abcdefghijklmnopqrstuvwxyz234567',
  L: 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz',
  d: '0123456789',
  s: 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_',
  B: 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/',
  D: 'abcdefghijklmnopqrstuvwxyz0123456789!@#$%^&*(-_=+)',
  Q: 'QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L',
}

/** A small generator of our own (mulberry32): the same numbers everywhere. */
export const randomFrom = (seed: number): (() => number) => {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

/** `sk_~live_{A24}` → a token. `{A24}`: 24 of the alphabet A; `{uuid}`; `~` is dropped and keeps a prefix apart in the source. */
export const makeUp = (template: string, seed = 7): string => {
  let sum = seed
  for (const character of template) sum = (Math.imul(sum, 31) + character.charCodeAt(0)) >>> 0
  const random = randomFrom(sum)
  const some = (alphabet: string, count: number): string => {
    let out = ''
    // Neither ends with a mark that could be taken for punctuation, nor begins with one.
    while (out.length < count) {
      const next = alphabet[Math.floor(random() * alphabet.length)]!
      if ((out.length === 0 || out.length === count - 1) && !/[A-Za-z0-9]/.test(next)) continue
      out += next
    }
    return out
  }
  return template
    .replaceAll('~', '')
    .replace(/\{uuid\}/g, () => [8, 4, 4, 4, 12].map(count => some(alphabets.h!, count)).join('-'))
    .replace(/\{([A-Za-z])(\d+)\}/g, (_, alphabet: string, count: string) => some(alphabets[alphabet]!, Number(count)))
}

/** A compact token with these claims and a made-up signature. */
export const makeUpJwt = (payload: unknown, seed = 7): string => {
  const parts = [{ alg: 'HS256', typ: 'JWT' }, payload].map(part =>
    Buffer.from(JSON.stringify(part)).toString('base64url'),
  )
  return [...parts, makeUp('{s43}', seed)].join('.')
}
