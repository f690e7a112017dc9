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
/** Characters before a literal that are looked at. */
const longestStart = 90

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
  {
    literals: ['.atlasv1.'],
    before: /[A-Za-z0-9]{14}$/,
    after: /^\.atlasv1\.[\w=-]{60,70}/,
    rule: 'terraform',
    provider: 'HCP Terraform',
    what: 'API token',
    rotate: 'https://app.terraform.io/app/settings/tokens',
  },
  {
    literals: ['_mmk'],
    before: /[A-Za-z0-9]{6}_[A-Za-z0-9]{29}$/,
    after: /^_mmk/,
    rule: 'maxmind',
    provider: 'MaxMind',
    what: 'licence key',
    rotate: 'https://www.maxmind.com/en/accounts/current/license-key',
  },
  {
    // https://learn.microsoft.com/purview/sit-defn-azure-cosmosdb-account-access-key: Azure marks what it hands out.
    literals: ['ACDb', '+ABa', '+AMC', '+ASt', 'AzCa', '+AEh', '+ARm', '+ASb', '+AIo', 'AzFu', 'AzSe'],
    before: /(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{76}$/,
    after: /^(?:ACDb|\+ABa|\+AMC|\+ASt|AzCa|\+AEh|\+ARm|\+ASb|\+AIo|AzFu|AzSe)[A-Za-z0-9+/]{6}==/,
    rule: 'azure-key',
    provider: 'Azure',
    what: 'account key',
    rotate: 'https://portal.azure.com',
  },
  {
    literals: ['+ACR'],
    before: /(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{42}$/,
    after: /^\+ACR[A-D][A-Za-z0-9]{5}/,
    rule: 'azure-registry',
    provider: 'Azure',
    what: 'password of a container registry',
    rotate: 'https://portal.azure.com',
  },
  {
    literals: ['.AgAB'],
    before: /(?<![\w.-])[01]\.A[\w-]{40,80}(?:\.\d)?$/,
    after: /^\.AgAB[\w-]{60}/,
    rule: 'azure-refresh-token',
    provider: 'Azure',
    what: 'refresh token',
    rotate: 'https://portal.azure.com',
  },
  {
    literals: ['FFFFNRAL'],
    before: /(?<!\w)(?:[0-9a-f]{32}|eu01xx[0-9a-f]{26})$/,
    after: /^FFFFNRAL/,
    rule: 'new-relic-licence',
    provider: 'New Relic',
    what: 'licence key',
    rotate: 'https://one.newrelic.com/api-keys',
  },
  {
    literals: ['-NRMA'],
    before: /(?<!\w)(?:AA[0-9a-f]{40}|eu01xx[0-9a-f]{36})$/,
    after: /^-NRMA/,
    rule: 'new-relic-mobile',
    provider: 'New Relic',
    what: 'mobile app token',
    rotate: 'https://one.newrelic.com/api-keys',
  },
  {
    literals: ['==:'],
    before: /(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{22}$/,
    after: /^==:[A-Za-z0-9]{32}/,
    rule: 'tableau',
    provider: 'Tableau',
    what: 'personal access token',
    rotate: 'https://help.tableau.com/current/server/en-us/security_personal_access_tokens.htm',
  },
  {
    // An app's id and its token in one.
    literals: digits.flatMap(one => digits.map(other => `${one}${other}|`)),
    before: /\d{13,14}$/,
    after: /^\d\d\|[\w-]{27,40}/,
    rule: 'facebook-app-token',
    provider: 'Meta',
    what: 'app access token',
    rotate: 'https://developers.facebook.com/apps',
  },
]

/** A regular expression for such tokens: what stands beside it are the cases of a scanner. */
const soughtAs = /(?:\\d|\[0-9\])\{[\d,]+\}:|\\dQ~/

export const inside: Detector = (at, index, literal) => {
  const { text } = at
  const one = insides.find(({ literals }) => literals.includes(literal))
  const start = one?.before.exec(text.slice(Math.max(0, index - longestStart), index))?.[0]
  const rest = start && one?.after.exec(text.slice(index, index + 90))?.[0]
  if (!one || !start || !rest) return null
  const from = index - start.length
  if (!beginsHere(text, from, true) && !text.startsWith('/bot', from - 4)) return null
  if (one.rule !== 'azure-refresh-token' && !endsHere(text, index + rest.length, true)) return null
  const variable = variableBefore(text, from)
  if (entropyOf(start + rest) < 3.5) return null
  const shown = at.repo && (isShownAsExample(text, from, variable) || soughtAs.test(text))
  return {
    rule: one.rule,
    provider: one.provider,
    what: one.what,
    class: isMadeUp(rest.length > 8 ? rest.slice(3) : start)
      ? 'placeholder'
      : shown
        ? 'documentation'
        : classIn(at, 'live'),
    kind: 'token',
    confidence: 'certain',
    secret: start + rest,
    index: from,
    variable,
    rotate: one.rotate,
    rank: 3,
  }
}
