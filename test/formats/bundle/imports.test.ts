// The import statements at the head of a module, as bundlers and people write them.
import { expect, it } from 'vitest'
import { headImports } from '../../../src/formats/bundle/imports.ts'

it.each<[text: string, names: string[]]>([
  ['import{a as b}from"./x.js";b()', ['./x.js']],
  ['/* build 7 */\n"use strict";\nimport a from "./a.js"\nimport "./b.js"\nrun()', ['./a.js', './b.js']],
  [
    'const __vite__mapDeps=(i,m=__vite__mapDeps,d=(m.f||(m.f=["assets/later.js"])))=>i.map(i=>d[i]);\nimport{t as e}from"./shared.js";e()',
    ['./shared.js'],
  ],
  ['const help="import x from \'vue\'";\nrun()', []],
  ['const page=`\nimport x from "vue"`;\nimport"./a.js"', []],
  ['const a=1;run()\nimport"./a.js"', []],
  ['run()', []],
])('%j', (text, names) => expect(headImports(text)).toEqual(names))
