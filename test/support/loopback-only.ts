// Set-up of every test file: sockets beyond this machine throw, and a test in which one was tried fails even where the error
// was caught.
import { afterEach, expect } from 'vitest'
import { guard, refused } from './loopback-guard.ts'

guard()
afterEach(() => {
  expect(refused.splice(0), 'sockets beyond this machine').toEqual([])
})
