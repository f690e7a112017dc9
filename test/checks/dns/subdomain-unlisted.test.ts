// subdomain-unlisted: a test system that anybody may enter.
import subdomainUnlisted from '../../../src/checks/dns/subdomain-unlisted.ts'
import { foundBy } from '../../../src/facts/dns/found-names.example.ts'
import { itJudges } from '../../support/judge-example.ts'

const name = 'staging.example.com'
const stagingDoors = { doors: [{ name, state: 'open', said: `https://${name}/ → 200` }] }

itJudges(subdomainUnlisted, [
  ['a test system', 'staging-public', { facts: { foundNames: { names: [foundBy('common', name)] }, stagingDoors } }],
])
