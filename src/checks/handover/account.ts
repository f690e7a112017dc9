// What the checks of accounts share: they judge answers, ask where there are none, and say how to put it right.
import { ask, high, type Judgement, medium, pass, skip } from '../../core/check.ts'
import { textEvidence } from '../../core/evidence.ts'
import type { Fix } from '../../core/fix.ts'
import { manualFix } from '../../core/fixes.ts'
import type { HandoverAnswers } from '../../facts/handover/handover-answers.ts'
import {
  type AccessFault,
  type AccessSeen,
  accessFaults,
  accountWords,
  hasAccount,
  seenAt,
} from '../../formats/handover/access.ts'
import type { Production } from '../../formats/handover/production.ts'
import type { AccountName } from '../../formats/handover/schema.ts'

export type AccountData = {
  account: AccountName
  /** What titles call it. */
  place: string
  what: string
  provider: string | null
  fault: AccessFault | null
  count: number
}

/** Nobody has been asked: an audit says how one asks. */
export const notAskedYet = 'nobody has been asked yet: launch-ready handover write asks'

const steps = ({ account, provider }: AccountData, fault: AccessFault): string[] => {
  const place = provider ?? accountWords[account]
  switch (fault) {
    case 'unknown':
      return [
        `Find out who signs in at ${place}: the invoice, the mailbox that its mails go to, the founder.`,
        `Write them down: handover.access.${account}.people in launch-ready.handover.yaml.`,
      ]
    case 'single-person':
      return [
        `Invite a second person at ${place} with an account of their own.`,
        `Add them to handover.access.${account}.people.`,
      ]
    case 'personal-account':
      return [
        `Change the account at ${place} to an address of the company's own domain.`,
        `Write the new address into handover.access.${account}.people.`,
      ]
    case 'no-second-factor':
      return [
        `Turn on the second factor at ${place} (a code or key beside the password), with recovery codes where two people find them.`,
        `Set handover.access.${account}.secondFactor to true.`,
      ]
  }
}

const fixOf =
  (fault: AccessFault, summary: (place: string) => string) =>
  (data: AccountData): Fix =>
    manualFix(summary(accountWords[data.account]), steps(data, fault), fault === 'single-person' ? 10 : 20)

/** The outcomes of every account; `noun` is what all of them together are called. */
export const accountOutcomes = (noun: string) => ({
  unknown: high<AccountData>(
    'Nobody is named who can sign in at {place}',
    fixOf('unknown', place => `Find out who signs in at ${place}`),
  ),
  'single-person': medium<AccountData>(
    'One person alone can sign in at {place}',
    fixOf('single-person', place => `Let a second person sign in at ${place}`),
  ),
  'personal-account': medium<AccountData>(
    'The account at {place} belongs to a private mailbox',
    fixOf('personal-account', place => `Move the account at ${place} to an address of the company`),
    { why: 'When its owner leaves, the account goes along, and mails about it reach nobody at the company.' },
  ),
  'no-second-factor': medium<AccountData>(
    'A password is enough to sign in at {place}',
    fixOf('no-second-factor', place => `Turn on the second factor at ${place}`),
    { why: 'Whoever learns that password can take the account over and lock you out.' },
  ),
  known: pass(`Two people can sign in at ${noun}`),
})

type Outcome = keyof ReturnType<typeof accountOutcomes>

const holds = ({ account, fault, what }: AccessSeen, production: Production) => ({
  outcome: fault as Outcome,
  data: { account, place: accountWords[account], what, fault, provider: seenAt(account, production), count: 1 },
  evidence: [textEvidence(`access.${account}`, what)],
  key: account,
})

const question = (account: AccountName, production: Production) => {
  const at = seenAt(account, production)
  return {
    id: `access-${account}`,
    text: `Who can sign in at ${accountWords[account]}${at ? ` (${at})` : ''}?`,
    answer: `handover.access.${account}`,
  }
}

/** Judges the accounts: faults of those that were answered for, a question for each that was not. */
export const judgeAccounts = (
  accounts: readonly AccountName[],
  answers: HandoverAnswers,
  production: Production,
): Judgement<Outcome, AccountData> => {
  if (!answers.given && !answers.asked) return skip(notAskedYet)
  const there = accounts.filter(account => hasAccount(account, production, answers.handover) !== false)
  if (there.length === 0) return skip(`the product has no such account (${accounts.join(', ')})`)
  const found = there.flatMap(account => {
    const access = answers.handover.access?.[account]
    return access ? accessFaults(account, access).map(fault => holds(fault, production)) : []
  })
  const open = there.filter(account => answers.handover.access?.[account] === undefined)
  const asked = open.map(account =>
    ask(question(account, production), `nobody has said who can sign in at ${accountWords[account]}`, 'high'),
  )
  if (found.length || asked.length) return [...found, ...asked]
  return {
    outcome: 'known',
    data: {
      account: there[0]!,
      place: '',
      what: '',
      fault: null,
      provider: seenAt(there[0]!, production),
      count: there.length,
    },
    evidence: there.map(account =>
      textEvidence(`access.${account}`, (answers.handover.access?.[account]?.people ?? []).join(', ')),
    ),
  }
}
