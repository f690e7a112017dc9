// The key behind one DKIM selector.
import { blocker, defineCheck, high, low, medium, pass } from '../../core/check.ts'
import { dnsEvidence, recordsEvidence, textEvidence } from '../../core/evidence.ts'
import type { MailProvider } from '../../data/mail-providers.ts'
import { keyText, keyWith } from '../../facts/email/dkim-key.example.ts'
import { keyFaults, keyProvider, selectorOf } from '../../formats/dkim/key-faults.ts'
import type { StrayKey } from '../../formats/dkim/stray.ts'
import { moveKey, newKey, rewriteKey } from './dkim-fixes.ts'

type Data = {
  name: string
  selector: string
  bits: number
  text: string
  /** The record that mends it; null where only a new key does. */
  wanted: string | null
  /** Where the name leads by CNAME; empty where it does not. */
  target: string
  keys: number
  stray: StrayKey | null
  /** The service that hands the key out. */
  provider: MailProvider | null
}

const subject = { kind: 'selector' as const, name: 'pm._domainkey.coachdash.example' }

export default defineCheck<Data>()({
  id: 'dkim-key',
  stage: 'email',
  on: 'selector',
  title: 'The DKIM key is published and strong enough',
  why: 'The key under selector._domainkey lets receivers verify that a mail is yours and unchanged. A key that is missing, cut, revoked or too short makes every signature void: receivers need not verify RSA below 1024 bits, and should not trust it below 2048 (RFC 8301). Keys are judged as they stand in DNS; whether mail is signed with them only a message can show.',
  impact: {
    journey: 'email',
    owner: 'Mail that is signed with this selector does not verify, and is more often filed as spam.',
  },
  needs: ['dkimKey'],
  wants: ['selectors'],
  signals: ['emails-fail', 'never-verified', 'mail-lost'],
  outcomes: {
    missing: blocker('DKIM key {selector} is not published', newKey),
    revoked: blocker('DKIM key {selector} is revoked', newKey),
    malformed: blocker('DKIM key {selector} cannot be used as it stands', rewriteKey),
    weak: medium('DKIM key {selector} has {bits} bits; 2048 are expected', newKey, {
      why: 'Mail still verifies, but a key of this length can be broken with enough machines, and then others sign as you.',
    }),
    'too-weak': blocker('DKIM key {selector} has {bits} bits; receivers refuse it', newKey),
    oversized: medium('DKIM key {selector} has {bits} bits, more than receivers verify', newKey, {
      why: 'Receivers need not verify keys of more than 4096 bits: to those that do not, your mail is unsigned.',
    }),
    'sha1-only': high('DKIM key {selector} allows SHA-1 only, which is refused', rewriteKey),
    testing: low('DKIM key {selector} is in test mode', rewriteKey, {
      why: 'Receivers may treat the mail as unsigned for as long as the key says that it is a test.',
    }),
    'target-missing': blocker('DKIM key {selector} leads to a name that does not exist', newKey),
    misplaced: blocker('DKIM key {selector} was entered with the wrong name or type', moveKey, {
      why: 'Receivers look for a key under the selector’s own name and find none there: your mails count as unsigned.',
    }),
    'ed25519-alone': medium('DKIM key {selector} is of a kind many receivers cannot read', newKey, {
      why: 'Receivers that only know RSA find no valid signature in your mail.',
    }),
    wildcard: medium('DKIM key {selector} is only a wildcard that answers any name', newKey, {
      why: 'The record answers every name, so it is no key of this selector: mail that is signed with another key does not verify.',
    }),
    sound: pass('The DKIM key {selector} is sound'),
  },
  references: [
    'https://www.rfc-editor.org/rfc/rfc6376#section-3.6.1',
    'https://www.rfc-editor.org/rfc/rfc8301#section-3.2',
    'https://www.rfc-editor.org/rfc/rfc8463',
  ],
  judge: ({ dkimKey: found, selectors }, { target: { senders } }) => {
    const { name, cnames, texts, key, keys, why, stray } = found
    const selector = selectorOf(name)
    const target = cnames.at(-1) ?? ''
    const provider = keyProvider(selector, target, senders)
    const shown = { name, selector, bits: key?.bits ?? 0, text: texts[0] ?? '' }
    const data = { ...shown, wanted: null, target, keys, stray, provider }
    const evidence = [
      ...cnames.map(cname => dnsEvidence(name, 'CNAME', cname)),
      ...recordsEvidence(name, 'TXT', texts),
      ...(stray && stray.name !== name ? recordsEvidence(stray.name, stray.type, [stray.data]) : []),
      ...(why ? [textEvidence('tried because', why)] : []),
    ]
    const faults = keyFaults(found, provider, selectors.ok ? selectors.value.selectors : null)
    if (faults[0]?.kind === 'revoked' && !found.configured)
      return { skip: `the key of ${selector} was revoked, and no configured sender uses it` }
    // TLS reports are signed with keys of their own (RFC 8460 §3).
    if (key && !key.forEmail && !found.configured)
      return { skip: `the key of ${selector} is for other uses than e-mail, and no configured sender uses it` }
    if (faults.length === 0) return { outcome: 'sound', data, evidence }
    return faults.map(({ kind, severity, wanted, seen }) => ({
      outcome: kind,
      data: { ...data, wanted },
      evidence: [...evidence, ...seen.map(([label, value]) => textEvidence(label, value))],
      ...(severity ? { severity } : {}),
    }))
  },
  examples: [
    { name: '2048 bits', subject, facts: {}, expect: 'sound' },
    { name: '1024 bits', subject, facts: { dkimKey: keyWith(keyText(1024)) }, expect: 'weak' },
    { name: 'configured, and not there', subject, facts: { dkimKey: keyWith() }, expect: 'missing' },
  ],
})
