import { describe, expect, it } from 'vitest'
import { aggregateReader, type ReportRecord } from '../../../src/formats/dmarc/report.ts'

const read = (...parts: string[]) => {
  const records: ReportRecord[] = []
  const reader = aggregateReader(record => records.push(record))
  for (const part of parts) reader.write(part)
  return { ...reader.close(), found: records }
}

const record =
  '<record><row><source_ip>192.0.2.1</source_ip><count>3</count><policy_evaluated><disposition>None</disposition><dkim>pass</dkim><spf>fail</spf><reason><type>forwarded</type></reason></policy_evaluated></row><identifiers><header_from>Example.com.</header_from></identifiers><auth_results><dkim><domain>Example.com</domain><selector>S1</selector><result>pass</result></dkim><spf><domain>bounce.example.net</domain><result>fail</result></spf></auth_results></record>'
const head =
  '<report_metadata><org_name>receiver.example</org_name><report_id>7</report_id><date_range><begin>1700000000</begin><end>1700086399.5</end></date_range></report_metadata><policy_published><domain>EXAMPLE.com</domain><p>Reject</p></policy_published>'

describe('aggregateReader', () => {
  it('reads a report, however it is cut', () => {
    const text = `<feedback><version>1.0</version>${head}${record}</feedback>`
    const whole = read(text)
    expect(whole).toMatchObject({
      meta: {
        organization: 'receiver.example',
        id: '7',
        begin: 1_700_000_000,
        end: 1_700_086_399,
        domain: 'example.com',
        policy: 'reject',
        version: '1.0',
      },
      records: 1,
      faults: [],
      root: 'feedback',
    })
    expect(whole.found).toEqual([
      {
        source: '192.0.2.1',
        count: 3,
        disposition: 'none',
        dkim: true,
        spf: false,
        headerFrom: 'example.com',
        dkimSigned: [{ domain: 'example.com', selector: 's1', pass: true }],
        spfChecked: [{ domain: 'bounce.example.net', pass: false }],
        overrides: ['forwarded'],
      },
    ])
    expect(read(...text.match(/.{1,7}/gs)!).found).toEqual(whole.found)
  })
  it.each([
    [
      'a namespace',
      `<f:feedback xmlns:f="x"><f:record><f:row><f:source_ip>192.0.2.1</f:source_ip></f:row></f:record></f:feedback>`,
      1,
      0,
    ],
    ['no source', '<feedback><record><row><count>1</count></row></record></feedback>', 0, 0],
    ['names of objects', '<feedback><constructor><toString>x</toString></constructor></feedback>', 0, 0],
    ['broken', '<feedback><record>', 0, 1],
    ['too deep', `<feedback>${'<a>'.repeat(200)}${'</a>'.repeat(200)}</feedback>`, 0, 1],
  ])('%s', (_name, text, records, faults) => {
    const result = read(text)
    expect([result.records, Math.min(result.faults.length, 1)]).toEqual([records, faults])
  })
  it('a count that is no number counts nothing', () =>
    expect(read(`<feedback>${record.replace('<count>3', '<count>-3')}</feedback>`).found[0]?.count).toBe(0))
})
