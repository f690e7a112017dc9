// Shell scripts split into simple commands. Quotes, continuation lines, comments and here-documents are respected; nesting is flattened.
// Nothing is executed.

export type ShellCommand = {
  /** Lines below the first line of the script, from 0. */
  offset: number
  words: string[]
  text: string
  /** `|| true`, `|| :`, `|| echo …`, `set +e` before it: its failure stops nothing. */
  failureIgnored: boolean
  /** Its output goes on into another command. */
  piped: boolean
  /** What a here-document hands to it. */
  input: string | null
  /** Its output goes into a file: by itself, or with the group, the loop or the function that it stands in. */
  intoFile: boolean
}

/** A group that is open: a bracket of either kind, or one within a word (`$(…)`), and the first command in it. */
type Group = { bracket: '(' | '{' | 'word'; first: number; name: string | null }

type Split = {
  readonly source: string
  at: number
  line: number
  /** Line on which the command under way began. */
  began: number
  words: string[]
  word: string
  /** The word under way stood in quotes: it is one though it be empty. */
  quoted: boolean
  text: string
  /** Ends of here-documents that begin after this line. */
  heredocs: string[]
  commands: ShellCommand[]
  /** What ended each command; as many as there are commands. */
  operators: string[]
  groups: Group[]
  functions: Map<string, [first: number, last: number]>
  /** First and last commands of groups whose output goes into a file. */
  intoFile: [first: number, last: number][]
}

/** Characters of a script that are read. */
const longestScript = 200_000

const endWord = (state: Split): void => {
  if (state.word !== '' || state.quoted) state.words.push(state.word)
  state.word = ''
  state.quoted = false
}

const endCommand = (state: Split, operator: string): void => {
  endWord(state)
  if (state.words.length) {
    state.commands.push({
      offset: state.began,
      words: state.words,
      text: state.text.trim().replace(/\s+/g, ' ').slice(0, 500),
      failureIgnored: false,
      piped: operator === '|',
      input: null,
      intoFile: false,
    })
    state.operators.push(operator)
  }
  state.words = []
  state.text = ''
}

/** Takes over what stands there as part of the word. */
const take = (state: Split, whole: string): void => {
  state.word += whole
  state.text += whole
  state.at += whole.length
}

/** The lines of a here-document, handed to the command that asks for it. */
const readHeredocs = (state: Split): void => {
  const { source, commands, heredocs } = state
  const taker = commands.findLast(({ text }) => text.includes('<<'))
  let end = heredocs.shift() ?? null
  while (end !== null && state.at < source.length) {
    const newline = source.indexOf('\n', state.at)
    const row = source.slice(state.at, newline < 0 ? source.length : newline)
    state.at = newline < 0 ? source.length : newline + 1
    state.line += 1
    if (row.trim() === end) end = heredocs.shift() ?? null
    else if (taker) taker.input = `${taker.input ?? ''}${row}\n`
  }
}

const readNewline = (state: Split): void => {
  endCommand(state, '\n')
  state.line += 1
  state.at += 1
  if (state.heredocs.length) readHeredocs(state)
}

const readQuoted = (state: Split, quote: string): void => {
  const { source } = state
  state.quoted = true
  state.text += quote
  for (state.at += 1; state.at < source.length && source[state.at] !== quote; state.at += 1) {
    if (source[state.at] === '\\' && quote === '"') state.at += 1
    if (source[state.at] === '\n') state.line += 1
    state.word += source[state.at] ?? ''
    state.text += source[state.at] ?? ''
  }
  state.text += quote
  state.at += 1
}

const readComment = (state: Split): void => {
  const end = state.source.indexOf('\n', state.at)
  state.at = end < 0 ? state.source.length : end
}

/** `&`, `|`, `;`, doubled or not; `&>` and `>&` belong to the word. */
const readOperator = (state: Split, char: string): void => {
  const { source, at } = state
  if (char === '&' && (source[at - 1] === '>' || source[at + 1] === '>')) {
    take(state, char)
    return
  }
  const operator = source[at + 1] === char ? char + char : char
  state.at += operator.length
  endCommand(state, operator)
}

