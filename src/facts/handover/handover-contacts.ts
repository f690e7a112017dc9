// Whether the addresses of a handover take mail: by their domain's DNS, and with --active by asking their server (RCPT), without a mail.
import { observed } from '../../core/fact.ts'
import { domainOfAddress } from '../../formats/mail/address.ts'
import type { CollectContext, FactDefinition } from '../definition.ts'
import { escapeName, mxFields } from '../email/mail-lookups.ts'
import { askRecipient } from './ask-recipient.ts'

export type SeenContact = {
  what: string
  email: string
  /** `takes`: its server says so. `may`: its domain takes mail. `refused`: its server refuses the address. `no-mail`: its domain takes none. */
  state: 'takes' | 'may' | 'refused' | 'no-mail' | 'unknown'
  detail: string
}

export type HandoverContacts = { contacts: SeenContact[] }

const most = 30

type Found = Pick<SeenContact, 'state' | 'detail'> & { host?: string }

const byDns = async (domain: string, { net }: CollectContext): Promise<Found> => {
  const name = escapeName(domain)
  const [mx, a, aaaa] = await Promise.all([
    net.dns.lookup(name, 'MX'),
    net.dns.lookup(name, 'A'),
    net.dns.lookup(name, 'AAAA'),
  ])
  if (!mx.ok) return { state: 'unknown', detail: mx.message }
  if (mx.value.status === 'NXDOMAIN') return { state: 'no-mail', detail: `${domain} does not exist` }
  const hosts = mx.value.records.map(mxFields).filter(({ exchange }) => exchange !== '' && exchange !== '.')
  const [first] = hosts.sort((one, other) => one.preference - other.preference)
  if (first) return { state: 'may', detail: `its mail goes to ${first.exchange}`, host: first.exchange }
  if (mx.value.records.length)
    return { state: 'no-mail', detail: `${domain} says that it takes no mail (a null MX record)` }
  if (!a.ok || !aaaa.ok) return { state: 'unknown', detail: `${domain} could not be looked up` }
  return a.value.records.length || aaaa.value.records.length
    ? { state: 'may', detail: 'its domain names no mail server; its own address may take mail', host: domain }
    : { state: 'no-mail', detail: `${domain} has no mail server` }
}

const fact: FactDefinition<HandoverContacts> = {
  on: 'domain',
  deadlines: 8,
  async collect(_subject, context) {
    const answers = await context.need('handoverAnswers')
    if (!answers.ok) return answers
    const { support = [], called = [], owner } = answers.value.handover
    const named = [
      ...support.map(({ what, email }) => ({ what, email })),
      ...called.map(({ name, email }) => ({ what: name, email })),
      ...(owner?.email ? [{ what: 'owner', email: owner.email }] : []),
    ].flatMap(({ what, email }) => (email ? [{ what, email }] : []))
    const unique = named
      .filter(({ email }, at) => named.findIndex(other => other.email === email) === at)
      .slice(0, most)
    const contacts = await Promise.all(
      unique.map(async ({ what, email }): Promise<SeenContact> => {
        const domain = domainOfAddress(email)
        if (domain === null) return { what, email, state: 'no-mail', detail: 'it is no address' }
        const { host, ...found } = await byDns(domain, context)
        if (!host || !context.target.active) return { what, email, ...found }
        return { what, email, ...found, ...(await askRecipient(host, email, context)) }
      }),
    )
    return observed({ contacts }, context.now())
  },
}
export default fact
