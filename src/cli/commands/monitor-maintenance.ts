// `monitor maintenance start|end|list`: a time in which nothing alerts and nothing counts against the target.
import { UsageError } from '../../config/errors.ts'
import { duration } from '../../config/values.ts'
import { clean } from '../../core/clean.ts'
import type { Maintenance, Store } from '../../monitor/store.ts'
import type { Call } from '../call.ts'
import { exitCodes } from '../exit-code.ts'
import { type MonitorSetup, orUsage, setUpMonitor } from '../monitor-setup.ts'

const usualMs = 30 * 60_000

const minute = (at: number): string => `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`

const shown = ({ id, from, to, monitors, note }: Maintenance): string =>
  `${id}  ${minute(from)} to ${minute(to)}  ${monitors?.map(name => clean(name, 60)).join(', ') ?? 'all monitors'}${note ? `  ${clean(note, 200)}` : ''}`

const start = async ({ action, io }: Call, { monitors }: MonitorSetup, store: Store): Promise<string> => {
  const given = duration.safeParse(action.for ?? '30m')
  if (!given.success) throw new UsageError(`--for ${action.for}: ${given.error.issues[0]!.message}.`)
  const names = monitors.map(({ name }) => name)
  const wrong = action.monitors.filter(name => !names.includes(name))
  if (wrong.length)
    throw new UsageError(`--monitors ${wrong.join(', ')}: there is no such monitor; expected ${names.join(', ')}.`)
  const from = io.clock.now()
  const window = {
    id: new Date(from).toISOString().slice(0, 19).replace(/[-:]/g, ''),
    from,
    to: from + (given.data ?? usualMs),
    monitors: action.monitors.length ? [...action.monitors] : null,
    note: action.note ?? '',
  }
  await store.addMaintenance(window)
  return shown(window)
}

const end = async ({ operands, io }: Call, store: Store): Promise<string> => {
  const now = io.clock.now()
  const open = (await store.maintenance({ from: now, to: now + 1 })).filter(
    ({ id }) => operands[1] === undefined || id === operands[1],
  )
  if (open.length === 0)
    throw new UsageError('There is no such maintenance under way; launch-ready monitor maintenance list shows them.')
  for (const { id } of open) await store.endMaintenance(id, now)
  return open.map(window => shown({ ...window, to: now })).join('\n')
}

export const run = async (call: Call): Promise<number> => {
  const [what] = call.operands
  if (what !== 'start' && what !== 'end' && what !== 'list')
    throw new UsageError(`monitor maintenance ${what}: expected start, end or list.`)
  const setup = await setUpMonitor(call)
  const store = await orUsage(() => setup.open())
  try {
    if (what === 'list') {
      const windows = await store.maintenance({ from: call.io.clock.now() })
      const ofConfig = setup.section.maintenance
      call.io.out(
        call.json
          ? `${JSON.stringify({ begun: windows, config: ofConfig }, null, 2)}\n`
          : `${[...windows.map(shown), ...ofConfig.map(({ from, zone }) => `config  ${clean(from, 60)} ${zone}`)].join('\n') || 'none'}\n`,
      )
      return exitCodes.ok
    }
    call.io.out(
      `${what === 'start' ? await orUsage(() => start(call, setup, store)) : await orUsage(() => end(call, store))}\n`,
    )
    return exitCodes.ok
  } finally {
    await store.close()
  }
}
