// Manifests of side tools and of packages for others: nothing that deploys the product installs them.
import { ciProviderOf } from '../../data/ci-systems.ts'
import { platformOfFile } from '../../data/platforms.ts'
import { literally } from '../../formats/literally.ts'
import type { LockGroup } from '../../formats/repo/lock-faults.ts'
import { fileName, folderOf, within } from '../../formats/repo/paths.ts'
import type { RepoReader } from './read.ts'

/** Packages of a program that is served or works in the background. */
const served =
  /\b(?:next|nuxt|vite|astro|gatsby|svelte|@sveltejs\/kit|@remix-run\/\w+|react-scripts|react-router|express|fastify|koa|hono|@nestjs\/core|hapi|expo|django|flask|fastapi|starlette|sanic|tornado|celery|gunicorn|uvicorn|streamlit|gradio|rails|sinatra|puma|laravel\/framework|symfony\/[\w-]+|slim\/slim|phoenix|bullmq|@trigger\.dev\/sdk|wrangler)\b/i

const deployFile =
  /(?:^|\/)(?:(?:Docker|Container)file[\w.-]*|[\w.-]+\.[Dd]ockerfile|(?:docker-)?compose[\w.-]*\.ya?ml|Procfile[\w.-]*|[Mm]akefile|[Jj]ustfile|Taskfile\.ya?ml)$|^\.github\/actions\/.+\.ya?ml$|^[\w./-]*(?:package|composer|turbo|nx)\.json$|\.sh$/

const mostFiles = 250

/** What deploys, builds and tests the product, as one text. */
export const deployText = (
  paths: readonly string[],
  reader: RepoReader,
  is: (path: string) => boolean = () => true,
): string =>
  paths
    .filter(path => deployFile.test(path) || ciProviderOf(path) !== null || platformOfFile(path) !== null)
    .filter(is)
    .slice(0, mostFiles)
    .map(path => reader.maybe(path, { maxBytes: 128 << 10 }) ?? '')
    .join('\n')

/** A package that is published: who installs it resolves its versions anew. */
const isForOthers = (manifest: string): boolean =>
  /"(?:files|publishConfig|exports|module)"\s*:/.test(manifest) && !/"private"\s*:\s*true/.test(manifest)

/** What a package builds of itself: the deploy may ask for it. */
const builds = /"(?:build|prod|production|assets|postinstall|heroku-postbuild)(?::[\w:-]{1,40})?"\s*:/
/** Tools that make what browsers get. */
const bundlers =
  /"(?:[\w@/-]*(?:webpack|esbuild|rollup|parcel|tailwindcss|sass|gulp|grunt|laravel-mix|browserify|snowpack)[\w/-]*)"/
/** Gems that build a package of Node.js while Rails builds its assets. */
const bundlesNode = /\b(?:jsbundling|cssbundling|vite_rails|webpacker|shakapacker|react_on_rails)/
const installsNode =
  /\b(?:npm|pnpm|yarn|bun)\b(?![\w./-])[^\n]{0,60}\b(?:ci|i|install|add|run|build)\b|\byarn\s*(?:&&|$)/m
const buildFile =
  /(?:^|\/)(?:(?:Docker|Container)file[\w.-]*|[\w.-]+\.[Dd]ockerfile|Procfile[\w.-]*|composer\.json|Gemfile)$/

/** What ships the folder that it stands in; a manifest there only names packages. */
const shipsFolder = /(?:^|\/)(?:(?:Docker|Container)file[\w.-]*|[\w.-]+\.[Dd]ockerfile|Procfile[\w.-]*)$/

const shippingFile =
  /(?:^|\/)(?:(?:Docker|Container)file[\w.-]*|[\w.-]+\.[Dd]ockerfile|Procfile[\w.-]*|composer\.json|Gemfile|[Mm]akefile|[Jj]ustfile)$|\.(?:sh|ya?ml)$/
const isOtherLanguage = ({ manifest }: LockGroup): boolean => fileName(manifest) !== 'package.json'

