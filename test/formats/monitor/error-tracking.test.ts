// Which tracker a piece of code names: a call whose name several tools share says nothing of which.
import { describe, expect, it } from 'vitest'
import { trackerNamed } from '../../../src/formats/monitor/error-tracking.ts'

describe('the tracker that code names', () => {
  it.each([
    ['Sentry.init({ dsn })', 'Sentry'],
    ["import { captureException } from '@sentry/node'", 'Sentry'],
    ['posthog.captureException(error)', 'PostHog'],
    ['Bugsnag.start({ apiKey })', 'Bugsnag'],
    ['datadogRum.init({})', 'Datadog'],
    ['captureException(error)', null],
  ])('%s', (code, tool) => {
    expect(trackerNamed(code)).toBe(tool)
  })
})
