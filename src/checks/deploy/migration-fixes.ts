// What to do about migrations, in words and data: shared by the checks of them.
import type { Fix } from '../../core/fix.ts'
import { command, fix, manual, patchOr } from '../../core/fixes.ts'
import type { Hazard } from '../../formats/migrations/hazards.ts'
import type { Dialect, Orm } from '../../formats/migrations/model.ts'
import { recipeFor } from '../../formats/migrations/recipes.ts'
import {
  baselines,
  insteadOfPush,
  mergeCommands,
  synchronisesInCode,
  writeCommands,
} from '../../formats/migrations/tool-commands.ts'
import { type Place, stepsAt } from './places.ts'

/** Places of one tool's migrations; `since` is the tag or branch that they are judged against. */
export type InHistory = { places: Place[]; files: string; since: string; orm: string }

/** A database that was pushed is baselined first: the tables stand there, and the first migration must not make them again. */
export const migrateInstead = ({ places, orm }: InHistory): Fix => {
  const baseline = baselines[orm] ?? []
  return fix(
    'Baseline the database, then run migrations instead.',
    [
      ...baseline.map(command),
      ...places.map(({ file, line, text }) => manual(`${file}:${line}: replace \`${text}\` by migrations`)),
    ],
    [
      ...baseline.map((run, index) =>
        index === 0 ? `First record what stands in production: \`${run}\`.` : `Then \`${run}\`.`,
      ),
      ...stepsAt(places, ({ text }) =>
        synchronisesInCode(text)
          ? `turn it off (\`${text}\`) and write migrations.`
          : `write \`${insteadOfPush[orm] ?? 'the migrate command'}\` instead of \`${text}\`.`,
      ),
    ],
    90,
  )
}

export const putBack = ({ places, since }: InHistory): Fix =>
  fix(
    'Put it back, and write the change as a new migration.',
    places.map(({ file }) => command(`git checkout ${since} -- ${file}`)),
    [
      ...stepsAt(places, () => `put it back: \`git checkout ${since} -- <file>\`.`),
      'Write the change as a new migration.',
    ],
    20,
  )

export const writeMissing = ({ places, orm }: InHistory): Fix =>
  fix(
    'Write the migration that is missing.',
    [command(writeCommands[orm] ?? 'npx prisma migrate dev --name catch-up')],
    [
      `Run \`${writeCommands[orm] ?? 'the tool’s generate command'}\` against a scratch database, and commit what it writes.`,
      ...stepsAt(places, ({ text }) => text),
    ],
    20,
  )

export const bringInOrder = ({ places, orm }: InHistory): Fix => {
  const merge = mergeCommands[orm]
  const lines = stepsAt(places, ({ text }) => text)
  if (merge) return fix('Merge the ends.', [command(merge)], [`Run \`${merge}\`.`, ...lines], 15)
  return fix(
    'Number the new migration behind the released ones.',
    places.map(({ file }) => manual(`Rename ${file} so that it comes last`)),
    ['Rename it so that it comes last, and run the tests on an empty database.', ...lines],
    15,
  )
}

/** `release` is where the platform runs a command before traffic; empty where it has no such place. */
export type InDeploy = { places: Place[]; files: string; command: string; release: string }

const putStep = ({ command: run, release }: InDeploy): string =>
  `Put \`${run}\` into ${release || 'a step of the deploy job, before the step that deploys'}.`

export const putIntoDeploy = (data: InDeploy): Fix =>
  fix(
    'Run them in the deploy, before traffic.',
    [manual(`Put \`${data.command}\` into ${data.release || 'the deploy job, before the step that deploys'}`)],
    [putStep(data)],
    20,
  )

export const migrateFirst = ({ places, release }: InDeploy): Fix =>
  fix(
    'Migrate first, then deploy.',
    places.map(({ file, line, text }) => manual(`${file}:${line}: move \`${text}\` before the deploy`)),
    [
      ...stepsAt(
        places,
        ({ text }) => `move \`${text}\` before the step that deploys${release ? `, or into ${release}` : ''}.`,
      ),
      'Migrations then have to suit the code before, too: see migration-hazard.',
    ],
    15,
  )

export const migrateOnce = (data: InDeploy): Fix =>
  fix(
    'Migrate once per deploy.',
    data.places.map(({ file, line, text }) =>
      manual(`${file}:${line}: take \`${text}\` out of the start; run it in ${data.release || 'the deploy job'}`),
    ),
    [...stepsAt(data.places, ({ text }) => `take \`${text}\` out of the start.`), putStep(data)],
    20,
  )

/** A hazard with the tool and the database that it is one for. */
export type Hazardous = Hazard & { orm: Orm; dialect: Dialect | null }

/** What a hazard is about: `orders.total`, a table, or the database as a whole. */
export const objectOf = ({ table, column }: Hazard): string =>
  table === null ? 'the database' : column === null ? table : `${table}.${column}`

const recipeOf = (one: Hazardous) => recipeFor(one, one.orm, one.dialect)
const placed = (one: Hazardous): string => `${one.file}:${one.line} (${objectOf(one)})`

/** The recipe of the first place of each kind of object, and the other places by name. */
export const followRecipe = ({ hazards }: { hazards: Hazardous[] }): Fix => {
  const kinds = [...new Map(hazards.map(one => [`${one.of}:${one.orm}`, one])).values()].slice(0, 3)
  const rest = hazards.filter(one => !kinds.includes(one))
  return fix(
    recipeOf(kinds[0]!).summary,
    // One line more in a file stands for all that it holds.
    hazards
      .filter(
        ({ file, patch }, at) =>
          patch === undefined || hazards.findIndex(one => one.file === file && one.patch === patch) === at,
      )
      .slice(0, 12)
      .map(one => patchOr(one.file, one.patch, `${one.file}:${one.line}: ${recipeOf(one).steps[0]}`)),
    [
      ...kinds.flatMap(one => {
        const [first, ...more] = recipeOf(one).steps
        return [`${placed(one)}: ${first}`, ...more]
      }),
      ...(rest.length ? [`The same way: ${rest.slice(0, 8).map(placed).join(', ')}.`] : []),
    ],
    30 + 15 * Math.min(4, hazards.length),
  )
}

/** Why nobody can tell what is released. */
export const shallowClone =
  'this clone is shallow, so nobody can tell which migrations are released: git fetch --unshallow --tags (fetch-depth: 0 in CI)'

/** Why the answer is not whole: statements that could not be read, of which two are named. */
export const statementsUnread = (unread: readonly Place[]): string => {
  const named = unread
    .slice(0, 2)
    .map(({ file, line, text }) => `${file}:${line} ${text}`)
    .join('; ')
  return `${unread.length} ${unread.length === 1 ? 'statement' : 'statements'} could not be read, the rest was judged: ${named}`
}
