import { expect, it } from 'vitest'
import { pieceOfWork, slowNote } from '../../src/run/slow.ts'

it('says nothing of a usual machine', () => {
  expect(slowNote(2.2)).toBeNull()
  expect(slowNote(8)).toBeNull()
})

it('says of a slow one what that means for the times', () => {
  expect(slowNote(30)).toBe(
    'this machine is slow: work that takes 2.2 ms on a usual laptop took 30.0 ms, so pages are measured slower than most customers see them; measure on another machine before believing what is only just too slow',
  )
})

it('takes the quickest of its rounds: an interruption is no slowness', () => {
  const took = [40, 3, 900, 3, 3, 50, 3, 3, 3]
  let now = 0
  let call = 0
  const elapsed = (): number => {
    if (call % 2 === 1) now += took[(call - 1) / 2]!
    call++
    return now
  }
  expect(pieceOfWork(elapsed)).toBe(3)
})
