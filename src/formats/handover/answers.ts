// The answers file `launch-ready.handover.yaml`: read as far as it can be, what is wrong with it told by line, nothing of it lost.
import { LineCounter, parseDocument } from 'yaml'
import type * as z from 'zod'
import { isRecord } from '../is-record.ts'
import { nearestWord } from '../nearest.ts'
import { showPath } from '../show-path.ts'
import { yamlRefusal } from '../yaml-bounds.ts'
import {
  answersVersion,
  type DrillRecord,
  drillSchema,
  type Handover,
  handoverShape,
  type Said,
  saidSchema,
} from './schema.ts'
import { secretIn } from './secret-values.ts'

export type AnswerProblem = {
  kind: 'conflict' | 'syntax' | 'version' | 'unknown-key' | 'value' | 'secret' | 'unreadable'
  line: number | null
  /** Path inside the file; empty for the file as a whole. */
  key: string
  text: string
}

export type Answers = {
  version: number | null
  handover: Handover
  said: Record<string, Said>
  drills: DrillRecord[]
  problems: AnswerProblem[]
  /** It may be written to: nothing of it would be lost. */
  writable: boolean
}

export const noAnswers = (): Answers => ({
  version: null,
  handover: {},
  said: {},
  drills: [],
  problems: [],
  writable: true,
})

type Path = readonly PropertyKey[]
type LineOf = (path: Path) => number | null

const mostKept = 50

const conflictOf = (text: string): AnswerProblem[] =>
  text.split('\n').flatMap((row, at): AnswerProblem[] =>
    /^<{7}(?: |$)/.test(row)
      ? [
          {
            kind: 'conflict',
            line: at + 1,
            key: '',
            text: 'two people wrote it and git could not join them: keep the lines that hold between <<<<<<< and >>>>>>>, take the marks out',
          },
        ]
      : [],
  )

const removeAt = (value: unknown, path: Path): void => {
  const parent = path
    .slice(0, -1)
    .reduce<unknown>((inner, part) => (inner as Record<PropertyKey, unknown> | undefined)?.[part], value)
  const last = path.at(-1)
  if (Array.isArray(parent) && typeof last === 'number') parent.splice(last, 1)
  else if (isRecord(parent) && last !== undefined) delete parent[String(last)]
}

const valueAt = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>((inner, part) => (inner as Record<PropertyKey, unknown> | undefined)?.[part], value)

type Node = { shape?: Record<string, Node>; _zod?: { def?: { innerType?: Node; element?: Node; valueType?: Node } } }

const open = (node: Node | undefined): Node | undefined => {
  let inner = node
  while (inner && !inner.shape && inner._zod?.def?.innerType) inner = inner._zod.def.innerType
  return inner
}

/** Keys that may stand at a path. */
const keysAt = (schema: z.ZodType, path: Path): string[] => {
  let node = open(schema as unknown as Node)
  for (const part of path)
    node = open(node?.shape?.[String(part)] ?? node?._zod?.def?.element ?? node?._zod?.def?.valueType)
  return Object.keys(node?.shape ?? {})
}

const issueProblems = (
  schema: z.ZodType,
  issue: z.core.$ZodIssue,
  base: Path,
  lineOf: LineOf,
): { problem: AnswerProblem; path: Path }[] => {
  const whole = [...base, ...issue.path]
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map(key => {
      const valid = keysAt(schema, issue.path)
      const near = nearestWord(key, valid)
      const text = `unknown key "${key}"${near ? `; did you mean "${near}"?` : valid.length ? `; expected one of ${valid.join(', ')}` : ''}`
      return {
        path: [...issue.path, key],
        problem: { kind: 'unknown-key', line: lineOf([...whole, key]), key: showPath([...whole, key]), text },
      }
    })
  const text = issue.message.replace(/^Invalid (?:input|option|ISO date): ?/, '') || issue.message
  return [{ path: issue.path, problem: { kind: 'value', line: lineOf(whole), key: showPath(whole), text } }]
}

