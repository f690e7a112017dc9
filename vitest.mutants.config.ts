import { mergeConfig } from 'vitest/config'
import base from './vitest.config.ts'

// For `npm run mutate`: the tests that hold the core, the ways out and the run to their word, without the slow whole worlds.
export default mergeConfig(base, {
  test: {
    include: ['test/core/**/*.test.ts', 'test/net/**/*.test.ts', 'test/run/**/*.test.ts', 'test/facts/collect.test.ts'],
  },
})
