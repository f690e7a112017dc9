// Dockerfiles read into instructions and stages, after the reference (https://docs.docker.com/reference/dockerfile/): escape directive,
// continuation lines, comments within them, here-documents, JSON and shell forms, ARG in FROM.
import { matchesGlob } from '../glob.ts'

export type Instruction = {
  /** First and last line, counted from 1. */
  line: number
  endLine: number
  keyword: string
  /** `--from=build --chown=1:1` → { from: 'build', chown: '1:1' }. */
  flags: Record<string, string>
  /** What stands behind keyword and flags, continuation lines joined by a space. */
  value: string
  /** Arguments of the JSON form; null in shell form. */
  json: string[] | null
  /** Bodies of here-documents. */
  heredocs: string[]
}

export type Stage = {
  line: number
  name: string | null
  base: string /** Stage that it stands on, by index; null for an image. */
  on: number | null
  instructions: Instruction[]
}

export type Dockerfile = {
  stages: Stage[] /** Before the first FROM. */
  globals: Instruction[]
  problem: string | null
}

const parseJsonForm = (value: string): string[] | null => {
  if (!value.startsWith('[')) return null
  try {
    const list: unknown = JSON.parse(value)
    return Array.isArray(list) && list.every(item => typeof item === 'string') ? list : null
  } catch {
    return null
  }
}