/** What of a value holds; what does not is taken out and told. */
const holding = <T>(
  schema: z.ZodType<T>,
  given: unknown,
  base: Path,
  lineOf: LineOf,
): { value: T | null; problems: AnswerProblem[] } => {
  const copy = structuredClone(given)
  const problems: AnswerProblem[] = []
  for (let round = 0; round < mostKept; round++) {
    const parsed = schema.safeParse(copy)
    if (parsed.success) return { value: parsed.data, problems }
    const faults = parsed.error.issues.flatMap(issue => issueProblems(schema, issue, base, lineOf))
    problems.push(...faults.map(({ problem }) => problem))
    const removable = faults.filter(({ path }) => path.length > 0)
    if (removable.length === 0) return { value: null, problems }
    // From the end of a list, so that the places before keep their numbers.
    for (const { path } of removable.reverse()) removeAt(copy, path)
  }
  return { value: null, problems }
}

/** Takes out whatever looks like a secret, and tells where it stood. */
const withoutSecrets = (value: unknown, base: Path, lineOf: LineOf): AnswerProblem[] => {
  const found: Path[] = []
  const problems: AnswerProblem[] = []
  const visit = (part: unknown, path: Path): void => {
    if (typeof part === 'string') {
      const what = secretIn(part)
      if (what === null) return
      found.push(path)
      problems.push({
        kind: 'secret',
        line: lineOf([...base, ...path]),
        key: showPath([...base, ...path]),
        text: `looks like ${what}; a handover names secrets and never holds them: write where it is kept instead, and replace this one`,
      })
    } else if (Array.isArray(part)) for (const [at, item] of part.entries()) visit(item, [...path, at])
    else if (isRecord(part)) for (const [key, item] of Object.entries(part)) visit(item, [...path, key])
  }
  visit(value, [])
  for (const path of found.reverse()) removeAt(value, path)
  return problems
}

type File = { value: Record<string, unknown>; lineOf: LineOf }

const readYaml = (text: string): File | AnswerProblem => {
  const refusal = yamlRefusal(text)
  if (refusal !== null) return { kind: 'unreadable', line: null, key: '', text: `is not read: ${refusal}` }
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: true })
  const fault = document.errors[0]
  if (fault)
    return {
      kind: 'syntax',
      line: lines.linePos(fault.pos[0]).line,
      key: '',
      text: `is not valid YAML, as if half of it were written: ${fault.message.split('\n')[0]!.replace(/ at line \d+, column \d+:?$/, '')}`,
    }
  let value: unknown
  try {
    value = document.toJS({ maxAliasCount: 100 }) ?? {}
  } catch (error) {
    return { kind: 'syntax', line: null, key: '', text: `is not valid YAML: ${String((error as Error).message)}` }
  }
  if (!isRecord(value)) return { kind: 'syntax', line: 1, key: '', text: 'expected a mapping such as "version: 1"' }
  const lineOf: LineOf = path => {
    for (let depth = path.length; depth > 0; depth--) {
      const node = document.getIn(path.slice(0, depth) as string[], true) as { range?: [number] } | undefined
      if (node?.range) return lines.linePos(node.range[0]).line
    }
    return null
  }
  return { value, lineOf }
}

const topKeys = ['version', 'handover', 'said', 'drills']

/** Before there were versions the section stood at the top of the file. */
const ofOldVersion = (value: Record<string, unknown>): Record<string, unknown> => {
  const flat = Object.entries(value).filter(([key]) => !topKeys.includes(key))
  return { ...Object.fromEntries(flat), ...(isRecord(value['handover']) ? value['handover'] : {}) }
}

const fromNewer = (version: number, line: number | null): Answers => ({
  ...noAnswers(),
  version,
  writable: false,
  problems: [
    {
      kind: 'version',
      line,
      key: 'version',
      text: `is of version ${version}, written by a newer launch-ready; this one reads version ${answersVersion}: update launch-ready`,
    },
  ],
})

