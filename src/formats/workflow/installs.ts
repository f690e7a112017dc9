// Install commands of package managers: whether one gets exactly what is locked, and what to write where it does not.
import type { Command, ScriptWorld } from './script.ts'

export type Install = Pick<Command, 'manager' | 'frozen' | 'instead'>

/** An install command, taken apart. */
type Call = {
  /** The words behind the program, and the first that is no option. */
  rest: readonly string[]
  command: string
  /** It names packages of its own. */
  isNamed: boolean
  isGlobal: boolean
  has: (pattern: RegExp) => boolean
  env: Readonly<Record<string, string>>
  world: ScriptWorld
  /** The CI variable is set where it runs. */
  inCi: boolean
}

/** `uv pip install .`: the project's own requirements, whatever the lock beside them says. */
const localInstall = (rest: readonly string[], { pythonLock }: ScriptWorld): Install | null =>
  pythonLock &&
  !rest.includes('--no-deps') &&
  rest.some(word => /^(?:\.{1,2}(?:\/[\w./-]*)?)(?:\[[\w,-]+\])?$/.test(word))
    ? { manager: 'pip', frozen: false, instead: 'uv sync --locked' }
    : null

const pipInstall = (rest: readonly string[], world: ScriptWorld, name: string): Install | null => {
  const at = rest.findIndex(word => word === '-r' || word === '--requirement' || /^-r./.test(word))
  if (at < 0) return localInstall(rest, world)
  const file = rest[at] === '-r' || rest[at] === '--requirement' ? (rest[at + 1] ?? '') : rest[at]!.slice(2)
  if (/dev|test|lint|docs/.test(file)) return null
  const frozen = world.pinnedRequirements || rest.includes('--require-hashes')
  return { manager: 'pip', frozen, instead: `${name} install --require-hashes -r requirements.lock.txt` }
}

const npm = ({ command, isNamed, isGlobal }: Call): Install | null => {
  if (/^(?:ci|clean-install|ic)$/.test(command)) return { manager: 'npm', frozen: true }
  if (!/^(?:install|i|add|in)$/.test(command) || isNamed || isGlobal) return null
  return { manager: 'npm', frozen: false, instead: 'npm ci' }
}

const pnpm = ({ command, isGlobal, has, inCi }: Call): Install | null => {
  if (!/^(?:install|i)$/.test(command) || isGlobal) return null
  // pnpm is frozen by itself where it sees CI (https://pnpm.io/cli/install).
  const frozen =
    has(/^--frozen-lockfile(?:=true)?$/) ||
    has(/^--offline$/) ||
    (inCi && !has(/^--no-frozen-lockfile$|^--frozen-lockfile=false$/))
  return { manager: 'pnpm', frozen, instead: 'pnpm install --frozen-lockfile' }
}

const yarn = ({ command, has, inCi, world: { yarnBerry } }: Call): Install | null => {
  if (command !== '' && command !== 'install') return null
  const frozen = has(/^--(?:frozen-lockfile|immutable)$/) || (yarnBerry && inCi && !has(/^--no-immutable$/))
  return { manager: 'yarn', frozen, instead: `yarn install --${yarnBerry ? 'immutable' : 'frozen-lockfile'}` }
}

const bun = ({ command, isNamed, isGlobal, has }: Call): Install | null => {
  if (command === 'ci') return { manager: 'bun', frozen: true }
  if (!/^(?:install|i)$/.test(command) || isNamed || isGlobal) return null
  return { manager: 'bun', frozen: has(/^--frozen-lockfile$/), instead: 'bun install --frozen-lockfile' }
}

const bundle = ({ command, has, env }: Call): Install | null => {
  if (command === 'update') return { manager: 'bundler', frozen: false, instead: 'bundle install' }
  if (command !== 'install' && command !== '') return null
  const isSet = /^(?:1|true)$/.test(env['BUNDLE_FROZEN'] ?? env['BUNDLE_DEPLOYMENT'] ?? '')
  const frozen = has(/^--(?:deployment|frozen)$/) || isSet
  return { manager: 'bundler', frozen, instead: 'BUNDLE_FROZEN=true bundle install' }
}

const composer = ({ command }: Call): Install | null => {
  if (command === 'update' || command === 'require')
    return { manager: 'composer', frozen: false, instead: 'composer install --no-interaction' }
  return command === 'install' ? { manager: 'composer', frozen: true } : null
}

const poetry = ({ command }: Call): Install | null => {
  if (command === 'update' || command === 'lock') return { manager: 'poetry', frozen: false, instead: 'poetry sync' }
  return command === 'install' || command === 'sync' ? { manager: 'poetry', frozen: true } : null
}

const behindInstall = (rest: readonly string[]): readonly string[] => rest.slice(rest.indexOf('install') + 1)

const uv = ({ command, rest, has, env, world }: Call): Install | null => {
  if (command === 'sync') {
    const isSet = env['UV_FROZEN'] !== undefined || env['UV_LOCKED'] !== undefined
    return { manager: 'uv', frozen: has(/^--(?:locked|frozen)$/) || isSet, instead: 'uv sync --locked' }
  }
  return command === 'pip' && has(/^install$/) ? pipInstall(behindInstall(rest), world, 'uv pip') : null
}

const pipenv = ({ command, isNamed, has }: Call): Install | null => {
  if (command === 'sync') return { manager: 'pipenv', frozen: true }
  if (command !== 'install' || isNamed) return null
  return { manager: 'pipenv', frozen: has(/^--deploy$|^--ignore-pipfile$/), instead: 'pipenv install --deploy' }
}

const pip = ({ command, rest, world }: Call): Install | null =>
  command === 'install' ? pipInstall(behindInstall(rest), world, 'pip') : null

const go = ({ command, has }: Call): Install | null => {
  if (command === 'get' && has(/^-u$/)) return { manager: 'go', frozen: false, instead: 'go mod download' }
  return command === 'mod' && has(/^download$/) ? { manager: 'go', frozen: true } : null
}

const mix = ({ command, has }: Call): Install | null =>
  command === 'deps.get' || command === 'deps.update'
    ? { manager: 'mix', frozen: has(/^--check-locked$/), instead: 'mix deps.get --check-locked' }
    : null

const python = ({ rest, world }: Call): Install | null =>
  rest[0] === '-m' && rest[1] === 'pip' && rest[2] === 'install' ? pipInstall(rest.slice(3), world, 'pip') : null

const managers: Readonly<Record<string, (call: Call) => Install | null>> = {
  npm,
  pnpm,
  yarn,
  bun,
  bundle,
  composer,
  poetry,
  uv,
  pipenv,
  pip,
  pip3: pip,
  go,
  mix,
}

/** Whether an install command gets exactly what is locked; null when it is no install of the project's dependencies. */
export const installOf = (
  words: readonly string[],
  env: Readonly<Record<string, string>>,
  world: ScriptWorld,
  inCi: boolean,
): Install | null => {
  const [name = '', ...rest] = words
  const plain = rest.filter(word => !word.startsWith('-'))
  const has = (pattern: RegExp): boolean => rest.some(word => pattern.test(word))
  const read = managers[name.replace(/^.*\//, '')] ?? (/^python/.test(name) ? python : null)
  return (
    read?.({
      rest,
      command: plain[0] ?? '',
      isNamed: plain.length > 1,
      isGlobal: has(/^(?:-g|--global)$/),
      has,
      env,
      world,
      inCi: inCi || env['CI'] !== undefined,
    }) ?? null
  )
}
