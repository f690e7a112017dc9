// `email message`: judges mails as they arrived, each a subject of its own, through the checks that look at messages.
import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { resolve } from 'node:path'
import { checkDomain } from '../../config/domain.ts'
import type { HandedMessage } from '../../facts/definition.ts'
import { readFrom } from '../../formats/message/fields.ts'
import { looksLikeMessage, messageLimits, singleMessage, splitMessage } from '../../formats/message/headers.ts'
import type { ActionWords, Call } from '../call.ts'
import type { Io } from '../io.ts'
import { runStage } from './stage.ts'

/** Mails that are judged in one run. */
const most = 50
const tooLarge = `is larger than ${messageLimits.bytes / 1024 / 1024} MB, more than any mail service delivers`

/** Fields of which every mail has at least one. */
const ofMail = new Set([
  'from',
  'date',
  'received',
  'message-id',
  'mime-version',
  'return-path',
  'delivered-to',
  'subject',
])

/** What is wrong with bytes that are to be a message; null when they are one. */
const notAMessage = (raw: Buffer): string | null => {
  if (raw.length > messageLimits.bytes) return tooLarge
  if (raw.toString('latin1', 0, 100_000).trim() === '') return 'is empty'
  if (raw.subarray(0, 8).equals(Buffer.from('d0cf11e0a1b11ae1', 'hex')))
    return 'is an Outlook file (.msg); save the mail as .eml, or take "view source" of it'
  if (raw[0] === 0x50 && raw[1] === 0x4b) return 'is a zip archive; unpack the .eml first'
  const read = looksLikeMessage(raw) ? splitMessage(raw) : null
  // A settings file begins with "name: value", too.
  if (!read?.fields.some(field => ofMail.has(field.name)))
    return 'is no mail: it does not begin with header fields (From:, Date: …); save the original of the mail, with all headers'
  return read.whole
    ? null
    : `has a header of more than ${messageLimits.fields} fields or ${messageLimits.headerBytes / 1024 / 1024} MB, which no server delivers`
}

const readMail = async (given: string, io: Io): Promise<Buffer | string> => {
  if (given === '-') return io.stdinBytes ? io.stdinBytes(messageLimits.bytes + 1) : Buffer.from(await io.stdin())
  let file: number | null = null
  try {
    file = openSync(resolve(io.cwd, given), 'r')
    const about = fstatSync(file)
    if (about.isDirectory()) return 'is a directory; name the mail in it'
    if (about.size > messageLimits.bytes) return tooLarge
    return readFileSync(file)
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    return code === 'ENOENT' ? 'cannot be read: there is no such file' : `cannot be read: ${message}`
  } finally {
    if (file !== null) closeSync(file)
  }
}

/** The domain in From, where it is one that can be audited; null otherwise. */
const domainOf = (raw: Buffer): string | null => {
  try {
    const { domain } = readFrom(splitMessage(raw))
    return domain === null ? null : checkDomain(domain)
  } catch {
    return null
  }
}

/** What was said of the mails beside them. */
const aboutMails = ({ ip, helo, sender, bulk }: ActionWords): Omit<HandedMessage, 'raw'> => ({
  ...(ip === undefined ? {} : { ip }),
  ...(helo === undefined ? {} : { helo }),
  ...(sender === undefined ? {} : { sender: sender.replace(/^<|>$/g, '') }),
  ...(bulk ? { bulk: true } : {}),
})

const addFaults = ({ operands, faults, stage, action, out }: Call): void => {
  if (!operands.length && stage.facts === undefined)
    faults.add('email message needs a mail: launch-ready email message mail.eml (- reads standard input).')
  if (operands.length > most)
    faults.add(`email message judges at most ${most} mails at once; ${operands.length} were named.`)
  if (action.ip !== undefined && isIP(action.ip) === 0)
    faults.add(`--ip ${action.ip}: expected an IP address, such as 192.0.2.1 or 2001:db8::1.`)
  if (out !== undefined)
    faults.add('--out: email message writes no document; --report markdown:<file> writes what it found.')
}

export const run = async (call: Call): Promise<number> => {
  const { io, operands, faults, stage, action } = call
  addFaults(call)
  faults.throwIfAny()
  const about = aboutMails(action)
  const messages = new Map<string, HandedMessage>()
  for (const operand of new Set(stage.facts === undefined ? operands : [])) {
    const name = operand === '-' ? 'standard input' : operand
    const bytes = await readMail(operand, io)
    const wrong = typeof bytes === 'string' ? bytes : notAMessage(singleMessage(bytes))
    if (wrong || typeof bytes === 'string') faults.add(`${name} ${wrong}.`)
    else messages.set(name, { raw: singleMessage(bytes), ...about })
  }
  faults.throwIfAny()
  const domains = new Set([...messages.values()].map(({ raw }) => domainOf(raw)))
  const [first = null] = domains
  const handed = { messages, domain: domains.size === 1 ? first : null }
  return (await runStage(call, { stage: 'email', handed })).code
}
