// What to do when a mail flow does not work, in steps.
import type { Fix } from '../../core/fix.ts'
import { fix, manual } from '../../core/fixes.ts'

/** What a finding is about; seconds are whole. */
export type FlowData = {
  flow: string
  seconds: number
  allowed: number
  waited: number
  folder: string
  from: string
  wanted: string
  /** What sends the mail, and why that failed; the latter empty when it did not. */
  what: string
  problem: string
  /** The canary's address bore a tag (`name+word@`). */
  tagged: boolean
}

/** The request that sends the mail fails. */
export const repairTrigger = ({ what, problem, flow }: FlowData): Fix =>
  fix(
    `Repair the request that sends the mail: ${what}`,
    [manual(`Repair ${what} (${problem}), or correct the trigger of "${flow}" in the config.`)],
    [
      `Do it by hand in a private window; here it ended with ${problem}.`,
      'Find the request in the server’s log at the time of this run.',
      'Where the page or its fields changed on purpose, correct email.flows[].trigger in the config.',
    ],
    60,
  )

/** The mail does not arrive. */
export const traceMail = ({ flow, tagged }: FlowData): Fix =>
  fix(
    'Find out where the mail stays',
    [manual(`Find in the log of your mail provider or queue why the mail of "${flow}" does not arrive.`)],
    [
      'Look into the log of your mail provider (Activity, Events, Suppressions) for the time of this run: was it handed over, bounced, suppressed?',
      'Nothing there: look into the job queue and its worker; mails that are queued leave only while the worker runs.',
      'Check the API key and the sender address in the environment of production, not only on your machine.',
      ...(tagged
        ? [
            'The canary’s address was tagged (name+word@); where its mailbox takes no such addresses, set plusAddressing: false.',
          ]
        : []),
    ],
    60,
  )

/** The mail lands in the spam folder. */
export const leaveSpam = ({ flow }: FlowData): Fix =>
  fix(
    'Get the mail out of the spam folder',
    [manual(`Repair authentication and content of the mail of "${flow}", then prove it again.`)],
    [
      'Repair what the checks message-authentication, spf-* and dkim-* and dmarc-* found first: most spam folders ask for these.',
      'Send from a name of your own that is used for nothing else, and from few addresses.',
      'Take out what looks like advertising: link shorteners, large images, links to hosts that are not yours.',
      'Gmail: Postmaster Tools shows what it thinks of your domain.',
    ],
    120,
  )

/** The mail is late. */
export const sendAtOnce = ({ flow }: FlowData): Fix =>
  fix(
    'Send the mail at once',
    [manual(`Make the mail of "${flow}" leave within seconds: a queue of its own, a worker that does not sleep.`)],
    [
      'Compare the Received lines of the mail: the largest gap is where it waits.',
      'Waits before the first line are yours: a queue that is polled rarely, a worker that sleeps, newsletters before it in the same queue.',
      'Waits after it are the receiver’s: greylisting of an address that is new to it, or too many mails at once.',
    ],
    60,
  )

/** The mail comes from somebody else. */
export const correctSender = ({ flow, wanted }: FlowData): Fix =>
  fix(
    `Send it as ${wanted}`,
    [manual(`Set the From address of "${flow}" to ${wanted}.`)],
    [
      'Look for the sender in the environment (MAIL_FROM, EMAIL_FROM, DEFAULT_FROM_EMAIL) and in the settings of the mail provider; onboarding and sandbox addresses stay there from the first day.',
      'Verify your domain at the provider before you change it, or it refuses to send.',
    ],
    20,
  )
