// What to do about environment files and variables, in words and data: shared by the checks of the environment.
import type { Fix } from '../../core/fix.ts'
import { command, fix, manual, patchFile, setting, writeFile } from '../../core/fixes.ts'
import { environmentNames } from '../../formats/repo/env-separation.ts'

/** Variables, the file that they stand in or belong into, and what to write there. */
type Named = { names: readonly string[]; file: string }
type Ignored = { gitignore: string }
type Written = { content: string }
/** Names for an example file, where there is none yet. */
type Example = { example: { path: string; content: string } | null }

/** A .gitignore with the lines that keep environment files out; as it is where it has one. */
export const ignoring = (gitignore: string | null): string =>
  `${gitignore ? `${gitignore.replace(/(?<!\n)\n+$/, '')}\n` : ''}.env\n.env.*\n!.env.example\n`

const untracked = ({ file, gitignore, example }: Named & Ignored & Example) => [
  command(`git rm --cached -- '${file.replaceAll("'", "'\\''")}'`),
  writeFile('.gitignore', gitignore),
  ...(example ? [writeFile(example.path, example.content)] : []),
]

export const replaceSecrets = (data: Named & Ignored & Example): Fix => {
  const names = data.names.join(', ')
  return fix(
    `Replace every secret of ${data.file}, then take the file out of git`,
    [manual(`Rotate ${names} at their providers, deploy, revoke the old values`), ...untracked(data)],
    [
      `Make new values at the providers for: ${names}.`,
      'Set the new values where the product runs, deploy, and see that it works.',
      'Revoke the old values at the providers.',
      `Take the file out of git: \`git rm --cached ${data.file}\`. It stays on your disk.`,
      ...(data.example
        ? [`Write ${data.example.path} with its names and no values, for whoever sets the product up.`]
        : []),
      'Record the rotation in the ledger: `launch-ready deploy secrets --record`. Then purge the history if the repository was ever public.',
    ],
    15 + 10 * data.names.length,
  )
}

export const decide = (data: Named & Ignored & Example & { others?: string[] }): Fix => {
  const names = data.names.join(', ')
  return fix(
    `Decide whether ${names} are secret; if so, replace them and take ${data.file} out of git`,
    untracked(data),
    [
      `Look at ${names}. If a value opens nothing, leave a placeholder in its place.`,
      'If it is a key for testing or a password: make a new one, set it outside git.',
      `Then: \`git rm --cached ${data.file}\`.`,
      ...(data.others?.length ? [`Do the same for ${data.others.slice(0, 12).join(', ')}.`] : []),
    ],
    20 + 5 * (data.others?.length ?? 0),
  )
}

export const ignore = ({ gitignore }: Ignored): Fix =>
  fix(
    'Name the environment files in .gitignore',
    [writeFile('.gitignore', gitignore)],
    ['Add the lines .env, .env.* and !.env.example to .gitignore.'],
    2,
  )

export const setInProduction = ({ names, file }: Named): Fix =>
  fix(
    `Set ${names.join(', ')} in production`,
    names.map(name => setting(file, name, 'the production value')),
    [
      `Add ${names.join(', ')} where production gets its settings (${file}).`,
      'Deploy, and look that the pages that read them work.',
    ],
    10,
  )

export const addToExample = ({ file, content, names }: Named & Written): Fix =>
  fix(
    `Name ${names.length === 1 ? 'it' : 'them'} in ${file}`,
    [content ? patchFile(file, content) : manual(`Add ${names.join('=, ')}= to ${file}`)],
    [
      `Add ${names.length === 1 ? 'the line' : `the ${names.length} lines`} to ${file}, with a word on where the value comes from.`,
    ],
    5 + names.length,
  )

export const writeExample = ({ content, gitignore }: Written & { gitignore: string | null }): Fix =>
  fix(
    'Write .env.example from what the code reads',
    // Where names are written down, values will lie beside them.
    [writeFile('.env.example', content), ...(gitignore === null ? [] : [writeFile('.gitignore', gitignore)])],
    ['Write .env.example with the names below and no values.', 'Say beside each where its value comes from.'],
    15,
  )

export const removeUnused = ({ names, file }: Named): Fix =>
  fix(
    `Remove ${names.join(', ')} from ${file}`,
    [command(`sed -i -E '/^(${names.join('|')})=/d' '${file}'`)],
    ['Check that no tool outside this repository reads them, then remove the lines.'],
    5,
  )

export const ownSecrets = ({ names, other }: { names: readonly string[]; other: string }): Fix =>
  fix(
    `Give production a ${names.length === 1 ? 'secret' : 'set of secrets'} of its own`,
    names.map(name => setting('production', name, 'a new value that stands in no other environment')),
    [
      ...names.map(name => `Make a new ${name} for production, set it there, deploy.`),
      `Leave the old one to development (${other}), or better replace it too.`,
    ],
    10 * names.length,
  )

export const publicAddress = ({ names, file }: Named): Fix =>
  fix(
    `Put the public address into ${file}`,
    names.map(name => setting(file, name, 'the address of production')),
    [`Replace localhost in ${names.join(', ')} by the host name that customers or servers use.`],
    10,
  )

export const liveKeys = ({ names, file }: Named): Fix =>
  fix(
    'Use the live keys in production',
    names.map(name => setting(file, name, 'the live key')),
    [
      `Switch the provider’s dashboard to live, and copy the live keys for ${names.join(', ')} into ${file}.`,
      'Pay once with a real card, and refund it.',
    ],
    15,
  )

export const testKeys = ({ names, file }: Named): Fix =>
  fix(
    'Use test keys on laptops, and replace the live ones',
    names.map(name => setting(file, name, 'the test key')),
    [
      `Put the provider’s test keys into ${file} for ${names.join(', ')}.`,
      'Replace the live keys: they have lain on a laptop.',
    ],
    20,
  )

export const switchOff = ({ names, file }: Named): Fix =>
  fix(
    `Switch it off in ${file}`,
    names.map(name => setting(file, name, environmentNames.test(name) ? 'production' : 'false')),
    [`Set ${names.join(', ')} to false, or to production.`],
    5,
  )

/** `by`: the setting that hands the variable over, where its name bears no prefix. */
export type Exposed = { name: string; plain: string; prefix: string; by: string }

const keptOnServer = (name: string, by: string): Fix =>
  fix(
    `Take ${name} out of ${by}, use it on the server alone, and replace the key`,
    [manual(`Take ${name} out of ${by}, rotate the key`)],
    [
      `Make a new key: the old one has been in every visitor's browser since it was deployed.`,
      `Remove ${name} from ${by}.`,
      'Where the browser called the provider, let it call a route of your own that does so on the server.',
      'Deploy, revoke the old key.',
    ],
    60,
  )

/** A secret that is named as public, or handed over as one. */
export const keepFromBrowser = ({ name, plain, prefix, by }: Exposed): Fix =>
  prefix === ''
    ? keptOnServer(name, by)
    : fix(
        `Rename ${name} to ${plain}, use it on the server alone, and replace the key`,
        // Renaming alone would break the page, and the old key would still work: nothing here is for a program.
        [manual(`Rename ${name} to ${plain}, use it on the server alone, rotate the key`)],
        [
          `Make a new key: the old one has been in every visitor's browser since it was deployed.`,
          `Name it ${plain}, without ${prefix}, in every environment.`,
          'Where the browser called the provider, let it call a route of your own that does so on the server.',
          'Deploy, revoke the old key.',
        ],
        60,
      )
