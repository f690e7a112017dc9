// What takes the product away does not take the monitor with it, and somebody notices when the monitor itself stops.
import { defineCheck, high, medium, pass } from '../../core/check.ts'
import { fileEvidence, textEvidence } from '../../core/evidence.ts'
import { example, nobody, section } from '../../facts/monitor/watching.example.ts'
import type { Watching } from '../../facts/monitor/watching.ts'
import { signs } from '../../facts/repo/monitor-signs.example.ts'
import { isUnder } from '../../formats/monitor/seen.ts'
import { steps, watchTheWatcher } from './fixes.ts'
import { held, lookedThrough, unseen } from './seeing.ts'

type Data = { host: string }

const question = {
  id: 'monitor-independence',
  text: 'Where does the monitor run, and who notices when it stops?',
  answer: 'monitor.deadMan',
}
const shared = {
  product: example.places.product,
  dashboard: { host: 'watch.example.com', addresses: ['203.0.113.10'] },
  status: null,
}

/** Whether somebody outside would notice that our monitor stopped. */
const isWatchedItself = ({ section, monitors, places: { dashboard } }: Watching): boolean =>
  section?.deadMan === true ||
  monitors.some(
    ({ source, target }) => source !== 'launch-ready' && dashboard !== null && isUnder(target, dashboard.host),
  )

export default defineCheck<Data>()({
  id: 'monitor-independence',
  stage: 'monitor',
  on: 'domain',
  title: 'The monitor runs apart from the product, and is watched itself',
  why: 'A monitor on the host that it watches goes down with it and tells nobody; a monitor that stops looks like a product that is well. Seen by addresses that dashboard and product share, by a compose file that starts both, and by `monitor.deadMan`: a URL of an outside service that is asked for each minute.',
  impact: { journey: 'operate', owner: 'In the worst outage nobody is told, because the one who tells is down too.' },
  needs: ['watching'],
  wants: ['monitorSigns'],
  signals: { 'outages-from-customers': ['same-host', 'nobody-watches-monitor'] },
  outcomes: {
    'same-host': high('The monitor stands on the machine that it watches', ({ host }) =>
      steps(
        'Move the monitor to another machine and provider.',
        [
          `Run it apart from ${host}: the smallest server of another provider is enough; \`launch-ready monitor export fly\` or \`systemd\` writes what it needs.`,
          'Take its database and its dashboard along.',
        ],
        45,
      ),
    ),
    'nobody-watches-monitor': medium('Nobody notices when the monitor stops', watchTheWatcher, {
      why: 'When the monitor stops nothing is watched, and nobody is told.',
    }),
    independent: pass('The monitor runs apart from the product, and is watched'),
  },
  references: ['https://sre.google/sre-book/practical-alerting/'],
  judge({ watching, monitorSigns }, { target, subject }) {
    const hidden = unseen(watching, target, question, 'high')
    if (hidden) return hidden
    const { product, dashboard } = watching.places
    const data: Data = { host: product?.host ?? subject.name }
    const same = product && dashboard ? dashboard.addresses.filter(address => product.addresses.includes(address)) : []
    const beside = monitorSigns.ok ? monitorSigns.value.beside[0] : undefined
    const text = `${dashboard?.host} and ${product?.host} share ${same.join(', ')}`
    const found = [
      ...held(
        same.length > 0 && {
          outcome: 'same-host' as const,
          data,
          evidence: [textEvidence('addresses', text)],
          confidence: 'likely' as const,
        },
      ),
      ...held(
        !same.length &&
          beside && {
            outcome: 'same-host' as const,
            data,
            evidence: [fileEvidence(beside.file, beside.line, beside.text)],
            severity: 'medium' as const,
            confidence: 'possible' as const,
          },
      ),
      ...held(
        watching.section &&
          !isWatchedItself(watching) && {
            outcome: 'nobody-watches-monitor' as const,
            data,
            evidence: [textEvidence('config', 'monitor.deadMan is not set')],
          },
      ),
    ]
    return found.length ? found : { outcome: 'independent', data, evidence: [lookedThrough(watching)] }
  },
  examples: [
    { name: 'apart and watched', facts: {}, expect: 'independent' },
    { name: 'one address', facts: { watching: { ...example, places: shared } }, expect: 'same-host' },
    {
      name: 'one compose file',
      facts: {
        monitorSigns: signs({ beside: [{ file: 'compose.yml', line: 9, text: 'image: louislam/uptime-kuma:2' }] }),
      },
      expect: 'same-host',
    },
    { name: 'no dead man', facts: { watching: section({ deadMan: false }) }, expect: 'nobody-watches-monitor' },
    { name: 'nothing is seen', facts: { watching: nobody }, expect: 'skip' },
  ],
})
