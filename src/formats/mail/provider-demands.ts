// What Gmail, Yahoo and Microsoft ask of those who send to their customers, and what the records prove to be missing.
import { isPermanentError, type SpfTree } from '../spf/tree.ts'

export type MailboxProvider = { id: 'gmail' | 'yahoo' | 'microsoft'; name: string; bulkOnly: boolean; page: string }

/** The large mailbox providers with published demands; `bulkOnly`: they ask it of senders of 5,000 mails a day and more. */
export const mailboxProviders: readonly MailboxProvider[] = [
  { id: 'gmail', name: 'Gmail', bulkOnly: false, page: 'https://support.google.com/a/answer/81126' },
  { id: 'yahoo', name: 'Yahoo', bulkOnly: false, page: 'https://senders.yahooinc.com/best-practices/' },
  {
    id: 'microsoft',
    name: 'Microsoft',
    bulkOnly: true,
    page: 'https://techcommunity.microsoft.com/blog/microsoftdefenderforoffice365blog/strengthening-email-ecosystem-outlook%E2%80%99s-new-requirements-for-high%E2%80%90volume-senders/4399730',
  },
]

/** What DNS cannot prove, and how it is proven. */
export const unprovable = [
  'signatures and alignment of real mail: launch-ready email message a-mail.eml',
  'one-click unsubscribe in bulk mail (RFC 8058): launch-ready email message --bulk a-newsletter.eml',
  'complaints under 0.3 %: Google Postmaster Tools, Yahoo Sender Hub, Microsoft SNDS',
] as const

export type Demand = 'SPF' | 'DKIM' | 'DMARC'

/** The records as far as the demands go. */
export type DemandedRecords = {
  spf: { names: readonly { name: string; texts: readonly string[]; tree: SpfTree | null; problem: string | null }[] }
  dmarc: { walk: { record: { effective: string } | null } }
  selectors: {
    selectors: readonly { selector: string; domain: string; configured: boolean; usable: boolean; state: string }[]
  }
}

export const hasUsableKey = ({ selectors }: Pick<DemandedRecords, 'selectors'>): boolean =>
  selectors.selectors.some(seen => seen.usable)

/** What the records prove to be missing: of bulk senders all three are asked, of others SPF or DKIM. */
export const lackingDemands = (bulk: boolean, records: DemandedRecords): Demand[] => {
  const { spf, dmarc, selectors } = records
  // A sender may bounce to a subdomain of its own: then SPF counts there, not at the domain itself.
  const hasSpf = spf.names.some(name => name.texts.length === 1 && name.tree !== null && !isPermanentError(name.tree))
  const hasDkim = hasUsableKey(records)
  // Selectors that were configured and are not there prove that DKIM is missing; guessing in vain proves nothing.
  const lacksDkim = !hasDkim && selectors.selectors.some(seen => seen.configured)
  const hasDmarc = dmarc.walk.record !== null && dmarc.walk.record.effective !== 'ignored'
  const lacks: readonly [boolean, Demand][] = bulk
    ? [
        [!hasSpf, 'SPF'],
        [lacksDkim, 'DKIM'],
        [!hasDmarc, 'DMARC'],
      ]
    : [
        [!hasSpf && !hasDkim, 'SPF'],
        [!hasSpf && lacksDkim, 'DKIM'],
      ]
  return lacks.flatMap(([holds, demand]) => (holds ? [demand] : []))
}

/** Names that did not answer, where what seems to be missing may stand there. */
export const unansweredNames = (lacks: readonly Demand[], { spf, selectors }: DemandedRecords): string[] => [
  ...(lacks.includes('SPF') ? spf.names.filter(item => item.problem !== null).map(item => item.name) : []),
  ...(lacks.includes('DKIM')
    ? selectors.selectors
        .filter(item => item.configured && item.state === 'unknown')
        .map(item => `${item.selector}._domainkey.${item.domain}`)
    : []),
]

/** What is missing, in words: a record that is there and does not count is not called absent. */
export const lackingWords = (lacks: readonly Demand[], { spf, dmarc, selectors }: DemandedRecords): string => {
  const own = spf.names[0]?.texts.length ?? 0
  const spfWords = own === 0 ? 'no SPF' : own > 1 ? `${own} SPF records, of which none counts` : 'SPF with an error'
  const hasKey = selectors.selectors.some(item => item.state !== 'absent')
  const words: Record<Demand, string> = {
    SPF: spfWords,
    DKIM: hasKey ? 'no working DKIM key' : 'no DKIM key',
    DMARC: dmarc.walk.record ? 'a DMARC record that is ignored' : 'no DMARC',
  }
  return lacks.map(item => words[item]).join(', ')
}
