// What platform files say of a deploy, in one shape: commands by phase, health checks, instances. Shared by their readers.

import { record, text, texts } from '../workflow/model.ts'
import { readYaml, type YamlFile } from '../workflow/yaml-lines.ts'
import { parseJsonc } from './jsonc.ts'

/** `release`: once, before traffic; `start`: in every instance; `after`: once the new release answers. */
export type Phase = 'install' | 'build' | 'release' | 'start' | 'after'

/** A command of a platform file. `process` names the service, process or step it belongs to. */
export type PhaseCommand = { phase: Phase; process: string; line: number; text: string }

export type PlatformFile = {
  commands: PhaseCommand[]
  /** What is asked: a path, or the name of a check. */
  health: { line: number; text: string }[]
  /** Absent where nothing says how many instances run. */
  instances?: number
  /** Images that are started, as they are named. */
  images?: { line: number; text: string }[]
}

/** Reads one kind of platform file; throws with a sentence where it cannot be read. */
export type PlatformReader = (source: string, file: string) => PlatformFile

/** Line, from 1, on which a text stands first; 1 where it stands nowhere. */
export const lineOf = (source: string, needle: string | RegExp): number => {
  const at = typeof needle === 'string' ? source.indexOf(needle) : source.search(needle)
  return at < 0 ? 1 : source.slice(0, at).split('\n').length
}

export const nothing = (): PlatformFile => ({ commands: [], health: [] })

/** Adds a command where the value is one; a list is one command with its words where it starts something, else one a line. */
export const add = (read: PlatformFile, source: string, phase: Phase, process: string, value: unknown): void => {
  const command = Array.isArray(value) ? texts(value).join(phase === 'start' ? ' ' : '\n') : text(value)
  if (command)
    read.commands.push({ phase, process, line: lineOf(source, command.split('\n')[0]!.slice(0, 60)), text: command })
}

export const jsonOf = (source: string): Record<string, unknown> => record(parseJsonc(source))

export const yamlOf = (source: string): YamlFile => {
  const yaml = readYaml(source)
  if ('problem' in yaml) throw new Error(yaml.problem)
  return yaml
}
