// A zone that its parent delegates to two name servers outside of it.
import type { Delegation } from './delegation.ts'

export const example: Delegation = {
  zone: 'example.com',
  walked: 'resolver',
  parent: null,
  nameservers: [],
  above: [],
}
