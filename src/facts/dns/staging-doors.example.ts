// No test system was found.
import type { StagingDoors } from './staging-doors.ts'

export const example: StagingDoors = { doors: [] }
