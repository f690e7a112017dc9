// Source maps do not publish the product's sources.
import { defineCheck, medium, pass, unknown } from '../../core/check.ts'
import { httpEvidence, textEvidence } from '../../core/evidence.ts'
import type { Fix } from '../../core/fix.ts'
import { fix, setting } from '../../core/fixes.ts'
import { sourceMap, unread } from '../../facts/http/bundles.example.ts'
import { gapOf, readSummary } from '../../formats/bundle/reading.ts'

type Data = { host: string; count: number; own: number; paths: string[] }

const hide = ({ paths }: Data): Fix =>
  fix(
    'Keep source maps off the public server',
    paths.map(path => setting('web-server', path, { status: 404 })),
    [
      'Turn maps off for production or make them hidden: build.sourcemap: false or "hidden" (Vite), productionBrowserSourceMaps: false (Next.js), devtool: "hidden-source-map" (webpack).',
      'Give them to the error tracker alone, and delete the .map files before the deployment.',
      'Read once through what was public, for keys and for comments that strangers should not see.',
    ],
    20,
  )

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
    'with-sources': medium('Anyone can read {own} of your source files', hide),
    none: pass('No source map with sources is public'),
  },
  references: ['https://tc39.es/ecma426/', 'https://developer.mozilla.org/docs/Glossary/Source_map'],
  judge: ({ bundles }, { subject: { name: host } }) => {
    const { maps } = bundles
    if (maps.length) {
      const own = maps.reduce((sum, map) => sum + map.own, 0)
      const paths = maps.slice(0, 50).flatMap(map => {
        // A map inside its script has no address of its own.
        if (map.url === map.of || !URL.canParse(map.url)) return []
        const { hostname, pathname } = new URL(map.url)
        return [`${hostname}${pathname}`]
      })
      const evidence = maps
        .slice(0, 5)
        .map(map => httpEvidence(map.url, `${map.own} sources: ${map.sources.join(', ')}`))
      return { outcome: 'with-sources', data: { host, count: maps.length, own, paths }, evidence }
    }
    const gap = gapOf(bundles)
    if (gap) return unknown(gap, 'medium')
    return {
      outcome: 'none',
      data: { host, count: 0, own: 0, paths: [] },
      evidence: [textEvidence('read', readSummary(bundles))],
    }
  },
  examples: [
    { name: 'no map', facts: {}, expect: 'none' },
    { name: 'a map with sources', facts: { bundles: { maps: [sourceMap()] } }, expect: 'with-sources' },
    {
      name: 'a map inside the script',
      facts: { bundles: { maps: [sourceMap({ url: 'https://example.com/assets/app.js' })] } },
      expect: 'with-sources',
    },
    { name: 'a map that gave no answer', facts: { bundles: unread }, expect: 'unknown' },
  ],
})
