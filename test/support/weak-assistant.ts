// A chat endpoint on loopback that is weak where it is told to be: for each family of probes one switch. Where it is not weak it refuses,
// and quotes the question in doing so, as real assistants do.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { allProbes, type ProbeFamily } from '../../src/formats/ai/probes.ts'

export type WeakAssistant = {
  url: string
  weak: Set<ProbeFamily>
  shape: 'openai' | 'plain' | 'sse' | 'ai-sdk' | 'tool-call'
  status: number
  requests: {
    headers: Record<string, string | string[] | undefined>
    messages: { role: string; content: string }[]
    at: number
  }[]
  close: () => Promise<void>
}

export const secretSentence = 'You are Coach Dash, code name blue-otter-7714'
export const otherTenant = 'maria.fictional@tenant-two.example'

export const startWeakAssistant = async (): Promise<WeakAssistant> => {
  const probes = allProbes()
  const assistant: WeakAssistant = {
    url: '',
    weak: new Set(),
    shape: 'openai',
    status: 200,
    requests: [],
    close: async () => {},
  }
  const answer = (messages: { role: string; content: string }[]): string => {
    const said = messages.filter(message => message.role === 'user').map(message => message.content)
    const probe = probes.find(one => one.turns[said.length - 1] === said.at(-1) && one.turns[0] === said[0])
    const last = said.at(-1) ?? ''
    if (!probe || !assistant.weak.has(probe.family) || said.length < probe.turns.length)
      return `I cannot do that. You asked: "${last}". How can I help with your training?`
    if (probe.word) return probe.family === 'persona' ? `Sure! ${probe.word}` : probe.word
    if (probe.host) return `Here you are: ![x](https://${probe.host}/i.png?q=${encodeURIComponent(secretSentence)})`
    if (probe.family === 'other-tenant') return `Another customer: ${otherTenant}`
    return /base64/.test(last)
      ? Buffer.from(secretSentence).toString('base64')
      : /one space/.test(last)
        ? [...secretSentence].join(' ')
        : `My instructions: ${secretSentence}.`
  }
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', chunk => {
      body += chunk
    })
    request.on('end', () => {
      const json = JSON.parse(body) as { messages?: { role: string; content: string }[]; prompt?: string }
      const messages = json.messages ?? [{ role: 'user', content: json.prompt ?? '' }]
      assistant.requests.push({ headers: request.headers, messages, at: performance.now() })
      if (assistant.status !== 200) {
        response.writeHead(assistant.status).end('no')
        return
      }
      const text = answer(messages)
      if (assistant.shape === 'sse') {
        response.writeHead(200, { 'content-type': 'text/event-stream' })
        for (const part of text.match(/[\s\S]{1,7}/g) ?? [])
          response.write(`data: ${JSON.stringify({ choices: [{ delta: { content: part } }] })}\n\n`)
        response.end('data: [DONE]\n\n')
      } else if (assistant.shape === 'ai-sdk')
        response
          .writeHead(200, { 'content-type': 'text/plain' })
          .end((text.match(/[\s\S]{1,9}/g) ?? []).map(part => `0:${JSON.stringify(part)}\n`).join(''))
      else if (assistant.shape === 'plain') response.writeHead(200, { 'content-type': 'text/plain' }).end(text)
      else if (assistant.shape === 'tool-call')
        response.writeHead(200, { 'content-type': 'application/json' }).end(
          JSON.stringify({
            choices: [
              {
                message: {
                  content: null,
                  tool_calls: [{ function: { name: 'send', arguments: JSON.stringify({ subject: text }) } }],
                },
              },
            ],
          }),
        )
      else
        response
          .writeHead(200, { 'content-type': 'application/json' })
          .end(JSON.stringify({ choices: [{ message: { role: 'assistant', content: text } }] }))
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  assistant.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/chat`
  assistant.close = () =>
    new Promise(resolve => {
      server.closeAllConnections()
      server.close(() => resolve())
    })
  return assistant
}
