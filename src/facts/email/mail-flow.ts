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
import { type BoxMail, type InboxConfig, inboxPlace, type Mailbox, openMailbox } from './mailbox.ts'
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

type Limiters = { few: KeyedLimiter; one: KeyedLimiter }

/** Flows of one mailbox run side by side where their mails can be told apart, else one after another. */
const inTurn = <T>(context: CollectContext, inbox: string, run: () => Promise<T>): Promise<T> => {
  const made = context.once(
    'mail-flow limiters',
    (): Limiters => ({ few: createKeyedLimiter(4), one: createKeyedLimiter(1) }),
  )
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

/** A mailbox that is looked into until a mail is there. */
type Watch = {
  box: Mailbox
  wanted: WantedMail
  context: CollectContext
  /** The start of the wait: in `attended` of the clock, and by the wall clock. */
  since: number
  wallClock: number
  allowedMs: number
  /** When it is given up, and when a second best is taken, in milliseconds of waiting. */
  until: number
  patienceMs: number
  others: BoxMail[]
  /** A mail that may be the one, taken where no better comes. */
  second: Found | null
  /** A mail that could not be read may be the one that is waited for. */
  unread: Missing | null
  reads: number
  /** Seconds of waiting at which the mailbox was looked into last. */
  lastLook: number
}

const elapsedOf = ({ since, context }: Watch): number => context.net.options.clock.attended() - since

const endOf = (watch: Watch, found: Found | null, down: Missing | null = null): Wait => ({
  found,
  others: watch.second && found !== watch.second && found ? [...watch.others, watch.second.mail] : watch.others,
  waitedMs: elapsedOf(watch),
  down,
})

/** The text of a mail, where that may decide; null where it does not, or could not be read. */
const bodyOf = async (watch: Watch, mail: BoxMail): Promise<Buffer | null> => {
  const { wanted, box } = watch
  const needsBody = wanted.nonce !== null || (wanted.link !== undefined && wanted.subject === undefined)
  // Whatever its text says, a mail to somebody else or with another subject is not it; only the nonce may stand in the text alone.
  const couldBe = wanted.nonce !== null || mailFits(mail, null, { ...wanted, link: undefined }) !== 'no'
  if (!needsBody || !couldBe) return null
  const read =
    mail.size > readBytes || watch.reads++ >= readLimit
      ? missing('too-large', `a mail of ${mail.size} bytes was not searched`)
      : await box.raw(mail)
  if (read.ok) return read.value
  watch.unread ??= read
  return null
}

/** Whether a mail is the one; what may be it is kept as second best. */
const consider = async (watch: Watch, mail: BoxMail, seconds: number): Promise<Found | null> => {
  const { wanted, context } = watch
  const byHeader = mailFits(mail, null, wanted)
  const raw = byHeader === 'sure' ? null : await bodyOf(watch, mail)
  const body = raw && textOf(raw)
  const fits = body === null ? byHeader : mailFits(mail, body, wanted)
  const found = { mail, seconds, raw, sure: fits === 'sure' }
  // Where the nonce was placed, a mail without it is the flow's only when none with it comes.
  if (fits === 'sure' || (fits === 'fits' && wanted.nonce === null)) return found
  if (fits === 'no' || watch.second) {
    watch.others.push(mail)
    return null
  }
  watch.second = found
  // Without the link it is another mail, unless a service that counts clicks stands before every link.
  if (wanted.link !== undefined && body !== null && !body.includes(wanted.link) && !hasForeignLink(body, context))
    watch.patienceMs = watch.until
  return null
}

/** Goes through the mails of one look; the one that is waited for, if it is among them. */
const considerAll = async (watch: Watch, mails: readonly BoxMail[], seconds: number): Promise<Found | null> => {
  for (const mail of mails) {
    // It came between the look before and this one: when, the mailbox says, whose clock may be wrong.
    const stated = mail.receivedAt === null ? seconds : (mail.receivedAt - watch.wallClock) / 1000
    const at = Math.min(Math.max(stated, mail.watched ? watch.lastLook : 0), seconds)
    const found = await consider(watch, mail, at)
    if (found) return found
  }
  watch.lastLook = seconds
  return null
}

const pause = (watch: Watch): Promise<void> => {
  const elapsed = elapsedOf(watch)
  const { signal } = watch.context
  return sleep(Math.min(pauseOf(elapsed), Math.max(0, watch.until - elapsed)), undefined, { signal }).catch(() => {})
}

/** Looks again and again until the mail is there or the time is over. */
const waitFor = async (watch: Watch): Promise<Wait> => {
  let wide = false
  for (let last = false; ; ) {
    if (watch.context.signal.aborted) return endOf(watch, null, missing('internal', 'interrupted'))
    // Folders into which a rule files mail are looked into when it should be there, and at the end.
    const everywhere: boolean = last || (!wide && elapsedOf(watch) >= watch.allowedMs)
    wide ||= everywhere
    const fresh = await watch.box.fresh(everywhere)
    if (fresh.ok) {
      const found = await considerAll(watch, fresh.value, elapsedOf(watch) / 1000)
      if (found) return endOf(watch, found)
    } else if (fresh.reason === 'forbidden' || fresh.reason === 'needs-credential') return endOf(watch, null, fresh)
    if (watch.second && elapsedOf(watch) >= watch.patienceMs) return endOf(watch, watch.second)
    if (last) return endOf(watch, null, fresh.ok ? watch.unread : fresh)
    last = elapsedOf(watch) >= watch.until
    if (!last) await pause(watch)
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

const openBox = async (name: string, inbox: InboxConfig, context: CollectContext): Promise<Fact<Mailbox>> => {
  const opened = await openMailbox(name, inbox, context.net)
  // A line that dropped is worth a second try; nothing was sent yet.
  return !opened.ok && opened.reason === 'unreachable' ? openMailbox(name, inbox, context.net) : opened
}

/** The flow as far as it is known once the mail was asked for. */
const startOf = (
  flow: FlowConfig,
  inbox: { name: string; config: InboxConfig },
  trigger: Triggered,
  nonce: string | null,
): MailFlow => ({
  kind: flow.kind ?? 'other',
  inbox: inbox.name,
  where: inboxPlace(inbox.config),
  trigger,
  nonce,
  allowedSeconds: (flow.arrivesWithin ?? mailFlowDefaults.arrivesWithinMs) / 1000,
  waitedSeconds: 0,
  mail: null,
  others: [],
  message: null,
})

const watchOf = (
  box: Mailbox,
  wanted: WantedMail,
  since: number,
  allowedMs: number,
  context: CollectContext,
): Watch => ({
  ...{ box, wanted, context, since, allowedMs },
  wallClock: context.net.options.clock.now() - (context.net.options.clock.attended() - since),
  until: allowedMs + graceOf(allowedMs),
  patienceMs: allowedMs,
  others: [],
  second: null,
  unread: null,
  reads: 0,
  lastLook: 0,
})

/** Sends the mail, waits for it in the open mailbox, and judges what came. */
const proveIn = async (
  box: Mailbox,
  flow: FlowConfig,
  inbox: { name: string; config: InboxConfig & { plusAddressing?: boolean | undefined } },
  context: CollectContext,
): Promise<Fact<MailFlow>> => {
  const nonce = nonceFrom(randomBytes(10))
  const shown = (text: string): string => text.replaceAll(nonce, '…').slice(0, 200)
  const plus = isSignup(flow.name, flow.kind) && inbox.config.plusAddressing !== false
  const placed = placeNonce(flow.trigger, nonce, plus)
  const since = context.net.options.clock.attended()
  const trigger = await pullTrigger({ ...placed.trigger, expectStatus: flow.trigger.expectStatus }, context)
  if (!trigger.ok) return trigger
  const start = startOf(flow, inbox, trigger.value, placed.placed ? nonce : null)
  if (trigger.value.problem !== null) return observed(start, context.now())
  const wanted: WantedMail = {
    nonce: start.nonce,
    addresses: placed.addresses,
    subject: flow.subject === undefined ? undefined : fillNonce(flow.subject, nonce),
    link: flow.link,
    from: flow.from,
  }
  const wait = await waitFor(watchOf(box, wanted, since, start.allowedSeconds * 1000, context))
  const { found, down } = wait
  const waited: MailFlow = {
    ...start,
    waitedSeconds: Math.round(wait.waitedMs / 100) / 10,
    others: wait.others
      .filter(item => !isOfOther(item, flow, context))
      .slice(0, 5)
      .map(({ from, subject, folder }) => ({ from: shown(from), subject: shown(subject), folder })),
  }
  // A mailbox that could not be looked into to the end hides the mail perhaps.
  if (!found && down) return { ...down, message: `the mailbox "${inbox.name}": ${down.message}` }
  if (!found) return observed(waited, context.now())
  const message = await judgeMail(box, found, flow, context)
  const removed = inbox.config.deleteAfter === true ? await box.remove(found.mail) : null
  const { folder, spam, from, subject, size } = found.mail
  const mail = {
    ...{ folder, spam, size, from: shown(from), subject: shown(subject) },
    seconds: Math.round(found.seconds * 10) / 10,
    foundBy: found.sure ? ('nonce' as const) : ('recipient, subject or link' as const),
    deleted: removed?.ok === true,
  }
  return observed({ ...waited, mail, message }, context.now())
}

const prove = async (flow: FlowConfig, name: string, context: CollectContext): Promise<Fact<MailFlow>> => {
  const config = context.config.email?.inboxes?.[name] ?? {}
  const opened = await openBox(name, config, context)
  if (!opened.ok) return { ...opened, message: `the mailbox "${name}" could not be opened: ${opened.message}` }
  try {
    return await proveIn(opened.value, flow, { name, config }, context)
  } finally {
    await opened.value.close()
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
