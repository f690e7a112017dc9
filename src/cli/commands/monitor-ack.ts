// `monitor ack`: somebody takes care of it.
import { userInfo } from 'node:os'
import { UsageError } from '../../config/errors.ts'
import { clean } from '../../core/clean.ts'
import type { Call } from '../call.ts'
import { exitCodes } from '../exit-code.ts'
import { orUsage, setUpMonitor } from '../monitor-setup.ts'

export const run = async (call: Call): Promise<number> => {
  const { io, operands, action } = call
  const setup = await setUpMonitor(call)
  const store = await orUsage(() => setup.open())
  try {
    const open = (await store.incidents({ open: true })).filter(({ acknowledgedAt }) => acknowledgedAt === null)
    const wanted = operands[0] === undefined ? open : open.filter(({ id }) => id === operands[0])
    const listed = open.map(({ id, title }) => `${id} (${clean(title, 80)})`).join(', ')
    if (wanted.length === 0)
      throw new UsageError(
        `${operands[0] === undefined ? 'No incident is open' : `${operands[0]}: there is no such incident`}${listed ? `; open are ${listed}` : ''}.`,
      )
    if (wanted.length > 1) throw new UsageError(`Several incidents are open; name one: ${listed}.`)
    const { id, title } = wanted[0]!
    const by = action.by ?? userInfo().username
    if (!(await orUsage(() => store.acknowledge(id, by, io.clock.now()))))
      throw new UsageError(`${id}: somebody was quicker, or it is over.`)
    io.out(`${clean(title, 150)}: ${clean(by, 60)} takes care of it.\n`)
    return exitCodes.ok
  } finally {
    await store.close()
  }
}
