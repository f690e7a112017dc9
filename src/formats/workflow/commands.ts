// The commands of a shell script of a pipeline, a container or a Procfile whose kind is known: installs, builds, tests, migrates, deploys,
// looks afterwards. Scripts of package.json, Makefile targets and shell files of the repository are followed. Nothing is executed.
import type { CommandKind } from '../../data/command-kinds.ts'
import { kindsOf } from './command-kinds.ts'
import { entryScript } from './entry.ts'
import { carriedBy, cleanPath, type Followed, follow } from './follow.ts'
import type { Command, ScriptWorld } from './script.ts'
import { type ShellCommand, splitShell } from './shell.ts'
import { program } from './wrappers.ts'

export { type Command, emptyWorld, type ScriptWorld } from './script.ts'

type Env = Readonly<Record<string, string>>

/** `inCi`: the CI variable is set where it runs. `folder` is where it runs, relative to the root. `remote`: it runs where customers are, so a restart there counts. `named`: values of names around it. */
export type ScriptOptions = { inCi?: boolean; folder?: string; env?: Env; remote?: boolean; named?: Env }

/** Scripts that call scripts are followed so far. */
const deepest = 5

/** A script under way: where it is, what it exported, which scripts led to it. */
type Walk = {
  folder: string
  exported: Env
  /** Values that the script gave to names of its own. */
  named: Env
  options: ScriptOptions
  world: ScriptWorld
  via: string[]
}

const folderAfter = (folder: string, to: string): string => {
  if (to === '..' || to.startsWith('/') || to.startsWith('$')) return ''
  return folder && !to.startsWith(folder) ? `${folder}/${to}` : to
}

/** `status=$(curl …)`: what stands within is asked too, and a task of the cloud migrates there. */
const substituted = ({ text, offset }: ShellCommand, { options, world, via, named }: Walk): Command[] =>
  [...text.matchAll(/\$\(\s*([^()]*(?:\([^()]*\)[^()]*)*)\)?/g)]
    .flatMap(match => commandsOf(match[1]!, world, { ...options, named }, [...via, '$()']))
    .filter(({ kind }) => kind === 'smoke' || kind === 'migrate')
    .map(command => ({ ...command, offset, via }))

/** A script that prints and ends, as `npm init` writes one: whatever its name, nothing is done. */
const doesNothing = ({ text }: Followed): boolean =>
  text.split(/&&|\|\||[;\n]/).every(part => /^\s*(?:(?:echo|printf|exit|true)\b.*|:?\s*)$/.test(part))

/** A script named for what it does counts, though it cannot be read. */
const namedKind = (words: readonly string[], next: Followed | null): CommandKind | null => {
  const named =
    /^(?:npm|pnpm|yarn|bun|turbo|nx|make|just|task|composer|lerna)(?: run(?:-script)?| run-many)?(?: -\S+)* (\S+:)?(test(?=:(?:unit|integration|functional|feature|e2e|system|php|phpunit|pest|jest|vitest|mocha|rspec|pytest|playwright|cypress|ci|all|run|api|web|server|client|backend|frontend|coverage)(?![\w:-]))|(?:test|build|deploy|migrate|smoke)\b(?!:))/.exec(
      words.join(' '),
    )
  if (!named || (next && doesNothing(next))) return null
  // `db:deploy` brings the database up to date, and no code anywhere.
  if (
    named[2] === 'deploy' &&
    /^(?:.*[:-])?(?:db|database|prisma|drizzle|knex|typeorm|sequelize|migrat\w*|schema|sql):$/.test(named[1] ?? '')
  )
    return 'migrate'
  return named[2] as CommandKind
}

/** The commands of a script that is called, read with what it is started with. */
const followed = (next: Followed, env: Env, { exported, options, world, via }: Walk): Command[] => {
  const known = { ...exported, ...env }
  const entry = next.args === undefined ? null : entryScript(next.text, next.args, known)
  const inner = { ...options, folder: next.folder, env: known }
  const found = commandsOf(entry?.text ?? next.text, world, inner, [...via, next.name])
  return found.map(one => (entry?.open[one.offset] ? { ...one, open: true } : one))
}

