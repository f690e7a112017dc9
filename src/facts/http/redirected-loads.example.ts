// Where pictures and frames are redirected to, for the examples of checks.
import type { RedirectedLoads } from './redirected-loads.ts'

/** A picture that comes from where it was asked. */
export const example: RedirectedLoads = { asked: 1, redirected: [] }

/** A picture that an old rule sends on to a host without encryption. */
export const sentOn: RedirectedLoads = {
  asked: 1,
  redirected: [{ kind: 'passive', element: 'image, redirected', url: 'http://images.example.com/a.png' }],
}
