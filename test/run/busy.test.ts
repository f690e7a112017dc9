import { expect, test } from 'vitest'
import { busyNote } from '../../src/run/busy.ts'

test('a line where the program waited long for its turn, none otherwise', () => {
  expect(busyNote(0, 10_000)).toBeNull()
  expect(busyNote(900, 2_000)).toBeNull()
  expect(busyNote(1_200, 60_000)).toBeNull()
  expect(busyNote(4_210, 12_000)).toMatch(/^this machine was busy: of 12\.0 s this program waited 4\.2 s for its turn/)
})
