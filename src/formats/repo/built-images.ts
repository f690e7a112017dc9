// Which Dockerfiles the pipelines of a repository build and push, by what their texts name.
import { fileName, folderOf } from './paths.ts'

/** Which file is built is only known when it runs. */
const variable = /(?:\bfile|\bdockerfile):[ \t]*["']?[^\s"'#]*\$|(?:\s-f|--file)[= ]["']?[^\s"']*\$/i
const pushes = /build-push-action|\bdocker (?:\S+ )?push\b|--push\b|\bdocker@2\b|\bkaniko\b|\bbuildAndPush\b/i

const withoutComments = (text: string): string => text.replace(/(?:^|[ \t])#(?![!{]).*$/gm, '')

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|-]/g, '\\$&')

const named = (text: string, what: string): boolean =>
  new RegExp(`(?<![\\w/.-])(?:\\./)?${escaped(what)}(?![\\w.-])`).test(text)

/** Whether the texts of pipelines speak of a Dockerfile: by its path, by a name of its own, or by the folder that it stands in. */
const isNamed = (file: string, text: string): boolean => {
  const folder = folderOf(file)
  const isPlain = /^dockerfile$/i.test(fileName(file))
  return (
    named(text, file) ||
    (!isPlain && new RegExp(`(?<![\\w.-])${escaped(fileName(file))}(?![\\w.-])`).test(text)) ||
    (isPlain && folder !== '' && named(text, folder))
  )
}

/**
 * Those that nothing builds for production: where pipelines build and push images of other Dockerfiles, one in a folder that none of them
 * names is for laptops or left behind. One at the root is what platforms build by themselves. `texts` are those of pipelines and platforms.
 */
export const unbuiltImages = (files: readonly string[], texts: readonly string[]): Set<string> => {
  const text = texts.map(withoutComments).join('\n')
  if (!pushes.test(text) || variable.test(text) || !files.some(file => isNamed(file, text))) return new Set()
  return new Set(files.filter(file => folderOf(file) !== '' && !isNamed(file, text)))
}
