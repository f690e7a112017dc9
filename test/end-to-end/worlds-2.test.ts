import { judgeWorlds } from '../support/judge-worlds.ts'

judgeWorlds(2)
