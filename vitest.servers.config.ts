import { defineConfig } from 'vitest/config'

// `npm run test:servers`: the program against BIND, nginx and other servers that we did not write (installed by .ci/run).
export default defineConfig({
  test: {
    include: ['test/**/*.servers.test.ts'],
    setupFiles: ['test/support/loopback-only.ts'],
    testTimeout: 900_000,
    hookTimeout: 900_000,
    fileParallelism: false,
    env: { NO_COLOR: '1' },
  },
})
