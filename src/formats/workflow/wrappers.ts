// What stands before a program: assignments, sudo, package runners, tools that set the environment, interpreters that run a module.
import { isJavaScript } from '../repo/paths.ts'

/** A wrapper: how it is told, which of its options take the next word as their value, whether `--` ends its words wherever it stands. */
type Wrapper = { matches: RegExp; takesValue?: RegExp; skip?: number; endsAtDashes?: true }

const anyValue = /^-(?:[a-zA-Z]|-[\w-]+)$/

/** Wrappers whose program follows their options, by the words that they begin with. */
const wrappers: readonly Wrapper[] = [
  {
    matches:
      /^(?:sudo|exec|time|nohup|command|then|do|else|if|while|until|!|cross-env|cross-env-shell|dumb-init|tini|retry|xvfb-run|catchsegv|with-contenv|caffeinate|setsid|unbuffer|@|-)(?= |$)/,
    takesValue: /^-(?:u|g|n)$/,
  },
  { matches: /^(?:nice|ionice|stdbuf|chrt)(?= )/, takesValue: /^-(?:n|c|i|o|e)$/ },
  { matches: /^env(?= )/, takesValue: /^-(?:u|C|S)$/ },
  { matches: /^(?:dotenv|dotenv-cli)(?= )/, takesValue: /^-(?:e|p|f|v)$/, endsAtDashes: true },
  {
    matches: /^(?:dotenvx run|env-cmd)(?= )/,
    endsAtDashes: true,
    takesValue: /^(?:-f|--env-file|-fk|--file|-e|--environments|-r)$/,
  },
  { matches: /^timeout(?= )/, takesValue: /^-(?:k|s)$/, skip: 1 },
  {
    matches: /^(?:gosu|su-exec|s6-setuidgid|setuidgid|chpst|chamber exec|aws-vault exec|direnv exec|with)(?= )/,
    skip: 1,
  },
  { matches: /^flock(?= )/, takesValue: /^-(?:w|E)$/, skip: 1 },
  {
    matches: /^(?:npx|bunx|pnpx|uvx|pipx run|corepack|asdf exec|volta run)(?= )/,
    takesValue: /^(?:-p|--package|--from|--with|-c|--node)$/,
  },
  {
    matches:
      /^(?:pnpm|yarn|npm|bun)(?: (?:--prefix|-C|--dir|--filter|-F|--cwd|-w|--workspace) [^\s-]\S*| -\S+)* (?:exec|dlx|x)(?= )/,
    takesValue: /^(?:-w|--workspace|-F|--filter|-C|--dir|-p|--package)$/,
  },
  {
    matches:
      /^(?:(?:~|\$\{?HOME\}?|(?=\/))(?:\/[\w.@+-]+)*\/)?(?:poetry|uv|pipenv|hatch(?! run test)|pdm|rye|conda|mamba|railway|heroku|doppler|infisical|op|teller|sentry-cli|bundle|pixi|dotenvx) (?:exec|run|x)(?= )/,
    endsAtDashes: true,
    takesValue:
      /^(?:-a|--app|-r|--remote|-s|--size|--service|--type|-e|--env|--environment|-n|--name|-p|--project|-c|--config|--env-file|--package|--directory|--with|--extra|--group|--python)$/,
  },
  { matches: /^(?:mise|rtx) (?:exec|x)(?= )/, takesValue: /^$/ },
  { matches: /^nix develop(?= )/, takesValue: /^$/ },
  { matches: /^percy (?:\S+:)?exec(?= )/, endsAtDashes: true, takesValue: /^(?:-P|-c|--port|--config)$/ },
  { matches: /^(?:heroku) run:detached(?= )/, takesValue: /^(?:-a|--app|-r|--remote|-s|--size)$/ },
  { matches: /^(?:dockerize)(?= )/, takesValue: anyValue },
  { matches: /^(?:\S*\/)?wait-for(?:-it)?(?:\.sh)?(?= )/, takesValue: anyValue, skip: 1 },
]

