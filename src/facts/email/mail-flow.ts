// Proves a mail flow of the config: does what sends the mail, waits for it in the canary's mailbox, and judges the mail that came. It
// posts; it runs because the config names it. The mailbox is opened first: nothing is sent that could not be looked for.
import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Fact, type Missing, missing, notApplicable, observed } from '../../core/fact.ts'
import { registrableDomain } from '../../formats/dns/registrable-domain.ts'
import {
  fillNonce,
  isSignup,
  mailFits,
  nonceFrom,
  noncePattern,
  placeNonce,
  type WantedMail,
} from '../../formats/mail/nonce.ts'
import type { MessageEvidence } from '../../formats/message/evidence.ts'
import { withCrlf } from '../../formats/message/headers.ts'
import { readParts } from '../../formats/message/parts.ts'
import { createKeyedLimiter, type KeyedLimiter } from '../../net/limits.ts'
import { isAsked, notAsked } from '../asked.ts'
import type { CollectContext, FactDefinition } from '../definition.ts'
import { pullTrigger, type Triggered } from './mail-trigger.ts'
import { type BoxMail, inboxPlace, type Mailbox, openMailbox } from './mailbox.ts'
import { canonicalHostsOf } from './message.ts'

export type MailFlow = {
  kind: 'signup' | 'reset' | 'billing' | 'other'
  /** Key of email.inboxes, and where that mailbox is. */
  inbox: string
  where: string
  trigger: Triggered
  /** What marks this run's mail; null where the config leaves no place for it. */
  nonce: string | null
  allowedSeconds: number
  /** How long was waited in all. */
  waitedSeconds: number
  /** The mail; null when none came. */
  mail: {
    seconds: number
    folder: string
    spam: boolean
    from: string
    subject: string
    size: number
    foundBy: 'nonce' | 'recipient, subject or link'
    deleted: boolean
  } | null
  /** Other mails that came meanwhile, at most five. */
  others: { from: string; subject: string; folder: string }[]
  /** What the mail itself proves; null when none came. */
  message: Fact<MessageEvidence> | null
}

type FlowConfig = NonNullable<NonNullable<CollectContext['config']['email']>['flows']>[number]

export const mailFlowDefaults = { arrivesWithinMs: 60_000 } as const

/** How much longer is waited, to tell late from lost: twice what is allowed, ten seconds at least, two minutes at most. */
const graceOf = (allowedMs: number): number => Math.min(Math.max(2 * allowedMs, 10_000), 120_000)

/** How long between two looks. */
const pauseOf = (waitedMs: number): number =>
  waitedMs < 5_000 ? 400 : waitedMs < 30_000 ? 1_000 : waitedMs < 120_000 ? 2_000 : 5_000

/** Mails whose text is read to find the nonce or the link, and how long one may be. */
const readLimit = 20
const readBytes = 2 * 1024 * 1024

/** The inbox of a flow: the one it names, or the only one. */
export const inboxOf = (
  flow: { inbox?: string | undefined },
  inboxes: Readonly<Record<string, unknown>>,
): string | null => {
  if (flow.inbox !== undefined) return flow.inbox in inboxes ? flow.inbox : null
  const names = Object.keys(inboxes)
  return names.length === 1 ? names[0]! : null
}

const limiters = new WeakMap<object, { few: KeyedLimiter; one: KeyedLimiter }>()

/** Flows of one mailbox run side by side where their mails can be told apart, else one after another. */
const inTurn = <T>(context: CollectContext, inbox: string, run: () => Promise<T>): Promise<T> => {
  let made = limiters.get(context.net)
  if (!made) {
    made = { few: createKeyedLimiter(4), one: createKeyedLimiter(1) }
    limiters.set(context.net, made)
  }
  const inboxes = context.config.email?.inboxes ?? {}
  const marks = (context.config.email?.flows ?? [])
    .filter(flow => inboxOf(flow, inboxes) === inbox)
    .map(flow => {
      const { placed } = placeNonce(flow.trigger, 'x', isSignup(flow.name, flow.kind))
      return placed ? flow.name : (flow.subject ?? flow.link ?? '')
    })
  const apart = !marks.includes('') && new Set(marks).size === marks.length
  return (apart ? made.few : made.one)(inbox, run)
}

const textOf = (raw: Buffer): string => {
  const { text, html } = readParts(withCrlf(raw))
  return `${text ?? ''}\n${html ?? ''}`.replaceAll('&amp;', '&')
}

type Found = { mail: BoxMail; seconds: number; raw: Buffer | null; sure: boolean }
type Wait = { found: Found | null; others: BoxMail[]; waitedMs: number; down: Missing | null }

