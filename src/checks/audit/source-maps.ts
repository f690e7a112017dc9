// Source maps do not publish the product's sources.
import { defineCheck } from '../../core/check.ts'
import type { Fix } from '../../core/fix.ts'
import { bundles, notRead, readEvidence } from './bundle-examples.ts'

type Data = { host: string; count: number; own: number; paths: string[] }

const fix = (data: Data): Fix => ({
  summary: 'Keep source maps off the public server',
  steps: [
    'Turn maps off for production or make them hidden: build.sourcemap: false or "hidden" (Vite), productionBrowserSourceMaps: false (Next.js), devtool: "hidden-source-map" (webpack).',
    'Give them to the error tracker alone, and delete the .map files before the deployment.',
    'Read once through what was public, for keys and for comments that strangers should not see.',
  ],
  changes: data.paths.map(path => ({
    kind: 'setting' as const,
    provider: 'web-server',
    path,
    value: { status: 404 },
  })),
  effortMinutes: 20,
})

export default defineCheck<Data>()({
  id: 'source-maps',
  stage: 'audit',
  on: 'host',
  title: 'Source maps do not publish the product’s sources',
  why: 'A source map with sourcesContent holds the code as it was written, comments and all. Maps are looked for where scripts name them and under their usual name, and count only when they parse and hold sources that belong to no package.',
  impact: {
    journey: 'data',
    owner: 'Competitors and attackers can read the code of your product as your developers wrote it.',
  },
  needs: ['bundles'],
  outcomes: {
    'with-sources': { status: 'fail', severity: 'medium', title: 'Anyone can read {own} of your source files', fix },
    none: { status: 'pass', title: 'No source map with sources is public' },
  },
  references: ['https://tc39.es/ecma426/', 'https://developer.mozilla.org/docs/Glossary/Source_map'],
  judge: ({ bundles: seen }, { subject }) => {
    const { maps } = seen
    const own = maps.reduce((sum, map) => sum + map.own, 0)
    const paths = maps.slice(0, 50).flatMap(map => {
      // A map inside its script has no address of its own.
      if (map.url === map.of || !URL.canParse(map.url)) return []
      const { hostname, pathname } = new URL(map.url)
      return [`${hostname}${pathname}`]
    })
    if (maps.length)
      return {
        outcome: 'with-sources',
        data: { host: subject.name, count: maps.length, own, paths },
        evidence: maps
          .slice(0, 5)
          .map(map => ({ label: map.url, value: `${map.own} sources: ${map.sources.join(', ')}` })),
      }
    return (
      notRead(seen, 'medium') ?? {
        outcome: 'none',
        data: { host: subject.name, count: 0, own: 0, paths: [] },
        evidence: readEvidence(seen),
      }
    )
  },
  examples: [
    { name: 'no map', facts: { bundles: bundles() }, expect: 'none' },
    {
      name: 'a map with sources',
      facts: {
        bundles: bundles({
          maps: [
            {
              url: 'https://example.com/assets/app.js.map',
              of: 'https://example.com/assets/app.js',
              own: 42,
              sources: ['src/main.ts', 'src/billing.ts'],
            },
          ],
        }),
      },
      expect: 'with-sources',
    },
    {
      name: 'a map inside the script',
      facts: {
        bundles: bundles({
          maps: [
            {
              url: 'https://example.com/assets/app.js',
              of: 'https://example.com/assets/app.js',
              own: 3,
              sources: ['src/main.ts'],
            },
          ],
        }),
      },
      expect: 'with-sources',
    },
    {
      name: 'a map that gave no answer',
      facts: { bundles: bundles({ unread: [{ url: 'https://example.com/assets/app.js.map', message: 'no answer' }] }) },
      expect: 'unknown',
    },
  ],
})