/** Packages whose program bears another name. */
const programOfPackage: Readonly<Record<string, string>> = {
  '@railway/cli': 'railway',
  'netlify-cli': 'netlify',
  'eas-cli': 'eas',
  'firebase-tools': 'firebase',
  'aws-cdk': 'cdk',
  '@opennextjs/cloudflare': 'opennextjs-cloudflare',
  '@cloudflare/next-on-pages': 'next-on-pages',
  '@azure/static-web-apps-cli': 'swa',
  '@shopify/cli': 'shopify',
  'dotenv-cli': 'dotenv',
  '@dotenvx/dotenvx': 'dotenvx',
  'sequelize-cli': 'sequelize',
  '@aws-amplify/backend-cli': 'ampx',
  'pm2-runtime': 'pm2-runtime',
}

const withoutVersion = (name: string): string => {
  const bare = name.replace(/(?<=.)@[^/]*$/, '')
  return programOfPackage[bare] ?? bare
}

/** Words of the package managers themselves; any other is a script or a program of a package. */
const managerWords =
  /^(?:add|install|i|ci|clean-install|it|remove|rm|uninstall|un|update|up|upgrade|link|unlink|publish|pack|init|create|config|set|get|why|list|ls|outdated|audit|cache|store|dedupe|rebuild|prune|root|bin|import|fetch|patch|deploy|env|doctor|approve-builds|setup|self-update|recursive|multi|m|node|run|run-script|rum|test|t|start|stop|restart|workspace|workspaces|plugin|version|dlx|exec|x|info|login|logout|whoami|help|pm|build|repl|server|completion|access|owner|team|token|view|search|ping|policies|generate-lock-entry|constraints|explain|rebuild|unplug|autoclean|check|licenses|c|catalog-update|npm)$/

const valueOfManager = /^(?:--prefix|-C|--dir|--filter|-F|--cwd|-w|--workspace)$/

/** `pnpm wrangler deploy`, `yarn workspace web prisma migrate deploy`: the program of a package. `isScript`: a script of the repository bears the name. */
const packageProgram = (words: readonly string[], isScript: (name: string) => boolean): string[] | null => {
  if (!/^(?:pnpm|yarn|bun)$/.test(words[0] ?? '')) return null
  let at = 1
  for (;;) {
    const word = words[at]
    if (word === undefined) return null
    if (words[0] === 'yarn' && word === 'workspace') at += 2
    else if (word === 'run' && words[0] !== 'pnpm') at += 1
    else if (word.startsWith('-')) at += valueOfManager.test(word) && !word.includes('=') ? 2 : 1
    else break
  }
  const name = words[at]!
  // Bun runs a file by itself.
  if (words[0] === 'bun' && isJavaScript(name)) return null
  if (managerWords.test(name) || isScript(name) || !/^[@\w][\w./@-]*$/.test(name)) return null
  return [withoutVersion(name), ...words.slice(at + 1)]
}

/** `go run github.com/pressly/goose/v3/cmd/goose@latest up`, `go tool goose up`: the program that is built and run. */
const goProgram = (words: readonly string[]): string[] | null => {
  if (words[0] !== 'go' || !/^(?:run|tool)$/.test(words[1] ?? '')) return null
  let at = 2
  while (words[at]?.startsWith('-')) at += /^-(?:tags|mod|C|ldflags)$/.test(words[at]!) ? 2 : 1
  const path = words[at]
  if (path === undefined || path.startsWith('.')) return null
  const parts = path.replace(/@.*$/, '').split('/')
  const name = parts.findLast(part => !/^v\d+$/.test(part) && part !== 'cmd')
  return name ? [name, ...words.slice(at + 1)] : null
}

/** Modules whose own command differs from what `python -m` does, or which are known with it. */
const ownModules = /^(?:pip|build|unittest|venv|http\.server|compileall|ensurepip|json\.tool|pytest)$/

