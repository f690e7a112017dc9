// Lines of a file that may be shown: those among which no secret stands.
import { type Around, aroundLine, type Spot } from '../patch.ts'
import { scanText } from './scan.ts'

const isPlain = (text: string, path: string): boolean =>
  !scanText(text, { path, where: 'repo' }).some(hit => hit.class === 'live' || hit.class === 'test')

/** A diff that may be shown; null where a secret stands in it. */
export const plainPatch = (path: string, patch: string | null | undefined): string | null =>
  patch && isPlain(patch, path) ? patch : null

/** A spot that may be shown. */
export const plainSpot = (path: string, spot: Spot | null): Spot | null =>
  spot && isPlain([...spot.at.before, ...spot.at.behind].join('\n'), path) ? spot : null

/** What stands around a place, to write a diff from; null where a secret is among it. */
export const plainAround = (text: string, after: number, path: string): Around | null => {
  const around = aroundLine(text, after)
  return isPlain([...around.before, ...around.behind].join('\n'), path) ? around : null
}
