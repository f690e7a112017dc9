// Every authoritative server has the same zone.
import { defineCheck, high, medium, type OutcomeHolds, pass, skip } from '../../core/check.ts'
import { textEvidence } from '../../core/evidence.ts'
import { twoServers } from '../../facts/dns/apex-views.example.ts'
import { ledTo } from '../../facts/dns/host-record-sets.example.ts'
import { apexAnswers, disagreement, hostAnswers, outdatedServers } from '../../formats/dns/zone-versions.ts'
import { type VersionData, versionFix } from './fixes.ts'

export default defineCheck<VersionData>()({
  id: 'zone-consistency',
  stage: 'dns',
  on: 'domain',
  title: 'Every name server has the same zone',
  why: 'Each authoritative server is asked for its serial, for the records at the apex and for the addresses of every host. A server that has an older zone gives an older answer to whoever happens to ask it, for hours or for ever.',
  impact: { journey: 'operate', owner: 'A change that you made reaches only a part of your customers.' },
  needs: ['apexViews'],
  wants: ['hostRecordSets'],
  outcomes: {
    'serial-differs': medium('The name servers have different versions of the zone', versionFix),
    'records-differ': high('The name servers give different {names} records', versionFix),
    consistent: pass('All name servers have the same zone'),
  },
  references: [
    'https://www.rfc-editor.org/rfc/rfc1034#section-4.3.5',
    'https://www.rfc-editor.org/rfc/rfc1912#section-2.2',
  ],
  judge: ({ apexViews: { zone, views }, hostRecordSets }) => {
    if (views.length < 2) return skip('only one name server answers')
    const old = outdatedServers(views)
    const behind = old.map(view => view.address)
    const found: OutcomeHolds<'serial-differs' | 'records-differ', VersionData>[] = []
    if (old.length)
      found.push({
        outcome: 'serial-differs',
        data: { zone, behind, names: [...new Set(old.map(view => view.server))] },
        evidence: views.map(view =>
          textEvidence(
            `${view.server} (${view.address})`,
            `serial ${view.serial ?? 'not given'}${view.primary ? `, primary ${view.primary}` : ''}`,
          ),
        ),
      })
    // Hosts whose answers change from one question to the next prove nothing.
    const hosts = (hostRecordSets.ok ? hostRecordSets.value : []).flatMap(({ host, records }) =>
      records.ok && !records.value.changing
        ? [{ what: host, suffix: '', answers: hostAnswers(records.value.views) }]
        : [],
    )
    const types = views[0]!.sets.map(({ type }) => ({
      what: type,
      suffix: ` ${type}`,
      answers: apexAnswers(views, type),
    }))
    for (const { what, suffix, answers } of [...types, ...hosts]) {
      const apart = disagreement(answers, behind)
      if (apart === null) continue
      const evidence = answers.map(each => textEvidence(`${each.server} (${each.address})${suffix}`, each.text))
      found.push({ outcome: 'records-differ', key: what, data: { zone, behind: apart, names: [what] }, evidence })
    }
    if (found.length) return found
    const evidence = views.map(view => textEvidence(view.server, `serial ${view.serial}`))
    return { outcome: 'consistent', data: { zone, behind: [], names: [] }, evidence }
  },
  examples: [
    { name: 'two servers, one zone', facts: {}, expect: 'consistent' },
    {
      name: 'one is a version behind',
      facts: { apexViews: twoServers([7, 6], ['10 mx', '10 mx']) },
      expect: 'serial-differs',
    },
    {
      name: 'they lead the app to different places',
      facts: { hostRecordSets: ledTo('192.0.2.80', '192.0.2.99') },
      expect: 'records-differ',
    },
  ],
})
