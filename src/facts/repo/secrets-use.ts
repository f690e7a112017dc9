// Which secrets that are gone from the code are still named in it: their provider, their variable, the file of a key.
import { namesOf, tellsUse } from '../../formats/secrets/proof.ts'
import { createReader } from './read.ts'
import type { FoundSecret } from './secrets-group.ts'
import type { Tree } from './tree.ts'

/** Bytes of one file that are read, and of all. */
const fileBytes = 256 << 10
const mostBytes = 64 << 20

/** Hashes of the secrets that nothing in the newest version names any more; none where it is too large to say so. */
export const unnamedToday = (secrets: readonly FoundSecret[], { root, files }: Tree): Set<string> => {
  const wanted = new Map(
    secrets.flatMap(secret => {
      const names = namesOf(secret)
      return names ? [[secret.hash, names] as const] : []
    }),
  )
  if (wanted.size === 0) return new Set()
  const reader = createReader(root)
  let left = mostBytes
  for (const { path, kind, size } of files) {
    if (wanted.size === 0) break
    if (kind !== 'file' || size > fileBytes || !tellsUse(path)) continue
    left -= size
    if (left < 0) return new Set()
    const text = reader.maybe(path, { maxBytes: fileBytes })
    if (text === null) continue
    for (const [hash, names] of wanted) if (names.test(text)) wanted.delete(hash)
  }
  return new Set(wanted.keys())
}
