// Waits in a browser run in the run's own clock; one without turns proves nothing.
import { expect, it } from 'vitest'
import { createPatience } from '../../../src/facts/browser/patience.ts'
import { fakeClock } from '../../support/fake-clock.ts'

it('waits as long as it says, and takes an answer that comes in time', async () => {
  const clock = fakeClock()
  const { within, pause } = createPatience(clock, () => 1)
  const seen: string[] = []
  void within(100, new Promise<string>(() => {}), 'nothing came').then(text => seen.push(text))
  void within(100, Promise.reject(new Error('gone')), 'it failed').then(text => seen.push(text))
  void within(100, Promise.resolve('an answer'), 'nothing came').then(text => seen.push(text))
  void pause(200).then(() => seen.push('rested'))
  await clock.turn(99)
  expect(seen.sort()).toEqual(['an answer', 'it failed'])
  await clock.turn(101)
  expect(seen).toEqual(['an answer', 'it failed', 'nothing came', 'rested'])
})

it('a wait in which this machine gave no turn for a good part is lost', async () => {
  const clock = fakeClock()
  const { now, isLost } = createPatience(clock, () => 1)
  const begun = now()
  await clock.turn(1_000)
  clock.stall(200)
  expect(isLost(begun)).toBe(false)
  clock.stall(500)
  expect(isLost(begun)).toBe(true)
})

it('waits longer where many share the processors', async () => {
  const clock = fakeClock()
  const { within, allowing, pause } = createPatience(clock, () => 3)
  let seen = ''
  void within(100, new Promise<string>(() => {}), 'nothing came').then(text => {
    seen = text
  })
  void pause(400)
  await clock.turn(299)
  expect(seen).toBe('')
  await clock.turn(2)
  expect(seen).toBe('nothing came')
  expect(allowing(50)).toBe(150)
})
