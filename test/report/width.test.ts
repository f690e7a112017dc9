import stringWidth from 'string-width'
import { expect, it } from 'vitest'
import { columns } from '../../src/report/shared/width.ts'

it('counts the columns of each character as the library does', () => {
  const all = Array.from({ length: 0xd800 - 0x20 }, (_, at) => String.fromCharCode(0x20 + at))
  expect(all.filter(character => columns(character) !== stringWidth(character))).toEqual([])
  expect(columns('naïve … → ✓ 日本 👩‍💻')).toBe(stringWidth('naïve … → ✓ 日本 👩‍💻'))
})