/** Whether a package.json holds tools for those who write a product, and nothing that builds or starts it installs them. */
const isToolbox = (
  { folder, manifest, manager }: LockGroup,
  { groups, paths, reader }: { groups: readonly LockGroup[]; paths: readonly string[]; reader: RepoReader },
): boolean => {
  const own = reader.maybe(manifest) ?? ''
  const isBeside = groups.some(one => one.folder === folder && one.manager !== manager && one.dependencies > 0)
  if (fileName(manifest) !== 'package.json' || /"dependencies"\s*:\s*\{\s*"/.test(own)) return false
  const tools = /"devDependencies"\s*:\s*\{([^{}]*)\}/.exec(own)?.[1] ?? ''
  if (served.test(tools)) return false
  const textsOf = (is: RegExp): string[] =>
    paths
      .filter(path => is.test(path) || platformOfFile(path) !== null)
      .slice(0, mostFiles)
      .map(path => reader.maybe(path, { maxBytes: 128 << 10 }) ?? '')
  const isInstalled = (texts: readonly string[]): boolean =>
    texts.some(one => installsNode.test(one) || bundlesNode.test(one))
  // What it builds is kept in git where the product is shipped, in another language, and no file of a deploy installs it.
  if (builds.test(own)) {
    const others = groups.some(one => one.manager !== manager && isOtherLanguage(one) && one.dependencies > 0)
    const texts = textsOf(shippingFile)
    return folder !== '' && others && texts.length > 0 && !isInstalled(texts)
  }
  // In a folder of its own it holds tools alone: an install for production puts nothing there.
  // At the root it holds those of the parts, each of which has its own lock.
  const hasParts = groups.some(
    one => one.folder !== '' && fileName(one.manifest) === 'package.json' && one.locks.length > 0,
  )
  if (!isBeside) return (folder !== '' || hasParts) && !bundlers.test(tools)
  return !isInstalled(textsOf(buildFile))
}

/** Folders that every Unix has: `/etc/…` in a script is not the `etc` of the repository. */
const unixFolder = /^(?:bin|boot|dev|etc|home|lib|lib64|mnt|opt|proc|root|run|sbin|srv|sys|tmp|usr|var)(?:\/|$)/

/** Whether a text names a folder of the repository, as a path and not within a word. */
const namesFolder = (text: string, folder: string): boolean =>
  new RegExp(
    `${unixFolder.test(folder) ? '(?<![\\w./-])(?:\\./)?' : '(?<![\\w.-])'}${literally(folder)}(?![\\w-])`,
  ).test(text)

/** Ways in which a command or a step gets into a folder, and what installs there soon after. */
const goesInto =
  '(?:\\bcd\\s+|--(?:prefix|cwd|dir)[=\\s]+|-C\\s+|directory:\\s*|folder:\\s*|COPY\\s+|ADD\\s+|context:\\s*)["\']?(?:\\./)?'
/** `--no-install` fetches nothing, and what a system's own packages bring is none of the folder's. */
const thenInstalls =
  '[\\s\\S]{0,300}?(?<![\\w-])(?<!\\b(?:apk|apt|apt-get|yum|dnf|git) )(?:install|ci|i|add|sync|build|get|test)\\b'
/** A script of a manifest ends with its line, and what it builds there was installed by another. */
const inScript = '[^\\n]{0,300}?\\b(?:install|ci|i|add|sync)\\b'

/**
 * Marks the folders below the root in which no install is seen: one at the root may bring what they need, as it does for packages that are
 * taken by their path, or nobody installs them.
 */
export const markUninstalled = (groups: LockGroup[], paths: readonly string[], reader: RepoReader): LockGroup[] => {
  const below = groups.filter(({ folder }) => folder !== '')
  if (below.length === 0) return groups
  const isManifest = (path: string): boolean => /(?:^|\/)(?:package|composer)\.json$/.test(path)
  const text = deployText(paths, reader, path => !isManifest(path))
  const scripts = deployText(paths, reader, isManifest)
  const isInstalled = ({ folder }: LockGroup): boolean =>
    new RegExp(`${goesInto}${literally(folder)}(?:[/"']|\\s)${thenInstalls}`).test(text) ||
    new RegExp(`${goesInto}${literally(folder)}(?:[/"']|\\s)${inScript}`).test(scripts) ||
    paths.some(path => folderOf(path) === folder && (shipsFolder.test(path) || platformOfFile(path) !== null))
  return groups.map(one => (below.includes(one) && !isInstalled(one) ? { ...one, uninstalled: true as const } : one))
}

/** Marks the groups beside the product. Where every manifest is one, none is. */
export const markAside = (groups: LockGroup[], paths: readonly string[], reader: RepoReader): LockGroup[] => {
  if (groups.length < 2) return groups
  const text = deployText(paths, reader)
  const isAside = (group: LockGroup): boolean => {
    const { folder, manifest } = group
    if (isToolbox(group, { groups, paths, reader })) return true
    if (folder === '') return false
    const own = reader.maybe(manifest) ?? ''
    if (fileName(manifest) === 'package.json' && isForOthers(own)) return true
    if (served.test(own)) return false
    const deploys = ['Procfile', 'fly.toml', 'vercel.json', 'wrangler.toml', 'app.yaml']
    return !namesFolder(text, folder) && !deploys.some(name => reader.maybe(within(folder, name)) !== null)
  }
  const marked = groups.map(group => (isAside(group) ? { ...group, aside: true } : group))
  return marked.every(({ aside }) => aside) ? groups : marked
}
