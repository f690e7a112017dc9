// check_host() against the conformance suite, its answers handed over in memory; the same suite over UDP stands in spf-suite.full.test.ts.
import { describe, expect, test } from 'vitest'
import { evaluateSpf, type SpfLookup } from '../../../src/formats/spf/evaluate.ts'
import { type SuiteZone, suiteAnswer, suiteCases, suiteIsThere } from '../../support/spf-suite.ts'

const lookupIn =
  (zone: SuiteZone): SpfLookup =>
  async (name, type) => {
    const answer = suiteAnswer(zone, name, type)
    if (!answer) return { ok: false, message: 'no answer in time' }
    if (answer.loop) return { ok: false, message: 'CNAME loop' }
    const records = answer.records.filter(record => record.type === type)
    const texts =
      type === 'MX'
        ? records
            .map(record => record.data as [number, string])
            .sort((a, b) => a[0] - b[0])
            .map(([, host]) => host)
        : records.map(record => (Array.isArray(record.data) ? record.data.join('') : record.data))
    return { ok: true, status: !answer.exists ? 'NXDOMAIN' : texts.length ? 'NOERROR' : 'NODATA', records: texts }
  }

describe.skipIf(!suiteIsThere)('the RFC 7208 suite (skipped where ../shared/data is not there)', () => {
  const cases = suiteIsThere ? suiteCases() : []
  test('has its 203 cases', () => expect(cases).toHaveLength(203))
  test.each(cases.map(item => [item.scenario, item.name, item] as const))('%s: %s', async (_scenario, _name, item) => {
    const verdict = await evaluateSpf({ ip: item.host, sender: item.mailfrom, helo: item.helo }, lookupIn(item.zone))
    expect(item.results).toContain(verdict.result)
    if (item.explanation !== null && item.explanation !== 'DEFAULT' && verdict.result === 'fail')
      expect(verdict.explanation).toBe(item.explanation)
    if (item.explanation === 'DEFAULT') expect(verdict.explanation).toBeNull()
  })
})