/** Keys that stand at the top and are none of the file's. */
const strayKeys = ({ value, lineOf }: File): AnswerProblem[] =>
  Object.keys(value)
    .filter(name => !topKeys.includes(name))
    .map(key => {
      const near = nearestWord(key, topKeys)
      const inside = Object.keys(handoverShape.shape).includes(key)
      return {
        kind: 'unknown-key',
        line: lineOf([key]),
        key,
        text: `unknown key "${key}"${inside ? '; it belongs under "handover"' : near ? `; did you mean "${near}"?` : `; expected one of ${topKeys.join(', ')}`}`,
      }
    })

const olderVersion = ({ lineOf }: File): AnswerProblem => ({
  kind: 'version',
  line: lineOf(['version']),
  key: 'version',
  text: `is of an older version; it is read, and \`launch-ready handover write\` writes it as version ${answersVersion}`,
})

type Read<T> = { value: T; problems: AnswerProblem[] }

const readHandover = ({ value, lineOf }: File, isOld: boolean): Read<Handover> => {
  const base = isOld && !isRecord(value['handover']) ? [] : ['handover']
  const section = structuredClone(isOld ? ofOldVersion(value) : (value['handover'] ?? {}))
  const secrets = withoutSecrets(section, base, lineOf)
  const read = holding(handoverShape, section, base, lineOf)
  return { value: read.value ?? {}, problems: [...secrets, ...read.problems] }
}

/** Who said which answer, and when. */
const readSaid = ({ value, lineOf }: File): Read<Record<string, Said>> => {
  const read = Object.entries(isRecord(value['said']) ? value['said'] : {}).map(
    ([key, item]) => [key, holding(saidSchema, item, ['said', key], lineOf)] as const,
  )
  return {
    value: Object.fromEntries(read.flatMap(([key, one]) => (one.value ? [[key, one.value]] : []))),
    problems: read.flatMap(([, { problems }]) => problems),
  }
}

const mostDrills = 500

const readDrills = ({ value, lineOf }: File): Read<DrillRecord[]> => {
  const read = (Array.isArray(value['drills']) ? value['drills'] : []).slice(-mostDrills).map((item, at) => {
    const secrets = withoutSecrets(item, ['drills', at], lineOf)
    const one = holding(drillSchema, item, ['drills', at], lineOf)
    return { value: one.value, problems: [...secrets, ...one.problems] }
  })
  return {
    value: read.flatMap(one => (one.value ? [one.value] : [])),
    problems: read.flatMap(({ problems }) => problems),
  }
}

/** Reads an answers file. Nothing throws: what cannot be read is told in `problems`. */
export const parseAnswers = (text: string): Answers => {
  const conflicts = conflictOf(text)
  if (conflicts.length) return { ...noAnswers(), problems: conflicts, writable: false }
  const file = readYaml(text)
  if (!('value' in file)) return { ...noAnswers(), problems: [file], writable: false }
  const { value, lineOf } = file
  const version = typeof value['version'] === 'number' ? value['version'] : null
  if (version !== null && version > answersVersion) return fromNewer(version, lineOf(['version']))
  const isOld = Object.keys(value).length > 0 && (version === null || version < answersVersion)
  const [handover, said, drills] = [readHandover(file, isOld), readSaid(file), readDrills(file)]
  const problems = [
    ...(isOld ? [olderVersion(file)] : strayKeys(file)),
    ...[handover, said, drills].flatMap(part => part.problems),
  ]
  return {
    version,
    handover: handover.value,
    said: said.value,
    drills: drills.value,
    problems: problems.slice(0, mostKept),
    writable: true,
  }
}

/** The config's section with what the answers file says instead, key by key; lists are taken whole. */
export const withAnswers = (config: Handover, answers: Handover): Handover => {
  const merged = (a: unknown, b: unknown): unknown => {
    if (b === undefined) return a
    if (!isRecord(a) || !isRecord(b)) return b
    const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])]
    return Object.fromEntries(keys.map(key => [key, merged(a[key], b[key])]))
  }
  return merged(config, answers) as Handover
}

/** The value at a path such as `access.registrar.people`. */
export const answerAt = (handover: Handover, path: string): unknown => valueAt(handover, path.split('.'))
