// Where a browser is looked for, in which order.
import { delimiter, win32 } from 'node:path'
import { describe, expect, it } from 'vitest'
import { findBrowser } from '../../src/core/browser-path.ts'

const onPath = ['/opt/bin', '/usr/local/bin'].join(delimiter)

describe('a browser', () => {
  it.each<[string, Record<string, string>, string[], string | null]>([
    ['none', {}, [], null],
    ['in its usual place', {}, ['/usr/bin/chromium'], '/usr/bin/chromium'],
    ['the PATH comes first', { PATH: onPath }, ['/usr/bin/chromium', '/usr/local/bin/chrome'], '/usr/local/bin/chrome'],
    ['folders in their order', { PATH: onPath }, ['/usr/local/bin/chromium', '/opt/bin/msedge'], '/opt/bin/msedge'],
    ['named', { CHROME_PATH: '/my/chrome', PATH: onPath }, ['/my/chrome', '/opt/bin/chromium'], '/my/chrome'],
    ['named and not there', { CHROME_PATH: '/nowhere' }, ['/usr/bin/chromium'], null],
    ['named as nothing', { CHROME_PATH: '' }, ['/usr/bin/chromium'], '/usr/bin/chromium'],
  ])('%s', (_, env, there, expected) => expect(findBrowser(env, path => there.includes(path))).toBe(expected))

  it('is a program with its ending on Windows, whose variable is Path', () => {
    const edge = 'D:\\Tools\\msedge.exe'
    const env = { Path: 'C:\\Windows;relative;D:\\Tools' }
    expect(findBrowser(env, path => path === edge, win32)).toBe(edge)
    expect(findBrowser({}, path => path.startsWith('C:\\Program Files (x86)'), win32)).toMatch(/chrome\.exe$/)
  })
})
