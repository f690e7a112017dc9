import { defineCheck } from '../../core/check.ts'
import type { Change } from '../../core/fix.ts'
import type { Dmarc } from '../../facts/email/dmarc.ts'
import type { Selectors } from '../../facts/email/selectors.ts'
import type { Spf } from '../../facts/email/spf.ts'
import { isPermanentError } from '../../formats/spf/tree.ts'
import { exampleDmarc } from './dmarc-examples.ts'
import { starter } from './dmarc-record.ts'
import {
  addRecord,
  evidence,
  type Held,
  inWords,
  manual,
  recordFix,
  removeRecord,
  replaceRecord,
  sendsNothing,
} from './mail-records.ts'
import { exampleSpf } from './spf-examples.ts'
import { type WantedSpf, wantedSpf } from './spf-wanted.ts'

type Data = { provider: string; lacks: string; changes: Change[]; unproven: string[] }

/** What DNS cannot prove, and how it is proven. */
const unprovable = [
  'signatures and alignment of real mail: launch-ready email message a-mail.eml',
  'one-click unsubscribe in bulk mail (RFC 8058): launch-ready email message --bulk a-newsletter.eml',
  'complaints under 0.3 %: Google Postmaster Tools, Yahoo Sender Hub, Microsoft SNDS',
]

type Provider = { id: string; name: string; bulkOnly: boolean; page: string }

const providers: readonly Provider[] = [
  { id: 'gmail', name: 'Gmail', bulkOnly: false, page: 'https://support.google.com/a/answer/81126' },
  { id: 'yahoo', name: 'Yahoo', bulkOnly: false, page: 'https://senders.yahooinc.com/best-practices/' },
  {
    id: 'microsoft',
    name: 'Microsoft',
    bulkOnly: true,
    page: 'https://techcommunity.microsoft.com/blog/microsoftdefenderforoffice365blog/strengthening-email-ecosystem-outlook%E2%80%99s-new-requirements-for-high%E2%80%90volume-senders/4399730',
  },
]

const failing = (
  provider: (typeof providers)[number],
  lacks: readonly string[],
  changes: Change[],
  bulk: boolean,
): Held<'fails', Data> => ({
  outcome: 'fails',
  key: provider.id,
  data: { provider: provider.name, lacks: `no ${inWords(lacks)}`, changes, unproven: unprovable },
  evidence: [
    ...lacks.map(name => evidence('missing', name)),
    evidence('asked of', bulk ? 'senders of 5,000 mails a day and more' : 'everybody'),
    ...unprovable.map(text => evidence('DNS cannot prove', text)),
  ],
  ...(bulk ? { severity: 'blocker' as const } : {}),
})

export default defineCheck<Data>()({
  id: 'provider-requirements',
  stage: 'email',
  on: 'domain',
  title: 'Gmail, Yahoo and Microsoft accept your mail',
  why: 'Gmail and Yahoo ask everybody for SPF or DKIM, and senders of 5,000 mails a day for both, and DMARC with alignment; Microsoft asks the same of bulk senders. What DNS shows is judged here, each provider for itself; what only a message or their dashboards can show is listed with the way to prove it.',
  impact: { journey: 'email', owner: 'Customers at the large mailbox providers do not get your mail.' },
  needs: ['spf', 'dmarc', 'selectors'],
  wants: ['mx'],
  signals: ['emails-fail', 'never-verified'],
  outcomes: {
    fails: {
      status: 'fail',
      severity: 'high',
      title: '{provider} will refuse or junk your mail: {lacks}',
      fix: held => recordFix(`Meet what ${held.provider} asks for`, held.changes, 30),
    },
    meets: { status: 'pass', title: 'Records meet what Gmail, Yahoo and Microsoft ask for' },
  },
  references: providers.map(item => item.page),
  judge: ({ spf, dmarc, selectors, mx }, { subject, target }) => {
    if (sendsNothing(target, spf)) return { skip: 'this domain sends no mail' }
    const bulk = target.senders.some(sender => sender.bulk)
    const hasDkim = selectors.selectors.some(seen => seen.usable)
    const lacks = lacking(bulk, spf, dmarc, selectors)
    const asked = providers.filter(provider => bulk || !provider.bulkOnly)
    const unproven = unprovable.map(text => evidence('DNS cannot prove', text))
    const [own] = spf.names
    const wanted = own ? wantedSpf(own, subject.name, target, mx.ok ? mx.value : null) : null
    const receives = !mx.ok || mx.value.hosts.length > 0
    const silent = unanswered(lacks, spf, selectors)
    if (silent.length)
      return asked.map(provider => ({
        unknown: `cannot-tell: ${provider.name} asks for ${inWords(lacks)}, and ${inWords(silent)} could not be asked for`,
        couldBe: bulk ? ('blocker' as const) : ('high' as const),
      }))
    if (lacks.length) {
      const changes = lacks.flatMap(name => changesFor(name, subject.name, spf, wanted, receives))
      return asked.map(provider => failing(provider, lacks, changes, bulk))
    }
    if (bulk && !hasDkim)
      return asked.map(provider => ({
        unknown: `cannot-tell: ${provider.name} asks for DKIM, and no selector is known: name it in email.senders[].dkim`,
        couldBe: 'blocker' as const,
      }))
    return {
      outcome: 'meets',
      data: { provider: '', lacks: '', changes: [], unproven: unprovable },
      evidence: unproven,
    }
  },
  examples: [
    {
      name: 'SPF and DMARC stand',
      facts: {
        spf: exampleSpf('v=spf1 ip4:192.0.2.25 -all'),
        dmarc: exampleDmarc('v=DMARC1; p=reject'),
        selectors: {
          selectors: [],
          tried: 30,
          sources: [],
          wildcard: null,
          unanswered: 0,
          providers: [],
          returnPaths: [],
        },
      },
      expect: 'meets',
    },
    {
      name: 'nothing stands',
      facts: {
        spf: exampleSpf(),
        dmarc: exampleDmarc(),
        selectors: {
          selectors: [],
          tried: 30,
          sources: [],
          wildcard: null,
          unanswered: 0,
          providers: [],
          returnPaths: [],
        },
      },
      expect: 'fails',
    },
  ],
})

