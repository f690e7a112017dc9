// What to change in a build that is not the same each time: versions of the runtime, lock files, container images.
import type { Fix } from '../../core/fix.ts'
import { command, deleteFile, fix, manual, patchFile, writeFile } from '../../core/fixes.ts'
import { lockNameOf } from '../../data/package-managers.ts'
import { type Around, insertionPatch } from '../../formats/patch.ts'
import { addingLock, type LockGroup, writingLock } from '../../formats/repo/lock-faults.ts'
import type { Place } from '../../formats/workflow/seen.ts'
import { changesAt, fixAt, stepsAt } from './places.ts'

/** What `runtime-version` found; `next` is the version recommended today, `pin` the file that names it. */
export type RuntimeData = { places: Place[]; files: string; runtime: string; what: string; next: string; pin: string }

/** A newer version where support has ended, one version where there are several, a named one where there is none. */
export const runtimeFix = {
  'end-of-life': ({ places, runtime, next }: RuntimeData): Fix => {
    const raised = ({ text }: Place): string => `${text} → ${next}`
    const after = ['Run the tests with it before the deploy.']
    return fixAt(`Move to ${runtime} ${next}.`, places, raised, raised, { minutes: 90, after })
  },
  disagree: ({ places, pin: file }: RuntimeData): Fix =>
    fix(
      'Name one version everywhere, and take it from one file where that is possible.',
      changesAt(places, () => 'name the version that production runs'),
      [
        `Decide for the version that production runs; write it into ${file}.`,
        ...places.slice(0, 8).map(({ file: at, line, text }) => `${at}:${line} says ${text}`),
        `In pipelines, read the file: \`node-version-file: ${file}\` (python-version-file, go-version-file alike).`,
      ],
    ),
  unpinned: ({ runtime, next, pin: file }: RuntimeData): Fix => {
    const steps = [
      `Write the version that runs today into ${file} (${next} is today’s long-lived one).`,
      runtime === 'Node.js'
        ? `And \`"engines": { "node": "${next}.x" }\` in package.json: most platforms read it.`
        : 'Most platforms read it.',
    ]
    return fix(`Name the version in ${file}.`, [writeFile(file, `${next}\n`)], steps, 10)
  },
}

/** What `lockfile` found: a fault of `group`, and of `rest` as well. */
export type LockData = {
  manifest: string
  lock: string
  names: string
  count: number
  group: LockGroup
  rest: LockGroup[]
}

/** As many names as are asked for, and how many more there are. */
export const counted = (names: readonly string[], most: number): string =>
  names.slice(0, most).join(', ') + (names.length > most ? ` and ${names.length - most} more` : '')

/** The same in the manifests beyond the first. */
const elsewhere = (rest: readonly LockGroup[]): string[] => {
  const folders = rest.map(({ folder }) => folder || '.')
  return rest.length ? [`The same in ${counted(folders, 10)}; a workspace at the root needs one lock for all.`] : []
}

const writeLocks = ({ group, rest }: LockData): Fix => {
  const all = [group, ...rest]
  const keep =
    group.manager === 'pip'
      ? 'Install from requirements.lock.txt, or pin each line of requirements.txt with ==.'
      : `Commit ${lockNameOf(group.manager)} beside ${group.manifest}.`
  const steps = [`Run \`${writingLock(group)}\` with the versions that work today.`, keep, ...elsewhere(rest)]
  const commands = [...all.map(writingLock), ...all.map(addingLock)]
  return fix('Write the lock file and commit it.', commands.map(command), steps)
}

/** One lock, in git, as its manifest says. */
export const lockFix = {
  missing: writeLocks,
  ignored: ({ group, lock }: LockData): Fix => {
    const by = group.ignoredBy
    return fix(
      `Let git keep ${lock}.`,
      [
        ...(by ? [command(`sed -i '${by.line}d' ${by.file}`)] : []),
        ...(group.locks.length === 0 ? [command(writingLock(group))] : []),
        command(`git add ${lock}`),
      ],
      [...(by ? [`Remove the line \`${by.text}\` from ${by.file} (line ${by.line}).`] : []), `Commit ${lock}.`],
      5,
    )
  },
  several: ({ group: { locks } }: LockData): Fix => {
    const [kept = '', ...others] = locks.map(({ file }) => file)
    const steps = [
      `Decide which package manager installs in production (${kept} is kept below).`,
      `Delete ${others.join(', ')}.`,
    ]
    return fix(
      `Keep the lock of the package manager that deploys, delete the others.`,
      others.map(deleteFile),
      steps,
      10,
    )
  },
  'out-of-date': ({ group, lock }: LockData): Fix => {
    const steps = [`Run \`${writingLock(group)}\`.`, `Run the tests, then commit ${lock}.`]
    return fix(`Bring ${lock} up to date and commit it.`, [command(writingLock(group))], steps, 10)
  },
}

