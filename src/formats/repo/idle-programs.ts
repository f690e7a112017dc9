// Programs of a repository that nothing in it deploys, builds or starts: kept from before, or packed to be carried somewhere by hand.
import { literally } from '../literally.ts'
import { fileName, folderOf } from './paths.ts'

const retired =
  '(?:archived?|archives|legacy|old|backups?|deprecated|obsolete|attic|graveyard|unused|retired|examples?|samples?)'
/** Folders whose name says that what lies in them is no longer run: `archive`, `server-legacy`, `old_api`. */
const retiredFolder = new RegExp(`^(?:[\\w.]{1,40}[-_])?${retired}(?:[-_][\\w.-]{1,40})?$|^_${retired}$`, 'i')

/** Whether a folder is named for what is no longer run. */
export const isRetired = (name: string): boolean => retiredFolder.test(name)

/** The outermost folder of a path whose name says that it is no longer run; null where none does. */
export const retiredFolderOf = (path: string): string | null => {
  const parts = folderOf(path).split('/')
  const at = parts.findIndex(isRetired)
  return at < 0 ? null : parts.slice(0, at + 1).join('/')
}

const manifest =
  /(?:^|\/)(?:package\.json|requirements\.txt|pyproject\.toml|Pipfile|go\.mod|Gemfile|composer\.json|deno\.jsonc?|Cargo\.toml|mix\.exs|pom\.xml)$/

/** Folders of programs: those with a manifest of their own. */
export const programFolders = (paths: readonly string[]): Set<string> =>
  new Set(paths.filter(path => manifest.test(path)).map(folderOf))

/** The program that a file belongs to: the nearest folder of one, the root where there is none. */
export const programOf = (path: string, programs: ReadonlySet<string>): string => {
  let folder = folderOf(path)
  while (folder !== '' && !programs.has(folder)) folder = folderOf(folder)
  return folder
}

/** Whether a path lies in a folder. */
export const isInside = (path: string, folder: string): boolean => folder === '' || path.startsWith(`${folder}/`)

/** Files that ship the folder in which they lie. */
const ships =
  /(?:^|\/)(?:(?:Docker|Container)file[\w.-]*|[\w.-]+\.[Dd]ockerfile|Procfile|(?:docker-)?compose[\w.-]*\.ya?ml)$/

/** Whether a file makes an image or a process of what lies beside it. */
export const shipsBeside = (path: string): boolean => ships.test(path)

/**
 * Whether a text takes in a folder: by its path, by a folder around it as a whole (`apps/*`), or from beside it (`../api`). A folder around it
 * that is named on the way to another one says nothing.
 */
export const takesFolder = (text: string, folder: string): boolean => {
  const around: string[] = []
  for (let one = folderOf(folder); one !== ''; one = folderOf(one)) if (!isRetired(fileName(one))) around.push(one)
  return (
    new RegExp(`(?<![\\w.-])${literally(folder)}(?![\\w-])|\\.\\./${literally(fileName(folder))}(?![\\w-])`).test(
      text,
    ) || around.some(one => new RegExp(`(?<![\\w.-])${literally(one)}(?![\\w-]|/[\\w.-])`).test(text))
  )
}
