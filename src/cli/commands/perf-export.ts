// `perf export k6`: the walk of `perf users` as a script for k6. Secrets stand in it by the names of their variables.
import { UsageError } from '../../config/errors.ts'
import { perfSection } from '../../config/sections/perf.ts'
import { k6Script } from '../../formats/perf/k6.ts'
import { targetOf } from '../../formats/perf/route-target.ts'
import { createMask } from '../../run/mask.ts'
import type { Call } from '../call.ts'
import { exitCodes } from '../exit-code.ts'
import { writeText } from '../reports.ts'
import { settleConfig } from '../settings.ts'

export const run = async (call: Call): Promise<number> => {
  const { io, operands, action } = call
  if (operands[0] !== 'k6') throw new UsageError(`perf export ${operands[0]}: expected k6.`)
  const { config, path, secrets, sends } = await settleConfig(call.config, io)
  const perf = config.perf ?? perfSection.parse({})
  const users = action.users === undefined ? (perf.users ?? 20) : Number(action.users)
  if (!Number.isInteger(users) || users < 1)
    throw new UsageError(`--users ${action.users}: expected a whole number from 1.`)
  const flows = (config.flows ?? []).filter(flow => !flow.browser)
  const routes = config.routes.filter(route => route.kind !== 'webhook')
  if (flows.length + routes.length === 0)
    throw new UsageError(`${path ?? 'no config'}: it names no flows and no routes, so there is nothing to export.`)
  const named = sends.flatMap(({ name }): [string, string][] => (io.env[name] ? [[io.env[name], name]] : []))
  const script = k6Script({
    users,
    walks: 3,
    rampUpMs: perf.rampUp,
    think: perf.think,
    flows,
    routes: routes.map(({ name, url, headers, after, session, kind, p95, cached, expectStatus }) => ({
      name,
      url,
      headers,
      after,
      session,
      targetMs: targetOf({ kind, p95, cached: cached === true, isHit: false }),
      expected: expectStatus === undefined ? [] : [expectStatus].flat(),
    })),
    secrets: new Map(named),
  })
  const text = createMask(secrets).text(script)
  if (action.file === undefined) io.out(text)
  else {
    writeText(io, action.file, text)
    io.err(`wrote ${action.file}; run it with: k6 run ${action.file}\n`)
  }
  return exitCodes.ok
}
