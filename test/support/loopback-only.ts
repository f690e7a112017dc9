// Set-up of every test file: sockets beyond this machine throw, here and in the Node processes that a test starts, and a test
// in which one was tried fails even where the error was caught.
import { pathToFileURL } from 'node:url'
import { afterEach, expect } from 'vitest'
import { guard, refused } from './loopback-guard.ts'

guard()
const preload = `--import=${pathToFileURL(`${import.meta.dirname}/loopback-child.ts`).href}`
if (!process.env['NODE_OPTIONS']?.includes(preload))
  process.env['NODE_OPTIONS'] = `${process.env['NODE_OPTIONS'] ?? ''} ${preload}`.trim()

afterEach(() => {
  expect(refused.splice(0), 'sockets beyond this machine').toEqual([])
})
