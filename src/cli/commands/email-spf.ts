// `email spf`: what a receiver makes of one message, by the rules of RFC 7208, with the path that it took.
import { domainToASCII } from 'node:url'
import { spfLookup } from '../../facts/email/mail-lookups.ts'
import { addressBytes } from '../../formats/dns/ip-network.ts'
import { evaluateSpf, type SpfTrace, type SpfVerdict } from '../../formats/spf/evaluate.ts'
import { createNetwork } from '../../net/create-network.ts'
import { cleanBlock } from '../../report/shared/escape.ts'
import { exitCodes } from '../exit-code.ts'
import type { Io } from '../io.ts'
import type { RunOptions } from '../options.ts'
import { createFaults, settleNetwork } from '../settings.ts'

type Options = RunOptions & { ip?: string; sender?: string; helo?: string; receiver?: string; json?: boolean }

const meaning: Record<SpfVerdict['result'], string> = {
  pass: 'this server may send for the domain',
  fail: 'this server may not send for the domain: receivers refuse the mail',
  softfail: 'this server is probably not allowed: receivers mark the mail',
  neutral: 'the domain says nothing about this server',
  none: 'there is no SPF record that could be asked',
  permerror: 'the record cannot be used: receivers treat the domain as unprotected',
  temperror: 'a lookup failed, so nothing can be said now',
}

/** Internationalised names as they stand in DNS; everything else as it was given. */
const asciiDomain = (name: string): string => (/[^\x00-\x7f]/.test(name) ? domainToASCII(name) || name : name)

const drawn = (trace: SpfTrace, depth = 0): string[] => {
  const pad = '  '.repeat(depth)
  return [
    `${pad}${trace.domain}  ${trace.record ?? '(no record)'}`,
    ...trace.steps.flatMap(step => [
      `${pad}  ${step.term}  ${step.outcome}${step.detail ? `  ${step.detail}` : ''}`,
      ...(step.node ? drawn(step.node, depth + 2) : []),
    ]),
  ]
}

/** Exit code 0 when the server may send, 1 when it may not, 3 when it could not be told. */
export const run = async (operands: string[], options: Options, io: Io, version: string): Promise<number> => {
  const faults = createFaults()
  const settings = settleNetwork(options, io, version, faults)
  const [given = ''] = operands
  const domain = asciiDomain(given)
  if (options.ip === undefined)
    faults.add('email spf needs --ip: the address of the server that sends, as in --ip 192.0.2.25.')
  else if (addressBytes(options.ip) === null) faults.add(`--ip: "${options.ip}" is no IP address.`)
  faults.throwIfAny()
  const net = createNetwork(settings)
  try {
    const verdict = await evaluateSpf(
      {
        ip: options.ip as string,
        // An empty sender is a bounce: then postmaster of the HELO name is judged (RFC 7208 §2.4).
        sender: options.sender === undefined ? `postmaster@${domain}` : options.sender.replace(/[^@]*$/, asciiDomain),
        helo: options.helo ?? domain,
        domain,
        receiver: options.receiver,
        now: Math.floor(io.now() / 1000),
      },
      spfLookup(net.dns),
    )
    const { result, mechanism, lookups, voids, explanation, reason, tree } = verdict
    if (options.json)
      io.out(
        `${JSON.stringify({ schemaVersion: 1, result, mechanism, lookups, voids, explanation, reason, tree }, null, 2)}\n`,
      )
    else {
      const lines = [
        `${result}: ${meaning[result]}`,
        `because ${reason}`,
        `${lookups} of 10 lookups, ${voids} of 2 without an answer`,
        ...(explanation === null ? [] : [`the domain says: ${explanation}`]),
        '',
        ...drawn(tree),
      ]
      io.out(`${cleanBlock(lines.join('\n'), 100_000)}\n`)
    }
    return result === 'pass' ? exitCodes.ok : result === 'temperror' ? exitCodes.couldNotTell : exitCodes.found
  } finally {
    await net.close()
  }
}
