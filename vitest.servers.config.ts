import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import { longestFirst } from './test/support/longest-first.ts'
import { each } from './vitest.config.ts'

// What measures how quick pages and routes are has the machine for itself.
const measuring = ['test/facts/browser/page-speed.servers.test.ts', 'test/end-to-end/perf-*.servers.test.ts']

const shared = { ...each, setupFiles: ['test/support/loopback-only.ts'] }

// `npm run test:servers`: the program against BIND, nginx and other servers that we did not write (installed by .ci/run).
export default defineConfig({
  test: {
    sequence: { sequencer: longestFirst(/\/(?:soak|disk-full|completion)\./) },
    projects: [
      {
        test: {
          ...shared,
          name: 'beside each other',
          include: ['test/**/*.servers.test.ts'],
          exclude: measuring,
          // They wait for servers and for processes most of their time.
          maxWorkers: 2 * availableParallelism(),
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          ...shared,
          name: 'one by one',
          include: measuring,
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})
