// Every place names the same version of the runtime, and that version still gets repairs.
import { defineCheck, high, medium, type OutcomeHolds, pass, skip } from '../../core/check.ts'
import { textEvidence } from '../../core/evidence.ts'
import { deployedBy } from '../../core/target.ts'
import { type Runtime, recommended, runtimeLabels, runtimePinFiles } from '../../data/runtimes-eol.ts'
import { pin } from '../../facts/repo/runtime-pins.example.ts'
import { type Production, productionOf } from '../../formats/repo/production.ts'
import {
  disagreeing,
  isBounded,
  isOfLaptops,
  isOfPipelines,
  isOverruled,
  isShipped,
  isShownToRun,
  pastSupport,
} from '../../formats/repo/runtime-cycles.ts'
import type { VersionPin } from '../../formats/repo/version-pins.ts'
import type { Place } from '../../formats/workflow/seen.ts'
import { type RuntimeData as Data, runtimeFix } from './build-fixes.ts'
import { assuming, evidenceOf, filesIn, unshown } from './places.ts'

type Found = OutcomeHolds<'end-of-life' | 'disagree' | 'unpinned', Data>

const placesOf = (pins: readonly VersionPin[]): Place[] =>
  pins.map(({ file, line, values }) => ({ file, line, text: values.join(', ') }))

const dataOf = (runtime: Runtime, pins: readonly VersionPin[], what: string): Data => ({
  places: placesOf(pins),
  files: filesIn(placesOf(pins)),
  runtime: runtimeLabels[runtime],
  what,
  next: recommended[runtime],
  pin: runtimePinFiles[runtime],
})

const named = ({ file, values }: VersionPin): string =>
  `${values.join(', ')} (${file.slice(file.lastIndexOf('/') + 1)})`

/**
 * What is not shown of the version that a finding tells: a build of its image; or, where others run the product, that anything of it is
 * shipped with that version. Null where both are.
 */
const missing = (told: readonly VersionPin[], isBuilt: boolean, production: Production): string | null => {
  if (!isBuilt) return 'a build of that image'
  return production === 'others' && !told.some(isShipped) ? unshown.others : null
}

/** What is wrong with the pins of one runtime. */
const found = (
  runtime: Runtime,
  pins: readonly VersionPin[],
  now: number,
  production: Production,
  onlyBuilds: boolean,
): Found[] => {
  const past = pastSupport(runtime, pins, now)
  const apart = disagreeing(runtime, pins)
  const findings: Found[] = []
  // A version past its support that disagrees with the others is one cause: it is told once, by what is worse.
  const isOne = past?.pins.some(one => apart.includes(one)) === true
  const isWorse = past !== null && !isOfPipelines(past.pins) && !isOverruled(past.pins, pins)
  if (past && !(isOne && !isWorse)) {
    const pinned = isOne ? [...past.pins, ...apart.filter(one => !past.pins.includes(one))] : past.pins
    const data = dataOf(runtime, pinned, `${runtimeLabels[runtime]} ${past.cycle}`)
    const evidence = [...evidenceOf(data.places), textEvidence('end of support', past.end)]
    // Where something else says what production runs, an old version in a pipeline is only an old pipeline.
    const others = pins.filter(one => !past.pins.includes(one))
    const isKnown = isBounded(runtime, others)
    // What only builds pages answers nobody.
    const built = onlyBuilds ? ('medium' as const) : undefined
    const severity = isOfPipelines(past.pins) ? (isKnown ? ('low' as const) : ('medium' as const)) : built
    const found = { outcome: 'end-of-life' as const, key: runtime, data, evidence, ...(severity && { severity }) }
    const not = missing(past.pins, isShownToRun(past.pins, pins), production)
    findings.push(not === null ? found : assuming(found, not))
  }
  if (apart.length && !(isOne && isWorse)) {
    const other = apart.find(one => one.values.join() !== apart[0]!.values.join()) ?? apart[1]!
    const data = dataOf(runtime, apart, [apart[0]!, other].map(named).join(', '))
    const found = { outcome: 'disagree' as const, key: runtime, data, evidence: evidenceOf(data.places) }
    const not = isOfLaptops(apart)
      ? 'that production runs what the version file names'
      : missing(apart, !apart.some(one => one.unbuilt), production)
    findings.push(not === null ? found : assuming(found, not))
  }
  if (findings.length || isBounded(runtime, pins) || (onlyBuilds && pins.length > 0)) return findings
  const looked = `${runtimePinFiles[runtime]}, .tool-versions, mise.toml, manifests, Dockerfile, platform files`
  const evidence = pins.length ? evidenceOf(placesOf(pins)) : [textEvidence('looked for', looked)]
  return [{ outcome: 'unpinned', key: runtime, data: dataOf(runtime, pins, ''), evidence }]
}

export default defineCheck<Data>()({
  id: 'runtime-version',
  stage: 'deploy',
  on: 'repo',
  title: 'Every place names the same runtime version, and it still gets repairs',
  why: 'When the developer’s machine, the pipeline and production run different versions, tests prove little; where none is named, the platform changes it on a day of its own choosing. Past its end of life a runtime gets no security repairs. Read from version files, manifests, images, pipelines and platform files; compared by release cycle, not by patch.',
  impact: {
    journey: 'operate',
    owner: 'The product can stop working on a day when nobody changed it, or stay open to a known attack.',
  },
  needs: ['runtimePins', 'pipelines', 'deployment'],
  signals: ['deploys-by-hand'],
  checklist: { section: 'build', order: 4, line: 'Every place names the same runtime, and it still gets repairs' },
  outcomes: {
    'end-of-life': high('{what} gets no security repairs any more', runtimeFix['end-of-life'], {
      why: 'Holes that become known stay open.',
    }),
    disagree: high('{runtime} is named in different versions: {what}', runtimeFix.disagree, {
      why: 'What was tested is not what runs.',
    }),
    unpinned: medium('Nothing says which {runtime} production runs', runtimeFix.unpinned, {
      why: 'The platform changes it on a day of its own choosing, and the product may stop working.',
    }),
    agree: pass('Every place names the same runtime version'),
  },
  references: [
    'https://github.com/nodejs/release#release-schedule',
    'https://devguide.python.org/versions/',
    'https://www.ruby-lang.org/en/downloads/branches/',
    'https://www.php.net/supported-versions.php',
    'https://go.dev/doc/devel/release',
  ],
  judge({ runtimePins: { pins, used, builds }, ...shipping }, { now, target }) {
    const production = productionOf(shipping, deployedBy(target))
    const first = used[0]
    if (!first) return skip('no program of Node.js, Python, Ruby, PHP or Go here')
    const all = used.flatMap(runtime =>
      found(
        runtime,
        pins.filter(one => one.runtime === runtime),
        now,
        production,
        builds?.includes(runtime) === true,
      ),
    )
    return all.length ? all : { outcome: 'agree', data: dataOf(first, pins, ''), evidence: evidenceOf(placesOf(pins)) }
  },
  examples: [
    { name: 'the same everywhere', facts: {}, expect: 'agree' },
    { name: 'nothing', facts: { runtimePins: { pins: [pin('package.json', '>=18', 'range')] } }, expect: 'unpinned' },
    {
      name: 'two versions',
      facts: { runtimePins: { pins: [pin('.nvmrc', '22'), pin('Dockerfile', '24', 'image')] } },
      expect: 'disagree',
    },
    { name: 'past its end', facts: { runtimePins: { pins: [pin('.nvmrc', '18.20.4')] } }, expect: 'end-of-life' },
  ],
})
