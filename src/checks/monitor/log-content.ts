// A log holds no secrets, sessions, cards or personal data.
import { blocker, defineCheck, high, pass } from '../../core/check.ts'
import { shellWord } from '../../core/clean.ts'
import { fileEvidence } from '../../core/evidence.ts'
import { command, fix } from '../../core/fixes.ts'
import { holding } from '../../facts/logs/log-file.example.ts'
import { counted } from '../../formats/keys/plural.ts'

/** `path` is the whole of what titles call `file`. */
type Data = { file: string; path: string; kinds: string; count: number }

const subject = { kind: 'file' as const, name: 'app.log' }

const clean =
  (step: string) =>
  ({ path, kinds }: Data) => {
    const run = `launch-ready monitor redact ${shellWord(path)} > ${shellWord(`${path}.clean`)}`
    return fix(
      'Take it out of the log, and keep it out.',
      [command(`${run} && mv ${shellWord(`${path}.clean`)} ${shellWord(path)}`)],
      [
        step,
        `\`${run}\` writes the log without ${kinds}; put that in its place, in backups and at your log service too.`,
        'Keep it out: `launch-ready monitor redact --as pino|winston|rails|django|laravel|nginx|sentry` writes the rules for your logger.',
      ],
      45,
    )
  }

export default defineCheck<Data>()({
  id: 'log-content',
  stage: 'monitor',
  on: 'file',
  title: 'The log holds no secrets, and nothing about customers',
  why: 'Logs are copied to services, laptops and tickets, and kept for years. Each line is looked through for tokens, passwords, cookies, headers, keys in URLs, cards (Luhn), IBANs, identity numbers with their check digits, addresses and telephone numbers. Samples are masked.',
  impact: { journey: 'data', owner: 'Whoever reads the logs can log in as your customers, or pay with their cards.' },
  needs: ['logFile'],
  actions: ['monitor scan-logs'],
  outcomes: {
    secret: blocker(
      'Secrets stand in the log {file}: {kinds}',
      clean('Replace every secret that was written there: it counts as known.'),
      { why: 'Whoever reads the log can use these secrets.' },
    ),
    session: blocker(
      'Sessions of customers stand in the log {file}',
      clean('End the sessions and tokens that were written there.'),
      { why: 'Whoever reads the log can act as these customers while their sessions last.' },
    ),
    'personal-data': high(
      'Personal data stands in the log {file}',
      clean('Find out who could read it; ask whether it has to be reported (GDPR Art. 33).'),
      { why: 'Whoever reads the log learns who your customers are.' },
    ),
    'payment-card': blocker(
      'Card numbers stand in the log {file}',
      clean('Tell your payment provider: card numbers in logs break PCI DSS 3.5.'),
      { why: 'Whoever reads the log can pay with these cards, and your payment provider can fine you.' },
    ),
    clean: pass('{file} holds nothing of the kind'),
  },
  references: [
    'https://cheatsheetseries.owasp.org/cheatsheets/Logging_Cheat_Sheet.html',
    'https://gdpr-info.eu/art-5-gdpr/',
  ],
  judge({ logFile: { finds, lines } }, { subject: { name } }) {
    const file = name.length > 24 ? `…${name.slice(-23)}` : name
    const classes = [...new Set(finds.map(find => find.class))]
    if (classes.length === 0)
      return {
        outcome: 'clean',
        data: { file, path: name, kinds: '', count: 0 },
        evidence: [fileEvidence(name, undefined, counted(lines, 'line'))],
      }
    return classes.map(outcome => {
      const own = finds.filter(find => find.class === outcome)
      return {
        outcome,
        data: {
          file,
          path: name,
          kinds: own
            .slice(0, 2)
            .map(({ kind }) => kind)
            .join(', '),
          count: own.reduce((sum, { count }) => sum + count, 0),
        },
        evidence: own
          .slice(0, 10)
          .map(({ kind, count, lines: at, sample }) =>
            fileEvidence(
              name,
              at[0],
              `${kind}: ${counted(count, 'time')}, ${at.length === 1 ? 'line' : 'lines'} ${at.join(', ')}; the first ${sample}`,
            ),
          ),
      }
    })
  },
  examples: [
    { name: 'clean', facts: {}, subject, expect: 'clean' },
    { name: 'a password', facts: { logFile: holding('password=correct-horse\n') }, subject, expect: 'secret' },
    { name: 'a cookie', facts: { logFile: holding('Cookie: sid=4f1c9a7be2d04f63\n') }, subject, expect: 'session' },
    { name: 'an address', facts: { logFile: holding('mail to ada@example.org\n') }, subject, expect: 'personal-data' },
    { name: 'a card', facts: { logFile: holding('paid with 4111 1111 1111 1111\n') }, subject, expect: 'payment-card' },
  ],
})
