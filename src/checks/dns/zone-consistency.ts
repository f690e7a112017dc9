// Every authoritative server has the same zone.
import { defineCheck, type OutcomeHolds } from '../../core/check.ts'
import { observed } from '../../core/fact.ts'
import type { Fix } from '../../core/fix.ts'
import type { Facts } from '../../facts/index.generated.ts'

type Data = { zone: string; behind: string[]; names: string[] }

const fix = (data: Data): Fix => ({
  summary: `Bring the name servers of ${data.zone} to the same version`,
  steps: [
    'Find out why the zone is not transferred: the primary is not reached, refuses the transfer, or its serial was not raised.',
    'Raise the serial and let the servers transfer again; take a server of a former provider out of the delegation.',
  ],
  changes: data.behind.map(address => ({
    kind: 'setting',
    provider: 'name-server',
    path: address,
    value: { serves: data.zone },
  })),
  effortMinutes: 30,
})

type Holds = OutcomeHolds<'serial-differs' | 'records-differ', Data>

/** Whether the servers give different records of a type, and which of them are the odd ones. */
const recordsDiffer = (zone: string, type: string, views: Facts['apexViews']['views'], behind: string[]): Holds[] => {
  const seen = views.flatMap(view =>
    view.sets
      .filter(set => set.type === type && set.records !== null)
      .map(set => ({ view, text: set.records!.join(', ') || 'none' })),
  )
  if (new Set(seen.map(each => each.text)).size < 2) return []
  const votes = (text: string): number => seen.filter(each => each.text === text).length
  const common = seen.map(each => each.text).sort((a, b) => votes(b) - votes(a))[0]
  const odd = behind.length ? behind : seen.filter(each => each.text !== common).map(each => each.view.address)
  const evidence = seen.map(each => ({ label: `${each.view.server} (${each.view.address}) ${type}`, value: each.text }))
  return [{ outcome: 'records-differ', key: type, data: { zone, behind: odd, names: [type] }, evidence }]
}

/** Hosts of which the servers give different records; not those whose answers change from one question to the next. */
const hostsDiffer = (zone: string, sets: Facts['hostRecordSets'], behind: string[]): Holds[] =>
  sets.flatMap(({ host, records }): Holds[] => {
    if (!records.ok || records.value.changing) return []
    const seen = records.value.views
      .filter(view => view.status !== 'failed')
      .map(({ server, status, records: own }) => ({
        server,
        text: own.map(record => `${record.name} ${record.type} ${record.data}`).join(', ') || status,
      }))
    if (new Set(seen.map(each => each.text)).size < 2) return []
    const votes = (text: string): number => seen.filter(each => each.text === text).length
    const common = seen.map(each => each.text).sort((a, b) => votes(b) - votes(a))[0]
    const odd = behind.length ? behind : seen.filter(each => each.text !== common).map(each => each.server.address)
    const evidence = seen.map(each => ({ label: `${each.server.name} (${each.server.address})`, value: each.text }))
    return [{ outcome: 'records-differ', key: host, data: { zone, behind: odd, names: [host] }, evidence }]
  })

type View = Facts['apexViews']['views'][number]

/** Servers that have an older version than another one that keeps the copy of the same primary. */
const behindTheirs = (views: readonly View[]): View[] =>
  [...Map.groupBy(views, view => view.primary)].flatMap(([, group]) => {
    const serials = group.flatMap(view => (view.serial === null ? [] : [view.serial]))
    // RFC 1982: serials are compared on a circle; the newest is the one that no other is ahead of.
    const newest = serials.find(serial => serials.every(other => ((other - serial) | 0) <= 0)) ?? Math.max(...serials)
    return group.filter(view => view.serial !== null && view.serial !== newest)
  })

export default defineCheck<Data>()({
  id: 'zone-consistency',
  stage: 'dns',
  on: 'domain',
  title: 'Every name server has the same zone',
  why: 'Each authoritative server is asked for its serial, for the records at the apex and for the addresses of every host. A server that has an older zone gives an older answer to whoever happens to ask it, for hours or for ever.',
  impact: { journey: 'operate', owner: 'A change that you made reaches only a part of your customers.' },
  needs: ['apexViews'],
  wants: ['hostRecordSets'],
  outcomes: {
    'serial-differs': {
      status: 'fail',
      severity: 'medium',
      title: 'The name servers have different versions of the zone',
      fix,
    },
    'records-differ': {
      status: 'fail',
      severity: 'high',
      title: 'The name servers give different {names} records',
      fix,
    },
    consistent: { status: 'pass', title: 'All name servers have the same zone' },
  },
  references: [
    'https://www.rfc-editor.org/rfc/rfc1034#section-4.3.5',
    'https://www.rfc-editor.org/rfc/rfc1912#section-2.2',
  ],
  judge: ({ apexViews: { zone, views }, hostRecordSets }) => {
    if (views.length < 2) return { skip: 'only one name server answers' }
    const holds: Holds[] = []
    const old = behindTheirs(views)
    const behind = old.map(view => view.address)
    if (old.length)
      holds.push({
        outcome: 'serial-differs',
        data: { zone, behind, names: [...new Set(old.map(view => view.server))] },
        evidence: views.map(view => ({
          label: `${view.server} (${view.address})`,
          value: `serial ${view.serial ?? 'not given'}`,
        })),
      })
    holds.push(...views[0]!.sets.flatMap(set => recordsDiffer(zone, set.type, views, behind)))
    if (hostRecordSets.ok) holds.push(...hostsDiffer(zone, hostRecordSets.value, behind))
    return holds.length
      ? holds
      : {
          outcome: 'consistent',
          data: { zone, behind: [], names: [] },
          evidence: views.map(view => ({ label: view.server, value: `serial ${view.serial}` })),
        }
  },
  examples: [
    { name: 'two servers, one zone', facts: { apexViews: two([7, 7], ['10 mx', '10 mx']) }, expect: 'consistent' },
    {
      name: 'one is a version behind',
      facts: { apexViews: two([7, 6], ['10 mx', '10 mx']) },
      expect: 'serial-differs',
    },
    {
      name: 'they lead the app to different places',
      facts: {
        apexViews: two([7, 7], ['10 mx', '10 mx']),
        hostRecordSets: observed(appAt(['192.0.2.80', '192.0.2.99']), '2026-11-25T00:00:00Z'),
      },
      expect: 'records-differ',
    },
    {
      name: 'they name different mail servers',
      facts: { apexViews: two([7, 7], ['10 mx', '10 old']) },
      expect: 'records-differ',
    },
  ],
})

/** Two servers with these serials and MX records, for the examples. */
function two(serials: [number, number], mx: [string, string]) {
  return {
    zone: 'example.com',
    views: serials.map((serial, at) => ({
      server: `ns${at + 1}.example.com`,
      address: `192.0.2.${at + 1}`,
      serial,
      primary: 'ns1.example.com',
      sets: [{ type: 'MX', records: [mx[at]!] }],
    })),
  }
}

/** The app's address by two servers, for the examples. */
function appAt(addresses: [string, string]): Facts['hostRecordSets'] {
  const views = addresses.map((data, at) => ({
    server: { name: `ns${at + 1}.example.com`, address: `192.0.2.${at + 1}`, family: 4 as const },
    status: 'NOERROR' as const,
    records: [{ name: 'app.example.com', type: 'A' as const, ttl: 300, data }],
  }))
  const records = observed({ zone: 'example.com', views, delegatedTo: null, changing: false }, '2026-11-25T00:00:00Z')
  return [{ host: 'app.example.com', records }]
}
