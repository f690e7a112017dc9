// One secret in many places is one secret: hits gathered by the hash of their value.

import { servesDevelopment, servesProduction } from '../../formats/secrets/path-kind.ts'
import { isAside } from '../../formats/secrets/proof.ts'
import type { MaskedHit } from './secrets-mask.ts'

export type SecretPlace = { path: string; line: number; variable: string | null }

/** A secret and where it stands. `places` are sorted and bounded; `count` is how many there are. */
export type FoundSecret = Omit<MaskedHit, 'line' | 'column' | 'variable'> & { places: SecretPlace[]; count: number }

const rank = { certain: 0, likely: 1, possible: 2 }

/** What stands in a laptop's settings too, and in none of production, opens no more there than on a laptop; a provider's key opens its account. */
const isOfLaptops = ({ kind, places, confidence }: FoundSecret): boolean =>
  (kind === 'private-key' || kind === 'password' || kind === 'generic' || confidence !== 'certain') &&
  places.some(({ path }) => servesDevelopment(path)) &&
  !places.some(({ path }) => servesProduction(path))

/** Groups hits by secret. The surest hit speaks for its group; a live one before a placeholder of the same text. */
export const groupHits = (hits: readonly (MaskedHit & { path: string })[], maxPlaces = 20): FoundSecret[] => {
  const groups = new Map<string, FoundSecret>()
  for (const { path, line, column: _, variable, ...hit } of hits) {
    const known = groups.get(hit.hash)
    if (!known) groups.set(hit.hash, { ...hit, places: [{ path, line, variable }], count: 1 })
    else {
      if (rank[hit.confidence] < rank[known.confidence]) Object.assign(known, hit)
      known.count++
      known.places.push({ path, line, variable })
    }
  }
  const sorted = [...groups.values()].map(group =>
    isOfLaptops(group) || isAside(group) ? { ...group, confidence: 'possible' as const } : group,
  )
  for (const group of sorted)
    group.places = group.places
      .sort((a, b) => (a.path === b.path ? a.line - b.line : a.path < b.path ? -1 : 1))
      .slice(0, maxPlaces)
  return sorted.sort((a, b) =>
    a.places[0]!.path === b.places[0]!.path
      ? a.places[0]!.line - b.places[0]!.line || (a.hash < b.hash ? -1 : 1)
      : a.places[0]!.path < b.places[0]!.path
        ? -1
        : 1,
  )
}

/** Hashes of the values that code falls back to: where others run the product they are known to all of them, wherever they stand once more. */
export const fallbacksIn = (hits: readonly { hash: string; fallback?: true }[]): Set<string> =>
  new Set(hits.filter(({ fallback }) => fallback).map(({ hash }) => hash))

/** Files whose content is no text, by name: not opened. */
export const binaryName =
  /\.(?:png|jpe?g|gif|webp|avif|ico|bmp|tiff?|psd|ai|sketch|fig|heic|mp[34]|m4[av]|mov|avi|webm|mkv|ogg|wav|flac|woff2?|ttf|otf|eot|pdf|docx?|xlsx?|pptx?|odt|zip|gz|tgz|bz2|xz|zst|7z|rar|br|jar|war|class|exe|dll|so|dylib|a|o|obj|lib|wasm|node|pyc|pyo|db|sqlite3?|mdb|parquet|avro|bin|dat|pack|idx|lockb|dmg|iso|apk|ipa|aab|nib|icns|glb|gltf|fbx|blend|onnx|pt|h5|npy|npz|pkl|safetensors|mo)$/i
