// EPP states as registries word them: holds, and locks against transfer.
import { describe, expect, it } from 'vitest'
import { holdOf, isUnlocked } from '../../../src/formats/dns/registration-states.ts'

describe('states of a registration', () => {
  it.each<[string[], string | null, boolean]>([
    [[], null, false],
    [['active'], null, true],
    [['client transfer prohibited'], null, false],
    [['server transfer prohibited', 'active'], null, false],
    [['client hold', 'client transfer prohibited'], 'client hold', false],
    [['server hold'], 'server hold', true],
    [['redemption period'], 'redemption period', true],
    [['pending delete'], 'pending delete', true],
    [['inactive'], 'inactive', true],
    [['client update prohibited'], null, true],
  ])('%j: hold %s, unlocked %s', (states, hold, unlocked) => {
    expect(holdOf(states)).toBe(hold)
    expect(isUnlocked(states)).toBe(unlocked)
  })
})
