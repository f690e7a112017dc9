// Fixes of the SPF record: whom it lets send, and how it is published.
import type { Fix } from '../../core/fix.ts'
import { addRecord, changesFix, manual } from '../../core/fixes.ts'
import type { RelayRestriction } from '../../data/shared-networks.ts'
import { spfLengthLimit } from '../../formats/spf/repair.ts'
import type { WantedSpf } from '../../formats/spf/wanted.ts'
import { spfFix } from './mail-fixes.ts'

type Term = { name: string; term: string; wanted: WantedSpf | null }
type Repair = { repair: WantedSpf | null }
type Published = Repair & { name: string; panel: string[] }

/** A sender that the record does not let send. */
export const authorise = ({ wanted, who, term, name }: Term & { who: string }): Fix =>
  spfFix(wanted, `Authorise ${who}`, `Put ${term} into the record of ${name}, before its end`)

/** A term that lets the wrong ones send, or nobody. */
export const withoutTerm = ({ wanted, term, name }: Term): Fix =>
  spfFix(wanted, `Remove ${term}`, `Remove ${term} from the record of ${name}`)

/** A relay stays, and is told whose account may send; anything else goes. */
export const narrowTerm = (data: Term & { restriction: RelayRestriction | null }): Fix =>
  data.restriction
    ? changesFix('Let only your own account send through this relay', [
        manual(`Add a TXT record to ${data.restriction.label}.${data.name}: ${data.restriction.setup}`),
      ])
    : withoutTerm(data)

/** No record: `denial` is the one to publish where nobody needs one. */
export const publishSpf = ({ denial, name, panel, repair }: Published & { denial: string }): Fix => {
  const summary = 'Say who sends mail for you'
  const otherwise =
    'Name your senders in the config (email.senders) and run this again for the record; a domain that sends nothing gets a TXT record "v=spf1 -all"'
  return denial
    ? changesFix(summary, [addRecord(name, 'TXT', denial)], 10, panel)
    : spfFix(repair, summary, otherwise, 10, panel)
}

/** A record with a fault: the mended one takes its place. */
export const replaceSpf = ({ repair, name, panel }: Published): Fix =>
  spfFix(
    repair,
    `Replace the SPF record of ${name}`,
    'Write the record anew from the names that your mail services give you',
    10,
    panel,
  )

/** Several records at one name. */
export const joinSpf = ({ repair, panel }: Published): Fix =>
  spfFix(repair, 'Put the records together into one', 'Write one record from the parts of all', 10, panel)

/** A record too long for one packet. */
export const shortenSpf = ({ repair }: Repair): Fix =>
  spfFix(
    repair,
    'Move the addresses into a record of their own',
    `Remove senders that you no longer use, until the record has at most ${spfLengthLimit} characters`,
    15,
  )

/** A record of type 99 alone. */
export const publishAsTxt = ({ repair }: Repair): Fix =>
  spfFix(repair, 'Publish the same text as TXT', 'Publish the same text as TXT', 5)
