// The channels of a config.
import type { MonitorSection } from '../plan.ts'
import { type Channel, cutTo } from './channel.ts'
import { toDiscord, toNtfy, toSlack, toTeams, toTelegram } from './chat.ts'
import { type MailRoute, toMail } from './email.ts'
import { toOpsgenie, toPagerDuty, toWebhook } from './paging.ts'

type AlertConfig = MonitorSection['alerts'][number]

const kinds = ['slack', 'discord', 'teams', 'telegram', 'ntfy', 'pagerduty', 'opsgenie', 'webhook', 'email'] as const
export type ChannelKind = (typeof kinds)[number]

export const channelKindOf = (alert: AlertConfig): ChannelKind => kinds.find(kind => alert[kind] !== undefined)!

/** Names as they stand in the store: the config's, else the kind, with a number from the second on. */
export const channelNames = (alerts: readonly AlertConfig[]): string[] => {
  const taken = new Set(alerts.flatMap(({ name }) => (name === undefined ? [] : [name])))
  return alerts.map(alert => {
    if (alert.name !== undefined) return alert.name
    const kind = channelKindOf(alert)
    let name: string = kind
    for (let number = 2; taken.has(name); number++) name = `${kind} ${number}`
    taken.add(name)
    return name
  })
}

const mailRoute = (alert: AlertConfig): MailRoute => {
  const to = [alert.email ?? []].flat()
  return { to, from: alert.from ?? to[0]!, smtp: alert.smtp ?? 'smtp://localhost:25' }
}

const senderOf = (alert: AlertConfig): Channel['send'] => {
  const region = alert.region ?? 'us'
  switch (channelKindOf(alert)) {
    case 'slack':
      return toSlack(alert.slack!)
    case 'discord':
      return toDiscord(alert.discord!)
    case 'teams':
      return toTeams(alert.teams!)
    case 'telegram':
      return toTelegram(alert.telegram!, alert.chat!)
    case 'ntfy':
      return toNtfy(alert.ntfy!, alert.token)
    case 'pagerduty':
      return toPagerDuty(alert.pagerduty!, region)
    case 'opsgenie':
      return toOpsgenie(alert.opsgenie!, region)
    case 'webhook':
      return toWebhook(alert.webhook!, alert.secret)
    case 'email': {
      const send = toMail(mailRoute(alert))
      return (message, ways) => send({ ...message, title: cutTo(message.title, 150) }, ways)
    }
  }
}

export const createChannels = (alerts: readonly AlertConfig[]): Channel[] => {
  const names = channelNames(alerts)
  return alerts.map((alert, at) => ({
    name: names[at]!,
    kind: channelKindOf(alert),
    afterMs: alert.after ?? 0,
    deploys: alert.deploys !== false,
    people: alert.people ?? [],
    send: senderOf(alert),
  }))
}

/** Hosts that the config names for its channels: they may lie in a private network; where they redirect to may not. */
export const channelHosts = (alerts: readonly AlertConfig[]): string[] =>
  alerts.flatMap(alert =>
    [
      alert.slack,
      alert.discord,
      alert.teams,
      alert.ntfy,
      alert.webhook,
      alert.email === undefined ? undefined : mailRoute(alert).smtp,
    ].flatMap(url => (url !== undefined && URL.canParse(url) ? [new URL(url).hostname.replace(/^\[|\]$/g, '')] : [])),
  )
