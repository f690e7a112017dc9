// Manifests of side tools and of packages for others: nothing that deploys the product installs them.
import { platformOfFile } from '../../data/platforms.ts'
import type { LockGroup } from '../../formats/repo/lock-faults.ts'
import { fileName, within } from '../../formats/repo/paths.ts'
import type { RepoReader } from './read.ts'

/** Packages of a program that is served or works in the background. */
const served =
  /\b(?:next|nuxt|vite|astro|gatsby|svelte|@sveltejs\/kit|@remix-run\/\w+|react-scripts|react-router|express|fastify|koa|hono|@nestjs\/core|hapi|expo|django|flask|fastapi|starlette|sanic|tornado|celery|gunicorn|uvicorn|streamlit|gradio|rails|sinatra|puma|laravel\/framework|symfony\/[\w-]+|slim\/slim|phoenix|bullmq|@trigger\.dev\/sdk|wrangler)\b/i

const deployFile =
  /(?:^|\/)(?:(?:Docker|Container)file[\w.-]*|[\w.-]+\.[Dd]ockerfile|(?:docker-)?compose[\w.-]*\.ya?ml|Procfile[\w.-]*|[Mm]akefile|[Jj]ustfile|Taskfile\.ya?ml)$|^\.github\/(?:workflows|actions)\/.+\.ya?ml$|^(?:\.gitlab-ci|bitbucket-pipelines|azure-pipelines)\.ya?ml$|^\.circleci\/config\.yml$|^[\w./-]*(?:package|composer|turbo|nx)\.json$|\.sh$/

const mostFiles = 250

/** What deploys, builds and tests the product, as one text. */
const deployText = (paths: readonly string[], reader: RepoReader): string =>
  paths
    .filter(path => deployFile.test(path) || platformOfFile(path) !== null)
    .slice(0, mostFiles)
    .map(path => reader.maybe(path, { maxBytes: 128 << 10 }) ?? '')
    .join('\n')

/** A package that is published: who installs it resolves its versions anew. */
const isForOthers = (manifest: string): boolean =>
  /"(?:files|publishConfig|exports|module)"\s*:/.test(manifest) && !/"private"\s*:\s*true/.test(manifest)

/** Marks the groups beside the product. Where every manifest is one, none is. */
export const markAside = (groups: LockGroup[], paths: readonly string[], reader: RepoReader): LockGroup[] => {
  const inFolders = groups.filter(({ folder }) => folder !== '')
  if (inFolders.length === 0 || groups.length < 2) return groups
  const text = deployText(paths, reader)
  const isAside = ({ folder, manifest }: LockGroup): boolean => {
    if (folder === '') return false
    const own = reader.maybe(manifest) ?? ''
    if (fileName(manifest) === 'package.json' && isForOthers(own)) return true
    if (served.test(own)) return false
    const deploys = ['Procfile', 'fly.toml', 'vercel.json', 'wrangler.toml', 'app.yaml']
    return !text.includes(folder) && !deploys.some(name => reader.maybe(within(folder, name)) !== null)
  }
  const marked = groups.map(group => (isAside(group) ? { ...group, aside: true } : group))
  return marked.every(({ aside }) => aside) ? groups : marked
}
