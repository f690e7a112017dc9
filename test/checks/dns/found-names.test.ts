// Every source of names shows the name that only it knows.
import { expect, test } from 'vitest'
import { startWorld } from '../../../src/lab/start.ts'
import { loadWorld } from '../../../src/lab/world.ts'
import { auditWorld } from '../../support/lab-audit.ts'

test('names of a log, of SPF, of a policy, of DMARC reports and over IPv6 alone are found; what forgers made up is not', async () => {
  const file = new URL('../../../fixtures/worlds/dns-transparency.yaml', import.meta.url).pathname
  const world = await startWorld(loadWorld(file))
  try {
    const { report } = await auditWorld(world, ['--only', 'subdomain-unlisted'])
    expect(
      report.findings.map(({ outcome, evidence }) => `${outcome} ${evidence[0]?.label} ${evidence[0]?.value}`).sort(),
    ).toEqual([
      'unlisted batch.coachdash.example found by another record',
      'unlisted beta.coachdash.example found by a usual label',
      'unlisted crm.coachdash.example found by DMARC reports',
      'unlisted ingest.coachdash.example found by a content security policy',
      'unlisted reporting-2019.coachdash.example found by certificate transparency',
    ])
  } finally {
    await world.close()
  }
})
