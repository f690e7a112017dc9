import { availableParallelism } from 'node:os'
import { defineConfig, type ViteUserConfig } from 'vitest/config'
import { longestFirst } from './test/support/longest-first.ts'

const servers = 'test/**/*.servers.test.ts'
const whole = 'test/end-to-end/**/*.test.ts'
const long = 'test/**/*.full.test.ts'

/** What every test file has. */
export const each = {
  setupFiles: ['test/support/loopback-only.ts', 'test/support/record-outcomes.ts'],
  // No bound on work: it only ends what hangs, on a busy machine too.
  testTimeout: 900_000,
  hookTimeout: 900_000,
  env: { NO_COLOR: '1' },
}

/** The tests that need nothing beyond `npm ci`, without those that are left out. */
export const tests = (leftOut: readonly string[]): ViteUserConfig =>
  defineConfig({
    test: {
      globalSetup: ['test/support/reached-folder.ts'],
      // Node reads TypeScript by itself: nothing is transformed, and code runs as it is.
      experimental: { viteModuleRunner: false, nodeLoader: false },
      // Half of the time is spent waiting, by whole runs of the program most of it.
      maxWorkers: 2 * availableParallelism(),
      sequence: { sequencer: longestFirst(/\/end-to-end\//) },
      projects: [
        { test: { ...each, name: 'runs', include: [whole, long], exclude: [servers, ...leftOut] } },
        {
          // No module of the program holds state of its own, so a worker loads each once for all the files that it runs.
          test: {
            ...each,
            name: 'parts',
            include: ['test/**/*.test.ts'],
            exclude: [servers, whole, long],
            isolate: false,
          },
        },
      ],
    },
  })

// `npm test`: what ends within minutes. Tests that need Debian's servers end in .servers.test.ts, those that take long or measure time in
// .full.test.ts (`npm run test:full` runs these too).
export default tests([long])
