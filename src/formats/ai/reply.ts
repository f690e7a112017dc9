// The request to a chat endpoint made from a template, and the reply found in what came back: JSON by a path or by the shapes that are
// common, server-sent events, the AI SDK's stream, plain text.

export type ChatMessage = { role: 'user' | 'assistant'; content: string }

/** Slots of one text that are filled: a template with more is no request. */
const mostSlots = 100

/** Replaces `{{messages}}` (a list), `{{prompt}}` (the last question) and `{{conversation}}` (one id a probe) in a template. */
export const fillRequest = (template: unknown, messages: readonly ChatMessage[], conversation: string): unknown => {
  const prompt = messages.at(-1)?.content ?? ''
  const slots = new Map<string, () => string>([
    ['{{prompt}}', () => prompt],
    ['{{conversation}}', () => conversation],
    ['{{messages}}', () => JSON.stringify(messages)],
  ])
  const fill = (value: unknown, depth: number): unknown => {
    if (depth > 30) return null
    if (typeof value === 'string') {
      if (value.trim() === '{{messages}}') return messages
      return value
        .split(/({{(?:prompt|conversation|messages)}})/, 2 * mostSlots + 1)
        .map(part => slots.get(part)?.() ?? part)
        .join('')
    }
    if (Array.isArray(value)) return value.map(item => fill(item, depth + 1))
    if (typeof value === 'object' && value !== null)
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fill(item, depth + 1)]))
    return value
  }
  return fill(template ?? { messages: '{{messages}}' }, 0)
}

/** Whether a template hands over the whole conversation, so that several turns can be told. */
export const keepsConversation = (template: unknown): boolean =>
  template === undefined || template === null || /\{\{(?:messages|conversation)\}\}/.test(JSON.stringify(template))

const at = (value: unknown, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>(
      (inner, key) =>
        typeof inner === 'object' && inner !== null ? (inner as Record<string, unknown>)[key] : undefined,
      value,
    )

const asText = (value: unknown): string | null => {
  if (typeof value === 'string') return value
  if (Array.isArray(value)) {
    const parts = value
      .map(part =>
        typeof part === 'string'
          ? part
          : typeof part === 'object' && part !== null && typeof (part as { text?: unknown }).text === 'string'
            ? (part as { text: string }).text
            : null,
      )
      .filter(part => part !== null)
    return parts.length ? parts.join('') : null
  }
  return null
}

const common = [
  'choices.0.message.content',
  'choices.0.delta.content',
  'choices.0.text',
  'output_text',
  'message.content',
  'content',
  'delta.text',
  'delta',
  'candidates.0.content.parts',
  'reply',
  'answer',
  'response',
  'message',
  'text',
  'output',
  'result',
  'completion',
  'data.reply',
  'data.content',
  'data.message',
]

const find = (json: unknown, path: string | undefined): string | null => {
  if (path) return asText(at(json, path))
  for (const shape of common) {
    const text = asText(at(json, shape))
    if (text !== null) return text
  }
  return null
}

/** Tool calls as they are: their arguments are part of what the model says. */
const toolCalls = (json: unknown): string => {
  const calls = at(json, 'choices.0.message.tool_calls') ?? at(json, 'tool_calls') ?? at(json, 'toolCalls')
  return calls ? JSON.stringify(calls) : ''
}

/** Text of the reply; null where the body holds none at the path. */
export const replyText = (body: string, contentType: string, path?: string): string | null => {
  const events = /event-stream/i.test(contentType) || /^(?:event:|data:)/m.test(body)
  if (events) {
    let text = ''
    let any = false
    for (const line of body.split(/\r?\n/)) {
      if (!line.startsWith('data:')) continue
      const data = line.slice(5).replace(/^ /, '')
      if (data === '[DONE]' || data === '') continue
      any = true
      try {
        const json: unknown = JSON.parse(data)
        text += typeof json === 'string' ? json : (find(json, path) ?? '')
      } catch {
        text += data
      }
    }
    return any ? text : null
  }
  // The AI SDK's stream: `0:"text"` a line.
  if (/^0:"/m.test(body)) {
    const parts = [...body.matchAll(/^0:("(?:[^"\\]|\\.)*")$/gm)].map(match => {
      try {
        return JSON.parse(match[1]!) as string
      } catch {
        return ''
      }
    })
    return parts.join('')
  }
  try {
    const json: unknown = JSON.parse(body)
    if (typeof json === 'string') return json
    const text = find(json, path)
    const calls = toolCalls(json)
    return text === null && calls === '' ? null : `${text ?? ''}${calls}`
  } catch {
    // One JSON object a line, or plain text.
    const lines = body.split('\n').filter(line => line.trim().startsWith('{'))
    if (lines.length > 1) {
      try {
        return lines.map(line => find(JSON.parse(line), path) ?? '').join('')
      } catch {}
    }
    return path ? null : body
  }
}
