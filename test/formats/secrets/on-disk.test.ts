// Values of environment files by their hashes.
import { expect, it } from 'vitest'
import { placesOnDisk } from '../../../src/formats/secrets/on-disk.ts'

it.each([
  ['no file', [], []],
  ['no value', [{ path: '.env', entries: [{ hash: null, line: 1 }] }], []],
  [
    'one value in two files: the last',
    [
      { path: '.env', entries: [{ hash: 'aa', line: 1 }] },
      {
        path: 'app/.env',
        entries: [
          { hash: 'aa', line: 4 },
          { hash: 'bb', line: 5 },
        ],
      },
    ],
    [
      ['aa', 'app/.env:4'],
      ['bb', 'app/.env:5'],
    ],
  ],
])('%s', (_name, files, expected) => expect([...placesOnDisk(files)]).toEqual(expected))
