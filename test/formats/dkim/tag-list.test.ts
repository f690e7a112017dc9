import { describe, expect, it } from 'vitest'
import { parseTagList, tagValue } from '../../../src/formats/dkim/tag-list.ts'

describe('parseTagList', () => {
  it.each([
    [
      'v=DKIM1; k=rsa; p=AA',
      [
        ['v', 'DKIM1'],
        ['k', 'rsa'],
        ['p', 'AA'],
      ],
      0,
    ],
    [
      ' v = DKIM1 ; p = ',
      [
        ['v', 'DKIM1'],
        ['p', ''],
      ],
      0,
    ],
    ['v=DKIM1;', [['v', 'DKIM1']], 0],
  ])('%s', (text, tags, faults) => {
    const list = parseTagList(text)
    expect(list.tags.map(tag => [tag.name, tag.value])).toEqual(tags)
    expect(list.faults).toHaveLength(faults)
  })
  it('what is no tag is a fault with its place', () => {
    const { faults } = parseTagList('v=DKIM1; nonsense; p=AA')
    expect(faults).toHaveLength(1)
    expect(faults[0]?.at).toBeGreaterThan(7)
  })
  it('a value by its name', () => {
    expect(tagValue(parseTagList('v=DKIM1; p=AA'), 'p')).toBe('AA')
    expect(tagValue(parseTagList('v=DKIM1'), 'p')).toBeNull()
  })
})
