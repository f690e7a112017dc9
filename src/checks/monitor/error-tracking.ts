// Errors in production reach somebody, with the release and the environment they are of.
import { defineCheck, high, low, medium, pass, skip } from '../../core/check.ts'
import { type Evidence, fileEvidence, textEvidence } from '../../core/evidence.ts'
import { fix, patchOr } from '../../core/fixes.ts'
import { deployedBy } from '../../core/target.ts'
import { frameworks } from '../../data/frameworks.ts'
import { signs } from '../../facts/repo/monitor-signs.example.ts'
import { framework } from '../../facts/repo/stack.example.ts'
import {
  type Place,
  platformsWithEnvironment,
  platformsWithRelease,
  type TrackerSeen,
} from '../../formats/monitor/error-tracking.ts'
import { addTracker, leaveDataOut } from './fixes.ts'
import { held } from './seeing.ts'

type Data = { tool: string; place: string; patch?: string | undefined }

const tracker = signs({}).trackers[0]!

const shownAt = ({ file, line, text }: Place): Evidence => fileEvidence(file, line, text)

/** What a tracker is not told, by its own option or by its platform; with the diff that tells it. */
const unsaid = ({ release, environment, patches = {} }: TrackerSeen, on: (names: readonly string[]) => boolean) => [
  ...held(!release && !on(platformsWithRelease) && { outcome: 'no-release' as const, patch: patches.release }),
  ...held(
    !environment && !on(platformsWithEnvironment) && { outcome: 'no-environment' as const, patch: patches.environment },
  ),
]

export default defineCheck<Data>()({
  id: 'error-tracking',
  stage: 'monitor',
  on: 'repo',
  title: 'Errors in production reach somebody',
  why: 'A customer who meets an error closes the tab; one in a hundred writes. A tracker hears of each, with its release and environment. Read from dependencies and code: Sentry (and what speaks its protocol), Bugsnag, Rollbar, Honeybadger, Airbrake, AppSignal, New Relic, Datadog and others; Sentry’s own defaults count.',
  impact: { journey: 'operate', owner: 'Customers can meet errors for days before anybody here knows.' },
  needs: ['monitorSigns', 'stack', 'deployment'],
  signals: { 'outages-from-customers': ['none'] },
  outcomes: {
    none: high('The code reports errors in production to no tracker', addTracker),
    'no-release': low(
      '{tool} is not told which release an error is of',
      ({ tool, place, patch }) =>
        fix(
          'Tell the tracker which release runs.',
          [patchOr(place, patch, `${place}: release: process.env.GIT_COMMIT`)],
          [`In ${place}: set \`release\` to the commit that was built, or let the build plugin of ${tool} do it.`],
          15,
        ),
      { why: 'Nobody sees with which release an error came, or whether a later one mended it.' },
    ),
    'no-environment': low(
      '{tool} cannot tell production from tests',
      ({ tool, place, patch }) =>
        fix(
          'Tell the tracker that it is production.',
          [patchOr(place, patch, `${place}: environment: process.env.NODE_ENV`)],
          [`In ${place}: set \`environment\`, so that ${tool} alerts on production alone.`],
          10,
        ),
      { why: 'An error in a test alarms people as one of a customer does, and soon nobody looks.' },
    ),
    'sends-personal-data': medium('{tool} is sent personal data of your customers', leaveDataOut, {
      why: 'Addresses, cookies or names of your customers go to another company with each error.',
    }),
    on: pass('Errors in production reach {tool}'),
  },
  references: [
    'https://docs.sentry.io/platforms/javascript/configuration/options/',
    'https://cheatsheetseries.owasp.org/cheatsheets/Logging_Cheat_Sheet.html',
  ],
  judge({ monitorSigns: { trackers, files }, stack, deployment }, { target }) {
    if (deployedBy(target) === 'users') return skip('each user runs it on a host of their own')
    const serves = stack.packages.some(entry => entry.framework !== null && !frameworks[entry.framework]?.isStatic)
    if (trackers.length === 0)
      return serves
        ? {
            outcome: 'none',
            data: { tool: '', place: '' },
            evidence: [
              textEvidence('read', `${files} code files and the dependencies; no error tracker is named in them`),
            ],
            confidence: 'likely',
          }
        : skip('no server here')
    const first = trackers.find(({ place }) => place.line > 1) ?? trackers[0]!
    const data: Data = { tool: first.tool, place: first.place.file }
    const evidence = [shownAt(first.place)]
    const on = (names: readonly string[]): boolean =>
      [...deployment.platforms, ...stack.platforms].some(({ name }) => names.includes(name))
    const leak = trackers.flatMap(({ tool, personal }) => held(personal && { tool, personal }))[0]
    const isOwn = ['Sentry', 'Bugsnag', 'Rollbar'].includes(first.tool)
    const found = [
      ...held(
        leak && {
          outcome: 'sends-personal-data' as const,
          data: { tool: leak.tool, place: leak.personal.file, patch: leak.personal.patch },
          evidence: [shownAt(leak.personal)],
        },
      ),
      ...(isOwn ? unsaid(first, on) : []).map(({ outcome, patch }) => ({
        outcome,
        data: { ...data, patch },
        evidence,
        confidence: 'likely' as const,
      })),
    ]
    return found.length ? found : { outcome: 'on', data, evidence }
  },
  examples: [
    { name: 'Sentry', facts: { stack: framework('express') }, expect: 'on' },
    { name: 'nothing', facts: { stack: framework('express'), monitorSigns: signs({ trackers: [] }) }, expect: 'none' },
    {
      name: 'no release',
      facts: {
        stack: framework('express'),
        monitorSigns: signs({ trackers: [{ ...tracker, release: false }] }),
        deployment: { platforms: [] },
      },
      expect: 'no-release',
    },
    {
      name: 'no environment',
      facts: {
        stack: framework('express'),
        monitorSigns: signs({ trackers: [{ ...tracker, environment: false }] }),
        deployment: { platforms: [] },
      },
      expect: 'no-environment',
    },
    {
      name: 'personal data',
      facts: {
        stack: framework('express'),
        monitorSigns: signs({
          trackers: [{ ...tracker, personal: { file: 'instrument.js', line: 5, text: 'sendDefaultPii: true' } }],
        }),
      },
      expect: 'sends-personal-data',
    },
    { name: 'files alone', facts: { stack: framework('vite'), monitorSigns: signs({ trackers: [] }) }, expect: 'skip' },
  ],
})
