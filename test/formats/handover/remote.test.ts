// What of a remote address others may be told: no key that stands in it, no path of this machine, and a command that works.
import { expect, it } from 'vitest'
import { remoteOf } from '../../../src/formats/handover/remote.ts'

const token = ['ghp', '9aB3dE5fG7hJ9kL1mN3pQ5rS7tV9wX1yZ3'].join('_')

it.each([
  ['git@github.com:ada/coach.git', 'github.com/ada/coach', 'https://github.com/ada/coach.git'],
  ['ssh://git@github.com/ada/coach', 'github.com/ada/coach', 'https://github.com/ada/coach.git'],
  ['https://gitlab.com/team/group/app.git/', 'gitlab.com/team/group/app', 'https://gitlab.com/team/group/app.git/'],
  [`https://ada:${token}@github.com/ada/coach.git`, 'github.com/ada/coach', 'https://github.com/ada/coach.git'],
  [
    `https://ada:p@ss@git.example.com/coach.git?token=${token}`,
    'git.example.com/coach',
    'https://git.example.com/coach.git',
  ],
  ['git@git.example.com:ada/coach.git', 'git.example.com/ada/coach', 'git@git.example.com:ada/coach.git'],
  [
    'ssh://git:secret@git.example.com:2222/ada/coach.git',
    'git.example.com:2222/ada/coach',
    'ssh://git@git.example.com:2222/ada/coach.git',
  ],
  [`https://x:${token}/rest@github.com/ada/coach`, null, null],
  ['/srv/git/coach.git', null, null],
  ['../coach', null, null],
  ['file:///srv/git/coach.git', null, null],
  ['C:\\work\\coach', null, null],
  ['', null, null],
])('%s', (address, remote, clone) => {
  expect(remoteOf(address)).toEqual({ remote, clone })
})
