// Which environment variables the code reads, which schema knows them, where else they are set or named.
import { setImmediate } from 'node:timers/promises'
import { observed } from '../../core/fact.ts'
import { isPlatformVariable, isSkeletonRead } from '../../data/platform-variables.ts'
import type { EnvironmentName } from '../../formats/repo/dotenv.ts'
import { environmentSettings, type SettingKind, setsEnvironment } from '../../formats/repo/env-sources.ts'
import {
  type EnvironmentSchema,
  environmentUsage,
  loadParser,
  mayReadEnvironment,
  readsEnvironment,
} from '../../formats/repo/env-usage.ts'
import { pathKind } from '../../formats/secrets/path-kind.ts'
import type { FactDefinition } from '../definition.ts'
import { type EnvironmentEntry, environmentEntry } from './env-entry.ts'
import { createReader } from './read.ts'

export type VariableRead = {
  path: string
  line: number
  side: 'server' | 'browser'
  hasDefault: boolean
  strict: boolean
  test: boolean
}

/** A variable that code reads or a schema names. */
export type ReadVariable = {
  name: string
  /** Read places, sorted and bounded; `count` is how many there are. */
  reads: VariableRead[]
  count: number
  browser: boolean
  /** No read falls back, or a schema demands it. */
  required: boolean
  schema: { path: string; line: number; optional: boolean } | null
  /** Set by a platform or read by a tool of its own accord. */
  platform: boolean
}

/** A place that sets or names a variable beside the dotenv files. `entry` is null where the value is kept elsewhere. */
export type VariableSetting = {
  name: string
  file: string
  line: number
  kind: SettingKind
  environment: EnvironmentName
  entry: EnvironmentEntry | null
}

export type EnvironmentUsageFact = {
  variables: ReadVariable[]
  settings: VariableSetting[]
  /** Environments of which a file of the platform names every variable. */
  complete: EnvironmentName[]
  schemas: (Omit<EnvironmentSchema, 'variables'> & { path: string; count: number })[]
  /** Names from dotenv and example files that stand somewhere else in the repository. */
  mentioned: string[]
  /** Names that the README or the documentation explains. */
  explained: string[]
  /** Reads whose name is only known when the program runs. */
  dynamic: number
  problems: { path: string; problem: string }[]
}

const maxBytes = 1 << 20
const readme =
  /(?:^|\/)(?:readme|env(?:ironment)?(?:[-_]?variables)?|configuration|deploy(?:ment|ing)?|setup|install(?:ation)?|contributing|self-?host(?:ing)?)[\w.-]*\.(?:md|mdx|rst|adoc|txt)$/i

const fact: FactDefinition<EnvironmentUsageFact> = {
  on: 'repo',
  deadlines: 12,
  async collect(_subject, context) {
    await loadParser()
    const [tree, files] = await Promise.all([context.need('tree'), context.need('envFiles')])
    if (!tree.ok) return tree
    if (!files.ok) return files
    const reader = createReader(tree.value.root)
    const variables = new Map<string, ReadVariable>()
    const value: EnvironmentUsageFact = {
      variables: [],
      settings: [],
      complete: [],
      schemas: [],
      mentioned: [],
      explained: [],
      dynamic: 0,
      problems: [],
    }
    const names = new Set(files.value.files.flatMap(file => file.entries.map(entry => entry.name)))
    const wanted = names.size
      ? new RegExp(
          `(?<![A-Za-z0-9_])(?:${[...names]
            .slice(0, 3000)
            .map(name => name.replace(/[.]/g, '\\.'))
            .join('|')})(?![A-Za-z0-9_])`,
          'g',
        )
      : null
    const mentioned = new Set<string>()
    const explained = new Set<string>()
    const variableOf = (name: string): ReadVariable => {
      const known = variables.get(name)
      if (known) return known
      const made: ReadVariable = {
        name,
        reads: [],
        count: 0,
        browser: false,
        required: false,
        schema: null,
        platform: isPlatformVariable(name),
      }
      variables.set(name, made)
      return made
    }
    let bytes = 0
    for (const file of tree.value.files) {
      if (file.kind !== 'file' || file.size === 0 || file.size > maxBytes) continue
      const kind = pathKind(file.path)
      if (
        kind === 'lock' ||
        kind === 'generated' ||
        kind === 'environment' ||
        (kind === 'example' && !readsEnvironment.test(file.path))
      )
        continue
      const code = readsEnvironment.test(file.path) || mayReadEnvironment.test(file.path)
      // What tests and fixtures set is set for no environment of the product.
      const sets = kind === 'test' ? null : setsEnvironment(file.path)
      const explains = readme.test(file.path)
      const text = reader.maybe(file.path, { maxBytes })
      if (text === null) continue
      bytes += text.length
      if (bytes > 4 << 20) {
        bytes = 0
        await setImmediate()
      }
      if (explains) for (const match of text.matchAll(/\b[A-Z][A-Z0-9]*_[A-Z0-9_]+\b/g)) explained.add(match[0])
      else if (wanted && kind !== 'documentation') for (const match of text.matchAll(wanted)) mentioned.add(match[0])
      if (sets) {
        const { settings, complete, problem } = environmentSettings(file.path, text)
        for (const { value: given, ...setting } of settings)
          value.settings.push({
            ...setting,
            entry: given === null ? null : environmentEntry({ name: setting.name, value: given, line: setting.line }),
          })
        value.complete.push(...complete)
        if (problem) value.problems.push({ path: file.path, problem })
      }
      if (!code || kind === 'documentation') continue
      const usage = environmentUsage(file.path, text)
      if (usage.problem) value.problems.push({ path: file.path, problem: usage.problem })
      const test =
        kind === 'test' ||
        /(?:^|\/)(?:scripts?|tools?|bench(?:mark)?s?)\//.test(file.path) ||
        /\.config\.[cm]?[jt]s$/.test(file.path)
      for (const { name, ...read } of usage.reads) {
        const variable = variableOf(name)
        variable.count++
        if (variable.reads.length < 50) variable.reads.push({ path: file.path, ...read, test })
      }
      if (kind === 'test') continue
      value.dynamic += usage.dynamic
      for (const { variables: named, ...schema } of usage.schemas) {
        value.schemas.push({ ...schema, path: file.path, count: named.length })
        for (const { name, line, optional } of named) {
          const variable = variableOf(name)
          variable.schema ??= { path: file.path, line, optional }
        }
      }
    }
    for (const variable of variables.values()) {
      // Options that the framework's skeleton reads, and nothing of the product's own.
      variable.platform ||=
        variable.reads.length > 0 && variable.reads.every(({ path }) => isSkeletonRead(path, variable.name))
      const counted = variable.reads.filter(read => !read.test)
      variable.browser = counted.some(read => read.side === 'browser')
      variable.required = variable.schema
        ? !variable.schema.optional
        : counted.length > 0 && counted.some(read => !read.hasDefault)
    }
    value.variables = [...variables.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
    value.settings.sort((a, b) => (a.name === b.name ? (a.file < b.file ? -1 : 1) : a.name < b.name ? -1 : 1))
    value.complete = [...new Set(value.complete)].sort()
    value.mentioned = [...mentioned].sort()
    value.explained = [...explained].sort()
    return observed(value, context.now())
  },
}
export default fact
