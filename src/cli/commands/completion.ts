// `completion <shell>`: a completion script, generated from the tree of commands: names, options, and the values that an option or an
// operand takes.
import type { Command, Option } from 'commander'
import { checks } from '../../checks/index.generated.ts'
import { nearest, UsageError } from '../../config/errors.ts'
import { severities } from '../../core/severity.ts'
import { stages } from '../../core/stage.ts'
import { reportFormats } from '../reports.ts'

const shells = ['bash', 'zsh', 'fish'] as const

type Item = { word: string; about: string }
/** An option that takes a value; `values` is empty where only its user knows them, `many` where several follow. */
type Valued = { words: string[]; values: readonly string[]; many: boolean }
type Node = { path: string[]; words: Item[]; operands: readonly string[]; options: Option[] }

const ids = checks.map(({ id }) => id)
const selectors = [...stages, ...ids]

/** Option → its values. */
const optionValues: Readonly<Record<string, readonly string[]>> = {
  '--report': reportFormats,
  '--fail-on': [...severities, 'never'],
  '--only': selectors,
  '--skip': selectors,
  '--soft-fail': selectors,
  '--ci': ['github', 'gitlab', 'none'],
}

/** Command → what its operand may be. */
const operandValues: Readonly<Record<string, readonly string[]>> = {
  explain: ids,
  checks: stages,
  completion: shells,
}

const nodesOf = (command: Command, path: string[] = []): Node[] => {
  const options = command.options.filter(option => !option.hidden)
  const own: Node = {
    path,
    options,
    operands: operandValues[path.join(' ')] ?? [],
    words: [
      ...command.commands.map(sub => ({ word: sub.name(), about: sub.description() })),
      ...options.flatMap(option =>
        [option.long, option.short]
          .filter((word): word is string => Boolean(word))
          .map(word => ({ word, about: option.description })),
      ),
    ],
  }
  return [own, ...command.commands.flatMap(sub => nodesOf(sub, [...path, sub.name()]))]
}

/** Options that take a value, each once: the same option means the same in every command. */
const valuedOf = (nodes: readonly Node[]): Valued[] => {
  const seen = new Map<string, Valued>()
  for (const { long, short, required, variadic } of nodes.flatMap(({ options }) => options))
    if (long && required)
      seen.set(long, { words: [long, ...(short ? [short] : [])], values: optionValues[long] ?? [], many: variadic })
  return [...seen.values()]
}

const quote = (text: string): string => `'${text.replace(/'/g, "'\\''")}'`

/** `path` as the scripts keep it: each name behind a blank. */
const at = ({ path }: Node): string => quote(path.map(name => ` ${name}`).join(''))

/** Shell code, alike in bash and zsh, that finds the command (`at`) and the option whose value comes next (`last`, `before`). */
const walk = (
  words: string,
  nodes: readonly Node[],
  valued: readonly Valued[],
): string => `  local at="" last="" before="" word
  for word in ${words}; do
    before="$word"
    case "$word" in -*) last="$word"; continue ;; esac
    case "$at $word" in
${nodes
  .filter(node => node.path.length)
  .map(node => `      ${at(node)}) at=${at(node)}; last="" ;;`)
  .join('\n')}
    esac
  done
  case "$last" in
    ${
      valued
        .filter(({ many }) => many)
        .flatMap(({ words: names }) => names)
        .join('|') || '--none'
    }) before="$last" ;;
  esac`

const bash = (
  nodes: Node[],
  valued: Valued[],
): string => `# launch-ready completion for bash: eval "$(launch-ready completion bash)"
_launch_ready() {
  local current="\${COMP_WORDS[COMP_CWORD]}" words=""
${walk('"${COMP_WORDS[@]:1:COMP_CWORD-1}"', nodes, valued)}
  case "$at" in
${nodes.map(node => `    ${at(node)}) words=${quote([...node.words.map(item => item.word), ...node.operands].join(' '))} ;;`).join('\n')}
  esac
  case "$current" in
    -*) ;;
    *) case "$before" in
${valued.map(({ words, values }) => `      ${words.join('|')}) words=${quote(values.join(' '))} ;;`).join('\n')}
    esac ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  if [ \${#COMPREPLY[@]} -eq 0 ]; then COMPREPLY=($(compgen -f -- "$current")); fi
}
complete -F _launch_ready launch-ready
`

const described = ({ word, about }: Item): string => quote(`${word}:${about.replace(/:/g, ' -')}`)

const zsh = (nodes: Node[], valued: Valued[]): string => `#compdef launch-ready
# launch-ready completion for zsh: eval "$(launch-ready completion zsh)"
_launch_ready() {
${walk('${words[2,CURRENT-1]}', nodes, valued)}
  local -a candidates
  case "$at" in
${nodes.map(node => `    ${at(node)}) candidates=(${[...node.words.map(described), ...node.operands.map(quote)].join(' ')}) ;;`).join('\n')}
  esac
  case "\${words[CURRENT]}" in
    -*) ;;
    *) case "$before" in
${valued.map(({ words, values }) => `      ${words.join('|')}) candidates=(${values.map(quote).join(' ')}) ;;`).join('\n')}
    esac ;;
  esac
  if (( \${#candidates} )); then _describe 'launch-ready' candidates || _files; else _files; fi
}
compdef _launch_ready launch-ready
`

const fish = (nodes: Node[], valued: Valued[]): string => {
  const conditionOf = ({ path }: Node, isCommand = false): string =>
    path.length === 0 && isCommand
      ? '__fish_use_subcommand'
      : path.map(name => `__fish_seen_subcommand_from ${name}`).join('; and ')
  const when = (condition: string): string => (condition ? `-n ${quote(condition)} ` : '')
  const lineOf = (node: Node, { word, about }: Item): string => {
    const condition = conditionOf(node, !word.startsWith('-'))
    const takes = valued.find(({ words }) => words.includes(word))
    const what = word.startsWith('--')
      ? `-l ${word.slice(2)}`
      : word.startsWith('-')
        ? `-s ${word.slice(1)}`
        : `-f -a ${word}`
    const values = takes ? (takes.values.length ? ` -x -a ${quote(takes.values.join(' '))}` : ' -r') : ''
    return `complete -c launch-ready ${when(condition)}${what}${values} -d ${quote(about)}`
  }
  return `# launch-ready completion for fish: launch-ready completion fish | source
complete -c launch-ready -e
${nodes
  .flatMap(node => [
    ...node.words.map(item => lineOf(node, item)),
    ...(node.operands.length
      ? [`complete -c launch-ready ${when(conditionOf(node))}-f -a ${quote(node.operands.join(' '))}`]
      : []),
  ])
  .join('\n')}
`
}

/** The completion script of a shell. Throws UsageError for another shell. */
export const completionScript = (shell: string, program: Command): string => {
  const nodes = nodesOf(program)
  const valued = valuedOf(nodes)
  if (shell === 'bash') return bash(nodes, valued)
  if (shell === 'zsh') return zsh(nodes, valued)
  if (shell === 'fish') return fish(nodes, valued)
  const near = nearest(shell, shells)
  throw new UsageError(
    `there is no completion for "${shell}"${near ? `; did you mean ${near}?` : `; expected ${shells.join(', ')}`}`,
  )
}
