// Whether we can see at all: anchors that always answer, and a resolver that answers anything. Asked only when something did not answer.

import type { Network } from '../net/network.ts'
import { connectTarget } from './anchors.ts'

export type Sight = (of: 'network' | 'names') => Promise<boolean>

/** What was found holds for so long: many monitors fail at once when the network goes. */
const holdsMs = 3_000

export const createSight = (
  anchors: readonly string[],
  connect: () => Network,
  clock: { elapsed(): number },
): Sight => {
  const known = new Map<'network' | 'names', { at: number; sees: Promise<boolean> }>()
  const look = async (of: 'network' | 'names'): Promise<boolean> => {
    const net = connect()
    try {
      if (of === 'names') return (await net.dns.query('.', 'NS')).ok
      const answers = anchors.map(async anchor => {
        if (!(await connectTarget(anchor, net))) throw new Error('silent')
        return true
      })
      return await Promise.any(answers).catch(() => false)
    } finally {
      await net.close()
    }
  }
  return of => {
    if (anchors.length === 0) return Promise.resolve(true)
    const before = known.get(of)
    if (before && clock.elapsed() - before.at < holdsMs) return before.sees
    const sees = look(of)
    known.set(of, { at: clock.elapsed(), sees })
    return sees
  }
}