/** What `container` found. */
export type ImageData = {
  places: Place[]
  files: string
  names: string
  /** By file: where a line before the start belongs. */
  around: Record<string, Around | null>
}

const healthcheck = 'HEALTHCHECK --interval=30s --timeout=3s CMD wget -qO- http://127.0.0.1:3000/health || exit 1'
const ignored = '.git\n.env\n.env.*\n!.env.example\nnode_modules\n**/*.log\n.DS_Store\ncoverage\n'
/** Images of Node.js, Bun and Deno bring a user, distroless ones one without a shell; others get one that may write its folder alone. */
const userLines = ({ text }: Place): string[] => {
  const base = text.slice(text.lastIndexOf(' ') + 1)
  if (/(?:^|\/)node(?:[:@]|$)/.test(base)) return ['USER node']
  if (/(?:^|\/)bun(?:[:@]|$)/.test(base)) return ['USER bun']
  if (/(?:^|\/)deno(?:[:@]|$)/.test(base)) return ['USER deno']
  if (base.includes('distroless')) return ['USER nonroot']
  const add = /alpine/.test(base) ? 'adduser -S -u 1001 app' : 'useradd --system --uid 1001 app'
  return [`RUN ${add} && chown -R app .`, 'USER app']
}
const takeOut = ({ text }: Place): string => {
  const id = (/(?<!\w)\w+$/.exec(text)?.[0] ?? 'token').toLowerCase()
  return `remove ${text}; give it at run time as an environment variable of the platform, or for a build step as \`RUN --mount=type=secret,id=${id} …\`.`
}

/** Secrets and root go out of the image; a version, an ignore file and a health check come in. */
export const imageFix = {
  'secrets-in-image': ({ places }: ImageData): Fix =>
    fix(
      'Take the secrets out of the image, then rotate them.',
      [manual('Rotate the secrets that images already hold.')],
      [...stepsAt(places, takeOut), 'Rotate every secret that was in a published image.'],
      45,
    ),
  'mutable-base': ({ places }: ImageData): Fix =>
    fixAt(
      'Name the version of the base image.',
      places,
      ({ text }) => `give ${text} a version`,
      ({ text }) =>
        `write the version that runs today behind \`${text.replace(/:.*$/, '')}:\` (see it with \`docker image inspect ${text}\`), best with its digest: \`name:version@sha256:…\`.`,
      { minutes: 10 },
    ),
  root: ({ places, around }: ImageData): Fix => {
    const words = (place: Place) => `before CMD, add \`${userLines(place).join('` and `')}\`.`
    const changes = places.map(place => {
      const at = around[place.file]
      return at
        ? patchFile(place.file, insertionPatch(place.file, at, userLines(place)))
        : manual(`${place.file}:${place.line}: ${words(place)}`)
    })
    return fix('Run as a user without rights.', changes, [
      ...stepsAt(places, words),
      'Build the image and start it: what it writes outside of its folder now needs a place of its own.',
    ])
  },
  'no-dockerignore': ({ places }: ImageData): Fix => {
    const steps = ['Put this .dockerignore beside the Dockerfile’s context.', ...stepsAt(places, ({ text }) => text)]
    return fix('Write a .dockerignore.', [writeFile('.dockerignore', ignored)], steps, 5)
  },
  'no-healthcheck': ({ places }: ImageData): Fix => {
    // Port and path are the program's own: a guess would have a sound container restarted.
    const words = () => `add \`${healthcheck}\` with your port and path, or the health check of the platform.`
    return fixAt('Let the platform ask whether the program answers.', places, words, words, { minutes: 10 })
  },
}
