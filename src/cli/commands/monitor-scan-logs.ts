// `launch-ready monitor scan-logs`: what of secrets and personal data is in these logs; exit 1 on anything. Nothing leaves unmasked.
import { createReadStream, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { isoNow } from '../../core/clock.ts'
import { observed, type SavedFact } from '../../core/fact.ts'
import { bareTarget } from '../../core/target.ts'
import { createLogReader, type LogReading } from '../../formats/logs/find.ts'
import type { Call } from '../call.ts'
import { ofAction, runStage } from './stage.ts'

const most = 200

const readLog = async (input: AsyncIterable<Uint8Array>, ip: boolean): Promise<LogReading> => {
  const reader = createLogReader({ ip })
  for await (const chunk of input) reader.push(chunk)
  reader.end()
  return reader.reading
}

const standardInput = async function* ({ io }: Call): AsyncIterable<Uint8Array> {
  if (io.stdinStream) yield* io.stdinStream()
  else yield Buffer.from(await io.stdin())
}

export const run = async (call: Call): Promise<number> => {
  const { io, operands, faults, action } = call
  if (!operands.length)
    faults.add('monitor scan-logs needs a log: launch-ready monitor scan-logs app.log (- reads standard input).')
  if (operands.length > most)
    faults.add(`monitor scan-logs reads at most ${most} files at once; ${operands.length} were named.`)
  for (const operand of operands) {
    const about = operand === '-' ? null : statSync(resolve(io.cwd, operand), { throwIfNoEntry: false })
    if (about === undefined) faults.add(`${operand} cannot be read: there is no such file.`)
    else if (about?.isDirectory()) faults.add(`${operand} is a directory; name the logs in it.`)
  }
  faults.throwIfAny()
  const at = isoNow(io.clock)
  const facts: SavedFact[] = []
  for (const operand of new Set(operands)) {
    const name = operand === '-' ? 'standard input' : operand
    const input =
      operand === '-' ? standardInput(call) : createReadStream(resolve(io.cwd, operand), { highWaterMark: 256 << 10 })
    facts.push({
      fact: 'logFile',
      on: { kind: 'file', name },
      is: observed(await readLog(input, action.ipAddresses), at),
    })
  }
  const target = bareTarget({ logs: facts.map(({ on }) => on.name) })
  const only = { ...call, stage: { ...call.stage, only: ofAction('monitor scan-logs') } }
  return (
    await runStage(only, {
      stage: 'monitor',
      saved: { startedAt: at, target, facts },
      next: [`launch-ready monitor redact ${operands[0]}`],
    })
  ).code
}
