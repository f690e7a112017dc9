// Anchors: addresses outside that always answer. Where everything that is watched is private they say nothing.
import { isPrivateAddress } from '../net/addresses.ts'
import type { Network } from '../net/network.ts'
import { type PlannedMonitor, splitEndpoint } from './plan.ts'

/** Whether something takes connections there; that it refuses them is an answer too. */
export const connectTarget = async (anchor: string, net: Network): Promise<boolean> => {
  const dialled = await net.dial(splitEndpoint(anchor))
  if (!dialled.ok) return dialled.reason === 'refused'
  dialled.value.socket.destroy()
  return true
}

/** The anchors that are to be asked: none where every target is private or on this machine. */
export const anchorsFor = (anchors: readonly string[], monitors: readonly PlannedMonitor[]): readonly string[] => {
  const hosts = monitors.flatMap(({ host }) => (host === null ? [] : [host]))
  const isPrivate = (host: string): boolean => isPrivateAddress(host) || /(^|\.)localhost$/.test(host)
  return hosts.length > 0 && hosts.every(isPrivate) ? [] : anchors
}
