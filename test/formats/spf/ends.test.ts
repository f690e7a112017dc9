import { describe, expect, it } from 'vitest'
import { emptyNode, nodeOf, spfWith } from '../../../src/facts/email/spf.example.ts'
import { endsOf, isProposed, unreadNodes } from '../../../src/formats/spf/ends.ts'

const item = (...given: Parameters<typeof spfWith>) => spfWith(...given).names[0]!
const included = (text: string) => ({ 'b.example': nodeOf('b.example', text, {}, {}, 1) })

describe('endsOf', () => {
  it.each([
    ['closed', item('v=spf1 ip4:192.0.2.25 -all'), []],
    ['everybody passes', item('v=spf1 +all'), ['pass-all']],
    ['everybody passes behind an include', item('v=spf1 include:b.example -all', included('v=spf1 all')), ['pass-all']],
    ['an include that does not pass', item('v=spf1 -include:b.example -all', included('v=spf1 all')), []],
    ['nothing is said', item('v=spf1 ip4:192.0.2.25 ?all'), ['neutral']],
    ['no end', item('v=spf1 ip4:192.0.2.25'), ['missing']],
    ['the end of a redirect', item('v=spf1 redirect=b.example', included('v=spf1 ?all')), ['neutral']],
    ['entries behind the end', item('v=spf1 -all ip4:192.0.2.25'), ['text-after']],
    ['a redirect beside the end', item('v=spf1 -all redirect=b.example'), ['redirect-ignored']],
    ['a spoilt end is a fault, no missing end', item('v=spf1 ip4:192.0.2.25 \u00e2all'), []],
    ['none', item(), []],
    ['several, one open', { ...item('v=spf1 -all'), texts: ['v=spf1 -all', 'v=spf1 +all'] }, ['pass-all']],
    ['several, all closed', { ...item('v=spf1 -all'), texts: ['v=spf1 -all', 'v=spf1 ~all'] }, []],
  ])('%s', (_name, found, outcomes) => expect(endsOf(found).map(end => end.outcome)).toEqual(outcomes))

  it('names the term that leads to an open record', () =>
    expect(endsOf(item('v=spf1 include:b.example -all', included('v=spf1 all')))).toEqual([
      { outcome: 'pass-all', domain: 'b.example', text: 'v=spf1 all', via: 'include:b.example' },
    ]))
})

it('names records that did not answer and may let everybody pass', () => {
  const silent = { 'b.example': emptyNode('b.example', 'unknown', 'timeout') }
  expect(unreadNodes(item('v=spf1 include:b.example -all', silent).tree!)).toEqual(['b.example'])
  expect(unreadNodes(item('v=spf1 -include:b.example -all', silent).tree!)).toEqual([])
})

it('knows the end that a service proposes', () => expect(isProposed(item('v=spf1 include:b.example ?all'))).toBe(false))
