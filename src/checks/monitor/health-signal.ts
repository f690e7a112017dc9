// The health route says the truth: asked of the program itself, with its database, and nothing for strangers.
import { couldNotSee, defineCheck, high, medium, pass } from '../../core/check.ts'
import { type Evidence, fileEvidence, httpEvidence } from '../../core/evidence.ts'
import { fix, manual, patchOr, setHeader } from '../../core/fixes.ts'
import { json, route } from '../../facts/http/page.example.ts'
import { signs } from '../../facts/repo/monitor-signs.example.ts'
import { cachedBy, internalsIn, saysUnwell } from '../../formats/monitor/health-handler.ts'
import { held } from './seeing.ts'

type Data = { where: string; host: string; path: string; what: string; patch?: string | undefined }

const url = 'https://example.com/health'
const subject = route('health', 'health', url)
const repo = { kind: 'repo' as const, name: 'shop' }

export default defineCheck<Data>()({
  id: 'health-signal',
  stage: 'monitor',
  on: ['route', 'repo'],
  title: 'The health route fails when the product does, and gives nothing away',
  why: 'A route that answers 200 with a constant stays green while the database is down; one that a cache answers stays green while the program is gone; one that prints connection strings tells attackers where to go on. Looked at from outside (route kind `health`) and in the handler’s code.',
  impact: { journey: 'operate', owner: 'The monitor says that all is well while nobody can log in.' },
  needs: [],
  wants: ['page', 'monitorSigns'],
  outcomes: {
    'always-ok': medium('{where} says ok even where something it needs is down', ({ where, patch }) =>
      fix(
        'Let it ask what the product cannot do without.',
        [patchOr(where, patch, `${where}: ask the database, answer 503 when it does not answer`)],
        [
          `In ${where}: ask the database (SELECT 1) with a limit of two seconds, and answer 503 where it fails.`,
          'Leave out what the product can do without: a mail service that is slow must not restart your servers.',
        ],
        30,
      ),
    ),
    cached: high(
      '{where} is answered by a cache',
      ({ host, path }) =>
        fix(
          'Keep every cache away from it.',
          [setHeader(host, 'cache-control', 'no-store', path)],
          [`Send \`Cache-Control: no-store\` from ${path}, and add a rule at your CDN that lets ${path} through.`],
          10,
        ),
      { why: 'The monitor sees an answer of earlier: for as long as it is kept, an outage goes unseen.' },
    ),
    'leaks-internals': medium(
      '{where} tells strangers {what}',
      ({ where }) =>
        fix(
          'Answer with ok or not ok.',
          [manual(`${where}: {"status":"ok"}`)],
          [`Let ${where} answer \`{"status":"ok"}\`, or 503; keep details for a route behind a login or a token.`],
          15,
        ),
      { why: 'Strangers read there what helps them to break in.' },
    ),
    honest: pass('{where} fails when the product does'),
  },
  references: [
    'https://datatracker.ietf.org/doc/html/draft-inadarei-api-health-check-06',
    'https://www.rfc-editor.org/rfc/rfc9111#section-5.2.2.5',
  ],
  judge({ page, monitorSigns }, { subject }) {
    if (subject.kind === 'repo') {
      if (!monitorSigns.ok) return couldNotSee(monitorSigns)
      const [place] = monitorSigns.value.constantHealth
      if (!place) return { skip: 'no health handler that could be read: see health-endpoint' }
      return {
        outcome: 'always-ok',
        data: { where: place.file, host: '', path: '', what: '', patch: place.patch },
        evidence: [fileEvidence(place.file, place.line, place.text)],
        confidence: 'possible',
      }
    }
    if (subject.details?.['kind'] !== 'health') return { skip: 'no health route' }
    if (!page.ok) return couldNotSee(page, 'high')
    const hop = page.value.hops.at(-1)!
    const { hostname, pathname } = new URL(subject.name)
    const data: Data = { where: subject.name, host: hostname, path: pathname, what: '' }
    const cache = cachedBy(hop.headers)
    const internals = internalsIn(hop.body)
    const bad = hop.status < 300 ? saysUnwell(hop.body) : null
    const seen = (value: string): Evidence[] => [httpEvidence(subject.name, value)]
    const found = [
      ...held(cache && { outcome: 'cached' as const, data, evidence: seen(cache) }),
      ...held(
        bad && { outcome: 'always-ok' as const, data, evidence: seen(`${hop.status}, and in its answer ${bad}`) },
      ),
      ...held(
        internals[0] && {
          outcome: 'leaks-internals' as const,
          data: { ...data, what: internals[0] },
          evidence: seen(internals.join(', ')),
        },
      ),
    ]
    return found.length
      ? found
      : { outcome: 'honest', data, evidence: [httpEvidence(subject.name, String(hop.status))] }
  },
  examples: [
    { name: 'ok', facts: { page: json({ status: 'ok' }, 200, url) }, subject, expect: 'honest' },
    {
      name: 'not well, with 200',
      facts: { page: json({ status: 'ok', database: 'down' }, 200, url) },
      subject,
      expect: 'always-ok',
    },
    {
      name: 'a constant in code',
      facts: {
        monitorSigns: signs({
          constantHealth: [{ file: 'app/api/health/route.ts', line: 1, text: 'export function GET() {' }],
        }),
      },
      subject: repo,
      expect: 'always-ok',
    },
    {
      name: 'a connection string',
      facts: { page: json({ status: 'ok', db: 'postgres://db.internal/app' }, 200, url) },
      subject,
      expect: 'leaks-internals',
    },
    {
      name: 'an hour in a cache',
      facts: {
        page: {
          hops: [
            { ...json({ status: 'ok' }, 200, url).hops[0]!, headers: [['cache-control', 'public, max-age=3600']] },
          ],
          ended: 'answer',
        },
      },
      subject,
      expect: 'cached',
    },
  ],
})
