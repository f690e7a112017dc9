// The logger takes secrets out before it writes: its own list, tried on canaries.
import { defineCheck, high, medium, pass, skip } from '../../core/check.ts'
import { type Evidence, fileEvidence, textEvidence } from '../../core/evidence.ts'
import { command, fix, patchFile, patchOr } from '../../core/fixes.ts'
import { signs } from '../../facts/repo/monitor-signs.example.ts'
import type { ListSeen } from '../../facts/repo/monitor-signs.ts'
import type { Place } from '../../formats/monitor/error-tracking.ts'
import { held } from './seeing.ts'

type Body = Place & { patch?: string }
type Data = { file: string; leak: string; count: number; as: string; patch?: string | undefined; bodies?: Body[] }

const list = {
  logger: 'pino' as const,
  entries: ['password'],
  place: { file: 'log.js', line: 4, text: 'password' },
  leaks: ['user.password', 'req.headers.cookie'],
}

const useOurs = ({ as, file, patch }: Data) =>
  fix(
    'Let the logger take out whatever is secret, wherever it stands.',
    [patch ? patchFile(file, patch) : command(`npx launch-ready monitor redact --as ${as} --out .`)],
    [
      ...(patch ? [`Put the names into the list in ${file}. What has other names is found by its shape alone:`] : []),
      `\`npx launch-ready monitor redact --as ${as} --out .\` writes the rules as code, without a dependency.`,
      `Hook it in where the logger is made (${file}); its first lines say how.`,
    ],
    20,
  )

/** The logger that the rules are written for. */
const loggerFor = (logger: Place | undefined, list: ListSeen | undefined): string => {
  if (list?.logger === 'rails') return 'rails'
  if (/winston|createLogger/.test(logger?.text ?? '')) return 'winston'
  return /structlog|\.py$/.test(`${logger?.text} ${logger?.file}`) ? 'django' : 'pino'
}

const shownAt = (places: readonly Place[]): Evidence[] =>
  places.slice(0, 6).map(({ file, line, text }) => fileEvidence(file, line, text))

export default defineCheck<Data>()({
  id: 'log-redaction',
  stage: 'monitor',
  on: 'repo',
  title: 'The logger takes secrets out before it writes',
  why: 'A request that is logged whole brings its password, cookie and token into a file that many may read for years. The repository’s own list is tried on canaries at the root, one to three steps deep, in arrays, in headers and in the cause of an error, by the documented meaning of pino’s paths and Rails’ filters; its code is not run.',
  impact: {
    journey: 'data',
    owner: 'Passwords and tokens of your customers are written to the log, for whoever reads it.',
  },
  needs: ['monitorSigns'],
  outcomes: {
    leaks: high('The logger’s list lets secrets through: {leak}', useOurs),
    none: medium('The logger writes whole objects, and takes no secret out', useOurs, {
      why: 'Whatever these objects hold is written to the log: a password or a token too, once one of them has it.',
    }),
    'logs-bodies': high(
      'Whole request bodies are written to the log',
      ({ file, bodies = [] }) =>
        fix(
          'Log what happened, not what was sent.',
          bodies.map(one => patchOr(one.file, one.patch, `${one.file}:${one.line}: log the route instead of the body`)),
          [
            `${file}: log the route, the user’s id and the outcome, instead of the body.`,
            'Look through the logs that are there: `launch-ready monitor scan-logs <file>`; delete or redact what is found.',
          ],
          20,
        ),
      { why: 'Whatever customers send stands in the log, their passwords too where the route takes them.' },
    ),
    holds: pass('The logger takes secrets out'),
  },
  references: [
    'https://cheatsheetseries.owasp.org/cheatsheets/Logging_Cheat_Sheet.html',
    'https://github.com/pinojs/pino/blob/main/docs/redaction.md',
  ],
  judge({ monitorSigns: { loggers, lists, bodies, files } }) {
    const own = lists.find(({ logger }) => logger === 'own')
    const leaking = own ? [] : lists.filter(({ leaks }) => leaks.length)
    const first = leaking[0]
    const logger = loggers[0]
    const data: Data = {
      file: first?.place.file ?? logger?.file ?? '',
      leak: first?.leaks[0] ?? '',
      count: first?.leaks.length ?? 0,
      as: loggerFor(logger, first),
      patch: first ? first.patch : logger?.patch,
    }
    const likely = { confidence: 'likely' as const }
    const found = [
      ...held(
        bodies[0] && {
          outcome: 'logs-bodies' as const,
          data: { ...data, file: bodies[0].file, bodies },
          evidence: shownAt(bodies),
          ...likely,
        },
      ),
      ...held(
        first && {
          outcome: 'leaks' as const,
          data,
          evidence: [...shownAt([first.place]), textEvidence('came through', first.leaks.join(', '))],
        },
      ),
      ...held(
        logger && lists.length === 0 && { outcome: 'none' as const, data, evidence: shownAt([logger]), ...likely },
      ),
    ]
    if (found.length) return found
    if (lists.length === 0) return skip(`no logger that is handed objects in ${files} code files`)
    return { outcome: 'holds', data, evidence: shownAt(lists.map(({ place }) => place)) }
  },
  examples: [
    { name: 'a hook', facts: {}, expect: 'holds' },
    { name: 'a list of one', facts: { monitorSigns: signs({ lists: [list] }) }, expect: 'leaks' },
    { name: 'no list', facts: { monitorSigns: signs({ lists: [] }) }, expect: 'none' },
    {
      name: 'bodies',
      facts: { monitorSigns: signs({ bodies: [{ file: 'server.js', line: 8, text: 'console.log(req.body)' }] }) },
      expect: 'logs-bodies',
    },
    { name: 'no logger', facts: { monitorSigns: signs({ lists: [], loggers: [] }) }, expect: 'skip' },
  ],
})
