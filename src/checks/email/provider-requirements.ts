// What the large mailbox providers ask of senders, as far as DNS shows it.
import { defineCheck, high, pass } from '../../core/check.ts'
import { textEvidence } from '../../core/evidence.ts'
import type { Change } from '../../core/fix.ts'
import { addRecord, changesFix, manual, removeRecord, replaceRecord } from '../../core/fixes.ts'
import { dmarcWith } from '../../facts/email/dmarc.example.ts'
import { nothingFound } from '../../facts/email/selectors.example.ts'
import { spfWith } from '../../facts/email/spf.example.ts'
import { starterDmarc } from '../../formats/dmarc/dmarc.ts'
import { sendsNothing } from '../../formats/mail/direction.ts'
import { inWords } from '../../formats/mail/in-words.ts'
import {
  type Demand,
  hasUsableKey,
  lackingDemands,
  lackingWords,
  mailboxProviders,
  unansweredNames,
  unprovable,
} from '../../formats/mail/provider-demands.ts'
import { type WantedSpf, wantedSpf } from '../../formats/spf/wanted.ts'

type Data = { provider: string; lacks: string; changes: Change[] }

const mendByHand = manual('Mend the SPF record: `launch-ready explain spf-record`')

/** Of several records none counts: one holds what all said, the others go. */
const spfChanges = (domain: string, texts: readonly string[], wanted: WantedSpf | null): Change[] => {
  const [text] = texts
  if (text === undefined) return [wanted ? addRecord(domain, 'TXT', wanted.record) : manual('Publish an SPF record')]
  if (!wanted) return [mendByHand]
  const kept = texts.find(item => item === wanted.record) ?? text
  const removals = texts.filter(item => item !== kept).map(item => removeRecord(domain, 'TXT', item))
  if (kept !== wanted.record) return [replaceRecord(domain, 'TXT', wanted.record, kept), ...removals]
  return texts.length > 1 ? removals : [mendByHand]
}

export default defineCheck<Data>()({
  id: 'provider-requirements',
  stage: 'email',
  on: 'domain',
  title: 'Gmail, Yahoo and Microsoft accept your mail',
  why: 'Gmail and Yahoo ask everybody for SPF or DKIM, and senders of 5,000 mails a day for both, and DMARC with alignment; Microsoft asks the same of bulk senders. What DNS shows is judged here, each provider for itself; what only a message or their dashboards can show is listed with the way to prove it.',
  impact: {
    journey: 'email',
    owner: 'Customers at the large mailbox providers may not get your mail, or get it as spam.',
  },
  needs: ['spf', 'dmarc', 'selectors'],
  wants: ['mx'],
  signals: ['emails-fail', 'never-verified'],
  outcomes: {
    fails: high('{provider} will refuse or junk your mail: {lacks}', ({ provider, changes }) =>
      changesFix(`Meet what ${provider} asks for`, changes, 30),
    ),
    meets: pass('Records meet what Gmail, Yahoo and Microsoft ask for'),
  },
  references: mailboxProviders.map(item => item.page),
  judge: ({ spf, dmarc, selectors, mx }, { subject: { name: domain }, target }) => {
    if (sendsNothing(target, spf)) return { skip: 'this domain sends no mail' }
    const bulk = target.senders.some(sender => sender.bulk)
    const records = { spf, dmarc, selectors }
    const lacks = lackingDemands(bulk, records)
    const asked = mailboxProviders.filter(provider => bulk || !provider.bulkOnly)
    const unproven = unprovable.map(text => textEvidence('DNS cannot prove', text))
    const cannotTell = (why: string) =>
      asked.map(({ id, name }) => ({
        unknown: `cannot-tell: ${name} asks for ${why}`,
        couldBe: bulk ? ('blocker' as const) : ('high' as const),
        key: id,
      }))
    const silent = unansweredNames(lacks, records)
    if (silent.length) return cannotTell(`${inWords(lacks)}, and ${inWords(silent)} could not be asked for`)
    if (lacks.length === 0)
      return bulk && !hasUsableKey(records)
        ? cannotTell('DKIM, and no selector is known: name it in email.senders[].dkim')
        : { outcome: 'meets', data: { provider: '', lacks: '', changes: [] }, evidence: unproven }
    const [own] = spf.names
    const wanted = own ? wantedSpf(own, domain, target, mx.ok ? mx.value : null) : null
    const changesOf: Record<Demand, () => Change[]> = {
      SPF: () => spfChanges(domain, own?.texts ?? [], wanted),
      DKIM: () => [manual('Turn on DKIM where your mail is sent')],
      DMARC: () => [addRecord(`_dmarc.${domain}`, 'TXT', starterDmarc(domain, !mx.ok || mx.value.hosts.length > 0))],
    }
    const changes = lacks.flatMap(name => changesOf[name]())
    const evidence = [
      ...lacks.map(name => textEvidence('missing', name)),
      textEvidence('asked of', bulk ? 'senders of 5,000 mails a day and more' : 'everybody'),
      ...unproven,
    ]
    return asked.map(({ id, name }) => ({
      outcome: 'fails' as const,
      key: id,
      data: { provider: name, lacks: lackingWords(lacks, records), changes },
      evidence,
      ...(bulk ? { severity: 'blocker' as const } : {}),
    }))
  },
  examples: [
    { name: 'SPF and DMARC stand', facts: { selectors: nothingFound }, expect: 'meets' },
    {
      name: 'nothing stands',
      facts: { spf: spfWith(), dmarc: dmarcWith(), selectors: nothingFound },
      expect: 'fails',
    },
  ],
})