/** `<<EOF`, `<<-'EOF'`. */
const heredocMark = /^<<-?\s*["']?(\w+)["']?/

const readRedirection = (state: Split): void => {
  const mark = heredocMark.exec(state.source.slice(state.at, state.at + 80))
  if (!mark) {
    take(state, '<')
    return
  }
  state.heredocs.push(mark[1]!)
  state.text += mark[0]
  state.at += mark[0].length
  endWord(state)
}

/** An expression of GitHub is one word. */
const readExpression = (state: Split): void => {
  const end = state.source.indexOf('}}', state.at)
  take(state, state.source.slice(state.at, end < 0 ? state.source.length : end + 2))
}

const skip = (state: Split, text: string): void => {
  // Blanks before a command are none of it.
  if (state.text !== '' || text.trim() !== '') state.text += text
  state.at += 1
}

const header = /^(?:function\s{1,4}([\w-]{1,80})\s{0,4}(?:\(\s{0,4}\))?|([\w-]{1,80})\s{0,4}\(\s{0,4}\))$/

const openGroup = (state: Split, bracket: Group['bracket']): void => {
  if (state.groups.length > 200) return
  const [, named, plain] = (bracket === '{' && header.exec(state.text.trim())) || []
  const name = named ?? plain ?? null
  state.groups.push({ bracket, first: state.commands.length, name })
}

/** Where the output of what stands before goes: `> file`, `2>&1 >> file`, `| tee file > /dev/null`; not `>&2`. */
const redirected =
  /^[^\S\n]*(?:\d?>&\d\s{0,4})?(?:&?>>?|1>>?)\s{0,4}(?!&|\/dev\/(?:stdout|stderr|tty))\S|^\s{0,8}\|\s{0,8}(?:sudo\s{1,4})?tee\b[^\n|;]{0,200}>\s{0,4}\/dev\/null/

const closeGroup = (state: Split, bracket: ')' | '}'): void => {
  const group = state.groups.at(-1)
  if (!group || (bracket === '}') !== (group.bracket === '{')) return
  state.groups.pop()
  if (group.bracket === 'word') return
  const last = state.commands.length - (state.words.length || state.word !== '' ? 0 : 1)
  if (group.name !== null && state.functions.size < 50) state.functions.set(group.name, [group.first, last])
  else if (group.name === null && redirected.test(state.source.slice(state.at + 1, state.at + 400)))
    state.intoFile.push([group.first, last])
}

/** Reads what stands at `at`: a character, or all that belongs to it. */
const readNext = (state: Split): void => {
  const { source, at, word } = state
  const char = source[at]!
  if (char === '\\' && source[at + 1] === '\n') {
    state.line += 1
    endWord(state)
    skip(state, ' ')
    state.at += 1
  } else if (char === '\n') readNewline(state)
  else if (char === "'" || char === '"') readQuoted(state, char)
  else if (char === '#' && word === '' && !state.quoted) readComment(state)
  else if (char === ' ' || char === '\t' || char === '\r') {
    endWord(state)
    skip(state, char)
  } else if (source.startsWith('${{', at)) readExpression(state)
  else if (char === '<' && source[at + 1] === '<') readRedirection(state)
  else if (char === '&' || char === '|' || char === ';') readOperator(state, char)
  else if (char === '(' || char === ')') {
    // Subshells are flattened.
    if (char === ')') closeGroup(state, char)
    else openGroup(state, word === '' ? '(' : 'word')
    if (char === ')' || word === '') endWord(state)
    if (char === ')' || word === '') skip(state, char)
    else take(state, char)
  } else if ((char === '{' || char === '}') && word === '') {
    // What is longer is no header, and looking at it for each bracket would take ever longer.
    const before = state.text.length < 200 ? state.text.trim() : null
    const begins = before === ''
    if (char === '{' && before !== null && (begins || header.test(before))) openGroup(state, char)
    if (char === '}' && begins) closeGroup(state, char)
    skip(state, char)
  } else take(state, char)
}

/** Marks commands whose failure stops nothing: `a || true`, `set +e` before it. */
const markIgnored = (commands: readonly ShellCommand[], operators: readonly string[]): void => {
  let errorsStop = true
  for (const [index, command] of commands.entries()) {
    const next = operators[index] === '||' ? commands[index + 1] : undefined
    if (command.words[0] === 'set' && command.words.includes('+e')) errorsStop = false
    if (command.words[0] === 'set' && command.words.some(word => /^-\w*e/.test(word))) errorsStop = true
    if (!errorsStop) command.failureIgnored = true
    if (!next) continue
    const after = commands[index + 2]
    const exits = operators[index + 1] !== '\n' && after?.words[0] === 'exit' && after.words[1] !== '0'
    if (/^(?:true|:|echo|printf|logger)$/.test(next.words[0]!) && !exits) command.failureIgnored = true
    if (next.words[0] === 'exit' && next.words[1] === '0') command.failureIgnored = true
  }
}

const ownRedirection = /(?:^|[^>&\d])(?:[1&]?>>?|\d>&\d\s{0,4}>>?)\s{0,4}(?!&|>|\/dev\/(?:stdout|stderr|tty))\S/

/** Marks commands whose output goes into a file: their own, a group's, a loop's, a function's, or all that come behind `exec > file`. */
const markFiles = ({ commands, intoFile, functions }: Split): void => {
  const loops: number[] = []
  const mark = ([first, last]: readonly [number, number]): void => {
    for (let at = first; at <= last && at < commands.length; at++) commands[at]!.intoFile = true
  }
  for (const range of intoFile) mark(range)
  for (const [at, command] of commands.entries()) {
    const [first = ''] = command.words
    const own = ownRedirection.test(command.text)
    if (own) command.intoFile = true
    if (/^(?:for|while|until|if|case|select)$/.test(first) && loops.length < 200) loops.push(at)
    if (/^(?:done|fi|esac)$/.test(first)) {
      const begin = loops.pop()
      if (begin !== undefined && own) mark([begin, at])
    }
    if (first === 'exec' && own) mark([at, commands.length - 1])
  }
  for (const [name, range] of functions) {
    const calls = commands.filter(({ words }, at) => words[0] === name && (at < range[0] || at > range[1]))
    if (calls.length && calls.every(call => call.intoFile)) mark(range)
  }
}

/** Splits a script into simple commands, in order; at most 200,000 characters of it. Never throws. */
export const splitShell = (script: string): ShellCommand[] => {
  const state: Split = {
    source: script.slice(0, longestScript),
    at: 0,
    line: 0,
    began: 0,
    words: [],
    word: '',
    quoted: false,
    text: '',
    heredocs: [],
    commands: [],
    operators: [],
    groups: [],
    functions: new Map(),
    intoFile: [],
  }
  while (state.at < state.source.length) {
    if (state.words.length === 0 && state.word === '' && state.text === '') state.began = state.line
    readNext(state)
  }
  endCommand(state, '\n')
  markIgnored(state.commands, state.operators)
  markFiles(state)
  return state.commands
}
