// What keeps none of the releases before: deploys that copy over them, scripts, calls of a server.
import type { Evidence } from '../../core/evidence.ts'
import type { Deployment } from '../../facts/repo/deployment.ts'
import { deployPlaces, type JobSeen } from '../../formats/workflow/jobs.ts'
import type { Place } from '../../formats/workflow/seen.ts'
import { evidenceOf } from './places.ts'

const deploysBy =
  (way: RegExp) =>
  ({ job }: JobSeen): boolean =>
    job.commands.some(({ kind, text }) => kind === 'deploy' && way.test(text))
/** A deploy that copies files to a server, over those of the release before. */
const copiesOver = deploysBy(/\b(?:rsync|scp|sftp|lftp|ftp)\b|scp-action|ftp-deploy/i)
/** One that calls what stands on the server: whether that keeps releases, the repository does not show. */
const callsServer = deploysBy(/\bssh\b/)
const scriptPlace = ({ file, line, name }: { file: string; line: number; name: string }): Place => ({
  file,
  line,
  text: name,
})
/** What copies over the release before keeps none, as far as it shows; what is called on a server may, and what a platform keeps is not here. */
export const keepingNone = (jobs: readonly JobSeen[], scripts: Deployment['scripts']): Evidence[] => [
  ...evidenceOf(deployPlaces(jobs.filter(copiesOver))),
  // What somebody runs by hand may be for a test machine, and git may keep what it takes there.
  ...evidenceOf(scripts.filter(({ keeps }) => !keeps).map(scriptPlace)),
  ...evidenceOf(deployPlaces(jobs.filter(callsServer))),
]
