// What to do about builds, tests, deploys and releases, in words and data: shared by the checks of the way to production.
import type { Fix } from '../../core/fix.ts'
import { command, fix, manual, patchOr, writeFile } from '../../core/fixes.ts'
import type { CiSystem } from '../../data/ci-systems.ts'
import { frameworks } from '../../data/frameworks.ts'
import { rollbackWays } from '../../data/platforms.ts'
import { rollbackDocument } from '../../formats/repo/rollback-document.ts'
import type { Language } from '../../formats/repo/stack-detect.ts'
import { starterWorkflow, testCommand } from '../../formats/workflow/starter.ts'
import { changesAt, fixAt, type Mendable, type Place, stepsAt } from './places.ts'

/** Places of one kind, and their files in words. */
export type InFiles = { places: Place[]; files: string }

/** The pipeline that tests the code, or should. */
export type Tested = {
  places: Place[]
  file: string
  branch: string
  language: Language | null
  patch?: string | null
  /** There are tests, and whatever they say the pipeline goes on. */
  ignored?: true
}

/** No pipeline at all. */
export const addWorkflow = ({ language, branch }: Tested): Fix =>
  fix(
    'Add a workflow that runs the tests.',
    [writeFile('.github/workflows/ci.yml', starterWorkflow(language, branch))],
    ['Commit this file.', 'Protect the main branch so that it has to be green before a merge.'],
    30,
  )

/** A pipeline without tests, or that goes on when they fail. */
export const runTests = ({ language, file, patch, places, ignored }: Tested): Fix =>
  ignored ? heedTests(places) : addTests({ language, file, patch })

const heedTests = (places: readonly Place[]): Fix =>
  fix(
    'Let the tests stop a change.',
    places.map(({ file, line, text }) => manual(`${file}:${line}: \`${text}\` must be able to fail`)),
    ['Take out `|| true`, continue-on-error and allow_failure.', 'Push a test that fails, and see the pipeline stop.'],
    15,
  )

const addTests = ({ language, file, patch }: Pick<Tested, 'language' | 'file' | 'patch'>): Fix =>
  fix(
    'Run the tests in the pipeline.',
    [patchOr(file, patch, `${file}: add the step \`run: ${testCommand(language)}\``)],
    [`Add a step \`${testCommand(language)}\` to a job of ${file} that later jobs need.`],
    30,
  )

/** Tests that run at other times only. */
export const testOnMain = ({ file, branch }: Tested): Fix =>
  fix(
    `Run the tests on ${branch} and on pull requests.`,
    [manual(`${file}: trigger on pushes to ${branch} and on pull requests`)],
    [`In ${file}, write \`on: { push: { branches: [${branch}] }, pull_request: {} }\`.`],
    10,
  )

/** An install, and the command that takes exactly what is locked instead. */
export type Install = Mendable & { frozen: boolean; instead: string }

/** Installs that may rewrite the lock. */
export const installFrozen = ({ places }: { places: Install[] }): Fix =>
  fix(
    'Install from the lock alone.',
    changesAt(places, ({ text, instead }) => `${text} → ${instead}`),
    stepsAt(places, ({ text, instead }) => `write \`${instead}\` instead of \`${text}\`.`),
    10,
  )

/** An app of a framework: its command for production, and the folder that it stands in (with its slash, or empty). */
export type Built = InFiles & { framework: string; command: string; folder: string; patch?: string | null }

/** No command makes or starts it. */
export const writeDown = ({ framework, command: run, folder }: Built): Fix => {
  const isBuilt = frameworks[framework]?.build !== undefined
  const prefix = folder ? ` --prefix ${folder.slice(0, -1)}` : ''
  const change = isBuilt
    ? command(`npm pkg set scripts.build="${run}"${prefix}`)
    : writeFile(`${folder}Procfile`, `web: ${run}\n`)
  const step = isBuilt
    ? `Add \`"build": "${run}"\` to the scripts of ${folder}package.json.`
    : `Write a Procfile or a Dockerfile whose command is \`${run}\`.`
  const summary = 'Write the command down where the platform finds it.'
  return fix(summary, [change], [step, 'Run it once on a fresh clone.'], 30)
}

/** A development server where customers are. */
export const startBuilt = ({ places }: Built): Fix => {
  const instead = ({ text }: Place): string => text
  return fixAt('Start the built program.', places, instead, instead, { minutes: 30 })
}

