import { defineConfig } from 'vitest/config'
import { each } from './vitest.config.ts'

// For `npm run mutate`: the tests that hold the core, the ways out and the run to their word, without the slow whole worlds.
export default defineConfig({
  test: {
    ...each,
    include: ['test/{core,net,run}/**/*.test.ts', 'test/facts/collect.test.ts', 'test/checks/conformance.test.ts'],
    exclude: ['test/**/*.{servers,full}.test.ts'],
    setupFiles: ['test/support/loopback-only.ts'],
  },
})
