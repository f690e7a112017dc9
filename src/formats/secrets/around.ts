// Lines of a file that may be shown: those among which no secret stands.
import { type Around, aroundLine } from '../patch.ts'
import { scanText } from './scan.ts'

/** What stands around a place, to write a diff from; null where a secret is among it. */
export const plainAround = (text: string, after: number, path: string): Around | null => {
  const around = aroundLine(text, after)
  const shown = [...around.before, ...around.behind].join('\n')
  const secret = scanText(shown, { path, where: 'repo' }).some(hit => hit.class === 'live' || hit.class === 'test')
  return secret ? null : around
}