/** A pipeline that never builds it. */
export const buildInPipeline = ({ command: run, files, places, patch }: Built): Fix => {
  const steps = [`Add the step \`${run}\` behind the tests in ${files}.`]
  const change = patchOr(places[0]?.file ?? '', patch, `${files}: add the step \`run: ${run}\``)
  return fix('Build in the pipeline.', [change], steps, 10)
}

/** Jobs that deploy, or scripts that do; how the system of the pipeline writes what they need. */
export type Deployed = InFiles & {
  /** `lacks`: the keys to add to the job. */
  places: (Mendable & { lacks?: string[] })[]
  system: CiSystem
  /** Who comes to the production secrets, and how. */
  what: string
}

/** Nobody but a person deploys. */
export const deployByPipeline = ({ places }: Deployed): Fix =>
  fix(
    'Let the pipeline deploy the main branch after the tests.',
    [manual('Add a deploy job that needs the tests, or connect the platform to the repository.')],
    [
      'Connect the repository to its platform, or add a deploy job that needs the test job.',
      ...stepsAt(places, ({ text }) => `${text} can become that job.`),
      'If a platform already deploys what is pushed, say so in the config: `deploy: { by: <platform> }`.',
    ],
    120,
  )

/** A deploy that does not wait for tests. */
export const waitForTests = ({ places, system }: Deployed): Fix =>
  fixAt(
    'Deploy only after the tests have passed.',
    places,
    () => 'make the deploy need the test job',
    ({ text }) => `\`${text}\` has to wait: ${system.waits}.`,
    { minutes: 20 },
  )

/** Deploys that can overlap. */
export const oneAtATime = ({ places, system: { guard } }: Deployed): Fix =>
  fixAt(
    'Let one deploy run at a time.',
    places,
    () => `add ${guard}`,
    () => `add \`${guard}\` to the job.`,
    { minutes: 5 },
  )

/** Production secrets that every branch's jobs can use. */
export const nameEnvironment = ({ places, system }: Deployed): Fix =>
  fixAt(
    'Deploy what the main branch holds, from an environment with its own secrets.',
    places,
    ({ lacks }) => `add ${(lacks ?? [system.environment]).join(' and ')}`,
    ({ lacks }) => `add ${(lacks ?? [system.environment]).map(key => `\`${key}\``).join(' and ')} to the job.`,
    { after: ['Move the production secrets into that environment and limit it to the main branch.'] },
  )

/** `way` is a key of `rollbackWays`, or empty. */
export type Released = InFiles & { way: string }

const documentOf = (way: string): string =>
  rollbackDocument(rollbackWays[way] ?? { steps: ['Start the release before this one.'], limits: '' })

const untagged = ({ text }: Place): string => text.replace(/:[^:/]*$/, '')

/** No release is kept. */
export const keepReleases = (): Fix =>
  fix(
    'Keep every release, and write down how to start the one before.',
    [command('launch-ready deploy --out launch-ready')],
    [
      'Tag every image or archive with its commit and keep the last ten.',
      'Run `launch-ready deploy --out launch-ready` and keep its rollback.md in the repository.',
      'Try it once, and write the date into it.',
    ],
    90,
  )

/** Releases are kept, and nobody wrote how to go back. */
export const writeRollback = ({ way }: Released): Fix => {
  const steps = rollbackWays[way]?.steps ?? ['Write the steps into docs/rollback.md.']
  const keep = 'Put them into docs/rollback.md, try them once, and write the date beside them.'
  return fix('Write the steps down.', [writeFile('docs/rollback.md', documentOf(way))], [...steps, keep], 20)
}

/** Images whose tag the next release takes away. */
export const tagReleases = ({ places }: Released): Fix =>
  fixAt(
    'Give every release a tag of its own.',
    places,
    place => `tag ${untagged(place)} with the commit`,
    place => `tag it with the commit too: \`${untagged(place)}:\${{ github.sha }}\`, and deploy that tag.`,
    { minutes: 20 },
  )

/** Steps that were written and never tried. */
export const rehearse = ({ places }: Released): Fix => {
  const file = places[0]?.file
  const steps = [
    `Follow ${file} on the running product, and note how long it took.`,
    `Write \`Rehearsed on: <date>\` into ${file}.`,
  ]
  const change = manual(`Rehearse, then write "Rehearsed on: YYYY-MM-DD" into ${file}`)
  return fix('Try it once on a quiet day.', [change], steps, 30)
}
