// Tokens whose telling part stands in their middle: client secrets of Azure, bots of Telegram.
import { beginsHere, endsHere, variableBefore } from '../assignment.ts'
import { entropyOf, isMadeUp } from '../values.ts'
import { classIn, type Detector, isShownAsExample } from './looked.ts'

type Inside = {
  literals: readonly string[]
  /** Characters that may stand before the literal. */
  before: RegExp
  /** What follows, the literal included. */
  after: RegExp
  rule: string
  provider: string
  what: string
  rotate: string
}

const digits = [...'0123456789']

export const insides: readonly Inside[] = [
  {
    // https://learn.microsoft.com/entra/identity-platform: the eighth of forty characters and its neighbours are fixed.
    literals: digits.map(digit => `${digit}Q~`),
    before: /[\w~.-]{3}$/,
    after: /^\dQ~[\w~.-]{31,34}/,
    rule: 'azure-client-secret',
    provider: 'Azure',
    what: 'application secret',
    rotate: 'https://portal.azure.com',
  },
  {
    literals: [':AA'],
    before: /\d{8,10}$/,
    after: /^:AA[\w-]{33}/,
    rule: 'telegram-bot',
    provider: 'Telegram',
    what: 'bot token',
    rotate: 'https://core.telegram.org/bots#botfather',
  },
]

/** A regular expression for such tokens: what stands beside it are the cases of a scanner. */
const soughtAs = /(?:\\d|\[0-9\])\{[\d,]+\}:|\\dQ~/

export const inside: Detector = (at, index, literal) => {
  const { text } = at
  const one = insides.find(({ literals }) => literals.includes(literal))
  const start = one?.before.exec(text.slice(Math.max(0, index - 10), index))?.[0]
  const rest = start && one?.after.exec(text.slice(index, index + 60))?.[0]
  if (!one || !start || !rest) return null
  const from = index - start.length
  if (!beginsHere(text, from, true) && !text.startsWith('/bot', from - 4)) return null
  if (!endsHere(text, index + rest.length, true)) return null
  const variable = variableBefore(text, from)
  if (entropyOf(rest) < 3.5) return null
  const shown = at.repo && (isShownAsExample(text, from, variable) || soughtAs.test(text))
  return {
    rule: one.rule,
    provider: one.provider,
    what: one.what,
    class: isMadeUp(rest.slice(3)) ? 'placeholder' : shown ? 'documentation' : classIn(at, 'live'),
    kind: 'token',
    confidence: 'certain',
    secret: start + rest,
    index: from,
    variable,
    rotate: one.rotate,
    rank: 3,
  }
}
