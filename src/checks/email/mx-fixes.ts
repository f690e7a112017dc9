// Fixes of the MX records of a domain.
import type { Fix } from '../../core/fix.ts'
import { addRecord, changesFix, manual, removeRecord, replaceRecord } from '../../core/fixes.ts'

type MxRecord = { domain: string; record: string }
type DeadServer = MxRecord & { host: string; others: boolean }

/** A mail record that names an alias: the name behind it takes its place, or has one already. */
export const secondName = ({ domain, record, target, listed }: MxRecord & { target: string; listed: boolean }): Fix =>
  listed
    ? changesFix(`Remove the alias: ${target} is listed itself`, [removeRecord(domain, 'MX', record)], 5)
    : changesFix('Name the server itself in the mail record', [
        replaceRecord(domain, 'MX', `${record.split(' ')[0]} ${target}.`, record),
      ])

/** An MX record whose server is not there: where other servers work it just goes; the last one needs its right name first. */
const dropOrMend = ({ domain, host, record, others }: DeadServer, what: string): Fix =>
  others
    ? changesFix(`Remove the record that leads to ${host}`, [removeRecord(domain, 'MX', record)])
    : changesFix(
        `Point the mail record to a server that exists: ${what}`,
        [manual(`Ask your mailbox provider for its mail server names and replace "${record}" by them`)],
        20,
      )

/** An MX record whose server has no address. */
export const dropUnresolvable = (data: DeadServer): Fix => dropOrMend(data, `${data.host} has no address`)

/** An MX record whose server has addresses that nobody outside reaches. */
export const dropPrivate = (data: DeadServer): Fix => dropOrMend(data, `${data.host} has private addresses only`)

/** An address in the place of a name: the server gets a name. */
export const nameServer = ({ domain, host, record }: MxRecord & { host: string }): Fix =>
  changesFix('Give the server a name and use it', [
    addRecord(`mail.${domain}`, host.includes(':') ? 'AAAA' : 'A', host),
    replaceRecord(domain, 'MX', `${record.split(' ')[0]} mail.${domain}.`, record),
  ])

/** A null MX beside records that accept mail. */
export const acceptMail = ({ domain, record }: MxRecord): Fix =>
  changesFix('Remove the record that refuses all mail', [removeRecord(domain, 'MX', record)], 5)

/** The same server twice. */
export const dropRepeated = ({ domain, record }: MxRecord): Fix =>
  changesFix('Remove the repeated record', [removeRecord(domain, 'MX', record)], 5)
