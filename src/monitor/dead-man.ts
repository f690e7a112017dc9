// Asks the dead man each minute: an outside service that calls when we stop asking. We stop asking too when we no longer look or write.
import type { Clock } from '../core/clock.ts'
import type { Network } from '../net/network.ts'

const everyMs = 60_000

export const createDeadMan = (
  url: string | null,
  connect: () => Network,
  clock: Pick<Clock, 'sleep'>,
  isWell: () => boolean,
  say: (line: string) => void,
) => {
  let failures = 0
  const ask = async (target: string): Promise<void> => {
    const net = connect()
    try {
      const answer = await net.http({ url: target, fresh: true, verify: 'strict', maxBytes: 4_096, follow: 3 })
      const status = answer.ok ? (answer.value.hops.at(-1)?.status ?? 0) : 0
      const isTaken = status >= 200 && status < 300
      failures = isTaken ? 0 : failures + 1
      if (failures === 3) say(`the dead man does not answer: ${answer.ok ? `status ${status}` : answer.message}`)
    } finally {
      await net.close()
    }
  }
  return {
    async run(signal: AbortSignal): Promise<void> {
      while (url !== null && !signal.aborted) {
        if (isWell()) await ask(url)
        await clock.sleep(everyMs, signal)
      }
    },
  }
}
