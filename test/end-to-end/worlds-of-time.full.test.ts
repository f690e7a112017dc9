import { judgeWorldsOfTime } from '../support/judge-worlds.ts'

judgeWorldsOfTime()
