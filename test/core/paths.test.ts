import { posix, win32 } from 'node:path'
import { describe, expect, it } from 'vitest'
import { shownFrom, wayWithin, writtenPath } from '../../src/core/paths.ts'

describe('paths of every system', () => {
  it.each([
    [posix, '/home/ada/shop', '/home/ada/shop/src/db.ts', 'src/db.ts'],
    [posix, '/home/ada/shop', '/home/ada/shop', ''],
    [posix, '/home/ada/shop', '/home/ada/shopping', null],
    [posix, '/home/ada/shop', '/etc/passwd', null],
    [posix, '/home/ada/shop', '/home/ada/shop/..config', '..config'],
    [posix, '/', '/etc', 'etc'],
    [win32, 'C:\\Users\\Ada\\shop', 'C:\\Users\\Ada\\shop\\src\\db.ts', 'src/db.ts'],
    [win32, 'C:\\Users\\Ada\\shop', 'c:\\users\\ada\\SHOP\\src\\db.ts', 'src/db.ts'],
    [win32, 'C:\\Users\\Ada\\shop', 'C:\\Users\\Ada\\shop', ''],
    [win32, 'C:\\Users\\Ada\\shop', 'C:\\Users\\Ada', null],
    [win32, 'C:\\Users\\Ada\\shop', 'D:\\reports\\a.json', null],
    [win32, 'C:\\Users\\Ada\\shop', '\\\\server\\share\\a.json', null],
  ])('%#: the way from %s', (rules, folder, path, way) => {
    expect(wayWithin(folder, path, rules)).toBe(way)
  })

  it.each([
    ['config\\prod.env', 'config/prod.env'],
    ['.\\config\\..\\.env', '.env'],
    ['./.env', '.env'],
    ['assets/logo.png', 'assets/logo.png'],
    ['C:\\Users\\Ada\\logo.png', 'C:\\Users\\Ada\\logo.png'],
    ['\\\\server\\share\\reports', '\\\\server\\share\\reports'],
    ['imaps://imap.example.com/reports', 'imaps://imap.example.com/reports'],
    ['postgres://user@db.example.com/watch', 'postgres://user@db.example.com/watch'],
    [':memory:', ':memory:'],
  ])('are read as any system writes them: %s', (path, read) => expect(writtenPath(path)).toBe(read))

  it('are shown from where people stand, in the words of their system, else whole', () => {
    expect(shownFrom('/home/ada', '/home/ada/shop/x.yaml', posix)).toBe('shop/x.yaml')
    expect(shownFrom('/home/ada', '/proc', posix)).toBe('/proc')
    expect(shownFrom('/home/ada/shop/web', '/home/ada/shop/x.yaml', posix)).toBe('../x.yaml')
    expect(shownFrom('/home/ada', '/home/ada', posix)).toBe('/home/ada')
    expect(shownFrom('C:\\a', 'C:\\a\\b\\x.yaml', win32)).toBe('b\\x.yaml')
    expect(shownFrom('C:\\a', 'D:\\b', win32)).toBe('D:\\b')
  })
})