const changesFor = (lack: string, domain: string, spf: Spf, wanted: WantedSpf | null, receives: boolean): Change[] => {
  if (lack === 'DKIM') return [manual('Turn on DKIM where your mail is sent')]
  if (lack === 'DMARC') return [addRecord(`_dmarc.${domain}`, 'TXT', starter(domain, receives))]
  const [text, ...others] = spf.names[0]?.texts ?? []
  if (text === undefined) return [wanted ? addRecord(domain, 'TXT', wanted.record) : manual('Publish an SPF record')]
  if (!wanted) return [manual('Mend the SPF record: launch-ready explain spf-record')]
  // Of several records none counts: one holds what all said, the others go.
  const kept = [text, ...others].find(item => item === wanted.record) ?? text
  return [
    ...(kept === wanted.record
      ? others.length
        ? []
        : [manual('Mend the SPF record: launch-ready explain spf-record')]
      : [replaceRecord(domain, 'TXT', wanted.record, kept)]),
    ...[text, ...others].filter(item => item !== kept).map(item => removeRecord(domain, 'TXT', item)),
  ]
}

/** What the records prove to be missing: of bulk senders all three are asked, of others SPF or DKIM. */
const lacking = (bulk: boolean, spf: Spf, dmarc: Dmarc, selectors: Selectors): string[] => {
  // A sender may bounce to a subdomain of its own: then SPF counts there, not at the domain itself.
  const hasSpf = spf.names.some(name => name.texts.length === 1 && name.tree !== null && !isPermanentError(name.tree))
  const hasDkim = selectors.selectors.some(seen => seen.usable)
  // Selectors that were configured and are not there prove that DKIM is missing; guessing in vain proves nothing.
  const lacksDkim = !hasDkim && selectors.selectors.some(seen => seen.configured)
  const hasDmarc = dmarc.walk.record !== null && dmarc.walk.record.effective !== 'ignored'
  if (bulk) return [...(hasSpf ? [] : ['SPF']), ...(lacksDkim ? ['DKIM'] : []), ...(hasDmarc ? [] : ['DMARC'])]
  return [...(hasSpf || hasDkim ? [] : ['SPF']), ...(hasSpf || !lacksDkim ? [] : ['DKIM'])]
}

/** Names that did not answer, where what seems to be missing may stand there. */
const unanswered = (lacks: readonly string[], spf: Spf, selectors: Selectors): string[] => [
  ...(lacks.includes('SPF') ? spf.names.filter(item => item.problem !== null).map(item => item.name) : []),
  ...(lacks.includes('DKIM')
    ? selectors.selectors
        .filter(item => item.configured && item.state === 'unknown')
        .map(item => `${item.selector}._domainkey.${item.domain}`)
    : []),
]
