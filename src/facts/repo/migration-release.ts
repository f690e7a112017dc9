// What counts as released: the config's word, a tag, a branch, or all but the newest; and what has changed since.
import { fileName } from '../../formats/repo/paths.ts'
import { dayInName, namesRelease } from '../../formats/repo/release-names.ts'
import { takesBranch } from '../../formats/workflow/model.ts'
import type { CollectContext } from '../definition.ts'
import { gitRecords, gitText } from './git.ts'
import type { Migrations } from './migrations.ts'
import type { Tree } from './tree.ts'

/** Migrations that count as unreleased where neither a tag nor a branch says what is. */
export const newestCount = 5

/** The tag or commit that the user named: by `deploy migrations --since`, else in the config. */
export const sinceGiven = (context: CollectContext): string | undefined =>
  context.env['LAUNCH_READY_MIGRATIONS_SINCE'] ?? context.config.deploy?.since

/** Tags that name no release and are left out when the last one is looked for. */
const mostOthers = 2_000

type Git = (...command: string[]) => Promise<string | null>

/** Whether every push to the default branch goes live: a platform takes it by itself, or a pipeline of pushes to it deploys. */
const goesLiveByPush = async ({ defaultBranch }: Tree, context: CollectContext): Promise<boolean> => {
  const [deployment, pipelines] = await Promise.all([context.need('deployment'), context.need('pipelines')])
  if (deployment.ok && deployment.value.platforms.some(({ byPush }) => byPush)) return true
  const branch = defaultBranch ?? 'main'
  return (
    pipelines.ok &&
    pipelines.value.pipelines.some(
      ({ triggers, jobs }) =>
        // One that starts when the tests of a push have run goes on with that push.
        (triggers.push ? !triggers.tags : triggers.after.length > 0) &&
        takesBranch(triggers.branches, branch) &&
        jobs.some(({ deploys, branches }) => deploys && (!branches || takesBranch(branches, branch))),
    )
  )
}

/**
 * Where every push goes live, tags say nothing of what is: released is what the server has of the default branch; on its tip, and where no
 * server is known, all but the last commit (the push that is being made).
 */
