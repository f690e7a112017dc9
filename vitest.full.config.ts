import { tests } from './vitest.config.ts'

// `npm run test:full`: everything that needs nothing beyond `npm ci`, however long it takes.
export default tests([])
