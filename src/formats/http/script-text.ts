// Whether the text that came for a script can be a program at all: servers send all kinds of things under its name and type.

import { Script } from 'node:vm'

const firstCharacters = 4096

/** What a program can do nothing without: a call, an assignment, a block, a statement's end, a string. */
const doesSomething = /[=(){};"'`]/

const severalWords = /\p{L}{2,}\P{L}{1,20}\p{L}{2,}/u

/** Marks after which a program goes on. */
const goesOn = /[,([{:?&|=<]$/

const isJsonObject = (text: string): boolean => {
  if (!/^\s*\{\s*"/.test(text) || text.length > 200_000) return false
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** Why a text is no program that browsers run, as the end of a sentence; null where nothing speaks against it. */
export const scriptTextFault = (text: string): string | null => {
  const start = text.slice(0, firstCharacters)
  if (/^version https:\/\/git-lfs\.github\.com\/spec\//.test(start)) return 'a pointer of Git LFS instead of the file'
  if (/^(?:\u001f[\u008b\u2039\ufffd]|PK\u0003\u0004)/.test(start)) return 'compressed bytes that are sent as text'
  if (isJsonObject(text)) return 'data (JSON) instead of a script'
  // A comment alone is what bundlers leave of a file with types or styles alone.
  const isCode = /^\s*(?:\/\/|\/\*|(?:export|import|var|let|debugger|void|delete|new|throw)\b)/.test(start)
  if (text.length < 2000 && severalWords.test(text) && !isCode && !doesSomething.test(text))
    return `words instead of a script ("${text.trim().replace(/\s+/g, ' ').slice(0, 60)}")`
  const end = text.slice(-400).trimEnd()
  return goesOn.test(end) && !/\/\/|\*\//.test(end.slice(end.lastIndexOf('\n') + 1)) ? 'cut off in the middle' : null
}

/** Characters up to which a script's grammar is looked at: what is longer came from a bundler, which reads it itself. */
const mostCompiled = 64 * 1024

/** Words of V8 for the statements that stand in modules alone. */
const ofModules = /import statement outside a module|Unexpected token 'export'|Cannot use 'import\.meta'/

/** Faults that no edition of the language allows: what an older engine refuses of a newer one reads otherwise. */
const plainFault =
  /^(?:Unexpected (?:end of input|token '(?:[)\]}:<]|<<)')|missing \) after argument list|Missing initializer in const declaration|Unterminated template)/

/** Whether what V8 cannot read begins with a quotation mark: a text without its end, and no word of a newer edition. */
const isOpenText = ({ message, stack = '' }: Error): boolean => {
  const [, line = '', marks = ''] = stack.split('\n', 3)
  return message === 'Invalid or unexpected token' && /^["']$/.test(line[marks.indexOf('^')] ?? '')
}

export type Grammar = { kind: 'module' | 'broken'; words: string }

/**
 * Whether browsers can take a text as a classic script: null where they can, or where it is too long to be looked at. It is compiled,
 * never run. Statements of modules are told apart: the same text may be a module elsewhere.
 */
export const scriptGrammar = (text: string): Grammar | null => {
  if (text.length > mostCompiled) return null
  try {
    new Script(text)
    return null
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'SyntaxError') return null
    const { message } = error
    if (ofModules.test(message)) return { kind: 'module', words: 'a module that is loaded as a plain script' }
    return plainFault.test(message) || isOpenText(error)
      ? { kind: 'broken', words: `not JavaScript that browsers can read (${message})` }
      : null
  }
}

/** The beginning of a program for Node alone: browsers have no `require` and no `exports`. */
const forNode =
  /^\s*(?:["']use strict["'];?\s*)?(?:(?:const|let|var)\s[\w{},\s$:]{1,200}=\s*require\(["']|(?:Object\.defineProperty\()?exports\b|module\.exports\s*=)/

/** Whether a script begins as one for Node does. */
export const isForNode = (start: string): boolean => forNode.test(start)
