// Outcomes of `tls-versions` beside its examples.
import { expect, test } from 'vitest'
import check from '../../../src/checks/audit/tls-versions.ts'
import { bareTarget } from '../../../src/core/target.ts'
import { type TlsDifference, tlsWith } from '../../../src/facts/tls/tls.example.ts'

const judged = (difference: TlsDifference) => {
  const is = check.judge(
    { tls: tlsWith(difference) },
    { now: 0, subject: { kind: 'host', name: 'example.com' }, target: bareTarget(), options: {} },
  )
  return [is]
    .flat()
    .map(each => ('outcome' in each ? `${each.outcome} ${each.data.versions.join(', ')}`.trim() : Object.keys(each)[0]))
}

test('obsolete-offered and no-tls13 are both told', () => {
  expect(judged({ versions: { SSLv3: true, 'TLSv1.3': false } })).toEqual(['obsolete-offered SSL 3', 'no-tls13'])
})

test('obsolete-only hides what follows from it', () => {
  expect(judged({ versions: { TLSv1: true, 'TLSv1.1': true, 'TLSv1.2': false, 'TLSv1.3': false } })).toEqual([
    'obsolete-only TLS 1.0, TLS 1.1',
  ])
})

test('what could not be told is never modern, and never a fault', () => {
  expect(judged({ versions: { TLSv1: null } })).toEqual(['unknown'])
  expect(judged({ versions: { 'TLSv1.3': null } })).toEqual(['unknown'])
  expect(judged({ versions: { 'TLSv1.2': null, 'TLSv1.3': null } })).toEqual(['unknown'])
  expect(judged({ versions: { TLSv1: true, 'TLSv1.1': null } })).toEqual(['obsolete-offered TLS 1.0'])
  expect(judged({ refused: true })).toEqual(['skip'])
})

test('modern names what is spoken', () => {
  expect(judged({})).toEqual(['modern TLS 1.2, TLS 1.3'])
})
