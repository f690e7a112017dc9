// Customers can look up whether it is down for everybody.
import { defineCheck, low, pass } from '../../core/check.ts'
import { textEvidence } from '../../core/evidence.ts'
import { example, nobody } from '../../facts/monitor/watching.example.ts'
import { publishStatus, steps } from './fixes.ts'
import { lookedThrough, unseen } from './seeing.ts'

/** `board`: the host of the monitor’s own dashboard, where it stands apart from the product. */
type Data = { host: string; domain: string; board?: string | undefined }

const question = {
  id: 'status-page',
  text: 'Where do customers look when the product is down?',
  answer: 'hosts.status',
}
const { product, dashboard } = example.places

export default defineCheck<Data>()({
  id: 'status-page',
  stage: 'monitor',
  on: 'domain',
  title: 'Customers can look up whether the product is down',
  why: 'During an outage a page that says "we know, since 10:04" saves an hour of mails. On the product’s own machine it is down with it. Looked for: the host `status` of the config, status.<domain>, and the pages of Upptime and Uptime Kuma.',
  impact: { journey: 'trust', owner: 'Customers write to you one by one to ask whether it is only them.' },
  needs: ['watching'],
  outcomes: {
    none: low('There is no status page', publishStatus),
    'same-host': low(
      'The status page {host} stands where the product stands',
      ({ host }) =>
        steps(
          'Serve it from elsewhere.',
          [
            `Serve ${host} from static files of another provider (\`launch-ready monitor dashboard --out site\`), or from the machine of the monitor.`,
          ],
          30,
        ),
      { why: 'When the product is down, so is the page that would say so.' },
    ),
    present: pass('Customers find the status at {host}'),
  },
  references: ['https://www.atlassian.com/incident-management/incident-communication'],
  judge({ watching }, { target, subject: { name: domain } }) {
    const { status, product: app } = watching.places
    const page = watching.tools.find(({ statusPage }) => statusPage !== null)
    const host = status?.host ?? page?.statusPage ?? ''
    const shared = (place: typeof app): string[] =>
      place && app ? place.addresses.filter(address => app.addresses.includes(address)) : []
    const same = shared(status)
    if (same.length && status)
      return {
        outcome: 'same-host',
        data: { host, domain },
        evidence: [textEvidence('addresses', `${status.host} and ${app!.host} share ${same.join(', ')}`)],
        confidence: 'possible',
      }
    if (host) return { outcome: 'present', data: { host, domain }, evidence: [textEvidence('status page', host)] }
    const board = shared(watching.places.dashboard).length ? undefined : watching.places.dashboard?.host
    const hidden = unseen(watching, target, question, 'low')
    return (
      hidden ?? {
        outcome: 'none',
        data: { host, domain, board },
        evidence: [lookedThrough(watching)],
        confidence: 'likely',
      }
    )
  },
  examples: [
    { name: 'present', facts: {}, expect: 'present' },
    { name: 'none', facts: { watching: { ...example, places: { product, dashboard, status: null } } }, expect: 'none' },
    {
      name: 'with the product',
      facts: {
        watching: {
          ...example,
          places: { product, dashboard, status: { host: 'status.example.com', addresses: ['203.0.113.10'] } },
        },
      },
      expect: 'same-host',
    },
    { name: 'nothing is seen', facts: { watching: nobody }, expect: 'skip' },
  ],
})
