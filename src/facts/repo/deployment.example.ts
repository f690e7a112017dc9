// A sound way to production: a platform that is asked whether the program is well, and documents that were tried.
import type { DeployDocument, Deployment } from './deployment.ts'

/** A document on one topic; `rehearsed` is the date beside words that say it was tried. */
export const exampleDocument = (topic: DeployDocument['topic'], rehearsed: string | null): DeployDocument => ({
  file: `docs/${topic === 'restore' ? 'backup' : topic}.md`,
  line: 1,
  topic,
  text: `# ${topic[0]!.toUpperCase()}${topic.slice(1)}`,
  rehearsed,
  how: true,
})

/** What is not given is absent. */
export const exampleDeployment = (given: Partial<Deployment> = {}): Deployment => ({
  platforms: [],
  commands: [],
  healthChecks: [],
  instances: null,
  documents: [],
  scripts: [],
  unreadable: [],
  ...given,
})

/** Nothing says how it is deployed. */
export const noDeployment: Deployment = exampleDeployment()

export const example: Deployment = exampleDeployment({
  platforms: [{ name: 'fly', file: 'fly.toml', byPush: false }],
  healthChecks: [{ file: 'fly.toml', line: 14, text: '/health' }],
  documents: [exampleDocument('rollback', '2026-10-02'), exampleDocument('backup', '2026-10-12')],
})

/** Nothing but a script that somebody runs. */
export const byHand: Deployment = exampleDeployment({
  scripts: [{ file: 'deploy.sh', line: 1, name: 'deploy.sh', does: 'deploy' }],
})
