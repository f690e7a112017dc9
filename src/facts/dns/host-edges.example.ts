// A host behind a content network.
import type { HostEdges } from './host-edges.ts'

export const example: HostEdges = {
  edge: 'Cloudflare',
  by: 'address',
  headers: [{ name: 'server', value: 'cloudflare' }],
  answered: true,
}
