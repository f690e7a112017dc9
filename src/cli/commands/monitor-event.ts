// `monitor event deploy|job|note`: for CI and people. Into the store where it is here, else to the dashboard, which keeps it.
import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { UsageError } from '../../config/errors.ts'
import { clean } from '../../core/clean.ts'
import { eventOf } from '../../monitor/http-handlers.ts'
import { isPostgres } from '../../monitor/open-store.ts'
import { createOutbox } from '../../monitor/outbox.ts'
import type { ProductEvent } from '../../monitor/store.ts'
import { tellEvent } from '../../monitor/telling.ts'
import type { Call } from '../call.ts'
import { exitCodes } from '../exit-code.ts'
import { type MonitorSetup, orUsage, setUpMonitor } from '../monitor-setup.ts'
import { commitVariables } from '../smoke-steps.ts'

/** A watcher that has not been heard of for so long sends nothing. */
const quietMs = 30_000
const tries = 5

const eventFrom = ({ operands, action, io }: Call): ProductEvent => {
  const [kind, text] = operands
  const { commit, status, by, link } = action
  if (kind !== 'deploy' && kind !== 'job' && kind !== 'note')
    throw new UsageError(`monitor event ${kind}: expected deploy, job or note.`)
  if (status !== undefined && status !== 'success' && status !== 'failure')
    throw new UsageError(
      `--status ${status}: expected success or failure. In GitHub Actions: --status "\${{ job.status }}" says success, failure or cancelled; give failure for all but success.`,
    )
  if (link !== undefined && !/^https?:\/\//.test(link))
    throw new UsageError(`--link ${link}: expected an http or https URL.`)
  const found = commitVariables
    .map(name => io.env[name])
    .find(value => value !== undefined && /^[0-9a-f]{7,64}$/i.test(value))
  return eventOf(
    {
      id: randomUUID(),
      kind,
      status: status ?? null,
      commit: commit ?? (kind === 'deploy' ? found : undefined),
      text,
      by,
      link,
    },
    io.clock.now(),
  )!
}

/** To the dashboard of a watcher that runs elsewhere. */
const send = async (
  event: ProductEvent,
  { dashboard, section, connect, mask }: MonitorSetup,
  { io }: Call,
): Promise<number> => {
  if (section.token === undefined)
    throw new UsageError(
      `monitor.token is needed to tell ${dashboard} of an event: set it to the dashboard's, as \${NAME}.`,
    )
  // The config names it, wherever it stands: a watcher in a private network is told too.
  const net = connect({ ownHosts: [new URL(dashboard).hostname] })
  try {
    const answer = await net.http({
      url: `${dashboard.replace(/\/+$/, '')}/event`,
      method: 'POST',
      verify: 'strict',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${section.token}` },
      body: JSON.stringify(event),
    })
    const status = answer.ok ? answer.value.hops.at(-1)?.status : undefined
    if (status === 201) return exitCodes.ok
    io.err(`${clean(mask(`${dashboard} did not take the event: ${answer.ok ? status : answer.message}`), 300)}\n`)
    return exitCodes.couldNotTell
  } finally {
    await net.close()
  }
}

/** Without a watcher that would send it, this call does. */
const deliver = async (
  ids: ReadonlySet<string>,
  setup: MonitorSetup,
  call: Call,
  store: Awaited<ReturnType<MonitorSetup['open']>>,
) => {
  const { clock, signal } = call.io
  const outbox = createOutbox({
    store: () => ({ ...store, waiting: async () => (await store.waiting()).filter(({ id }) => ids.has(id)) }),
    channels: setup.channels,
    clock,
    connect: () => setup.connect(),
    signal,
    keys: null,
    dashboard: null,
    mask: setup.mask,
  })
  const left = async () => (await store.waiting()).filter(({ id }) => ids.has(id))
  for (let count = 0; count < tries && (await left()).length > 0 && !signal.aborted; count++) {
    await outbox.round()
    const [next] = await left()
    if (next) await clock.sleep(Math.max(0, next.dueAt - clock.now()), signal)
  }
  return left()
}

export const run = async (call: Call): Promise<number> => {
  const event = eventFrom(call)
  const setup = await setUpMonitor(call)
  const { where, section, channels } = setup
  if (!isPostgres(where) && !existsSync(where) && section.url !== undefined) return send(event, setup, call)
  const store = await orUsage(() => setup.open())
  try {
    const messages = tellEvent(event, channels, event.at)
    await orUsage(() => store.addEvent(event, messages))
    const watcher = await store.watcher()
    if (watcher && call.io.clock.now() - watcher.beatAt < quietMs) return exitCodes.ok
    const waiting = await deliver(new Set(messages.map(({ id }) => id)), setup, call, store)
    for (const { channel, attempts } of waiting)
      call.io.err(`${clean(channel, 60)}: not delivered: ${clean(attempts.at(-1)?.answer ?? 'not tried', 200)}\n`)
    return waiting.length > 0 ? exitCodes.couldNotTell : exitCodes.ok
  } finally {
    await store.close()
  }
}
