// Which Dockerfiles the pipelines of a repository build and push, by what their texts name.
import { literally } from '../literally.ts'
import { fileName, folderOf } from './paths.ts'

/** Which file is built is only known when it runs. */
const variable = /(?:\bfile|\bdockerfile|\bcontext):[ \t]*["']?[^\s"'#]*\$|(?:\s-f|--file)[= ]["']?[^\s"']*\$/i
const pushes = /build-push-action|\bdocker (?:\S+ )?push\b|--push\b|\bdocker@2\b|\bkaniko\b|\bbuildAndPush\b/i

const withoutComments = (text: string): string => text.replace(/(?:^|[ \t])#(?![!{]).*$/gm, '')

const named = (text: string, what: string): boolean =>
  new RegExp(`(?<![\\w/.-])(?:\\./)?${literally(what)}(?![\\w.-])`).test(text)

/** Something that makes an image; a step of another kind goes into a folder for what it does there. */
const makesImage = /\b(?:docker|podman|buildx|buildah|kaniko|image)\b/i

/** What says where an image is built, with its value: `context: apps/web`, `docker build … apps/web`, and, beside Docker, `cd apps/web`. */
const inFolder = (text: string, folder: string): boolean => {
  const end = `(?:\\./)?${literally(folder)}/?["']?(?=\\s|$)`
  const goes = new RegExp(`\\bcd ${end}|working[-_]?directory["']?[ \\t]*[:=][ \\t]*["']?${end}`, 'im')
  return (
    new RegExp(`(?:context|(?<!working[-_]?)directory|cwd|folder)["']?[ \\t]*[:=][ \\t]*["']?${end}`, 'im').test(
      text,
    ) ||
    new RegExp(`\\b(?:docker|podman|buildx)\\b[^\\n]{0,400}\\bbuild\\b[^\\n]{0,400}\\s${end}`, 'm').test(text) ||
    text.split(/^[ \t]*- /m).some(step => goes.test(step) && makesImage.test(step))
  )
}

/** Whether texts name a Dockerfile itself: by its path, or by a name of its own. */
const isNamedItself = (file: string, text: string): boolean =>
  named(text, file) || (!isPlain(file) && new RegExp(`(?<![\\w.-])${literally(fileName(file))}(?![\\w.-])`).test(text))

const isPlain = (file: string): boolean => /^dockerfile$/i.test(fileName(file))

/** Whether texts name another Dockerfile of the same folder, and not this one: then the folder is that one's context. */
const isBesideNamed = (file: string, text: string, files: readonly string[]): boolean =>
  !isNamedItself(file, text) &&
  files.some(other => other !== file && folderOf(other) === folderOf(file) && isNamedItself(other, text))

/** Whether the texts of pipelines speak of a Dockerfile: by its path, by a name of its own, or by the folder that it is built in. */
const isNamed = (file: string, text: string, files: readonly string[]): boolean => {
  const folder = folderOf(file)
  return (
    isNamedItself(file, text) ||
    (isPlain(file) && folder !== '' && !isBesideNamed(file, text, files) && inFolder(text, folder))
  )
}

const builds = /build-push-action|\bdocker (?:buildx )?build\b/
const otherFile = /\bfile:|\s(?:-f|--file)[= ]/

/** Whether a step builds the Dockerfile at the root, for it names none. */
const buildsRoot = (text: string): boolean =>
  text.split(/^[ \t]*- /m).some(step => builds.test(step) && !otherFile.test(step))

/** Whether the texts of pipelines and platforms speak of a Dockerfile as one that they build. */
const isBuiltIn = (file: string, text: string, files: readonly string[]): boolean =>
  isNamed(file, text, files) || (folderOf(file) === '' && buildsRoot(text))

/** Those that something is seen to build: a pipeline that names them, the platform whose file stands beside. `hosts` are the files of such platforms. */
export const seenBuilt = (
  files: readonly string[],
  texts: readonly string[],
  hosts: readonly string[],
): Set<string> => {
  const text = texts.map(withoutComments).join('\n')
  const folders = new Set(hosts.map(folderOf))
  const isAnyBuilt = builds.test(text)
  return new Set(
    files.filter(
      file =>
        (isAnyBuilt && isBuiltIn(file, text, files)) ||
        (fileName(file) === 'Dockerfile' && folders.has(folderOf(file))),
    ),
  )
}

/**
 * Those that nothing builds for production: where pipelines build and push images of other Dockerfiles, one in a folder that none of them
 * names, or beside one that they name, is for laptops or left behind. One at the root is what platforms build by themselves, where pipelines
 * name no other beside it. `texts` are those of pipelines and platforms.
 */
export const unbuiltImages = (files: readonly string[], texts: readonly string[]): Set<string> => {
  const text = texts.map(withoutComments).join('\n')
  if (!pushes.test(text)) return new Set()
  const isRoot = (file: string): boolean => folderOf(file) === ''
  const isRootBuilt = buildsRoot(text)
  const isToldWhat = !variable.test(text) && files.some(file => isBuiltIn(file, text, files))
  return new Set(
    files.filter(file => {
      if (isRoot(file) && isRootBuilt) return false
      return isToldWhat && !isRoot(file)
        ? !isNamed(file, text, files)
        : isPlain(file) && isBesideNamed(file, text, files)
    }),
  )
}

/** Whether a build hands in what a base names: a context of its own, as `--build-context base=…`, Compose and bake files write it. */
export const handsInContext = (base: string, text: string): boolean => {
  const name = literally(base)
  return (
    new RegExp(`--build-context[= ]["']?${name}=`).test(text) ||
    (/\b(?:additional_)?contexts\b|\bbuild-contexts\b/.test(text) &&
      new RegExp(`^[ \\t]*(?:-[ \\t]+)?["']?${name}["']?[ \\t]*[:=]`, 'm').test(text))
  )
}
