// What is to be told → messages for each channel, with escalation: who hears of it at once, who later, who not at all any more.
import type { Channel } from './alerts/channel.ts'
import type { Told } from './incidents.ts'
import { messageId } from './outbox.ts'
import type { Incident, MessageBody, NewMessage, ProductEvent } from './store.ts'
import { blindText, downText, eventText, reminderText, type TextContext, upText } from './texts.ts'

type Who = Pick<Channel, 'name' | 'afterMs' | 'deploys'>

/** When a channel hears of an incident; never where somebody took care before, or it was over. */
const dueFor = ({ openedAt, resolvedAt, acknowledgedAt }: Incident, { afterMs }: Who): number | null => {
  const due = openedAt + afterMs
  if (afterMs === 0) return due
  // It is over before it began where the clock was set back: nobody knows who was told.
  const over = resolvedAt === null || resolvedAt < openedAt ? Number.POSITIVE_INFINITY : resolvedAt
  const ended = Math.min(over, acknowledgedAt ?? Number.POSITIVE_INFINITY)
  return ended <= due ? null : due
}

const beginningIds = ({ id }: Incident, channel: Who): string[] =>
  ['down', 'degraded', 'cannot-see'].map(event => messageId(`${id} ${event}`, channel.name))

const bodyOf = ({ event, incident }: Told, context: TextContext): MessageBody => {
  if (event === 'up') return upText(incident, context)
  if (event === 'reminder') return reminderText(incident, context)
  return event === 'cannot-see' ? blindText(incident) : downText(incident, context)
}

export type Telling = { messages: NewMessage[]; cancel: string[] }

export const tell = (told: Told, channels: readonly Who[], context: TextContext): Telling => {
  const { incident, event } = told
  const { now } = context
  const body = bodyOf(told, context)
  const telling: Telling = { messages: [], cancel: [] }
  const turn = event === 'reminder' ? ` ${now}` : ''
  for (const channel of channels) {
    const due = dueFor(incident, channel)
    const isLater = event === 'up' || event === 'reminder'
    if (due === null) telling.cancel.push(...beginningIds(incident, channel))
    // Who was not told that it began is not told how it goes on. Where the clock was set back since, nobody knows: it is told.
    const isUntold = channel.afterMs > 0 && due !== null && due > now && now >= incident.openedAt
    if (due === null || (isLater && isUntold)) continue
    const id = messageId(`${incident.id} ${event}${turn}`, channel.name)
    telling.messages.push({
      id,
      channel: channel.name,
      body,
      createdAt: now,
      dueAt: isLater ? now : Math.max(now, due),
    })
  }
  return telling
}

/** Escalations that are not needed any more since somebody takes care of it. */
export const cancelledBy = (incident: Incident, channels: readonly Who[]): string[] =>
  channels.flatMap(channel => (dueFor(incident, channel) === null ? beginningIds(incident, channel) : []))

/** A deploy, job or note: said at once, and not to those who are only called when nobody else moves. */
export const tellEvent = (event: ProductEvent, channels: readonly Who[], now: number): NewMessage[] =>
  channels
    .filter(({ deploys, afterMs }) => deploys && afterMs === 0)
    .map(channel => ({
      id: messageId(`event ${event.id}`, channel.name),
      channel: channel.name,
      body: eventText(event),
      createdAt: now,
      dueAt: now,
    }))
