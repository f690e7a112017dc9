// Whether the repository shows that its makers run the product themselves, and by what. What is said loudly has to lie on that way; where one
// of its links is assumed, a finding is worth a look and no more.
import { platforms } from '../../data/platforms.ts'
import { isRehearsal, jobsOf, serverDeploys } from '../workflow/jobs.ts'
import type { Pipelines } from '../workflow/seen.ts'
import type { Audience } from './audience.ts'
import { namesOwnRegistry } from './registries.ts'

/** `shown`: something here takes it to a production of its makers'; `hidden`: nothing says how; `others`: who takes the repository runs it. */
export type Production = 'shown' | 'hidden' | 'others'

/** The part of the facts that shows it. */
export type Shipping = {
  pipelines: Pipelines
  deployment: { platforms: readonly { name: string; file: string; byPush: boolean }[]; audience?: Audience }
}

/** A package of a platform may be there for its logs alone; the platform's own file says how it runs. */
const manifestFile = /(?:^|\/)(?:package|composer)\.json$|(?:^|\/)(?:pyproject\.toml|Gemfile|requirements[\w.-]*\.txt)$/

/** Whether the platform's own file stands here, and it is a host and no tool that copies to one. */
export const isHostFile = ({ name, file }: { name: string; file: string }): boolean =>
  !platforms[name]?.runner && !manifestFile.test(file)

/** Tools whose files name the servers that they go to. */
const namesServers: ReadonlySet<string> = new Set(['capistrano', 'deployer'])

/** `by`: what people said in the config. */
export const productionOf = ({ pipelines, deployment }: Shipping, by?: string): Production => {
  if (by !== undefined) return by === 'users' ? 'others' : 'shown'
  // The pipelines of what others begin with are theirs, too.
  if (deployment.audience?.who === 'starters') return 'others'
  const deploys = serverDeploys(pipelines).some(one => !isRehearsal(one))
  const isPushed = jobsOf(pipelines).some(({ job }) => job.imageTags.some(namesOwnRegistry))
  if (deploys || isPushed) return 'shown'
  // Recipes that name servers of their makers are nobody else's, whoever else runs the product.
  if (deployment.platforms.some(({ name }) => namesServers.has(name))) return 'shown'
  // Files of platforms in what others run are for them: each of them chooses one.
  if (deployment.audience) return 'others'
  return deployment.platforms.some(isHostFile) ? 'shown' : 'hidden'
}
