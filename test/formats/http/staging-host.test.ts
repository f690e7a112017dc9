import { expect, it } from 'vitest'
import { isStagingHost } from '../../../src/formats/http/staging-host.ts'

it.each([
  ['staging.example.com', true],
  ['app-staging.example.com', true],
  ['preview-web.example.com', true],
  ['pr-12.example.com', true],
  ['pr12-web.example.com', true],
  ['dev.example.com', true],
  ['example.com', false],
  ['developers.example.com', false],
  ['press.example.com', false],
  ['testimonials.example.com', false],
])('%s: %s', (host, expected) => expect(isStagingHost(host)).toBe(expected))
