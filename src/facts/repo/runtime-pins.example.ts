// One version of Node.js, named alike everywhere.
import type { VersionPin } from '../../formats/repo/version-pins.ts'
import type { RuntimePins } from './runtime-pins.ts'

export const pin = (file: string, value: string, role: VersionPin['role'] = 'pin'): VersionPin => ({
  runtime: 'node',
  file,
  line: 1,
  values: [value],
  role,
})

export const example: RuntimePins = {
  used: ['node'],
  pins: [pin('.nvmrc', '24'), pin('package.json', '>=24 <25', 'range'), pin('Dockerfile', '24.3', 'image')],
}