/** What a command does by itself, and what the script does that it calls: told at the line that calls it. */
const ownAndFollowed = (command: ShellCommand, words: readonly string[], env: Env, walk: Walk): Command[] => {
  const { folder, exported, options, world, via } = walk
  const { inCi = false, remote = false } = options
  const at = { offset: command.offset, failureIgnored: command.failureIgnored }
  const own = kindsOf(words, command.text, { ...exported, ...env }, world, inCi, remote)
  const next = via.length < deepest ? follow(words, folder, world) : null
  const inner = next && !via.includes(next.name) ? followed(next, env, walk) : []
  const named = inner.length || own.length ? null : namedKind(words, next)
  return [
    ...own.map(one => ({ ...one, ...at, via })),
    ...inner.map(one => ({
      ...one,
      ...at,
      failureIgnored: command.failureIgnored || one.failureIgnored,
      text: one.via.length > via.length ? `${command.text} → ${one.text}`.slice(0, 300) : one.text,
    })),
    ...(named ? [{ kind: named, text: command.text, ...at, via }] : []),
  ]
}

/** A word that is one name of the script's own, by its value: what a task of the cloud runs may be written before it. */
const opened = (words: readonly string[], { named }: Walk): readonly string[] =>
  words[0] === 'aws' ? words.map(word => named[/^\$\{?(\w+)\}?$/.exec(word)?.[1] ?? ''] ?? word) : words

/** The commands of one simple command: what is substituted in it, what it carries, what it is and calls. */
const commandsOfOne = (command: ShellCommand, words: readonly string[], env: Env, walk: Walk): Command[] => {
  const { folder, exported, options, world, via } = walk
  const carried = via.length < deepest ? carriedBy(opened(words, walk), command.input, world) : null
  if (carried === null) return ownAndFollowed(command, words, env, walk)
  const remote = options.remote === true || !carried.whole
  const all = commandsOf(carried.script, world, { ...options, folder, env: exported, remote }, [...via, words[0]!])
  // Inside another machine or container, what is done to the database and to the running product counts; in one that ends with it, tests do.
  const isContainer = /^(?:docker|podman|nerdctl)$/.test(words[0]!)
  const counts = isContainer ? /^(?:migrate|push-schema|restart|test)$/ : /^(?:migrate|push-schema|restart)$/
  const kept = carried.whole ? all : all.filter(({ kind }) => counts.test(kind))
  const inside = kept.map(one => ({
    ...one,
    offset: command.offset,
    failureIgnored: command.failureIgnored || one.failureIgnored,
  }))
  return carried.whole ? inside : [...inside, ...ownAndFollowed(command, words, env, walk)]
}

/** Whether a package of the repository has a script of that name. */
const isScriptOf = (name: string, { folder, world }: Walk): boolean =>
  [world.scripts[folder], ...Object.values(world.scripts)].some(scripts => scripts?.[name] !== undefined)

const exportedBy = (words: readonly string[]): Env =>
  words[0] === 'export' ? Object.fromEntries(words.slice(1).map(word => word.split('=', 2) as [string, string])) : {}

/** `bundle config set frozen true` holds for the installs that follow. */
const freezesBundler = (words: readonly string[]): boolean =>
  words[0] === 'bundle' &&
  words[1] === 'config' &&
  words.some(word => /^(?:frozen|deployment)$/.test(word)) &&
  words.includes('true')

/** Every command of a script whose kind is known, in order, scripts of the repository followed (five deep). Never throws. */
export const commandsOf = (
  script: string,
  world: ScriptWorld,
  options: ScriptOptions = {},
  via: string[] = [],
): Command[] => {
  const found: Command[] = []
  const folder = cleanPath(options.folder ?? '')
  let walk: Walk = { folder, exported: options.env ?? {}, named: options.named ?? {}, options, world, via }
  for (const command of splitShell(script)) {
    const [first, second] = command.words
    if (first === 'cd' && second) {
      walk = { ...walk, folder: folderAfter(walk.folder, cleanPath(second)) }
      continue
    }
    walk = { ...walk, exported: { ...walk.exported, ...exportedBy(command.words) } }
    if (via.length < deepest) found.push(...substituted(command, walk))
    const { words, env } = program(command.words, name => isScriptOf(name, walk))
    if (words.length === 0) {
      walk = { ...walk, named: { ...walk.named, ...env } }
      continue
    }
    if (freezesBundler(words)) walk = { ...walk, exported: { ...walk.exported, BUNDLE_FROZEN: 'true' } }
    found.push(...commandsOfOne(command, words, env, walk))
  }
  return found
}

/** Whether a command runs a script of the shell that is here. */
export const callsScript = (line: string, folder: string, world: ScriptWorld): boolean =>
  splitShell(line).some(({ words }) => {
    const next = follow(program(words, () => false).words, cleanPath(folder), world)
    return next?.args !== undefined
  })
