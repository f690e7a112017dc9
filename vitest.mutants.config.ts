import { defineConfig } from 'vitest/config'
import base from './vitest.config.ts'

// For `npm run mutate`: the tests that hold the core, the ways out and the run to their word, without the slow whole worlds.
export default defineConfig({
  test: {
    ...base.test,
    include: ['test/{core,net,run}/**/*.test.ts', 'test/facts/collect.test.ts', 'test/checks/conformance.test.ts'],
    globalSetup: [],
    setupFiles: ['test/support/loopback-only.ts'],
  },
})
