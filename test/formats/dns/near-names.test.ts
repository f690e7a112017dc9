// What somebody may have meant who typed a name that does not exist.
import { describe, expect, it } from 'vitest'
import { nearNames } from '../../../src/formats/dns/near-names.ts'

describe('names near to one that does not exist', () => {
  it.each([
    ['app.coachdash.example', ['coachdash.example', 'ap.coachdash.example']],
    ['coachdash.con', ['coachdash.com']],
    ['coachhdash.example', ['coachdash.example']],
    ['wwwcoachdash.com', ['coachdash.com', 'wwcoachdash.com']],
    ['coachdash.exmaple', ['coachdash.example']],
    ['coffee.com', ['cofee.com', 'coffe.com']],
    ['coachdash.com', []],
    ['example.co.uk', []],
    ['com', []],
  ])('%s', (name, near) => expect(nearNames(name)).toEqual(near))

  it('are few, whatever is asked', () => {
    expect(nearNames(`${'a'.repeat(60)}.${'b'.repeat(60)}.con`).length).toBeLessThanOrEqual(8)
  })
})
