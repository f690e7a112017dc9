// Every place names the same version of the runtime, and that version still gets repairs.
import { defineCheck, type OutcomeHolds, skip } from '../../core/check.ts'
import { cycleOf, endOfLife, type Runtime, recommended } from '../../data/runtimes-eol.ts'
import type { VersionPin } from '../../formats/repo/version-pins.ts'
import {
  highest,
  type Interval,
  lowest,
  parseRange,
  parseVersion,
  rangesMeet,
} from '../../formats/repo/version-range.ts'
import { evidenceOf, filesIn, type Place } from './places.ts'

type Data = { places: Place[]; files: string; runtime: string; what: string; next: string; pin: string; image: string }

const labels: Readonly<Record<Runtime, string>> = {
  node: 'Node.js',
  python: 'Python',
  ruby: 'Ruby',
  php: 'PHP',
  go: 'Go',
}
const pinFiles: Readonly<Record<Runtime, string>> = {
  node: '.nvmrc',
  python: '.python-version',
  ruby: '.ruby-version',
  php: '.php-version',
  go: '.go-version',
}
const dialects = { node: 'npm', python: 'python', ruby: 'ruby', php: 'composer', go: 'go' } as const

/** `lts/jod` and the like, by their number. */
const codenames: Readonly<Record<string, string>> = {
  'lts/argon': '4',
  'lts/gallium': '16',
  'lts/hydrogen': '18',
  'lts/iron': '20',
  'lts/jod': '22',
  'lts/krypton': '24',
}

/** A pin widened to its release cycle: 22.11.0 and 22.12 are the same Node.js, 3.12.1 and 3.12 the same Python. Null when it names no version. */
const cycles = (runtime: Runtime, value: string, role: VersionPin['role']): Interval[] | null => {
  const text = codenames[value] ?? value
  const version = parseVersion(text.replace(/\.x$|\.\*$/g, ''))
  if (version && role === 'minimum')
    return [{ from: { ...version, patch: 0, pre: '' }, fromIncluded: true, below: null, belowIncluded: false }]
  if (version) {
    const wide = runtime === 'node' || !/\d\.\d/.test(text)
    const from = { major: version.major, minor: wide ? 0 : version.minor, patch: 0, pre: '' }
    const below = wide
      ? { major: version.major + 1, minor: 0, patch: 0, pre: '' }
      : { ...from, minor: version.minor + 1 }
    return [{ from, fromIncluded: true, below, belowIncluded: false }]
  }
  return parseRange(text, dialects[runtime])
}

/** The one release cycle that a pin leads to; null where it allows several. */
const cycleOfPin = (runtime: Runtime, pin: VersionPin): string | null => {
  if (pin.role === 'minimum' || pin.values.length !== 1) return null
  const range = cycles(runtime, pin.values[0]!, pin.role)
  const [from, to] = range ? [lowest(range), highest(range)] : [null, null]
  if (!from || !to) return null
  const last =
    to.patch > 0
      ? to
      : to.minor > 0
        ? { ...to, minor: to.minor - 1 }
        : { ...to, major: to.major - 1, minor: from.major === to.major - 1 ? from.minor : 0 }
  return cycleOf(runtime, from) === cycleOf(runtime, last) ? cycleOf(runtime, from) : null
}

const placesOf = (pins: readonly VersionPin[]): Place[] =>
  pins.map(({ file, line, values }) => ({ file, line, text: values.join(', ') }))
const pin = (file: string, value: string, role: VersionPin['role'] = 'pin'): VersionPin => ({
  runtime: 'node',
  file,
  line: 1,
  values: [value],
  role,
})

const dataOf = (runtime: Runtime, places: Place[], what: string): Data => ({
  places,
  files: filesIn(places),
  runtime: labels[runtime],
  what,
  next: recommended[runtime],
  pin: pinFiles[runtime],
  image: '',
})

/** Pins to a release cycle whose support ended before `now`. */
const pastEnd = (runtime: Runtime, pins: readonly VersionPin[], now: number) => {
  const dead = pins.filter(pin => {
    const end = endOfLife[runtime][cycleOfPin(runtime, pin) ?? '']
    return end !== undefined && Date.parse(end) < now
  })
  if (dead.length === 0) return []
  const cycle = cycleOfPin(runtime, dead[0]!)!
  const evidence = [...evidenceOf(placesOf(dead)), { label: 'end of support', value: endOfLife[runtime][cycle]! }]
  return [
    {
      outcome: 'end-of-life' as const,
      key: runtime,
      data: dataOf(runtime, placesOf(dead), `${labels[runtime]} ${cycle}`),
      evidence,
    },
  ]
}

type Readable = { one: VersionPin; range: Interval[] }

/** Pins that no version satisfies together. */
const apartFrom = (runtime: Runtime, readable: readonly Readable[]) => {
  const other = readable.find(({ range }, index) =>
    readable.some((second, at) => at > index && !rangesMeet(range, second.range)),
  )
  if (!other) return []
  const apart = readable
    .filter(second => second === other || !rangesMeet(other.range, second.range))
    .map(({ one }) => one)
  const what = apart
    .slice(0, 2)
    .map(({ file, values }) => `${values.join(', ')} (${file.slice(file.lastIndexOf('/') + 1)})`)
    .join(', ')
  return [
    {
      outcome: 'disagree' as const,
      key: runtime,
      data: dataOf(runtime, placesOf(apart), what),
      evidence: evidenceOf(placesOf(apart)),
    },
  ]
}

