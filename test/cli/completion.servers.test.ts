// Completion in the shells themselves: bash, zsh and fish offer the values that an option or an operand takes.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { completionScript } from '../../src/cli/commands/completion.ts'
import { buildProgram } from '../../src/cli/program.ts'

const folder = mkdtempSync(join(tmpdir(), 'launch-ready-completion-'))
const program = buildProgram({ out: () => {}, err: () => {}, columns: 80 } as never, '0', () => {})

beforeAll(() => {
  for (const shell of ['bash', 'zsh', 'fish']) writeFileSync(join(folder, shell), completionScript(shell, program))
  // What stands before the two tabs is typed into a shell of its own, at a terminal of its own. A key behind them says when both were handled:
  // its word is written in two parts, so that the echo of this line is not taken for it.
  writeFileSync(
    join(folder, 'drive.zsh'),
    `zmodload zsh/zpty
zpty z "zsh -f -i"
zpty -w z "PS1='' ; stty -echo; autoload -Uz compinit; compinit -u -D; source ${join(folder, 'zsh')}; LISTMAX=500; say() { print -r -- OV''ER }; zle -N say; bindkey '^G' say; print -r -- REA''DY"
zpty -r z line '*READY*'
zpty -n -w z "$1"$'\\t\\t\\a'
zpty -r z out '*OVER*'
print -r -- "$out"
zpty -d z
`,
  )
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const ask: Record<string, (line: string) => string[]> = {
  bash: line => {
    const words = line.split(' ').map(word => `'${word}'`)
    const code = `source ${join(folder, 'bash')}; COMP_WORDS=(${words.join(' ')}); COMP_CWORD=${words.length - 1}; _launch_ready; printf '%s\\n' "\${COMPREPLY[@]}"`
    return execFileSync('bash', ['--norc', '-c', code], { encoding: 'utf8', cwd: folder }).split('\n')
  },
  fish: line =>
    execFileSync('fish', ['--no-config', '-c', `source ${join(folder, 'fish')}; complete -C '${line}'`], {
      encoding: 'utf8',
      cwd: folder,
      env: { ...process.env, HOME: folder },
    })
      .split('\n')
      .map(row => row.split('\t')[0]!),
  zsh: line =>
    execFileSync('zsh', ['-f', join(folder, 'drive.zsh'), line], { encoding: 'utf8', cwd: folder })
      // What moves the cursor and paints.
      .replace(/\u001b\[[0-9;?]*[A-Za-z]|\u0008/g, '')
      .split(/\s+/),
}

describe.each(['bash', 'zsh', 'fish'])('%s', shell => {
  it.each([
    ['launch-ready audit --report ', ['terminal', 'sarif', 'gitlab', 'csv']],
    ['launch-ready dns --fail-on ', ['blocker', 'high', 'never']],
    ['launch-ready completion ', ['bash', 'zsh', 'fish']],
    ['launch-ready checks ', ['audit', 'handover']],
    ['launch-ready explain spf-', ['spf-lookups', 'spf-senders']],
    ['launch-ready audit --only spf-', ['spf-lookups', 'spf-senders']],
    ['launch-ready email ', ['reports', 'flows', 'message']],
  ])('offers after "%s"', (line, expected) => expect(ask[shell]!(line)).toEqual(expect.arrayContaining(expected)))
})
