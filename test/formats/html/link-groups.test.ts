// Links that lead nowhere, by what a visitor loses.
import { describe, expect, it } from 'vitest'
import { groupLinks, groupOfLink, type JudgedLink } from '../../../src/formats/html/link-groups.ts'

const link = (url: string, given: Partial<JudgedLink> = {}): JudgedLink => ({
  url,
  internal: true,
  purpose: null,
  state: 'broken',
  ...given,
})

describe('groups of links', () => {
  it.each<[Partial<JudgedLink>, string]>([
    [{}, 'internal'],
    [{ internal: false }, 'external'],
    [{ purpose: 'signup' }, 'signup-or-payment'],
    [{ purpose: 'payment', internal: false }, 'signup-or-payment'],
  ])('%j: %s', (given, group) => expect(groupOfLink(link('a', given))).toBe(group))

  it('worst first, each state by itself, empty groups left out', () => {
    const links = [
      link('a', { internal: false }),
      link('b', { purpose: 'payment' }),
      link('c', { state: 'untold' }),
      link('d', { internal: false }),
    ]
    const shown = (state: JudgedLink['state']) =>
      groupLinks(links, state).map(({ group, links: found }) => `${group}: ${found.map(({ url }) => url).join(' ')}`)
    expect(shown('broken')).toEqual(['signup-or-payment: b', 'external: a d'])
    expect(shown('untold')).toEqual(['internal: c'])
    expect(shown('works')).toEqual([])
  })
})