const unpinned = (runtime: Runtime, pins: readonly VersionPin[]) => {
  const looked = `${pinFiles[runtime]}, .tool-versions, mise.toml, manifests, Dockerfile, platform files`
  return [
    {
      outcome: 'unpinned' as const,
      key: runtime,
      data: dataOf(runtime, placesOf(pins), ''),
      evidence: pins.length ? evidenceOf(placesOf(pins)) : [{ label: 'looked for', value: looked }],
    },
  ]
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
  needs: ['runtimePins'],
  signals: ['deploys-by-hand'],
  checklist: { section: 'build', order: 4, line: 'Every place names the same runtime, and it still gets repairs' },
  outcomes: {
    'end-of-life': {
      status: 'fail',
      severity: 'high',
      title: '{what} gets no security repairs any more',
      fix: ({ places, runtime, next }) => ({
        summary: `Move to ${runtime} ${next}.`,
        steps: [
          ...places.slice(0, 8).map(({ file, line, text }) => `${file}:${line}: ${text} → ${next}`),
          'Run the tests with it before the deploy.',
        ],
        changes: places.map(({ file, line, text }) => ({
          kind: 'manual' as const,
          step: `${file}:${line}: ${text} → ${next}`,
        })),
        effortMinutes: 90,
      }),
    },
    disagree: {
      status: 'fail',
      severity: 'high',
      title: '{runtime} is named in different versions: {what}',
      fix: ({ places, pin: file }) => ({
        summary: 'Name one version everywhere, and take it from one file where that is possible.',
        steps: [
          `Decide for the version that production runs; write it into ${file}.`,
          ...places.slice(0, 8).map(({ file: at, line, text }) => `${at}:${line} says ${text}`),
          `In pipelines, read the file: \`node-version-file: ${file}\` (python-version-file, go-version-file alike).`,
        ],
        changes: places.map(({ file: at, line }) => ({
          kind: 'manual' as const,
          step: `${at}:${line}: name the version that production runs`,
        })),
        effortMinutes: 15,
      }),
    },
    unpinned: {
      status: 'fail',
      severity: 'medium',
      title: 'Nothing says which {runtime} production runs',
      fix: ({ runtime, next, pin: file }) => ({
        summary: `Name the version in ${file}.`,
        steps: [
          `Write the version that runs today into ${file} (${next} is today’s long-lived one).`,
          runtime === 'Node.js'
            ? `And \`"engines": { "node": "${next}.x" }\` in package.json: most platforms read it.`
            : 'Most platforms read it.',
        ],
        changes: [{ kind: 'file', path: file, action: 'write', content: `${next}\n` }],
        effortMinutes: 10,
      }),
    },
    agree: { status: 'pass', title: 'Every place names the same runtime version' },
  },
  references: [
    'https://github.com/nodejs/release#release-schedule',
    'https://devguide.python.org/versions/',
    'https://www.ruby-lang.org/en/downloads/branches/',
    'https://www.php.net/supported-versions.php',
    'https://go.dev/doc/devel/release',
  ],
  judge({ runtimePins: { pins, used } }, { now }) {
    if (used.length === 0) return skip('no program of Node.js, Python, Ruby, PHP or Go here')
    const holds = used.flatMap((runtime): OutcomeHolds<'end-of-life' | 'disagree' | 'unpinned', Data>[] => {
      const own = pins.filter(one => one.runtime === runtime)
      const readable = own
        .map(one => ({ one, range: one.values.flatMap(value => cycles(runtime, value, one.role) ?? []) }))
        .filter(({ range }) => range.length > 0)
      const found = [...pastEnd(runtime, own, now), ...apartFrom(runtime, readable)]
      const bounded = readable.some(
        ({ one, range }) => one.role !== 'pipeline' && (one.role === 'minimum' || highest(range) !== null),
      )
      return found.length || bounded ? found : unpinned(runtime, own)
    })
    if (holds.length) return holds
    return { outcome: 'agree', data: dataOf(used[0]!, placesOf(pins), ''), evidence: evidenceOf(placesOf(pins)) }
  },
  examples: [
    {
      name: 'the same everywhere',
      facts: {
        runtimePins: {
          used: ['node'],
          pins: [pin('.nvmrc', '24'), pin('package.json', '>=24 <25', 'range'), pin('Dockerfile', '24.3', 'image')],
        },
      },
      expect: 'agree',
    },
    {
      name: 'nothing',
      facts: { runtimePins: { used: ['node'], pins: [pin('package.json', '>=18', 'range')] } },
      expect: 'unpinned',
    },
    {
      name: 'two versions',
      facts: { runtimePins: { used: ['node'], pins: [pin('.nvmrc', '22'), pin('Dockerfile', '24', 'image')] } },
      expect: 'disagree',
    },
    {
      name: 'past its end',
      facts: { runtimePins: { used: ['node'], pins: [pin('.nvmrc', '18.20.4')] } },
      expect: 'end-of-life',
    },
  ],
})
