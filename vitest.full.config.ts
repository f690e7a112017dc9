import { mergeConfig } from 'vitest/config'
import base from './vitest.config.ts'

// `npm run test:full`: everything that needs nothing beyond `npm ci`, however long it takes.
const config = mergeConfig(base, {})
config.test.exclude = ['test/**/*.servers.test.ts', 'node_modules/**']
export default config