/** Splits a text into instructions; lines that are none are left out. */
const instructionsOf = (text: string): Instruction[] => {
  const lines = text.split(/\r?\n/)
  let escapeCharacter = '\\'
  for (const line of lines) {
    const directive = /^\s*#\s*(\w+)\s*=\s*(.*?)\s*$/.exec(line)
    if (!directive) break
    if (directive[1]!.toLowerCase() === 'escape' && directive[2] === '`') escapeCharacter = '`'
  }
  const result: Instruction[] = []
  for (let at = 0; at < lines.length; at += 1) {
    if (/^\s*(#|$)/.test(lines[at]!)) continue
    const start = at
    let joined = lines[at]!.trim()
    while (joined.endsWith(escapeCharacter) && at + 1 < lines.length) {
      joined = joined.slice(0, -1).trimEnd()
      at += 1
      while (at < lines.length && /^\s*(#|$)/.test(lines[at]!) && at + 1 < lines.length) at += 1
      joined = `${joined} ${lines[at]!.trim()}`
    }
    const match = /^([A-Za-z]+)(?:\s+([\s\S]*))?$/.exec(joined)
    if (!match) continue
    const keyword = match[1]!.toUpperCase()
    let value = match[2]?.trim() ?? ''
    const flags: Record<string, string> = {}
    for (let flag = /^--([a-z-]+)(?:=(\S+))?\s*/.exec(value); flag; flag = /^--([a-z-]+)(?:=(\S+))?\s*/.exec(value)) {
      if (keyword === 'CMD' || keyword === 'ENTRYPOINT') break
      flags[flag[1]!] = flag[2] ?? ''
      value = value.slice(flag[0].length)
    }
    const heredocs: string[] = []
    if (keyword === 'RUN' || keyword === 'COPY' || keyword === 'ADD') {
      for (const mark of value.matchAll(/<<(-?)\s*(["']?)([A-Za-z_]\w*)\2/g)) {
        const body: string[] = []
        for (at += 1; at < lines.length && (mark[1] ? lines[at]!.trimStart() : lines[at]!) !== mark[3]; at += 1)
          body.push(lines[at]!)
        heredocs.push(body.join('\n'))
      }
    }
    result.push({
      line: start + 1,
      endLine: Math.min(at + 1, lines.length),
      keyword,
      flags,
      value,
      json: parseJsonForm(value),
      heredocs,
    })
  }
  return result
}

/** Values that name themselves twice would double with each line. */
const longestValue = 4000

/** Replaces `$NAME`, `${NAME}` and `${NAME:-default}` by what is known; unknown ones stay. */
export const expand = (value: string, known: Readonly<Record<string, string>>): string =>
  value
    .slice(0, longestValue)
    .replace(
      /\$\{(\w+)(?::([-+])([^}]*))?\}|\$(\w+)/g,
      (whole, braced?: string, sign?: string, word?: string, plain?: string) => {
        const name = braced ?? plain ?? ''
        if (sign === '+') return known[name] ? (word ?? '') : ''
        return known[name] || (sign === '-' ? (word ?? '') : known[name] === undefined ? whole : '')
      },
    )
    .slice(0, longestValue)

/** `A=1 B="two words" C=3` and the old `A value` form → pairs. */
export const assignments = (value: string): [string, string][] => {
  const pairs = [...value.matchAll(/(?<![\w.-])([A-Za-z_][\w.-]*)=("(?:\\.|[^"\\])*"|'[^']*'|(?:\\.|[^\s\\])*)/g)].map(
    (match): [string, string] => [match[1]!, match[2]!.replace(/^(["'])([\s\S]*)\1$/, '$2')],
  )
  if (pairs.length) return pairs
  const old = /^(\S+)\s+(.+)$/.exec(value)
  return old ? [[old[1]!, old[2]!.replace(/^(["'])([\s\S]*)\1$/, '$2')]] : value ? [[value, '']] : []
}

/** Reads a Dockerfile. Bounded by the caller's text; never throws. */
export const parseDockerfile = (text: string): Dockerfile => {
  const globals: Instruction[] = []
  const stages: Stage[] = []
  const known: Record<string, string> = {}
  for (const instruction of instructionsOf(text)) {
    if (instruction.keyword === 'FROM') {
      const from = /^(\S+)(?:\s+[Aa][Ss]\s+(\S+))?/.exec(instruction.value)
      if (!from) continue
      const base = expand(from[1]!, known)
      const at = stages.findIndex(
        ({ name }, index) => name?.toLowerCase() === base.toLowerCase() || String(index) === base,
      )
      stages.push({ line: instruction.line, name: from[2] ?? null, base, on: at < 0 ? null : at, instructions: [] })
    } else if (stages.length === 0) {
      globals.push(instruction)
      // Without a default its value is given when the image is built, and is not known here.
      if (instruction.keyword === 'ARG' && instruction.value.includes('='))
        for (const [name, value] of assignments(instruction.value)) known[name] = value
    } else stages.at(-1)!.instructions.push(instruction)
  }
  return { stages, globals, problem: stages.length === 0 ? 'it has no FROM' : null }
}

/** Instructions of a stage with those of the stages it stands on, the lowest first: what ends in the image. */
export const lineageOf = (dockerfile: Dockerfile, index: number): Instruction[] => {
  const stage = dockerfile.stages[index]
  if (!stage) return []
  return [...(stage.on !== null && stage.on < index ? lineageOf(dockerfile, stage.on) : []), ...stage.instructions]
}

/** The image under a stage, through all stages between. */
export const imageUnder = (dockerfile: Dockerfile, index: number): string => {
  const stage = dockerfile.stages[index]
  if (!stage) return ''
  return stage.on !== null && stage.on < index ? imageUnder(dockerfile, stage.on) : stage.base
}

/** Names of stages that laptops and tests start. */
const forLaptops = /(?:^|[-_.])(?:dev|devel|development|local|debug|tests?|testing|ci)(?:$|[-_.])/i

const saysHow = ({ instructions }: Stage): boolean =>
  instructions.some(({ keyword }) => keyword === 'CMD' || keyword === 'ENTRYPOINT')

/** The stage that production starts: the last one, unless it is for laptops or tests and one before it says how it is started. */
export const finalStage = ({ stages }: Pick<Dockerfile, 'stages'>): number => {
  const last = stages.length - 1
  if (!forLaptops.test(stages[last]?.name ?? '')) return last
  const before = stages.findLastIndex(stage => !forLaptops.test(stage.name ?? '') && saysHow(stage))
  return before < 0 ? last : before
}

/** Whether a stage is started where customers are: that of production, and others that say how, but for those of laptops and tests. */
const isStarted = (dockerfile: Dockerfile, index: number): boolean => {
  const stage = dockerfile.stages[index]
  return (
    index === finalStage(dockerfile) || (stage !== undefined && !forLaptops.test(stage.name ?? '') && saysHow(stage))
  )
}

/** Instructions of the stages that are started, with those that they stand on: what the others hold is thrown away but for what is copied. */
export const startedInstructions = (dockerfile: Dockerfile): Instruction[] =>
  dockerfile.stages.flatMap((_, index) => (isStarted(dockerfile, index) ? lineageOf(dockerfile, index) : []))

/** `registry:5000/team/node:20-alpine@sha256:…` → its parts. */
export const parseImage = (reference: string): { repository: string; tag: string | null; digest: string | null } => {
  const [rest, digest = null] = reference.split('@') as [string, string?]
  const colon = rest.lastIndexOf(':')
  const tagged = colon > rest.lastIndexOf('/')
  return { repository: tagged ? rest.slice(0, colon) : rest, tag: tagged ? rest.slice(colon + 1) : null, digest }
}

/** Command of CMD or ENTRYPOINT as one line of words. */
export const commandText = (instruction: Instruction): string => {
  const words = instruction.json ?? [instruction.value]
  // `["sh", "-c", "…"]` is the shell form written out.
  return words.length > 2 && /(?:^|\/)(?:ba|da|a)?sh$/.test(words[0]!) && words[1]!.startsWith('-')
    ? words.slice(2).join(' ')
    : words.join(' ')
}

/** Rules of a .dockerignore, in order; `!` takes back. */
export const parseDockerignore = (text: string): { pattern: string; negated: boolean }[] =>
  text
    .split(/\r?\n/)
    .map(line => line.trim())
    .filter(line => line !== '' && !line.startsWith('#'))
    .map(line => ({
      pattern: line
        .replace(/^!/, '')
        .trim()
        .replace(/^\.?\//, '')
        .replace(/\/$/, ''),
      negated: line.startsWith('!'),
    }))

/** Whether .dockerignore keeps a path (relative to the context) out of the build; the last rule that matches decides. */
export const isDockerignored = (rules: readonly { pattern: string; negated: boolean }[], path: string): boolean => {
  let ignored = false
  for (const { pattern, negated } of rules) {
    if (matchesGlob(pattern, path) || matchesGlob(`${pattern}/**`, path)) ignored = !negated
  }
  return ignored
}
