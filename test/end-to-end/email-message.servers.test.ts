// `email message` over servers that we did not write: keys, SPF and DMARC from BIND over UDP, signatures by OpenDKIM.
import { execFileSync } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Report } from '../../src/core/report.ts'
import { withoutBusyLine } from '../support/busy-line.ts'
import { type Running, startBind } from '../support/name-servers.ts'
import { runProgram } from '../support/run-program.ts'

const folder = mkdtempSync(join(tmpdir(), 'launch-ready-message-'))
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const record = `v=DKIM1; k=rsa; p=${publicKey.export({ type: 'spki', format: 'der' }).toString('base64')}`
const strings = (record.match(/.{1,200}/g) ?? []).map(part => `"${part}"`).join(' ')
let bind: Running
beforeAll(async () => {
  const zone = join(folder, 'zone')
  writeFileSync(
    zone,
    `$TTL 300
@ SOA ns admin 1 3600 600 86400 300
@ NS ns
ns A 127.0.0.1
@ TXT "v=spf1 ip4:203.0.113.0/28 -all"
mail._domainkey TXT ${strings}
_dmarc TXT "v=DMARC1; p=reject; rua=mailto:d@trainline.example"
`,
  )
  writeFileSync(join(folder, 'key.pem'), privateKey.export({ type: 'pkcs1', format: 'pem' }))
  bind = await startBind(join(folder, 'bind'), [{ zone: 'trainline.example', file: zone }])
})
afterAll(async () => {
  await bind.stop()
  rmSync(folder, { recursive: true, force: true })
})

/** The mail as the receiver keeps it; signed by OpenDKIM for a selector, or not. */
const mail = (
  selector: string | null,
  ip = '203.0.113.5',
  words = 'Hello Sam,\r\n\r\nyour report is ready.\r\n',
): string => {
  const raw = `From: Trainline <hello@trainline.example>\r\nTo: sam@example.net\r\nSubject: Your report\r\nDate: ${new Date().toUTCString().replace('GMT', '+0000')}\r\nMessage-ID: <1@trainline.example>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n${words}`
  let signature = ''
  if (selector !== null) {
    writeFileSync(join(folder, 'raw.eml'), raw)
    writeFileSync(
      join(folder, 'opendkim.conf'),
      `Domain trainline.example\nSelector ${selector}\nKeyFile ${join(folder, 'key.pem')}\nMode s\nRequireSafeKeys no\nInternalHosts 0.0.0.0/0,127.0.0.1\nCanonicalization relaxed/simple\nOversignHeaders From\n`,
    )
    const printed = execFileSync('opendkim', [
      '-x',
      join(folder, 'opendkim.conf'),
      '-t',
      join(folder, 'raw.eml'),
    ]).toString('latin1')
    signature = `${printed.slice(printed.indexOf('DKIM-Signature:')).trimEnd().replace(/\r?\n/g, '\r\n')}\r\n`
  }
  const trace = `Return-Path: <bounce@trainline.example>\r\nReceived: from out.trainline.example (out.trainline.example [${ip}])\r\n\tby mx.example.net (Postfix) with ESMTPS id 4X; ${new Date().toUTCString().replace('GMT', '+0000')}\r\n`
  return trace + signature + raw
}

const judge = async (raw: string) => {
  writeFileSync(join(folder, 'mail.eml'), raw, 'latin1')
  const { exit, out, err } = await runProgram(
    ['email', 'message', 'mail.eml', '--json', '--resolver', `127.0.0.1:${bind.port}`],
    { cwd: folder },
  )
  expect(withoutBusyLine(err)).toBe('')
  const report = JSON.parse(out) as Report
  return { exit, found: report.findings.map(item => item.outcome).sort(), unknown: report.summary.unknown }
}

it('a mail that OpenDKIM signed passes', async () => {
  expect(await judge(mail('mail'))).toEqual({ exit: 0, found: [], unknown: 0 })
})

it.each([
  ['unsigned', () => mail(null), ['dkim-unsigned']],
  ['a selector that is not published', () => mail('other'), ['dkim-fail']],
  ['changed on the way', () => mail('mail').replace('is ready', 'is lost'), ['dkim-fail']],
  ['another server', () => mail('mail', '203.0.113.200'), ['spf-fail']],
  ['another server, unsigned', () => mail(null, '203.0.113.200'), ['dkim-unsigned', 'dmarc-fail', 'spf-fail']],
] as const)('%s', async (_, compose, wanted) => {
  expect(await judge(compose())).toEqual({ exit: 1, found: wanted, unknown: 0 })
})

it('a name server that is gone makes it unknown', async () => {
  await bind.stop()
  const { exit, found, unknown } = await judge(mail('mail'))
  expect({ exit, found }).toEqual({ exit: 3, found: [] })
  expect(unknown).toBeGreaterThan(0)
})
