import { expect, it } from 'vitest'
import { headerValue, headerValues } from '../../../src/formats/http/headers.ts'

const answer = {
  headers: [
    ['set-cookie', 'a=1'],
    ['x', ''],
    ['set-cookie', 'b=2'],
  ] as [string, string][],
}

it.each([
  ['set-cookie', ['a=1', 'b=2'], 'a=1'],
  ['x', [''], ''],
  ['y', [], null],
])('%s', (name, values, value) => {
  expect(headerValues(answer, name)).toEqual(values)
  expect(headerValue(answer, name)).toBe(value)
})
