// Outcomes of `tls-ciphers` beside its examples.
import { expect, test } from 'vitest'
import check from '../../../src/checks/audit/tls-ciphers.ts'
import { bareTarget } from '../../../src/core/target.ts'
import { type TlsDifference, tlsWith } from '../../../src/facts/tls/tls.example.ts'

const judged = (difference: TlsDifference) => {
  const is = check.judge(
    { tls: tlsWith(difference) },
    { now: 0, subject: { kind: 'host', name: 'example.com' }, target: bareTarget(), options: {} },
  )
  return [is].flat().map(each => ('outcome' in each ? each.outcome : Object.keys(each)[0]))
}

test('every fault is told: broken, no-forward-secrecy, weak-dh', () => {
  expect(judged({ weak: { RC4: true, NULL: true }, forwardSecrecy: false, dhBits: 1024 })).toEqual([
    'broken',
    'no-forward-secrecy',
    'weak-dh',
  ])
})

test('strong: a group of 2048 bits, and what could not be told is neither strong nor a fault', () => {
  expect(judged({ dhBits: 2048 })).toEqual(['strong'])
  expect(judged({ forwardSecrecy: null })).toEqual(['unknown'])
  expect(judged({ weak: { RC4: null } })).toEqual(['unknown'])
  expect(judged({ weak: { RC4: null, DES: true } })).toEqual(['broken'])
  expect(judged({ dhBits: 2047 })).toEqual(['weak-dh'])
})
