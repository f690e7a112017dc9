// Whether a repository shows how the program that its migrations belong to is deployed.
import { isHostFile } from '../repo/production.ts'
import { deployJobs, showsDeploy } from '../workflow/jobs.ts'
import type { Pipelines } from '../workflow/seen.ts'
import type { Orm } from './model.ts'

/** Hosts of pages and functions of JavaScript: a server in another language runs elsewhere. */
const forJavascript = /^(?:netlify|vercel|cloudflare|amplify|firebase|sst|nuxthub|deno)$/
const javascriptTools = /^(?:prisma|drizzle|knex|sequelize|typeorm|mikro-orm|supabase|sql)$/

/** Whether the repository shows how the program with these migrations is deployed: a job that does more than call for it, or the file of a platform that can run it. */
export const showsRelease = (
  orm: Orm,
  pipelines: Pipelines,
  seen: readonly { name: string; file: string }[],
): boolean =>
  deployJobs(pipelines).some(showsDeploy) ||
  (deployJobs(pipelines).length === 0 &&
    seen.some(one => isHostFile(one) && (javascriptTools.test(orm) || !forJavascript.test(one.name))))
