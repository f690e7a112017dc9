// Chat services: Slack, Discord, Microsoft Teams, Telegram, ntfy. Each has its own marks that text from strangers must not make.
import { cutAround, cutToBytes, escapeBut, type Outgoing, postJson, type SendWays } from './channel.ts'

type Send = (message: Outgoing, ways: SendWays) => ReturnType<typeof postJson>

const whole = ({ title, text }: Outgoing): string => `${title}\n${text}`

/** https://docs.slack.dev/messaging/formatting-message-text: with these three escaped, no link and no mention can be made. */
const forSlack = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

export const toSlack =
  (url: string): Send =>
  (message, ways) => {
    const text = cutAround(escapeBut(whole(message), message.links, forSlack), 3_500, message.links)
    return postJson(url, { text, mrkdwn: false, unfurl_links: false, unfurl_media: false }, ways)
  }

/** Marks of Markdown as Discord and Teams read it. */
const forMarkdown = (text: string): string => text.replace(/[\\*_~`|>#[\]()@<&-]/g, character => `\\${character}`)

/** https://discord.com/developers/docs/resources/webhook#execute-webhook */
export const toDiscord =
  (url: string): Send =>
  (message, ways) => {
    const content = cutAround(escapeBut(whole(message), message.links, forMarkdown), 1_990, message.links)
    // Nobody is pinged by what somebody else wrote.
    return postJson(url, { content, allowed_mentions: { parse: [] } }, ways)
  }

const forCard = (text: string): string => text.replace(/[\\*_[\]()#`>-]/g, character => `\\${character}`)

/** A message of Teams has at most 28 KB, its JSON and all. */
const mostInCard = 12_000

/** https://learn.microsoft.com/en-us/microsoftteams/platform/webhooks-and-connectors/how-to/add-incoming-webhook */
export const toTeams =
  (url: string): Send =>
  (message, ways) => {
    const text = cutAround(escapeBut(message.text, message.links, forCard), mostInCard, message.links, cutToBytes)
    const lines = text.split('\n').map(line => ({
      type: 'TextBlock',
      text: line,
      wrap: true,
      spacing: 'Small',
    }))
    const title = { type: 'TextBlock', text: forCard(message.title), wrap: true, weight: 'Bolder', size: 'Medium' }
    const content = {
      $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
      type: 'AdaptiveCard',
      version: '1.4',
      body: [title, ...lines],
    }
    const attachment = { contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content }
    return postJson(url, { type: 'message', attachments: [attachment] }, ways)
  }

/** https://core.telegram.org/bots/api#sendmessage; without a parse_mode nothing in the text is a mark. */
export const toTelegram =
  (token: string, chat: string | number): Send =>
  (message, ways) =>
    postJson(
      `https://api.telegram.org/bot${encodeURI(token)}/sendMessage`,
      {
        chat_id: chat,
        text: cutAround(whole(message), 4_000, message.links),
        link_preview_options: { is_disabled: true },
      },
      ways,
    )

const priorities: Partial<Record<Outgoing['event'], number>> = {
  down: 5,
  reminder: 4,
  'cannot-see': 4,
  degraded: 4,
  test: 4,
}

/** https://docs.ntfy.sh/publish/#publish-as-json */
export const toNtfy =
  (topicUrl: string, token: string | undefined): Send =>
  (message, ways) => {
    const url = new URL(topicUrl)
    const at = url.pathname.replace(/\/+$/, '').lastIndexOf('/')
    const topic = decodeURIComponent(url.pathname.replace(/\/+$/, '').slice(at + 1))
    url.pathname = url.pathname.slice(0, at + 1)
    const body = {
      topic,
      title: message.title,
      // What is longer than 4,096 bytes becomes an attachment, which nobody reads at night.
      message: cutAround(message.text, 3_800, message.links, cutToBytes),
      priority: priorities[message.event] ?? 3,
      ...(message.dashboard === null ? {} : { click: message.dashboard }),
    }
    return postJson(url.href, body, ways, token === undefined ? {} : { authorization: `Bearer ${token}` })
  }
