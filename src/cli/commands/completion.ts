// `completion <shell>`: a completion script, generated from the tree of commands.
import type { Command } from 'commander'
import { nearest, UsageError } from '../../config/errors.ts'

const shells = ['bash', 'zsh', 'fish'] as const

type Node = { path: string[]; description: string; words: { word: string; about: string }[] }

const nodesOf = (command: Command, path: string[] = []): Node[] => [
  {
    path,
    description: command.description(),
    words: [
      ...command.commands.map(sub => ({ word: sub.name(), about: sub.description() })),
      ...command.options
        .filter(option => !option.hidden)
        .flatMap(option =>
          [option.long, option.short]
            .filter((word): word is string => Boolean(word))
            .map(word => ({ word, about: option.description })),
        ),
    ],
  },
  ...command.commands.flatMap(sub => nodesOf(sub, [...path, sub.name()])),
]

const quote = (text: string): string => `'${text.replace(/'/g, "'\\''")}'`

const bash = (nodes: Node[]): string => `# launch-ready completion for bash: eval "$(launch-ready completion bash)"
_launch_ready() {
  local current="\${COMP_WORDS[COMP_CWORD]}" path="" word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$path $word" in
${nodes
  .filter(node => node.path.length)
  .map(node => `      ${quote(` ${node.path.join(' ')}`)}) path=${quote(` ${node.path.join(' ')}`)} ;;`)
  .join('\n')}
    esac
  done
  local words=""
  case "$path" in
${nodes.map(node => `    ${quote(node.path.length ? ` ${node.path.join(' ')}` : '')}) words=${quote(node.words.map(item => item.word).join(' '))} ;;`).join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  if [ \${#COMPREPLY[@]} -eq 0 ]; then COMPREPLY=($(compgen -f -- "$current")); fi
}
complete -F _launch_ready launch-ready
`

const zsh = (nodes: Node[]): string => `#compdef launch-ready
# launch-ready completion for zsh: eval "$(launch-ready completion zsh)"
_launch_ready() {
  local path="" word
  for word in \${words[2,CURRENT-1]}; do
    case "$path $word" in
${nodes
  .filter(node => node.path.length)
  .map(node => `      ${quote(` ${node.path.join(' ')}`)}) path=${quote(` ${node.path.join(' ')}`)} ;;`)
  .join('\n')}
    esac
  done
  local -a candidates
  case "$path" in
${nodes.map(node => `    ${quote(node.path.length ? ` ${node.path.join(' ')}` : '')}) candidates=(${node.words.map(item => quote(`${item.word}:${item.about.replace(/:/g, ' -')}`)).join(' ')}) ;;`).join('\n')}
  esac
  _describe 'launch-ready' candidates || _files
}
compdef _launch_ready launch-ready
`

const fish = (nodes: Node[]): string =>
  `# launch-ready completion for fish: launch-ready completion fish | source\ncomplete -c launch-ready -e\n${nodes
    .flatMap(node =>
      node.words.map(({ word, about }) => {
        const condition =
          node.path.length === 0 && !word.startsWith('-')
            ? '__fish_use_subcommand'
            : node.path.map(name => `__fish_seen_subcommand_from ${name}`).join('; and ')
        const what = word.startsWith('--')
          ? `-l ${word.slice(2)}`
          : word.startsWith('-')
            ? `-s ${word.slice(1)}`
            : `-a ${word}`
        return `complete -c launch-ready ${condition ? `-n ${quote(condition)} ` : ''}${what} -d ${quote(about)}`
      }),
    )
    .join('\n')}\n`

/** The completion script of a shell. Throws UsageError for another shell. */
export const completionScript = (shell: string, program: Command): string => {
  const nodes = nodesOf(program)
  if (shell === 'bash') return bash(nodes)
  if (shell === 'zsh') return zsh(nodes)
  if (shell === 'fish') return fish(nodes)
  const near = nearest(shell, shells)
  throw new UsageError(
    `there is no completion for "${shell}"${near ? `; did you mean ${near}?` : `; expected ${shells.join(', ')}`}`,
  )
}
