import { defineConfig } from 'vitest/config'

// `npm test`: everything that needs nothing beyond `npm ci`. Tests that need Debian's servers end in .servers.test.ts.
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/**/*.servers.test.ts', 'node_modules/**'],
    setupFiles: ['test/support/loopback-only.ts', 'test/support/record-outcomes.ts'],
    globalSetup: ['test/support/reached-folder.ts'],
    testTimeout: 20_000,
    hookTimeout: 30_000,
    env: { NO_COLOR: '1' },
  },
})
