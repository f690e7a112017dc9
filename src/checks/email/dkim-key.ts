import { defineCheck, type Evidence } from '../../core/check.ts'
import type { Target } from '../../core/target.ts'
import { type MailProvider, mailProviders, providerNamed, providerOfTarget } from '../../data/mail-providers.ts'
import type { DkimKeyAt } from '../../facts/email/dkim-key.ts'
import type { Selectors } from '../../facts/email/selectors.ts'
import type { Facts } from '../../facts/index.generated.ts'
import { mendDkim, selectorAt } from '../../formats/dkim/dkim.ts'
import { parseTagList } from '../../formats/dkim/tag-list.ts'
import { exampleKey, exampleKeyText } from './dkim-examples.ts'
import { evidence, manual, recordFix, replaceRecord, txtEvidence } from './mail-records.ts'

type Data = {
  name: string
  selector: string
  bits: number
  text: string
  wanted: string
  target: string
  setup: string
  fault: string
  /** The service that hands the key out. */
  provider: MailProvider | null
}

const newKey = (held: Data) =>
  recordFix(
    `Publish a sound key for the selector ${held.selector}`,
    [manual(held.setup)],
    20,
    held.provider?.keyBits
      ? [`${held.provider.name} makes keys of ${held.provider.keyBits} bits: ask its support for longer ones`]
      : [],
  )
/** A record that a service keeps behind a CNAME is the service's to change. */
const rewrite = (held: Data) =>
  held.target
    ? newKey(held)
    : recordFix('Replace the key record', [replaceRecord(held.name, 'TXT', held.wanted, held.text)], 10)

const sayings = (at: Facts['dkimKey'], data: Data, seen: Evidence[]) => {
  const say = <O extends Outcome>(outcome: O, wanted = data.wanted) => ({
    outcome,
    data: { ...data, wanted },
    evidence: seen,
  })
  // A key that nobody configured may be a leftover: what is wrong with it costs less than with one that is in use.
  const bad = <O extends Outcome>(outcome: O, wanted = data.wanted) => ({
    ...say(outcome, wanted),
    ...(at.configured ? {} : { severity: 'high' as const }),
  })
  return { say, bad }
}

/** Whether an RSA key stands at another selector of the same domain. */
const hasRsa = (at: Facts['dkimKey'], own: string, { selectors }: Facts['selectors']): boolean =>
  selectors.some(item => at.name.endsWith(`._domainkey.${item.domain}`) && item.selector !== own && item.type === 'rsa')

export default defineCheck<Data>()({
  id: 'dkim-key',
  stage: 'email',
  on: 'selector',
  title: 'The DKIM key is published and strong enough',
  why: 'The key under selector._domainkey lets receivers verify that a mail is yours and unchanged. A key that is missing, cut, revoked or too short makes every signature void: receivers need not verify RSA below 1024 bits, and should not trust it below 2048 (RFC 8301). Keys are judged as they stand in DNS; whether mail is signed with them only a message can show.',
  impact: { journey: 'email', owner: 'Your mails arrive without a valid signature and are filed as spam.' },
  needs: ['dkimKey'],
  wants: ['selectors'],
  signals: ['emails-fail', 'never-verified', 'mail-lost'],
  outcomes: {
    missing: { status: 'fail', severity: 'blocker', title: 'DKIM key {selector} is not published', fix: newKey },
    revoked: { status: 'fail', severity: 'blocker', title: 'DKIM key {selector} is revoked', fix: newKey },
    malformed: {
      status: 'fail',
      severity: 'blocker',
      title: 'DKIM key {selector} cannot be used as it stands',
      fix: held => (held.wanted === held.text ? newKey(held) : rewrite(held)),
    },
    weak: {
      status: 'fail',
      severity: 'medium',
      title: 'DKIM key {selector} has {bits} bits; 2048 are expected',
      fix: newKey,
    },
    'too-weak': {
      status: 'fail',
      severity: 'blocker',
      title: 'DKIM key {selector} has {bits} bits; receivers refuse it',
      fix: newKey,
    },
    oversized: {
      status: 'fail',
      severity: 'medium',
      title: 'DKIM key {selector} has {bits} bits, more than receivers verify',
      fix: newKey,
    },
    'sha1-only': {
      status: 'fail',
      severity: 'high',
      title: 'DKIM key {selector} allows SHA-1 only, which is refused',
      fix: rewrite,
    },
    testing: { status: 'fail', severity: 'low', title: 'DKIM key {selector} is in test mode', fix: rewrite },
    'target-missing': {
      status: 'fail',
      severity: 'blocker',
      title: 'DKIM key {selector} leads to a name that does not exist',
      fix: newKey,
    },
    'ed25519-alone': {
      status: 'fail',
      severity: 'medium',
      title: 'DKIM key {selector} is of a kind many receivers cannot read',
      fix: newKey,
    },
    wildcard: {
      status: 'fail',
      severity: 'medium',
      title: 'DKIM key {selector} is only a wildcard that answers any name',
      fix: newKey,
    },
    sound: { status: 'pass', title: 'The DKIM key {selector} is sound' },
  },
  references: [
    'https://www.rfc-editor.org/rfc/rfc6376#section-3.6.1',
    'https://www.rfc-editor.org/rfc/rfc8301#section-3.2',
    'https://www.rfc-editor.org/rfc/rfc8463',
  ],
  judge: ({ dkimKey: at, selectors }, { target }) => {
    const { key } = at
    const data = dataOf(at, target)
    const seen = evidenceOf(at)
    const { say, bad } = sayings(at, data, seen)
    if (at.wildcard && at.configured) return say('wildcard')
    if (!at.exists && at.cnames.length)
      return isSpare(data.provider, at, selectors.ok ? selectors.value : null)
        ? { ...say('target-missing'), severity: 'low' as const }
        : bad('target-missing')
    if (!at.exists) return bad('missing')
    if (!key) return bad('malformed')
    if (key.revoked && !at.configured)
      return { skip: `the key of ${data.selector} was revoked, and no configured sender uses it` }
    if (key.revoked) return say('revoked')
    const faults = key.faults.map(fault => evidence(`at character ${fault.at + 1}`, fault.message))
    if (at.keys > 1) {
      const why = `${at.keys} keys stand there: receivers take any one, so some mail fails`
      return { ...bad('malformed'), evidence: [...seen, ...faults, evidence('several', why)] }
    }
    if (faults.length || key.bits === null)
      return { ...bad('malformed', mendDkim(data.text) ?? data.text), evidence: [...seen, ...faults] }
    const rsa = key.type === 'rsa' ? key.bits : null
    const isAlone = selectors.ok && !hasRsa(at, data.selector, selectors.value)
    const list = [
      ...(rsa !== null && rsa < 1024 ? [bad('too-weak')] : []),
      // A service that makes no longer keys leaves nothing to change today.
      ...(rsa !== null && rsa >= 1024 && rsa < 2048
        ? [{ ...say('weak'), ...(rsa === data.provider?.keyBits ? { severity: 'low' as const } : {}) }]
        : []),
      ...(rsa !== null && rsa > 4096 ? [say('oversized')] : []),
      ...(key.hashes && !key.hashes.includes('sha256') ? [say('sha1-only', withoutTag(data.text, 'h'))] : []),
      ...(key.testing ? [say('testing', withoutFlag(data.text))] : []),
      ...(key.type === 'ed25519' && isAlone ? [say('ed25519-alone')] : []),
    ]
    return list.length ? list : say('sound')
  },
  examples: [
    {
      name: '2048 bits',
      subject: { kind: 'selector', name: 'pm._domainkey.coachdash.example' },
      facts: { dkimKey: exampleKey(exampleKeyText(2048)) },
      expect: 'sound',
    },
    {
      name: '1024 bits',
      subject: { kind: 'selector', name: 'pm._domainkey.coachdash.example' },
      facts: { dkimKey: exampleKey(exampleKeyText(1024)) },
      expect: 'weak',
    },
    {
      name: 'configured, and not there',
      subject: { kind: 'selector', name: 'pm._domainkey.coachdash.example' },
      facts: { dkimKey: exampleKey() },
      expect: 'missing',
    },
  ],
})