/** Whether a text links to a host that is not the product's. */
const hasForeignLink = (text: string, context: CollectContext): boolean => {
  const own = canonicalHostsOf(context.target).map(host => registrableDomain(host) ?? host)
  return [...text.matchAll(/https?:\/\/([^\s/"'<>?#:]+)/gi)].some(([, host = '']) => {
    const name = host.toLowerCase()
    return !own.includes(registrableDomain(name) ?? name)
  })
}

/** Looks again and again until the mail is there or the time is over. */
const waitFor = async (
  box: Mailbox,
  wanted: WantedMail,
  since: number,
  allowedMs: number,
  context: CollectContext,
): Promise<Wait> => {
  const until = allowedMs + graceOf(allowedMs)
  const others: BoxMail[] = []
  let second = null as Found | null
  let patienceMs = allowedMs
  let down = null as Missing | null
  let reads = 0
  // A mail that could not be read may be the one that is waited for.
  let unread = null as Missing | null
  const elapsed = (): number => performance.now() - since
  const wallClock = Date.now() - elapsed()
  const consider = async (mail: BoxMail, seconds: number): Promise<Found | null> => {
    let raw: Buffer | null = null
    let body: string | null = null
    const needsBody = wanted.nonce !== null || (wanted.link !== undefined && wanted.subject === undefined)
    let fits = mailFits(mail, null, wanted)
    // Whatever its text says, a mail to somebody else or with another subject is not it; only the nonce may stand in the text alone.
    const couldBe = wanted.nonce !== null || mailFits(mail, null, { ...wanted, link: undefined }) !== 'no'
    if (fits !== 'sure' && needsBody && couldBe) {
      const read =
        mail.size > readBytes || reads++ >= readLimit
          ? missing('too-large', `a mail of ${mail.size} bytes was not searched`)
          : await box.raw(mail)
      if (read.ok) {
        raw = read.value
        body = textOf(raw)
        fits = mailFits(mail, body, wanted)
      } else unread ??= read
    }
    const found = { mail, seconds, raw, sure: fits === 'sure' }
    // Where the nonce was placed, a mail without it is the flow's only when none with it comes.
    if (fits === 'sure' || (fits === 'fits' && wanted.nonce === null)) return found
    if (fits === 'no' || second) others.push(mail)
    else {
      second = found
      // Without the link it is another mail, unless a service that counts clicks stands before every link.
      if (wanted.link !== undefined && body !== null && !body.includes(wanted.link) && !hasForeignLink(body, context))
        patienceMs = until
    }
    return null
  }
  let wide = false
  let lastLook = 0
  for (let last = false; ; ) {
    if (context.signal.aborted)
      return { found: null, others, waitedMs: elapsed(), down: missing('internal', 'interrupted') }
    // Folders into which a rule files mail are looked into when it should be there, and at the end.
    const everywhere: boolean = last || (!wide && elapsed() >= allowedMs)
    wide ||= everywhere
    const fresh = await box.fresh(everywhere)
    const seconds = elapsed() / 1000
    down = fresh.ok ? null : fresh
    if (fresh.ok) {
      for (const mail of fresh.value) {
        // It came between the look before and this one: when, the mailbox says, whose clock may be wrong.
        const said = mail.receivedAt === null ? seconds : (mail.receivedAt - wallClock) / 1000
        const found = await consider(mail, Math.min(Math.max(said, mail.watched ? lastLook : 0), seconds))
        if (found) return { found, others: second ? [...others, second.mail] : others, waitedMs: elapsed(), down: null }
      }
      lastLook = seconds
    } else if (fresh.reason === 'forbidden' || fresh.reason === 'needs-credential')
      return { found: null, others, waitedMs: elapsed(), down }
    if (second && elapsed() >= patienceMs) return { found: second, others, waitedMs: elapsed(), down: null }
    if (last) return { found: null, others, waitedMs: elapsed(), down: down ?? unread }
    last = elapsed() >= until
    if (!last)
      await sleep(Math.min(pauseOf(elapsed()), Math.max(0, until - elapsed())), undefined, {
        signal: context.signal,
      }).catch(() => {})
  }
}

/** A mail that another flow of the config waits for. */
const isOfOther = (mail: BoxMail, flow: FlowConfig, context: CollectContext): boolean =>
  `${mail.to.join(' ')} ${mail.subject}`.search(noncePattern) !== -1 ||
  (context.config.email?.flows ?? []).some(
    other =>
      other.name !== flow.name &&
      other.subject !== undefined &&
      mail.subject.toLowerCase().includes(other.subject.toLowerCase()),
  )

const judgeMail = async (
  box: Mailbox,
  found: Found,
  flow: FlowConfig,
  context: CollectContext,
): Promise<Fact<MessageEvidence>> => {
  const raw = found.raw ? observed(found.raw, '') : await box.raw(found.mail)
  if (!raw.ok) return raw
  try {
    const { gatherMessage } = await import('./message-evidence.ts')
    return observed(
      await gatherMessage(
        raw.value,
        {
          ...(flow.from?.includes('@') ? { expectedFrom: flow.from.replace(/^.*<([^>]*)>.*$/, '$1').trim() } : {}),
          ...(flow.link ? { expectedLink: flow.link } : {}),
          canonicalHosts: canonicalHostsOf(context.target),
          bulk: false,
          followLinks: true,
        },
        context,
      ),
      context.now(),
    )
  } catch (error) {
    return missing('internal', `judging the mail failed: ${error instanceof Error ? error.message : String(error)}`)
  }
}

const prove = async (flow: FlowConfig, inboxName: string, context: CollectContext): Promise<Fact<MailFlow>> => {
  const inbox = context.config.email?.inboxes?.[inboxName] ?? {}
  let opened = await openMailbox(inboxName, inbox, context.net)
  // A line that dropped is worth a second try; nothing was sent yet.
  if (!opened.ok && opened.reason === 'unreachable') opened = await openMailbox(inboxName, inbox, context.net)
  if (!opened.ok) return { ...opened, message: `the mailbox "${inboxName}" could not be opened: ${opened.message}` }
  const box = opened.value
  try {
    const nonce = nonceFrom(randomBytes(10))
    const plus = isSignup(flow.name, flow.kind) && inbox.plusAddressing !== false
    const placed = placeNonce(flow.trigger, nonce, plus)
    const allowedMs = flow.arrivesWithin ?? mailFlowDefaults.arrivesWithinMs
    const since = performance.now()
    const trigger = await pullTrigger({ ...placed.trigger, expectStatus: flow.trigger.expectStatus }, context)
    if (!trigger.ok) return trigger
    const bare: MailFlow = {
      kind: flow.kind ?? 'other',
      inbox: inboxName,
      where: inboxPlace(inbox),
      trigger: trigger.value,
      nonce: placed.placed ? nonce : null,
      allowedSeconds: allowedMs / 1000,
      waitedSeconds: 0,
      mail: null,
      others: [],
      message: null,
    }
    if (trigger.value.problem !== null) return observed(bare, context.now())
    const wanted: WantedMail = {
      nonce: placed.placed ? nonce : null,
      addresses: placed.addresses,
      subject: flow.subject === undefined ? undefined : fillNonce(flow.subject, nonce),
      link: flow.link,
      from: flow.from,
    }
    const { found, others, waitedMs, down } = await waitFor(box, wanted, since, allowedMs, context)
    const shown = (text: string): string => text.replaceAll(nonce, '…').slice(0, 200)
    const waited: MailFlow = {
      ...bare,
      waitedSeconds: Math.round(waitedMs / 100) / 10,
      others: others
        .filter(item => !isOfOther(item, flow, context))
        .slice(0, 5)
        .map(({ from, subject, folder }) => ({ from: shown(from), subject: shown(subject), folder })),
    }
    // A mailbox that could not be looked into to the end hides the mail perhaps.
    if (!found)
      return down
        ? { ...down, message: `the mailbox "${inboxName}": ${down.message}` }
        : observed(waited, context.now())
    const message = await judgeMail(box, found, flow, context)
    const removed = inbox.deleteAfter === true ? await box.remove(found.mail) : null
    const { folder, spam, from, subject, size } = found.mail
    return observed(
      {
        ...waited,
        mail: {
          seconds: Math.round(found.seconds * 10) / 10,
          folder,
          spam,
          from: shown(from),
          subject: shown(subject),
          size,
          foundBy: found.sure ? 'nonce' : 'recipient, subject or link',
          deleted: removed?.ok === true,
        },
        message,
      },
      context.now(),
    )
  } finally {
    await box.close()
  }
}

const fact: FactDefinition<MailFlow> = {
  on: 'flow',
  // Waiting takes as long as the config allows; every step of it has a bound of its own.
  deadlines: 2_000,
  async collect(subject, context) {
    if (subject.details?.['of'] !== 'mail') return notApplicable('a flow of pages, judged by its own check')
    const { domain } = context.config
    if (!isAsked(domain, context.target.domain)) return notApplicable(notAsked(domain))
    const flow = context.config.email?.flows?.find(item => item.name === subject.details?.['flow'])
    if (!flow) return missing('internal', `the config has no mail flow "${subject.name}"`)
    const inbox = inboxOf(flow, context.config.email?.inboxes ?? {})
    if (inbox === null)
      return missing('needs-credential', `no mailbox of email.inboxes is named for the flow "${flow.name}"`)
    return inTurn(context, inbox, () => prove(flow, inbox, context))
  },
}
export default fact
