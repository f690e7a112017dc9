// No JavaScript library with a known hole is sent to browsers.
import { defineCheck } from '../../core/check.ts'
import { advisoriesOf } from '../../formats/bundle/library-versions.ts'
import { bundles, notRead, readEvidence } from './bundle-examples.ts'

type Data = { host: string; library: string; version: string; fixed: string; url: string; advisories: string[] }

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
    vulnerable: {
      status: 'fail',
      severity: 'medium',
      title: '{library} {version} has known security holes',
      fix: data => ({
        summary: data.fixed ? `Update ${data.library} to ${data.fixed} or later` : `Replace ${data.library}`,
        steps: [
          data.fixed
            ? `Update ${data.library} to ${data.fixed} or later, build, and try the pages that use it.`
            : `No version of ${data.library} mends this; move to something that is maintained.`,
          ...data.advisories,
        ],
        changes: [
          data.fixed && data.url.length > 0
            ? { kind: 'command', run: `npm install ${data.library}@^${data.fixed}` }
            : { kind: 'manual', step: `Replace ${data.library} ${data.version} in ${data.url}.` },
        ],
        effortMinutes: data.fixed ? 30 : 480,
      }),
    },
    'none-known': { status: 'pass', title: 'No library with a known hole is seen' },
  },
  references: ['https://github.com/advisories'],
  judge: ({ bundles: seen }, { subject }) => {
    const faults = seen.libraries.flatMap(found => {
      const rows = advisoriesOf(found)
      if (rows.length === 0) return []
      // The version that mends all of them; none where one is never mended.
      const fixes = rows.map(row => row.fixed)
      const fixed = fixes.includes(null)
        ? ''
        : (fixes as string[]).sort((a, b) => a.localeCompare(b, 'en', { numeric: true })).at(-1)!
      const advisories = rows.map(row => `https://github.com/advisories/${row.advisory}: ${row.what}`)
      return [
        {
          outcome: 'vulnerable' as const,
          data: { host: subject.name, ...found, fixed, advisories },
          evidence: [
            { label: found.url, value: `${found.library} ${found.version}` },
            ...rows.slice(0, 5).map(row => ({ label: row.advisory, value: row.what })),
          ],
          key: `${found.library} ${found.version}`,
        },
      ]
    })
    if (faults.length) return faults
    return (
      notRead(seen, 'medium') ?? {
        outcome: 'none-known',
        data: { host: subject.name, library: '', version: '', fixed: '', url: '', advisories: [] },
        evidence: [
          ...readEvidence(seen),
          ...seen.libraries.slice(0, 10).map(item => ({ label: item.url, value: `${item.library} ${item.version}` })),
        ],
      }
    )
  },
  examples: [
    {
      name: 'a current one',
      facts: {
        bundles: bundles({
          libraries: [{ library: 'jquery', version: '3.7.1', url: 'https://example.com/jquery.js' }],
        }),
      },
      expect: 'none-known',
    },
    {
      name: 'an old jQuery',
      facts: {
        bundles: bundles({
          libraries: [{ library: 'jquery', version: '3.4.1', url: 'https://example.com/jquery.js' }],
        }),
      },
      expect: 'vulnerable',
    },
    {
      name: 'AngularJS, which nobody mends any more',
      facts: {
        bundles: bundles({ libraries: [{ library: 'angular', version: '1.8.3', url: 'https://example.com/app.js' }] }),
      },
      expect: 'vulnerable',
    },
    {
      name: 'a script that gave no answer',
      facts: { bundles: bundles({ unread: [{ url: 'https://example.com/app.js', message: 'no answer' }] }) },
      expect: 'unknown',
    },
  ],
})
