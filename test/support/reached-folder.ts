// Before all tests: an empty folder for what they reach (record-outcomes.ts).
import { rmSync } from 'node:fs'
import { resolve } from 'node:path'

export default (): void => {
  const folder = resolve(import.meta.dirname, '../../coverage/reached')
  rmSync(folder, { recursive: true, force: true })
  process.env['REACHED_OUTCOMES'] = folder
}
