// `email spf`: what a receiver makes of one message, by the rules of RFC 7208, with the path that it took.
import { domainToASCII } from 'node:url'
import { cleanBlock } from '../../core/clean.ts'
import { spfLookup } from '../../facts/email/mail-lookups.ts'
import { addressBytes } from '../../formats/dns/ip-network.ts'
import { evaluateSpf, type SpfTrace, type SpfVerdict } from '../../formats/spf/evaluate.ts'
import { createNetwork } from '../../net/create-network.ts'
import type { Call } from '../call.ts'
import { exitCodes } from '../exit-code.ts'

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

const printed = (verdict: SpfVerdict): string => {
  const { result, lookups, voids, explanation, reason, tree } = verdict
  const lines = [
    `${result}: ${meaning[result]}`,
    `because ${reason}`,
    `${lookups} of 10 lookups, ${voids} of 2 without an answer`,
    ...(explanation === null ? [] : [`the domain says: ${explanation}`]),
    '',
    ...drawn(tree),
  ]
  return `${cleanBlock(lines.join('\n'), 100_000)}\n`
}

/** Exit code 0 when the server may send, 1 when it may not, 3 when it could not be told. */
export const run = async ({ operands, io, network, faults, action, json }: Call): Promise<number> => {
  const { ip, sender, helo, receiver } = action
  const domain = asciiDomain(operands[0] ?? '')
  if (ip === undefined) faults.add('email spf needs --ip: the address of the server that sends, as in --ip 192.0.2.25.')
  else if (addressBytes(ip) === null) faults.add(`--ip: "${ip}" is no IP address.`)
  faults.throwIfAny()
  const net = createNetwork({ ...network, clock: io.clock, signal: io.signal })
  try {
    const verdict = await evaluateSpf(
      {
        ip: ip!,
        // An empty sender is a bounce: then postmaster of the HELO name is judged (RFC 7208 §2.4).
        sender: sender === undefined ? `postmaster@${domain}` : sender.replace(/[^@]*$/, asciiDomain),
        helo: helo ?? domain,
        domain,
        receiver,
        now: Math.floor(io.clock.now() / 1000),
      },
      spfLookup(net.dns),
    )
    const { result, mechanism, lookups, voids, explanation, reason, tree } = verdict
    io.out(
      json
        ? `${JSON.stringify({ schemaVersion: 1, result, mechanism, lookups, voids, explanation, reason, tree }, null, 2)}\n`
        : printed(verdict),
    )
    return result === 'pass' ? exitCodes.ok : result === 'temperror' ? exitCodes.couldNotTell : exitCodes.found
  } finally {
    await net.close()
  }
}
