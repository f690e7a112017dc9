// Tokens of links: made of a secret and a name, so that none has to be kept anywhere, and compared in constant time.
import { createHash, createHmac, timingSafeEqual } from 'node:crypto'

export type Keys = {
  /** Of a heartbeat: `/beat/<token>`. */
  beat(name: string): string
  /** Of an incident: `/ack/<token>`; it ends with the incident. */
  acknowledge(incident: string): string
}

const tokenOf = (secret: string, use: string, name: string): string =>
  createHmac('sha256', secret).update(`${use}\n${name}`).digest('base64url').slice(0, 32)

export const createKeys = (secret: string): Keys => ({
  beat: name => tokenOf(secret, 'beat', name),
  acknowledge: incident => tokenOf(secret, 'acknowledge', incident),
})

/** Whether two texts are the same, in a time that tells nothing of where they part. */
export const isSame = (a: string, b: string): boolean => {
  const [one, other] = [a, b].map(text => createHash('sha256').update(text).digest())
  return timingSafeEqual(one!, other!)
}
