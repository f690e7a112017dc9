import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import { longestFirst } from './test/support/longest-first.ts'

// `npm test`: what needs nothing beyond `npm ci` and ends within minutes. Tests that need Debian's servers end in .servers.test.ts, those that
// take long or measure time in .full.test.ts (`npm run test:full` runs these too).
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/**/*.servers.test.ts', 'test/**/*.full.test.ts', 'node_modules/**'],
    setupFiles: ['test/support/loopback-only.ts', 'test/support/record-outcomes.ts'],
    globalSetup: ['test/support/reached-folder.ts'],
    // No bound on work: it only ends what hangs, on a busy machine too.
    testTimeout: 900_000,
    hookTimeout: 900_000,
    // Half of the time is spent waiting, by whole runs of the program most of it.
    maxWorkers: 2 * availableParallelism(),
    sequence: { sequencer: longestFirst(/\/end-to-end\//) },
    env: { NO_COLOR: '1' },
  },
})
