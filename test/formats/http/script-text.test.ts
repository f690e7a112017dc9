// What comes under the name and type of a script, and whether it can be one.
import { describe, expect, it } from 'vitest'
import { isForNode, scriptGrammar, scriptTextFault } from '../../../src/formats/http/script-text.ts'

describe('no program', () => {
  it.each([
    ['version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12\n', /Git LFS/],
    ['{"error":"not found"}', /JSON/],
    ['404: Not Found', /words/],
    ['Access denied', /words/],
    ['\u001f\u008b\u0008\u0000', /compressed/],
    ['\u001f\u2039\u0008\u0000', /compressed/],
    ['const a=[1,2,', /cut off/],
    ['if(a){b(', /cut off/],
  ])('%j', (text, fault) => expect(scriptTextFault(text)).toMatch(fault))
})

describe('a program, or what may be one', () => {
  it.each([
    '',
    'x',
    'export default 1',
    'export * from "./a.js"',
    '// Nothing but types,',
    '/* a licence, and\nno more */',
    'console.log(1)',
    'a()\n//# sourceMappingURL=data:application/json;base64,e30=',
    'a()\n//# sourceMappingURL=a.js.map?x=',
    '"use strict"',
    '{"a"}',
    'var a = {\n}\n',
    'i++',
    '(()=>{})()/* end, */',
    '`a ${b} c`',
    'debugger',
  ])('%j', text => expect(scriptTextFault(text)).toBe(null))
})

describe('the grammar of a classic script', () => {
  it.each([
    ['import { a } from "./a.js"; a()', 'module'],
    ['a(); export { a }', 'module'],
    ['a(import.meta.url)', 'module'],
    ['const a: string = "x"', 'broken'],
    ['let a: string', 'broken'],
    ['draw(<h1>Coach</h1>)', 'broken'],
    ['(function () { a()', 'broken'],
    ['root.innerHTML = "<h1>Coach', 'broken'],
    ['var a = 1\n<<<<<<< HEAD\nvar b\n', 'broken'],
  ])('%j: %s', (text, kind) => expect(scriptGrammar(text)?.kind).toBe(kind))

  it.each([
    'with (document) { body.append(010) }',
    'import("./a.js")',
    '<!--\na()\n//-->',
    // What an engine of another age does not know is no fault of the script.
    '@decorated class A {}',
    '{ using a = b }',
    'var r = /(?i:a)/x',
  ])('%j may be one', text => expect(scriptGrammar(text)).toBe(null))

  it.each([
    ['const http = require("http")', true],
    ['"use strict";\nObject.defineProperty(exports, "__esModule", { value: true })', true],
    ['module.exports = {}', true],
    ['!function(e){"object"==typeof exports&&e(require("x"))}()', false],
    ['require(["a"], function () {})', false],
  ])('%j is for Node: %s', (text, expected) => expect(isForNode(text)).toBe(expected))
})
