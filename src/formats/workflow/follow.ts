// Where a command leads: the scripts of the repository that it calls, the script that it carries.
import { fileName } from '../repo/paths.ts'
import type { ScriptWorld } from './script.ts'

/** A path without the leading `./` and trailing slashes. */
export const cleanPath = (path: string): string => path.replace(/^\.\//, '').replace(/\/+$/, '')

/** A script of the repository: its name, its text, the folder it runs in; for a file of the shell what it is started with. */
export type Followed = { name: string; text: string; folder: string; args?: readonly string[] }

const isValueOption = /^(?:--prefix|-C|--filter|-F|--cwd|-w|--workspace)$/

/** The script that a package manager is asked for; null where it is asked for something else. */
const scriptAsked = (runner: string, rest: readonly string[]): string | null => {
  const [first = '', second] = rest
  if (/^(?:run|run-script|rum)$/.test(first)) return second ?? null
  const asked = first === 't' ? 'test' : first === 'workspace' ? rest.at(-1)! : first
  if (runner === 'npm' && first === asked && !/^(?:test|start|stop|restart)$/.test(asked)) return null
  return asked || null
}

/** The first package that has a script of that name stands for all. */
const inSomePackage = (name: string, wanted: string, folder: string, world: ScriptWorld): Followed | null => {
  const text = Object.entries(world.scripts).find(([path, entry]) => path !== '' && entry[wanted] !== undefined)?.[1][
    wanted
  ]
  return text === undefined ? null : { name, text, folder }
}

/** The script that is run in every package of a workspace: `yarn workspaces foreach -A run build`, `pnpm -r run build`; null where it is one package's. */
const taskOfEach = (words: readonly string[]): string | null => {
  const isEach = words[1] === 'workspaces' || words.some(word => /^(?:-r|--recursive|-ws|--workspaces)$/.test(word))
  const at = words.findIndex(word => /^(?:run|run-script)$/.test(word))
  const named = isEach && at > 0 ? words.slice(at + 1).find(word => !word.startsWith('-')) : undefined
  return named ?? null
}

const followPackageScript = (
  runner: string,
  words: readonly string[],
  folder: string,
  world: ScriptWorld,
): Followed | null => {
  const each = taskOfEach(words)
  if (each !== null) return inSomePackage(`${runner} ${each}`, each, folder, world)
  const rest = words
    .slice(1)
    .filter((word, index, all) => !word.startsWith('-') && !isValueOption.test(all[index - 1] ?? ''))
  const at = words.findIndex(word => /^(?:--prefix|-C|--cwd)$/.test(word))
  const into = at > 0 ? cleanPath(words[at + 1] ?? '') : folder
  const isFiltered =
    rest[0] === 'workspace' || words.findIndex(word => /^(?:--filter|-F|-w|--workspace)$/.test(word)) > 0
  const wanted = scriptAsked(runner, rest)
  if (!wanted) return null
  const nearest = world.scripts[into] ?? (into === folder ? world.scripts[''] : undefined)
  const own = isFiltered ? Object.values(world.scripts).find(entry => entry[wanted] !== undefined) : nearest
  const text = own?.[wanted]
  return text === undefined ? null : { name: `${runner} ${wanted}`, text, folder: into }
}

/** turbo, nx and lerna run a script of that name in every package: the first stands for all. */
const followTask = (runner: string, words: readonly string[], folder: string, world: ScriptWorld): Followed | null => {
  const wanted = words.slice(1).find(word => /^(?:build|test|deploy|db:[\w:]+|migrate)$/.test(word))
  return wanted ? inSomePackage(`${runner} ${wanted}`, wanted, folder, world) : null
}

/** `dev:*` names the scripts with one more part, `dev:**` those with any number of them. */
const asPattern = (word: string): RegExp =>
  new RegExp(
    `^${word.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replace(/\*+/g, stars => (stars === '*' ? '[^:]*' : '.*'))}$`,
  )

const followSeveral = (words: readonly string[], folder: string, world: ScriptWorld): Followed | null => {
  const scripts = world.scripts[folder] ?? world.scripts[''] ?? {}
  const named = words
    .slice(1)
    .map(word => word.replace(/^(?:npm|pnpm|yarn):/, ''))
    .flatMap(word => (word.includes('*') ? Object.keys(scripts).filter(name => asPattern(word).test(name)) : [word]))
    .filter(word => scripts[word] !== undefined)
  return named.length ? { name: named.join(' '), text: named.map(word => scripts[word]!).join('\n'), folder } : null
}

const followTarget = (
  runner: string,
  words: readonly string[],
  folder: string,
  world: ScriptWorld,
): Followed | null => {
  const target = words.slice(1).find(word => !word.startsWith('-') && !word.includes('='))
  const text = target ? world.targets[target] : undefined
  return text === undefined ? null : { name: `${runner} ${target}`, text, folder }
}

/** Where images keep the files of the repository. */
const imageFolder =
  /^(?:usr\/src\/app|app|rails|opt\/app|srv|home\/\w+\/app|\/usr\/src\/app|\/app|\/rails|\/usr\/local\/bin|\/)\/?/

/** `node scripts/check-db.js`, `tsx scripts/migrate.ts`: the commands that it hands to the shell. */
const followProgram = (words: readonly string[], folder: string, world: ScriptWorld): Followed | null => {
  const path = words.slice(1).find(word => !word.startsWith('-'))
  if (path === undefined) return null
  const names = [cleanPath(folder ? `${folder}/${path}` : path), cleanPath(path).replace(imageFolder, '')]
  const found = names.flatMap(name => [name, `${name}.js`]).find(name => world.files[name] !== undefined)
  return found === undefined ? null : { name: found, text: world.files[found]!, folder }
}

const followFile = (words: readonly string[], folder: string, world: ScriptWorld): Followed | null => {
  const [name = '', first = '', second = ''] = words
  const isShell = /^(?:ba|da|z|a)?sh$/.test(name.replace(/^.*\//, ''))
  const path = isShell && !first.startsWith('-') ? first : isShell && /^-[eux]+$/.test(first) ? second : name
  const candidates = [
    cleanPath(path),
    cleanPath(folder ? `${folder}/${path}` : path),
    cleanPath(path).replace(imageFolder, ''),
  ]
  const found = candidates.find(candidate => world.files[candidate] !== undefined)
  const args = words.slice(words.indexOf(path) + 1)
  if (found) return { name: found, text: world.files[found]!, folder, args }
  const tail = path.includes('/') || /\.sh$|entrypoint/.test(path) ? fileName(path) : ''
  if (!tail || !/entrypoint|start|\.sh$|^release|^migrate/.test(tail)) return null
  const same = Object.keys(world.files).filter(file => file.endsWith(`/${tail}`) || file === tail)
  return same.length === 1 ? { name: same[0]!, text: world.files[same[0]!]!, folder, args } : null
}

/** What a command leads to: the text of another script, with the folder it runs in; null where it leads nowhere. */
export const follow = (words: readonly string[], folder: string, world: ScriptWorld): Followed | null => {
  const runner = (words[0] ?? '').replace(/^.*\//, '')
  if (/^(?:npm|pnpm|yarn|bun|composer)$/.test(runner)) {
    const script = followPackageScript(runner, words, folder, world)
    return script ?? (runner === 'bun' ? followProgram(words, folder, world) : null)
  }
  if (/^(?:turbo|nx|lerna)$/.test(runner)) return followTask(runner, words, folder, world)
  if (/^(?:npm-run-all2?|run-s|run-p|concurrently|wireit)$/.test(runner)) return followSeveral(words, folder, world)
  if (/^(?:node|tsx|ts-node|bun|deno|uwsgi)$/.test(runner)) return followProgram(words, folder, world)
  if (/^(?:make|just|task)$/.test(runner)) return followTarget(runner, words, folder, world)
  return runner === 'docker' && words[1] === 'compose' ? null : followFile(words, folder, world)
}

/** A script within a command: `bash -c "…"`, `docker compose run web …`, `ssh host "…"`. `whole`: nothing but the script is done. */
export const carriedBy = (
  words: readonly string[],
  input: string | null,
  world: ScriptWorld,
): { script: string; whole: boolean } | null => {
  const [name = '', first = '', second = ''] = words
  if (/^(?:\S*\/)?(?:ba|da|z|a)?sh$|^ssh$/.test(name)) {
    const from = words.indexOf('<')
    const piped = input ?? (from > 0 ? (world.files[cleanPath(words[from + 1] ?? '')] ?? null) : null)
    if (piped !== null) return { script: piped, whole: name !== 'ssh' }
  }
  if (/^(?:\S*\/)?uwsgi$/.test(name)) {
    const hooks = [...words.join(' ').matchAll(/exec:((?:(?! --).)+)|--exec-\S+[= ]((?:(?! --).)+)/g)]
    if (hooks.length) return { script: hooks.map(match => match[1] ?? match[2]!).join('\n'), whole: false }
  }
  // Lines of a script in quotes stay lines: written as an escape, they would be one command.
  const quoted = (word: string): string => `"${word.replace(/["\\]/g, '\\$&')}"`
  const quote = (list: readonly string[]): string =>
    list.length === 1 ? list[0]! : list.map(word => (/[\s;&|]/.test(word) ? quoted(word) : word)).join(' ')
  if (/^(?:\S*\/)?(?:ba|da|z|a)?sh$/.test(name) && /^-\w*c$/.test(first) && second)
    return { script: second, whole: true }
  const composed =
    name === 'docker-compose' ? words.slice(1) : name === 'docker' && first === 'compose' ? words.slice(2) : null
  const at = composed?.findIndex(word => word === 'run' || word === 'exec') ?? -1
  if (composed && at >= 0) {
    let rest = composed.slice(at + 1)
    while (rest[0]?.startsWith('-'))
      rest = rest.slice(
        /^(?:-e|--env|-u|--user|-v|--volume|-w|--workdir|--entrypoint|--name|-p)$/.test(rest[0]) ? 2 : 1,
      )
    return rest.length > 1 ? { script: quote(rest.slice(1)), whole: true } : null
  }
  if (/^(?:docker|podman|nerdctl|incus|lxc)$/.test(name) && (first === 'exec' || first === 'run')) {
    const from = words.findIndex(
      (word, index) =>
        index > 1 &&
        !word.startsWith('-') &&
        !/^(?:-e|--env|--env-file|-u|--user|-v|--volume|-w|--workdir|--name|--network|--net|-p|--publish|--entrypoint|-m|--memory|--platform|--mount|-l|--label)$/.test(
          words[index - 1]!,
        ),
    )
    return from > 0 && words.length > from + 1 ? { script: quote(words.slice(from + 1)), whole: false } : null
  }
  if (/^(?:fly|flyctl)$/.test(name) && first === 'ssh') {
    const at = words.findIndex(word => /^(?:-C|--command)$/.test(word))
    return at > 0 && words[at + 1] ? { script: words[at + 1]!, whole: false } : null
  }
  if (name === 'aws' && first === 'ecs') {
    const command = /"command"\s*:\s*(\[[^\]]*\])/.exec(words.join(' '))?.[1]
    const inner = command === undefined ? [] : [...command.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(match => match[1]!)
    return inner.length ? { script: quote(inner), whole: false } : null
  }
  if (/^(?:kamal|fly|flyctl|kubectl|dokku|ssh|docker|eb|railway|aws|gcloud|heroku)$/.test(name.replace(/^.*\//, ''))) {
    const behind = words.indexOf('--')
    const inner =
      behind > 0 && name === 'kubectl'
        ? quote(words.slice(behind + 1))
        : (words.slice(1).find(word => /\s/.test(word)) ?? null)
    return inner === null ? null : { script: inner, whole: false }
  }
  return null
}
