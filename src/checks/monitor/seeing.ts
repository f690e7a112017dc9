// Shared by the checks of the monitor stage: whether anything is seen of who watches, and what to ask where nothing is.
import { ask, type Question, type Skip, type Unknown } from '../../core/check.ts'
import { type Evidence, textEvidence } from '../../core/evidence.ts'
import type { Severity } from '../../core/severity.ts'
import type { Target } from '../../core/target.ts'
import type { Watching } from '../../facts/monitor/watching.ts'
import { counted } from '../../formats/keys/plural.ts'
import type { SeenMonitor } from '../../formats/monitor/seen.ts'

export const minute = 60_000
export const day = 86_400_000

export const isStageAsked = (target: Target): boolean =>
  (target.sections['monitor'] as { asked?: boolean } | undefined)?.asked === true

const isSeen = ({ section, monitors, tools, providers }: Watching): boolean =>
  section !== null || monitors.length > 0 || tools.length > 0 || providers.some(({ problem }) => problem === null)

/** Nothing here says who watches: the stage's own command asks, any other one names the command. Null where something does. */
export const unseen = (
  watching: Watching,
  target: Target,
  question: Question,
  couldBe: Severity,
): Skip | Unknown | null => {
  if (isSeen(watching)) return null
  const refused = watching.providers.find(({ problem }) => problem !== null)
  if (refused) return { unknown: `${refused.name} could not be asked: ${refused.problem}`, couldBe }
  return isStageAsked(target)
    ? ask(
        question,
        'nothing here says who watches the product: no monitor in the config, no file of another tool, no token of a service',
        couldBe,
      )
    : { skip: `nothing here says who watches it: launch-ready monitor ${target.domain ?? ''}`.trim() }
}

/** Only a managed service is seen, and what is asked for here is not in its answers. */
export const isManagedOnly = ({ section, tools }: Watching): boolean => section === null && tools.length === 0

export const every = (ms: number): string =>
  ms % 3_600_000 === 0
    ? `${ms / 3_600_000} h`
    : ms >= minute
      ? `${Math.round(ms / minute)} min`
      : `${Math.round(ms / 1000)} s`

export const monitorEvidence = (monitor: SeenMonitor): Evidence =>
  textEvidence(
    monitor.source,
    `${monitor.name}: ${monitor.kind} ${monitor.target}, every ${every(monitor.intervalMs)}${monitor.paused ? `, paused (${monitor.why ?? 'switched off there'})` : ''}`,
  )

/** What was looked through, as evidence that something is not there. */
export const lookedThrough = ({ section, monitors, tools, providers }: Watching): Evidence =>
  textEvidence(
    'looked through',
    [
      ...(section
        ? [
            `monitor of the config (${counted(monitors.filter(({ source }) => source === 'launch-ready').length, 'monitor')})`,
          ]
        : []),
      ...tools.map(({ tool, file }) => `${tool} (${file})`),
      ...providers.map(({ name, monitors: count }) => `${name} (${counted(count, 'monitor')})`),
    ].join('; ') || 'nothing',
  )

/** What holds, as a list: nothing where it does not. */
export const held = <T>(value: T | null | undefined | false | ''): T[] => (value ? [value] : [])
