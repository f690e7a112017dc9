// Somebody looks at the app, the login, the webhook and the mail service every minute, and would notice an error page.
import { defineCheck, high, low, medium, pass } from '../../core/check.ts'
import { route } from '../../facts/http/page.example.ts'
import { example, nobody, seen } from '../../facts/monitor/watching.example.ts'
import { watches, watchesHost } from '../../formats/monitor/seen.ts'
import { tellingWords } from '../../formats/monitor/telling-words.ts'
import {
  addMonitor,
  compareText,
  type FoundMonitor,
  isListed,
  listMonitor,
  lookAgain,
  lookMoreOften,
  pageMonitor,
} from './fixes.ts'
import { every, lookedThrough, minute, monitorEvidence, unseen } from './seeing.ts'

type Data = FoundMonitor & {
  what: string
  url: string
  interval: string
  /** A heading that the page shows. */
  words: string | null
}

const words: Readonly<Record<string, string>> = { home: 'app', dashboard: 'app', auth: 'login', webhook: 'webhook' }
const question = {
  id: 'uptime-monitor',
  text: 'What looks at the app and the login every minute, and from where?',
  answer: 'monitor.monitors',
}

const line = ({ what, url }: Data): string =>
  what === 'mail service'
    ? '- { name: mail service, smtp: smtp.yourprovider.com:587, interval: 5m }'
    : what === 'webhook'
      ? `- { name: webhook, http: ${url}, expect: { status: [200, 400, 401, 405] } }`
      : `- { name: ${what}, http: ${url}, expect: { status: 200, text: "words that only this page shows" } }`

export default defineCheck<Data>()({
  id: 'uptime-monitor',
  stage: 'monitor',
  on: ['route', 'domain'],
  title: 'The app, the login, the webhook and the mail service are watched',
  why: 'A monitor that asks every minute notices an outage before the second customer does; one that compares only the status stays green while an error page is served with 200. Read from our own store and config, from the services whose tokens are given, and from files of Gatus, Upptime and Uptime Kuma. A monitor of ours counts while its results are younger than three intervals.',
  impact: { journey: 'operate', owner: 'You learn of an outage from customers.' },
  needs: ['watching'],
  wants: ['page'],
  signals: ['outages-from-customers'],
  outcomes: {
    none: high('Nothing watches the {what}', data =>
      data.listed && data.what !== 'mail service' ? listMonitor(pageMonitor(data)) : addMonitor(line(data)),
    ),
    'too-slow': medium('The {what} is looked at only every {interval}', lookMoreOften, {
      why: 'An outage begins up to that long before anybody can be told.',
    }),
    paused: high('The monitor of the {what} is paused, or does not run', lookAgain, {
      why: 'Nobody is told when it fails, and it looks as if it were watched.',
    }),
    'status-only': low('The monitor of the {what} would miss an error page', compareText, {
      why: 'An error page that is sent with status 200 counts as up.',
    }),
    watched: pass('The {what} is watched'),
  },
  references: ['https://sre.google/sre-book/monitoring-distributed-systems/'],
  judge({ watching, page }, { subject, target }) {
    const isMail = subject.kind === 'domain'
    const what = isMail ? 'mail service' : words[String(subject.details?.['kind'])]
    if (!what) return { skip: 'only the app, the login and the webhook have to be watched' }
    const hidden = unseen(watching, target, question, isMail ? 'high' : 'blocker')
    if (hidden) return isMail && 'question' in hidden ? { skip: 'asked for the pages' } : hidden
    if (isMail && target.senders.length === 0) return { skip: 'no sender is named in the config' }
    const isLogin = what === 'login'
    const found = watching.monitors.filter(monitor =>
      isMail
        ? monitor.kind === 'smtp' || monitor.kind === 'other'
        : watches(monitor, subject.name) ||
          (what === 'app' && watchesHost(monitor, subject.name)) ||
          (isLogin && monitor.kind === 'http' && /^(?:log|sign).?in$/i.test(monitor.target)),
    )
    const hop = page.ok ? page.value.hops.at(-1) : undefined
    const data: Data = {
      ...{ what, url: subject.name, interval: '', tool: '', name: '', listed: isListed(watching), file: null },
      words: hop?.status === 200 ? tellingWords(hop.body, hop.url) : null,
    }
    if (found.length === 0) {
      const near = watching.monitors.some(monitor => watchesHost(monitor, subject.name))
      const severity = what === 'webhook' || isMail || near ? 'high' : 'blocker'
      return { outcome: 'none', data, evidence: [lookedThrough(watching)], severity, confidence: 'likely' }
    }
    const best =
      found.find(({ paused, intervalMs, asserts }) => !paused && intervalMs <= minute && asserts) ??
      found.find(({ paused }) => !paused) ??
      found[0]!
    const { source: tool, name, file = null } = best
    const of = { ...data, tool, name, file, interval: every(best.intervalMs) }
    const evidence = [monitorEvidence(best)]
    if (best.paused) return { outcome: 'paused', data: of, evidence }
    if (best.intervalMs > (isMail ? 15 : 1) * minute) return { outcome: 'too-slow', data: of, evidence }
    if (!best.asserts && (what === 'app' || isLogin)) return { outcome: 'status-only', data: of, evidence }
    return { outcome: 'watched', data: of, evidence }
  },
  examples: [
    {
      name: 'watched every minute',
      facts: {},
      subject: route('home', 'home', 'https://example.com/'),
      expect: 'watched',
    },
    { name: 'nobody', facts: { watching: { ...example, monitors: [] } }, subject: route('auth'), expect: 'none' },
    {
      name: 'every five minutes',
      facts: { watching: { ...example, monitors: [seen({ intervalMs: 5 * minute })] } },
      subject: route('home'),
      expect: 'too-slow',
    },
    {
      name: 'paused',
      facts: { watching: { ...example, monitors: [seen({ paused: true })] } },
      subject: route('home'),
      expect: 'paused',
    },
    {
      name: 'its status alone',
      facts: { watching: { ...example, monitors: [seen({ asserts: false })] } },
      subject: route('home'),
      expect: 'status-only',
    },
    { name: 'nothing is seen', facts: { watching: nobody }, subject: route('home'), expect: 'skip' },
    {
      name: 'nothing is seen, and asked',
      facts: { watching: nobody },
      subject: route('home'),
      target: { sections: { monitor: { asked: true } } },
      expect: 'unknown',
    },
  ],
})
