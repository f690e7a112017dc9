// What scripts consist of: the commands whose kind is known, and what of the repository they may call.
import type { CommandKind } from '../../data/command-kinds.ts'

/** One command whose kind is known. `frozen` for installs: whether exactly what is locked gets installed. `via` names the scripts followed. */
export type Command = {
  kind: CommandKind
  offset: number
  text: string
  failureIgnored: boolean
  manager?: string
  frozen?: boolean
  /** What to write instead, for an install that is not frozen or a server for development. */
  instead?: string
  via: string[]
  /** It stands in one of several branches of a script, and nothing says which of them runs. */
  open?: boolean
}

/** What scripts may lead to. Paths relative to the root. */
export type ScriptWorld = {
  /** Scripts by folder ('' is the root) and name: package.json and composer.json. */
  scripts: Readonly<Record<string, Readonly<Record<string, string>>>>
  /** Recipes of Makefile targets. */
  targets: Readonly<Record<string, string>>
  /** Text of shell files by path. */
  files: Readonly<Record<string, string>>
  /** Files of lock kinds present by folder: decides what `yarn` and `pip` mean. */
  yarnBerry: boolean
  pinnedRequirements: boolean
  /** A lock of uv, Poetry or PDM stands there. */
  pythonLock?: boolean
}

export const emptyWorld: ScriptWorld = {
  scripts: {},
  targets: {},
  files: {},
  yarnBerry: false,
  pinnedRequirements: false,
}
