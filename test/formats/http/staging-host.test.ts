import { expect, it } from 'vitest'
import { isStagingHost, isTrialHost } from '../../../src/formats/http/staging-host.ts'

it.each([
  ['staging.example.com', true, true],
  ['app-staging.example.com', true, true],
  ['app.staging.example.com', true, true],
  ['preview-web.example.com', true, true],
  ['coach-preview.example.com', true, true],
  ['pr-12.example.com', true, true],
  ['pr12-web.example.com', true, true],
  ['dev.example.com', true, true],
  ['dev2.example.com', true, true],
  ['preprod.example.com', true, true],
  ['demo.example.com', false, true],
  ['beta.example.com', false, true],
  ['example.com', false, false],
  ['dev.com', false, false],
  ['www.example.com', false, false],
  ['developers.example.com', false, false],
  ['press.example.com', false, false],
  ['spr-12.example.com', false, false],
  ['testimonials.example.com', false, false],
])('%s: staging %s, trial %s', (host, staging, trial) => {
  expect(isStagingHost(host)).toBe(staging)
  expect(isTrialHost(host)).toBe(trial)
})
