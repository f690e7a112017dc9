// The suite's zones over real UDP on loopback: one small name server, its zone changed from case to case.
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import dnsPacket from 'dns-packet'
import { type SuiteZone, suiteAnswer } from './spf-suite.ts'

export type SpfServer = { port: number; serve(zone: SuiteZone): void; close(): Promise<void> }

const recordOf = (record: { name: string; type: string; data: unknown }): dnsPacket.Answer => {
  const { name, type, data } = record
  if (type === 'TXT') {
    const strings = (data as string[]).flatMap(text => text.match(/[\s\S]{1,255}/g) ?? [''])
    return {
      name,
      type,
      ttl: 0,
      data: (strings.length ? strings : ['']).map(text => Buffer.from(text, 'latin1')),
    } as dnsPacket.Answer
  }
  if (type === 'MX') {
    const [preference, exchange] = data as [number, string]
    return { name, type, ttl: 0, data: { preference, exchange: exchange === '' ? '.' : exchange } } as dnsPacket.Answer
  }
  return { name, type, ttl: 0, data: String(data) } as dnsPacket.Answer
}

export const startSpfServer = async (): Promise<SpfServer> => {
  let zone: SuiteZone = new Map()
  const socket = createSocket('udp4')
  socket.on('message', (message, from) => {
    const query = dnsPacket.decode(message)
    const question = query.questions?.[0]
    if (!question) return
    const answer = suiteAnswer(zone, question.name, question.type)
    if (!answer) return
    const rcode = answer.loop ? 2 : answer.exists ? 0 : 3
    const reply = dnsPacket.encode({
      type: 'response',
      id: query.id,
      flags: dnsPacket.RECURSION_DESIRED | dnsPacket.RECURSION_AVAILABLE | rcode,
      questions: query.questions,
      answers: answer.records.map(recordOf),
    })
    socket.send(reply, from.port, from.address)
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  return {
    port: socket.address().port,
    serve: next => {
      zone = next
    },
    close: () => new Promise(resolve => socket.close(() => resolve())),
  }
}
