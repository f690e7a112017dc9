// A repository that two people work on, of which one release was deployed twice.
import { soundProduction } from '../../formats/handover/production.ts'
import type { RepoHistory } from './repo-history.ts'

const { remote, clone, branches, people, tags, references } = soundProduction().repository!

export const example: RepoHistory = { remote, clone, branches, people, tags, references }
