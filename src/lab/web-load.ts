// What an answer of the lab waits for beside its own work: a server that stalls or sleeps, a pool of connections that is too small.
import type { AnswerSpec } from './world.ts'

type Pool = { busy: number; waiting: (() => void)[] }

/** Of one host. `began`: when its stalls are counted from. */
export type Load = { began: number; lastAt: Map<string, number>; pools: Map<string, Pool> }

export const newLoad = (): Load => ({ began: performance.now(), lastAt: new Map(), pools: new Map() })

const stallLeft = (load: Load, { stall }: AnswerSpec): number => {
  if (!stall) return 0
  const into = (performance.now() - load.began) % stall.every
  return into < stall.for ? stall.for - into : 0
}

const startUp = (load: Load, key: string, { cold }: AnswerSpec): number => {
  const now = performance.now()
  const last = load.lastAt.get(key)
  load.lastAt.set(key, now)
  return cold && (last === undefined || now - last >= cold.after) ? cold.delay : 0
}

type Work = {
  key: string
  answer: AnswerSpec
  /** Milliseconds that the answer takes by itself. */
  work: number
  later(milliseconds: number, run: () => void): void
}

/** Calls `answer` when its turn has come; with what is sent instead where there is no connection left for it. */
export const underLoad = (
  load: Load,
  { key, answer, work, later }: Work,
  done: (instead: { instead?: AnswerSpec }) => void,
): void => {
  const takes = work + stallLeft(load, answer) + startUp(load, key, answer)
  const { pool: given } = answer
  if (!given) {
    later(takes, () => done({}))
    return
  }
  const pool = load.pools.get(given.name) ?? { busy: 0, waiting: [] }
  load.pools.set(given.name, pool)
  const run = (): void => {
    pool.busy += 1
    later(takes, () => {
      pool.busy -= 1
      pool.waiting.shift()?.()
      done({})
    })
  }
  if (pool.busy < given.size) {
    run()
    return
  }
  pool.waiting.push(run)
  later(given.wait, () => {
    const at = pool.waiting.indexOf(run)
    if (at < 0) return
    pool.waiting.splice(at, 1)
    done({ instead: { status: 500, body: 'too many connections\n', ...given.full } })
  })
}