type Outcome =
  | 'missing'
  | 'revoked'
  | 'malformed'
  | 'weak'
  | 'too-weak'
  | 'oversized'
  | 'sha1-only'
  | 'testing'
  | 'target-missing'
  | 'ed25519-alone'
  | 'wildcard'
  | 'sound'

const withoutTag = (text: string, name: string): string =>
  parseTagList(text)
    .tags.filter(tag => tag.name.toLowerCase() !== name)
    .map(tag => `${tag.name}=${tag.value}`)
    .join('; ')

/** The record without `y` among its flags. */
const withoutFlag = (text: string): string =>
  parseTagList(text)
    .tags.flatMap(tag => {
      if (tag.name.toLowerCase() !== 't') return [`${tag.name}=${tag.value}`]
      const rest = tag.value.split(':').filter(flag => flag.trim().toLowerCase() !== 'y')
      return rest.length ? [`t=${rest.join(':')}`] : []
    })
    .join('; ')

const dataOf = (at: DkimKeyAt, target: Target): Data => {
  const selector = at.name.slice(0, at.name.indexOf('._domainkey.'))
  const sender = target.senders.find(item => item.dkim.some(given => selectorAt(given, '').selector === selector))
  const provider =
    (sender && providerNamed(sender.name)) ??
    providerOfTarget(at.cnames.at(-1) ?? '') ??
    mailProviders.find(item => item.keyBits && item.dkim.includes(selector)) ??
    null
  return {
    name: at.name,
    selector,
    bits: at.key?.bits ?? 0,
    text: at.texts[0] ?? '',
    wanted: at.texts[0] ?? '',
    target: at.cnames.at(-1) ?? '',
    setup: provider
      ? `${provider.name}: ${provider.setup}`
      : at.keys > 1
        ? `Leave the key at ${at.name} that your mail is signed with, and remove the others`
        : `Make a new RSA key of 2048 bits where the mail is sent, and publish it as TXT at ${at.name}`,
    fault: at.key?.faults[0]?.message ?? '',
    provider,
  }
}

/** True for the selector that a service keeps for the next rotation, while a key of its stands at the other. */
const isSpare = (provider: MailProvider | null, at: DkimKeyAt, selectors: Selectors | null): boolean =>
  provider?.rotates === true &&
  provider.id === providerOfTarget(at.cnames.at(-1) ?? '')?.id &&
  selectors?.selectors.some(
    item =>
      item.state === 'found' && provider.dkim.includes(item.selector) && at.name.endsWith(`._domainkey.${item.domain}`),
  ) === true

const evidenceOf = (at: DkimKeyAt) => [
  ...at.cnames.map(name => evidence(`${at.name} CNAME`, name)),
  ...txtEvidence(at.name, at.texts),
  ...(at.why ? [evidence('tried because', at.why)] : []),
]