const pythonModule = (words: readonly string[]): string[] | null => {
  if (!/^(?:\S*\/)?python[\d.]*$/.test(words[0] ?? '')) return null
  const at = words.findIndex((word, index) => index > 0 && word === '-m')
  const isFirst = at > 0 && words.slice(1, at).every(word => word.startsWith('-'))
  const name = words[at + 1]
  if (!isFirst || !name || ownModules.test(name)) return null
  return [name.replace(/\.__main__$/, ''), ...words.slice(at + 2)]
}

const valueOfNode = /^(?:-r|--require|--import|--loader|--env-file|--env-file-if-exists|-C|--conditions)$/

/** `node ./node_modules/prisma/build/index.js migrate deploy`: the program of a package, by the path of its file. */
const nodeProgram = (words: readonly string[]): string[] | null => {
  if (!/^(?:\S*\/)?node$/.test(words[0] ?? '')) return null
  let at = 1
  while (words[at]?.startsWith('-')) at += valueOfNode.test(words[at]!) ? 2 : 1
  const name = /(?:^|\/)node_modules\/(?!\.)((?:@[\w.-]+\/)?[\w.-]+)\/[^\s]*\.[cm]?js$/.exec(words[at] ?? '')?.[1]
  return name ? [withoutVersion(name), ...words.slice(at + 1)] : null
}

/** What follows the options of a wrapper; behind `--` where it says so. */
const behind = (rest: readonly string[], { takesValue, skip = 0, endsAtDashes }: Wrapper): string[] => {
  const dashes = endsAtDashes ? rest.indexOf('--') : -1
  if (dashes >= 0) return rest.slice(dashes + 1)
  let at = 0
  let left = skip
  for (;;) {
    const word = rest[at]
    if (word === undefined) return []
    if (word === '--') return rest.slice(at + 1)
    if (word.startsWith('-') && word !== '-') at += takesValue?.test(word) && !word.includes('=') ? 2 : 1
    else if (left > 0) {
      at += 1
      left -= 1
    } else return rest.slice(at)
  }
}

const unwrapped = (words: readonly string[], isScript: (name: string) => boolean): string[] | null => {
  const line = words.slice(0, 8).join(' ')
  const wrapper = wrappers.find(({ matches }) => matches.test(line))
  if (!wrapper) return packageProgram(words, isScript) ?? nodeProgram(words) ?? goProgram(words) ?? pythonModule(words)
  const used = wrapper.matches.exec(line)![0].split(' ').length
  const rest = behind(words.slice(used), wrapper)
  // `nix develop -c cmd`, `conda run -n env cmd`: what is behind, with the name of a package as that of its program.
  // `heroku run "POOL_SIZE=2 mix ecto.migrate" --app a`: a command in quotes is one word.
  const opened = /\s/.test(rest[0] ?? '') ? [...rest[0]!.trim().split(/\s+/), ...rest.slice(1)] : rest
  return opened.length ? [withoutVersion(opened[0]!), ...opened.slice(1)] : opened
}

/** Leaves out what stands before the program. `isScript`: whether a script of the repository bears a name (then the package manager runs that). */
export const program = (
  words: readonly string[],
  isScript: (name: string) => boolean = () => false,
): { words: string[]; env: Record<string, string> } => {
  const env: Record<string, string> = {}
  let rest = [...words]
  for (let steps = 0; steps < 30; steps += 1) {
    const head = rest[0]
    if (head === undefined) return { words: [], env }
    const assignment = /^([A-Za-z_]\w*)=(.*)$/s.exec(head)
    // Composer's scripts silence a command by a leading @.
    if (/^@\w/.test(head) && !head.includes('/')) rest[0] = head.slice(1)
    else if (assignment) {
      env[assignment[1]!] = assignment[2]!
      rest = rest.slice(1)
    } else {
      const next = unwrapped(rest, isScript)
      if (next === null) return { words: rest, env }
      rest = next
    }
  }
  return { words: rest, env }
}
