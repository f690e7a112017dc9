// zone-consistency: servers that differ although none is a version behind.
import zoneConsistency from '../../../src/checks/dns/zone-consistency.ts'
import { twoServers } from '../../../src/facts/dns/apex-views.example.ts'
import { itJudges } from '../../support/judge-example.ts'

itJudges(zoneConsistency, [
  [
    'they name different mail servers',
    'records-differ',
    { facts: { apexViews: twoServers([7, 7], ['10 mx', '10 old']) } },
  ],
])
