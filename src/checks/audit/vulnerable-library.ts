// No JavaScript library with a known hole is sent to browsers.
import { defineCheck, medium, pass, unknown } from '../../core/check.ts'
import { httpEvidence, textEvidence } from '../../core/evidence.ts'
import { advisoriesOf, fixedInAll } from '../../formats/bundle/library-versions.ts'
import { gapOf, readSummary } from '../../formats/bundle/reading.ts'
import { type LibraryData, updateLibrary } from './page-fixes.ts'

type Data = LibraryData & { host: string }

export default defineCheck<Data>()({
  id: 'vulnerable-library',
  stage: 'audit',
  on: 'host',
  title: 'No script library with a known hole is sent to browsers',
  why: 'Libraries are told by their banners, by markers in the code and by the addresses of public CDNs, and compared with a dated table of published advisories. Being old is no fault, and a library of which no version can be told is not one either.',
  impact: {
    journey: 'data',
    owner: 'A published trick may let a stranger run code in your customers’ browsers, or on your server.',
  },
  needs: ['bundles'],
  outcomes: {
    vulnerable: medium('{library} {version} has known security holes', updateLibrary),
    'none-known': pass('No library with a known hole is seen'),
  },
  references: ['https://github.com/advisories'],
  judge: ({ bundles }, { subject: { name: host } }) => {
    const faults = bundles.libraries.flatMap(found => {
      const rows = advisoriesOf(found)
      if (rows.length === 0) return []
      const advisories = rows.map(row => `https://github.com/advisories/${row.advisory}: ${row.what}`)
      return [
        {
          outcome: 'vulnerable' as const,
          data: { host, ...found, fixed: fixedInAll(rows) ?? '', advisories },
          evidence: [
            httpEvidence(found.url, `${found.library} ${found.version}`),
            ...rows.slice(0, 5).map(row => textEvidence(row.advisory, row.what)),
          ],
          key: `${found.library} ${found.version}`,
        },
      ]
    })
    if (faults.length) return faults
    const gap = gapOf(bundles)
    if (gap) return unknown(gap, 'medium')
    return {
      outcome: 'none-known',
      data: { host, library: '', version: '', fixed: '', url: '', advisories: [] },
      evidence: [
        textEvidence('read', readSummary(bundles)),
        ...bundles.libraries.slice(0, 10).map(item => httpEvidence(item.url, `${item.library} ${item.version}`)),
      ],
    }
  },
  examples: [
    {
      name: 'a current one',
      facts: {
        bundles: { libraries: [{ library: 'jquery', version: '3.7.1', url: 'https://example.com/jquery.js' }] },
      },
      expect: 'none-known',
    },
    {
      name: 'an old jQuery',
      facts: {
        bundles: { libraries: [{ library: 'jquery', version: '3.4.1', url: 'https://example.com/jquery.js' }] },
      },
      expect: 'vulnerable',
    },
  ],
})
