// The verifier against signers that we did not write: OpenDKIM and dkimpy sign, we verify; we sign, dkimpy verifies.
import { execFileSync } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { validateArc } from '../../../src/formats/dkim/arc.ts'
import { bodyHasher, readSignature, verifySignature } from '../../../src/formats/dkim/signature.ts'
import { fieldsNamed, splitMessage } from '../../../src/formats/message/headers.ts'
import { rsaKey, sealMail, signMail } from '../../support/signed-mail.ts'

const folder = mkdtempSync(join(tmpdir(), 'launch-ready-dkim-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const pem = join(folder, 'key.pem')
writeFileSync(pem, privateKey.export({ type: 'pkcs1', format: 'pem' }))
const record = `v=DKIM1; k=rsa; p=${publicKey.export({ type: 'spki', format: 'der' }).toString('base64')}`
const edwards = generateKeyPairSync('ed25519')
const edwardsSeed = edwards.privateKey.export({ type: 'pkcs8', format: 'der' }).subarray(16).toString('base64')
const edwardsRecord = `v=DKIM1; k=ed25519; p=${edwards.publicKey.export({ type: 'spki', format: 'der' }).subarray(12).toString('base64')}`

const mails: Record<string, string> = {
  plain:
    'From: a@sender.example\r\nTo: b@example.net\r\nSubject: Hello\r\nDate: Tue, 24 Nov 2026 10:00:00 +0000\r\nMessage-ID: <1@sender.example>\r\n\r\nHello.\r\n',
  folded:
    'From: "A  B"\r\n <a@sender.example>\r\nTo: b@example.net,\r\n\tc@example.net\r\nSubject:   Many \t blanks   \r\nDate: Tue, 24 Nov 2026 10:00:00 +0000\r\nMessage-ID: <2@sender.example>\r\n\r\n  two  blanks \t\r\n\r\n\r\n',
  empty:
    'From: a@sender.example\r\nSubject: Nothing\r\nDate: Tue, 24 Nov 2026 10:00:00 +0000\r\nMessage-ID: <3@sender.example>\r\n\r\n',
  dots: 'From: a@sender.example\r\nSubject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\nDate: Tue, 24 Nov 2026 10:00:00 +0000\r\nMessage-ID: <4@sender.example>\r\n\r\n.\r\n..leading dots\r\nGr\u00c3\u00bc\u00c3\u009fe\r\n \r\n\r\n',
}

const python = (script: string, input: string, ...words: string[]): Buffer =>
  execFileSync('/usr/bin/python3', ['-c', script, ...words], { input: Buffer.from(input, 'latin1') })

const verdictsOf = async (raw: Buffer, keys: Record<string, string>) => {
  const parts = splitMessage(raw)
  return Promise.all(
    fieldsNamed(parts, 'dkim-signature').map(field =>
      verifySignature(
        readSignature(field),
        parts.fields,
        bodyHasher(parts.body),
        async name => ({ ok: true, texts: keys[name] ? [keys[name]] : [] }),
        1_800_000_000,
      ),
    ),
  )
}
const keys = { 's._domainkey.sender.example': record, 'e._domainkey.sender.example': edwardsRecord }

describe('signed by OpenDKIM', () => {
  for (const which of Object.keys(mails))
    it.each(['relaxed/simple', 'relaxed/relaxed'])(`${which}, %s`, async how => {
      const conf = join(folder, 'opendkim.conf')
      const mail = join(folder, 'mail.eml')
      writeFileSync(
        conf,
        `Domain sender.example\nSelector s\nKeyFile ${pem}\nMode s\nRequireSafeKeys no\nInternalHosts 0.0.0.0/0,127.0.0.1\nCanonicalization ${how}\nOversignHeaders From\n`,
      )
      writeFileSync(mail, Buffer.from(mails[which]!, 'latin1'))
      // Its test mode prints the field that it would add.
      const printed = execFileSync('opendkim', ['-x', conf, '-t', mail]).toString('latin1')
      const field = printed.slice(printed.indexOf('DKIM-Signature:')).trimEnd().replace(/\r?\n/g, '\r\n')
      const signed = `${field}\r\n${mails[which]}`
      const verdicts = await verdictsOf(Buffer.from(signed, 'latin1'), keys)
      expect(verdicts.map(({ result, reason }) => ({ result, reason }))).toEqual([{ result: 'pass', reason: '' }])
      const spoilt = Buffer.from(signed.replace('Subject: ', 'Subject: Re: '), 'latin1')
      expect((await verdictsOf(spoilt, keys))[0]).toMatchObject({ fault: 'signature' })
      const doubled = Buffer.from(signed.replace('\r\nFrom: ', '\r\nFrom: eve@bad.example\r\nFrom: '), 'latin1')
      expect((await verdictsOf(doubled, keys))[0]).toMatchObject({ fault: 'signature' })
    })
  it('with SHA-1, as its tool for tests does, is weak', async () => {
    const signed = execFileSync('opendkim-testmsg', ['-C', '-d', 'sender.example', '-s', 's', '-k', pem], {
      input: Buffer.from(mails.folded!, 'latin1'),
    })
    expect((await verdictsOf(signed, keys))[0]).toMatchObject({ result: 'weak' })
  })
})

const dkimSign = `
import sys, dkim
message = sys.stdin.buffer.read()
header, body = sys.argv[2].encode(), sys.argv[3].encode()
key = open(sys.argv[1], 'rb').read()
more = {'signature_algorithm': sys.argv[4].encode(), 'length': sys.argv[5] == 'l'}
selector = b'e' if sys.argv[4].startswith('ed') else b's'
sys.stdout.buffer.write(dkim.sign(message, selector, b'sender.example', key, canonicalize=(header, body), **more) + message)`

describe('signed by dkimpy', () => {
  const seed = join(folder, 'ed25519.key')
  writeFileSync(seed, edwardsSeed)
  for (const which of Object.keys(mails))
    for (const header of ['simple', 'relaxed'])
      for (const body of ['simple', 'relaxed'])
        it(`${which}, ${header}/${body}, with RSA, Ed25519 and l=`, async () => {
          for (const [key, algorithm, length] of [
            [pem, 'rsa-sha256', ''],
            [seed, 'ed25519-sha256', ''],
            [pem, 'rsa-sha256', 'l'],
          ] as const) {
            const signed = python(dkimSign, mails[which]!, key, header, body, algorithm, length)
            expect((await verdictsOf(signed, keys))[0], `${algorithm} ${length}`).toMatchObject({ result: 'pass' })
          }
        })
  it('sealed by one server', async () => {
    const script = `
import sys, dkim
message = b'Authentication-Results: sender.example; spf=pass smtp.mailfrom=sender.example\\r\\n' + sys.stdin.buffer.read()
key = open(sys.argv[1], 'rb').read()
sys.stdout.buffer.write(b''.join(dkim.arc_sign(message, b's', b'sender.example', key, b'sender.example')) + message)`
    const sealed = python(script, mails.plain!, pem)
    const validate = async (raw: Buffer) => {
      const parts = splitMessage(raw)
      return validateArc(
        parts.fields,
        bodyHasher(parts.body),
        async () => ({ ok: true, texts: [record] }),
        1_800_000_000,
      )
    }
    expect(await validate(sealed)).toMatchObject({ result: 'pass' })
    expect((await validate(sealed)).sets).toHaveLength(1)
    expect(await validate(Buffer.from(sealed.toString('latin1').replace('Hello.', 'Hullo.'), 'latin1'))).toMatchObject({
      result: 'fail',
    })
  })
})

describe('dkimpy agrees with the signer of the tests', () => {
  it('on a signature and on a chain of two', () => {
    const key = rsaKey(1024)
    const signed = signMail(mails.folded!, { domain: 'sender.example', selector: 's', key })
    const verify = `
import sys, dkim
print(dkim.verify(sys.stdin.buffer.read(), dnsfunc=lambda name, timeout=5: sys.argv[1].encode()))`
    expect(python(verify, signed, key.record).toString().trim()).toBe('True')
    const seal = (text: string, instance: number): string =>
      sealMail(text, { domain: 'lists.example', selector: 's', key, instance, results: 'lists.example; spf=pass' })
    const chain = `
import sys, dkim
print(dkim.arc_verify(sys.stdin.buffer.read(), dnsfunc=lambda name, timeout=5: sys.argv[1].encode())[0].decode())`
    expect(
      python(chain, seal(seal(mails.plain!, 1), 2), key.record)
        .toString()
        .trim(),
    ).toBe('pass')
  })
})
