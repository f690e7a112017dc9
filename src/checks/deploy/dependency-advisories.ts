// Locked packages that customers run have no known vulnerability that matters.
import { defineCheck, high, medium, pass, skip } from '../../core/check.ts'
import { fileEvidence, textEvidence } from '../../core/evidence.ts'
import type { Fix } from '../../core/fix.ts'
import { command, fix } from '../../core/fixes.ts'
import { raiseCommandOf } from '../../data/package-managers.ts'
import { advisories as known } from '../../facts/repo/advisories.example.ts'
import type { Advisory } from '../../facts/repo/advisories.ts'

type Data = { advisories: Advisory[]; count: number; names: string }

/** The command that raises a package, in the folder of its lock. */
const raise = ({ lock, package: name, fixed }: Advisory): string => {
  const at = lock.lastIndexOf('/')
  return `${at > 0 ? `cd ${lock.slice(0, at)} && ` : ''}${raiseCommandOf(lock.slice(at + 1), name, fixed)}`
}

const unrepaired = 'no repaired version yet: replace it, or see whether the faulty part is used'

const raiseAll = ({ advisories }: Data): Fix => {
  const packages = [...new Map(advisories.map(one => [`${one.lock}:${one.package}`, one])).values()]
  const shown = packages.slice(0, 12)
  const repaired = packages.filter(({ fixed }) => fixed !== null).slice(0, 12)
  return fix(
    'Raise the packages to the repaired versions.',
    repaired.map(one => command(raise(one))),
    [
      ...shown.map(one => `${one.package} ${one.version} → ${one.fixed ?? unrepaired}: \`${raise(one)}\``),
      'Run the tests, commit the lock.',
    ],
    15 + 10 * Math.min(6, packages.length),
  )
}

const inWords = ({ package: name, version, id, summary, fixed }: Advisory): string =>
  `${name} ${version}: ${id}${summary ? `, ${summary}` : ''}${fixed ? ` (repaired in ${fixed})` : ''}`

export default defineCheck<Data>()({
  id: 'dependency-advisories',
  stage: 'deploy',
  on: 'repo',
  title: 'Packages that customers run have no known serious vulnerability',
  why: 'Attackers read advisories too. The locked versions are held against OSV, which gathers those of GitHub, PyPA, RubySec, Packagist and Go; packages that only development installs are left out. Without network this is not judged.',
  impact: { journey: 'data', owner: 'A known hole in somebody else’s code is open in your product.' },
  needs: ['advisories'],
  signals: { 'data-exposed': ['critical'] },
  checklist: { section: 'build', order: 5, line: 'No known serious hole in the packages' },
  outcomes: {
    critical: high('Customers run packages with a critical hole: {names}', raiseAll),
    high: medium('Customers run packages with a serious hole: {names}', raiseAll),
    clean: pass('No known serious vulnerability in the locked packages'),
  },
  references: [
    'https://osv.dev/',
    'https://docs.github.com/code-security/dependabot/dependabot-alerts/about-dependabot-alerts',
  ],
  judge({ advisories: { packages, found, source, asked } }) {
    if (packages === 0) return skip('no lock file names packages that could be asked for')
    const serious = (['critical', 'high'] as const).flatMap(outcome => {
      const own = found.filter(({ severity }) => severity === outcome)
      if (own.length === 0) return []
      const names = [...new Set(own.map(one => one.package))]
      const data = { advisories: own, count: names.length, names: names.slice(0, 2).join(', ') }
      const evidence = own.slice(0, 8).map(one => fileEvidence(one.lock, one.line, inWords(one)))
      const rest = own.length > 8 ? [textEvidence('and', `${own.length - 8} more`)] : []
      return [{ outcome, data, evidence: [...evidence, ...rest] }]
    })
    if (serious.length) return serious
    const what = `${asked} of ${packages} packages asked for; ${found.length} lesser advisories`
    return { outcome: 'clean', data: { advisories: [], count: 0, names: '' }, evidence: [textEvidence(source, what)] }
  },
  examples: [
    { name: 'nothing known', facts: {}, expect: 'clean' },
    { name: 'critical', facts: { advisories: known({ severity: 'critical' }) }, expect: 'critical' },
    { name: 'high', facts: { advisories: known({}) }, expect: 'high' },
    { name: 'only moderate', facts: { advisories: known({ severity: 'moderate' }) }, expect: 'clean' },
  ],
})
