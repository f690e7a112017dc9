// `monitor export`: the monitors of the config for another tool, or the service files of our own watcher.
import { join } from 'node:path'
import { UsageError } from '../../config/errors.ts'
import { monitorOf } from '../../formats/monitor/section.ts'
import { exportFor, exportTools } from '../../monitor/exports/export.ts'
import type { Call } from '../call.ts'
import { exitCodes } from '../exit-code.ts'
import { setUpMonitor } from '../monitor-setup.ts'
import { writeText } from '../reports.ts'
import { settleConfig } from '../settings.ts'

export const run = async (call: Call): Promise<number> => {
  const { io, operands, out } = call
  const tool = operands[0] ?? ''
  if (!exportTools.includes(tool)) throw new UsageError(`monitor export ${tool}: expected ${exportTools.join(', ')}.`)
  const { monitors, section, config, mask } = await setUpMonitor(call)
  const { path } = await settleConfig(call.config, io)
  const views = monitors.map(monitor => monitorOf({ ...monitor.config, name: monitor.name }, section.interval))
  const exported = exportFor(tool, {
    monitors: views,
    domain: config.domain ?? null,
    config: path ?? 'launch-ready.config.yaml',
  })!
  for (const file of exported.files) {
    const content = mask(file.content)
    if (out === undefined) io.out(exported.files.length > 1 ? `# ${file.path}\n${content}\n` : content)
    else writeText(io, join(out, file.path), content)
  }
  if (out !== undefined) io.out(`Written to ${out}: ${exported.files.map(file => file.path).join(', ')}.\n`)
  for (const line of exported.left) io.err(`${line}\n`)
  return exitCodes.ok
}