const deployedByPush = async (tree: Tree, context: CollectContext, git: Git): Promise<Migrations['since'] | null> => {
  if (tree.shallow || !(await goesLiveByPush(tree, context))) return null
  const name = tree.defaultBranch ?? tree.branch
  if (!name) return null
  const short = name.replace(/^origin\//, '')
  const remote = `origin/${short}`
  const known = (await git('rev-parse', '-q', '--verify', '--end-of-options', `${remote}^{commit}`))?.trim()
  const head = (await git('rev-parse', 'HEAD'))?.trim()
  if (known && known !== head && (await git('merge-base', remote, 'HEAD'))) return { by: 'branch', ref: remote }
  if (tree.branch !== null && tree.branch !== short) return null
  const before = (await git('rev-parse', '-q', '--verify', '--end-of-options', 'HEAD^1^{commit}'))?.trim()
  return before ? { by: 'push', ref: before.slice(0, 12) } : null
}

/** Days and commits after which a tag says nothing any more of what customers use: deploys have gone on without. */
const staleDays = 365
const staleCommits = 40
const fewestDays = 120
const staleBusy = 400

/** Whether the product was shipped on without tags since this one. */
const isStale = async (tag: string, git: Git): Promise<boolean> => {
  const dates = [
    await git('log', '-1', '--format=%ct', '--end-of-options', tag),
    await git('log', '-1', '--format=%ct', 'HEAD'),
  ]
  const days = (Number(dates[1]) - Number(dates[0])) / 86_400
  if (!(days > fewestDays)) return false
  const commits = Number(await git('rev-list', '--count', '--first-parent', '--end-of-options', `${tag}..HEAD`))
  return commits > (days > staleDays ? staleCommits : staleBusy)
}

/** Tags on branches of their own that are looked at, the newest first. */
const mostSides = 12

/**
 * The newest release that was tagged on a branch of its own, which left this history behind `tag` (the last release within it): what stands
 * there is out as well.
 */
const taggedAside = async (tag: string | null, git: Git): Promise<string | null> => {
  const sides = await git('tag', '--sort=-creatordate', '--no-merged', 'HEAD', '--no-contains', 'HEAD')
  const names = sides?.split('\n').filter(name => !name.startsWith('-') && namesRelease(name)) ?? []
  // Where an older version is kept as well, the release of this history is the one that left it last.
  let [newest, left, day] = ['', '', 0]
  for (const name of names.slice(0, mostSides)) {
    const at = (await git('merge-base', name, 'HEAD'))?.trim()
    const when = at ? Number(await git('log', '-1', '--format=%ct', at)) : 0
    if (at && when > day) [newest, left, day] = [name, at, when]
  }
  if (newest === '') return null
  const isBehind = tag === null || (await git('merge-base', '--is-ancestor', '--end-of-options', tag, left)) !== null
  return isBehind ? newest : null
}

/** What stands for "released": the config's word, the last tag before the commit checked out, a branch that is deployed, the branch this one left. */
export const releaseOf = async (tree: Tree, context: CollectContext): Promise<Migrations['since'] | null> => {
  if (!tree.isGit || tree.head === null) return { by: 'none', ref: '' }
  const options = { env: context.env, signal: context.signal }
  const git = (...command: string[]) => gitText(tree.root, command, options)
  const given = sinceGiven(context)
  if (given) {
    // A ref begins with no dash: it could be read as an option.
    const commit = given.startsWith('-')
      ? null
      : await git('rev-parse', '-q', '--verify', '--end-of-options', `${given}^{commit}`)
    return commit ? { by: 'config', ref: given } : null
  }
  const pushed = await deployedByPush(tree, context, git)
  if (pushed) return pushed
  const here = (await git('tag', '--points-at', 'HEAD'))?.split('\n').filter(namesRelease) ?? []
  const others = (await git('tag', '--list'))?.split('\n').filter(name => name && !namesRelease(name)) ?? []
  const left = [...here, ...others.slice(0, mostOthers)].map(name => name.replace(/[*?[\\]/g, '\\$&'))
  const within = await git('describe', '--tags', '--abbrev=0', ...left.flatMap(name => ['--exclude', name]), 'HEAD')
  const own = within && namesRelease(within) ? within : null
  const tag = (await taggedAside(own, git)) ?? own
  if (tag && !(await isStale(tag, git))) return { by: 'tag', ref: tag }
  // The first tag of all is the release that is being made where a pipeline builds it; elsewhere it is out.
  const builtByTag = ['CI_COMMIT_TAG', 'CIRCLE_TAG', 'BITBUCKET_TAG', 'BUILDKITE_TAG'].some(name => context.env[name])
  if (here[0] && !builtByTag && context.env['GITHUB_REF_TYPE'] !== 'tag') return { by: 'tag', ref: here[0] }
  for (const branch of ['origin/production', 'origin/release', 'origin/live', 'production', 'release', 'live']) {
    if (tree.branch === branch.replace(/^origin\//, '')) continue
    const base = await git('merge-base', branch, 'HEAD')
    if (base) return { by: 'branch', ref: branch }
  }
  if (tree.branch && tree.defaultBranch && tree.branch !== tree.defaultBranch) {
    const base = await git('merge-base', tree.defaultBranch, 'HEAD')
    if (base) return { by: 'branch', ref: tree.defaultBranch }
  }
  return { by: 'newest', ref: `newest ${newestCount}` }
}

/**
 * Whether it is shown that what came after the release is not out yet: the config or a branch says so, or this run is of the pipeline that
 * takes it there. A clone of the newest state has what was pushed, and that is live where pushes go live; after a tag deploys may go on,
 * unless a pipeline releases by tags.
 */
export const isShown = async (since: Migrations['since'], context: CollectContext): Promise<boolean> => {
  if (since.by === 'config' || since.by === 'branch') return true
  if (since.by !== 'tag' && since.by !== 'push') return false
  if (context.env['CI']) return true
  const pipelines = await context.need('pipelines')
  return (
    since.by === 'tag' &&
    pipelines.ok &&
    pipelines.value.pipelines.some(
      ({ triggers, jobs }) =>
        (triggers.tags || triggers.events.includes('release')) &&
        jobs.some(
          ({ deploys, imageTags, commands }) =>
            deploys || imageTags.length > 0 || commands.some(({ kind }) => kind === 'image'),
        ),
    )
  )
}

/** Files changed since the release, by path: `A` added, `M` modified, `D` deleted. `released` is the commit to compare with. */
export type ChangedSince = {
  changed: ReadonlyMap<string, string>
  released: string
  /** Those that came in long before the last commit: most products have shipped them meanwhile, whatever their tags say. */
  longAgo?: ReadonlySet<string>
}

/** Days before the last commit in which what was added may still wait for its release, where nothing says what is out. */
const waitingDays = 30
const waitingSeconds = waitingDays * 24 * 60 * 60

/** When the time begins in which what was added may still wait, as git reads it; `last` in seconds since the epoch. */
const waitingSince = (last: number): string => new Date((last - waitingSeconds) * 1000).toISOString()

/** The newest commit from before those days, and the files that it has and that were changed since. */
const changedLately = async (
  tree: Tree,
  last: number,
  options: Pick<CollectContext, 'env' | 'signal'>,
): Promise<{ base: string; changed: string[] } | null> => {
  if (tree.shallow) return null
  const before = `--before=${waitingSince(last)}`
  const base = (await gitText(tree.root, ['rev-list', '-1', '--first-parent', before, 'HEAD'], options))?.trim()
  if (!base) return null
  const flags = ['--name-only', '-z', '--no-renames', '--no-ext-diff', '--no-textconv', '--relative', '--diff-filter=M']
  const names = await gitRecords(tree.root, ['diff', ...flags, '--end-of-options', base, '--', '.'], options)
  return { base, changed: names ?? [] }
}

/** Files that commits of a range added on the first parent's line; `when` is a bound of `git log` on their date. */
const addedIn = async (
  { root }: Tree,
  when: string,
  range: string,
  options: Pick<CollectContext, 'env' | 'signal'>,
): Promise<string[]> => {
  const flags = [
    '--name-only',
    '-z',
    '--no-renames',
    '--diff-filter=A',
    '--format=',
    '--relative',
    '-m',
    '--first-parent',
  ]
  const names = await gitRecords(root, ['log', when, ...flags, '--end-of-options', range, '--', '.'], options)
  return (names ?? []).map(name => name.replace(/^\n+/, ''))
}

/** Files added in the last days of the history. What lay there longer than a month was shipped with what came after it. */
const addedLately = async (
  tree: Tree,
  last: number,
  options: Pick<CollectContext, 'env' | 'signal'>,
): Promise<Map<string, string>> => {
  const added = await addedIn(tree, `--since=${waitingSince(last)}`, 'HEAD', options)
  const brought = added.length ? await importedAtOnce(tree, options) : new Set<string>()
  const isFresh = (name: string): boolean => (brought.has(name) ? dayOf(name) !== null : true) && !isOlder(name, last)
  return new Map(added.filter(isFresh).map(name => [name, 'A']))
}

/** Files from which on a first commit is no beginning: somebody brought a product that was there before. */
const manyFiles = 300

/** Files that the first commit brought where it brought a whole product, or where a shallow clone begins: when they came in cannot be told. */
const importedAtOnce = async (
  { root }: Tree,
  options: Pick<CollectContext, 'env' | 'signal'>,
): Promise<Set<string>> => {
  const firsts =
    (await gitText(root, ['rev-list', '--max-parents=0', 'HEAD'], options))?.split('\n').filter(Boolean) ?? []
  const brought = new Set<string>()
  for (const first of firsts.slice(0, 3)) {
    const names = (await gitRecords(root, ['ls-tree', '-r', '-z', '--name-only', first], options)) ?? []
    if (names.length >= manyFiles) for (const name of names) brought.add(name)
  }
  return brought
}

const dayOf = (path: string): number | null => dayInName(fileName(path)) ?? dayInName(path.split('/').at(-2) ?? '')

/** Whether the name of a migration tells a day that lies longer back: what comes in late was brought from elsewhere, as a whole history is by one commit. */
const isOlder = (path: string, last: number): boolean => {
  const day = dayOf(path)
  return day !== null && last - day > waitingSeconds
}

/** Days for which what a tag leaves out may well wait for the next one. */
const longWaitDays = 120

/** The last tag of any name within this history, where it was made weeks before the last commit: a product that only ever makes previews runs on them. */
const lastPreview = async (
  tree: Tree,
  last: number,
  options: Pick<CollectContext, 'env' | 'signal'>,
): Promise<string | null> => {
  const tag = (await gitText(tree.root, ['describe', '--tags', '--abbrev=0', 'HEAD'], options))?.trim()
  if (!tag || tag.startsWith('-')) return null
  const made = Number(await gitText(tree.root, ['log', '-1', '--format=%ct', '--end-of-options', tag], options))
  return made > 0 && last - made > waitingSeconds ? tag : null
}

/** Files that came in after a release and lay there for months when the last commit was made, or were tagged as a preview weeks before it. */
const addedLongAgo = async (
  tree: Tree,
  base: string,
  options: Pick<CollectContext, 'env' | 'signal'>,
): Promise<Set<string>> => {
  const last = Number(await gitText(tree.root, ['log', '-1', '--format=%ct', 'HEAD'], options))
  if (!Number.isFinite(last) || last <= 0) return new Set()
  const before = new Date((last - longWaitDays * 24 * 60 * 60) * 1000).toISOString()
  const preview = await lastPreview(tree, last, options)
  const tagged = preview === null ? [] : await addedIn(tree, '--no-decorate', `${base}..${preview}`, options)
  return new Set([...tagged, ...(await addedIn(tree, `--before=${before}`, `${base}..HEAD`, options))])
}

/** Asks git what has changed since the release; nothing where neither a tag, a branch nor the config says what it is. */
export const changedSince = async (
  tree: Tree,
  since: Migrations['since'],
  context: Pick<CollectContext, 'env' | 'signal'>,
): Promise<ChangedSince> => {
  const changed = new Map<string, string>()
  if (since.by === 'none') return { changed, released: since.ref }
  const options = { env: context.env, signal: context.signal }
  if (since.by === 'newest') {
    const last = Number(await gitText(tree.root, ['log', '-1', '--format=%ct', 'HEAD'], options))
    if (!Number.isFinite(last) || last <= 0) return { changed, released: since.ref }
    const changes = await addedLately(tree, last, options)
    const lately = await changedLately(tree, last, options)
    for (const name of lately?.changed ?? []) if (!changes.has(name)) changes.set(name, 'M')
    return { changed: changes, released: lately?.base ?? since.ref }
  }
  const base = since.by === 'branch' ? await gitText(tree.root, ['merge-base', since.ref, 'HEAD'], options) : since.ref
  if (!base) return { changed, released: since.ref }
  const flags = ['--name-status', '-z', '--no-renames', '--no-ext-diff', '--no-textconv', '--relative']
  const command = ['diff', ...flags, '--end-of-options', base, '--', '.']
  const records = (await gitRecords(tree.root, command, options)) ?? []
  for (let at = 0; at + 1 < records.length; at += 2) changed.set(records[at + 1]!, records[at]!)
  const longAgo = since.by === 'tag' ? await addedLongAgo(tree, base, options) : new Set<string>()
  return { changed, released: base, longAgo }
}
