// Locked packages that customers run have no known vulnerability that matters.
import { defineCheck, skip } from '../../core/check.ts'
import type { Advisories, Advisory } from '../../facts/repo/advisories.ts'

type Data = { advisories: Advisory[]; count: number; names: string }

const packagesIn = (
  advisories: readonly Advisory[],
): { name: string; version: string; fixed: string | null; lock: string }[] => [
  ...new Map(
    advisories.map(one => [
      `${one.lock}:${one.package}`,
      { name: one.package, version: one.version, fixed: one.fixed, lock: one.lock },
    ]),
  ).values(),
]

/** The command that raises one package, by the lock it stands in. */
const raise = (lock: string, name: string, fixed: string | null): string => {
  const file = lock.slice(lock.lastIndexOf('/') + 1)
  const folder = lock.slice(0, Math.max(0, lock.lastIndexOf('/')))
  const commands: Readonly<Record<string, string>> = {
    'package-lock.json': `npm update ${name}`,
    'npm-shrinkwrap.json': `npm update ${name}`,
    'yarn.lock': `yarn up -R ${name}`,
    'pnpm-lock.yaml': `pnpm update --recursive ${name}`,
    'bun.lock': `bun update ${name}`,
    'Gemfile.lock': `bundle update --conservative ${name}`,
    'poetry.lock': `poetry update ${name}`,
    'uv.lock': `uv lock --upgrade-package ${name}`,
    'Pipfile.lock': `pipenv update ${name}`,
    'composer.lock': `composer update --with-dependencies ${name}`,
    'go.sum': `go get ${name}@v${fixed ?? 'latest'}`,
    'mix.lock': `mix deps.update ${name}`,
    'pdm.lock': `pdm update ${name}`,
    'Cargo.lock': `cargo update -p ${name}`,
  }
  return `${folder ? `cd ${folder} && ` : ''}${commands[file] ?? `npm update ${name}`}`
}

const fix = ({ advisories }: Data) => {
  const packages = packagesIn(advisories)
  return {
    summary: 'Raise the packages to the repaired versions.',
    steps: [
      ...packages
        .slice(0, 12)
        .map(
          ({ name, version, fixed, lock }) =>
            `${name} ${version} → ${fixed ?? 'no repaired version yet: replace it, or see whether the faulty part is used'}: \`${raise(lock, name, fixed)}\``,
        ),
      'Run the tests, commit the lock.',
    ],
    changes: packages
      .filter(({ fixed }) => fixed !== null)
      .slice(0, 12)
      .map(({ name, fixed, lock }) => ({ kind: 'command' as const, run: raise(lock, name, fixed) })),
    effortMinutes: 15 + 10 * Math.min(6, packages.length),
  }
}

const found = (...advisories: Partial<Advisory>[]): Advisories => ({
  asked: 80,
  packages: 80,
  source: 'https://api.osv.dev',
  left: [],
  found: advisories.map(one => ({
    id: 'GHSA-xxxx',
    aliases: [],
    severity: 'high',
    summary: 'Reads files',
    package: 'send',
    version: '0.17.1',
    fixed: '0.19.0',
    lock: 'package-lock.json',
    line: 80,
    development: null,
    ...one,
  })),
})

export default defineCheck<Data>()({
  id: 'dependency-advisories',
  stage: 'deploy',
  on: 'repo',
  title: 'Packages that customers run have no known serious vulnerability',
  why: 'Attackers read advisories too. The locked versions are held against OSV, which gathers those of GitHub, PyPA, RubySec, Packagist and Go; packages that only development installs are left out. Without network this is not judged.',
  impact: { journey: 'data', owner: 'A known hole in somebody else’s code is open in your product.' },
  needs: ['advisories'],
  checklist: { section: 'build', order: 5, line: 'No known serious hole in the packages' },
  outcomes: {
    critical: { status: 'fail', severity: 'high', title: 'Customers run packages with a critical hole: {names}', fix },
    high: { status: 'fail', severity: 'medium', title: 'Customers run packages with a serious hole: {names}', fix },
    clean: { status: 'pass', title: 'No known serious vulnerability in the locked packages' },
  },
  references: [
    'https://osv.dev/',
    'https://docs.github.com/code-security/dependabot/dependabot-alerts/about-dependabot-alerts',
  ],
  judge({ advisories }) {
    if (advisories.packages === 0) return skip('no lock file names packages that could be asked for')
    const holds = (['critical', 'high'] as const).flatMap(outcome => {
      const own = advisories.found.filter(({ severity }) => severity === outcome)
      if (own.length === 0) return []
      const names = [...new Set(own.map(one => one.package))]
      const evidence = own.slice(0, 8).map(one => ({
        label: `${one.lock}:${one.line}`,
        value: `${one.package} ${one.version}: ${one.id}${one.summary ? `, ${one.summary}` : ''}${one.fixed ? ` (repaired in ${one.fixed})` : ''}`,
      }))
      return [
        {
          outcome,
          data: { advisories: own, count: names.length, names: names.slice(0, 2).join(', ') },
          evidence: [...evidence, ...(own.length > 8 ? [{ label: 'and', value: `${own.length - 8} more` }] : [])],
        },
      ]
    })
    if (holds.length) return holds
    return {
      outcome: 'clean',
      data: { advisories: [], count: 0, names: '' },
      evidence: [
        {
          label: advisories.source,
          value: `${advisories.asked} of ${advisories.packages} packages asked for; ${advisories.found.length} lesser advisories`,
        },
      ],
    }
  },
  examples: [
    { name: 'nothing known', facts: { advisories: found() }, expect: 'clean' },
    { name: 'critical', facts: { advisories: found({ severity: 'critical' }) }, expect: 'critical' },
    { name: 'high', facts: { advisories: found({}) }, expect: 'high' },
    { name: 'only moderate', facts: { advisories: found({ severity: 'moderate' }) }, expect: 'clean' },
  ],
})
